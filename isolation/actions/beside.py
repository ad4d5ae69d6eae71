"""What follows beside a decision about somebody: informal isolation ends, and what the prison saw raises the attention flag."""

from datetime import datetime

from coordination import clock
from coordination.identity import Actor
from coordination.models import AttentionReason, Criterion, Person
from coordination.people import attention
from isolation.actions.informal import end_open
from isolation.models import InformalIsolation, Measure
from isolation.models.measures import Vulnerability

#: What is ticked on a decision, as a criterion of the flag.
CRITERIA = {
    Vulnerability.YOUNG: Criterion.YOUNG,
    Vulnerability.LANGUAGE: Criterion.LANGUAGE,
    Vulnerability.UNDERSTANDING: Criterion.UNDERSTANDING,
    Vulnerability.DISTRESS: Criterion.DISTRESS,
    Vulnerability.FIRST_TIME: Criterion.FIRST_TIME,
    Vulnerability.HARM_FEARED: Criterion.DISTRESS,
}


def decided(actor: Actor, measure: Measure, person: Person, *, at: datetime) -> None:
    """Let a decision have its effects beside the measure itself; the caller holds the person. (obligations R7.1.2-j, R5.1.1-h)"""
    end_open(actor, person, InformalIsolation.EndReason.DECISION, at)
    criteria = {CRITERIA[Vulnerability(code)] for code in measure.vulnerabilities if code in Vulnerability.values}
    if clock.age_on(person.birth_date, clock.local_date(at)) < attention.YOUNG_UNDER:
        criteria.add(Criterion.YOUNG)
    if person.interpreter_needed:
        criteria.add(Criterion.LANGUAGE)
    attention.raise_flag(actor, person, criteria, source=AttentionReason.Source.ISOLATION, at=at)
