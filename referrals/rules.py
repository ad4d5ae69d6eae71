"""Referral rules: the ten working days, the states with their moves, and what each outcome must hold.

Must not touch Django, the database or the clock. Rule B21 (pasient- og brukerrettighetsloven § 2-2 a). All states are health-side:
the prison never sees them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from coordination.working_days import working_day_deadline

ASSESSMENT_WORKING_DAYS: Final = 10


def assessment_due(received_at: datetime) -> datetime:
    """When the assessment, and telling patient and referrer, is due: the end, in Oslo, of the tenth working day after
    receipt; an instant in UTC. The day of receipt is not counted."""
    return working_day_deadline(received_at, ASSESSMENT_WORKING_DAYS)


class State(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    RECEIVED = "received"
    RIGHT_GRANTED = "right_granted"
    RIGHT_DENIED = "right_denied"
    RETURNED_FOR_INFORMATION = "returned_for_information"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"


OUTCOMES: Final = frozenset(
    {State.RIGHT_GRANTED, State.RIGHT_DENIED, State.RETURNED_FOR_INFORMATION, State.REDIRECTED},
)
"""How an assessment can end. Each stops the ten days."""

_MOVES: Final[Mapping[State, frozenset[State]]] = {
    State.DRAFT: frozenset({State.SENT, State.WITHDRAWN}),
    State.SENT: frozenset({State.RECEIVED, State.WITHDRAWN}),
    State.RECEIVED: OUTCOMES | {State.WITHDRAWN},
    # Sent again with what was missing; a new receipt, and ten new days.
    State.RETURNED_FOR_INFORMATION: frozenset({State.SENT, State.WITHDRAWN}),
    # The other trust receives it.
    State.REDIRECTED: frozenset({State.RECEIVED, State.WITHDRAWN}),
    State.RIGHT_GRANTED: frozenset({State.WITHDRAWN}),
    State.RIGHT_DENIED: frozenset(),
    State.WITHDRAWN: frozenset(),
}


class Field(StrEnum):
    """What an outcome is made of."""

    TREATMENT_DEADLINE_ON = "treatment_deadline_on"
    START_ON = "start_on"
    REASON = "reason"
    APPEAL_INFORMATION = "appeal_information"
    INFORMATION_WANTED = "information_wanted"
    NEW_RECIPIENT = "new_recipient"
    WITHDRAWN_BY = "withdrawn_by"
    PATIENT_INFORMED_AT = "patient_informed_at"
    REFERRER_INFORMED_AT = "referrer_informed_at"


_TOLD: Final = (Field.PATIENT_INFORMED_AT, Field.REFERRER_INFORMED_AT)
_REQUIRED: Final[Mapping[State, tuple[Field, ...]]] = {
    State.RIGHT_GRANTED: (Field.TREATMENT_DEADLINE_ON, Field.START_ON, *_TOLD),
    State.RIGHT_DENIED: (Field.REASON, Field.APPEAL_INFORMATION, *_TOLD),
    State.RETURNED_FOR_INFORMATION: (Field.INFORMATION_WANTED, Field.REFERRER_INFORMED_AT),
    State.REDIRECTED: (Field.NEW_RECIPIENT, Field.REASON, *_TOLD),
    State.WITHDRAWN: (Field.WITHDRAWN_BY,),
}


def moves(state: State) -> frozenset[State]:
    """The states a referral may go to from here; empty when it is finished."""
    return _MOVES[state]


def may_move(state: State, to: State) -> bool:
    return to in _MOVES[state]


def required_fields(outcome: State) -> tuple[Field, ...]:
    """What must be filled in for this state, in the order of the form; empty for states without."""
    return _REQUIRED.get(outcome, ())


def missing_fields(outcome: State, given: Mapping[Field, object]) -> tuple[Field, ...]:
    """The required fields that are absent, None, False or blank in `given`."""
    return tuple(field for field in required_fields(outcome) if not _filled(given.get(field)))


def _filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)
