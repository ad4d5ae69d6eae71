"""What an administrator cannot reach: the work, other agencies, and their own access."""

import pytest
from django.db import DatabaseError, connection
from django.urls import get_resolver, reverse

from coordination.models import Membership, Role, User
from coordination.walls.declaration import Kind, wall_of, walled_models
from tests.cast import AT, PASSWORD, add_member
from tests.doors.office import new, verb

# Nothing of the work


PRIVATE = (Kind.SUBJECT, Kind.PERSONAL, Kind.GRANT, Kind.LETTER, Kind.AGENCY)


@pytest.mark.obligation("R6.1-i")
@pytest.mark.obligation("RM8-a")
@pytest.mark.parametrize("who", ["prison_admin", "health_admin"])
def test_administrator_reads_no_row_about_anybody(cast, admin, who: str) -> None:
    tables = [m._meta.db_table for m in walled_models() if (w := wall_of(m)) and w.kind in PRIVATE]
    assert len(tables) > 10
    assert admin.execute("SELECT count(*) FROM custody.coordination_person").fetchone()[0] > 0
    for table in tables:
        with cast[who].acting(), connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("samvirke_admin",)
            cursor.execute("SAVEPOINT s")
            try:
                cursor.execute(f"SELECT count(*) FROM {table}")
                assert cursor.fetchone() == (0,), table
            except DatabaseError as error:
                assert error.__cause__.sqlstate == "42501", table
                cursor.execute("ROLLBACK TO SAVEPOINT s")
    with cast["duty_leader"].acting(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM coordination_person")
        assert cursor.fetchone()[0] > 0, "there is something behind the wall"


OWN = {
    *("administration", "add_member", "member", "change_member", "member_verb"),
    *("administration_units", "add_unit", "change_unit", "close_unit", "law_date", "retention", "step_up"),
    *("login", "second_factor", "enrol_factor", "choose_membership", "confidentiality", "change_password"),
    *("help", "accessibility", "healthz", "healthz_deadlines", "api_law_date"),
}


def pages(patterns, prefix=()):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from pages(pattern.url_patterns, prefix)
        elif pattern.name:
            yield pattern


@pytest.mark.obligation("R6.1-i")
def test_administrator_finds_no_page_about_anybody(cast, boss) -> None:
    officer = cast["duty_leader"].client()
    assert "Fiolin" in officer.get(reverse("people")).content.decode(), "there is something behind the wall"
    tried = 0
    for pattern in pages(get_resolver().url_patterns):
        kinds = pattern.pattern.converters
        if pattern.name in OWN or any(type(c).__name__ != "UUIDConverter" for c in kinds.values()):
            continue
        for person in (cast.people["fiolin"], cast.people["trompet"]) if kinds else (None,):
            url = reverse(pattern.name, kwargs=dict.fromkeys(kinds, person))
            answer = boss.get(url)
            landing = answer.status_code == 302 and answer.url == reverse("administration")
            assert landing or answer.status_code == (405 if pattern.name in {"logout", "set_theme"} else 404), (
                pattern.name,
                answer.status_code,
            )
            assert b"Fiolin" not in answer.content
            tried += 1
    assert tried > 10


@pytest.mark.parametrize(
    "who", ["officer", "duty_leader", "warden", "nurse", "health_leader", "trust_leader", "region"]
)
def test_nobody_else_administers(cast, who: str) -> None:
    client, member, unit = cast[who].client(), cast["officer_b"].membership, cast.units["north_a"]
    for name, args in (
        ("administration", []),
        ("add_member", []),
        ("member", [member.pk]),
        ("change_member", [member.pk]),
        ("member_verb", [member.pk, "passord"]),
        ("administration_units", []),
        ("add_unit", []),
        ("change_unit", [unit.pk]),
        ("close_unit", [unit.pk]),
    ):
        for send in (client.get, client.post):
            answer = send(reverse(name, args=args))
            assert answer.status_code == (
                405 if send == client.post and name in {"member", "administration_units"} else 404
            ), name
    assert reverse("administration") not in client.get(reverse("help")).content.decode()
    assert reverse("administration") in cast["prison_admin"].client().get(reverse("help")).content.decode()


def test_another_agencys_member_and_unit_are_absent(cast, boss) -> None:
    theirs, unit = cast["south_officer"].membership, cast.units["south_a"]
    for name, args in (
        ("member", [theirs.pk]),
        ("change_member", [theirs.pk]),
        ("change_unit", [unit.pk]),
        ("close_unit", [unit.pk]),
    ):
        assert boss.get(reverse(name, args=args)).status_code == 404
    for name in ("avslutt", "passord", "app", "steng", "apne"):
        assert boss.post(verb(theirs, name)).status_code == 404
    assert boss.post(reverse("close_unit", args=[unit.pk])).status_code == 404
    assert boss.post(reverse("change_unit", args=[unit.pk]), {"name": "Tatt"}).status_code == 404
    page = boss.get(reverse("administration")).content.decode()
    assert "South Officer" not in page
    assert "Officer B" in page
    assert boss.get(reverse("member", args=[cast["officer_b"].membership.pk])).status_code == 200
    assert User.objects.get(pk=theirs.user_id).check_password(PASSWORD)


def test_walls_stop_a_membership_in_another_agency(cast) -> None:
    with pytest.raises(DatabaseError), cast["prison_admin"].acting():
        Membership(
            user=cast["officer"].membership.user,
            agency=cast.agencies["south"],
            role=Role.WARDEN,
            reach="agency",
            display_name="X",
            started_at=AT,
        ).save(force_insert=True)
    with cast["prison_admin"].acting():
        assert Membership.objects.filter(agency=cast.agencies["south"]).count() == 0


# Never oneself


def test_administrator_cannot_change_their_own_access(cast, boss) -> None:
    mine = cast["prison_admin"].membership
    assert boss.get(reverse("change_member", args=[mine.pk])).status_code == 404
    for name in ("avslutt", "passord", "app", "steng"):
        answer = boss.post(verb(mine, name))
        assert answer.status_code == 422
        assert "Det må en annen administrator gjøre" in answer.content.decode()
    own = new(cast, has_login="yes", username="prison_admin", full_name="Prison Admin", role="warden", home="")
    assert boss.post(reverse("add_member"), own).status_code == 422
    with pytest.raises(DatabaseError, match="own membership"), cast["prison_admin"].acting() as actor:
        # Past the application: the database itself refuses.
        Membership(
            user_id=actor.user_id,
            agency_id=actor.agency_id,
            role="warden",
            reach="agency",
            display_name="X",
            started_at=AT,
        ).save(force_insert=True)
    other = add_member(cast, "second_admin", Role.ADMINISTRATOR, cast.agencies["north"], None)
    cast.members.pop("second_admin")
    assert other.client().post(verb(mine, "avslutt")).status_code == 303


def test_membership_cannot_be_handed_to_another_user(cast) -> None:
    target, other = cast["officer"].membership, cast["officer_b"].membership
    with pytest.raises(DatabaseError, match="stays with its user"), cast["prison_admin"].acting():
        Membership.objects.filter(pk=target.pk).update(user_id=other.user_id)
