"""Emergency access of the demo: a nurse opened a patient of the other team, it ended after its four hours, and the leader has not looked yet."""

from datetime import date, datetime

from coordination import clock
from coordination.identity import Actor
from coordination.models import HealthOpening
from coordination.models.people import Named
from coordination.oversight import openings, rules
from coordination.people import actions as people
from demo.stage import Teller

BORN = date(1987, 2, 19)


def emergency(teller: Teller) -> None:
    """Let a patient of the other team be opened for four hours yesterday, by whoever was at work."""

    def register(actor: Actor, at: datetime) -> Named:
        return people.register_patient(
            actor,
            unit=teller.stage.units["north_mind"],
            family_name="Rabarbra",
            given_name="Rolig",
            birth_date=BORN,
            prison_id=teller.stage.agencies["north"].pk,
            place="Avdeling B",
            at=at,
        )

    def open_one(actor: Actor, at: datetime) -> HealthOpening | None:
        return openings.open_in_emergency(
            actor,
            family_name="Rabarbra",
            birth_date=BORN,
            national_id="",
            code="acute",
            text="Falt om på tunet og var vanskelig å vekke. Måtte vite hvilke legemidler han bruker.",
            at=at,
        )

    teller.act("lege", teller.ago(days=60), register, letters=False)
    opened = teller.act("sykepleier", teller.ago(hours=22), open_one, letters=False)
    assert opened is not None
    # The grant counts from the database's own clock; the story's four hours are over.
    teller.connection.execute(
        "UPDATE municipal_health.coordination_municipalpatientgrant SET valid_until = %s WHERE content_object_id = %s AND valid_until IS NOT NULL",
        [clock.after(teller.ago(hours=22), rules.EMERGENCY_LASTS), opened.person_id],
    )
