"""Stays and releases by the API: corrected, moved, handed over and ended as on the pages, and the health service told of a release."""

from datetime import timedelta
from uuid import uuid4

from coordination import clock
from coordination.people.access import open_stay
from tests.api.calls import get, send
from tests.api.test_isolation_verbs import done, refused
from tests.story import tell


def version(cast, person):
    return get(cast["duty_leader"].client(), f"people/{person}/").json()["version"]


def test_a_stay_is_corrected_and_ended_once(cast):
    person = cast.people["trompet"]
    leader, path = cast["duty_leader"].client(), f"people/{person}/stay/"
    with cast["duty_leader"].acting() as actor:
        body = {"security_level": "low", "version": open_stay(actor, person).version}
    remand = done(send(leader, "put", path, {**body, "legal_status": "remand", "remand_restrictions": ["visits"]}), 200)
    assert (remand["legal_status"], remand["security_level"]) == ("remand", "low")
    assert send(leader, "put", path, {**body, "legal_status": "convicted"}).status_code == 409
    convicted = {**body, "legal_status": "convicted", "version": remand["version"]}
    stands = done(send(leader, "put", path, convicted), 200)["version"]
    late = {"reason": "released", "version": stands, "ended_at": (clock.now() + timedelta(hours=1)).isoformat()}
    assert refused(send(leader, "put", f"{path}end/", late)) == {"ended_at"}
    ended = done(send(leader, "put", f"{path}end/", {"reason": "released", "version": stands}), 200)
    assert (ended["end_reason"], bool(ended["ended_at"])) == ("released", True)
    assert send(leader, "put", f"{path}end/", {"reason": "released", "version": stands}).status_code == 404
    assert get(cast["officer_b"].client(), f"people/{person}/").status_code == 404, "the relationship is over"


def test_a_person_is_moved_and_the_grants_follow(cast):
    person, other = cast.people["fiolin"], str(cast.units["north_b"].pk)
    leader, path = cast["duty_leader"].client(), f"people/{cast.people['fiolin']}/unit/"
    assert other in {row["id"] for row in get(leader, "units/").json()["results"]}
    body = {"unit": other, "cell": "B-7", "version": version(cast, person)}
    assert send(leader, "put", path, {**body, "unit": str(cast.units["south_a"].pk)}).status_code == 400
    assert send(leader, "put", path, {**body, "version": body["version"] + 1}).status_code == 409
    assert get(cast["officer_b"].client(), f"people/{person}/").status_code == 404
    moved = done(send(leader, "put", path, body), 200)
    assert (moved["unit_id"], moved["place"]) == (other, "B-7")
    assert get(cast["officer_b"].client(), f"people/{person}/").status_code == 200
    assert get(cast["officer"].client(), f"people/{person}/").status_code == 404
    assert send(leader, "put", path, {**body, "version": moved["version"]}).json()["code"] == "same_unit"


def test_a_person_handed_over_is_absent_for_the_sender(cast):
    person, unit = cast.people["fiolin"], str(cast.units["south_a"].pk)
    leader, path = cast["duty_leader"].client(), f"people/{cast.people['fiolin']}/hand-over/"
    assert unit in {row["id"] for row in get(leader, "receiving-units/").json()["results"]}
    body = {"unit": unit, "version": version(cast, person)}
    assert send(leader, "put", path, {**body, "unit": str(cast.units["north_b"].pk)}).status_code == 400
    assert done(send(leader, "put", path, body), 200)["id"] == unit
    assert send(leader, "put", path, body).status_code == 404
    assert get(leader, f"people/{person}/").status_code == 404
    assert get(cast["south_officer"].client(), f"people/{person}/").status_code == 200


def test_the_health_service_is_told_of_a_release_once_for_a_key(cast):
    story = tell(cast)
    person, worker = story["person"], cast["release_caseworker"].client()
    row = next(r for r in get(worker, "release-dates/").json()["results"] if r["person"]["id"] == str(person))
    path, once = f"people/{person}/release-notices/", uuid4()
    body = {"expected_release_on": row["expected_release_on"], "status": "expected", "necessity": "Kort."}
    assert refused(send(worker, "post", path, body)) == {"necessity"}
    body["necessity"] = "Helsetjenesten må planlegge videre behandling ute."
    assert send(worker, "post", path, {**body, "expected_release_on": "2030-01-01"}).status_code == 409
    told, again = (done(send(worker, "post", path, body, key=once)) for _ in range(2))
    assert told == again
    assert send(worker, "post", path, body).json()["code"] == "already_told"
    letters = get(cast["nurse"].client(), "inbox/", kind="release_notice").json()["results"]
    assert [letter["letter_id"] for letter in letters] == [told["letter_id"]]


def test_who_plans_a_release_is_registered(cast):
    story = tell(cast)
    worker, path = cast["release_caseworker"].client(), f"people/{story['person']}/release-plan/"
    plan = get(worker, path).json()
    body = {"kind": plan["kind"], "partners": ["nav"], "first_contact": "Ringt i dag.", "version": plan["version"]}
    waits = send(worker, "put", path, body)
    assert waits.json()["code"] == "consent_question", "whether consent is needed is answered first"
    questions = get(worker, f"people/{story['person']}/consent-questions/").json()["results"]
    asked = next(row["id"] for row in questions if row["point"] == "release")
    answer = {"needed": False, "reason": "Bare datoen deles."}
    done(send(worker, "put", f"consent-questions/{asked}/answer/", answer), 200)
    begun = done(send(worker, "put", path, body), 200)
    assert begun["started_at"]
    assert send(worker, "put", path, body).status_code == 409
    assert get(worker, path).json() == begun
