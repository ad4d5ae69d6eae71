"""Admission to a recovery unit: how an application moves, who comes first, and what must be there before it is decided.

Must not touch Django, the database or the clock. Sources: the circular on recovery units (obligations RM2-a, RM2-b, RM4-f, RM7-e), rule D07.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class State(StrEnum):
    OFFERED = "offered"
    SAID_NO = "said_no"
    APPLIED = "applied"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"  # the stay ended, or the person went to another prison


MOVES: Final[dict[State, frozenset[State]]] = {
    State.OFFERED: frozenset({State.APPLIED, State.SAID_NO, State.LAPSED}),
    State.APPLIED: frozenset({State.APPROVED, State.DECLINED, State.WITHDRAWN, State.LAPSED}),
    State.APPROVED: frozenset({State.WITHDRAWN, State.LAPSED}),
}

#: What is still going on; the rest has ended, and a new offer is a new application.
RUNNING: Final = (State.OFFERED, State.APPLIED, State.APPROVED)


def may_move(state: State, to: State) -> bool:
    """Whether an application may go from one state to another."""
    return to in MOVES.get(state, frozenset())


# Who comes first


class Group(StrEnum):
    """The order of the list. Who serves a sentence comes first, which is advice (RM2-a); a leader may say otherwise, with a reason."""

    FIRST = "1_first"
    NEXT = "2_next"


def usual_group(*, convicted: bool) -> Group:
    """Where an application stands when nobody has said otherwise: a sentence before remand and preventive detention (RM2-a)."""
    return Group.FIRST if convicted else Group.NEXT


# Before it is decided


class ConsentStep(StrEnum):
    UNANSWERED = "unanswered"  # nobody has said whether consent is needed
    WAITING = "waiting"  # it is needed, and the person has not been asked to the end
    GIVEN = "given"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"


def consent_step(*, needed: bool | None, given: bool, refused: bool) -> ConsentStep:
    """How far the step of consent has come (RM7-e). `given` is one in force now; `refused` a no, or a consent that was taken back."""
    if needed is None:
        return ConsentStep.UNANSWERED
    if not needed:
        return ConsentStep.NOT_NEEDED
    if given:
        return ConsentStep.GIVEN
    return ConsentStep.REFUSED if refused else ConsentStep.WAITING


class Conclusion(StrEnum):
    """What the specialist service says about a place in the unit: a conclusion and nothing else."""

    YES = "yes"
    CONDITIONS = "conditions"
    NO = "no"


class Lacking(StrEnum):
    CONSENT = "consent"
    SPECIALIST = "specialist"  # consent is given, so the specialist service can be asked, and takes part
    SPECIALIST_SAYS_NO = "specialist_says_no"
    CONCLUSION = "conclusion"
    WHY_ALONE = "why_alone"


def lacking(
    *, approve: bool, step: ConsentStep, letter: bool, conclusion: Conclusion | None, why_alone: str
) -> Lacking | None:
    """What keeps a decision from being made, the first thing first; None when it may be made.

    A refused consent bars nobody from the unit (RM7-e): then nothing can be sent, and the prison says why it decides alone. With
    consent the specialist service takes part in every admission, and one against its conclusion is none (RM4-f).
    """
    if approve and step in (ConsentStep.UNANSWERED, ConsentStep.WAITING):
        return Lacking.CONSENT
    if letter and conclusion is None:
        return Lacking.CONCLUSION
    if approve and letter and conclusion is Conclusion.NO:
        return Lacking.SPECIALIST_SAYS_NO
    if not letter:
        if approve and step is ConsentStep.GIVEN:
            return Lacking.SPECIALIST
        if not why_alone.strip():
            return Lacking.WHY_ALONE
    return None
