"""The postman's other door under attack: saying that a unit follows somebody new."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import connections, transaction

from coordination.models import Person, PersonGrant
from coordination.people import actions as people
from coordination.people.access import access_person
from tests.cast import AT
from tests.consent.post import denied, register_kinds, session_of


@pytest.fixture(autouse=True)
def _kinds(cast, admin):
    register_kinds(admin)


def follow(person, unit) -> None:
    """Claim a person for a unit, as whoever acts."""
    with transaction.atomic(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT letterbox.follow_new(%s, %s)", [person, unit.pk])


def test_somebody_nobody_follows_is_not_there_for_the_taking(cast, admin):
    person = cast.people["trompet"]
    admin.execute("DELETE FROM custody.coordination_persongrant WHERE content_object_id = %s", [person])
    for name in ("officer", "officer_b", "duty_leader"):
        with cast[name].acting(), denied():
            follow(person, cast.units["north_a"])
    assert (
        admin.execute(
            "SELECT count(*) FROM custody.coordination_persongrant WHERE content_object_id = %s", [person]
        ).fetchone()[0]
        == 0
    )
    # Whoever works for the whole agency may say who needs to know; that is logged as a grant, not as a registration.
    with cast["duty_leader"].acting() as actor:
        people.grant(actor, access_person(actor, person), cast.units["north_b"])
    with cast["officer_b"].acting():
        assert PersonGrant.objects.filter(content_object_id=person).count() == 1


def written(actor, unit, number: str):
    """Write a person past the application's verb; the walls let a member add to the own agency."""
    row = Person(
        agency_id=actor.agency_id,
        unit=unit,
        number=number,
        family_name="Obo",
        given_name="Rask",
        birth_date=date(1990, 1, 1),
        created_at=AT,
    )
    row.save(force_insert=True)
    return row.pk


def test_whoever_registers_follows_in_the_own_unit_only_and_once(cast):
    a, b, south = (cast.units[name] for name in ("north_a", "north_b", "south_a"))
    with cast["officer"].acting() as actor:
        for unit, number in ((b, "S-1"), (south, "S-2")):
            with denied(), transaction.atomic():
                follow(written(actor, a, number), unit)
        made = written(actor, a, "S-3")
        follow(made, a)
        with denied():
            follow(made, b)
        assert access_person(actor, made)
    with cast["officer"].acting(), denied():
        follow(made, a)
    with cast["duty_leader"].acting() as actor:
        with denied(), transaction.atomic():
            follow(written(actor, a, "S-4"), south)
        follow(written(actor, a, "S-5"), b)


def test_a_registration_in_another_transaction_cannot_be_taken_over(cast, admin):
    """Two registrations at once: neither sees the other's row before it is committed, and by then it has its grant."""
    insert = (
        "INSERT INTO custody.coordination_person (id, agency_id, version, unit_id, family_name, given_name, family_key, birth_date, national_id_masked, "
        "synthetic, language, interpreter_needed, created_at, number, cell) VALUES (%s, %s, 1, %s, 'Obo', 'Rask', 'obo', '1990-01-01', '', false, '', false, now(), %s, '')"
    )
    left = uuid4()
    with session_of(admin, cast["officer"]) as other:
        other.execute(insert, [left, cast.agencies["north"].pk, cast.units["north_a"].pk, "S-9"])
        with cast["officer_b"].acting(), denied():
            follow(left, cast.units["north_b"])
        other.commit()
    # Left without a grant by a broken program: still nobody's for the taking.
    with cast["officer"].acting(), denied():
        follow(left, cast.units["north_a"])
