"""Referrals: ten working days, the moves and what an outcome must hold."""

from datetime import UTC, date, datetime

import pytest

from coordination.clock import OSLO, end_of_local_day
from referrals.rules import (
    OUTCOMES,
    Field,
    State,
    assessment_due,
    may_move,
    missing_fields,
    moves,
    required_fields,
)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        (datetime(2026, 6, 1, 9, tzinfo=OSLO), date(2026, 6, 15)),
        (datetime(2026, 3, 27, 9, tzinfo=OSLO), date(2026, 4, 15)),  # Easter, and the clock goes forward
        (datetime(2026, 12, 18, 9, tzinfo=OSLO), date(2027, 1, 5)),
        (datetime(2026, 10, 17, 23, 30, tzinfo=OSLO), date(2026, 10, 30)),  # a Saturday; the clock goes back
    ],
)
def test_the_assessment_is_due_on_the_tenth_working_day(received: datetime, last: date) -> None:
    assert assessment_due(received.astimezone(UTC)) == end_of_local_day(last)


MOVES = {
    (State.DRAFT, State.SENT),
    (State.DRAFT, State.WITHDRAWN),
    (State.SENT, State.RECEIVED),
    (State.SENT, State.WITHDRAWN),
    (State.RECEIVED, State.RIGHT_GRANTED),
    (State.RECEIVED, State.RIGHT_DENIED),
    (State.RECEIVED, State.RETURNED_FOR_INFORMATION),
    (State.RECEIVED, State.REDIRECTED),
    (State.RECEIVED, State.WITHDRAWN),
    (State.RETURNED_FOR_INFORMATION, State.SENT),
    (State.RETURNED_FOR_INFORMATION, State.WITHDRAWN),
    (State.REDIRECTED, State.RECEIVED),
    (State.REDIRECTED, State.WITHDRAWN),
    (State.RIGHT_GRANTED, State.WITHDRAWN),
}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("to", State)
def test_exactly_these_moves(state: State, to: State) -> None:
    assert may_move(state, to) is ((state, to) in MOVES)
    assert (to in moves(state)) is may_move(state, to)


@pytest.mark.parametrize("outcome", sorted(OUTCOMES | {State.WITHDRAWN}))
def test_each_outcome_needs_every_one_of_its_fields(outcome: State) -> None:
    full: dict[Field, object] = dict.fromkeys(required_fields(outcome), "x")
    assert full
    assert missing_fields(outcome, full) == ()
    for field in full:
        for empty in (None, "", "  ", False):
            assert missing_fields(outcome, full | {field: empty}) == (field,)


@pytest.mark.parametrize("outcome", sorted(OUTCOMES))
def test_the_referrer_is_always_told(outcome: State) -> None:
    assert Field.REFERRER_INFORMED_AT in required_fields(outcome)


def test_states_that_are_no_outcome_need_nothing() -> None:
    assert required_fields(State.DRAFT) == ()
    assert missing_fields(State.SENT, {}) == ()
