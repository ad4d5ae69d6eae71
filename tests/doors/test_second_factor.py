"""The second factor: codes that work once, a login that must be finished, enrolment by duty and by choice."""

from datetime import timedelta

import pyotp
import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse

from coordination import ciphers, login
from coordination.models import UsedCode, User
from tests.doors.steps import enrol, key_of, post_login, token_of


def test_code_is_asked_for_and_opens(cast, at) -> None:
    totp, client = enrol("officer"), Client()
    assert post_login(client).url == reverse("second_factor")
    assert client.get(reverse("today")).url.startswith(reverse("login")), "the password alone opens nothing"
    assert client.get(reverse("choose_membership")).url == reverse("second_factor")
    answer = client.post(reverse("second_factor"), {"code": totp.at(at[0])})
    assert answer.url == reverse("today")
    assert client.get(reverse("today")).status_code == 200


def test_session_says_whether_the_second_factor_was_used(cast, at) -> None:
    plain = Client()
    post_login(plain)
    totp, verified = enrol("duty_leader"), Client()
    post_login(verified, "duty_leader")
    verified.post(reverse("second_factor"), {"code": totp.at(at[0])})
    seen = []
    for client in (plain, verified):
        with connections["default"].cursor(), login.acting(token_of(client)) as actor:
            seen.append(actor.verified)
    assert seen == [False, True]


@pytest.mark.parametrize(("seconds", "right"), [(0, True), (-30, True), (30, True), (-90, False), (90, False)])
def test_code_holds_for_its_own_half_minute_and_those_beside_it(cast, at, seconds: int, right: bool) -> None:
    totp, client = enrol("officer"), Client()
    post_login(client)
    answer = client.post(reverse("second_factor"), {"code": totp.at(at[0] + timedelta(seconds=seconds))})
    assert answer.status_code == (303 if right else 422)


def test_used_code_is_refused_and_the_next_one_works(cast, at) -> None:
    totp, first, second = enrol("officer"), Client(), Client()
    code = totp.at(at[0])
    post_login(first)
    post_login(second)
    assert first.post(reverse("second_factor"), {"code": code}).status_code == 303
    replay = second.post(reverse("second_factor"), {"code": code})
    assert replay.status_code == 422
    assert "Koden er feil eller brukt" in replay.content.decode()
    assert code not in replay.content.decode().replace(f'value="{code}"', "")
    at[0] += timedelta(seconds=30)
    assert second.post(reverse("second_factor"), {"code": totp.at(at[0])}).status_code == 303


def test_code_of_somebody_else_is_refused(cast, at) -> None:
    enrol("officer")
    other, client = enrol("duty_leader"), Client()
    post_login(client)
    assert client.post(reverse("second_factor"), {"code": other.at(at[0])}).status_code == 422


def test_guessing_codes_ends_the_login(cast, at) -> None:
    enrol("officer")
    client = Client()
    post_login(client)
    answers = [client.post(reverse("second_factor"), {"code": f"{n:06}"}).status_code for n in range(5)]
    assert answers == [422, 422, 422, 422, 303]
    assert "Begynn på nytt" in client.get(reverse("login")).content.decode()
    assert client.get(reverse("second_factor")).status_code == 303


def test_right_password_does_not_clear_the_count_of_codes(cast, at, settings) -> None:
    enrol("officer")
    for number in range(settings.LOGIN_ATTEMPTS // 2):
        client = Client()
        post_login(client)
        client.post(reverse("second_factor"), {"code": f"{number:06}"})
    assert post_login(Client()).status_code == 429


def test_login_that_takes_too_long_begins_anew(cast, at) -> None:
    totp, client = enrol("officer"), Client()
    post_login(client)
    at[0] += timedelta(minutes=11)
    assert client.post(reverse("second_factor"), {"code": totp.at(at[0])}).url == reverse("login")
    assert "tok for lang tid" in client.get(reverse("login")).content.decode()


def test_second_factor_is_demanded_where_the_installation_asks_for_it(cast, at, settings) -> None:
    settings.REQUIRE_TOTP = True
    client = Client()
    assert post_login(client).url == reverse("enrol_factor")
    assert client.get(reverse("choose_membership")).url == reverse("enrol_factor")
    page = client.get(reverse("enrol_factor")).content.decode()
    assert 'src="data:image/svg+xml' in page
    assert "style=" not in page
    secret = ciphers.unsealed(client.session["door"]["secret"])
    assert " ".join(secret[i : i + 4] for i in range(0, len(secret), 4)) in page
    assert client.post(reverse("enrol_factor"), {"code": "000000"}).status_code == 422
    assert ciphers.unsealed(client.session["door"]["secret"]) == secret, "the same key after a slip"
    assert User.objects.get(username="officer").totp_secret == ""
    code = pyotp.TOTP(secret).at(at[0])
    answer = client.post(reverse("enrol_factor"), {"code": code})
    assert client.get(answer.url).status_code == 200
    stored = User.objects.get(username="officer").totp_secret
    assert ciphers.unsealed(stored) == secret
    assert secret not in stored
    assert UsedCode.objects.count() == 1, "the code that enrolled opens nothing more"
    again = Client()
    post_login(again)
    assert again.post(reverse("second_factor"), {"code": code}).status_code == 422


def test_second_factor_may_be_chosen_by_oneself(cast, at) -> None:
    client = Client()
    post_login(client)
    before = key_of(client)
    client.get(reverse("enrol_factor"))
    secret = ciphers.unsealed(client.session["door"]["secret"])
    client.post(reverse("enrol_factor"), {"code": pyotp.TOTP(secret).at(at[0])})
    assert key_of(client) != before
    with login.acting(token_of(client)) as actor:
        assert actor.verified
    assert client.get(reverse("enrol_factor")).url == reverse("choose_membership"), (
        "a stolen session must not replace the app"
    )
