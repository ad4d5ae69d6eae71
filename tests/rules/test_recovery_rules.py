"""Admission to a recovery unit as a table: who may go where, who comes first, and what a decision lacks."""

import pytest

from recovery_units.rules import (
    RUNNING,
    Conclusion,
    ConsentStep,
    Group,
    Lacking,
    State,
    consent_step,
    lacking,
    may_move,
    usual_group,
)

GIVEN, REFUSED, WAITING = ConsentStep.GIVEN, ConsentStep.REFUSED, ConsentStep.WAITING


def test_what_has_ended_goes_nowhere_and_nobody_is_approved_without_applying():
    for state in State:
        goes = {to for to in State if may_move(state, to)}
        assert bool(goes) == (state in RUNNING), state
        assert (State.APPROVED in goes) == (state is State.APPLIED)


def test_a_sentence_comes_first():
    assert usual_group(convicted=True) is Group.FIRST
    assert usual_group(convicted=False) is Group.NEXT
    assert sorted(Group) == [Group.FIRST, Group.NEXT]


@pytest.mark.parametrize(
    ("needed", "given", "refused", "step"),
    [
        (None, True, True, ConsentStep.UNANSWERED),
        (False, False, False, ConsentStep.NOT_NEEDED),
        (True, False, False, WAITING),
        (True, False, True, REFUSED),
        (True, True, False, GIVEN),
        (True, True, True, GIVEN),
    ],
)
def test_the_step_of_consent(needed, given, refused, step):
    assert consent_step(needed=needed, given=given, refused=refused) is step


@pytest.mark.parametrize(
    ("approve", "step", "letter", "conclusion", "why", "missing"),
    [
        (True, WAITING, False, None, "Fordi.", Lacking.CONSENT),
        (True, ConsentStep.UNANSWERED, False, None, "Fordi.", Lacking.CONSENT),
        (False, WAITING, False, None, "Fordi.", None),
        (False, WAITING, False, None, " ", Lacking.WHY_ALONE),
        (True, GIVEN, False, None, "Fordi.", Lacking.SPECIALIST),
        (True, GIVEN, True, None, "", Lacking.CONCLUSION),
        (True, GIVEN, True, Conclusion.NO, "", Lacking.SPECIALIST_SAYS_NO),
        (False, GIVEN, True, Conclusion.NO, "", None),
        (True, GIVEN, True, Conclusion.CONDITIONS, "", None),
        (False, GIVEN, False, None, "Fordi.", None),
        (True, REFUSED, False, None, "", Lacking.WHY_ALONE),
        (True, REFUSED, False, None, "Fordi.", None),
        (True, ConsentStep.NOT_NEEDED, False, None, "Fordi.", None),
    ],
)
def test_what_a_decision_lacks(approve, step, letter, conclusion, why, missing):
    assert lacking(approve=approve, step=step, letter=letter, conclusion=conclusion, why_alone=why) is missing
