"""The demo's rarer measures: isolation by order of the court, a chain from exclusion to cell, and a proposal with a doctor asked."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from coordination import clock
from coordination.models import Person
from demo.health import take_on
from demo.measures import check, exclude, rounds
from demo.stage import Teller, key
from isolation.actions.contact import PlannedDay, log_contact, plan_span, save_plan
from isolation.actions.law import record_step
from isolation.actions.measures import Decision, Order, decide
from isolation.actions.proposals import propose, request_statement
from isolation.actions.reviews import reassess, review


def court_isolation(teller: Teller, person: Person) -> None:
    """Twelve days and a half of fourteen: the court's order runs out tomorrow, and the leaders have been told."""
    began = teller.ago(days=12, hours=14)
    order = Order(
        court="Prøveby tingrett",
        reference="26-104532ENE",
        ends_at=began + timedelta(days=14),
        penalty="over_six",
    )
    facts = Decision(
        kind="court_isolation",
        extent="full",
        grounds=["court_order"],
        effective_at=began,
        necessity="Nærliggende fare for bevisforspillelse ved kontakt med andre siktede i saken.",
        less_intrusive="",
        hours_out_per_day=Decimal("2.5"),
        force_used=False,
    )
    measure = teller.act(
        "vaktleder",
        began,
        lambda actor, at: decide(actor, person.pk, facts=facts, order=order, key=key(), at=at),
    )
    rounds(teller, measure, began, teller.ago(minutes=35), night=160)
    for days in (10, 4):
        _plan(teller, measure, teller.ago(days=days))
    for days in range(8, -1, -1):
        _company(teller, measure, teller.ago(days=days, hours=1), 40 + 37 * days % 110)
    take_on(teller, "exclusion_notice", person, began + timedelta(minutes=40))


def _company(teller: Teller, measure: Any, at: datetime, minutes: int) -> None:
    """Write down time with others that has just ended."""
    teller.act(
        "betjent",
        at,
        lambda actor, when: log_contact(
            actor,
            measure.pk,
            kind="outdoors",
            with_whom="inmates",
            started_at=when - timedelta(minutes=minutes),
            ended_at=when,
            note="",
            key=key(),
            at=when,
        ),
        letters=False,
    )


def _plan(teller: Teller, measure: Any, at: datetime) -> None:
    """Make the plan of a week."""

    def plan(actor: Any, when: datetime) -> Any:
        first = clock.local_date(when)
        activity = "Luftegård og måltid med en innsatt utenfor saken, samtale med kontaktbetjent"
        days = {day: PlannedDay(activity, 150) for day in plan_span(measure, first)}
        way_out = "Retten opphever isolasjonen, eller siktede er avhørt."
        return save_plan(actor, measure.pk, first_on=first, days=days, way_out=way_out, key=key(), at=when)

    teller.act("vaktleder", at, plan, letters=False)


def chained_cell(teller: Teller, person: Person) -> None:
    """Excluded for four days, then in a cell since yesterday: one chain, and the region has decided once."""
    began = teller.ago(days=5)
    first = exclude(teller, person, began, expected_hours=96)
    teller.act(
        "vaktleder",
        began + timedelta(days=1),
        lambda actor, at: reassess(
            actor,
            first.pk,
            outcome="keep",
            reason="Truet to ansatte ved middagen. Vil ikke snakke om det ennå.",
            mitigation="Samtale med presten og en time i luftegården hver dag.",
            key=key(),
            at=at,
        ),
    )
    moved = teller.ago(hours=22)
    rounds(teller, first, began, moved, night=160)
    facts = Decision(
        kind="security_cell",
        grounds=["attack_or_injury"],
        effective_at=moved,
        necessity="Angrep en betjent med en stolfot. Lot seg ikke roe med samtale.",
        less_intrusive="Samtale gjennom luka i en halv time, og utelukkelse i fire døgn.",
        hours_out_per_day=Decimal(0),
        force_used=False,
        statement="not_obtained",
        statement_text="Legen ble ringt og var i en annen sak. Legen ble varslet med en gang.",
    )
    measure = teller.act(
        "vaktleder",
        moved,
        lambda actor, at: decide(actor, person.pk, facts=facts, key=key(), replaces=first.pk, at=at),
    )
    rounds(teller, measure, moved, teller.ago(minutes=50), minutes=52)
    check(teller, measure, teller.ago(minutes=31), "calm")
    teller.act(
        "leder",
        teller.ago(hours=3),
        lambda actor, at: review(
            actor, measure.pk, note="Har snakket med vaktleder og sett tilsynene. Roligere i natt.", at=at
        ),
        letters=False,
    )
    teller.act(
        "vaktleder",
        teller.ago(hours=20),
        lambda actor, at: record_step(
            actor,
            measure.pk,
            limit="B13A",
            outcome="continue",
            occurred_at=at,
            done_by="Seniorrådgiver R. Region",
            reference="2026/4711",
            note="Regionen er orientert tidlig og vil ha ny melding om to døgn.",
            key=key(),
            at=at,
        ),
        letters=False,
    )


def proposed_cell(teller: Teller, person: Person) -> None:
    """A quarter of an hour ago somebody proposed a cell, and the doctor has been asked."""
    row = teller.act(
        "betjent",
        teller.ago(minutes=16),
        lambda actor, at: propose(
            actor,
            person.pk,
            kind="security_cell",
            reason="Knuser innredningen og truer med å kutte seg. Svarer ikke når vi snakker til ham.",
            key=key(),
            at=at,
        ),
        letters=False,
    )
    teller.act(
        "vaktleder",
        teller.ago(minutes=12),
        lambda actor, at: request_statement(
            actor,
            row.pk,
            question="Er det helsemessige forhold vi bør ta hensyn til, og hva råder du oss til?",
            at=at,
        ),
    )
