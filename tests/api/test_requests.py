"""Requests for information and objections through the API: the same rules, the same walls, the same password."""

from django.urls import reverse

from tests.api.calls import get, send
from tests.api.test_verbs import ADVISED, WANTED
from tests.doors.steps import confirmed, unconfirmed
from tests.story import tell


def test_a_program_asks_and_health_personnel_answer_once(cast):
    story = tell(cast)
    leader, doctor = cast["duty_leader"].client(), cast["doctor"].client()
    for wrong, status in (({"wanted": "Hele journalen"}, 422), ({"recipient": str(cast.agencies["south"].pk)}, 400)):
        assert (
            send(leader, "post", f"people/{story['person']}/information-requests/", {**WANTED, **wrong}).status_code
            == status
        )
    path = f"letters/{story['request_letter']}/information-answer/"
    released = {"result": "given", "advice": "Hold ham atskilt.", "informed": True}
    assert set(send(doctor, "put", path, released).json()["errors"]) == {"patient"}
    released["patient"] = str(story["patient"])
    assert set(send(doctor, "put", path, {**released, "basis": "LB02"}).json()["errors"]) == {"basis"}
    assert set(send(doctor, "put", path, released).json()["errors"]) == {"necessity"}
    released["necessity"] = "Faren for medinnsatte kan bare avverges slik i natt."
    asked = send(unconfirmed(doctor), "put", path, released)
    assert (asked.status_code, asked.json()["code"]) == (403, "step_up")
    assert send(confirmed(doctor), "put", path, released).json()["kind"] == "information_answer"
    for again in (released, {"result": "more", "missing": ["who"]}, {"result": "not_released"}):
        answer = send(doctor, "put", path, again)
        assert (answer.status_code, answer.json()["code"]) == (422, "answered")
    got = get(leader, "inbox/", kind="information_answer").json()["results"]
    assert len(got) == 1
    assert get(cast["officer"].client(), f"letters/{got[0]['id']}/").status_code == 404


def test_advice_on_danger_asks_for_the_password_too(cast):
    story = tell(cast)
    doctor, path = cast["doctor"].client(), f"letters/{story['muni_letter']}/advice/"
    asked = send(unconfirmed(doctor), "post", path, ADVISED)
    assert (asked.status_code, asked.json()["code"]) == (403, "step_up")
    page = doctor.get(reverse("advice_new", args=[story["muni_letter"]]))
    assert "Kan brukes uten samtykke når du skriver hvorfor" in page.content.decode(), "the grounds, each with why"
    assert send(confirmed(doctor), "post", path, ADVISED).status_code == 201


def test_an_objection_is_lifted_once_and_the_first_word_stands(cast):
    story = tell(cast)
    client, path = cast["nurse"].client(), f"objections/{story['objection']}/lifting/"
    first = send(client, "put", path, {"note": "Ombestemte seg."}).json()
    assert first["lifted_note"] == "Ombestemte seg."
    assert send(client, "put", path, {"note": "Noe annet."}).json() == first
    assert send(client, "post", f"people/{story['patient']}/objections/", {"source": "presumed"}).status_code == 422
