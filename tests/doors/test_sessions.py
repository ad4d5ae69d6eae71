"""Sessions that end, workplaces that change, one's own password, and the pages that are open to all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from coordination import login
from coordination.identity import NobodyActs
from coordination.models import Membership, Role
from tests.cast import AT, PASSWORD, add_member
from tests.doors.steps import NEW_PASSWORD, end, key_of, post_login, token_of

# Sessions end


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"seen_at": "now() - idle - interval '1 second'"},
            "Du ble logget ut fordi du ikke har gjort noe på en stund.",
        ),
        ({"ends_at": "now() - interval '1 second'"}, "Du ble logget ut fordi økten har vart lenge."),
        ({"revoked_at": "now()"}, "Du er logget ut."),
    ],
)
def test_session_that_is_over_leads_to_the_login_which_says_why_once(cast, admin, change, words: str) -> None:
    client = Client()
    post_login(client)
    assert client.get(reverse("today")).status_code == 200
    key = key_of(client)
    end(admin, token_of(client), **change)
    sent = client.get(reverse("people"))
    assert sent.url == f"{reverse('login')}?next=%2Fpersoner%2F"
    assert key_of(client) != key
    assert "acting_token" not in client.session
    assert "door" not in client.session, "a new login starts from the password"
    assert words in client.get(sent.url).content.decode()
    assert words not in client.get(sent.url).content.decode()
    assert post_login(client, next="/personer/").url == "/personer/"


def test_changing_workplace_does_not_make_the_day_longer(cast, admin, at, settings) -> None:
    user = cast["officer"].membership.user
    add_member(cast, "also_south", Role.OFFICER, cast.agencies["south"], cast.units["south_a"], user=user)
    client = Client()
    post_login(client)
    client.post(reverse("choose_membership"), {"membership": str(cast["officer"].membership.pk)})
    at[0] += timedelta(hours=5)
    client.post(reverse("choose_membership"), {"membership": str(cast["also_south"].membership.pk)})
    left = admin.execute(
        "SELECT ends_at - created_at FROM sec.session WHERE token_hash = sha256(convert_to(%s, 'UTF8'))",
        [token_of(client)],
    ).fetchone()[0]
    assert abs(left - (settings.SESSION_LASTS - timedelta(hours=5))) < timedelta(seconds=5)
    at[0] += timedelta(hours=4)
    gone = client.post(reverse("choose_membership"), {"membership": str(cast["officer"].membership.pk)})
    assert gone.url == reverse("login")


def test_membership_that_ends_in_the_middle_of_a_session_is_out_at_the_next_request(cast) -> None:
    client = Client()
    post_login(client)
    assert client.get(reverse("today")).status_code == 200
    Membership.objects.using("owner").filter(pk=cast["officer"].membership.pk).update(ended_at=AT)
    assert client.get(reverse("today")).url.startswith(reverse("login"))
    assert "er avsluttet" in client.get(reverse("login")).content.decode()
    answer = post_login(client)
    assert answer.url == reverse("choose_membership")
    page = client.get(answer.url).content.decode()
    assert "Du har ikke tilgang til noe arbeidssted" in page
    assert client.get(reverse("today")).url.startswith(reverse("login"))


def test_logout_closes_the_session_in_the_database_and_clears_the_browser(cast) -> None:
    client = Client()
    post_login(client)
    token = token_of(client)
    assert client.get(reverse("logout")).status_code == 405
    answer = client.post(reverse("logout"))
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    with pytest.raises(NobodyActs), login.acting(token):
        pass
    assert "Du er logget ut." in client.get(answer.url).content.decode()
    assert client.get(reverse("today")).url.startswith(reverse("login"))


# Workplaces


@pytest.mark.obligation("RM8-a")
def test_changing_workplace_shows_the_new_one_only(cast) -> None:
    user = cast["officer"].membership.user
    add_member(cast, "also_south", Role.OFFICER, cast.agencies["south"], cast.units["south_a"], user=user)
    client = Client()
    assert post_login(client).url == reverse("choose_membership")
    page = client.get(reverse("choose_membership")).content.decode()
    assert "Prøveby fengsel north" in page
    assert "Prøveby fengsel south" in page
    mine = {"north": "fiolin", "south": "sjiraff"}
    old = ""
    for side, name in (("north", "officer"), ("south", "also_south"), ("north", "officer")):
        client.post(reverse("choose_membership"), {"membership": str(cast[name].membership.pk)})
        assert token_of(client) != old
        if old:
            with pytest.raises(NobodyActs), login.acting(old):
                pass
        old = token_of(client)
        for other, person in mine.items():
            status = client.get(reverse("person", args=[cast.people[person]])).status_code
            assert status == (200 if other == side else 404)


def test_nobody_chooses_a_membership_of_somebody_else(cast) -> None:
    client = Client()
    post_login(client)
    theirs = cast["warden"].membership
    assert client.post(reverse("choose_membership"), {"membership": str(theirs.pk)}).status_code == 404
    assert client.post(reverse("choose_membership"), {"membership": "x"}).status_code == 404
    with login.acting(token_of(client)) as actor:
        assert actor.membership_id == cast["officer"].membership.pk


def test_administrator_begins_at_administration(cast) -> None:
    assert post_login(Client(), "prison_admin").url == reverse("administration")


# Own password


def test_own_password_is_changed_with_the_old_one_and_other_sessions_end(cast) -> None:
    client, elsewhere = Client(), Client()
    post_login(client)
    post_login(elsewhere)
    new = NEW_PASSWORD
    wrong = client.post(reverse("change_password"), {"current": "feil", "new": new, "again": new})
    assert wrong.status_code == 422
    assert "Passordet du bruker nå, er ikke riktig." in wrong.content.decode()
    right = client.post(reverse("change_password"), {"current": PASSWORD, "new": new, "again": new})
    assert right.status_code == 303
    page = client.get(right.url).content.decode()
    assert "Passordet er byttet." in page
    assert client.get(reverse("today")).status_code == 200
    assert elsewhere.get(reverse("today")).url.startswith(reverse("login"))
    assert post_login(Client()).status_code == 422
    assert post_login(Client(), password=new).status_code == 303


@pytest.mark.parametrize(
    ("new", "again", "words"),
    [
        ("kort", "kort", "Passordet er for kort. Skriv minst 15 tegn."),
        (NEW_PASSWORD, "fire glade sjiraffer gråter", "ikke like"),
        ("release_caseworker", "release_caseworker", "for likt navnet ditt"),
        (PASSWORD, PASSWORD, "et annet enn det du bruker nå"),
        ("1q2w3e4r5t6y7u8i9o0p", "1q2w3e4r5t6y7u8i9o0p", "Mange bruker dette passordet"),
        ("", "", "Skriv det nye passordet"),
    ],
)
def test_weak_or_mistyped_password_is_refused(cast, new: str, again: str, words: str) -> None:
    client = cast["release_caseworker"].client()
    answer = client.post(reverse("change_password"), {"current": PASSWORD, "new": new, "again": again})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert post_login(Client(), "release_caseworker").status_code == 303


# Open pages


@pytest.mark.parametrize("name", ["help", "accessibility", "login"])
def test_open_page_needs_nobody_and_names_nobody(cast, name: str) -> None:
    answer = Client().get(reverse(name))
    assert answer.status_code == 200
    assert "Fiolin" not in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("name", ["help", "accessibility", "choose_membership", "change_password", "enrol_factor"])
def test_open_page_works_for_one_who_acts(cast, name: str) -> None:
    assert cast["officer"].client().get(reverse(name)).status_code == 200


def test_theme_is_remembered_and_leads_back_here_only(cast) -> None:
    client = Client()
    answer = client.post(reverse("set_theme"), {"theme": "dark", "next": reverse("accessibility")})
    assert (answer.status_code, answer.url) == (303, reverse("accessibility"))
    assert 'data-color-scheme="dark"' in client.get(answer.url).content.decode()
    assert client.post(reverse("set_theme"), {"theme": "dark", "next": "https://ond.example/"}).url == reverse("help")
    client.post(reverse("set_theme"), {"theme": "rosa"})
    assert client.cookies["theme"].value == "dark"
