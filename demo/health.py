"""What the health services of the demo do with the letters that reach them."""

from datetime import datetime, timedelta
from typing import Any

from consent.actions import give_consent
from coordination import clock
from coordination.models import Person
from coordination.people.access import access_person
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
    """Let a nurse or doctor see somebody in isolation, and let the prison know that it was done where there is a ground for it."""
    course = follow_up.access.running_course_of(actor, patient.pk)
    return supervision.record_visit(
        actor, patient.pk, key=key(), done_at=at, course=course, facts=facts, tell=True, at=at
    )


def may_tell(teller: Teller, patient: Any, at: datetime) -> None:
    """Let a patient consent to the prison knowing what it needs of health, such as when somebody from the health service was there."""
    teller.act(
        "sykepleier",
        at,
        lambda actor, when: give_consent(
            actor,
            access_person(actor, patient.pk),
            recipients=[teller.stage.agencies["north"].pk],
            categories=["health_information", "health_advice"],
            purpose="Oppfølging mens personen er utelukket.",
            valid_from=clock.local_date(when),
            valid_to=clock.local_date(teller.at) + timedelta(days=60),
            reference="J-2026/88",
            at=when,
        ),
    )
