"""The story: who came when, who was worried about whom, who is alone in a cell, who goes home, and what was written about it.

Every act goes through the same verbs as the pages. Instants are relative to now, so that the first page is alive.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg

from consent.access import inbox
from consent.actions import acknowledge, give_consent
from coordination import clock
from coordination.models import Person
from coordination.people import actions as people
from coordination.people.access import access_person, open_stay
from demo.agencies import Stage
from demo.people import Invented, invent
from demo.stage import Teller, key, latest
from follow_up import actions as follow_up
from follow_up import supervision
from intake.actions.contacts import contact_health
from intake.actions.interviews import hold_interview
from intake.actions.plans import Plan
from intake.rules import Answer, Answers, Concern, Interpreter, RiskLevel
from isolation.actions.checks import log_check, take_watch
from isolation.actions.contact import PlannedDay, log_contact, plan_span, save_plan
from isolation.actions.measures import Decision, decide, end
from isolation.actions.requests import answer_advice
from isolation.actions.reviews import reassess
from referrals.actions import assessing, sending
from release_planning import actions as release
from release_planning.models import ReleasePlan

INMATES = 60
CALM = Answers(
    suicide_risk=Answer.NO,
    self_harm=Answer.NO,
    detox_need=Answer.NO,
    illness_signs=Answer.NO,
    mental_health_worry=Answer.NO,
    wishes_health_contact=Answer.NO,
    language="norsk",
    interpreter=Interpreter.NOT_NEEDED,
)
WORRIED = Answers(
    suicide_risk=Answer.UNCERTAIN,
    self_harm=Answer.NO,
    detox_need=Answer.YES,
    illness_signs=Answer.NO,
    mental_health_worry=Answer.YES,
    wishes_health_contact=Answer.YES,
    description="Skjelver og er svett. Sier han ikke har sovet på tre døgn. Vil snakke med noen.",
    language="norsk",
    interpreter=Interpreter.NOT_NEEDED,
)


def tell(stage: Stage, connection: psycopg.Connection) -> None:
    """Tell the whole story once."""
    at = clock.now()
    with Teller(stage, connection, at) as teller:
        inmates = _admissions(teller, invent(INMATES, clock.local_date(at)))
        _worries(teller, inmates)
        _long_exclusion(teller, inmates[0])
        _planned_exclusion(teller, inmates[4])
        _near_seventy_two_hours(teller, inmates[6])
        _cell(teller, inmates[20])
        _minor(teller, inmates[2])
        _ended_measures(teller, inmates[22:50:2])
        # What the pages do when they are opened: the health service reads that measures have ended, and their clocks stop.
        teller.act(
            "sykepleier",
            teller.ago(minutes=30),
            lambda actor, at: supervision.catch_up_all(actor, at=at),
            letters=False,
        )
        _releases(teller, inmates)
        _referrals(teller, inmates)
        _consents(teller, inmates)


def _side(number: int) -> tuple[str, str, str]:
    """Return (duty leader, officer, unit) for the number of an inmate: every fifth is in the southern prison."""
    if number % 5 == 3:
        return "vaktleder.sor", "betjent.sor", "south_a"
    return ("vaktleder", "betjent", "north_a") if number % 2 == 0 else ("vaktleder", "betjent.b", "north_b")


def _admissions(teller: Teller, invented: list[Invented]) -> list[Person]:
    """Admit everybody; the three newest still wait for their interview."""
    found = []
    for number, one in enumerate(invented):
        leader, officer, unit = _side(number)
        came = (
            teller.ago(days=3 + number * 6, hours=number % 7)
            if number < INMATES - 3
            else teller.ago(hours=2 + 9 * (INMATES - 1 - number))
        )
        left = clock.local_date(teller.at) + timedelta(days=20 + number * 11) if number % 3 else None

        def register(
            actor: Any,
            at: datetime,
            one: Invented = one,
            unit: str = unit,
            came: datetime = came,
            left: Any = left,
            number: int = number,
        ) -> Person:
            person = people.register_person(
                actor,
                unit=teller.stage.units[unit],
                number=one.number,
                family_name=one.family_name,
                given_name=one.given_name,
                birth_date=one.birth_date,
                national_id=one.national_id,
                cell=one.cell,
                language=one.language,
                interpreter_needed=bool(one.language),
                at=at,
            )
            people.admit(
                actor,
                person,
                legal_status="remand" if number % 3 == 0 else "convicted",
                security_level="high",
                admitted_at=came,
                expected_release_on=left,
                at=at,
            )
            return person

        person = teller.act(leader, came, register, letters=False)
        if number < INMATES - 3 and number not in {12, 14}:
            held = came + timedelta(hours=3)
            teller.act(
                officer,
                held,
                lambda actor, at, person=person: hold_interview(
                    actor, person.pk, key=key(), answers=CALM, substance_problem="no", held_at=at, at=at
                ),
                letters=False,
            )
        found.append(person)
    return found


def _worry(teller: Teller, person: Person, at: datetime, officer: str) -> None:
    plan = Plan(
        needed=True,
        reason="Usikker selvmordsfare og abstinenser.",
        measures="Tilsyn hver time, samtale i kveld.",
        risk=RiskLevel.HIGH,
        review_at=at + timedelta(hours=23),
        health_consulted="Sykepleier varslet",
    )
    teller.act(
        officer,
        at,
        lambda actor, when: hold_interview(
            actor, person.pk, key=key(), answers=WORRIED, substance_problem="yes", held_at=when, plan=plan, at=when
        ),
    )


def _patient(teller: Teller, kind: str, person: Person, at: datetime, who: str = "sykepleier") -> Any:
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


def _visit(actor: Any, patient: Any, at: datetime, **facts: Any) -> Any:
    """Let a nurse see somebody in isolation."""
    course = follow_up.access.running_course_of(actor, patient.pk)
    return supervision.record_visit(actor, patient.pk, key=key(), done_at=at, course=course, facts=facts, at=at)


def _worries(teller: Teller, inmates: list[Person]) -> None:
    """One concern taken on and consulted, one acknowledged only, one still unanswered."""
    _worry(teller, inmates[12], teller.ago(hours=30), "betjent")
    patient = _patient(teller, "health_contact", inmates[12], teller.ago(hours=29, minutes=40))
    teller.act(
        "sykepleier",
        teller.ago(hours=27),
        lambda actor, at: follow_up.record_consultation(
            actor,
            patient.pk,
            key=key(),
            outcome="held",
            held_at=at,
            facts={
                "suicide_danger": "none_found",
                "suicide_note": "Ingen planer. Ny samtale i morgen.",
                "notes": "Abstinenser, starter nedtrapping.",
            },
            at=at,
        ),
    )
    _worry(teller, inmates[14], teller.ago(minutes=25), "betjent")
    teller.act(
        "betjent",
        teller.ago(hours=3),
        lambda actor, at: contact_health(
            actor,
            inmates[16].pk,
            key=key(),
            reasons=[Concern.WISH_FOR_CONTACT],
            observation="Vil snakke med sykepleier om søvn.",
            at=at,
        ),
    )
    teller.act(
        "sykepleier",
        teller.ago(hours=2, minutes=45),
        lambda actor, _at: acknowledge(
            latest(actor, "health_contact", family_name=inmates[16].family_name, given_name=inmates[16].given_name)
        ),
    )


def _exclude(teller: Teller, person: Person, at: datetime, **facts: Any) -> Any:
    facts = {
        "kind": "exclusion",
        "extent": "full",
        "grounds": ["harm_or_violence"],
        "necessity": "Truet en medinnsatt og slo i dørene. Faren kan ikke avverges på annen måte i kveld.",
        "less_intrusive": "Samtale og flytting til annen fløy er forsøkt uten virkning.",
        "hours_out_per_day": Decimal("1.5"),
        "force_used": False,
        **facts,
    }
    return teller.act(
        "vaktleder",
        at,
        lambda actor, when: decide(actor, person.pk, facts=Decision(effective_at=when, **facts), key=key(), at=when),
    )


def _check(
    teller: Teller,
    measure: Any,
    at: datetime,
    state: str = "calm",
    note: str = "",
    late: timedelta | None = None,
    who: str = "betjent",
) -> None:
    said = at + late if late else at
    teller.act(
        who,
        said,
        lambda actor, when: log_check(
            actor,
            measure.pk,
            state=state,
            key=key(),
            occurred_at=at if late else None,
            note=note,
            alerted=["duty_leader"] if state in {"uneasy", "needs_help"} else None,
            at=when,
        ),
        letters=False,
    )


def _rounds(teller: Teller, measure: Any, start: datetime, stop: datetime, minutes: int = 54) -> None:
    """Log a round every so often between two instants; at night the inmate sleeps."""
    at, count = start + timedelta(minutes=minutes), 0
    while at < stop:
        hour = at.astimezone(clock.OSLO).hour
        _check(teller, measure, at, "asleep" if hour < 7 or hour >= 23 else "calm")
        count += 1
        at += timedelta(minutes=minutes - (count * 7) % 11)


def _long_exclusion(teller: Teller, person: Person) -> None:
    """Fifteen hours: a gap of 78 minutes in the night, a late entry, a visit, an unanswered advice; the next check is late."""
    began = teller.ago(hours=14, minutes=47)
    measure = _exclude(
        teller, person, began, force_used=True, force_note="Ført til cellen i håndjern.", signs_of_illness=True
    )
    _rounds(teller, measure, began, teller.ago(hours=6))
    _check(
        teller,
        measure,
        teller.ago(hours=5, minutes=58),
        "uneasy",
        "Banket på døra. Ville snakke med advokat. Beskjed gitt.",
    )
    _check(teller, measure, teller.ago(hours=4, minutes=40), "asleep", late=timedelta(minutes=35))
    _rounds(teller, measure, teller.ago(hours=4, minutes=40), teller.ago(minutes=80))
    _check(teller, measure, teller.ago(minutes=72), "calm", "Ville ikke ha lunsj. Tok imot vann.")
    teller.act(
        "betjent",
        teller.ago(hours=2),
        lambda actor, at: log_contact(
            actor,
            measure.pk,
            kind="outdoors",
            with_whom="inmates",
            started_at=at - timedelta(minutes=50),
            ended_at=at,
            note="Rolig.",
            key=key(),
            at=at,
        ),
    )
    patient = _patient(teller, "exclusion_notice", person, began + timedelta(minutes=35))
    teller.act(
        "sykepleier",
        teller.ago(hours=3),
        lambda actor, at: _visit(actor, patient, at, mental="Urolig, men samarbeider.", notes="Følges opp i kveld."),
    )
    teller.act(
        "lege",
        teller.ago(hours=2, minutes=10),
        lambda actor, at: follow_up.send_advice(
            actor,
            latest(actor, "exclusion_notice", family_name=person.family_name, given_name=person.given_name),
            key=key(),
            advice="Vi anbefaler mer samvær enn i dag, og tilsyn oftere i natt.",
            recommend="more_contact",
            basis="LB11",
            necessity="Samlet vurdering av helserisiko ved fortsatt utelukkelse uten samvær.",
            at=at,
        ),
    )


def _planned_exclusion(teller: Teller, person: Person) -> None:
    """Two days with a weekly plan and an answered advice."""
    began = teller.ago(hours=50)
    measure = _exclude(teller, person, began, extent="partial", expected_hours=120, hours_out_per_day=Decimal("4"))
    _rounds(teller, measure, teller.ago(hours=9), teller.ago(minutes=45))

    def plan(actor: Any, at: datetime) -> Any:
        first = clock.local_date(at)
        days = {
            day: PlannedDay("Luftegård med to andre, måltid i fellesskap og samtale med kontaktbetjent", 150)
            for day in plan_span(measure, first)
        }
        return save_plan(
            actor,
            measure.pk,
            first_on=first,
            days=days,
            way_out="Gradvis tilbake i fellesskapet fra fredag.",
            key=key(),
            at=at,
        )

    teller.act("vaktleder", began + timedelta(hours=5), plan)
    patient = _patient(teller, "exclusion_notice", person, began + timedelta(minutes=50))
    for hours in (44, 22, 1):
        teller.act(
            "sykepleier",
            teller.ago(hours=hours),
            lambda actor, at: _visit(actor, patient, at, notes="I god allmenntilstand."),
        )
    teller.act(
        "lege",
        teller.ago(hours=20),
        lambda actor, at: follow_up.send_advice(
            actor,
            latest(actor, "exclusion_notice", family_name=person.family_name, given_name=person.given_name),
            key=key(),
            advice="Vi anbefaler daglig utetid sammen med andre.",
            recommend="more_contact",
            basis="LB11",
            necessity="Samlet vurdering av helserisiko ved fortsatt utelukkelse uten utetid.",
            at=at,
        ),
    )
    teller.act(
        "vaktleder",
        teller.ago(hours=18),
        lambda actor, at: answer_advice(
            actor,
            latest(actor, "health_advice", family_name=person.family_name, given_name=person.given_name).pk,
            response="followed",
            reason="Luftegård med to andre er lagt inn i ukeplanen.",
            steps="Luftegård hver dag kl. 13.",
            at=at,
        ),
    )
    teller.act(
        "vaktleder",
        teller.ago(hours=17),
        lambda actor, at: reassess(
            actor,
            measure.pk,
            outcome="ease",
            reason="Roligere etter utetid sammen med andre. Vi prøver måltider i fellesskap.",
            mitigation="Måltid i fellesskap.",
            key=key(),
            at=at,
        ),
    )


def _near_seventy_two_hours(teller: Teller, person: Person) -> None:
    """Seventy hours without a plan: it must exist within two."""
    began = teller.ago(hours=70)
    measure = _exclude(teller, person, began, extent="partial", expected_hours=48, hours_out_per_day=Decimal("6"))
    _rounds(teller, measure, teller.ago(hours=6), teller.ago(minutes=50))
    _patient(teller, "exclusion_notice", person, began + timedelta(hours=1))


def _cell(teller: Teller, person: Person) -> None:
    """A security cell since three hours; the next check is due soon."""
    began = teller.ago(hours=3, minutes=6)
    measure = _exclude(
        teller,
        person,
        began,
        kind="security_cell",
        extent="",
        grounds=["attack_or_injury"],
        force_used=True,
        force_note="Lagt i bakken av tre betjenter.",
        hours_out_per_day=Decimal("0"),
        statement="not_obtained",
        statement_text="Det hastet. Legen ble varslet med en gang.",
    )
    _rounds(teller, measure, began, teller.ago(minutes=60), minutes=45)
    _check(teller, measure, teller.ago(minutes=42), "calm")


def _minor(teller: Teller, person: Person) -> None:
    """A minor: continuous watch by a named officer since the decision."""
    began = teller.ago(minutes=40)
    measure = _exclude(
        teller, person, began, extent="partial", hours_out_per_day=Decimal("8"), vulnerabilities=["young"]
    )
    teller.act(
        "betjent",
        began + timedelta(minutes=1),
        lambda actor, at: take_watch(actor, measure.pk, observer="Betjent M. Eksempel", key=key(), at=at),
    )


def _ended_measures(teller: Teller, persons: list[Person]) -> None:
    """Measures of the last three months, for the figures."""
    for number, person in enumerate(persons):
        leader, officer, _unit = (
            "vaktleder",
            "betjent" if person.unit_id == teller.stage.units["north_a"].pk else "betjent.b",
            "",
        )
        if person.agency_id != teller.stage.agencies["north"].pk:
            continue
        began = teller.ago(days=6 + number * 7, hours=number * 3)
        over = began + timedelta(hours=(6, 20, 30, 9, 52, 14)[number % 6])
        measure = _exclude(teller, person, began, extent="partial" if number % 2 else "full")
        at = began + timedelta(minutes=55)
        while at < min(over, began + timedelta(hours=12)):
            _check(teller, measure, at, who=officer)
            at += timedelta(minutes=50 if number % 4 else 75)
        _patient(teller, "exclusion_notice", person, began + timedelta(minutes=20 + 17 * number))
        teller.act(
            leader,
            over,
            lambda actor, when, measure=measure: end(
                actor, measure.pk, ended_at=when, reason="grounds_gone", note="Rolig. Tilbake i fellesskapet.", at=when
            ),
        )


def _releases(teller: Teller, inmates: list[Person]) -> None:
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


def _referrals(teller: Teller, inmates: list[Person]) -> None:
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


def _consents(teller: Teller, inmates: list[Person]) -> None:
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
