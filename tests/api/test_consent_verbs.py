"""Consents, objections, what is left out, and what is taken out, by the API: what the pages do, with the same rules."""

import base64
import hashlib
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4
from zipfile import ZipFile

import pytest

from consent import tasks
from consent.actions import export, insight
from consent.models import ObjectionOverride
from coordination import clock, jobs
from coordination.reference import consent_text_on
from tests.api.calls import get, send
from tests.api.test_isolation_verbs import done, refused
from tests.consent.schema import checked
from tests.database import worker
from tests.doors.steps import unconfirmed
from tests.story import tell

PAPER = b"%PDF-1.7\n%%EOF\n"
REASON = "Opplysningene kan avsløre hvem som har varslet."


@pytest.fixture(autouse=True)
def _still(monkeypatch):
    """Let messages to the worker stay."""
    monkeypatch.setattr(jobs.celery_app, "send_task", lambda *args, **more: None)


def asked(cast, **more):
    today = clock.local_date(clock.now())
    return {
        "recipients": [str(cast.agencies["north_health"].pk)], "categories": ["needs_mapping"], "purpose": "Planlegge hjelp",
        "valid_from": today.isoformat(), "valid_to": (today + timedelta(days=30)).isoformat(), "language": "nb",
        "told": list(consent_text_on("sharing", today).points), "interpreter": "not_needed", "given_by": "self", **more,
    }  # fmt: skip


def test_a_consent_is_explained_signed_on_paper_filed_and_narrowed(cast, admin):
    story = tell(cast)
    client, talks = cast["officer"].client(), f"people/{story['person']}/consent-talks/"
    health, trust = str(cast.agencies["north_health"].pk), str(cast.agencies["trust"].pk)
    assert refused(send(client, "post", talks, asked(cast, told=[]))) == {"told"}
    assert send(client, "post", talks, asked(cast, recipients=[str(uuid4())])).status_code == 400
    body, once = asked(cast, recipients=[health, trust]), uuid4()
    talk, again = (done(send(client, "post", talks, body, key=once)) for _ in range(2))
    assert talk == again
    assert get(client, talks).json()["results"][0]["id"] == talk["id"]
    sign = f"consent-talks/{talk['id']}/signature/"
    text = base64.b64encode(PAPER).decode()
    assert send(client, "put", sign, {"document": "ikke base64"}).status_code == 400
    assert refused(send(client, "put", sign, {"document": base64.b64encode(b"hest").decode()})) == {"document"}
    signed, same = (done(send(client, "put", sign, {"document": text}), 200) for _ in range(2))
    assert (signed["id"], signed["method"]) == (same["id"], "paper")
    kept = admin.execute("SELECT data FROM custody.consent_custodyconsentpaper WHERE consent_id = %s", [signed["id"]])
    assert [bytes(row[0]) for row in kept.fetchall()] == [PAPER], "byte by byte as it was signed"
    consent = f"consents/{signed['id']}"
    filed = done(send(client, "put", f"{consent}/filing/", {"reference": "2026/9"}), 200)
    assert filed["own_reference"] == "2026/9"
    assert done(send(client, "put", f"{consent}/filing/", {"reference": "2026/9"}), 200) == filed
    assert send(client, "put", f"{consent}/filing/", {"reference": "2026/10"}).status_code == 422
    less = {
        "recipients": [health],
        "categories": ["needs_mapping"],
        "valid_to": signed["valid_to"],
        "version": filed["version"],
    }
    narrowed, twice = (done(send(client, "put", f"{consent}/narrowing/", less), 200) for _ in range(2))
    assert narrowed == twice
    assert narrowed["recipients"] == [health]
    more = {**less, "recipients": [health, trust], "version": narrowed["version"]}
    assert send(client, "put", f"{consent}/narrowing/", more).json()["code"] == "wider"
    shorter = {**less, "valid_to": signed["valid_from"]}
    assert send(client, "put", f"{consent}/narrowing/", shorter).status_code == 409, "the version is an old one"


def test_a_no_is_a_no_and_the_question_is_answered_once(cast):
    story = tell(cast)
    client, talk = cast["officer"].client(), f"consent-talks/{story['talk']}"
    first, again = (done(send(client, "put", f"{talk}/refusal/", {"note": note}), 200) for note in ("Nei.", "Nei!"))
    assert (first["outcome"], first["outcome_note"]) == ("refused", "Nei.")
    assert first == again
    document = base64.b64encode(PAPER).decode()
    assert send(client, "put", f"{talk}/signature/", {"document": document}).json()["code"] == "ended"
    question = f"consent-questions/{story['question']}/answer/"
    assert refused(send(client, "put", question, {"needed": True})) == {"reason"}
    answer = done(send(client, "put", question, {"needed": True, "reason": "Helsetjenesten skal kobles på."}), 200)
    assert done(send(client, "put", question, {"needed": True, "reason": "Noe annet."}), 200) == answer
    assert send(client, "put", question, {"needed": False, "reason": "Nei."}).json()["code"] == "answered"
    listed = get(client, f"people/{story['person']}/consent-questions/").json()["results"]
    assert answer in listed


def test_health_personnel_decide_on_competence_and_nobody_else(cast):
    story = tell(cast)
    nurse, leader = cast["nurse"].client(), cast["health_leader"].client()
    body = asked(cast, recipients=[str(cast.agencies["trust"].pk)], categories=["treatment_information"], doubt=True)
    made = send(nurse, "post", f"people/{story['patient']}/consent-talks/", body)
    talk = f"consent-talks/{done(made)['id']}"
    signature = {"document": base64.b64encode(PAPER).decode()}
    assert refused(send(nurse, "put", f"{talk}/signature/", signature)) == {"given_by"}, "undecided"
    decided = {"competent": True, "reason": "Forstår hva samtykket innebærer."}
    assert send(leader, "put", f"{talk}/competence/", decided).status_code == 404
    assert refused(send(nurse, "put", f"{talk}/competence/", {"competent": True, "reason": "Ja."})) == {"reason"}
    assert done(send(nurse, "put", f"{talk}/competence/", decided), 200)["competent"] is True
    assert done(send(nurse, "put", f"{talk}/signature/", signature), 200)["method"] == "paper"


def test_an_objection_is_set_aside_once_for_one_letter(cast):
    story = tell(cast)
    doctor = cast["doctor"].client()
    words = {"source": "stated", "words": "Vil ikke at sykehuset får vite noe."}
    objection = done(send(doctor, "post", f"people/{story['patient']}/objections/", words))["id"]
    path, once = f"objections/{objection}/overrides/", uuid4()
    body = {
        "recipient": str(cast.agencies["trust"].pk), "kind": "referral", "ground": ObjectionOverride.Ground.values[0],
        "reason": "Fare for liv om sykehuset ikke får vite om abstinensene i kveld.",
    }  # fmt: skip
    assert refused(send(doctor, "post", path, {**body, "reason": "Kort."})) == {"reason"}
    assert send(doctor, "post", path, {**body, "kind": "exclusion_notice"}).status_code == 400
    assert send(doctor, "post", path, {**body, "recipient": str(uuid4())}).status_code == 400
    first, again = (done(send(doctor, "post", path, body, key=once)) for _ in range(2))
    assert first == again
    assert send(cast["health_leader"].client(), "post", path, body).status_code == 404


def test_what_is_left_out_of_the_right_to_know_is_told_again(cast):
    story = tell(cast)
    warden, path = cast["warden"].client(), f"people/{story['person']}/withholdings/"
    until = (clock.local_date(clock.now()) + timedelta(days=30)).isoformat()
    body = {"letter": str(story["prison_letter"]), "ground": "custody_limits", "reason": REASON, "until_on": until}
    assert refused(send(warden, "post", path, {**body, "reason": "Kort."})) == {"reason"}
    assert send(warden, "post", path, {**body, "letter": str(story["muni_letter"])}).status_code == 404
    once = uuid4()
    row, again = (done(send(warden, "post", path, body, key=once)) for _ in range(2))
    assert row == again
    assert row["statute"]
    told = {one["id"]: one for one in get(warden, f"people/{story['person']}/insight/").json()["letters"]}
    assert told[str(story["prison_letter"])]["left_out"]
    end = f"withholdings/{row['id']}/end/"
    for name in ("officer", "duty_leader", "south_duty_leader", "nurse", "health_leader", "prison_admin"):
        assert send(cast[name].client(), "put", end).status_code == 404, name
    ended, twice = (done(send(warden, "put", end), 200) for _ in range(2))
    assert ended == twice
    assert [one["ended_at"] for one in get(warden, path).json()["results"]] == [ended["ended_at"]]


def opened(answer):
    file = done(answer, 200)
    data = base64.b64decode(file["data"])
    assert (file["size"], file["digest"]) == (len(data), hashlib.sha256(data).hexdigest())
    return file["content_type"], data


def test_one_letter_is_taken_out_by_who_reads_it(cast, admin):
    story = tell(cast)
    path = f"letters/{story['prison_letter']}/export/"
    kind, data = opened(get(cast["officer"].client(), path))
    assert kind == "application/zip"
    with ZipFile(BytesIO(data)) as file:
        files = checked({name: file.read(name) for name in file.namelist()})
    assert set(files) == {"arkivstruktur.xml", "letter.xsd", "dokumenter/0001.pdf"}
    logged = "SELECT count(*) FROM audit.entry WHERE action = 'export' AND purpose = 'api_letter_export'"
    assert admin.execute(logged).fetchone()[0] > 0
    absent = get(cast["officer"].client(), f"letters/{uuid4()}/export/").json()
    for name in ("officer_b", "south_duty_leader", "nurse", "region", "prison_admin"):
        answer = get(cast[name].client(), path)
        assert (answer.status_code, answer.json()) == (404, absent), name
    assert get(unconfirmed(cast["officer"].client()), path).json()["code"] == "step_up"


@pytest.mark.parametrize(
    ("verb", "kind", "work", "content_type"),
    [
        ("letter-exports", export.KIND, tasks.make_export, "application/zip"),
        ("insight-papers", insight.KIND, tasks.make_insight, "application/pdf"),
    ],
)
def test_files_are_asked_for_made_and_fetched_by_the_one_who_asked(cast, verb, kind, work, content_type):
    story = tell(cast)
    warden, path, once = cast["warden"].client(), f"people/{story['person']}/{verb}/", uuid4()
    asked_for, again = (done(send(warden, "post", path, key=once)) for _ in range(2))
    assert asked_for["state"] == "waiting"
    assert get(warden, f"jobs/{asked_for['id']}/file/").status_code == 404, "not made yet"
    for one in (asked_for, again):
        with worker():
            assert jobs.run(kind, UUID(one["id"]), work)
    mine = [f"jobs/{one['id']}/" for one in (asked_for, again)]
    assert [get(warden, address).json()["state"] for address in mine] == ["done", "done"]
    first, same = (opened(get(warden, f"{address}file/")) for address in mine)
    assert first == same, "made once"
    assert first[0] == content_type
    assert get(unconfirmed(cast["warden"].client()), f"{mine[0]}file/").json()["code"] == "step_up"
    for name in ("duty_leader", "officer", "south_duty_leader", "health_leader", "prison_admin"):
        for address in (mine[0], f"{mine[0]}file/"):
            assert get(cast[name].client(), address).status_code == 404, (name, address)
    for name in ("officer", "region", "nurse", "south_duty_leader", "prison_admin"):
        assert send(cast[name].client(), "post", path).status_code == 404, name
