"""The two rules of this app that other rules do not hold: what to do next about looking, and when to judge again."""

from datetime import date, timedelta

import pytest

from isolation.history.words import length_text
from isolation.rules.kinds import Extent, Kind
from isolation.rules.next_look import NextLook, next_look
from isolation.rules.reassessment import due_after_advice, reassessment_due
from isolation.rules.regimes import Watched
from tests.cast import AT
from tests.isolation.helpers import HOUR, MINUTE, oslo

ADULT, MINOR = date(1990, 5, 5), date(2010, 1, 1)
EXCLUDED = Watched(Kind.EXCLUSION, Extent.FULL, ADULT, AT)
YOUNG = Watched(Kind.EXCLUSION, Extent.FULL, MINOR, AT)
LATER = AT + 10 * MINUTE


def test_nobody_has_looked_yet() -> None:
    assert next_look(EXCLUDED, LATER) == NextLook("D20", AT, AT + HOUR)
    assert next_look(YOUNG, LATER) == NextLook("D21", AT, AT)


def test_a_check_counts_from_when_it_happened_and_a_watch_until_now() -> None:
    assert next_look(EXCLUDED, LATER, last_seen_at=AT + 5 * MINUTE).due_at == AT + 65 * MINUTE
    assert next_look(EXCLUDED, LATER, observed=True).due_at == LATER + HOUR


def test_under_watch_the_note_is_what_is_due() -> None:
    look = next_look(YOUNG, LATER, last_noted_at=AT + 7 * MINUTE, observed=True)
    assert look == NextLook("D21", AT + 7 * MINUTE, AT + 22 * MINUTE, observed=True)
    assert next_look(YOUNG, LATER, last_seen_at=AT + 9 * MINUTE).due_at == AT + 9 * MINUTE


@pytest.mark.parametrize(("noted", "rule", "due"), [(16, "D21", 1), (15, "D20", -180), (1, "D20", -180)])
def test_the_last_note_before_the_18th_birthday_already_opens_the_adults_check(noted: int, rule: str, due: int) -> None:
    midnight = oslo(6, 2)
    young = Watched(Kind.EXCLUSION, Extent.FULL, date(2008, 6, 2), midnight - 5 * HOUR)
    at = midnight - noted * MINUTE
    look = next_look(young, at, last_noted_at=at, observed=True)
    assert (look.rule, look.due_at) == (rule, midnight - due * MINUTE)


def test_the_bed_has_no_birthday() -> None:
    midnight = oslo(6, 2)
    bed = Watched(Kind.SECURITY_BED, None, date(2008, 6, 2), midnight - 5 * HOUR)
    at = midnight - MINUTE
    assert next_look(bed, at, last_noted_at=at, observed=True).rule == "D26"


def test_reassessment() -> None:
    assert reassessment_due(Kind.SECURITY_BED, AT) == AT + 4 * HOUR
    assert reassessment_due(Kind.SECURITY_CELL, AT) == AT + 8 * HOUR
    assert reassessment_due(Kind.EXCLUSION, oslo(3, 28, 12)) == oslo(3, 28, 12) + timedelta(hours=24)
    assert due_after_advice(AT, AT + 20 * HOUR) == AT + 2 * HOUR
    assert due_after_advice(AT, AT + HOUR) == AT + HOUR


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (1, "1 minutt"),
        (78, "78 minutter"),
        (120, "2 timer"),
        (121, "2 timer og 1 minutt"),
        (2514, "41 timer og 54 minutter"),
    ],
)
def test_a_length_is_told_to_the_minute(minutes: int, words: str) -> None:
    assert length_text(minutes) == words
