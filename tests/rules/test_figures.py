"""Figures that leave an agency are attacked here: everything published is given to an adversary who tries every table."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cooperation.rules.figures import (
    SafeTable,
    feasible,
    safe_count,
    safe_list,
    safe_median,
    safe_table,
)

CEILING = 26  # the adversary's guess at how large a withheld figure may be; more than enough for an interval of four


def compositions(total: int | None, cells: Sequence[int | None]) -> Iterator[tuple[int, ...]]:
    """Every row that fits its published cells and total, with withheld figures up to the ceiling."""
    unknown = [place for place, value in enumerate(cells) if value is None]
    known = sum(value for value in cells if value is not None)
    for guess in product(range(CEILING + 1), repeat=len(unknown)):
        if total is None or known + sum(guess) == total:
            row = list(cells)
            for place, value in zip(unknown, guess, strict=True):
                row[place] = value
            yield tuple(value for value in row if value is not None)


def adversary(table: SafeTable) -> dict[tuple[int, int], set[int]]:
    """The values each inner cell takes over every table that fits what is published. Knows nothing of how we compute."""
    values: dict[tuple[int, int], set[int]] = {}
    rows = [list(compositions(total, row)) for row, total in zip(table.cells, table.row_totals, strict=True)]
    for guess in product(*rows):
        columns = [sum(column) for column in zip(*guess, strict=True)]
        if any(shown not in (None, total) for shown, total in zip(table.column_totals, columns, strict=True)):
            continue
        if table.total not in (None, sum(columns)):
            continue
        for r, row in enumerate(guess):
            for c, value in enumerate(row):
                values.setdefault((r, c), set()).add(value)
        for r, row in enumerate(guess):
            values.setdefault((r, len(row)), set()).add(sum(row))
        for c, total in enumerate(columns):
            values.setdefault((len(guess), c), set()).add(total)
        values.setdefault((len(guess), len(columns)), set()).add(sum(columns))
    return values


def full_grid(counts: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    rows = [(*row, sum(row)) for row in counts]
    return (*rows, tuple(map(sum, zip(*rows, strict=True))))


def shown_grid(table: SafeTable) -> list[list[int | None]]:
    rows = [[*row, total] for row, total in zip(table.cells, table.row_totals, strict=True)]
    return [*rows, [*table.column_totals, table.total]]


def tables(rows: int, columns: int, most: int = 12) -> st.SearchStrategy[list[list[int]]]:
    return st.lists(st.lists(st.integers(0, most), min_size=columns, max_size=columns), min_size=rows, max_size=rows)


def test_a_small_count_alone_in_its_row_takes_others_with_it() -> None:
    table = safe_table([[12, 3, 20], [8, 15, 9], [30, 11, 14]])
    assert table.cells[0][1] is None
    withheld = sum(value is None for row in table.cells for value in row)
    assert withheld == 4  # a rectangle, and no more
    assert (table.row_totals, table.column_totals, table.total) == ((35, 32, 55), (50, 29, 43), 122)


def test_without_small_counts_everything_is_shown() -> None:
    assert safe_table([[12, 0], [5, 15]]) == SafeTable(((12, 0), (5, 15)), (12, 20), (17, 15), 32)


def test_a_table_of_almost_nothing_is_withheld_as_a_whole() -> None:
    assert safe_table([[1, 0], [0, 0]]).total is None


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1)]).flatmap(lambda shape: tables(*shape, most=9)))
def test_an_adversary_cannot_narrow_a_small_count(counts: list[list[int]]) -> None:
    table = safe_table(counts)
    grid, shown = full_grid(counts), shown_grid(table)
    if sum(value is None for row in table.cells for value in row) > 4:
        return  # too many guesses to try them all; the exact bounds below take over
    values = adversary(table)
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            assert shown[r][c] in (None, value)
            assert value in values[r, c]
            if 0 < value < 5:
                assert shown[r][c] is None
                possible = values[r, c]
                assert max(possible) - min(possible) >= 4
                assert not possible <= {1, 2, 3, 4}


@settings(max_examples=150, deadline=None)
@given(tables(2, 2, most=9), st.sets(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=9))
def test_the_exact_bounds_are_what_the_adversary_finds(counts: list[list[int]], hidden: set[tuple[int, int]]) -> None:
    grid = full_grid(counts)
    shown = [[None if (r, c) in hidden else value for c, value in enumerate(row)] for r, row in enumerate(grid)]
    table = SafeTable(
        tuple(tuple(row[:-1]) for row in shown[:-1]),
        tuple(row[-1] for row in shown[:-1]),
        tuple(shown[-1][:-1]),
        shown[-1][-1],
    )
    if sum(value is None for row in table.cells for value in row) > 3:
        return
    values = adversary(table)
    for cell in hidden:
        low, high = feasible(grid, frozenset(hidden), cell)
        assert low == min(values[cell])
        # Without a bound the adversary stops at his own ceiling, or above it for sums.
        assert max(values[cell]) == high if high is not None and high <= CEILING else max(values[cell]) >= CEILING


@settings(max_examples=150, deadline=None)
@given(st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(lambda shape: tables(*shape)))
def test_larger_tables_are_safe_by_the_exact_bounds(counts: list[list[int]]) -> None:
    grid, shown = full_grid(counts), shown_grid(safe_table(counts))
    withheld = frozenset((r, c) for r, row in enumerate(shown) for c, value in enumerate(row) if value is None)
    for r, row in enumerate(grid):
        for c, value in enumerate(row):
            if 0 < value < 5:
                assert (r, c) in withheld
                low, high = feasible(grid, withheld, (r, c))
                assert high is None or high - low >= 4


@settings(max_examples=60, deadline=None)
@given(tables(4, 4, most=40))
def test_the_naive_way_would_have_leaked(counts: list[list[int]]) -> None:
    """A negative control: withholding only the small counts leaves any that is alone in its row to a subtraction."""
    grid = full_grid(counts)
    small = frozenset((r, c) for r, row in enumerate(grid) for c, value in enumerate(row) if 0 < value < 5)
    alone = [(r, c) for r, c in small if sum(at[0] == r for at in small) == 1]
    for cell in alone:
        assert feasible(grid, small, cell) == (grid[cell[0]][cell[1]],) * 2


def test_a_large_table_is_quick_and_the_same_every_time() -> None:
    counts = [[(7 * r * r + 3 * c * c + r * c) % 23 for c in range(8)] for r in range(15)]
    assert safe_table(counts) == safe_table(counts)


def test_a_list_keeps_its_total_when_it_can() -> None:
    counts, total = safe_list([3, 40, 6, 25])
    assert (counts, total) == ((None, 40, None, 25), 74)
    assert safe_list([3]) == ((None,), None)
    assert safe_list([6, 0, 9]) == ((6, 0, 9), 15)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 15), min_size=1, max_size=4))
def test_a_list_withstands_the_adversary(counts: list[int]) -> None:
    shown, total = safe_list(counts)
    fitting = list(compositions(total, shown))
    for place, value in enumerate(counts):
        assert shown[place] in (None, value)
        if 0 < value < 5:
            possible = {row[place] for row in fitting}
            assert max(possible) - min(possible) >= 4
    if 0 < sum(counts) < 5:
        assert total is None


@pytest.mark.parametrize("counts", [[], [[]], [[1, 2], [3]], [[-1]]])
def test_what_is_no_table_is_refused(counts: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"table|negative"):
        safe_table(counts)


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_safe_count(count: int, shown: int | None) -> None:
    assert safe_count(count) == shown


def test_safe_median() -> None:
    assert safe_median([1, 2, 3, 4]) is None
    assert safe_median([1, 2, 3, 4, 100]) == 3.0


def test_the_threshold_may_be_raised_and_not_lowered() -> None:
    assert safe_count(7, threshold=10) is None
    assert safe_table([[7, 30], [30, 30]], threshold=10).cells[0][0] is None
    for attempt in (
        lambda: safe_count(3, threshold=3),
        lambda: safe_table([[3]], threshold=4),
        lambda: safe_median([1], threshold=1),
    ):
        with pytest.raises(ValueError, match="lowered"):
            attempt()
