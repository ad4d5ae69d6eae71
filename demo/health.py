"""What the health services of the demo do with the letters that reach them."""

from datetime import datetime
from typing import Any

from coordination.models import Person
from demo.stage import Teller, key, latest
from follow_up import actions as follow_up
from follow_up import supervision


def take_on(teller: Teller, kind: str, person: Person, at: datetime, who: str = "sykepleier") -> Any:
    """Let the health service take on the newest letter about somebody, as its own patient."""

    def take(actor: Any, when: datetime) -> Any:
        letter = latest(actor, kind, family_name=person.family_name, given_name=person.given_name)
        known = next(
            (
                p
                for p in follow_up.access.people_for(actor).filter(family_key=person.family_name.lower())
                if p.given_name == person.given_name
            ),
            None,
        )
        return follow_up.take_on(actor, letter.pk, patient_id=known.pk if known else None, at=when)

    return teller.act(who, at, take)


def visit(actor: Any, patient: Any, at: datetime, **facts: Any) -> Any:
    """Let a nurse see somebody in isolation."""
    course = follow_up.access.running_course_of(actor, patient.pk)
    return supervision.record_visit(actor, patient.pk, key=key(), done_at=at, course=course, facts=facts, at=at)
