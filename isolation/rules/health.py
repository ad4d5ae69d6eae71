"""The health service's visits to isolated persons: who must be visited, when first and when next.

Must not know why a visit was asked for or what was found. Rules D29, D30 (obligations R7.1.3-e, -f).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from coordination.clock import after, end_of_local_day, local_date

from .kinds import COERCIVE, Extent, Kind

FIRST_TARGET: Final = timedelta(hours=12)
FIRST_TARGET_URGENT: Final = timedelta(hours=2)
FIRST_OVERDUE: Final = timedelta(hours=24)
NEXT_WARNING: Final = timedelta(hours=22)
NEXT_OVERDUE: Final = timedelta(hours=24)
OUT_OF_CELL_HOURS: Final = 2


def supervision_required(kind: Kind, extent: Extent | None, hours_out_of_cell_per_day: float | None) -> bool:
    """Whether health personnel must visit daily: cell or bed always, others when locked in 22 hours or more.

    Computed as out of the cell for two hours or less, because "locked in 22 hours" would let a 23-hour day in March through.
    Exactly two hours is inside: the circular says "22 hours or more". With the time unknown (None), whoever is fully excluded
    or isolated by court is taken to be locked in.
    """
    if kind in COERCIVE:
        return True
    if hours_out_of_cell_per_day is not None:
        return hours_out_of_cell_per_day <= OUT_OF_CELL_HOURS
    return kind is Kind.COURT_ISOLATION or (
        kind in (Kind.EXCLUSION, Kind.IMMEDIATE_EXCLUSION) and extent is not Extent.PARTIAL
    )


@dataclass(frozen=True)
class FirstVisitClock:
    target_at: datetime
    overdue_at: datetime


def first_visit_clock(
    starts_at: datetime, kind: Kind, *, force_used: bool = False, signs_of_illness: bool = False
) -> FirstVisitClock:
    """When the first visit should be made and is overdue (D29); instants in UTC.

    `starts_at` is the start of the measure, or when a lock-in reached 22 hours. "As quickly as possible": two hours after
    force, with signs of illness, in cell or bed; otherwise twelve. Overdue at 24, or the first visit would break the daily.
    """
    urgent = force_used or signs_of_illness or kind in COERCIVE
    target = FIRST_TARGET_URGENT if urgent else FIRST_TARGET
    return FirstVisitClock(after(starts_at, target), after(starts_at, FIRST_OVERDUE))


class Reading(StrEnum):
    """Which reading of "at least once per døgn" sets the due time."""

    ELAPSED = "elapsed"  # 24 hours since the last visit
    CALENDAR = "calendar"  # the end of the next local date


@dataclass(frozen=True)
class NextVisitClock:
    warning_at: datetime
    overdue_at: datetime
    reading: Reading


def next_visit_clock(last_completed_visit_at: datetime) -> NextVisitClock:
    """When the next daily visit is overdue (D30); instants in UTC, the warning two hours before.

    The earlier of 24 elapsed hours and the end of the next Oslo date, so that neither reading is broken. They differ only
    over the March change: 24 hours after 23:30 on the Saturday is Monday, and Sunday would go without a visit.
    """
    elapsed_due = after(last_completed_visit_at, NEXT_OVERDUE)
    calendar_due = end_of_local_day(local_date(last_completed_visit_at) + timedelta(days=1))
    due, reading = min((elapsed_due, Reading.ELAPSED), (calendar_due, Reading.CALENDAR))
    return NextVisitClock(due - (NEXT_OVERDUE - NEXT_WARNING), due, reading)
