"""The verbs of isolation and supervision by the API: each does what its page does, once for a key, and names what is wrong as the body does."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from coordination import clock
from isolation.models import AdviceRequest, HarmDecision, Mitigation, Reassessment
from tests.api.calls import VERBS, get, send
from tests.api.test_verbs import CREATES, OTHER_POSTS
from tests.story import tell


def done(answer, status=201):
    assert answer.status_code == status, answer.content
    return answer.json()


def refused(answer):
    assert answer.status_code == 422, answer.content
    return set(answer.json().get("errors", {}))


def test_a_measure_is_followed_by_the_api_as_on_its_page(cast):
    story, now = tell(cast), clock.now()
    officer, leader = cast["officer"].client(), cast["duty_leader"].client()
    measure, person = f"measures/{story['measure']}", f"people/{story['person']}"
    talk = {"kind": "talk", "with_whom": "staff", "started_at": (now - timedelta(minutes=9)).isoformat()}
    wrong = {**talk, "ended_at": (now - timedelta(minutes=20)).isoformat()}
    assert refused(send(officer, "post", f"{measure}/contacts/", wrong)) == {"ended_at"}
    key, right = uuid4(), {**talk, "ended_at": (now - timedelta(minutes=2)).isoformat()}
    first, again = (done(send(officer, "post", f"{measure}/contacts/", right, key=key)) for _ in range(2))
    assert (first["id"], first["minutes"]) == (again["id"], 7)
    done(send(officer, "put", f"contacts/{first['id']}/striking/", {"reason": "Feil person."}), 200)
    struck = {row["id"]: row["struck"] for row in get(officer, f"{measure}/contacts/").json()["results"]}
    assert struck == {first["id"]: True, str(story["contact"]): False}
    offered = {"kind": Mitigation.Kind.values[0], "outcome": Mitigation.Outcome.NOT_POSSIBLE.value}
    assert refused(send(officer, "post", f"{measure}/mitigations/", offered)) == {"note"}
    done(send(officer, "post", f"{measure}/mitigations/", {**offered, "note": "Ingen ledige."}))
    today = clock.local_date(now).isoformat()
    done(send(officer, "post", f"{person}/time-out-days/", {"day": today, "minutes": 30}))
    assert [row["minutes"] for row in get(officer, f"{person}/time-out/").json()["results"]] == [30]
    assert refused(send(leader, "put", f"{measure}/interval/", {"minutes": 600, "reason": "Uro."})) == {"minutes"}
    assert (
        done(send(leader, "put", f"{measure}/interval/", {"minutes": 15, "reason": "Uro."}), 200)["interval_minutes"]
        == 15
    )
    done(send(leader, "put", f"{measure}/interval/end/"), 200)
    empty = {"first_on": today, "way_out": "Ro.", "days": [{"activities": "", "minutes": 0}] * 7}
    assert "days.3.minutes" in refused(send(leader, "post", f"{measure}/weekly-plans/", empty))
    judged = {"outcome": Reassessment.Outcome.values[0], "reason": "Fortsatt uro.", "mitigation": "Samtaler."}
    assert refused(send(leader, "post", f"{measure}/reassessments/", {**judged, "reason": ""})) == {"reason"}
    done(send(leader, "post", f"{measure}/reassessments/", judged))
    step = {"limit": "B15", "outcome": "sent", "occurred_at": now.isoformat(), "done_by": "Vaktleder"}
    assert refused(send(leader, "post", f"{measure}/steps/", step)) == {"limit"}
    assert refused(send(leader, "put", f"{measure}/closing/", {"note": ""})) == set()


def test_a_proposal_and_isolation_without_a_decision_by_the_api(cast):
    story = tell(cast)
    officer, leader = cast["officer"].client(), cast["duty_leader"].client()
    proposed = {"kind": "security_cell", "reason": "Skader seg selv."}
    row = done(send(officer, "post", f"people/{story['person']}/proposals/", proposed))
    assert row["state"] == "proposed"
    assert refused(send(officer, "post", f"people/{story['person']}/proposals/", proposed)) == set()
    asked = done(send(leader, "put", f"proposals/{row['id']}/statement/", {"question": "Hva råder dere til?"}), 200)
    assert asked["asked_at"]
    gone = done(send(leader, "put", f"proposals/{row['id']}/withdrawal/", {"note": "Roet seg."}), 200)
    assert (gone["state"], gone["closed_note"]) == ("withdrawn", "Roet seg.")
    informal = f"informal-isolation/{story['informal']}"
    told = done(send(leader, "post", f"{informal}/considerations/", {"supervision": True, "reason": "Spiser lite."}))
    assert told["letter_id"], "with yes the health service is told at once"
    assert refused(send(officer, "put", f"{informal}/end/", {"note": ""})) == {"note"}
    assert done(send(officer, "put", f"{informal}/end/", {"note": "Er med på gangen."}), 200)["end_reason"] == "joined"


def test_harm_and_agreements_pass_between_the_services_by_the_api(cast):
    story = tell(cast)
    leader, doctor, trust = (cast[name].client() for name in ("duty_leader", "doctor", "trust_intake"))
    letter = f"letters/{story['harm_letter']}"
    assert done(send(leader, "put", f"{letter}/harm-receipt/"), 200)["acknowledged_at"]
    body = {"outcome": HarmDecision.Outcome.values[0], "reason": "Mer samvær fra i dag."}
    first, again = (done(send(leader, "put", f"{letter}/harm-decision/", body), 200) for _ in range(2))
    assert first == again
    transfer = f"transfers/{story['transfer']}"
    assert done(send(doctor, "put", f"{transfer}/start/"), 200)["state"] == "in_force"
    assert {row["state"] for row in get(doctor, "transfers/").json()["results"]} == {"in_force"}
    visit = f"specialist-courses/{story['specialist_course']}/visits/"
    assert refused(send(trust, "post", visit, {"note": "Samtale."})) == set(), (
        "the trust has not read that it is in force"
    )
    assert done(send(doctor, "put", f"{transfer}/end/"), 200)["state"] == "ended"
    considered = {"supervise": True, "reason": "Spiser lite."}
    assert refused(send(doctor, "post", f"courses/{story['course']}/considerations/", considered)) == set()
    assert send(cast["nurse"].client(), "post", f"courses/{story['course']}/frequency-plans/").status_code == 404


#: Verbs that make something, each with who does it, about what, and the least it says.
ONCE: dict[str, tuple[str, str, dict[str, Any]]] = {
    "people/{}/proposals/": ("officer", "person", {"kind": "security_cell", "reason": "Skader seg selv."}),
    "people/{}/health-checks/": ("officer", "person", {"reason": "wish"}),
    "people/{}/advice-requests/": (
        "duty_leader",
        "person",
        {"about": AdviceRequest.About.values[0], "question": "Hva bør vi ta hensyn til?"},
    ),
    "measures/{}/mitigations/": (
        "officer",
        "measure",
        {"kind": Mitigation.Kind.values[0], "outcome": Mitigation.Outcome.NOT_POSSIBLE.value, "note": "Ingen ledige."},
    ),
    "measures/{}/reassessments/": (
        "duty_leader",
        "measure",
        {"outcome": Reassessment.Outcome.values[0], "reason": "Fortsatt uro.", "mitigation": "Samtaler."},
    ),
    "informal-isolation/{}/considerations/": (
        "duty_leader",
        "informal",
        {"supervision": True, "reason": "Spiser lite."},
    ),
}


@pytest.mark.parametrize("path", ONCE)
def test_the_same_key_twice_is_done_once(cast, path):
    story = tell(cast)
    name, subject, body = ONCE[path]
    client, url, once = cast[name].client(), path.format(story[subject]), uuid4()
    first, again = (done(send(client, "post", url, body, key=once)) for _ in range(2))
    assert first == again


KEYED = sorted({path for path, (method, *_) in VERBS.items() if method == "post"} - {*CREATES, *OTHER_POSTS})


def test_without_a_key_nothing_is_made(cast):
    story = tell(cast)
    for path in KEYED:
        _method, subject, roles = VERBS[path]
        name = sorted(roles)[0]
        answer = send(cast[name].client(), "post", path.format(story[subject]), {}, **{"Idempotency-Key": ""})
        assert answer.status_code == 400, path
        assert "Idempotency-Key" in answer.json()["errors"], path
