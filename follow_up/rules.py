"""When the health service's own work is due: visits to the isolated, a doctor's plan, and the consultation after admission.

Must not touch Django, the database or the clock. Rules D29, D30, D31, D32, D01h, D05 (obligations R7.1.3-e, -f, -m, R5.1.2-c). The prison's
isolation rules know from their side who is visited daily; a test holds the two equal, since siblings do not import each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from coordination.clock import after, elapsed, end_of_local_day, local_date
from coordination.working_days import add_working_days, is_working_day

#: Codes of measures as letters carry them.
COERCIVE: Final = frozenset({"security_cell", "security_bed"})
EXCLUSIONS: Final = frozenset({"exclusion", "immediate_exclusion"})
COURT: Final = "court_isolation"
MILD: Final = frozenset({"self_isolation", "de_facto"})

FIRST_TARGET: Final = timedelta(hours=12)
FIRST_TARGET_URGENT: Final = timedelta(hours=2)
FIRST_OVERDUE: Final = timedelta(hours=24)
NEXT_WARNING: Final = timedelta(hours=22)
NEXT_OVERDUE: Final = timedelta(hours=24)
OUT_OF_CELL_HOURS: Final = 2

CONSULTATION_RECOMMENDED: Final = timedelta(hours=24)
DANGER_ASSESSMENT_OVERDUE: Final = timedelta(hours=12)
#: Written down later than this after it was done, a visit shows both times.
LATE_ENTRY: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class Measure:
    """What a notice says of a measure, as far as the clocks need it. `effective_at` in UTC.

    `urgent`: force was used, something suggests illness, or cell or bed. `required`: health personnel must visit daily.
    """

    kind: str
    effective_at: datetime
    urgent: bool
    required: bool


def daily_visit_required(kind: str, extent: str, hours_out: float | None) -> bool:
    """Whether health personnel must visit daily: cell or bed always, others when locked in 22 hours or more.

    Computed as out of the cell for two hours or less, because "locked in 22 hours" would let a 23-hour day in March through. With the
    time unknown, whoever is fully excluded or isolated by court is taken to be locked in, and so is a kind this version does not know:
    visited rather than forgotten.
    """
    if kind in COERCIVE:
        return True
    if hours_out is not None:
        return hours_out <= OUT_OF_CELL_HOURS
    if kind in EXCLUSIONS:
        return extent != "partial"
    return kind not in MILD


def measure_of(
    kind: str, effective_at: datetime, *, extent: str, hours_out: float | None, force_used: bool, illness: bool
) -> Measure:
    """Read what a notice says of a measure."""
    return Measure(
        kind=kind,
        effective_at=effective_at,
        urgent=force_used or illness or kind in COERCIVE,
        required=daily_visit_required(kind, extent, hours_out),
    )


@dataclass(frozen=True)
class VisitClock:
    """When the next visit should be made, when it is close, and when it is overdue; instants in UTC."""

    target_at: datetime
    warning_at: datetime
    overdue_at: datetime


def first_visit(effective_at: datetime, *, urgent: bool) -> VisitClock:
    """When the first visit should be made and is overdue (D29, obligation R7.1.3-e).

    "As quickly as possible": two hours after force, with signs of illness, in cell or bed; otherwise twelve. Overdue at 24 elapsed hours, or the first visit
    would break the daily.
    """
    target = after(effective_at, FIRST_TARGET_URGENT if urgent else FIRST_TARGET)
    return VisitClock(target, target, after(effective_at, FIRST_OVERDUE))


def next_visit(last_at: datetime) -> VisitClock:
    """When the next daily visit is overdue (D30, obligation R7.1.3-f), the warning two hours before.

    The earlier of 24 elapsed hours and the end of the next Oslo date, so that neither reading of "once per døgn" is broken: they part
    over the March change, where 24 hours after 23:30 on the Saturday leaves the Sunday without a visit.
    """
    due = min(after(last_at, NEXT_OVERDUE), end_of_local_day(local_date(last_at) + timedelta(days=1)))
    return VisitClock(due, due - (NEXT_OVERDUE - NEXT_WARNING), due)


def visit_clock(measure: Measure, visits: Iterable[datetime]) -> VisitClock:
    """When the next visit is due: the first by D29, every later one by D30 from the last that was made or offered.

    Visits entered late count from when they were made, so an old entry never moves the clock back.
    """
    done = [at for at in visits if at >= measure.effective_at]
    return next_visit(max(done)) if done else first_visit(measure.effective_at, urgent=measure.urgent)


def consultation_due(told_at: datetime) -> datetime:
    """Until when an admission consultation is recommended to be offered (D01h, obligation R5.1.2-c), never a breach.

    24 elapsed hours after the service was told; falling on a day off, the end of the next working day.
    """
    due = after(told_at, CONSULTATION_RECOMMENDED)
    day = local_date(due)
    return due if is_working_day(day) else end_of_local_day(add_working_days(day, 1))


def danger_assessment_due(told_at: datetime) -> datetime:
    """When the clinical assessment of a feared suicide is overdue: 12 elapsed hours (D05, health's own part; obligation R7.2-c)."""
    return after(told_at, DANGER_ASSESSMENT_OVERDUE)


def is_late_entry(done_at: datetime, recorded_at: datetime) -> bool:
    """Whether a visit was written down so late that both times must be shown."""
    return elapsed(done_at, recorded_at) > LATE_ENTRY


# Who is seen how often


#: A doctor's plan is advised within three days of the patient coming on the list, and reviewed weekly (D32, `bør`).
PLAN_ADVISED: Final = timedelta(days=3)
PLAN_REVIEW: Final = timedelta(days=7)
#: Whether somebody isolated without a decision gets supervision is advised considered within a day (R7.1.1-d, `bør`).
CONSIDER_ADVISED: Final = timedelta(days=1)
#: Motivation is repeated weekly while somebody keeps to themselves (R7.1.1-b).
MOTIVATE_AGAIN: Final = timedelta(days=7)
#: A report of harm is acknowledged within half an hour and decided on within two (D31).
HARM_DECIDED: Final = timedelta(hours=2)


def regime_of(kind: str, *, daily: bool, supervise: bool | None) -> str:
    """Return what decides how often a patient is seen: "duty", "advised", "plan" or "none".

    `daily` says that the patient is locked in 22 hours or more, or in cell or bed. Behind a decision of prison or court, daily is a
    duty; without one the circular only asks that supervision is considered (R7.1.1-d, -e), so until the answer is no, daily is advised
    and never a breach. Locked in less, a doctor's plan decides (R7.1.3-l, -m).
    """
    if kind in MILD and supervise is False:
        return "none"
    if not daily:
        return "plan"
    return "advised" if kind in MILD else "duty"


def advised_visit(told_at: datetime, last_at: datetime | None) -> datetime:
    """Return when a daily visit is advised to somebody isolated without a decision: counted from being told, then from the last."""
    return after(told_at, FIRST_TARGET) if last_at is None else next_visit(last_at).overdue_at


def planned_visit(planned_at: datetime, interval_days: int, last_at: datetime | None) -> datetime:
    """Return by when the doctor's plan wants the next visit: the end of the local day so many dates after the last visit, or after the plan."""
    start = planned_at if last_at is None else last_at
    return end_of_local_day(local_date(start) + timedelta(days=interval_days))


def days_after(at: datetime, time: timedelta) -> datetime:
    """Return the end of the local day a number of whole days after an instant, for what is advised within days."""
    return end_of_local_day(local_date(at) + time)
