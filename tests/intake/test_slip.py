"""The slip somebody in prison reaches the health service with, and the officer at the door who passes the wish on."""

import pytest
from django.urls import reverse

from consent.access import inbox
from tests.consent.test_export import text_of
from tests.follow_up.sending import key


@pytest.mark.obligation("R5.2.1-v")
@pytest.mark.parametrize(
    ("language", "words"),
    [("nb", "Jeg vil snakke med helsetjenesten"), ("nn", "Eg vil snakke med helsetenesta"), ("en", "I want to talk to the health service"), ("nb-enkel", "Jeg vil ha hjelp fra helsetjenesten")],
)  # fmt: skip
def test_the_slip_is_printed_blank_in_every_language(cast, language, words):
    answer = cast["officer"].client().get(reverse("health_slip_pdf", args=[language]))
    text = text_of(answer.content)
    assert words in text
    assert text.count("[") == 7
    assert "Fiolin" not in text
    assert "ARBEIDSKOPI" not in text.upper(), "it is given to the person"


def test_the_slip_is_there_for_those_who_work_in_a_prison(cast):
    assert cast["officer"].client().get(reverse("health_slip_pdf", args=["fi"])).status_code == 404
    for who in ("nurse", "region", "prison_admin"):
        assert cast[who].client().get(reverse("health_slip_pdf", args=["nb"])).status_code == 404


@pytest.mark.obligation("R5.2.1-v")
def test_an_officer_at_the_door_passes_the_wish_on_in_two_taps(cast):
    officer = cast["officer"].client()
    person = cast.people["fiolin"]
    way = f"{reverse('health_contact', args=[person])}?grunn=onske"
    assert f'href="{way}"' in officer.get(reverse("person", args=[person])).content.decode()
    page = officer.get(way)
    assert page.context["form"]["reasons"].value() == ["wish_for_contact"]
    assert reverse("health_slip_pdf", args=["nn"]) in page.content.decode()
    assert officer.post(way, {"key": key(), "reasons": ["wish_for_contact"], "observation": ""}).status_code == 303
    with cast["nurse"].acting() as actor:
        letter = inbox(actor).get(kind="health_contact")
        assert (letter.body["wish"], letter.body["reasons"]) == (True, ["wish_for_contact"])
