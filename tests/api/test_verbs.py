"""The verbs of the API do what the pages do, once for each key; what they answer is an explicit list of fields."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from coordination import clock
from tests.api.calls import get, send
from tests.story import tell

PERSON = {"id", "family_name", "given_name", "birth_date", "unit", "place"}
PAGE = {"next", "previous", "results"}
ENVELOPE = {
    *("id", "letter_id", "thread_id", "direction", "kind", "title", "about", "other_agency", "sent_at", "awaits"),
    *("due_at", "settled_at", "read_at", "acknowledged_at", "answered_at", "filed_at", "superseded_by"),
}
LETTER = ENVELOPE | {
    *("person_id", "sender", "attachments", "basis", "statute", "necessity", "supersedes", "in_reply_to"),
    *("acknowledged_by", "filed_reference", "facts"),
}
MEASURE = {
    *("id", "person", "unit", "cell", "kind", "extent", "effective_at", "ended_at", "end_reason", "force_used"),
}
CASE = {
    *("id", "person", "referrer", "referrer_name", "clinic", "service_type", "urgency", "state", "sent_at"),
    *("received_at", "assessment_due_at", "decided_at", "decided_by_name", "reason", "treatment_deadline_on"),
    *("start_on", "version"),
}
REFERRAL = {
    *(
        "id",
        "person",
        "trust",
        "service_type",
        "urgency",
        "stage",
        "state",
        "sent_at",
        "recorded_at",
        "by_name",
        "version",
    ),
}
VISIT = {
    *("id", "person_id", "course_id", "done_at", "declined", "physical", "mental", "injuries", "hygiene"),
    *("temperature", "noise", "light", "ventilation", "activity", "environment_note", "referral_considered"),
    *("notes", "recorded_at", "by_name"),
}
CHECK = {
    *("id", "measure_id", "occurred_at", "state", "note", "alerted", "observer_name", "recorded_at", "by_name"),
}
CONSENT = {
    *("id", "person_id", "recipients", "categories", "purpose", "valid_from", "valid_to", "signed_at", "method"),
    *("interpreter_used", "own_reference", "withdrawn_at", "withdrawn_note", "superseded_at", "version"),
    *("recorded_at", "by_name"),
}
INTERVIEW = {
    *("id", "person_id", "stay_id", "held_at", "suicide_risk", "self_harm", "detox_need", "illness_signs"),
    *("mental_health_worry", "wishes_health_contact", "substance_problem", "minor", "observation", "language"),
    *("interpreter", "concerns", "complete", "supersedes", "health_contact_id", "recorded_at", "by_name"),
}
MAPPING = {
    *("id", "person_id", "stay_id", "state", "answered_at", "needs", "resources", "done_at", "version"),
    *("recorded_at", "by_name"),
}
OBJECTION = {
    *("id", "person_id", "recipients", "categories", "source", "words", "objected_at", "lifted_at", "lifted_note"),
    *("lifted_by", "recorded_at", "by_name"),
}
ADVICE = {"id", "person_id", "course_id", "letter_id", "recorded_at", "by_name"}
WHOLE_MEASURE = MEASURE | {
    *("grounds", "necessity", "less_intrusive", "expected_hours", "hours_out_per_day", "decided_at"),
    *("decided_by", "end_note", "ended_by_name"),
}
WHOLE_REFERRAL = REFERRAL | {
    *("state", "basis", "reason", "question", "medication", "interpreter", "inmate_informed"),
}
FIELDS = {
    ("duty_leader", "people/"): PERSON | {"unit_id", "number", "language", "interpreter_needed", "version"},
    ("nurse", "people/"): PERSON | {"unit_id", "number", "language", "interpreter_needed", "version"},
    ("duty_leader", "stays/"): {
        *("id", "person", "unit", "legal_status", "security_level", "admitted_at", "expected_release_on", "version"),
    },
    ("duty_leader", "inbox/"): ENVELOPE,
    ("duty_leader", "outbox/"): ENVELOPE,
    ("duty_leader", "health-contacts/"): {
        *("id", "person_id", "stay_id", "stage", "reasons", "observation", "urgent", "letter_id", "recorded_at"),
        "by_name",
    },
    ("duty_leader", "measures/"): MEASURE,
    ("duty_leader", "people/{person}/consents/"): CONSENT,
    ("officer", "people/{person}/interviews/"): INTERVIEW,
    ("nurse", "people/{patient}/objections/"): OBJECTION,
    ("officer", "measures/{measure}/checks/"): CHECK | {"corrected"},
    ("duty_leader", "release-dates/"): {
        *("stay_id", "person", "legal_status", "expected_release_on", "kind", "notice_due_at"),
        *("cooperation_started_at", "stay_version"),
    },
    ("nurse", "courses/"): {
        *("id", "person", "prison", "kind", "urgent", "required", "effective_at", "first_target_at", "due_at"),
        *("last_visit_at", "ended_at", "planned_at", "regime"),
    },
    ("nurse", "visits/"): VISIT,
    ("nurse", "referrals/"): REFERRAL,
    ("trust_intake", "received-referrals/"): CASE,
}


def test_answers_hold_the_fields_that_are_named_and_no_others(cast):
    story = tell(cast)
    for (name, path), fields in FIELDS.items():
        page = get(cast[name].client(), path.format(**story.keys)).json()
        assert set(page) == PAGE
        assert page["results"], (name, path)
        for row in page["results"]:
            assert set(row) == fields, (name, path)
            assert set(row.get("person", PERSON)) == PERSON
    letter = get(cast["nurse"].client(), f"letters/{story['muni_letter']}/").json()
    assert set(letter) == LETTER
    assert all(set(fact) == {"name", "label", "value"} for fact in letter["facts"])
    whole = get(cast["officer"].client(), f"measures/{story['measure']}/").json()
    assert set(whole) == WHOLE_MEASURE
    sent = get(cast["nurse"].client(), f"referrals/{story['referral']}/").json()
    assert set(sent) == WHOLE_REFERRAL
    assert sent["state"] == "received"
    today = get(cast["duty_leader"].client(), "deadlines/").json()
    assert set(today) == {"results", "complete"}
    assert today["results"]
    assert set(today["results"][0]) == {
        *("rule", "title", "reason", "due_at", "strength", "waiting", "person_id", "person_name", "place", "unit_id"),
        *("subject_id", "doing_url", "doing_label"),
    }


HELD = {
    **dict.fromkeys(("suicide_risk", "self_harm", "detox_need", "illness_signs", "mental_health_worry"), "no"),
    "wishes_health_contact": "yes",
    "substance_problem": "no",
    "language": "norsk",
    "interpreter": "not_needed",
}
SIGNED = {
    "categories": ["referral"],
    "purpose": "Planlegge behandling",
    "method": "paper",
    "informed": True,
    "valid_from": "2026-11-01",
    "valid_to": "2027-11-01",
}
ASKED = {"service_type": "PHV", "reason": "Uro.", "question": "Vurdering.", "basis": "LB12"}
ADVISED = {
    "advice": "Mer samvær.",
    "recommend": "more_contact",
    "basis": "LB11",
    "necessity": "Samlet vurdering av helserisiko ved fortsatt utelukkelse.",
}

WANTED = {
    "kind": "danger_information_request",
    "facts": "Han sa i går at han vil skade en medinnsatt.",
    "wanted": "Om han har sagt noe om når",
    "necessity": "Vi må vite om andre må flyttes før natten.",
    "sought": "refused",
    "sought_how": "Han ble spurt i samtale og ville ikke svare.",
    "informed": False,
}

CREATES = {
    "people/{}/objections/": (
        "doctor",
        "patient",
        {"source": "stated", "words": "Vil ikke."},
        "municipal_health.consent_municipalobjection",
        OBJECTION,
    ),
    "people/{}/information-requests/": ("duty_leader", "person", WANTED, "custody.consent_custodyletter", ENVELOPE),
    "people/{}/interviews/": ("officer", "person", HELD, "custody.intake_intakeinterview", INTERVIEW),
    "people/{}/needs-mappings/": (
        "contact_officer",
        "person",
        {"answer": "declined"},
        "custody.intake_needsmapping",
        MAPPING,
    ),
    "people/{}/consents/": ("nurse", "patient", SIGNED, "municipal_health.consent_municipalconsent", CONSENT),
    "people/{}/referrals/": (
        "doctor",
        "patient",
        ASKED,
        "municipal_health.referrals_municipalreferral",
        WHOLE_REFERRAL,
    ),
    "people/{}/consultations/": (
        "nurse",
        "patient",
        {"outcome": "held", "suicide_danger": "none_found"},
        "municipal_health.follow_up_healthadmissionconsultation",
        None,
    ),
    "letters/{}/advice/": ("doctor", "muni_letter", ADVISED, "municipal_health.follow_up_sentadvice", ADVICE),
    "measures/{}/checks/": ("officer", "measure", {"state": "calm"}, "custody.isolation_check", CHECK),
    "people/{}/health-contacts/": (
        "officer",
        "person",
        {"reasons": ["wish_for_contact"]},
        "custody.intake_healthcontactrequest",
        None,
    ),
    "people/{}/visits/": (
        "nurse",
        "patient",
        {"declined": False, "notes": "Rolig."},
        "municipal_health.follow_up_healthvisit",
        VISIT,
    ),
}


@pytest.mark.parametrize("path", CREATES)
def test_the_same_key_twice_makes_one_row_and_the_same_answer(cast, admin, path):
    story = tell(cast)
    name, key, body, table, fields = CREATES[path]
    if body is SIGNED:
        body = {**SIGNED, "recipients": [str(cast.agencies["trust"].pk)]}
    client, url = cast[name].client(), path.format(story[key])

    def count():
        return admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0]

    before, once = count(), uuid4()
    first, second = send(client, "post", url, body, key=once), send(client, "post", url, body, key=once)
    assert (first.status_code, second.status_code) == (201, 201), first.content
    assert first.json() == second.json()
    assert fields is None or set(first.json()) == fields
    assert count() == before + 1
    assert send(client, "post", url, body).status_code == 201
    assert count() == before + 2


OTHER_POSTS = {
    "received-referrals/{}/decision/": ("trust_intake", "case"),
    "referrals/{}/versions/": ("doctor", "referral"),
    "people/{}/measures/": ("duty_leader", "person"),
}


@pytest.mark.parametrize("path", [*CREATES, *OTHER_POSTS])
@pytest.mark.parametrize("header", ["", "hest"])
def test_a_post_without_a_key_is_refused_and_makes_nothing(cast, admin, path, header):
    story = tell(cast)
    name, key, body, *_ = CREATES.get(path) or (*OTHER_POSTS[path], {})
    answer = send(cast[name].client(), "post", path.format(story[key]), body, **{"Idempotency-Key": header})
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert "Idempotency-Key" in answer.json()["errors"]


def test_a_rule_says_no_with_its_code_and_the_fields(cast):
    story = tell(cast)
    answer = send(cast["officer"].client(), "post", f"measures/{story['measure']}/checks/", {"state": "needs_help"})
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "worry"
    assert set(answer.json()["errors"]) == {"note", "alerted"}
    future = (clock.now() + timedelta(days=1)).isoformat()
    body = {"state": "calm", "occurred_at": future}
    assert send(cast["officer"].client(), "post", f"measures/{story['measure']}/checks/", body).status_code == 422


def test_input_that_is_not_known_is_not_taken(cast):
    story = tell(cast)
    client, path = cast["officer"].client(), f"measures/{story['measure']}/checks/"
    assert set(send(client, "post", path, {"state": "calm", "by_name": "En annen"}).json()["errors"]) == {"by_name"}
    assert send(client, "post", path, ["calm"]).status_code == 400
    assert send(client, "post", path, {"state": "calm", "note": "\x00"}).status_code == 400
    assert client.post(f"/api/v1/{path}", data="{", content_type="application/json").status_code == 400
    answer = client.post(f"/api/v1/{path}", data={"state": "calm"}, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 415
    assert client.options(f"/api/v1/{path}").status_code == 405
    assert client.patch(f"/api/v1/{path}").status_code == 405
    assert client.get("/api/v1/people/", headers={"Accept": "text/html"})["Content-Type"] == "application/json"


def test_receipts_are_left_once_and_the_first_reference_stands(cast):
    story = tell(cast)
    client, letter = cast["nurse"].client(), f"letters/{story['muni_letter']}"
    assert get(client, f"{letter}/").json()["read_at"]
    first = send(client, "put", f"{letter}/acknowledgement/").json()
    assert first["acknowledged_at"]
    assert send(client, "put", f"{letter}/acknowledgement/").json() == first
    filed = send(client, "put", f"{letter}/filing/", {"reference": "2026/7"})
    assert filed.json()["filed_reference"] == "2026/7"
    assert send(client, "put", f"{letter}/filing/", {"reference": "2026/7"}).json() == filed.json()
    assert send(client, "put", f"{letter}/filing/", {"reference": "2026/8"}).status_code == 422


def test_opening_a_letter_leaves_the_receipt_and_the_envelope_does_not(cast):
    tell(cast)
    client = cast["nurse"].client()
    row = next(r for r in get(client, "inbox/", show="new").json()["results"])
    assert row["read_at"] is None
    assert get(client, f"letters/{row['id']}/").json()["read_at"]
    assert row["id"] not in {r["id"] for r in get(client, "inbox/", show="new").json()["results"]}


def test_the_release_date_moves_once_and_never_over_a_newer_one(cast):
    story = tell(cast)
    client, path = cast["officer"].client(), f"people/{story['person']}/expected-release/"
    stay = next(r for r in get(client, "stays/").json()["results"] if r["person"]["id"] == str(story["person"]))
    later = (date.fromisoformat(stay["expected_release_on"]) + timedelta(days=3)).isoformat()
    body = {"expected_release_on": later, "version": stay["version"]}
    moved = send(client, "put", path, body)
    assert moved.status_code == 200, moved.content
    assert moved.json()["expected_release_on"] == later
    assert moved.json()["version"] == stay["version"] + 1
    assert send(client, "put", path, body).json() == moved.json()
    stale = send(client, "put", path, {"expected_release_on": None, "version": stay["version"]})
    assert stale.status_code == 409
    assert stale["Content-Type"] == "application/problem+json"
    early = {"expected_release_on": "1999-01-01", "version": moved.json()["version"]}
    assert send(client, "put", path, early).status_code == 422


def test_a_decision_answers_the_referrer_once(cast):
    story = tell(cast)
    client, path = cast["trust_intake"].client(), f"received-referrals/{story['case']}/"
    version, once = get(client, path).json()["version"], uuid4()
    body = {
        "outcome": "right_granted",
        "reason": "Fyller vilkårene.",
        "treatment_deadline_on": (clock.now().date() + timedelta(days=60)).isoformat(),
        "start_on": (clock.now().date() + timedelta(days=30)).isoformat(),
        "patient_informed": True,
        "version": version,
    }
    stale = send(client, "post", f"{path}decision/", {**body, "version": version + 1})
    assert stale.status_code == 409
    half = send(client, "post", f"{path}decision/", {"outcome": "right_granted", "reason": "Ja.", "version": version})
    assert half.status_code == 422
    decided = send(client, "post", f"{path}decision/", body, key=once)
    assert decided.status_code == 201, decided.content
    assert set(decided.json()) == CASE
    assert send(client, "post", f"{path}decision/", body, key=once).json() == decided.json()
    answers = get(cast["doctor"].client(), "inbox/", kind="referral_decision").json()["results"]
    assert len(answers) == 1
    assert get(cast["doctor"].client(), f"referrals/{story['referral']}/").json()["state"] == "right_granted"


def test_a_draft_is_sent_once(cast):
    from coordination.people.access import access_person
    from referrals.actions import sending

    story = tell(cast)
    with cast["doctor"].acting() as actor:
        draft = sending.write(
            actor, access_person(actor, story["patient"]), trust=cast.agencies["trust"], key=uuid4(), at=clock.now(),
            service_type="PHV", urgency="soon", reason="Uro.", question="Vurdering.", medication="",
            interpreter=False, inmate_informed=True, basis="LB12",
        ).pk  # fmt: skip
    client = cast["doctor"].client()
    assert get(client, f"referrals/{draft}/").json()["state"] == "draft"
    sent = send(client, "put", f"referrals/{draft}/sending/")
    assert sent.json()["state"] == "sent"
    assert send(client, "put", f"referrals/{draft}/sending/").json() == sent.json()
    assert len(get(client, "outbox/", kind="referral").json()["results"]) == 2
