"""The demo's needs mappings and applications to the recovery unit: in every state, most of them done."""

from datetime import datetime, timedelta
from typing import Any

from consent.access import question_of
from consent.actions import answer_question
from coordination.models import LegalStatus, Person
from coordination.people.access import open_stay
from demo.stage import Teller, key
from intake import actions as intake
from intake.models import Area
from recovery_units import access as recovery_access
from recovery_units import actions as recovery

#: What became of the first offers; the rest are done, and the newest two are not offered anything yet.
ANSWERS = ("", "accepted", "declined")
WISHES = ("Vil bli rusfri før løslatelsen.", "Vil ha ro rundt seg og noen å snakke med.", "Har prøvd alene før.")


def mappings(teller: Teller, inmates: list[Person]) -> None:
    """Let the contact officer map the needs of those in unit A who serve a sentence."""
    areas = list(Area.values)

    def mapped(actor: Any, at: datetime, number: int, person: Person) -> None:
        stay = open_stay(actor, person.pk)
        assert stay
        answer = ANSWERS[number] if number < len(ANSWERS) else "accepted"
        row = intake.offer_mapping(actor, stay, answer=answer, key=key(), at=at)
        if number >= len(ANSWERS):
            intake.finish_mapping(
                actor, row, needs=[areas[number % 5], areas[5 + number % 5]], resources=[areas[(number + 2) % 5]],
                consent_needed=number % 3 == 0,
                consent_reason="Fengselet og Nav skal planlegge sammen." if number % 3 == 0 else "Ingenting skal deles nå.",
                version=row.version, at=at,
            )  # fmt: skip

    def serving(actor: Any, _at: datetime) -> list[Person]:
        stays = [(person, open_stay(actor, person.pk)) for person in _of_unit_a(teller, inmates)]
        return [person for person, stay in stays if stay is not None and stay.legal_status != LegalStatus.REMAND]

    for number, person in enumerate(teller.act("kontaktbetjent", teller.at, serving, letters=False)[:-2]):
        teller.act(
            "kontaktbetjent",
            teller.ago(days=1 + number, hours=2),
            lambda actor, at, number=number, person=person: mapped(actor, at, number, person),
            letters=False,
        )


def applications(teller: Teller, inmates: list[Person]) -> None:
    """Four who were offered a place: one thinks, three apply; of one it is decided, of one it is not asked whether consent is needed."""
    unit = teller.stage.units["north_recovery"]

    def offer(actor: Any, at: datetime, number: int, person: Person) -> None:
        stay = open_stay(actor, person.pk)
        assert stay
        row = recovery.offer(actor, stay, unit=unit, told="Hva enheten tilbyr, og hvordan man søker.", key=key(), at=at)
        if number:
            later = at + timedelta(hours=1)
            recovery.answer(actor, row, applies=True, wish=WISHES[number - 1], version=row.version, at=later)
        if number > 1:
            question = question_of(actor, recovery_access.POINT, row.pk)
            assert question
            answer_question(actor, question, needed=number == 2, reason="Vurdert sammen med personen.", at=later)

    people = _of_unit_a(teller, inmates)[2:6]
    for number, person in enumerate(people):
        teller.act(
            "kontaktbetjent",
            teller.ago(days=9 - number),
            lambda actor, at, number=number, person=person: offer(actor, at, number, person),
            letters=False,
        )

    def decide(actor: Any, at: datetime) -> None:
        row = recovery_access.running_of(actor, people[-1].pk)
        assert row
        recovery.decide(
            actor, row, approve=True, reason="Motivert, og enheten har plass fra mandag.",
            why_alone="Ingenting skal deles, og personen har ikke behandling i spesialisthelsetjenesten.",
            version=row.version, at=at,
        )  # fmt: skip

    teller.act("vaktleder", teller.ago(days=2), decide, letters=False)


def _of_unit_a(teller: Teller, inmates: list[Person]) -> list[Person]:
    """Return those in unit A, whom the contact officer knows."""
    return [person for person in inmates if person.unit_id == teller.stage.units["north_a"].pk]
