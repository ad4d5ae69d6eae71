"""Time out of the cell on a local date, and on which side of two hours it puts somebody.

Must not ask how long somebody was locked in: a local day has 23, 24 or 25 hours, and two hours out are two hours on each of them.
Obligations R7.1.1-d, R7.1.3-e, -l; domain.md, clock rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from coordination.clock import Span, day_length, in_utc, local_day_bounds, minutes_per_local_day

LIMIT_MINUTES: Final = 120
"""Under two hours out of the cell is what the law calls 22 hours or more inside."""


class Side(StrEnum):
    """Which rules of health follow-up hold."""

    LOCKED = "locked"  # under two hours out
    OUT = "out"  # two hours or more


@dataclass(frozen=True)
class Entry:
    """What was written at `recorded_at`: a period out of the cell, or the sum of a whole local date (`minutes`)."""

    recorded_at: datetime
    day: date
    span: Span | None = None
    minutes: int | None = None


def minutes_out(entries: Iterable[Entry]) -> dict[date, int]:
    """Whole minutes out of the cell on every Oslo date that something is written about; a date nobody wrote about is not there.

    The newest sum of a date stands for all that was written before it; periods written later are added. Periods at the same time
    count once, and are split at local midnights. Never more than the local day is long.
    """
    rows = sorted(entries, key=lambda entry: in_utc(entry.recorded_at))
    sums: dict[date, tuple[datetime, int]] = {}
    for row in rows:
        if row.minutes is not None:
            sums[row.day] = (in_utc(row.recorded_at), row.minutes)
    periods = [(in_utc(row.recorded_at), row.span) for row in rows if row.span is not None]
    touched = {day for _at, span in periods for day in minutes_per_local_day([span])}
    found: dict[date, int] = {}
    for day in touched | sums.keys():
        since, base = sums.get(day, (None, 0))
        later = [span for at, span in periods if since is None or at > since]
        total = base + minutes_per_local_day(later).get(day, 0)
        found[day] = min(total, day_length(day) // timedelta(minutes=1))
    return found


def side_of(minutes: int) -> Side:
    """Which side of two hours a date with so many minutes out of the cell is on."""
    return Side.LOCKED if minutes < LIMIT_MINUTES else Side.OUT


def expected_side(hours_out: float) -> Side:
    """Which side a measure begins on, by what was expected when it was decided."""
    return side_of(int(hours_out * 60))


@dataclass(frozen=True)
class Switch:
    """From `changed_at` on the other rules hold, because of the time out on `day`."""

    side: Side
    day: date
    minutes: int
    changed_at: datetime


def switch(
    side: Side,
    minutes: Mapping[date, int],
    effective_at: datetime,
    at: datetime,
    *,
    since: date | None = None,
) -> Switch | None:
    """The change that follows from what is written, or None when the measure stays on `side`.

    The newest date that can be judged decides: one that is over, or today once two hours are reached. The date on which the
    measure began is judged only when two hours were reached: a part of a day says nothing about the rest of it. `since` is the
    date that decided the last change; earlier ones cannot change it again. The instant is the end of the date, or `at` before that.
    """
    for day in sorted(minutes, reverse=True):
        start, end = local_day_bounds(day)
        if in_utc(at) < start or end <= in_utc(effective_at) or (since is not None and day < since):
            continue
        now = side_of(minutes[day])
        over, whole = in_utc(at) >= end, start >= in_utc(effective_at)
        if now is Side.LOCKED and not (over and whole):
            continue
        if now is side:
            return None
        return Switch(now, day, minutes[day], min(in_utc(at), end))
    return None


# Locked in without a decision


def locked_in_days(minutes: Mapping[date, int], today: date, threshold: int) -> Sequence[date]:
    """The dates before `today`, one after another and newest first, with less than `threshold` minutes out; a date without entry ends it."""
    found = []
    day = today - timedelta(days=1)
    while day in minutes and minutes[day] < threshold:
        found.append(day)
        day -= timedelta(days=1)
    return found


LEAST_2026: Final = 240
"""Nobody is out of the cell for less than four hours a day (strgjfl § 17 of the 2026 act, rule N10)."""

LITTLE_MINUTES: Final = 240
"""Less than this a day, over a week, is little contact and activity: shown on the attention list, never a breach (R5.1.1-h)."""


def little_time_out(minutes: Mapping[date, int], today: date) -> int | None:
    """The mean minutes out of the cell over the last seven whole dates that are written about, when that is little; otherwise None."""
    known = [minutes[day] for back in range(1, 8) if (day := today - timedelta(days=back)) in minutes]
    if not known:
        return None
    mean = sum(known) // len(known)
    return mean if mean < LITTLE_MINUTES else None
