"""Files with the letters that need them beside sharing: a referral, the answer to it, the answer to a request."""

import re

import pytest
from django.urls import reverse

from consent.access import inbox
from tests.consent.asking import ask, name, received
from tests.consent.paper import page_text
from tests.consent.post import patient
from tests.consent.test_attachments import chosen, kept, picture, sheet
from tests.referrals import hospital


@pytest.mark.obligation("R5.2.2-d")
def test_a_referral_goes_with_its_files_and_a_draft_keeps_none(cast, admin):
    known, doctor = hospital.patient(cast), cast["doctor"].client()
    url, typed = reverse("referral_new", args=[known]), hospital.form(cast)
    kept_as_draft = doctor.post(url, {**typed, "draft": "1", "attachments": chosen(("prøve.png", picture()))})
    assert kept_as_draft.status_code == 422
    assert "Vedlegg lagres ikke i et utkast" in page_text(kept_as_draft)
    answer = doctor.post(url, {**typed, "attachments": chosen(("prøve.png", picture()))})
    assert answer.status_code == 303, page_text(answer)
    assert kept(admin) == 2
    with cast["trust_intake"].acting() as actor:
        came = inbox(actor).get()
    got = cast["trust_intake"].client().get(reverse("letter_attachment", args=[came.pk, 1]))
    assert got.content == picture()
    text = page_text(cast["trust_intake"].client().get(reverse("letter", args=[came.pk])))
    assert re.search(r"Vedlegg prøve\.png \(PNG, 1 kB\)", text)


def test_the_answer_to_a_referral_goes_with_its_files_and_only_those_with_the_letter_get_them(cast, admin):
    hospital.refer(cast, hospital.patient(cast))
    case, trust = hospital.receive(cast), cast["trust_intake"].client()
    page = trust.get(reverse("referral_case", args=[case])).context["decision_form"]
    typed = {
        **{field: page[field].value() for field in ("key", "version", "basis")},
        "outcome": "right_denied",
        "reason": "Ikke rett til helsehjelp nå.",
        "appeal_information": "Klag til statsforvalteren innen fire uker.",
        "patient_informed": "on",
    }
    url = reverse("referral_decide", args=[case])
    wrong = trust.post(url, {**typed, "attachments": chosen(("vurdering.pdf", b"<html>"))})
    assert (wrong.status_code, "vurdering.pdf:" in page_text(wrong)) == (422, True)
    assert trust.post(url, {**typed, "attachments": chosen(("vurdering.pdf", sheet()))}).status_code == 303
    with cast["doctor"].acting() as actor:
        came = inbox(actor).get()
    door = reverse("letter_attachment", args=[came.pk, 1])
    assert cast["doctor"].client().get(door).content == sheet()
    assert {
        cast[who].client().get(door).status_code for who in ("south_doctor", "duty_leader", "other_trust_intake")
    } == {404}


def test_an_answer_to_a_request_goes_with_its_files(cast):
    name(cast)
    asked, about = ask(cast), patient(cast)
    doctor = cast["doctor"].client()
    with cast["doctor"].acting() as actor:
        url = reverse("request_answer", args=[received(actor, asked).pk])
    answer = doctor.post(
        url,
        {
            "verb": "give",
            "patient": str(about),
            "basis": "LB09",
            "necessity": "Faren for medinnsatte kan bare avverges ved at de holdes fra hverandre.",
            "informed": "yes",
            "advice": "",
            "facts": "",
            "attachments": chosen(("vurdering.pdf", sheet())),
        },
    )
    assert answer.status_code == 303, page_text(answer)
    with cast["duty_leader"].acting() as actor:
        came = inbox(actor).get(kind="information_answer")
    door = reverse("letter_attachment", args=[came.pk, 1])
    assert cast["duty_leader"].client().get(door).content == sheet()
    assert {cast[who].client().get(door).status_code for who in ("officer", "warden")} == {404}
