"""A letter inside the agency by the API, sharing on a chosen ground, and what the health service begins from a letter."""

from uuid import uuid4

from tests.api.calls import get, send
from tests.api.test_isolation_verbs import done, refused
from tests.story import tell


def test_a_letter_is_given_on_to_those_who_can_read_it_and_once(cast):
    story = tell(cast)
    nurse, path = cast["nurse"].client(), f"letters/{story['muni_letter']}"
    readers = {row["id"]: row["role"] for row in get(nurse, f"{path}/readers/").json()["results"]}
    doctor = str(cast["doctor"].membership.pk)
    assert readers[doctor] == "prison_doctor"
    assert not {"administrator", "officer"} & set(readers.values())
    given, again = (
        done(send(nurse, "put", f"{path}/assignment/", {"to": doctor, "note": "I dag?"}), 200) for _ in "12"
    )
    assert given == again
    assert (given["what"], given["to"], given["note"]) == ("assigned", doctor, "I dag?")
    stranger = {"to": str(cast["south_nurse"].membership.pk)}
    assert refused(send(nurse, "put", f"{path}/assignment/", stranger)) == {"to"}
    told, again = (done(send(nurse, "put", f"{path}/forwarding/", {"role": "prison_doctor"}), 200) for _ in "12")
    assert told == again
    assert (told["what"], told["role"]) == ("forwarded", "prison_doctor")
    assert refused(send(nurse, "put", f"{path}/forwarding/", {"role": "officer"})) == {"to"}
    early = send(cast["duty_leader"].client(), "put", f"letters/{story['prison_letter']}/reminder/")
    assert early.status_code == 422, "it is acknowledged already"


def test_letters_are_acknowledged_in_bulk_and_one_says_whose_patient_it_is(cast):
    story = tell(cast)
    nurse = cast["nurse"].client()
    new = [row for row in get(nurse, "inbox/").json()["results"] if not row["acknowledged_at"]]
    contact = next(row for row in new if row["kind"] == "health_contact")
    path = f"letters/{contact['id']}/patient/"
    assert send(nurse, "put", path, {"patient": str(story["trust_patient"])}).status_code == 400
    person, again = (done(send(nurse, "put", path, {"patient": str(story["patient"])}), 200) for _ in "12")
    assert (person["id"], again) == (str(story["patient"]), person)
    assert get(nurse, f"letters/{contact['id']}/").json()["acknowledged_at"]
    left = [row["id"] for row in new if row["kind"] == "follow_up_information"]
    asked = {"letters": [*left, str(story["prison_letter"])]}
    for _ in "12":
        rows = done(send(nurse, "put", "inbox/acknowledgement/", asked), 200)["results"]
        assert [row["id"] for row in rows] == left, "what is not one's own is absent"
        assert all(row["acknowledged_at"] for row in rows)
    assert send(cast["prison_admin"].client(), "put", "inbox/acknowledgement/", asked).status_code == 404
    assert done(send(nurse, "put", f"courses/{story['course']}/trust-visit/"), 200) == {
        "visited_at": None,
        "told": False,
    }
    visits = f"specialist-courses/{story['specialist_course']}/visits/"
    done(send(cast["doctor"].client(), "put", f"transfers/{story['transfer']}/start/"), 200)
    trust = cast["trust_intake"].client()
    assert [row["state"] for row in get(trust, "specialist-courses/").json()["results"]] == ["in_force"], (
        "as on the page"
    )
    done(send(trust, "post", visits, {"tell": True}))
    known = get(nurse, f"courses/{story['course']}/trust-visit/").json()
    assert known["visited_at"]
    assert not known["told"]
    passed_on = send(nurse, "put", f"courses/{story['course']}/trust-visit/")
    assert passed_on.json()["code"] == "proof", "the patient has not consented"


def test_information_is_shared_on_a_ground_that_can_be_used_and_once(cast):
    story = tell(cast)
    officer, path = cast["officer"].client(), f"people/{story['person']}/shared-letter/"
    body = {
        "recipient": str(cast.agencies["north_health"].pk),
        "kind": "follow_up_information",
        "basis": "LB03",
        "necessity": "Helsetjenesten må legge timene utenom arbeidstiden hans.",
        "about": "Ny timeplan",
        "content": "Han jobber til 16.",
        "verified": True,
        "informed": True,
    }
    assert refused(send(officer, "put", path, {**body, "recipient": str(uuid4())})) == {"recipient"}
    assert refused(send(officer, "put", path, {**body, "kind": "referral"})) == {"kind"}
    assert refused(send(officer, "put", path, {**body, "basis": "LB11"})) == {"basis"}
    assert refused(send(officer, "put", path, {**body, "necessity": "Kort."})) == {"necessity"}
    sent, again = (done(send(officer, "put", path, body), 200) for _ in "12")
    assert sent == again
    other = done(send(officer, "put", path, {**body, "content": "Han jobber til 17."}), 200)
    assert other["letter_id"] != sent["letter_id"]
