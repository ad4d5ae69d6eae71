"""Attacks by somebody who is let in and wants more: keys of others in forms, words of their own in addresses, ways around the question why."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from psycopg.errors import CheckViolation, UniqueViolation

from coordination import clock
from tests.api.calls import API, send
from tests.audit.test_openings import left
from tests.cast import AT

__all__ = ["left"]

EVIL = (
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "javascript:alert(1)",
    "/%0d%0aX-Evil: 1",
    "/logg-ut/",
    "/hjelp/",
)
ODD = ("\0", "'", '"><script>', "%00", "../../etc/passwd", "0" * 400, "-1", "𝕏", "=1+1", "\r\nX-Evil: 1")


def test_a_page_is_not_read_past_the_question_by_a_head_or_a_form_sent_empty(cast, left):
    """Fiolin left long ago: each way of asking gets the question, and none a name."""
    client = cast["warden"].client()
    page, form = reverse("person", args=[left]), reverse("edit_person", args=[left])
    for answer in (
        client.get(page),
        client.get(form),
        client.post(form, {"family_name": ""}),
        client.head(f"{API}/people/{left}/"),
    ):
        assert answer.status_code in {303, 403}
        assert b"Fiolin" not in answer.content
    client.post(client.get(page).url, {"code": "asked", "text": "Personen ringte og ba om kopi av vedtaket."})
    again = client.post(form, {"family_name": ""})
    assert again.status_code == 422
    assert b"Fiolin" in again.content, "who has said why gets the form again"


@pytest.mark.parametrize("evil", EVIL)
def test_the_question_why_leads_nowhere_else(cast, left, evil):
    answer = (
        cast["warden"]
        .client()
        .post(
            f"{reverse('opening_reason', args=[left])}?next={evil}",
            {"code": "asked", "text": "Personen ringte og ba om kopi av vedtaket."},
        )
    )
    assert answer.status_code == 303
    assert answer.url == reverse("person", args=[left])
    assert "X-Evil" not in answer.headers


def test_a_key_that_is_taken_behind_a_wall_is_only_taken(cast, admin):
    """An officer of another unit used the key: no error page, nothing of theirs, and a free key works."""
    taken, typed = uuid.uuid4(), {"reasons": ["wish_for_contact"], "observation": "Vil snakke."}
    there, here = (reverse("health_contact", args=[cast.people[who]]) for who in ("trompet", "fiolin"))
    first = cast["officer_b"].client().post(there, {**typed, "key": str(taken)})
    assert first.status_code == 303
    mine = cast["officer"].client()
    answer = mine.post(here, {**typed, "key": str(taken)})
    assert answer.status_code == 409
    assert first.url.encode() not in answer.content
    assert b"Trompet" not in answer.content
    count = "SELECT count(*) FROM custody.consent_custodyletter WHERE kind = 'health_contact'"
    assert admin.execute(count).fetchone() == (1,), "nothing was sent either"
    assert mine.post(here, {**typed, "key": str(uuid.uuid4())}).status_code == 303


@pytest.mark.parametrize(("cause", "status"), [(UniqueViolation(), 409), (CheckViolation(), 500)])
def test_what_a_constraint_refuses_is_never_shown(cast, monkeypatch, cause, status):
    def broken(*_args, **_more):
        raise IntegrityError("Key (national_id)=(15059112345) already exists") from cause

    monkeypatch.setattr("coordination.views.people.access.page_of", broken)
    client = cast["duty_leader"].client()
    client.raise_request_exception = False
    answer = client.get(reverse("people"))
    assert answer.status_code == status
    assert b"15059112345" not in answer.content


def test_a_form_takes_no_key_of_another_agency_or_unit(told):
    """Recipients, colleagues, units, patients and letters of others: refused as what does not exist is."""
    cast, story = told
    leader, nurse = cast["duty_leader"].client(), cast["nurse"].client()
    elsewhere = {
        "unit": cast.units["south_a"].pk, "agency": cast.agencies["south_health"].pk,
        "member": cast["south_officer"].membership.pk, "patient": story["person"],
    }  # fmt: skip
    tried = (
        (leader, reverse("move_person", args=[story["person"]]), "unit", "unit"),
        (leader, reverse("letter_assign", args=[story["advice_letter"]]), "member", "member"),
        (nurse, reverse("environment_new"), "prison", "agency"),
        (nurse, reverse("request_answer", args=[story["request_letter"]]), "patient", "patient"),
    )
    for client, url, name, what in tried:
        answers = [client.post(url, {name: str(key), "verb": "give"}) for key in (elsewhere[what], uuid.uuid4())]
        assert {answer.status_code for answer in answers} <= {404, 422}, url
        assert answers[0].status_code == answers[1].status_code, url
    for other in (story["muni_letter"], uuid.uuid4()):
        withhold = reverse("withhold", args=[story["person"]])
        assert cast["warden"].client().get(f"{withhold}?brev={other}").status_code == 404
        assert leader.get(f"{reverse('consent_new', args=[story['person']])}?erstatter={other}").status_code == 404


def test_a_list_of_the_api_is_asked_by_nothing_but_what_it_says(told):
    cast, _story = told
    client = cast["duty_leader"].client()
    for query in (
        {"ordering": "national_id"}, {"family_name__startswith": "F"}, {"agency": "x"}, {"fields": "national_id"}, {"unit__agency": "1"},
    ):  # fmt: skip
        answer = client.get(f"{API}/people/", query)
        assert answer.status_code == 422 or answer.status_code == 400, query
        assert b"Fiolin" not in answer.content
    assert client.options(f"{API}/people/").status_code == 405


@pytest.mark.parametrize(
    "door", ["people", "inbox", "outbox", "today", "alerts", "referral_list", "isolation_board", "report_list"]
)
def test_odd_words_in_an_address_break_no_list(told, door):
    cast, _story = told
    client = cast["nurse" if door == "referral_list" else "warden"].client()
    for odd in ODD:
        names = ("unit", "after", "before", "vis", "eldre", "nyere", "side", "q", "kind", "from", "to", "all", "page")
        answer = client.get(reverse(door), dict.fromkeys(names, odd))
        assert answer.status_code in {200, 404, 422}, odd
        assert "X-Evil" not in answer.headers
        assert b'"><script>' not in answer.content


def test_odd_words_in_a_form_break_nothing(told):
    cast, story = told
    client, boss = cast["duty_leader"].client(), cast["prison_admin"].client()
    for odd in ODD:
        assert client.post(reverse("names_in_text") + "?felt=t", {"t": odd}).status_code == 200
        assert client.post(reverse("search"), {"query": odd}).status_code in {200, 422}
        assert boss.post(reverse("administration"), {"query": odd}).status_code == 200
        check = {"state": "calm", "note": odd, "occurred_clock": odd, "key": str(uuid.uuid4())}
        assert client.post(reverse("check_new", args=[story["measure"]]), check).status_code in {303, 422}
        assert send(
            client, "put", f"people/{story['person']}/expected-release/", {"expected_release_on": odd}
        ).status_code in {400, 422}


@pytest.mark.parametrize(
    "door", ["person", "letter_pdf", "made_file", "measure", "consent_document_pdf", "letter_attachment"]
)
def test_no_answer_is_kept_by_a_cache(told, door):
    """Pages, papers, files, and the answer that there is nothing."""
    cast, story = told
    about = {
        "letter_pdf": "prison_letter",
        "consent_document_pdf": "consent",
        "made_file": "person",
        "letter_attachment": "shared_letter",
    }
    args = [story[about.get(door, door)], *([1] if door == "letter_attachment" else [])]
    for key in (args[0], uuid.uuid4()):
        answer = cast["warden"].client().get(reverse(door, args=[key, *args[1:]]))
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert "ETag" not in answer.headers


def test_a_week_is_nobody_s_but_the_officer_s(cast):
    monday = (clock.local_date(AT) - timedelta(days=7)).isoformat()
    for who in ("warden", "prison_admin", "nurse"):
        assert cast[who].client().get(reverse("access_line", args=[monday, "0" * 16])).status_code == 404
