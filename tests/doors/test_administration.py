"""Administration of one's own agency: the list, members, logins. Flows through HTTP with real commits."""

import re

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination import administration as verbs
from coordination import ciphers
from coordination.identity import NobodyActs, acting
from coordination.models import Membership, MembershipUnit, Role, User
from tests.cast import AT, PASSWORD, add_member
from tests.doors.office import audited, new, one_time, verb
from tests.doors.steps import NEW_PASSWORD

# The list


def test_list_finds_by_name_and_costs_the_same_for_many(cast, boss) -> None:
    found = boss.post(reverse("administration"), {"query": "contact"}).content.decode()
    assert "Contact Officer" in found
    assert "Release Caseworker" not in found
    assert "Ingen treff" in boss.post(reverse("administration"), {"query": "finnes ikke"}).content.decode()
    counts = []
    for extra in (0, 30):
        for number in range(extra):
            add_member(cast, f"extra_{number:02}", Role.OFFICER, cast.agencies["north"], cast.units["north_a"])
        with (
            CaptureQueriesContext(connections["default"]) as walled,
            CaptureQueriesContext(connections["auth"]) as logins,
        ):
            assert boss.get(reverse("administration")).status_code == 200
        counts.append((len(walled), len(logins)))
    for number in range(30):
        cast.members.pop(f"extra_{number:02}")
    assert counts[0] == counts[1]
    assert counts[0][0] <= 10


def test_long_list_is_read_page_by_page(cast, boss) -> None:
    for number in range(55):
        add_member(cast, f"extra_{number:02}", Role.OFFICER, cast.agencies["north"], cast.units["north_a"])
        cast.members.pop(f"extra_{number:02}")
    seen: list[str] = []
    url = reverse("administration")
    while url:
        page = boss.get(url).content.decode()
        seen += re.findall(r'scope="row"><a class="ds-link" href="([^"]+)"', page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        url = reverse("administration") + more.group(1) if more else ""
    with cast["prison_admin"].acting() as actor:
        assert len(seen) == len(set(seen)) == verbs.staff(actor).count()
    assert boss.get(reverse("administration") + "?after=tull").status_code == 200


# Members


def test_new_user_gets_a_one_time_password_shown_once_and_must_change_it(cast, boss, admin) -> None:
    answer = boss.post(reverse("add_member"), new(cast))
    assert answer.status_code == 303
    page = boss.get(answer.url).content.decode()
    password = one_time(page)
    assert re.fullmatch(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", password)
    assert one_time(boss.get(answer.url).content.decode()) == "", "shown once"
    member = Membership.objects.using("owner").get(display_name="Nora Prøve")
    assert (member.role, member.reach, member.agency_id) == ("officer", "unit", cast.agencies["north"].pk)
    assert [row.unit_id for row in MembershipUnit.objects.using("owner").filter(membership=member)] == [
        cast.units["north_a"].pk
    ]
    wrote = audited(admin, cast.agencies["north"], ["insert"])
    assert {("insert", "coordination_membership"), ("insert", "coordination_membershipunit")} <= set(wrote)

    client = Client()
    sent = client.post(reverse("login"), {"username": "nora.prove", "password": password})
    assert sent.url == reverse("change_password")
    assert client.get(reverse("today")).url.startswith(reverse("login")), "nothing opens before a password of one's own"
    assert client.get(reverse("choose_membership")).url == reverse("change_password")
    same = client.post(reverse("change_password"), {"new": password, "again": password})
    assert same.status_code == 422
    mine = NEW_PASSWORD
    sent = client.post(reverse("change_password"), {"new": mine, "again": mine})
    assert sent.url == reverse("confidentiality"), "what confidentiality means here comes first"
    assert client.post(sent.url, {"version": "1", "accept": "on"}).url == reverse("today")
    assert client.get(reverse("person", args=[cast.people["fiolin"]])).status_code == 200
    assert Client().post(reverse("login"), {"username": "nora.prove", "password": password}).status_code == 422


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"username": "officer"}, "Brukernavnet er i bruk"),
        ({"home": ""}, "Velg enheten personen hører til"),
        ({"full_name": ""}, "Skriv navnet"),
        ({"username": "å"}, "Bruk minst tre tegn"),
        ({"has_login": ""}, "Velg om personen har innlogging fra før"),
        ({"role": ""}, "Velg rollen"),
        ({"email": "feil"}, "Skriv e-postadressen slik"),
        ({"has_login": "yes", "username": "south_officer"}, "Fant ingen innlogging"),
        ({"has_login": "yes", "username": "finnes_ikke"}, "Fant ingen innlogging"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(cast, boss, changes, words: str) -> None:
    answer = boss.post(reverse("add_member"), new(cast, **changes))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert "Feil:" in page
    if "full_name" not in changes:
        assert 'value="Nora Prøve"' in page
    assert not Membership.objects.using("owner").filter(display_name="Nora Prøve").exists()


def test_somebody_with_a_login_elsewhere_gets_a_membership_and_keeps_the_password(cast, boss) -> None:
    form = new(cast, has_login="yes", username="south_officer", full_name="south officer")
    answer = boss.post(reverse("add_member"), form)
    assert one_time(boss.get(answer.url).content.decode()) == ""
    client = Client()
    sent = client.post(reverse("login"), {"username": "south_officer", "password": PASSWORD})
    assert sent.url == reverse("choose_membership")
    assert boss.post(reverse("add_member"), form).status_code == 422, "once is enough"


def test_roles_are_those_of_the_agency(cast, boss) -> None:
    assert boss.post(reverse("add_member"), new(cast, role="prison_nurse")).status_code == 422
    with cast["prison_admin"].acting() as actor:
        prison = verbs.roles_for(actor)
    with cast["health_admin"].acting() as actor:
        health = verbs.roles_for(actor)
    assert Role.WARDEN in prison
    assert Role.REGION not in prison
    without_content = {Role.ADMINISTRATOR, Role.PRIVACY_OFFICER}
    assert set(health) == {Role.PRISON_NURSE, Role.PRISON_DOCTOR, Role.HEALTH_LEADER} | without_content


def test_unit_of_another_agency_is_not_offered_and_not_taken(cast, boss) -> None:
    page = boss.get(reverse("add_member")).content.decode()
    assert str(cast.units["north_b"].pk) in page
    assert str(cast.units["south_a"].pk) not in page
    assert boss.post(reverse("add_member"), new(cast, home=str(cast.units["south_a"].pk))).status_code == 422


def test_role_and_units_change_the_reach_and_end_the_session(cast, boss) -> None:
    member, fiolin, trompet = cast["officer"].membership, cast.people["fiolin"], cast.people["trompet"]
    with cast["officer"].acting() as actor:
        assert actor.unit_id == cast.units["north_a"].pk
    client = cast["officer"].client()
    assert client.get(reverse("person", args=[fiolin])).status_code == 200
    assert client.get(reverse("person", args=[trompet])).status_code == 404
    data = {
        "version": "1",
        "role": "contact_officer",
        "home": str(cast.units["north_b"].pk),
        "email": "ny@example.test",
    }
    assert boss.post(reverse("change_member", args=[member.pk]), data).status_code == 303
    assert client.get(reverse("today")).url.startswith(reverse("login"))
    client = Client()
    client.post(reverse("login"), {"username": "officer", "password": PASSWORD})
    assert client.get(reverse("person", args=[fiolin])).status_code == 404
    assert client.get(reverse("person", args=[trompet])).status_code == 200
    rows = MembershipUnit.objects.using("owner").filter(membership=member)
    assert {(r.unit_id, r.ended_at is None) for r in rows} == {
        (cast.units["north_a"].pk, False),
        (cast.units["north_b"].pk, True),
    }


def test_two_administrators_at_once_get_the_conflict_page(cast, boss) -> None:
    member = cast["officer"].membership
    data = {"version": "1", "role": "officer", "home": str(cast.units["north_b"].pk), "email": ""}
    assert boss.post(reverse("change_member", args=[member.pk]), data).status_code == 303
    late = boss.post(reverse("change_member", args=[member.pk]), {**data, "role": "warden"})
    assert late.status_code == 409
    assert "Noen andre har endret dette" in late.content.decode()
    assert Membership.objects.using("owner").get(pk=member.pk).role == "officer"
    assert (
        boss.post(reverse("change_member", args=[member.pk]), {**data, "version": "2", "role": "warden"}).status_code
        == 303
    )


def test_more_units_are_added_and_taken_away(cast, boss) -> None:
    member = cast["officer"].membership
    a, b = cast.units["north_a"], cast.units["north_b"]
    both = {"version": "1", "role": "officer", "home": str(a.pk), "others": [str(a.pk), str(b.pk)], "email": ""}
    assert boss.post(reverse("change_member", args=[member.pk]), both).status_code == 303
    current = MembershipUnit.objects.using("owner").filter(membership=member, ended_at=None)
    assert {(r.unit_id, r.is_home) for r in current} == {(a.pk, True), (b.pk, False)}
    swapped = {**both, "version": "2", "home": str(b.pk), "others": []}
    assert boss.post(reverse("change_member", args=[member.pk]), swapped).status_code == 303
    assert {(r.unit_id, r.is_home) for r in current.all()} == {(b.pk, True)}


def test_ended_membership_is_out_and_stays_in_the_list_of_the_ended(cast, boss, admin) -> None:
    member, client = cast["officer"].membership, cast["officer"].client()
    assert client.get(reverse("today")).status_code == 200
    confirm = boss.get(verb(member, "avslutt")).content.decode()
    assert "Det brukeren har skrevet, står." in confirm
    assert boss.post(verb(member, "avslutt")).status_code == 303
    assert client.get(reverse("today")).url.startswith(reverse("login"))
    ended = boss.get(reverse("administration") + "?vis=avsluttet").content.decode()
    assert reverse("member", args=[member.pk]) in ended
    assert reverse("member", args=[member.pk]) not in boss.get(reverse("administration")).content.decode()
    assert boss.post(verb(member, "avslutt")).status_code == 404
    assert ("update", "coordination_membership") in audited(admin, cast.agencies["north"], ["update"])


# Logins


def test_reset_password_ends_every_session_and_the_old_password(cast, boss, admin) -> None:
    member, client = cast["officer"].membership, cast["officer"].client()
    answer = boss.post(verb(member, "passord"))
    password = one_time(boss.get(answer.url).content.decode())
    assert password
    assert one_time(boss.get(answer.url).content.decode()) == ""
    assert client.get(reverse("today")).url.startswith(reverse("login"))
    assert Client().post(reverse("login"), {"username": "officer", "password": PASSWORD}).status_code == 422
    fresh = Client()
    assert fresh.post(reverse("login"), {"username": "officer", "password": password}).url == reverse("change_password")
    assert audited(admin, cast.agencies["north"], ["reset_password"]) == [("reset_password", "coordination_membership")]
    secret = admin.execute("SELECT session_data FROM base.django_session").fetchall()
    assert all(password not in row[0] for row in secret)


def test_one_time_password_is_shown_on_its_own_page_only(cast, boss) -> None:
    boss.post(verb(cast["officer"].membership, "passord"))
    other = boss.get(reverse("member", args=[cast["officer_b"].membership.pk])).content.decode()
    assert one_time(other) == ""
    assert one_time(boss.get(reverse("member", args=[cast["officer"].membership.pk])).content.decode())


def test_lost_phone_and_closed_login(cast, boss, admin) -> None:
    member = cast["officer"].membership
    User.objects.filter(pk=member.user_id).update(totp_secret=ciphers.sealed("JBSWY3DPEHPK3PXP"))
    client = Client()
    assert client.post(reverse("login"), {"username": "officer", "password": PASSWORD}).url == reverse("second_factor")
    assert boss.post(verb(member, "app")).status_code == 303
    assert client.post(reverse("login"), {"username": "officer", "password": PASSWORD}).url == reverse("today")
    assert boss.post(verb(member, "steng")).status_code == 303
    assert client.get(reverse("today")).url.startswith(reverse("login"))
    with pytest.raises(NobodyActs), acting(cast["officer"].token):
        pass
    assert "Stengt" in boss.get(reverse("administration")).content.decode()
    assert client.post(reverse("login"), {"username": "officer", "password": PASSWORD}).status_code == 422
    assert boss.post(verb(member, "apne")).status_code == 303
    assert client.post(reverse("login"), {"username": "officer", "password": PASSWORD}).url == reverse("today")
    actions = [a for a, _t in audited(admin, cast.agencies["north"], ["reset_factor", "deactivate", "activate"])]
    assert actions == ["reset_factor", "deactivate", "activate"]


@pytest.mark.parametrize("name", ["passord", "app", "steng", "apne"])
def test_login_of_one_who_also_works_elsewhere_is_out_of_reach(cast, boss, name: str) -> None:
    member = cast["officer"].membership
    add_member(cast, "also_south", Role.OFFICER, cast.agencies["south"], cast.units["south_a"], user=member.user)
    also = cast.members.pop("also_south")
    before = User.objects.get(pk=member.user_id).password
    answer = boss.post(verb(member, name))
    assert answer.status_code == 422
    assert "arbeider også et annet sted" in answer.content.decode()
    assert "også et annet sted" in boss.get(reverse("member", args=[member.pk])).content.decode()
    kept = User.objects.get(pk=member.user_id)
    assert (kept.password, kept.is_active) == (before, True)
    assert also.client().get(reverse("today")).status_code == 200, "the session elsewhere is untouched"
    assert boss.post(verb(member, "avslutt")).status_code == 303, "the agency may end its own"
    assert also.client().get(reverse("today")).status_code == 200
    Membership.objects.using("owner").filter(pk=member.pk).update(ended_at=None)
    Membership.objects.using("owner").filter(pk=also.membership.pk).update(ended_at=AT)
    assert boss.post(verb(member, name)).status_code == 303, "the twin who works here only"


def test_verb_that_does_not_exist_is_absent(cast, boss) -> None:
    assert boss.post(verb(cast["officer"].membership, "slett")).status_code == 404
