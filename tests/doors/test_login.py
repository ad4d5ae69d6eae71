"""The login: keys that change, neutral refusals, a way back to pages of ours only, and lockout that hits only the one who guesses."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, override_settings
from django.urls import reverse

from coordination.models import LoginAttempt, Role, User
from tests.cast import PASSWORD, add_member
from tests.doors.steps import LOCAL, key_of, post_login, token_of

# In


def test_one_membership_is_active_at_once(cast) -> None:
    client = Client()
    answer = post_login(client)
    assert answer.status_code == 303
    assert answer.url == reverse("today")
    assert client.get(answer.url).status_code == 200
    assert client.get(reverse("login")).url == reverse("today")


def test_name_may_be_typed_in_capitals_and_with_spaces_around(cast) -> None:
    assert post_login(Client(), " Officer ").status_code == 303


@pytest.mark.parametrize(
    ("username", "password"), [("officer", "feil passord"), ("finnes_ikke", PASSWORD), ("officer", PASSWORD.upper())]
)
def test_wrong_name_and_wrong_password_say_the_same(cast, username: str, password: str) -> None:
    client = Client()
    answer = post_login(client, username, password)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Feil brukernavn eller passord." in page
    assert f'value="{username}"' in page
    assert password not in page
    assert "acting_token" not in client.session


def test_closed_login_says_the_same_as_a_wrong_password(cast) -> None:
    User.objects.filter(username="officer").update(is_active=False)
    assert "Feil brukernavn eller passord." in post_login(Client()).content.decode()
    User.objects.filter(username="officer").update(is_active=True)
    assert post_login(Client()).status_code == 303


def test_unknown_name_costs_one_hash_like_a_known_one(cast, monkeypatch) -> None:
    made: list[str] = []
    real = User.set_password

    def counted(user: User, raw: str) -> None:
        made.append(raw)
        real(user, raw)

    monkeypatch.setattr(User, "set_password", counted)
    post_login(Client(), "finnes_ikke", "hva som helst")
    assert made == ["hva som helst"]


def test_empty_fields_say_what_to_do(cast) -> None:
    page = post_login(Client(), "", "").content.decode()
    assert "Skriv brukernavnet ditt" in page
    assert "Skriv passordet ditt" in page


def test_session_key_changes_at_login_at_choice_and_at_logout(cast) -> None:
    user = cast["officer"].membership.user
    add_member(cast, "also_south", Role.OFFICER, cast.agencies["south"], cast.units["south_a"], user=user)
    client = Client()
    # A session that somebody else made and planted in the browser, with content.
    planted = SessionStore()
    planted["acting_token"] = "token-of-nobody"
    planted["theirs"] = "x"
    planted.create()
    client.cookies["sessionid"] = str(planted.session_key)
    assert post_login(client).url == reverse("choose_membership")
    after_login = key_of(client)
    assert after_login != planted.session_key
    assert "theirs" not in client.session
    assert not SessionStore(planted.session_key).exists(planted.session_key)
    client.post(reverse("choose_membership"), {"membership": str(cast["officer"].membership.pk)})
    after_choice = key_of(client)
    assert after_choice != after_login
    client.post(reverse("logout"))
    assert key_of(client) != after_choice
    assert not SessionStore(after_choice).exists(after_choice)


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/hjelp/", None),
        ("/logg-ut/", None),
        ("//ond.example/", None),
        ("https://ond.example/personer/", None),
        ("/\\ond.example", None),
        ("/finnes-ikke/", None),
        ("javascript:alert(1)", None),
        ("/personer/", "/personer/"),
    ],
)
def test_goes_back_only_to_a_page_of_ours_behind_the_login(cast, wanted: str, lands: str | None) -> None:
    assert post_login(Client(), next=wanted).url == (lands or reverse("today"))


def test_stranger_is_sent_to_the_login_and_back_to_the_page_asked_for(cast) -> None:
    client = Client()
    sent = client.get(reverse("person", args=[cast.people["fiolin"]]) + "?query=hemmelig")
    assert sent.status_code == 302
    assert sent.url.startswith(reverse("login") + "?next=")
    assert "hemmelig" not in sent.url
    page = client.get(sent.url).content.decode()
    assert str(cast.people["fiolin"]) in page
    back = post_login(client, next=reverse("person", args=[cast.people["fiolin"]]))
    assert client.get(back.url).status_code == 200


def test_htmx_stranger_is_told_to_go_to_the_login(cast) -> None:
    answer = Client().get(reverse("today"), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, reverse("login"))


def test_login_and_logout_are_in_the_audit_log_of_the_agency(cast, admin) -> None:
    client = Client()
    post_login(client)
    client.post(reverse("logout"))
    member = cast["officer"].membership
    rows = admin.execute(
        "SELECT action, agency_id FROM audit.entry WHERE %s = ANY(object_ids) AND action IN ('login', 'logout') ORDER BY seq",
        [member.pk],
    ).fetchall()
    assert rows == [("login", member.agency_id), ("logout", member.agency_id)]


def test_database_keeps_no_token_in_clear(cast, admin) -> None:
    client = Client()
    post_login(client)
    token = token_of(client)
    assert len(token) >= 43
    found = admin.execute("SELECT count(*) FROM sec.session s WHERE s::text LIKE %s", [f"%{token}%"]).fetchone()
    assert found == (0,)


# Lockout


def test_lockout_hits_name_and_address_together_and_ends(cast, at, settings) -> None:
    for _try in range(settings.LOGIN_ATTEMPTS):
        assert post_login(Client(), password="feil").status_code == 422
    locked = post_login(Client())
    assert locked.status_code == 429
    assert "For mange forsøk. Vent 15 minutter" in locked.content.decode()
    assert post_login(Client(), "duty_leader").status_code == 303, "a colleague at the same machine"
    assert post_login(Client(), address="10.0.0.9").status_code == 303, "the same colleague from elsewhere"
    at[0] += settings.LOGIN_LOCKOUT + timedelta(seconds=1)
    assert post_login(Client()).status_code == 303


def test_knocking_on_a_locked_door_does_not_keep_it_locked(cast, at, settings) -> None:
    for _try in range(settings.LOGIN_ATTEMPTS):
        post_login(Client(), password="feil")
    at[0] += settings.LOGIN_LOCKOUT - timedelta(seconds=1)
    assert post_login(Client(), password="feil").status_code == 429
    at[0] += timedelta(seconds=2)
    assert post_login(Client()).status_code == 303


def test_guesses_from_many_addresses_lock_nobody_out_and_open_nothing(cast, at, settings) -> None:
    for number in range(40):
        for _try in range(3):
            assert post_login(Client(), password="feil", address=f"10.1.{number}.1").status_code == 422
    assert post_login(Client()).status_code == 303


def test_success_clears_the_count_and_what_is_too_old(cast, at, settings) -> None:
    for _try in range(settings.LOGIN_ATTEMPTS - 1):
        post_login(Client(), password="feil")
    post_login(Client(), "finnes_ikke", "feil")
    at[0] += settings.LOGIN_LOCKOUT / 2
    assert post_login(Client()).status_code == 303
    assert LoginAttempt.objects.filter(username="officer").count() == 0
    assert LoginAttempt.objects.filter(username="finnes_ikke").count() == 1
    at[0] += settings.LOGIN_LOCKOUT
    post_login(Client())
    assert LoginAttempt.objects.count() == 0


def test_address_is_the_proxys_word_only_behind_a_proxy(cast, settings) -> None:
    forged = {"HTTP_X_FORWARDED_FOR": "1.2.3.4, 10.9.9.9"}
    post_login(Client(**forged), password="feil")
    assert LoginAttempt.objects.get().address == LOCAL
    LoginAttempt.objects.all().delete()
    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        post_login(Client(**forged), password="feil")
    assert LoginAttempt.objects.get().address == "10.9.9.9"
