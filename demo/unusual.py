"""What the privacy officer's week shows: openings of each unusual kind, dated to last week in the log, and one line that is closed.

The log only knows now, so these few entries are put into it as its owner, with a hash like any other and before the first seal.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from coordination import clock, national_id
from coordination.identity import Actor
from coordination.models import Person, Stay
from coordination.oversight import openings, review, rules
from coordination.people import actions as people
from coordination.people import stays
from demo.stage import Teller

#: Who left 40 days ago: (family name, given name). The first is called as somebody who works here, the second has a surname of the staff.
GONE = (("Tenkt", "Terje"), ("Mønster", "Ivar"), ("Vaffel", "Treg"))


def unusual(teller: Teller, inmates: list[Person], connection: psycopg.Connection) -> None:
    """Put a week of openings in the log, and let the privacy officer close one line."""
    if connection.execute("SELECT EXISTS (SELECT 1 FROM audit.seal)").fetchone() != (False,):
        return
    monday = rules.weeks_over(teller.at, 1)[0]
    noon = clock.at_local(monday + timedelta(days=2), 12)
    colleague, surname, nobody = (_gone(teller, number, *name) for number, name in enumerate(GONE))
    log = _Log(teller, connection)
    log.opened("betjent", colleague, noon)
    log.opened("vaktleder", surname, noon + timedelta(hours=1))
    log.opened("kontaktbetjent", nobody, noon + timedelta(hours=2))
    text = "Klagen på flyttingen i september skal besvares før fristen."
    teller.act(
        "leder",
        noon + timedelta(hours=3),
        lambda actor, at: openings.give_reason(actor, nobody, code="complaint", text=text, at=at),
        letters=False,
    )
    log.opened("leder", nobody, noon + timedelta(hours=3), purpose="person:complaint")
    for minutes in (0, 7):
        log.opened(
            "betjent.b", inmates[7].pk, clock.at_local(monday + timedelta(days=3), 2) + timedelta(minutes=minutes)
        )
    hour = clock.at_local(monday + timedelta(days=1), 10)
    # Those who were in the northern prison by then; the first came last week, and so did the last.
    north = [person.pk for number, person in enumerate(inmates[:-3]) if number > 2 and number % 5 != 3]
    for number, person in enumerate(north[:34]):
        log.opened("saksbehandler", person, hour + timedelta(seconds=90 * number))
    for number in range(6):
        log.opened("betjent", inmates[1].pk, noon + timedelta(minutes=number), action="refuse")
    teller.act("personvern", teller.ago(hours=2), lambda actor, at: _close_one(actor, monday), letters=False)


def _gone(teller: Teller, number: int, family: str, given: str) -> UUID:
    """Return somebody who was in the northern prison for two months and left 40 days ago."""
    born = clock.local_date(teller.at).replace(year=1984, month=5, day=11 + number)

    def come(actor: Actor, at: datetime) -> Person:
        person = people.register_person(
            actor, unit=teller.stage.units["north_a"], number=f"S-{20300 + number}", family_name=family, given_name=given,
            birth_date=born, national_id=national_id.generate_synthetic(born, 300 + number), cell="", at=at,
        )  # fmt: skip
        people.admit(
            actor,
            person,
            legal_status="convicted",
            security_level="high",
            admitted_at=at,
            expected_release_on=None,
            at=at,
        )
        return person

    def leave(actor: Actor, at: datetime) -> None:
        stay = Stay.objects.get(person=person, ended_at=None)
        stays.end_stay(actor, person, stay, reason="released", ended_at=at, version=stay.version, at=at)

    person = teller.act("vaktleder", teller.ago(days=100), come, letters=False)
    teller.act("vaktleder", teller.ago(days=40), leave, letters=False)
    return person.pk


def _close_one(actor: Actor, monday: Any) -> None:
    """Close the line about the colleague's name, with the officer's own reference."""
    line = review.unusual(actor, monday)[0]
    review.close_line(actor, monday, line.mark, outcome="explained", own_reference="2026/114")


class _Log:
    """Puts openings into the log as of an instant."""

    def __init__(self, teller: Teller, connection: psycopg.Connection) -> None:
        self.teller, self.connection = teller, connection

    def opened(self, who: str, person: UUID, at: datetime, *, purpose: str = "person", action: str = "read") -> None:
        """Write one entry. The trigger that hashes it must run, so the connection is an ordinary one for this statement."""
        member = self.teller.stage.memberships[who]
        with self.connection.transaction():
            self.connection.execute("SET LOCAL session_replication_role = origin")
            self.connection.execute(
                "INSERT INTO audit.entry (at, user_id, membership_id, agency_id, action, subject_table, object_ids, person_ids, purpose, request, leaf) "
                "VALUES (%s, %s, %s, %s, %s, 'coordination_person', ARRAY[%s]::uuid[], ARRAY[%s]::uuid[], %s, gen_random_uuid(), '')",
                [at, member.user_id, member.pk, member.agency_id, action, person, person, purpose],
            )
