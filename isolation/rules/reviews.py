"""The warden's daily acquaintance with whoever is in a security cell or bed: which dates need it, and by when.

Must not hold the reassessment of whether the measure may go on (D27). Rule D28 (obligation R7.1.2-z). The clock is the calendar.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from coordination.clock import at_local, end_of_local_day, in_utc, local_date

START_COUNTS_BEFORE_HOUR: Final = 18
_MICROSECOND = timedelta(microseconds=1)


def review_days(effective_at: datetime, ended_at: datetime | None, at: datetime) -> tuple[date, ...]:
    """The Oslo dates, up to and with that of `at`, that need a review by the warden or a named deputy.

    The date of the start counts when the measure began before 18:00. The date of the end counts, however early it ended:
    "daily" has no exception for the last day, and the warden must know how the night was. Ended at midnight sharp, the day
    that then begins does not.
    """
    begun, stop = in_utc(effective_at), in_utc(at)
    if begun > stop:
        return ()
    if ended_at is not None:
        # The measure lasted up to, not including, its end.
        stop = max(begun, min(stop, in_utc(ended_at) - _MICROSECOND))
    first, last = local_date(begun), local_date(stop)
    if begun >= at_local(first, START_COUNTS_BEFORE_HOUR):
        first += timedelta(days=1)
    return tuple(first + timedelta(days=n) for n in range((last - first).days + 1))


def review_due_at(day: date) -> datetime:
    """The review of `day` is due at its end in Oslo; an instant in UTC."""
    return end_of_local_day(day)
