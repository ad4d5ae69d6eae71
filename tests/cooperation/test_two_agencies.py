"""The attack with two agencies' reports on one table: what a prison sent is what the health service got, and each hides for itself."""

import random
from itertools import product

import pytest

from cooperation.rules.figures import safe_table
from follow_up import figures as follow_up
from intake import figures as intake

Grid = tuple[tuple[int, ...], ...]
#: In the prison's table the column sums and the whole; in the health service's its first row.
SENT = (((-1, 0), (-1, 1), (-1, -1)),)
GOT = (((0, 0), (0, 1), (0, -1)),)
ROUNDS = 60
CEILING = 9


def fitting(published, ceiling: int = CEILING) -> list[Grid]:
    """Every two by two table that fits what one agency published, found by trying all."""
    ranges = [range(ceiling + 1) if cell is None else (cell,) for row in published.cells for cell in row]
    found = []
    for a, b, c, d in product(*ranges):
        sums = ((a + b, published.row_totals[0]), (c + d, published.row_totals[1]), (a + c, published.column_totals[0]))
        sums += ((b + d, published.column_totals[1]), (a + b + c + d, published.total))
        if all(told is None or told == value for value, told in sums):
            found.append(((a, b), (c, d)))
    return found


def pinned(prison: Grid, health: Grid, *, together: bool) -> list[tuple[str, int, int]]:
    """Return the small counts that somebody with both reports knows for certain."""
    sent = safe_table(prison, shared=SENT if together else ())
    got = safe_table(health, shared=GOT if together else ())
    by_sums: dict[tuple[int, int], list[Grid]] = {}
    for theirs in fitting(got):
        by_sums.setdefault(theirs[0], []).append(theirs)
    pairs = [
        (ours, theirs)
        for ours in fitting(sent)
        for theirs in by_sums.get((ours[0][0] + ours[1][0], ours[0][1] + ours[1][1]), ())
    ]
    assert (prison, health) in pairs, "the truth fits what was told"
    return [
        (name, r, c)
        for side, (name, real) in enumerate((("prison", prison), ("health", health)))
        for r, c in product(range(2), range(2))
        if 0 < real[r][c] < 5 and len({pair[side][r][c] for pair in pairs}) == 1
    ]


def worlds():
    """Give counts of a prison and of the health service that got the same letters, and others."""
    chance = random.Random(11)
    for _round in range(ROUNDS):
        a, b, c, d = (chance.choice((0, 1, 2, 3, 4)) for _cell in range(4))
        yield ((a, b), (c, d)), ((a + c, b + d), (chance.randint(0, 8), chance.randint(0, 8)))


@pytest.mark.obligation("R6.2-i")
def test_two_reports_together_give_no_small_count_away():
    assert [(world, found) for world in worlds() if (found := pinned(*world, together=True))] == []


def test_without_the_rule_for_shared_figures_they_would():
    """The twin: each report made safe for itself alone, and both on the table."""
    assert any(pinned(*world, together=False) for world in worlds())


@pytest.mark.obligation("R6.2-i")
@pytest.mark.parametrize(
    "counts", [((12, 3), (0, 0)), ((12, 6), (2, 9)), ((7, 7), (7, 7)), ((3, 0), (0, 0)), ((0, 0), (0, 0))]
)
def test_what_is_shared_stands_or_falls_in_both(counts):
    """A prison with its health service alone: the same figures are open, and the same closed, in both reports."""
    sums = tuple(map(sum, zip(*counts, strict=True)))
    sent = safe_table(counts, shared=SENT)
    got = safe_table((sums, (9, 9)), shared=GOT)
    assert (*sent.column_totals, sent.total) == (*got.cells[0], got.row_totals[0])


def test_the_figures_that_two_agencies_count_are_named_as_shared(cast):
    from tests.cast import AT
    from tests.cooperation.making import period

    with cast["warden"].acting() as actor:
        (contacts,) = [f for f in intake.count(actor, period(AT)) if f.code == "health_contacts"]
    with cast["health_leader"].acting() as actor:
        health = {f.code: f for f in follow_up.count(actor, period(AT))}
    assert len(contacts.shared[0]) == len(health["letters_received"].shared[0]) == 4
    assert health["visits_first"].shared
