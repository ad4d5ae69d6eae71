"""Administration of units: made, renamed and closed by the administrator, through functions that only that role has."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from coordination import administration as verbs
from coordination import login
from coordination.identity import acting
from coordination.models import Membership, Unit
from coordination.refusals import Refused
from tests.doors.office import audited, new, verb


def test_unit_is_made_renamed_and_closed(cast, boss, admin) -> None:
    assert boss.post(reverse("add_unit"), {"kind": "youth", "name": "  Ungdoms   enheten "}).status_code == 303
    unit = Unit.objects.using("owner").select_related("group").get(name="Ungdoms enheten")
    assert (unit.agency_id, unit.kind, unit.group.name) == (cast.agencies["north"].pk, "youth", f"unit:{unit.pk}")
    assert boss.post(reverse("change_unit", args=[unit.pk]), {"name": "Ungdomsenheten"}).status_code == 303
    taken = boss.post(reverse("change_unit", args=[unit.pk]), {"name": "Avdeling A"})
    assert taken.status_code == 422
    assert "Det finnes allerede en enhet med dette navnet." in taken.content.decode()
    assert boss.post(reverse("add_unit"), {"kind": "department", "name": "Avdeling A"}).status_code == 422
    assert boss.post(reverse("close_unit", args=[unit.pk])).status_code == 303
    unit.refresh_from_db()
    assert unit.closed_on is not None
    assert unit.name == "Ungdomsenheten"
    assert boss.get(reverse("change_unit", args=[unit.pk])).status_code == 404
    assert "Lukket" in boss.get(reverse("administration_units")).content.decode()
    assert str(unit.pk) not in boss.get(reverse("add_member")).content.decode()
    wrote = audited(admin, cast.agencies["north"], ["insert", "update"])
    assert ("insert", "coordination_unit") in wrote
    assert wrote.count(("update", "coordination_unit")) == 2


def test_new_unit_works_for_need_to_know(cast, boss) -> None:
    boss.post(reverse("add_unit"), {"kind": "department", "name": "Avdeling C"})
    unit = Unit.objects.get(name="Avdeling C")
    boss.post(reverse("add_member"), new(cast, home=str(unit.pk)))
    member = Membership.objects.using("owner").get(display_name="Nora Prøve")
    token = login.open_session(member, verified=False, lasts=login.timedelta(hours=1))
    with acting(token), connection.cursor() as cursor:
        cursor.execute("SELECT sec.groups(), (SELECT count(*) FROM coordination_person)")
        assert cursor.fetchone() == ([unit.group_id], 0)


def test_unit_where_somebody_works_is_not_closed(cast, boss) -> None:
    answer = boss.post(reverse("close_unit", args=[cast.units["north_b"].pk]))
    assert answer.status_code == 422
    assert "Noen arbeider i enheten ennå." in answer.content.decode()
    boss.post(verb(cast["officer_b"].membership, "avslutt"))
    assert boss.post(reverse("close_unit", args=[cast.units["north_b"].pk])).status_code == 303


def test_health_unit_serves_a_prison_and_a_prison_unit_serves_nobody(cast, boss) -> None:
    health = cast["health_admin"].client()
    south = cast.agencies["south"]
    assert (
        health.post(reverse("add_unit"), {"kind": "team", "name": "Team sør", "serves": str(south.pk)}).status_code
        == 303
    )
    assert Unit.objects.get(name="Team sør", agency=cast.agencies["north_health"]).serves_id == south.pk
    assert "Tar imot brev fra" in health.get(reverse("administration_units")).content.decode()
    assert health.post(reverse("add_unit"), {"kind": "department", "name": "Avdeling X"}).status_code == 422
    with pytest.raises(Refused, match="kan ikke opprettes her"), cast["prison_admin"].acting() as actor:
        verbs.add_unit(actor, name="Avdeling X", kind="department", serves=south)
    with pytest.raises(Refused, match="kan ikke opprettes her"), cast["prison_admin"].acting() as actor:
        verbs.add_unit(actor, name="Team X", kind="team", serves=None)


@pytest.mark.parametrize("who", ["officer", "warden", "nurse", "trust_leader"])
def test_only_an_administrator_has_the_units_functions(cast, who: str) -> None:
    for sql in (
        "SELECT base.add_unit('X', 'department', NULL)",
        f"SELECT base.change_unit('{cast.units['north_a'].pk}', 'X', NULL)",
        f"SELECT base.close_unit('{cast.units['north_a'].pk}', '2026-01-01')",
        "INSERT INTO base.coordination_unit (id) VALUES (gen_random_uuid())",
    ):
        with pytest.raises(DatabaseError) as refused, cast[who].acting(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert refused.value.__cause__.sqlstate == "42501"


def test_role_of_an_administrator_without_an_identity_does_nothing(cast) -> None:
    close = f"SELECT base.close_unit('{cast.units['north_a'].pk}', '2026-01-01')"
    for sql in ("SELECT base.add_unit('X', 'department', NULL)", close):
        with cast["officer"].acting(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE samvirke_admin")
            with pytest.raises(DatabaseError, match="no administrator is acting"), transaction.atomic():
                cursor.execute(sql)
