"""Why is asked before somebody whom nothing ties to the agency is opened, in custody and in health, and the answer is in the log."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from coordination.models import CustodyOpening
from coordination.oversight import openings
from coordination.refusals import Refused
from tests.audit.patients import make_patient
from tests.cast import AT
from tests.walls.test_doors import _bare

TEXT = "Personen ringte og ba om kopi av vedtaket."


@pytest.fixture
def left(cast, admin, monkeypatch):
    """Give Fiolin, who left a month ago and about whom nothing is to be done, at noon."""
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    fiolin = cast.people["fiolin"]
    admin.execute(
        "UPDATE custody.coordination_stay SET ended_at = %s, end_reason = 'released' WHERE person_id = %s",
        [AT - timedelta(days=30), fiolin],
    )
    admin.execute(
        "UPDATE custody.coordination_custodydeadline SET closed_at = %s, outcome = 'met', next_alert_at = NULL WHERE person_id = %s AND closed_at IS NULL",
        [AT, fiolin],
    )
    return fiolin


def purposes(admin, member) -> list[tuple[str, str]]:
    return admin.execute(
        "SELECT DISTINCT action, purpose FROM audit.entry WHERE membership_id = %s AND request IS NOT NULL",
        [member.membership.pk],
    ).fetchall()


def test_who_is_here_is_opened_without_a_question(cast, monkeypatch):
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    assert cast["duty_leader"].client().get(reverse("person", args=[cast.people["fiolin"]])).status_code == 200


@pytest.mark.parametrize("who", ["officer", "warden"])
def test_who_left_is_opened_after_the_question_and_the_code_is_in_the_log(cast, admin, left, who):
    client = cast[who].client()
    url = reverse("person", args=[left])
    asked = client.get(url)
    assert asked.status_code == 303
    assert b"Fiolin" not in asked.content
    page = client.get(asked.url)
    assert page.status_code == 200
    assert "Fiolin" not in page.content.decode()
    assert ("asked", "person") in purposes(admin, cast[who])
    assert ("read", "person") not in purposes(admin, cast[who]), "what was not shown was not read"
    assert client.post(asked.url, {"code": "asked", "text": "fordi"}).status_code == 422
    answered = client.post(asked.url, {"code": "asked", "text": TEXT})
    assert (answered.status_code, answered.url) == (303, url)
    assert "Fiolin" in client.get(url).content.decode()
    assert ("read", "person:asked") in purposes(admin, cast[who])


def test_a_reason_is_one_s_own_and_holds_for_twelve_hours(cast, admin, left, monkeypatch):
    with cast["warden"].acting() as actor:
        openings.give_reason(actor, left, code="complaint", text=TEXT, at=AT)
    url = reverse("person", args=[left])
    assert cast["warden"].client().get(url).status_code == 200
    assert cast["duty_leader"].client().get(url).status_code == 303
    monkeypatch.setattr("coordination.clock.now", lambda: AT + timedelta(hours=12, seconds=1))
    assert cast["warden"].client().get(url).status_code == 303


def test_a_task_is_reason_enough(cast, admin, left):
    url = reverse("person", args=[left])
    assert cast["duty_leader"].client().get(url).status_code == 303
    admin.execute(
        "UPDATE custody.coordination_custodydeadline SET closed_at = NULL, outcome = '' WHERE person_id = %s", [left]
    )
    assert cast["duty_leader"].client().get(url).status_code == 200


def test_every_page_about_one_person_asks_and_the_api_refuses(cast, left):
    client = cast["duty_leader"].client()
    for door in ("consents", "edit_person", "api_person"):
        answer = client.get(reverse(door, args=[left]))
        assert answer.status_code == (403 if door.startswith("api_") else 303), door
        assert b"Fiolin" not in answer.content


def test_a_list_does_not_ask(cast, left):
    assert cast["duty_leader"].client().get("/personer/?vis=alle").status_code == 200


def test_the_question_tells_hidden_from_absent_to_nobody(cast, left):
    for who in ("officer_b", "south_duty_leader", "nurse", "prison_admin"):
        client = cast[who].client()
        pages = []
        for key in (left, uuid.uuid4()):
            url = reverse("opening_reason", args=[key])
            assert client.post(url, {"code": "asked", "text": TEXT}).status_code == 404
            pages.append(_bare(client.get(url).content, url))
        assert pages[0] == pages[1], who


@pytest.mark.obligation("R6.2-d")
def test_in_health_too(cast, admin, monkeypatch):
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    patient = make_patient(admin, cast, "north_team")
    url = reverse("person", args=[patient])
    client = cast["doctor"].client()
    assert client.get(url).status_code == 200
    admin.execute("UPDATE municipal_health.coordination_municipalpatient SET present = false WHERE id = %s", [patient])
    asked = client.get(url)
    assert asked.status_code == 303
    assert b"Nordlys" not in asked.content
    assert ("read", "person") in purposes(admin, cast["doctor"]), "while the patient was here"
    assert client.post(asked.url, {"code": "documentation", "text": "fordi"}).status_code == 422
    assert client.post(asked.url, {"code": "documentation", "text": TEXT}).status_code == 303
    assert client.get(url).status_code == 200
    assert ("read", "person:documentation") in purposes(admin, cast["doctor"]), "the log says why"
    # A reason is one's own: a colleague is asked too.
    assert cast["health_leader"].client().get(url).status_code == 303


def test_a_reason_says_something(cast, left):
    with cast["warden"].acting() as actor:
        with pytest.raises(Refused) as refused:
            openings.give_reason(actor, left, code="other", text="fordi fordi fordi", at=AT)
        assert refused.value.code == "text"
        assert CustodyOpening.objects.count() == 0
        openings.give_reason(actor, left, code="other", text=TEXT, at=AT)
        assert CustodyOpening.objects.count() == 1
