"""Release rules: when the health service must be told of an expected release, when again, and which days are risky.

Must not touch Django, the database or the clock. Rules D11, D12 (obligations R5.3.1-c, -d). The clock is the calendar:
two months are two months, not sixty days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from coordination.clock import at_local, end_of_local_day, in_utc, minus_calendar_months
from coordination.working_days import is_public_holiday

LEAD_MONTHS: Final = 2
RENOTICE_WHEN_LATER_BY_MORE_THAN: Final = timedelta(days=7)
REMINDERS: Final = (timedelta(days=14), timedelta(days=3))
REMINDER_HOUR: Final = 8
COOPERATION_LEAD_MONTHS: Final = 6
MILESTONE_DAYS: Final = (90, 60, 30, 14, 7, 0)
REMAND_DECISION_WITHIN: Final = timedelta(hours=2)
NECESSITY_MIN: Final = 20


class LateReason(StrEnum):
    """Why notice could not be given two months ahead. One must be chosen; OTHER needs words."""

    SHORT_STAY = "short_stay"
    DATE_KNOWN_LATE = "date_known_late"  # the decision came late
    DATE_MOVED_EARLIER = "date_moved_earlier"
    COURT_DECISION = "court_decision"
    ARRIVED_LATE = "arrived_late"  # transferred here with less than two months left
    OVERLOOKED = "overlooked"
    OTHER = "other"


@dataclass(frozen=True)
class NoticeDue:
    """`due_at` in UTC. `immediate`: the two months had already gone, so it is due now and sending it needs a `LateReason`."""

    due_at: datetime
    immediate: bool


def notice_due_on(expected_release_on: date, lead_months: int = LEAD_MONTHS) -> date:
    """The last Oslo date on which notice is in time: the same day number two months before, or that month's last day.

    A unit may give longer notice; under two months raises `ValueError`.
    """
    if lead_months < LEAD_MONTHS:
        raise ValueError("the notice may be given earlier, never later")
    return minus_calendar_months(expected_release_on, lead_months)


def notice_due(expected_release_on: date, known_at: datetime, lead_months: int = LEAD_MONTHS) -> NoticeDue:
    """When notice is due, given that the date was set or changed at `known_at` (D11)."""
    due_at = end_of_local_day(notice_due_on(expected_release_on, lead_months))
    if in_utc(known_at) > due_at:
        return NoticeDue(in_utc(known_at), immediate=True)
    return NoticeDue(due_at, immediate=False)


def needs_late_reason(expected_release_on: date, sent_at: datetime, lead_months: int = LEAD_MONTHS) -> bool:
    """Notice sent at `sent_at` comes less than two calendar months ahead. Measured from sending, whatever the cause."""
    return in_utc(sent_at) > end_of_local_day(notice_due_on(expected_release_on, lead_months))


def needs_new_notice(last_notified_on: date, expected_release_on: date) -> bool:
    """The date has moved from what health was last told: a day or more earlier, or more than seven days later.

    Compared with what was *told*, not with the last change, so many small steps do not slip through.
    """
    moved = expected_release_on - last_notified_on
    return moved < timedelta() or moved > RENOTICE_WHEN_LATER_BY_MORE_THAN


def must_tell(last_notified_on: date | None, expected_release_on: date) -> bool:
    """Health has never been told, or the date has moved too far from what it was told (D11)."""
    return last_notified_on is None or needs_new_notice(last_notified_on, expected_release_on)


def cooperation_due(expected_release_on: date, known_at: datetime) -> datetime:
    """When cooperation on the release should have begun: six months ahead, or at once when the date was known later (D14).

    An instant in UTC. Advice, never a breach.
    """
    due_at = end_of_local_day(minus_calendar_months(expected_release_on, COOPERATION_LEAD_MONTHS))
    return max(due_at, in_utc(known_at))


@dataclass(frozen=True)
class Milestone:
    """A date on the way to release. `status` is done, next or coming."""

    days_before: int
    on: date
    status: str


def milestones(expected_release_on: date, today: date) -> tuple[Milestone, ...]:
    """The dates 90, 60, 30, 14, 7 and 0 days before release as they stand on the Oslo date `today`; the first ahead is next."""
    found: list[Milestone] = []
    for days in MILESTONE_DAYS:
        on = expected_release_on - timedelta(days=days)
        if on < today:
            status = "done"
        else:
            status = "coming" if any(m.status == "next" for m in found) else "next"
        found.append(Milestone(days, on, status))
    return tuple(found)


@dataclass(frozen=True)
class Alerts:
    """Instants in UTC: the reminders to the caseworker that are still ahead, then when the leader is told."""

    reminders: tuple[datetime, ...]
    overdue_at: datetime


def alerts(expected_release_on: date, known_at: datetime, lead_months: int = LEAD_MONTHS) -> Alerts:
    """Reminders 14 and 3 days before notice is due, at 08:00 in Oslo, and overdue when it is. Past reminders are left out."""
    due_on = notice_due_on(expected_release_on, lead_months)
    due = notice_due(expected_release_on, known_at, lead_months)
    times = (at_local(due_on - before, REMINDER_HOUR) for before in REMINDERS)
    return Alerts(tuple(time for time in times if time > in_utc(known_at)), due.due_at)


class RiskyDay(StrEnum):
    """Why release on this date meets closed doors: pharmacy, Nav, doctor."""

    FRIDAY = "friday"
    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public_holiday"
    BEFORE_PUBLIC_HOLIDAY = "before_public_holiday"


def risky_day(release_on: date) -> RiskyDay | None:
    """The flag for the release date, or None for a good one. The gravest first: closed today, then closed tomorrow."""
    if is_public_holiday(release_on):
        return RiskyDay.PUBLIC_HOLIDAY
    if release_on.weekday() > 4:
        return RiskyDay.WEEKEND
    if release_on.weekday() == 4:
        return RiskyDay.FRIDAY
    return RiskyDay.BEFORE_PUBLIC_HOLIDAY if is_public_holiday(release_on + timedelta(days=1)) else None
