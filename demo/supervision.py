"""What the health services of the demo do about those in isolation: a doctor's plan, harm told, a place told of, a trust asked to follow up."""

from datetime import datetime
from typing import Any

from consent.actions import acknowledge
from coordination.identity import Actor
from coordination.models import Person
from demo.health import take_on, visit
from demo.stage import Teller, key, latest
from follow_up.access import people_for, running_course_of, transfers_for
from follow_up.actions import lock_in, reports, specialist, transfers
from isolation.actions.harm import ask_advice


def _course(actor: Any, person: Person) -> Any:
    """Return the running course of somebody the prison calls so."""
    for patient in people_for(actor).filter(family_key=person.family_name.lower()):
        course = running_course_of(actor, patient.pk)
        if patient.given_name == person.given_name and course is not None:
            return course
    raise LookupError(person.number)


def plan_for(teller: Teller, person: Person) -> None:
    """Locked in less than 22 hours: a doctor says how often somebody comes."""
    teller.act(
        "lege",
        teller.ago(hours=19),
        lambda actor, at: lock_in.plan_frequency(
            actor,
            _course(actor, person).pk,
            key=key(),
            interval_days=2,
            health="God allmenntilstand, noe vekttap.",
            age="Voksen, ingen særskilte behov.",
            wishes="Vil helst ha besøk på formiddagen.",
            degree="Ute fire timer i døgnet, delvis utelukket.",
            at=at,
        ),
        letters=False,
    )


def harm_in_cell(teller: Teller, person: Person) -> None:
    """The doctor sees somebody in the security cell and tells warden and duty leader at once; nobody has acknowledged yet."""
    patient = take_on(teller, "coercive_means_notice", person, teller.ago(hours=2, minutes=50), who="lege")
    teller.act("lege", teller.ago(minutes=16), lambda actor, at: visit(actor, patient, at, injuries="Begge håndledd."))

    def tell(actor: Any, at: datetime) -> Any:
        return reports.report_harm(
            actor,
            _course(actor, person).pk,
            key=key(),
            finding="end",
            advice="Vi råder til at tiltaket tar slutt nå, og at personen får følge av to betjenter på egen celle.",
            observed="Urolig, klar for tid og sted. Hudavskrapninger på begge håndledd.",
            call="55 55 55 55",
            found_at=at,
            basis="LB08",
            at=at,
        )

    teller.act("lege", teller.ago(minutes=12), tell)


def undecided(teller: Teller, person: Person) -> None:
    """A nurse saw somebody in the cell and told of harm; it is acknowledged, and after more than two hours nobody has decided."""
    patient = take_on(teller, "coercive_means_notice", person, teller.ago(hours=21))
    for hours in (20, 2.6):
        teller.act("sykepleier", teller.ago(hours=hours), lambda actor, at: visit(actor, patient, at, mental="Sliten."))
    teller.act(
        "sykepleier",
        teller.ago(hours=2, minutes=30),
        lambda actor, at: reports.report_harm(
            actor,
            _course(actor, person).pk,
            key=key(),
            finding="harm",
            advice="Vi råder til mer tid med andre i dag, og til at tiltaket vurderes på nytt.",
            found_at=at,
            basis="LB08",
            at=at,
        ),
    )
    teller.act(
        "vaktleder",
        teller.ago(hours=2, minutes=15),
        lambda actor, _at: acknowledge(latest(actor, "harm_report", family_name=person.family_name)),
    )


def cold_cell(teller: Teller) -> None:
    """A nurse tells of a place, as facts about nobody."""
    teller.act(
        "sykepleier",
        teller.ago(hours=5),
        lambda actor, at: reports.report_environment(
            actor,
            teller.stage.agencies["north"].pk,
            key=key(),
            place="Sikkerhetscelle 2",
            aspects=["temperature", "light"],
            finding="16 grader målt kl. 9. Dagslyset er dekket til.",
            suggestion="Reparer ovnen, og fjern dekket foran vinduet.",
        ),
    )


def ask_the_trust(teller: Teller, person: Person) -> None:
    """The doctor proposes that the trust follows up; until it is in force, the municipality does."""
    teller.act(
        "lege",
        teller.ago(hours=1, minutes=30),
        lambda actor, at: transfers.propose(
            actor,
            _course(actor, person).pk,
            key=key(),
            reason="Kjent ved poliklinikken. Tilsyn bør gjøres av dem som kjenner pasienten.",
            basis="LB10",
            at=at,
        ),
    )


def handed_over(teller: Teller, person: Person) -> None:
    """The trust said yes and follows up a patient it knows already: its clinic comes every day, and the prison knows whom to ring."""
    name = {"family_name": person.family_name, "given_name": person.given_name}
    propose = {"reason": "Pasienten er i behandling hos dere.", "basis": "LB10"}
    teller.act(
        "lege",
        teller.ago(days=2),
        lambda actor, at: transfers.propose(actor, _course(actor, person).pk, key=key(), **propose, at=at),
    )
    course = teller.act(
        "inntak",
        teller.ago(days=1, hours=20),
        lambda actor, at: specialist.answer_proposal(
            actor,
            latest(actor, "follow_up_proposal", **name).pk,
            key=key(),
            accept=True,
            contact="Rusklinikken, vakttelefon 55 55 55 66",
            reason="",
            patient_id=people_for(actor).get(**name).pk,
            at=at,
        ),
    )

    def begin(actor: Actor, at: datetime) -> None:
        transfers.read_answers(actor, at=at)
        agreed = transfers_for(actor).get(course_id=_course(actor, person).pk)
        transfers.put_in_force(actor, agreed.pk, at=at)

    teller.act("lege", teller.ago(days=1, hours=18), begin)

    def visit_as_trust(actor: Actor, at: datetime) -> None:
        specialist.catch_up(actor, at=at)
        specialist.record_visit(actor, course.pk, key=key(), note="Rolig. Fortsetter med samtaler.", at=at)

    teller.act("behandler", teller.ago(hours=5), visit_as_trust)


def question(teller: Teller, person: Person) -> None:
    """The prison asks for advice before it moves somebody."""
    teller.act(
        "vaktleder",
        teller.ago(hours=4),
        lambda actor, at: ask_advice(
            actor,
            person.pk,
            about="transfer",
            question="Vi vurderer å flytte personen til annen avdeling på mandag. Er det noe vi må ta hensyn til?",
            key=key(),
            at=at,
        ),
    )
    take_on(teller, "health_advice_request", person, teller.ago(hours=3, minutes=20))


def watched_over(teller: Teller, inmates: list[Person]) -> None:
    """Tell all of it."""
    plan_for(teller, inmates[4])
    harm_in_cell(teller, inmates[20])
    cold_cell(teller)
    ask_the_trust(teller, inmates[0])
    question(teller, inmates[10])
