"""The demo's release notices, referrals and consents."""

from datetime import datetime, timedelta
from typing import Any

from consent.access import inbox
from consent.actions import acknowledge, answer_question, give_consent, sign, start_talk
from consent.models import QUESTIONS
from coordination import clock
from coordination.identity import Actor
from coordination.models import Person
from coordination.people.access import access_person, open_stay
from coordination.reference import consent_text_on
from demo.stage import Teller, key, latest
from follow_up import actions as follow_up
from referrals.actions import assessing, sending
from release_planning import actions as release
from release_planning.models import ReleasePlan


def releases(teller: Teller, inmates: list[Person]) -> None:
    """Notices sent, due soon and overdue; the rest follow from the dates set at admission."""
    today = clock.local_date(teller.at)
    for number in (1, 5, 7, 11):

        def notify(actor: Any, at: datetime, person: Person = inmates[number]) -> Any:
            stay = open_stay(actor, person.pk)
            assert stay
            assert stay.expected_release_on
            plan = ReleasePlan.objects.filter(stay=stay).first()
            late = "date_known_late" if (stay.expected_release_on - today).days < 62 else ""
            return release.send_notice(
                actor,
                plan,
                expected_release_on=stay.expected_release_on,
                status="expected",
                late_reason=late,
                necessity="Helsetjenesten må vite datoen for å sikre videre oppfølging etter løslatelse.",
                inmate_informed=True,
                key=key(),
                at=at,
            )

        teller.act("saksbehandler", teller.ago(days=2, hours=number), notify)
    teller.act(
        "sykepleier",
        teller.ago(days=1),
        lambda actor, _at: acknowledge(inbox(actor).filter(kind="release_notice").last()),
    )


def referrals(teller: Teller, inmates: list[Person]) -> None:
    """A draft, one waiting for the trust, one nine working days old, one decided."""
    trust = teller.stage.agencies["trust"]

    def write(number: int, at: datetime) -> Any:
        def verb(actor: Any, when: datetime) -> Any:
            patient = (
                follow_up.access.people_for(actor)
                .filter(family_key=inmates[number].family_name.lower(), given_name=inmates[number].given_name)
                .first()
            )
            return sending.write(
                actor,
                access_person(actor, patient.pk),
                trust=trust,
                key=key(),
                at=when,
                service_type="TSB",
                urgency="ordinary",
                reason="Langvarig opioidavhengighet, motivert for behandling under soning.",
                question="Vurdering av rett til behandling og oppstart av LAR.",
                medication="",
                interpreter=False,
                inmate_informed=True,
                basis="LB12",
            )

        return teller.act("lege", at, verb)

    def sent(number: int, at: datetime) -> Any:
        draft = write(number, at)
        return teller.act(
            "lege",
            at + timedelta(minutes=5),
            lambda actor, when: sending.send(actor, type(draft).objects.get(pk=draft.pk), at=when),
        )

    write(12, teller.ago(hours=5))
    sent(0, teller.ago(hours=2))
    for number, days in ((4, 12), (6, 16)):
        sent(number, teller.ago(days=days))
        person = inmates[number]

        def receive(actor: Any, when: datetime, person: Person = person) -> Any:
            letter = latest(actor, "referral", family_name=person.family_name, given_name=person.given_name)
            return assessing.register_receipt(
                actor, letter, patient=None, clinic=teller.stage.units["trust_clinic"], at=when
            )

        case = teller.act("inntak", teller.ago(days=days - 1), receive)
        if number == 6:
            teller.act(
                "inntak",
                teller.ago(days=8),
                lambda actor, when, case=case: assessing.decide(
                    actor,
                    type(case).objects.get(pk=case.pk),
                    outcome="right_granted",
                    reason="Fyller vilkårene for rett til behandling.",
                    treatment_deadline_on=clock.local_date(teller.at) + timedelta(days=60),
                    start_on=clock.local_date(teller.at) + timedelta(days=30),
                    patient_informed=True,
                    version=case.version,
                    key=key(),
                    at=when,
                ),
            )


def consents(teller: Teller, inmates: list[Person]) -> None:
    """Two consents kept by the prison."""
    today = clock.local_date(teller.at)
    for number in (0, 4):
        teller.act(
            "kontaktbetjent",
            teller.ago(days=1),
            lambda actor, at, person=inmates[number]: give_consent(
                actor,
                access_person(actor, person.pk),
                recipients=[teller.stage.agencies["north_health"].pk],
                categories=["plan"],
                purpose="Samarbeid om plan for løslatelse.",
                valid_from=today - timedelta(days=1),
                valid_to=today + timedelta(days=180),
                reference="2026/1234",
                at=at,
            ),
        )


def ran_out(teller: Teller, person: Person) -> None:
    """A consent signed on the screen a month ago that ended yesterday: the next sweep tells the health service."""

    def sign_one(actor: Actor, at: datetime) -> None:
        talk = start_talk(
            actor,
            access_person(actor, person.pk),
            recipients=[teller.stage.agencies["north_health"].pk],
            categories=["plan"],
            purpose="Samarbeid om skole og arbeid.",
            valid_from=clock.local_date(at),
            valid_to=clock.local_date(teller.at) - timedelta(days=1),
            told=list(consent_text_on("sharing", clock.local_date(at)).points),
            language="nb",
            interpreter="not_needed",
            given_by="self",
            at=at,
        )
        sign(actor, talk, typed_name=f"{person.given_name} {person.family_name}", reference_number="2026/1240", at=at)

    teller.act("vaktleder", teller.ago(days=14), sign_one)
    teller.act(
        "sykepleier", teller.ago(days=13, hours=20), lambda actor, _at: acknowledge(latest(actor, "consent_notice"))
    )


def questions_answered(teller: Teller) -> None:
    """What was asked at admission is answered for all but the newest: for some it is, and the talk comes when there is a plan."""

    def answer(actor: Actor, at: datetime) -> None:
        asked = QUESTIONS[actor.world].objects.filter(agency_id=actor.agency_id, answered_at=None)
        for number, question in enumerate(asked.filter(recorded_at__lt=at - timedelta(days=2)).order_by("recorded_at")):
            answer_question(
                actor,
                question,
                needed=number % 4 == 0,
                reason="Skal samarbeide med NAV og kommunen." if number % 4 == 0 else "Ingen deling er planlagt nå.",
                at=at,
            )

    for leader in ("vaktleder", "vaktleder.sor", "lege"):
        teller.act(leader, teller.ago(hours=20), answer, letters=False)
