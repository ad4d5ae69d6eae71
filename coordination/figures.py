"""Figures as typed values, and the registry of who counts them. Counts are raw here: only `cooperation` may publish them, made safe.

An app registers in its own `figures.py` a function that reads the acting agency's own rows, through the walls, and returns figures.
Never a name, a date of birth, a key or free text: labels come from code and from the names of units.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from coordination import clock
from coordination.identity import Actor
from coordination.models.deadlines import Strength
from coordination.worlds import World

#: A place in a table with its totals. Row or column -1 is the total.
Place = tuple[int, int]
TOTAL = -1


@dataclass(frozen=True)
class Period:
    """From one Oslo date to another, both included, as seen at an instant: what comes after `seen_at` has not happened."""

    first_on: date
    last_on: date
    seen_at: datetime

    @property
    def start(self) -> datetime:
        """Return the first instant, in UTC: midnight in Oslo, whatever the clock does that night."""
        return clock.local_day_bounds(self.first_on)[0]

    @property
    def end(self) -> datetime:
        """Return the instant, in UTC, up to which things count: the midnight after the last date, or `seen_at`."""
        return min(clock.local_day_bounds(self.last_on)[1], clock.in_utc(self.seen_at))

    def __contains__(self, at: datetime) -> bool:
        """Return whether an instant lies in the period."""
        return self.start <= clock.in_utc(at) < self.end


@dataclass(frozen=True)
class Slice:
    """A part of a period: a week, or a month in a long one."""

    label: str
    first_on: date
    last_on: date


#: More days than this are told by month: a year of weeks is a table of nothing but withheld figures.
LONGEST_BY_WEEK = 13 * 7


def slices(period: Period) -> list[Slice]:
    """Return the period cut at Mondays, or at the first of each month when it is long. Parts at the ends may be short."""
    by_week = (period.last_on - period.first_on).days < LONGEST_BY_WEEK
    found: list[Slice] = []
    day = period.first_on
    while day <= period.last_on:
        if by_week:
            last = day + timedelta(days=6 - day.weekday())
            label = str(day.isocalendar().week)
        else:
            last = (day.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            label = f"{day.month}.{day.year}"
        last = min(last, period.last_on)
        found.append(Slice(label, day, last))
        day = last + timedelta(days=1)
    return found


def slice_heading(period: Period) -> str:
    """Return what the slices of a period are called."""
    return _("Uke") if (period.last_on - period.first_on).days < LONGEST_BY_WEEK else _("Måned")


@dataclass(frozen=True, kw_only=True)
class Table:
    """Counts by row and column, raw.

    `shared` lists groups of places whose figures another agency tells too (one alone, or parts and then their sum).
    `on_time` is the column that a share is told of; only with `Strength.MUST` is the rest a breach. `by_time` says that rows follow one
    another. `links` name figures that other tables tell too, by place: whoever publishes must then see the tables together.
    """

    code: str
    title: str
    row_heading: str
    row_labels: tuple[str, ...]
    column_labels: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    note: str = ""
    strength: Strength | None = None
    on_time: int | None = None
    by_time: bool = False
    links: Mapping[Place, str] = field(default_factory=dict)
    shared: tuple[tuple[Place, ...], ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError when labels and counts do not fit, or a link points outside."""
        if len(self.counts) != len(self.row_labels) or any(len(r) != len(self.column_labels) for r in self.counts):
            raise ValueError(f"{self.code}: labels and counts differ")
        places = [*self.links, *(place for group in self.shared for place in group)]
        if any(r >= len(self.row_labels) or c >= len(self.column_labels) for r, c in places):
            raise ValueError(f"{self.code}: a link points outside the table")


@dataclass(frozen=True, kw_only=True)
class Number:
    """A count that stands alone, in no sum; raw."""

    code: str
    title: str
    count: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Median:
    """What lies in the middle of values in minutes; raw."""

    code: str
    title: str
    minutes: tuple[float, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Longest:
    """The longest of values in minutes; raw. Published as a limit it does not pass, rounded up to whole `step` minutes."""

    code: str
    title: str
    minutes: tuple[float, ...]
    step: int = 30
    note: str = ""


Figure = Table | Number | Median | Longest
Counter = Callable[[Actor, Period], Iterable[Figure]]

COUNTERS: list[tuple[frozenset[World], Counter]] = []


def register(worlds: Iterable[World], count: Counter) -> Counter:
    """Add a function that counts for agencies of some worlds. Adding it twice changes nothing."""
    entry = (frozenset(worlds), count)
    if entry not in COUNTERS:
        COUNTERS.append(entry)
    return count


def counters_for(world: World) -> list[Counter]:
    """Return the functions that count in a world, in the order in which the apps stand."""
    return [count for worlds, count in COUNTERS if world in worlds]


def tally(rows: Iterable[Any], columns: Iterable[Any], seen: Iterable[tuple[Any, Any]]) -> tuple[tuple[int, ...], ...]:
    """Return counts by row and column key from pairs of keys. Raises KeyError for a key that has no place: nothing gets lost."""
    wide = {key: place for place, key in enumerate(columns)}
    counts = {key: [0] * len(wide) for key in rows}
    for row, column in seen:
        counts[row][wide[column]] += 1
    return tuple(tuple(row) for row in counts.values())


def minutes(start: datetime, end: datetime) -> float:
    """Return elapsed minutes between two instants."""
    return clock.elapsed(start, end).total_seconds() / 60
