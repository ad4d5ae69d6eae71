"""What a report publishes is attacked: margins, several tables, shares and the stored JSON must not give a count of 1 to 4 away."""

import json
import random
from itertools import product

import pytest

from cooperation.documents import reports as documents
from cooperation.figures import publish, share
from cooperation.rules.figures import safe_longest, safe_tables
from coordination.figures import TOTAL, Longest, Median, Number, Table
from coordination.models.deadlines import Strength


def table(code: str, counts: tuple[tuple[int, ...], ...], **more: object) -> Table:
    values = {
        "title": code,
        "row_heading": "Rad",
        "row_labels": tuple(f"r{n}" for n in range(len(counts))),
        "column_labels": tuple(f"k{n}" for n in range(len(counts[0]))),
        "on_time": 0,
        "strength": Strength.MUST,
        **more,
    }
    return Table(code=code, counts=counts, **values)


def numbers(value: object) -> list[int]:
    """Every number in published JSON."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return []
    if isinstance(value, int | float):
        return [value]
    return [n for inner in (value.values() if isinstance(value, dict) else value) for n in numbers(inner)]


def guesses(published: dict, ceiling: int = 14) -> list[tuple[tuple[int, ...], ...]]:
    """Every table that fits what one published table says, found by trying them all."""
    cells = [[range(ceiling + 1) if c is None else (c,) for c in row] for row in published["cells"]]
    found = []
    for flat in product(*(cell for row in cells for cell in row)):
        width = len(cells[0])
        grid = tuple(tuple(flat[n : n + width]) for n in range(0, len(flat), width))
        sums = [(sum(row), told) for row, told in zip(grid, published["row_totals"], strict=True)]
        sums += [
            (sum(col), told) for col, told in zip(zip(*grid, strict=True), published["column_totals"], strict=True)
        ]
        sums.append((sum(flat), published["total"]))
        if all(told is None or told == value for value, told in sums):
            found.append(grid)
    return found


@pytest.mark.obligation("R6.2-i")
@pytest.mark.parametrize(
    "counts",
    [((12, 3), (9, 8)), ((1, 0), (0, 0)), ((4, 4), (4, 4)), ((20, 1), (30, 0)), ((2, 9), (9, 2)), ((7, 6), (5, 3))],
)
def test_no_small_count_can_be_computed_from_a_published_table(counts):
    (published,) = publish([table("a", counts)])
    fitting = guesses(published, ceiling=max(max(row) for row in counts) + 8)
    assert counts in fitting
    for r, row in enumerate(counts):
        for c, value in enumerate(row):
            if 0 < value < 5:
                assert published["cells"][r][c] is None
                values = {grid[r][c] for grid in fitting}
                assert max(values) - min(values) >= 4
                assert max(values) >= 5 or 0 in values


def test_tables_with_nothing_small_are_shown_whole():
    (published,) = publish([table("a", ((12, 6), (9, 8)))])
    assert published["cells"] == [[12, 6], [9, 8]]
    assert (published["total"], published["share"]) == (35, 60)


@pytest.mark.obligation("R6.2-i")
def test_two_tables_over_the_same_people_do_not_open_each_other():
    """Alone each is safe; together the second would tell the total that the first hides."""
    first = table("kinds", ((12, 3), (0, 0)), links={(TOTAL, TOTAL): "measures"})
    second = table("units", ((9, 6),), links={(TOTAL, TOTAL): "measures"})
    hidden = publish([first])[0]
    assert hidden["total"] is None or hidden["cells"][0][0] is None
    both = publish([first, second])
    if both[0]["total"] is None:
        assert numbers({k: both[1][k] for k in ("cells", "row_totals", "column_totals", "total", "share")}) == []


def test_linked_tables_are_both_shown_when_what_they_share_is_open():
    first = table("kinds", ((12, 8), (5, 5)), links={(TOTAL, TOTAL): "measures"})
    second = table("units", ((20, 10),), links={(TOTAL, TOTAL): "measures"})
    both = publish([first, second])
    assert both[0]["total"] == both[1]["total"] == 30


def test_tables_that_should_agree_and_differ_by_a_few_are_not_both_shown():
    first = table("letters", ((12, 8),), links={(TOTAL, TOTAL): "notices"})
    for total, open_ in ((20, True), (18, False), (15, True)):
        second = table("visits", ((total - 6, 6),), links={(TOTAL, TOTAL): "notices"})
        assert (publish([first, second])[1]["total"] is not None) is open_


def test_linked_tables_under_attack():
    """Every pair of tables that fits both publications is tried: no small count of either is pinned down."""
    chance = random.Random(8)
    for _round in range(25):
        rows = tuple(tuple(chance.choice((0, 1, 3, 5, 6, 8)) for _c in range(2)) for _r in range(2))
        whole = sum(map(sum, rows))
        part = chance.randint(0, whole)
        other = ((part, whole - part),)
        links = {(TOTAL, TOTAL): "same"}
        a, b = publish([table("a", rows, links=links), table("b", other, links=links)])
        first, second = guesses(a, 13), guesses(b, whole + 6)
        pairs = [(x, y) for x in first for y in second if sum(map(sum, x)) == sum(map(sum, y))]
        assert pairs
        for place, (real, side) in enumerate(((rows, 0), (other, 1))):
            for r, row in enumerate(real):
                for c, value in enumerate(row):
                    if 0 < value < 5:
                        seen = {pair[side][r][c] for pair in pairs}
                        assert max(seen) - min(seen) >= 4, (rows, other, place, r, c)


def test_shares_come_from_what_is_published():
    (published,) = publish([table("a", ((97, 3), (50, 0)))])
    assert published["shares"][0] is None, "97 per cent of a known hundred is three people"
    assert share(199, 200) == 99, "not all is not all"
    assert share(200, 200) == 100
    assert share(1, 500) == 1
    assert share(0, 0) is None


def test_single_figures_of_a_few_are_withheld():
    few = (30.0, 45.0, 200.0, 10.0)
    found = publish(
        [
            Number(code="n", title="n", count=4),
            Median(code="m", title="m", minutes=few),
            Longest(code="l", title="l", minutes=few),
            Number(code="n5", title="n", count=5),
            Median(code="m5", title="m", minutes=(*few, 60.0)),
            Longest(code="l5", title="l", minutes=(*few, 60.0)),
        ]
    )
    assert [figure["value"] for figure in found] == [None, None, None, 5, 45, 210]


def test_the_longest_is_a_limit_and_not_the_event():
    assert safe_longest([61, 2, 3, 4, 5], 30) == 90
    assert safe_longest([60, 2, 3, 4, 5], 30) == 60


def test_nothing_small_reaches_the_page_or_the_store():
    content = publish(
        [
            table("weeks", ((40, 1), (31, 2), (22, 4)), by_time=True),
            table("list", ((1, 3),)),
            Number(code="n", title="n", count=3),
        ]
    )
    counts = [n for figure in content for key in ("cells", "row_totals", "column_totals", "total", "value") for n in numbers(figure.get(key))]  # fmt: skip
    assert not [n for n in counts if 0 < n < 5]
    assert json.loads(json.dumps(content)) == content
    words = documents.shown(content)
    for part in words["tables"]:
        for row in part["rows"]:
            for _heading, text in row["cells"]:
                assert text not in {"1", "2", "3", "4"}


def test_advice_never_looks_like_a_breach():
    content = publish([table("advised", ((6, 30),), strength=Strength.SHOULD), table("must", ((6, 30),))])
    kpis = documents.shown(content)["kpis"]
    assert [(kpi["label"], kpi["reached"]) for kpi in kpis] == [("must", False), ("advised", None)]


def test_two_figures_cannot_have_one_code():
    with pytest.raises(ValueError, match="one code"):
        publish([Number(code="n", title="a", count=9), Number(code="n", title="b", count=9)])


def test_a_table_withheld_whole_tells_nothing():
    counts = ((9, 6), (5, 5))
    links = {(TOTAL, TOTAL): "x"}
    (first, second) = safe_tables([(((3,),), links, ()), (counts, links, ())])
    assert first is not None
    assert second is None
