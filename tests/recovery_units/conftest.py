"""A recovery unit in the northern prison, and the way to an application. Holds no test."""

from uuid import uuid4

import pytest

from consent.access import question_of
from consent.actions import answer_question
from coordination import clock
from coordination.people.access import open_stay
from coordination.reference_data import make_unit
from recovery_units import access, actions

WISH = "Jeg vil slutte og trenger hjelp til det."


class Way:
    """The steps of one application, each committed as somebody."""

    def __init__(self, cast, unit) -> None:
        """Keep the cast and the recovery unit."""
        self.cast, self.unit = cast, unit

    def offer(self, who="fiolin", by="contact_officer"):
        """Offer a place; return the row."""
        with self.cast[by].acting() as actor:
            stay = open_stay(actor, self.cast.people[who])
            return actions.offer(actor, stay, unit=self.unit, told="Hva enheten tilbyr.", key=uuid4(), at=clock.now())

    def apply(self, who="fiolin", by="contact_officer", at=None, wish=WISH):
        """Offer a place and apply for it; return the row."""
        row = self.offer(who, by)
        with self.cast[by].acting() as actor:
            actions.answer(actor, row, applies=True, wish=wish, version=row.version, at=at or clock.now())
            return access.access_application(actor, row.pk)

    def say(self, row, *, needed, by="contact_officer"):
        """Answer whether consent is needed."""
        with self.cast[by].acting() as actor:
            question = question_of(actor, access.POINT, row.pk)
            answer_question(actor, question, needed=needed, reason="Vurdert i teamet.", at=clock.now())

    def seen(self, row, by="duty_leader"):
        """Return the row as it stands."""
        with self.cast[by].acting() as actor:
            return access.access_application(actor, row.pk)

    def decide(self, row, *, by="duty_leader", approve=True, reason="Motivert, og det er plass.", **more):
        """Decide; return the row."""
        now = self.seen(row)
        with self.cast[by].acting() as actor:
            actions.decide(actor, now, approve=approve, reason=reason, version=now.version, at=clock.now(), **more)
        return self.seen(row)

    def step(self, row, by="duty_leader"):
        """Return how the step of consent stands."""
        with self.cast[by].acting() as actor:
            return access.consent_of(actor, access.access_application(actor, row.pk), clock.now()).step


@pytest.fixture
def way(cast):
    """Give the northern prison a recovery unit."""
    return Way(cast, make_unit(cast.agencies["north"], "Rusmestring", "recovery"))
