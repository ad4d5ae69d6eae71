"""Norwegian working days: Monday to Friday without public holidays, the moving ones included.

Must not hold any duty's number of days. Christmas Eve and New Year's Eve are working days in law, whatever the roster says.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

import holidays

from coordination.clock import end_of_local_day, local_date

_SATURDAY = 5


@lru_cache(maxsize=64)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("NO", years=year).keys())


def is_public_holiday(day: date) -> bool:
    """A Norwegian public holiday. Ordinary Sundays are not in the list; see `is_working_day`."""
    return day in _public_holidays(day.year)


def is_working_day(day: date) -> bool:
    return day.weekday() < _SATURDAY and not is_public_holiday(day)


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`, which itself is not counted. With 0, `day`. Raises `ValueError` below zero."""
    if n < 0:
        raise ValueError("n must not be negative")
    while n > 0:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day


def working_day_deadline(received_at: datetime, n: int) -> datetime:
    """The end, in Oslo, of the n-th working day after the Oslo date of receipt; an instant in UTC.

    The day of receipt is not counted (rule B21, pasient- og brukerrettighetsloven § 2-2 a).
    """
    return end_of_local_day(add_working_days(local_date(received_at), n))
