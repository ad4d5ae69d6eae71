"""The story: who came when, who was worried about whom, who is alone in a cell, who goes home, and what was written about it.

Every act goes through the same verbs as the pages. Instants are relative to now, so that the first page is alive.
"""

from datetime import datetime, timedelta
from typing import Any

import psycopg

from consent.actions import acknowledge
from coordination import clock
from coordination.models import Person
from coordination.people import actions as people
from demo.agencies import Stage
from demo.answers import CALM, WORRIED
from demo.emergency import emergency
from demo.formal import chained_cell, court_isolation, proposed_cell
from demo.health import take_on
from demo.journal import journals
from demo.keeping import keeping
from demo.measures import cell, ended_measures, long_exclusion, minor, near_seventy_two_hours, planned_exclusion
from demo.needs import applications, mappings
from demo.people import Invented, invent, wing
from demo.post import post
from demo.requests import requests
from demo.right_to_know import left_out
from demo.stage import Teller, key, latest
from demo.supervision import handed_over, undecided, watched_over
from demo.time_out import against_harm, flagged, self_isolated, time_out
from demo.together import deviate, meet
from demo.unusual import unusual
from demo.ways_on import consents, questions_answered, ran_out, referrals, releases
from follow_up import actions as follow_up
from follow_up import supervision
from intake.actions.contacts import contact_health
from intake.actions.interviews import hold_interview
from intake.actions.plans import Plan
from intake.rules import Concern, RiskLevel

INMATES = 60


def tell(stage: Stage, connection: psycopg.Connection) -> None:
    """Tell the whole story once."""
    at = clock.now()
    with Teller(stage, connection, at) as teller:
        inmates = _admissions(teller, invent(INMATES, clock.local_date(at)))
        _worries(teller, inmates)
        long_exclusion(teller, inmates[0])
        against_harm(teller, inmates[0])
        planned_exclusion(teller, inmates[4])
        near_seventy_two_hours(teller, inmates[6])
        cell(teller, inmates[20])
        minor(teller, inmates[2])
        watched_over(teller, inmates)
        court_isolation(teller, inmates[50])
        chained_cell(teller, inmates[52])
        undecided(teller, inmates[52])
        proposed_cell(teller, inmates[54])
        ended_measures(teller, inmates[22:50:2])
        # What the pages do when they are opened: the health service reads that measures have ended, and their clocks stop.
        teller.act(
            "sykepleier",
            teller.ago(minutes=30),
            lambda actor, at: supervision.catch_up_all(actor, at=at),
            letters=False,
        )
        locked_up = [person for person in inmates[:40:2] if person.unit_id == stage.units["north_a"].pk]
        time_out(teller, locked_up[3:12])
        self_isolated(teller, inmates[32])
        flagged(teller, inmates[34])
        releases(teller, inmates)
        referrals(teller, inmates)
        handed_over(teller, inmates[6])
        consents(teller, inmates)
        ran_out(teller, inmates[10])
        post(teller, inmates)
        questions_answered(teller)
        mappings(teller, inmates)
        applications(teller, inmates)
        requests(teller, inmates)
        left_out(teller, inmates[0])
        journals(teller, inmates[0])
        keeping(teller, inmates[0])
        meet(teller)
        deviate(teller)
        emergency(teller)
        unusual(teller, inmates, connection)


def _side(number: int) -> tuple[str, str, str]:
    """Return (duty leader, officer, unit) for the number of an inmate: every fifth is in the southern prison."""
    if number % 5 == 3:
        return "vaktleder.sor", "betjent.sor", "south_a"
    return (
        ("vaktleder", "betjent", "north_a") if wing(number, INMATES) == "A" else ("vaktleder", "betjent.b", "north_b")
    )


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


def _worries(teller: Teller, inmates: list[Person]) -> None:
    """One concern taken on and consulted, one acknowledged only, one still unanswered."""
    _worry(teller, inmates[12], teller.ago(hours=30), "betjent")
    patient = take_on(teller, "health_contact", inmates[12], teller.ago(hours=29, minutes=40))
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
