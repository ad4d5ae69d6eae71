"""What an admission interview tells of who needs extra attention. Only what the person said to staff, or staff saw; nothing is sent."""

from datetime import datetime

from coordination import clock
from coordination.identity import Actor
from coordination.models import AttentionReason, Criterion, Person
from coordination.people import attention
from intake.models import IntakeInterview, YesNo
from intake.rules import Concern, Interpreter

#: What is feared at admission, as a criterion of the flag. Unknown counts as yes there, and so it does here.
CRITERIA = {
    Concern.SUICIDE_RISK: Criterion.KNOWN_RISK,
    Concern.SELF_HARM: Criterion.KNOWN_RISK,
    Concern.DETOX_NEED: Criterion.KNOWN_RISK,
    Concern.MENTAL_HEALTH: Criterion.WORRY,
}


def raise_from_interview(actor: Actor, person: Person, row: IntakeInterview, *, at: datetime) -> None:
    """Raise the flag where the interview gives reason to; the caller holds the person. (obligation R5.1.1-h)"""
    criteria = {CRITERIA[Concern(code)] for code in row.concerns if code in CRITERIA}
    if row.minor or clock.age_on(person.birth_date, clock.local_date(at)) < attention.YOUNG_UNDER:
        criteria.add(Criterion.YOUNG)
    if row.interpreter != Interpreter.NOT_NEEDED:
        criteria.add(Criterion.LANGUAGE)
    if row.substance_problem == YesNo.YES:
        criteria.add(Criterion.SUBSTANCE)
    attention.raise_flag(actor, person, criteria, source=AttentionReason.Source.INTAKE, at=at)
