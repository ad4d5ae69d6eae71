"""The mapping of needs and resources: offered as advice, a no is an answer, and done waits for the question about consent."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from consent.access import question_of
from consent.actions import answer_question
from consent.models import CustodyConsentQuestion
from coordination.models import CustodyDeadline
from coordination.models.deadlines import Strength
from coordination.people import stays
from coordination.people.access import open_stay
from coordination.person_page import links_for
from coordination.refusals import Refused
from coordination.timeline import events_for
from coordination.worklist import tasks_for
from intake import access, actions
from intake.models import NeedsMapping
from intake.rules import mapping_due
from tests.api.calls import get, send
from tests.cast import AT
from tests.consent.test_letters import page_text

SHOWED = {"needs": ["housing", "work"], "resources": ["family"]}


pytestmark = pytest.mark.usefixtures("noon")


def stay_of(cast, who="fiolin"):
    with cast["duty_leader"].acting() as actor:
        return open_stay(actor, cast.people[who])


def offered(cast, answer="accepted", who="fiolin", by="contact_officer"):
    """Offer a mapping, committed, and return it."""
    stay = stay_of(cast, who)
    with cast[by].acting() as actor:
        return actions.offer_mapping(actor, stay, answer=answer, key=uuid4(), at=AT)


def advice(cast, who="fiolin"):
    """Return the advice that is open about somebody's stay."""
    with cast["duty_leader"].acting():
        return list(CustodyDeadline.objects.filter(rule="D06", person_id=cast.people[who], closed_at=None))


@pytest.mark.parametrize(
    ("since", "due"),
    [
        (datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2026, 11, 15, 23, tzinfo=UTC)),
        # Late in the evening in Oslo it is the next date; the night the clocks go back has an hour more.
        (datetime(2026, 10, 10, 22, 30, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
        (datetime(2026, 3, 15, 12, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
    ],
)
def test_the_advice_is_two_weeks_of_oslo_dates(since, due):
    assert mapping_due(since) == due - timedelta(microseconds=1)


@pytest.mark.obligation("R5.2.1-b")
def test_who_serves_a_sentence_is_to_be_offered_a_mapping_and_late_is_no_breach(cast):
    (row,) = advice(cast)
    assert (row.due_at, row.strength, row.next_alert_at) == (
        mapping_due(AT - timedelta(days=40)), Strength.RECOMMENDED, None,
    )  # fmt: skip
    assert advice(cast, "ung") == [], "not on remand"
    with cast["contact_officer"].acting() as actor:
        (task,) = [task for task in tasks_for(actor, AT) if task.rule == "D06"]
        assert task.strength == Strength.RECOMMENDED
        assert task.due_at < AT
    client, page = cast["contact_officer"].client(), reverse("mapping_offer", args=[stay_of(cast).pk])
    assert f'href="{page}"' in client.get(reverse("today")).content.decode()
    with cast["contact_officer"].acting() as actor:
        person = access.access_stay(actor, stay_of(cast).pk).person
        assert page in [link.url for link in links_for(actor, person)]
    assert client.post(page, {"key": str(uuid4())}).status_code == 422
    once = {"key": str(uuid4()), "answer": "later"}
    made = [client.post(page, once) for _twice in range(2)]
    assert made[0].url == made[1].url
    assert advice(cast) == []
    # Thought about it: yes.
    assert "Vil tenke" not in page_text(client.get(made[0].url))
    assert client.post(made[0].url, {"answer": "accepted", "version": "1"}).status_code == 303
    assert client.post(made[0].url, {"answer": "declined", "version": "1"}).status_code == 422
    assert client.post(page, {"key": str(uuid4()), "answer": "accepted"}).status_code == 422, "one at a time"
    with cast["contact_officer"].acting() as actor:
        titles = [event.title for event in events_for(actor, person, AT - timedelta(days=1))]
        assert {"Kartlegging tilbudt", "Takket ja til kartlegging"} <= set(titles)


def test_a_no_asks_nothing_more_and_may_be_offered_anew(cast):
    no = offered(cast, "declined")
    assert advice(cast) == []
    with cast["contact_officer"].acting() as actor:
        assert not CustodyConsentQuestion.objects.filter(point="mapping").exists()
        assert "D06" not in [task.rule for task in tasks_for(actor, AT)]
        with pytest.raises(Refused) as refused:
            actions.finish_mapping(actor, no, **SHOWED, version=no.version, at=AT)
        assert refused.value.code == "state"
    assert offered(cast).pk != no.pk


def test_a_conviction_starts_the_advice_and_remand_ends_it(cast):
    for status, expected in (
        ("convicted", [mapping_due(AT)]),
        ("remand", []),
        ("preventive_detention", [mapping_due(AT)]),
    ):
        stay = stay_of(cast, "ung")
        with cast["duty_leader"].acting() as actor:
            person = access.access_stay(actor, stay.pk).person
            stays.edit_stay(
                actor, person, stay, version=stay.version, legal_status=status, security_level="high", remand_restrictions=[], at=AT,
            )  # fmt: skip
        assert [row.due_at for row in advice(cast, "ung")] == expected, status
    stay = stay_of(cast, "ung")
    with cast["duty_leader"].acting() as actor:
        stays.end_stay(actor, person, stay, reason="section_12", ended_at=AT, version=stay.version, at=AT)
    assert advice(cast, "ung") == []


def test_nobody_on_remand_is_offered_one(cast):
    with pytest.raises(Refused) as refused:
        offered(cast, who="ung")
    assert refused.value.code == "remand"


@pytest.mark.obligation("R5.2.1-b", "R6.3-a")
def test_done_waits_for_whether_consent_is_needed_and_leads_to_the_talk(cast):
    row = offered(cast)
    with cast["contact_officer"].acting() as actor:
        with pytest.raises(Refused) as held:
            actions.finish_mapping(actor, row, **SHOWED, version=row.version, at=AT)
        assert held.value.code == "consent_question"
        assert access.access_mapping(actor, row.pk).state == "accepted"
        assert [task for task in tasks_for(actor, AT) if task.rule == "D07"] == []
    client, page = cast["contact_officer"].client(), reverse("mapping", args=[row.pk])
    typed = {**SHOWED, "needs": ["housing", "health"], "version": str(row.version)}
    assert "Trengs det samtykke" in page_text(client.get(page))
    for less in ({}, {"needed": "yes"}, {"reason": "Skal deles."}):
        again = client.post(page, {**typed, **less})
        assert again.status_code == 422
        assert 'value="health"' in again.content.decode()
        assert "checked" in again.content.decode()
    done = client.post(page, {**typed, "needed": "yes", "reason": "Helsetjenesten skal planlegge sammen med oss."})
    assert (done.status_code, done.url) == (303, reverse("consent_new", args=[cast.people["fiolin"]]))
    text = page_text(client.get(page))
    for words in (
        "Bolig",
        "Familie og nettverk",
        "Helsetjenesten skal planlegge sammen med oss.",
        "Start samtykkesamtalen",
    ):
        assert words in text
    assert "planlegge sammen" in page_text(client.get(reverse("consents", args=[cast.people["fiolin"]])))
    with cast["contact_officer"].acting() as actor:
        assert "Kartlegging gjennomført" in [e.title for e in events_for(actor, row.person, AT - timedelta(days=1))]


@pytest.mark.obligation("R6.3-a")
def test_not_needed_needs_its_reason_too_and_an_answer_given_before_is_not_asked_for_again(cast):
    row = offered(cast)
    with cast["contact_officer"].acting() as actor:
        with pytest.raises(Refused) as why:
            actions.finish_mapping(actor, row, **SHOWED, consent_needed=False, version=row.version, at=AT)
        assert why.value.errors.keys() == {"reason"}
    with cast["contact_officer"].acting() as actor:
        question = question_of(actor, "mapping", row.pk)
        answer_question(actor, question, needed=False, reason="Ingenting skal deles nå.", at=AT)
    client, page = cast["contact_officer"].client(), reverse("mapping", args=[row.pk])
    assert 'name="needed"' not in client.get(page).content.decode()
    stale = client.post(page, {**SHOWED, "version": "1"})
    assert (stale.status_code, row.version) == (409, 2)
    done = client.post(page, {**SHOWED, "version": "2"})
    assert (done.status_code, done.url) == (303, page)
    assert "Ingenting skal deles nå." in page_text(client.get(page))


def test_programs_offer_answer_and_finish_one(cast):
    client, person = cast["contact_officer"].client(), cast.people["fiolin"]
    made = send(client, "post", f"people/{person}/needs-mappings/", {}).json()
    assert (made["state"], made["answered_at"]) == ("offered", None)
    assert send(client, "post", f"people/{person}/needs-mappings/", {"answer": "maybe"}).json()["code"] == "running"
    path = f"needs-mappings/{made['id']}/"
    assert send(client, "put", f"{path}answer/", {"answer": "maybe", "version": 1}).json()["code"] == "answer"
    said = send(client, "put", f"{path}answer/", {"answer": "accepted", "version": made["version"]}).json()
    result = {**SHOWED, "version": said["version"]}
    assert send(client, "put", f"{path}result/", result).json()["code"] == "consent_question"
    assert set(send(client, "put", f"{path}result/", {**result, "consent_needed": True}).json()["errors"]) == {
        "consent_reason"
    }
    done = send(client, "put", f"{path}result/", {**result, "consent_needed": True, "consent_reason": "Skal deles."})
    assert (done.json()["state"], done.json()["needs"]) == ("done", ["housing", "work"])
    assert get(client, path).json() == done.json()
    assert [line["id"] for line in get(client, f"people/{person}/needs-mappings/").json()["results"]] == [made["id"]]


# The wall


def test_those_who_plan_the_sentence_read_it_and_nobody_else_knows(cast):
    row = offered(cast)
    doors = [reverse("mapping", args=[row.pk]), reverse("mapping_offer", args=[row.stay_id])]
    paths = [f"/api/v1/people/{row.person_id}/needs-mappings/", f"/api/v1/needs-mappings/{row.pk}/"]
    post = {"key": str(uuid4()), "answer": "accepted", "version": str(row.version)}
    for who in ("contact_officer", "duty_leader", "release_caseworker", "warden"):
        client = cast[who].client()
        assert {client.get(door).status_code for door in doors + paths} == {200}, who
        if who != "contact_officer":
            assert {client.post(door, post).status_code for door in doors} == {404}, who
    for who in (
        *("officer", "officer_b", "south_officer", "south_duty_leader", "region", "prison_admin", "nurse", "doctor"),
        *("health_leader", "south_nurse", "trust_intake", "trust_clinician"),
    ):
        client = cast[who].client()
        assert {client.get(door).status_code for door in doors + paths} == {404}, who
        assert {client.post(door, post).status_code for door in doors} == {404}, who


@pytest.mark.parametrize(
    ("who", "rows"),
    [("contact_officer", 1), ("warden", 1), ("officer_b", 0), ("south_duty_leader", 0), ("nurse", None), ("trust_intake", None)],
)  # fmt: skip
def test_the_wall_without_any_filter(cast, who, rows):
    offered(cast)
    with cast[who].acting():
        if rows is None:
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                NeedsMapping.objects.count()
        else:
            assert NeedsMapping.objects.count() == rows
