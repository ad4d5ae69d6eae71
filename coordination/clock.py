"""Instants, Oslo dates and what lies between them. `now()` is the only function in the house that reads the time.

Must not hold any duty's numbers, and nothing of Django: rules on every floor are built on this.

Two clocks. *Elapsed* is a difference in UTC and knows nothing of summer time. *Calendar* is dates in Europe/Oslo.
Python mixes them silently: `aware + timedelta(hours=24)` in Oslo keeps the wall clock and is 23 or 25 hours
on two nights of the year, and subtracting two Oslo instants ignores the change. Everything here goes through UTC.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

OSLO: Final = ZoneInfo("Europe/Oslo")

Span = tuple[datetime, datetime]
"""From an instant up to, not including, another."""

_MICROSECOND = timedelta(microseconds=1)


class NaiveInstant(ValueError):
    """An instant without a time zone was passed where only aware ones have a meaning."""


class Fold(StrEnum):
    """Which of two equal wall-clock times on the October night is meant."""

    FIRST = "first"  # still summer time
    SECOND = "second"  # after the clock went back


class NonexistentTime(ValueError):
    """The wall clock jumped past this time; nobody can have done anything then."""

    def __init__(self, day: date, wall: time) -> None:
        self.day, self.wall = day, wall
        super().__init__(f"{day} {wall} does not exist in Europe/Oslo")


class AmbiguousTime(ValueError):
    """The wall clock showed this time twice; `first` and `second` are the two instants, in UTC."""

    def __init__(self, day: date, wall: time, first: datetime, second: datetime) -> None:
        self.day, self.wall, self.first, self.second = day, wall, first, second
        super().__init__(f"{day} {wall} happened twice in Europe/Oslo")


def now() -> datetime:
    """The present instant, aware, UTC. For views, tasks and commands; rules and actions take `at`."""
    return datetime.now(UTC)


def in_utc(at: datetime) -> datetime:
    """The same instant in UTC; raises `NaiveInstant` when it has no zone."""
    if at.tzinfo is None or at.utcoffset() is None:
        raise NaiveInstant("an instant needs a time zone")
    return at.astimezone(UTC)


# Elapsed


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Time that truly passed from `start` to `end`; negative when `end` is before."""
    return in_utc(end) - in_utc(start)


def after(at: datetime, duration: timedelta) -> datetime:
    """The instant `duration` of elapsed time after `at`, in UTC (before it, when negative)."""
    return in_utc(at) + duration


# Calendar


def local_date(at: datetime) -> date:
    """The date on the wall in Oslo at this instant."""
    return in_utc(at).astimezone(OSLO).date()


def at_local(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant, in UTC, when the wall clock in Oslo shows `hour:minute` on `day`.

    For hours the system itself chooses, so it never fails: a time that happens twice is the first of the two, a time that
    is skipped is the same stretch after the jump. What a person typed goes through `parse_local`.
    """
    return datetime.combine(day, time(hour, minute), tzinfo=OSLO).astimezone(UTC)


def local_day_bounds(day: date) -> Span:
    """First instant of `day` in Oslo and first instant of the next, in UTC. Midnight is never skipped or doubled there."""
    return at_local(day, 0), at_local(day + timedelta(days=1), 0)


def end_of_local_day(day: date) -> datetime:
    """The last microsecond of `day`, in UTC.

    A due time, hence still on the day itself: midnight would be printed with the date after the one promised.
    """
    return local_day_bounds(day)[1] - _MICROSECOND


def day_length(day: date) -> timedelta:
    """How long the local day lasts: 23, 24 or 25 hours."""
    start, end = local_day_bounds(day)
    return end - start


def parse_local(day: date, wall: time, fold: Fold | None = None) -> datetime:
    """The instant, in UTC, of a date and wall-clock time that a person typed.

    Raises `NonexistentTime` for a skipped time, and `AmbiguousTime` for a doubled one unless `fold` says which.
    A `fold` with an ordinary time is ignored, so a form may send it always.
    """
    if wall.tzinfo is not None:
        raise ValueError("a wall-clock time has no zone")
    typed = datetime.combine(day, wall.replace(fold=0), tzinfo=OSLO)
    first, second = typed.astimezone(UTC), typed.replace(fold=1).astimezone(UTC)
    if first == second:
        return first
    # In the gap, fold 0 reads the clock as before the jump and so lands *later* than fold 1.
    if first > second:
        raise NonexistentTime(day, wall)
    if fold is None:
        raise AmbiguousTime(day, wall, first, second)
    return first if fold is Fold.FIRST else second


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as `spans` in UTC, in order, without overlaps; touching ones become one. Empty spans vanish.

    Raises `ValueError` when a span ends before it starts.
    """
    joined: list[Span] = []
    for start, end in sorted((in_utc(start), in_utc(end)) for start, end in spans):
        if end < start:
            raise ValueError("a span ends before it starts")
        if end == start:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def minutes_per_local_day(spans: Iterable[Span]) -> dict[date, int]:
    """Whole minutes covered by `spans` on each Oslo date they touch, split at local midnights.

    Time covered twice counts once. Seconds are added up over the day before rounding down, so 119 minutes and
    59 seconds never become two hours.
    """
    totals: dict[date, timedelta] = {}
    for start, end in merged(spans):
        cursor = start
        while cursor < end:
            day = local_date(cursor)
            stop = min(end, local_day_bounds(day)[1])
            totals[day] = totals.get(day, timedelta()) + (stop - cursor)
            cursor = stop
    return {day: total // timedelta(minutes=1) for day, total in totals.items()}


def minus_calendar_months(day: date, months: int) -> date:
    """The date with the same day number `months` earlier, or the last of that month when it has no such day.

    31 August minus two is 30 June; 30 April minus two is 28 or 29 February. Raises `ValueError` below zero.
    """
    if months < 0:
        raise ValueError("months must not be negative")
    return _months_on(day, -months)


def plus_calendar_months(day: date, months: int) -> date:
    """The date with the same day number `months` later, or the last of that month when it has no such day.

    31 August plus one is 30 September. Raises `ValueError` below zero.
    """
    if months < 0:
        raise ValueError("months must not be negative")
    return _months_on(day, months)


def _months_on(day: date, months: int) -> date:
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


# Age


def turns(birth_date: date, years: int) -> date:
    """The date on which a person born on `birth_date` turns `years`.

    Born on 29 February: 1 March in years without one. Only then has a whole year passed, and the protection of minors,
    which is what this decides, never ends a day early.
    """
    year = birth_date.year + years
    if (birth_date.month, birth_date.day) == (2, 29) and monthrange(year, 2)[1] == 28:
        return date(year, 3, 1)
    return birth_date.replace(year=year)


def age_on(birth_date: date, day: date) -> int:
    """Whole years on `day`. Raises `ValueError` before birth."""
    if day < birth_date:
        raise ValueError("not born yet")
    years = day.year - birth_date.year
    return years if turns(birth_date, years) <= day else years - 1


def comes_of_age_at(birth_date: date) -> datetime:
    """The instant, in UTC, when the rules for minors stop: midnight in Oslo at the start of the 18th birthday."""
    return at_local(turns(birth_date, 18), 0)


def is_minor(birth_date: date, at: datetime) -> bool:
    """Under 18 on the Oslo date of `at`. The hour of birth plays no part."""
    return local_date(at) < turns(birth_date, 18)
