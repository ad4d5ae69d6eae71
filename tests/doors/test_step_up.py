"""The password once more before what is dangerous: what was typed follows along, attempts are counted as at the door, and it lasts a while."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from consent.access import outbox
from coordination import step_up
from tests.cast import PASSWORD
from tests.consent.test_grounds import WHY
from tests.doors.steps import enrol, unconfirmed

TYPED = {
    "basis": "LB06",
    "necessity": WHY,
    "about": "Fare «nå» & <straks>",
    "content": "Linje én\r\nlinje to",
    "informed": "yes",
}


def sharing(cast) -> str:
    """Return the page where the officer shares on the ground of danger."""
    return f"{reverse('share', args=[cast.people['fiolin']])}?til={cast.agencies['north_health'].pk}&type=follow_up_information"


def carried(response) -> dict[str, str]:
    """Return what the step-up page carries along, as the browser would send it."""
    return dict(response.context["carried"])


def sent(cast) -> int:
    """Return how many letters the officer has sent."""
    with cast["officer"].acting() as actor:
        return outbox(actor).count()


@pytest.fixture
def asked(cast):
    """Give a client whose dangerous form has met the step-up page, and that page."""
    client = unconfirmed(cast["officer"].client())
    return client, client.post(sharing(cast), TYPED)


def test_what_was_typed_follows_through_the_password_and_is_sent_once_confirmed(cast, asked) -> None:
    client, page = asked
    assert page.status_code == 403
    assert carried(page) == TYPED
    assert "Fare «nå» &amp; &lt;straks&gt;" in page.content.decode()
    assert sent(cast) == 0
    done = client.post(page.context["action"], {**carried(page), "bekreft-password": PASSWORD})
    assert done.status_code == 303
    with cast["officer"].acting() as actor:
        letter = outbox(actor).get()
        assert (letter.basis, letter.body["about"], letter.necessity) == ("LB06", TYPED["about"], WHY)
    again = client.post(sharing(cast), {**TYPED, "about": "Et annet forhold"})
    assert again.status_code == 303, "a moment later nothing is asked"


def test_other_grounds_ask_nothing_and_a_wrong_form_is_told_first(cast) -> None:
    client = unconfirmed(cast["officer"].client())
    assert client.post(sharing(cast), {**TYPED, "about": ""}).status_code == 422
    assert client.post(sharing(cast), {**TYPED, "basis": "LB03"}).status_code == 303


def test_wrong_passwords_keep_the_text_send_nothing_and_lock_as_at_the_door(cast, asked, settings) -> None:
    client, page = asked
    settings.LOGIN_ATTEMPTS = 2
    for status in (422, 422, 429):
        wrong = client.post(page.context["action"], {**carried(page), "bekreft-password": "feil passord her"})
        assert wrong.status_code == status
        assert carried(wrong) == TYPED
    right = client.post(page.context["action"], {**carried(page), "bekreft-password": PASSWORD})
    assert right.status_code == 429, "locked is locked, also for the right one"
    assert sent(cast) == 0


def test_a_joined_app_is_asked_for_its_code_too(cast, asked) -> None:
    client, page = asked
    app = enrol("officer")
    password = {**carried(page), "bekreft-password": PASSWORD}
    assert client.post(page.context["action"], password).status_code == 422
    assert client.post(page.context["action"], {**password, "bekreft-code": "000000"}).status_code == 422
    assert client.post(page.context["action"], {**password, "bekreft-code": app.now()}).status_code == 303


def test_confirmed_is_for_this_session_and_a_few_minutes(cast, at) -> None:
    client = unconfirmed(cast["officer"].client())
    there = reverse("alerts")
    asks = client.post(reverse("step_up"), {"next": there, "bekreft-password": PASSWORD})
    assert (asks.status_code, asks.url) == (303, there)
    assert client.post(sharing(cast), TYPED).status_code == 303
    assert unconfirmed(cast["officer"].client()).post(sharing(cast), TYPED).status_code == 403, (
        "another browser of the same person"
    )
    at[0] += timedelta(minutes=5)
    assert client.post(sharing(cast), {**TYPED, "about": "Noe annet"}).status_code == 403


def test_the_door_leads_nowhere_else(cast) -> None:
    client = unconfirmed(cast["officer"].client())
    done = client.post(reverse("step_up"), {"next": "https://ond.example/", "bekreft-password": PASSWORD})
    assert done.url == reverse("today")
    assert client.get(reverse("step_up"), {"next": "//ond.example"}).context["carried"] == []


def test_a_page_that_gives_content_out_sends_to_the_door_and_back(cast, rf: RequestFactory) -> None:
    @step_up.step_up_required
    def export(request):
        return HttpResponse("uttrekk 42")

    with cast["officer"].acting() as actor:
        for confirmed, expected in ((0, None), (2_000_000_000, b"uttrekk 42")):
            request = rf.get("/personer/", {"vis": "alt"})
            request.session, request.actor = {"confirmed": confirmed}, actor
            if expected is None:
                with pytest.raises(step_up.NotConfirmed) as caught:
                    export(request)
                page = step_up.StepUpMiddleware(export).process_exception(request, caught.value)
                assert page.status_code == 403
                assert b'value="/personer/?vis=alt"' in page.content
                assert b"uttrekk 42" not in page.content
            else:
                assert export(request).content == expected


def test_a_file_that_could_not_follow_is_never_left_out_in_silence(cast, asked) -> None:
    client, page = asked
    lost = client.post(page.context["action"], {**carried(page), "bekreft-filer": "1", "bekreft-password": PASSWORD})
    assert lost.status_code == 403
    assert "kunne ikke følge med" in lost.content.decode()
    assert sent(cast) == 0
