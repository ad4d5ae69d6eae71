"""The demo's time out of the cell, isolation without a decision, measures against harm, and the flag of extra attention."""

import uuid
from datetime import timedelta
from decimal import Decimal

from coordination import clock
from coordination.models import Person
from coordination.people import attention
from demo.stage import Teller, key
from isolation.access import running_for
from isolation.actions import cell_time, checks, contact, informal


def time_out(teller: Teller, persons: list[Person]) -> None:
    """Three weeks of time out for a unit, an evening at a time; two of them get little."""
    for back in range(13, 0, -1):
        at = teller.ago(days=back) + timedelta(hours=1)
        day = clock.local_date(at) - timedelta(days=1)
        minutes = {
            person.pk: 95 if number == 1 else 190 if number == 4 else 330 + 45 * ((number + back) % 5)
            for number, person in enumerate(persons)
        }
        teller.act(
            "betjent",
            at,
            lambda actor, when, day=day, minutes=minutes: cell_time.record_unit_day(
                actor, teller.stage.units["north_a"].pk, day=day, minutes=minutes, key=uuid.uuid4(), at=when
            ),
            letters=False,
        )


def self_isolated(teller: Teller, person: Person) -> None:
    """Stays in the cell by own choice: followed, told to the health service, with a talk and a plan."""
    row = teller.act(
        "betjent",
        teller.ago(days=4),
        lambda actor, at: informal.register(
            actor, person.pk, kind="self_isolation", since_on=clock.local_date(at) - timedelta(days=1),
            hours_out=Decimal("1.5"), description="Går ikke ut av cella. Sier at det er for mye bråk på fløya.",
            key=key(), at=at,
        ),
    )  # fmt: skip
    teller.act(
        "vaktleder",
        teller.ago(days=3, hours=20),
        lambda actor, at: informal.consider(
            actor, row.pk, supervision=True, reason="Alene nesten hele døgnet, og har sluttet å trene.", wish=True,
            key=key(), at=at,
        ),
    )  # fmt: skip
    teller.act(
        "betjent",
        teller.ago(days=3, hours=18),
        lambda actor, at: informal.talk(
            actor, row.pk, kind="both", answer="thinking", note="Vil kanskje prøve verkstedet.", done_at=at, key=key(),
            at=at,
        ),
        letters=False,
    )  # fmt: skip
    teller.act(
        "kontaktbetjent",
        teller.ago(days=3),
        lambda actor, at: informal.plan_activity(
            actor, row.pk, activities=["Verkstedet", "", "Luftegård med kontaktbetjent", "", "Trening", "", ""],
            minutes=[90, 0, 60, 0, 60, 0, 0], routines="Om formiddagen, når fløya er rolig.", key=key(), at=at,
        ),
        letters=False,
    )  # fmt: skip


def against_harm(teller: Teller, person: Person) -> None:
    """On a long exclusion: things offered, one that could not be done, and checks every half hour."""

    def offer(who: str, hours: float, kind: str, outcome: str, note: str = "") -> None:
        def verb(actor, at):  # type: ignore[no-untyped-def]
            measure = running_for(actor, person.pk)
            assert measure
            return contact.offer_mitigation(
                actor, measure.pk, kind=kind, outcome=outcome, note=note, offered_at=at, key=key(), at=at
            )

        teller.act(who, teller.ago(hours=hours), verb, letters=False)

    offer("betjent", 5, "outdoors", "accepted", "En halv time ekstra i luftegården.")
    offer("betjent", 4, "call", "declined")
    offer("vaktleder", 3, "company", "not_possible", "Trusler mot begge som kunne vært med.")

    def order(actor, at):  # type: ignore[no-untyped-def]
        measure = running_for(actor, person.pk)
        assert measure
        return checks.order_interval(actor, measure.pk, minutes=45, reason="Har vært svært urolig i natt.", at=at)

    teller.act("vaktleder", teller.ago(hours=1, minutes=30), order, letters=False)


def flagged(teller: Teller, person: Person) -> None:
    """Staff saw something, and raised the flag."""
    teller.act(
        "betjent",
        teller.ago(days=2),
        lambda actor, at: attention.raise_by_hand(
            actor,
            person.pk,
            criteria=["distress", "understanding"],
            note="Spør om det samme mange ganger om dagen.",
            at=at,
        ),
        letters=False,
    )
