"""The pure rules of oversight, by table."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.oversight import rules
from coordination.oversight.rules import Facts, Limits, Relation, Signal

URGENT = frozenset({"life"})
AT = datetime(2026, 11, 23, 11, tzinfo=UTC)
LIMITS = Limits(opened_in_an_hour=30, refused_in_a_day=5, night_from=23, night_to=6)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (Facts(), ()),
        (Facts(same_surname=True), (Signal.SAME_SURNAME,)),
        (Facts(same_surname=True, colleague=True), (Signal.COLLEAGUE,)),
        (Facts(related=False), (Signal.NO_RELATION,)),
        (Facts(related=False, reasons=("asked",)), (Signal.REASON,)),
        (Facts(reasons=("life",)), (Signal.EMERGENCY,)),
        (Facts(reasons=("asked", "life"), nights=1), (Signal.EMERGENCY, Signal.NIGHT, Signal.REASON)),
        (Facts(nights=2, same_surname=True), (Signal.SAME_SURNAME, Signal.NIGHT)),
    ],
)
def test_signals(facts, found):
    assert rules.signals(facts, URGENT) == found


@pytest.mark.parametrize(
    ("kind", "number", "found"),
    [("opened", 30, Signal.MANY), ("opened", 29, None), ("refused", 5, Signal.REFUSED), ("refused", 4, None)],
)
def test_crowds(kind, number, found):
    assert rules.crowd(kind, number, LIMITS) is found


@pytest.mark.parametrize(
    ("relation", "needed"),
    [
        (Relation(here=True), False),
        (Relation(has_task=True), False),
        (Relation(left_at=AT - timedelta(days=14)), False),
        (Relation(left_at=AT - timedelta(days=14, seconds=1)), True),
        (Relation(left_at=AT - timedelta(days=99), has_task=True), False),
        (Relation(), True),
    ],
)
def test_when_a_reason_is_asked(relation, needed):
    assert rules.reason_needed(relation, AT) is needed


def test_weeks_are_oslo_s_also_when_the_clock_changes():
    # Sunday night in Oslo is still Sunday; in UTC the week has an hour left.
    assert rules.weeks_over(datetime(2026, 11, 22, 22, 59, tzinfo=UTC), 1) == [date(2026, 11, 9)]
    assert rules.weeks_over(datetime(2026, 11, 22, 23, 0, tzinfo=UTC), 2) == [date(2026, 11, 16), date(2026, 11, 9)]
    since, until = rules.week_bounds(date(2026, 10, 19))  # the clock goes back on the Sunday
    assert until - since == timedelta(hours=7 * 24 + 1)
    assert rules.review_due_at(date(2026, 11, 16)) == datetime(2026, 11, 27, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "enough"),
    [("", False), ("kort", False), ("aaaa aaaa aaaa aaaa", False), ("Sønnen ringte og spurte", True)],
)
def test_a_reason_says_something(text, enough):
    assert rules.says_enough(text) is enough
