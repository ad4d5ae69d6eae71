"""The demo's measures: one at every stage, and ended ones for the figures."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from coordination import clock
from coordination.models import Person
from demo.health import may_tell, take_on, visit
from demo.stage import Teller, key, latest
from follow_up import actions as follow_up
from isolation.actions.checks import log_check, take_watch
from isolation.actions.contact import PlannedDay, log_contact, plan_span, save_plan
from isolation.actions.measures import Decision, close, decide, end
from isolation.actions.requests import answer_advice
from isolation.actions.reviews import reassess


def exclude(teller: Teller, person: Person, at: datetime, **facts: Any) -> Any:
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
    if facts["kind"] in ("exclusion", "immediate_exclusion") and facts["extent"] == "full":
        facts.setdefault("partial_considered", "Uroen kom også i liten gruppe. Delvis utelukkelse vurderes i morgen.")
    return teller.act(
        "vaktleder",
        at,
        lambda actor, when: decide(actor, person.pk, facts=Decision(effective_at=when, **facts), key=key(), at=when),
    )


def check(
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


def rounds(
    teller: Teller, measure: Any, start: datetime, stop: datetime, minutes: int = 54, night: int | None = None
) -> None:
    """Log a round every so often between two instants; at night the inmate sleeps, and is seen every `night` minutes where that is given."""
    at, count = start + timedelta(minutes=minutes), 0
    while at < stop:
        hour = at.astimezone(clock.OSLO).hour
        check(teller, measure, at, "asleep" if hour < 7 or hour >= 23 else "calm")
        count += 1
        dark = night is not None and (hour >= 23 or hour < 4)
        at += timedelta(minutes=(night if dark and night else minutes) - (count * 7) % 11)


def long_exclusion(teller: Teller, person: Person) -> None:
    """Fifteen hours: a gap of 78 minutes in the night, a late entry, a visit, an unanswered advice; the next check is late."""
    began = teller.ago(hours=14, minutes=47)
    measure = exclude(
        teller, person, began, force_used=True, force_note="Ført til cellen i håndjern.", signs_of_illness=True
    )
    rounds(teller, measure, began, teller.ago(hours=6))
    check(
        teller,
        measure,
        teller.ago(hours=5, minutes=58),
        "uneasy",
        "Banket på døra. Ville snakke med advokat. Beskjed gitt.",
    )
    check(teller, measure, teller.ago(hours=4, minutes=40), "asleep", late=timedelta(minutes=35))
    rounds(teller, measure, teller.ago(hours=4, minutes=40), teller.ago(minutes=80))
    check(teller, measure, teller.ago(minutes=72), "calm", "Ville ikke ha lunsj. Tok imot vann.")
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
    patient = take_on(teller, "exclusion_notice", person, began + timedelta(minutes=35))
    teller.act(
        "sykepleier",
        teller.ago(hours=3),
        lambda actor, at: visit(actor, patient, at, mental="Urolig, men samarbeider.", notes="Følges opp i kveld."),
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


def planned_exclusion(teller: Teller, person: Person) -> None:
    """Two days with a weekly plan and an answered advice."""
    began = teller.ago(hours=50)
    measure = exclude(teller, person, began, extent="partial", expected_hours=120, hours_out_per_day=Decimal("4"))
    rounds(teller, measure, began, teller.ago(minutes=45), night=160)

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
    patient = take_on(teller, "exclusion_notice", person, began + timedelta(minutes=50))
    may_tell(teller, patient, began + timedelta(hours=2))
    for hours in (44, 22, 1):
        teller.act(
            "sykepleier",
            teller.ago(hours=hours),
            lambda actor, at: visit(actor, patient, at, notes="I god allmenntilstand."),
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


def near_seventy_two_hours(teller: Teller, person: Person) -> None:
    """Seventy hours without a plan: it must exist within two."""
    began = teller.ago(hours=70)
    measure = exclude(teller, person, began, extent="partial", expected_hours=48, hours_out_per_day=Decimal("6"))
    rounds(teller, measure, began, teller.ago(minutes=50), night=160)
    take_on(teller, "exclusion_notice", person, began + timedelta(hours=1))


def cell(teller: Teller, person: Person) -> None:
    """A security cell since three hours; the next check is due soon."""
    began = teller.ago(hours=3, minutes=6)
    measure = exclude(
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
    rounds(teller, measure, began, teller.ago(minutes=60), minutes=45)
    check(teller, measure, teller.ago(minutes=42), "calm")


def minor(teller: Teller, person: Person) -> None:
    """A minor: continuous watch by a named officer since the decision."""
    began = teller.ago(minutes=40)
    measure = exclude(
        teller,
        person,
        began,
        extent="partial",
        hours_out_per_day=Decimal("8"),
        vulnerabilities=["young"],
        best_interests="Han er best tjent med skole og måltider sammen med en voksen. Tiltaket vurderes på nytt i kveld.",
        team_statement="not_obtained",
        team_text="Det hastet. Teamet er bedt om å uttale seg i dag.",
    )
    teller.act(
        "betjent",
        began + timedelta(minutes=1),
        lambda actor, at: take_watch(actor, measure.pk, observer="Betjent M. Eksempel", key=key(), at=at),
    )


def ended_measures(teller: Teller, persons: list[Person]) -> None:
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
        measure = exclude(teller, person, began, extent="partial" if number % 2 else "full")
        at = began + timedelta(minutes=55)
        while at < min(over, began + timedelta(hours=12)):
            check(teller, measure, at, who=officer)
            at += timedelta(minutes=50 if number % 4 else 75)
        take_on(teller, "exclusion_notice", person, began + timedelta(minutes=20 + 17 * number))
        teller.act(
            leader,
            over,
            lambda actor, when, measure=measure: end(
                actor, measure.pk, ended_at=when, reason="grounds_gone", note="Rolig. Tilbake i fellesskapet.", at=when
            ),
        )
        if number > 1:
            teller.act(
                leader,
                over + timedelta(hours=2),
                lambda actor, when, measure=measure: close(actor, measure.pk, note="", unsettled=False, at=when),
                letters=False,
            )
