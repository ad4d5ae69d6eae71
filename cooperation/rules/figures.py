"""Figures that leave an agency: counts of 1 to 4 are withheld, with enough others that they cannot be computed back.

Must not touch Django, the database or the clock, and must not be handed anything but numbers. Prisons are small: a count of two in
a unit with sixty places names people.

How it is made safe. A table with its totals is a set of sums an outsider may solve. For every withheld small count the lowest
and highest value that fits all the published figures is found exactly; more cells are withheld until that interval is wide
enough. The sums form a network (each figure stands in one row sum and one column sum), so the bounds are maximum flows and
no solver is needed.

What one table alone does not protect against: the same people counted in two. `safe_tables` sees to that within one report. Reports
of different periods are made safe one by one, and two that shared days could be subtracted: a year less its months, or October less
October until the 30th, is the days between, small counts and all. So no day is ever counted in two reports (`counted_before`), and a
period has a shortest length (`SHORTEST_DAYS`).

And two agencies tell some of the same things: what a prison sent and what the health service got. Neither may see the other's counts, so
each places these figures (`shared`) by a rule that sees them alone, and the two come to the same: what is open is open in both reports,
and known to whoever attacks either; what is withheld is withheld in both. Neither leans on withholding what the other shows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from statistics import median
from typing import Final

THRESHOLD: Final = 5
"""The smallest count, above none, that may be shown. None at all may be shown too."""

SHORTEST_DAYS: Final = 28
"""The shortest period of a report: in a few days every event is somebody one can guess."""

LONGEST_DAYS: Final = 366

Cell = tuple[int, int]
Grid = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class SafeTable:
    """A table as it may be published; None is withheld. Nothing tells a small count from one withheld to shield it."""

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None


def safe_table(
    counts: Sequence[Sequence[int]], threshold: int = THRESHOLD, shared: Sequence[Sequence[Cell]] = ()
) -> SafeTable:
    """`counts` by row, with totals, made safe to publish.

    `shared` lists, by place (-1: the total), groups of figures that another agency tells too: one alone, or parts and then their sum.

    For every count of 1 to `threshold` - 1, also among the totals, the published figures leave an interval at least
    `threshold` - 1 wide: it then always reaches outside the small counts, so arithmetic does not even show that it is small.
    Raises `ValueError` for ragged or negative counts, and for a threshold below five.
    """
    _check_threshold(threshold)
    grid = _with_totals(counts)
    withheld = _withhold(grid, threshold, [[_placed(grid, cell) for cell in group] for group in shared])
    shown = tuple(
        tuple(None if (r, c) in withheld else value for c, value in enumerate(row)) for r, row in enumerate(grid)
    )
    return SafeTable(
        cells=tuple(row[:-1] for row in shown[:-1]),
        row_totals=tuple(row[-1] for row in shown[:-1]),
        column_totals=shown[-1][:-1],
        total=shown[-1][-1],
    )


class PeriodFault(StrEnum):
    """What is wrong with a period."""

    ORDER = "order"
    FUTURE = "future"
    SHORT = "short"
    LONG = "long"


def period_fault(first_on: date, last_on: date, today: date) -> PeriodFault | None:
    """Why no report is made of a period, both dates included; None when one is."""
    days = (last_on - first_on).days + 1
    if days < 1:
        return PeriodFault.ORDER
    if last_on > today:
        return PeriodFault.FUTURE
    if days < SHORTEST_DAYS:
        return PeriodFault.SHORT
    return PeriodFault.LONG if days > LONGEST_DAYS else None


def counted_before(first_on: date, last_on: date, taken: Sequence[tuple[date, date]]) -> tuple[date, date] | None:
    """The earlier period, among those `taken`, that has a day in common with this one; None when no day was counted before.

    The very same period is in common with itself: it may be read again, never counted again, for what has been written since would
    be the difference.
    """
    return next((other for other in taken if other[0] <= last_on and first_on <= other[1]), None)


def safe_list(counts: Sequence[int], threshold: int = THRESHOLD) -> tuple[tuple[int | None, ...], int | None]:
    """A single row of counts and its total, made safe as `safe_table` does."""
    table = safe_table([[count] for count in counts], threshold)
    return table.row_totals, table.total


def safe_count(count: int, threshold: int = THRESHOLD) -> int | None:
    """A count that stands alone, in no sum: None when small."""
    _check_threshold(threshold)
    return None if 0 < count < threshold else count


def safe_median(values: Sequence[float], threshold: int = THRESHOLD) -> float | None:
    """The median, or None for fewer values than the threshold: it is then too nearly one person's own."""
    _check_threshold(threshold)
    return None if len(values) < threshold else float(median(values))


def safe_longest(values: Sequence[float], step: int, threshold: int = THRESHOLD) -> int | None:
    """A limit that no value passes, in whole `step`s, or None for fewer values than the threshold.

    The longest itself is one event about one person; a limit hides the minute that somebody would recognise.
    """
    _check_threshold(threshold)
    if len(values) < threshold:
        return None
    return -int(-max(values) // step) * step


def safe_tables(
    tables: Sequence[tuple[Sequence[Sequence[int]], Mapping[Cell, str], Sequence[Sequence[Cell]]]],
    threshold: int = THRESHOLD,
) -> list[SafeTable | None]:
    """Tables published together, each made safe, None for one that must be withheld whole for the sake of another before it.

    Each comes with its links: what a figure counts, by place (-1: the total), and with what another agency tells too (`safe_table`). A figure told twice couples the tables, and arithmetic
    over both may undo what either hides. So a table is published only where every figure it shares with an earlier one is shown in
    both: then it tells nothing new about the other. Two that should be the same and differ by a few would tell those few: withheld too.
    """
    published: list[SafeTable | None] = []
    told: dict[str, tuple[int, int | None]] = {}
    for counts, links, shared in tables:
        table = safe_table(counts, threshold, shared)
        grid, shown = _with_totals(counts), _shown_grid(table)
        here = [(name, grid[r][c], shown[r][c]) for (r, c), name in links.items()]
        if all(_apart(value, cell, told[name], threshold) for name, value, cell in here if name in told):
            published.append(table)
            for name, value, cell in here:
                told.setdefault(name, (value, cell))
        else:
            published.append(None)
    return published


def may_stand_beside(told: int | None, own: int | None, threshold: int = THRESHOLD) -> bool:
    """Whether a figure that somebody else tells may be shown beside one's own of the same: both open, and the same or far apart."""
    return told is not None and own is not None and not 0 < abs(told - own) < threshold


def _apart(value: int, shown: int | None, before: tuple[int, int | None], threshold: int) -> bool:
    """Whether a figure told twice is open in both places, and the same or far from it."""
    return shown is not None and before[1] is not None and not 0 < abs(value - before[0]) < threshold


def _shown_grid(table: SafeTable) -> tuple[tuple[int | None, ...], ...]:
    rows = [(*row, total) for row, total in zip(table.cells, table.row_totals, strict=True)]
    return (*rows, (*table.column_totals, table.total))


def feasible(grid: Grid, withheld: frozenset[Cell], cell: Cell) -> tuple[int, int | None]:
    """The lowest and highest value of a withheld cell that fits what is published; None when it has no highest.

    `grid` has its totals as last row and last column.
    """
    r, c = cell
    value = grid[r][c]
    network = _Network(grid, withheld - {cell})
    # Raising the cell sends flow along its arc, which must come home through the others; lowering it, the other way.
    start, end = _arc(grid, cell)
    up, down = network.flow(end, start), network.flow(start, end)
    return value - min(value, down), None if up >= network.unbounded else value + up


def _check_threshold(threshold: int) -> None:
    if threshold < THRESHOLD:
        raise ValueError("the threshold may be raised, never lowered")


def _with_totals(counts: Sequence[Sequence[int]]) -> Grid:
    if not counts or not counts[0] or any(len(row) != len(counts[0]) for row in counts):
        raise ValueError("a table has rows of equal length")
    if any(count < 0 for row in counts for count in row):
        raise ValueError("counts are not negative")
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(sum(column) for column in zip(*rows, strict=True)))


def _placed(grid: Grid, cell: Cell) -> Cell:
    """A place counted from the front: -1 is the total."""
    return cell[0] % len(grid), cell[1] % len(grid[0])


def _withhold(grid: Grid, threshold: int, shared: Sequence[Sequence[Cell]] = ()) -> frozenset[Cell]:
    everything = frozenset((r, c) for r, row in enumerate(grid) for c, _ in enumerate(row))
    small = frozenset((r, c) for r, c in everything if 0 < grid[r][c] < threshold)
    closed = frozenset(cell for group in shared for cell in _closed(grid, group, threshold))
    told = frozenset(cell for group in shared for cell in group) - closed - small
    must = small | closed
    withheld = must
    while unsafe := [cell for cell in sorted(small) if _width(grid, withheld, cell) < threshold - 1]:
        wider = _shield(grid, withheld, unsafe[0], threshold - 1, told)
        if wider == withheld:
            # Nothing but what the other agency shows is left to withhold: then nothing is told here.
            return everything
        withheld = wider
    # What an early step withheld may have been made needless by a later one; the dearest are tried first.
    for cell in sorted(withheld - must, key=lambda at: (_margins(grid, at), grid[at[0]][at[1]]), reverse=True):
        fewer = withheld - {cell}
        if all(_width(grid, fewer, at) >= threshold - 1 for at in small):
            withheld = fewer
    return withheld


def _closed(grid: Grid, group: Sequence[Cell], threshold: int) -> Iterator[Cell]:
    """The shared figures that must be withheld, worked out from the group alone, so that another agency comes to the same."""
    values = [grid[r][c] for r, c in group]
    if len(group) == 1 or values[-1] != sum(values[:-1]):
        yield from (cell for cell, value in zip(group, values, strict=True) if safe_count(value, threshold) is None)
        return
    parts, whole = safe_list(values[:-1], threshold)
    yield from (cell for cell, shown in zip(group, (*parts, whole), strict=True) if shown is None)


def _width(grid: Grid, withheld: frozenset[Cell], cell: Cell) -> float:
    low, high = feasible(grid, withheld, cell)
    return float("inf") if high is None else high - low


def _shield(grid: Grid, withheld: frozenset[Cell], cell: Cell, width: int, told: frozenset[Cell]) -> frozenset[Cell]:
    """More cells withheld for the sake of `cell`: the cheapest rectangle that makes it safe, or else the one that helps most.

    What is `told` elsewhere cannot be withheld. Ends, because every step withholds at least one more cell; the same set comes back when none
    is left, and with all of them withheld nothing is known.
    """
    best: tuple[float, frozenset[Cell]] = (-1, withheld)
    for corners in sorted(_rectangles(grid, withheld, cell, told), key=lambda new: _cost(grid, new)):
        wider = withheld | corners
        reached = _width(grid, wider, cell)
        if reached >= width:
            return wider
        if reached > best[0]:
            best = (reached, wider)
    return best[1]


def _rectangles(grid: Grid, withheld: frozenset[Cell], cell: Cell, told: frozenset[Cell]) -> Iterator[frozenset[Cell]]:
    """The cells that would have to be withheld to close a rectangle with `cell` in one corner."""
    r, c = cell
    for other_r, row in enumerate(grid):
        for other_c, _ in enumerate(row):
            if other_r != r and other_c != c:
                new = frozenset({(r, other_c), (other_r, c), (other_r, other_c)}) - withheld
                if new and not new & told:
                    yield new


def _cost(grid: Grid, cells: frozenset[Cell]) -> tuple[int, int, int, list[Cell]]:
    """Totals are what readers miss most, then many figures, then big ones. Ends in the cells themselves: no chance in it."""
    return sum(_margins(grid, at) for at in cells), len(cells), sum(grid[r][c] for r, c in cells), sorted(cells)


def _margins(grid: Grid, cell: Cell) -> int:
    return (cell[0] == len(grid) - 1) + (cell[1] == len(grid[0]) - 1)


def _arc(grid: Grid, cell: Cell) -> tuple[int, int]:
    """The arc a cell is in the network of sums: nodes are the rows, then the columns.

    A cell stands in its row sum with + and in its column sum with - (all column sums are turned round). A total stands on the
    other side of the sum it closes, so exactly those with one total among their two sums are turned.
    """
    r, c = cell
    row, column = r, len(grid) + c
    return (column, row) if _margins(grid, cell) == 1 else (row, column)


class _Network:
    """Residual capacities between sums: a withheld figure may grow without limit and shrink to nothing."""

    def __init__(self, grid: Grid, withheld: frozenset[Cell]) -> None:
        # More than any flow that is limited by figures could reach.
        self.unbounded = sum(sum(row) for row in grid) + 1
        self.capacity: dict[int, dict[int, int]] = {node: {} for node in range(len(grid) + len(grid[0]))}
        for r, c in withheld:
            start, end = _arc(grid, (r, c))
            self.capacity[start][end] = self.capacity[start].get(end, 0) + self.unbounded
            self.capacity[end][start] = self.capacity[end].get(start, 0) + grid[r][c]

    def flow(self, source: int, sink: int) -> int:
        """The largest flow from `source` to `sink`, at most `unbounded`. Leaves the network as it found it."""
        left = {node: dict(arcs) for node, arcs in self.capacity.items()}
        total = 0
        while total < self.unbounded and (path := _shortest_path(left, source, sink)):
            step = min(left[start][end] for start, end in path)
            for start, end in path:
                left[start][end] -= step
                left[end][start] = left[end].get(start, 0) + step
            total += step
        return min(total, self.unbounded)


def _shortest_path(left: dict[int, dict[int, int]], source: int, sink: int) -> list[tuple[int, int]]:
    came_from = {source: source}
    queue = deque([source])
    while queue:
        node = queue.popleft()
        if node == sink:
            path = []
            while node != source:
                path.append((came_from[node], node))
                node = came_from[node]
            return path[::-1]
        for end, capacity in left[node].items():
            if capacity > 0 and end not in came_from:
                came_from[end] = node
                queue.append(end)
    return []
