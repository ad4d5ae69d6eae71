"""Verbs of the API that need a story of their own: measures, corrections, consents, interviews with a plan, drafts and receipts."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from consent.access import inbox
from coordination import clock
from tests.api.calls import API, get, send
from tests.api.test_verbs import ASKED, HELD, SIGNED, WHOLE_MEASURE, WHOLE_REFERRAL
from tests.cooperation.making import clone
from tests.story import tell

DECIDED = {
    "kind": "exclusion", "extent": "full", "grounds": ["harm_or_violence"], "hours_out_per_day": 1, "force_used": False,
    "necessity": "Truet en medinnsatt.", "less_intrusive": "Samtale er forsøkt.", "partial_considered": "Ikke nok.",
    "best_interests": "Barnet er hørt.", "team_statement": "obtained", "team_text": "Teamet råder til korte økter.",
}  # fmt: skip


def count(admin, table, where="true"):
    return admin.execute(f"SELECT count(*) FROM {table} WHERE {where}").fetchone()[0]


@pytest.mark.obligation("R7.1.2-b")
def test_a_measure_is_decided_with_its_notice_once_and_ended_once(cast, admin):
    story = tell(cast)
    leader, person = cast["duty_leader"].client(), cast.people["ung"]
    path, once = f"people/{person}/measures/", uuid4()
    made = send(leader, "post", path, DECIDED, key=once)
    assert made.status_code == 201, made.content
    assert set(made.json()) == WHOLE_MEASURE
    assert send(leader, "post", path, DECIDED, key=once).json() == made.json()
    assert count(admin, "custody.isolation_measure") == 2
    with cast["health_leader"].acting() as actor:
        assert inbox(actor).filter(kind="exclusion_notice").count() == 2
    # Another decision while this one runs must say that it takes over.
    again = send(leader, "post", path, DECIDED)
    assert (again.status_code, again.json()["code"]) == (422, "running")
    taken = send(leader, "post", path, {**DECIDED, "replaces": made.json()["id"]})
    assert taken.status_code == 201, taken.content
    measure = taken.json()["id"]
    bare = send(leader, "put", f"measures/{measure}/end/", {"reason": "grounds_gone"})
    assert (bare.status_code, set(bare.json()["errors"])) == (422, {"note"})
    body = {"reason": "grounds_gone", "note": "Rolig igjen."}
    ended = send(leader, "put", f"measures/{measure}/end/", body)
    assert ended.json()["ended_at"]
    assert send(leader, "put", f"measures/{measure}/end/", {**body, "note": "Annet."}).json() == ended.json()
    assert get(leader, f"measures/{story['measure']}/").json()["ended_at"] is None


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"grounds": ["riot"]}, {"grounds"}),
        ({"necessity": " "}, {"necessity"}),
        ({"kind": "security_cell", "extent": "", "grounds": ["riot"]}, {"statement", "statement_text"}),
        ({"force_used": True}, {"force_note"}),
        ({"effective_at": "2199-01-01T00:00:00Z"}, {"effective_at"}),
    ],
)
def test_the_law_of_a_measure_holds_for_programs_too(cast, admin, change, errors):
    path = f"people/{cast.people['ung']}/measures/"
    answer = send(cast["duty_leader"].client(), "post", path, {**DECIDED, **change})
    assert answer.status_code == 422, answer.content
    assert set(answer.json()["errors"]) == errors
    assert count(admin, "custody.isolation_measure") == 0
    for change in ({"kind": "hest"}, {"hours_out_per_day": 25}, {"effective_at": "i går"}, {"hest": 1}):
        assert send(cast["duty_leader"].client(), "post", path, {**DECIDED, **change}).status_code == 400


def test_a_court_order_goes_with_the_isolation_it_orders(cast, admin):
    path = f"people/{cast.people['fiolin']}/measures/"
    leader = cast["duty_leader"].client()
    body = {
        **DECIDED,
        "kind": "court_isolation",
        "grounds": ["court_order"],
        "best_interests": "",
        "team_statement": "",
    }
    body |= {"team_text": "", "partial_considered": "", "less_intrusive": ""}
    without = send(leader, "post", path, body)
    assert (without.status_code, set(without.json()["errors"])) == (422, {"court"})
    ends = (clock.now() + timedelta(days=10)).isoformat()
    order = {"court": "Prøveby tingrett", "reference": "26-1", "ends_at": ends, "penalty": "up_to_six"}
    late = {**order, "ends_at": (clock.now() + timedelta(days=20)).isoformat()}
    assert send(leader, "post", path, {**body, "order": late}).status_code == 422, "longer than two weeks"
    made = send(leader, "post", path, {**body, "order": order})
    assert made.status_code == 201, made.content
    assert count(admin, "custody.isolation_courtorder") == 1
    young = f"people/{cast.people['ung']}/measures/"
    assert send(leader, "post", young, {**body, "order": order}).status_code == 422, "never under 18"


def test_a_corrected_check_is_listed_as_taken_back(cast):
    story = tell(cast)
    client, path = cast["officer"].client(), f"measures/{story['measure']}/checks/"
    logged = send(client, "post", path, {"state": "asleep"}).json()["id"]
    assert client.post(f"/isolasjon/tilsyn/{logged}/angre/").status_code in (200, 303)
    rows = {row["id"]: row["corrected"] for row in get(client, path).json()["results"]}
    assert rows == {logged: True, str(story["check"]): False}


def test_a_letter_is_corrected_once(cast, admin):
    story = tell(cast)
    client, path = cast["duty_leader"].client(), f"letters/{story['prison_letter']}/correction/"
    for facts in ({"family_name": "Hest"}, {"hest": 1}, {"national_id": "1"}, {"grounds": ["hest"]}):
        assert send(client, "put", path, {"facts": facts}).status_code == 400, facts
    wrong = send(client, "put", path, {"facts": {"hours_out": "mange"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "type:hours_out")
    sent = send(client, "put", path, {"facts": {"hours_out": 3}})
    assert sent.status_code == 200, sent.content
    letter = sent.json()
    assert letter["supersedes"] == get(client, f"letters/{story['prison_letter']}/").json()["letter_id"]
    assert {fact["name"]: fact["value"] for fact in letter["facts"]}["hours_out"] == 3
    assert send(client, "put", path, {"facts": {"hours_out": 3}}).json() == letter
    assert send(client, "put", path, {"facts": {"hours_out": 4}}).status_code == 409
    assert count(admin, "custody.consent_custodyletter", "kind = 'exclusion_notice'") == 2
    # What came from others is not corrected here.
    assert send(client, "put", f"letters/{story['advice_letter']}/correction/", {"facts": {}}).status_code == 404


def test_advice_is_answered_once(cast, admin):
    story = tell(cast)
    client, path = cast["warden"].client(), f"letters/{story['advice_letter']}/advice-answer/"
    assert send(client, "put", path, {"response": "followed"}).json()["errors"].keys() == {"reason"}
    answer = send(
        client, "put", path, {"response": "followed", "reason": "Mer samvær fra i dag.", "steps": "To timer."}
    )
    assert answer.status_code == 200, answer.content
    assert send(client, "put", path, {"response": "not_followed", "reason": "Nei."}).json() == answer.json()
    with cast["doctor"].acting() as actor:
        assert inbox(actor).filter(kind="advice_answer").count() == 1


@pytest.mark.obligation("R6.3-c")
def test_a_consent_is_withdrawn_once_and_the_first_word_stands(cast):
    story = tell(cast)
    client, path = cast["officer"].client(), f"consents/{story['consent']}/withdrawal/"
    gone = send(client, "put", path, {"note": "Vil ikke mer."})
    assert gone.json()["withdrawn_at"]
    assert send(client, "put", path, {"note": "Noe annet."}).json() == gone.json()


def test_a_consent_names_those_one_works_with_and_what_one_sends(cast, admin):
    story = tell(cast)
    client, path = cast["nurse"].client(), f"people/{story['patient']}/consents/"
    whole = {**SIGNED, "recipients": [str(cast.agencies["trust"].pk)]}
    for change in (
        {"recipients": [str(cast.agencies["south"].pk)]},
        {"recipients": [str(uuid4())]},
        {"categories": ["hest"]},
        {"informed": False},
        {"valid_to": "3026-01-01"},
    ):
        answer = send(client, "post", path, {**whole, **change})
        assert (answer.status_code, set(answer.json()["errors"])) == (400, set(change)), change
    for change, code in (({"recipients": []}, "scope"), ({"valid_to": "2020-01-01"}, "period")):
        assert send(client, "post", path, {**whole, **change}).json()["code"] == code
    assert count(admin, "municipal_health.consent_municipalconsent") == 0
    assert send(client, "post", path, whole).status_code == 201


@pytest.mark.obligation("R5.1.1-b")
def test_an_interview_tells_what_is_missing_and_takes_a_plan(cast):
    client, path = cast["officer"].client(), f"people/{cast.people['fiolin']}/interviews/"
    empty = send(client, "post", path, {"substance_problem": "no"})
    assert (empty.status_code, empty.json()["code"]) == (422, "missing")
    assert {"suicide_risk", "language", "interpreter"} <= set(empty.json()["errors"])
    feared = {**HELD, "suicide_risk": "uncertain", "observation": "Svarer ikke."}
    assert send(client, "post", path, {**feared, "plan": {"needed": True, "hest": 1}}).status_code == 400
    half = send(client, "post", path, {**feared, "plan": {"needed": True, "reason": "Usikker."}})
    assert (half.status_code, half.json()["code"]) == (422, "plan")
    assert set(half.json()["errors"]) == {"plan.measures", "plan.risk"}
    no = send(client, "post", path, {**feared, "plan": {"needed": False, "reason": "Rolig."}})
    assert (no.status_code, no.json()["code"]) == (422, "role")
    plan = {"needed": True, "reason": "Usikker.", "measures": "Tilsyn hver time.", "risk": "high"}
    held = send(client, "post", path, {**feared, "plan": plan})
    assert held.status_code == 201, held.content
    assert held.json()["concerns"] == ["suicide_risk", "wish_for_contact"]
    assert held.json()["health_contact_id"]
    assert get(client, f"interviews/{held.json()['id']}/").json() == held.json()


def test_a_draft_is_written_changed_sent_and_taken_back(cast, admin):
    story = tell(cast)
    client = cast["doctor"].client()
    other = str(cast.agencies["other_trust"].pk)
    bad = send(
        client, "post", f"people/{story['patient']}/referrals/", {**ASKED, "trust": str(cast.agencies["north"].pk)}
    )
    assert (bad.status_code, set(bad.json()["errors"])) == (400, {"trust"})
    draft = send(client, "post", f"people/{story['patient']}/referrals/", ASKED).json()
    assert (draft["state"], draft["trust"]) == ("draft", "Prøve sykehus HF")
    path = f"referrals/{draft['id']}/"
    change = {**ASKED, "trust": other, "question": "Ny vurdering.", "version": draft["version"]}
    changed = send(client, "put", f"{path}draft/", change)
    assert changed.status_code == 200, changed.content
    assert (changed.json()["trust"], changed.json()["question"]) == ("Annet sykehus HF", "Ny vurdering.")
    assert send(client, "put", f"{path}draft/", change).status_code == 409
    assert send(client, "put", f"{path}sending/").json()["state"] == "sent"
    late = send(client, "put", f"{path}draft/", {**change, "version": 99})
    assert (late.status_code, late.json()["code"]) == (422, "sent")
    early = send(client, "post", f"{path}versions/", {**ASKED, "version": 3})
    assert early.status_code in (409, 422)
    gone = send(client, "put", f"{path}withdrawal/", {"withdrawn_by": "patient", "note": "Ombestemt."})
    assert gone.json()["state"] == "withdrawn"
    assert send(client, "put", f"{path}withdrawal/", {"withdrawn_by": "referrer"}).json() == gone.json()
    assert set(gone.json()) == WHOLE_REFERRAL


def test_a_returned_referral_is_sent_again_once(cast):
    story = tell(cast)
    intake, doctor = cast["trust_intake"].client(), cast["doctor"].client()
    case = get(intake, f"received-referrals/{story['case']}/").json()
    body = {
        "outcome": "returned_for_information",
        "reason": "Mangler.",
        "information_wanted": "Medisiner.",
        "version": case["version"],
    }
    assert send(intake, "post", f"received-referrals/{story['case']}/decision/", body).status_code == 201
    path, once = f"referrals/{story['referral']}/", uuid4()
    version = get(doctor, path).json()["version"]
    again = {**ASKED, "medication": "Ingen.", "version": version}
    assert send(doctor, "post", f"{path}versions/", {**again, "version": version + 1}).status_code == 409
    sent = send(doctor, "post", f"{path}versions/", again, key=once)
    assert (sent.status_code, sent.json()["state"]) == (201, "sent"), sent.content
    assert send(doctor, "post", f"{path}versions/", again, key=once).json() == sent.json()
    assert len(get(doctor, "outbox/", kind="referral").json()["results"]) == 2


def test_a_trust_registers_a_referral_and_says_which_clinic(cast):
    story = tell(cast)
    doctor, desk = cast["doctor"].client(), cast["trust_intake"].client()
    draft = send(doctor, "post", f"people/{story['patient']}/referrals/", ASKED).json()["id"]
    send(doctor, "put", f"referrals/{draft}/sending/")
    letter = get(desk, "inbox/", kind="referral", show="new").json()["results"][0]["id"]
    path = f"letters/{letter}/referral-receipt/"
    for body in ({"patient": str(uuid4())}, {"clinic": str(cast.units["trust_desk"].pk)}):
        assert send(desk, "put", path, body).status_code == 400
    got = send(desk, "put", path, {"patient": str(story["trust_patient"])})
    assert got.status_code == 200, got.content
    case = got.json()
    assert (case["state"], case["clinic"], case["person"]["id"]) == ("received", "", str(story["trust_patient"]))
    assert send(desk, "put", path, {}).json() == case
    clinic = {"clinic": str(cast.units["trust_clinic"].pk), "version": case["version"]}
    given = send(desk, "put", f"received-referrals/{case['id']}/clinic/", clinic)
    assert given.json()["clinic"] == "Klinikk"
    assert send(desk, "put", f"received-referrals/{case['id']}/clinic/", clinic).json() == given.json()


def listed(client, path):
    with CaptureQueriesContext(connections["default"]) as queries:
        rows = client.get(f"{API}/{path}", {"page_size": 100}).json()["results"]
    return len(rows), len(queries.captured_queries)


@pytest.mark.parametrize(
    ("name", "path", "table", "key"),
    [
        ("officer", "people/{person}/interviews/", "custody.intake_intakeinterview", "interview"),
        ("officer", "people/{person}/consents/", "custody.consent_custodyconsent", "consent"),
        ("officer", "measures/{measure}/checks/", "custody.isolation_check", "check"),
    ],
)
def test_what_belongs_to_a_row_costs_the_same_for_one_and_for_thirty(cast, admin, name, path, table, key):
    story = tell(cast)
    client, url = cast[name].client(), path.format(**story.keys)
    listed(client, url)
    one = listed(client, url)
    for _n in range(29):
        clone(admin, table, story[key], key=uuid4())
    thirty = listed(client, url)
    assert (one[0], thirty[0]) == (1, 30)
    assert thirty[1] == one[1]
    first = get(client, url, page_size=10).json()
    assert len(first["results"]) == 10
    assert client.get(first["next"]).status_code == 200
