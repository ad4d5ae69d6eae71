"""How often an isolated person must be seen: the regime at an instant, and the parameters a unit may tighten.

Must not look at checks that were made; see `checks`. Rules D20, D21, D25, D26 (obligations R7.1.2-h, -i, -t, -u, -v).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from coordination.clock import Span, at_local, comes_of_age_at, in_utc, is_minor, local_date

from .kinds import EXCLUSIONS, Extent, Kind

SHORTEST_INTERVAL: Final = timedelta(minutes=5)
"""Closer than this is not a round any more; continuous watch is ordered instead."""


class NoCheckDuty(ValueError):
    """Self-isolation and de facto lock-in have no fixed interval of checks."""


class Mode(StrEnum):
    ROLLING = "rolling"  # next check due so long after the previous one
    CONTINUOUS = "continuous"  # a named observer at every moment


@dataclass(frozen=True)
class CheckParameters:
    """A unit's numbers, as tight as somebody has set them (`coordination.parameters`).

    Daytime is on the wall clock in Oslo, `[day_starts, day_ends)`; intervals are elapsed.
    """

    day_starts: time = time(7)
    day_ends: time = time(22)
    day_interval: timedelta = timedelta(minutes=60)
    night_interval: timedelta = timedelta(hours=3)
    cell_interval: timedelta = timedelta(minutes=60)
    note_interval: timedelta = timedelta(minutes=15)
    late_entry_after: timedelta = timedelta(minutes=15)


DEFAULTS: Final = CheckParameters()


@dataclass(frozen=True)
class CheckRegime:
    """What holds at one instant. `rule` is the id in the deadline register; intervals are elapsed and None when continuous.

    `changes_at` is the 18th birthday, in UTC, when that is what will end the regime.
    """

    rule: str
    mode: Mode
    day_starts: time
    day_ends: time
    note_interval: timedelta
    day_interval: timedelta | None = None
    night_interval: timedelta | None = None
    changes_at: datetime | None = None


def regime(
    kind: Kind,
    extent: Extent | None,
    birth_date: date,
    at: datetime,
    params: CheckParameters = DEFAULTS,
    *,
    continuous_chosen: bool = False,
) -> CheckRegime:
    """The checks that hold at `at`. `extent` does not matter: the law speaks of full exclusion, the circular of all.

    `continuous_chosen`: staff decided on continuous watch because the situation calls for it (R7.1.2-t).
    Raises `NoCheckDuty` for kinds without.
    """
    if kind is Kind.SECURITY_BED:
        return _continuous("D26", params)
    if kind is not Kind.SECURITY_CELL and kind not in EXCLUSIONS:
        raise NoCheckDuty(kind)
    if is_minor(birth_date, at):
        return _continuous("D21", params, changes_at=None if continuous_chosen else comes_of_age_at(birth_date))
    if kind is Kind.SECURITY_CELL:
        if continuous_chosen:
            return _continuous("D25", params)
        return _rolling("D25", params, params.cell_interval, params.cell_interval)
    if continuous_chosen:
        return _continuous("D20", params)
    return _rolling("D20", params, params.day_interval, params.night_interval)


def _continuous(rule: str, params: CheckParameters, changes_at: datetime | None = None) -> CheckRegime:
    return CheckRegime(
        rule, Mode.CONTINUOUS, params.day_starts, params.day_ends, params.note_interval, changes_at=changes_at
    )


def _rolling(rule: str, params: CheckParameters, day: timedelta, night: timedelta) -> CheckRegime:
    return CheckRegime(rule, Mode.ROLLING, params.day_starts, params.day_ends, params.note_interval, day, night)


@dataclass(frozen=True)
class Watched:
    """One measure as the check rules see it. `continuous` are the stretches in which staff chose continuous watch.

    `intervals` are the stretches in which an officer in charge ordered checks at least so often for this one person (R7.1.2-j).
    """

    kind: Kind
    extent: Extent | None
    birth_date: date
    effective_at: datetime
    ended_at: datetime | None = None
    continuous: tuple[Span, ...] = ()
    intervals: tuple[tuple[Span, timedelta], ...] = ()

    def until(self, at: datetime) -> datetime:
        """The instant, in UTC, up to which the measure has lasted when seen from `at`."""
        return in_utc(at) if self.ended_at is None else min(in_utc(self.ended_at), in_utc(at))


@dataclass(frozen=True)
class Stretch:
    """A stretch in which one interval holds throughout; `allowed` is zero when continuous."""

    start: datetime
    end: datetime
    rule: str
    allowed: timedelta


def stretches(measure: Watched, start: datetime, params: CheckParameters = DEFAULTS) -> Iterator[Stretch]:
    """The intervals that hold from `start` on, stretch by stretch, without end: callers stop when they have enough.

    Cut at the start and end of daytime, at local midnight (with it the 18th birthday), and where staff chose continuous watch or a
    shorter interval. What staff chose can only be stricter: a longer interval than the rule's changes nothing.
    """
    cursor = in_utc(start)
    chosen = tuple((in_utc(begin), in_utc(end)) for begin, end in measure.continuous)
    ordered = tuple((in_utc(begin), in_utc(end), allowed) for (begin, end), allowed in measure.intervals)
    fixed = [cut for span in chosen for cut in span] + [cut for begin, end, _ in ordered for cut in (begin, end)]
    while True:
        day = local_date(cursor)
        day_starts, day_ends = _daytime(day, params)
        midnight = at_local(day + timedelta(days=1), 0)
        end = min(cut for cut in (*fixed, day_starts, day_ends, midnight) if cut > cursor)
        now = regime(
            measure.kind,
            measure.extent,
            measure.birth_date,
            cursor,
            params,
            continuous_chosen=any(begin <= cursor < stop for begin, stop in chosen),
        )
        interval = now.day_interval if day_starts <= cursor < day_ends else now.night_interval
        own = [allowed for begin, stop, allowed in ordered if begin <= cursor < stop]
        yield Stretch(cursor, end, now.rule, min([interval, *own]) if interval is not None else timedelta())
        cursor = end


def interval_problem(minutes: int, kind: Kind, params: CheckParameters = DEFAULTS) -> int | None:
    """Return the longest interval, in minutes, that may be ordered for one person when `minutes` is not stricter; None when it is.

    Raises `ValueError` below `SHORTEST_INTERVAL`.
    """
    if timedelta(minutes=minutes) < SHORTEST_INTERVAL:
        raise ValueError("order continuous watch instead")
    # Stricter than the night is stricter than something; the day's own interval still holds by day when it is shorter.
    rule = params.cell_interval if kind is Kind.SECURITY_CELL else max(params.day_interval, params.night_interval)
    longest = rule // timedelta(minutes=1)
    return None if minutes < longest else longest


def _daytime(day: date, params: CheckParameters) -> Span:
    return (
        at_local(day, params.day_starts.hour, params.day_starts.minute),
        at_local(day, params.day_ends.hour, params.day_ends.minute),
    )
