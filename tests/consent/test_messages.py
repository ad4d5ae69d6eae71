"""Practical messages between a prison and the services beside it: about nobody, answered, and there for those who work there."""

from uuid import uuid4

import pytest
from django.urls import reverse

from consent.access import inbox, outbox
from consent.actions.messages import answer_message
from coordination.refusals import Refused


def typed(cast, **more):
    return {"key": str(uuid4()), "to": str(cast.agencies["north_health"].pk), "topic": "rooms", "text": "Benken på legerommet er ødelagt.", **more}  # fmt: skip


@pytest.mark.obligation("R5.2.1-v")
def test_a_message_about_nobody_goes_to_the_service_and_is_answered(cast):
    officer, nurse = cast["duty_leader"].client(), cast["nurse"].client()
    assert reverse("message_new") in officer.get(reverse("inbox")).content.decode()
    sent = typed(cast)
    assert officer.post(reverse("message_new"), sent).status_code == 303
    assert officer.post(reverse("message_new"), sent).status_code == 303, "sent twice, goes once"
    with cast["nurse"].acting() as actor:
        letter = inbox(actor).get(kind="practical_message")
    assert (letter.person_id, letter.basis, letter.awaits) == (None, "LB15", "answer")
    page = nurse.get(reverse("letter", args=[letter.pk])).content.decode()
    assert "Lokaler og utstyr" in page
    assert reverse("message_answer", args=[letter.pk]) in page
    url = reverse("message_answer", args=[letter.pk])
    assert "Benken på legerommet" in nurse.get(url).content.decode()
    assert nurse.post(url, {"key": str(uuid4()), "text": ""}).status_code == 422
    assert nurse.post(url, {"key": str(uuid4()), "text": "Ny benk kommer torsdag."}).status_code == 303
    with cast["doctor"].acting() as actor, pytest.raises(Refused, match="allerede besvart"):
        answer_message(actor, letter.pk, text="En gang til.", key=uuid4())
    with cast["duty_leader"].acting() as actor:
        answer = inbox(actor).get(kind="practical_answer")
        assert answer.body["text"] == "Ny benk kommer torsdag."
        assert outbox(actor).get(kind="practical_message").answered_at is not None


@pytest.mark.obligation("R5.2.1-v")
@pytest.mark.parametrize("text", ["Blid Fiolin trenger ny benk.", "Gjelder 15059112345 og benken"])
def test_a_message_that_names_somebody_is_not_sent(cast, text):
    from coordination import national_id
    from tests.cast import AT

    if "15059112345" in text:
        text = text.replace("15059112345", national_id.generate_synthetic(AT.date().replace(year=1990), 7))
    answer = cast["duty_leader"].client().post(reverse("message_new"), typed(cast, text=text))
    assert answer.status_code == 422
    assert "skal ikke handle om noen bestemt" in answer.content.decode()
    assert "Lokaler og utstyr" in answer.content.decode(), "what was typed is kept"
    with cast["duty_leader"].acting() as actor:
        assert not outbox(actor).filter(kind="practical_message").exists()


def test_only_to_services_one_works_with_and_only_by_those_who_work_there(cast):
    officer = cast["officer"].client()
    assert (
        officer.post(reverse("message_new"), typed(cast, to=str(cast.agencies["south_health"].pk))).status_code == 422
    )
    assert officer.post(reverse("message_new"), typed(cast, to=str(cast.agencies["south"].pk))).status_code == 422
    for who in ("region", "prison_admin", "health_admin"):
        assert cast[who].client().post(reverse("message_new"), typed(cast)).status_code == 404
    assert cast["duty_leader"].client().post(reverse("message_new"), typed(cast)).status_code == 303
    with cast["duty_leader"].acting() as actor:
        mine = outbox(actor).get(kind="practical_message")
    # Who sent it does not answer it, and another service's has nothing to answer.
    for who in ("duty_leader", "south_nurse", "region"):
        assert cast[who].client().get(reverse("message_answer", args=[mine.pk])).status_code == 404
