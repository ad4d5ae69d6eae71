"""The walls stand behind the API as behind the pages: what is not one's own is empty or absent, and absent always looks the same."""

import json
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client

from coordination.identity import acting
from coordination.people import actions as people
from coordination.people.identifiers import reveal
from tests.api.calls import API, LISTS, ROWS, VERBS, get, send
from tests.cast import AT, PERSONAS
from tests.story import tell

ADMINS = {"prison_admin", "health_admin"}
WORKERS = [name for name in PERSONAS if name not in ADMINS]


def problem(answer, status):
    assert answer.status_code == status, (answer.status_code, answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"] == "about:blank"
    assert body["title"]
    return body


def test_lists_give_each_only_what_is_its_own(cast):
    tell(cast)
    for name in WORKERS:
        client = cast[name].client()
        for path, readers in LISTS.items():
            answer = get(client, path)
            if name in readers:
                assert answer.status_code == 200, (name, path, answer.content)
                assert answer.json()["results"], (name, path)
            elif answer.status_code == 200:
                assert answer.json()["results"] == [], (name, path)
            else:
                problem(answer, 404)


def test_rows_are_absent_for_everybody_else(cast):
    story = tell(cast)
    for name in WORKERS:
        client = cast[name].client()
        for path, (key, readers) in ROWS.items():
            answer = get(client, path.format(story[key]))
            if name in readers:
                assert answer.status_code == 200, (name, path, answer.content)
            else:
                absent = get(client, path.format(uuid4()))
                assert problem(answer, 404) == problem(absent, 404), (name, path)


def test_verbs_are_absent_for_everybody_else(cast):
    story = tell(cast)
    for name in WORKERS:
        client = cast[name].client()
        for path, (method, key, doers) in VERBS.items():
            answer = send(client, method, path.format(story[key]))
            if name in doers:
                assert answer.status_code != 404, (name, path)
            else:
                absent = send(client, method, path.format(uuid4()))
                assert problem(answer, 404) == problem(absent, 404), (name, path)


def test_letters_are_read_by_their_own_side_only(cast):
    story = tell(cast)
    prison, muni = cast["duty_leader"].client(), cast["nurse"].client()
    assert get(prison, f"letters/{story['prison_letter']}/").status_code == 200
    assert get(muni, f"letters/{story['muni_letter']}/").status_code == 200
    for client, key in ((prison, "muni_letter"), (muni, "prison_letter"), (muni, "trust_letter")):
        problem(get(client, f"letters/{story[key]}/"), 404)
    # The sender's own copy can be read, but leaves no receipt.
    problem(send(prison, "put", f"letters/{story['prison_letter']}/acknowledgement/"), 404)
    for name in ("south_duty_leader", "south_nurse", "other_trust_intake"):
        for box in ("inbox/", "outbox/"):
            assert get(cast[name].client(), box).json()["results"] == []


def test_who_is_not_logged_in_gets_401_and_an_administrator_nothing(cast):
    story = tell(cast)
    stranger, admin = Client(), cast["prison_admin"].client()
    for path in [*LISTS, "deadlines/", "inbox/", "schema/", f"people/{story['person']}/"]:
        answer = get(stranger, path)
        problem(answer, 401)
        assert answer["WWW-Authenticate"]
        problem(get(admin, path), 404)
    for path, (method, key, _doers) in VERBS.items():
        problem(send(stranger, method, path.format(story[key])), 401)
        problem(send(admin, method, path.format(story[key])), 404)
    assert get(stranger, "docs/").status_code == 302
    problem(get(admin, "docs/"), 404)


def test_every_error_under_the_api_is_a_problem(cast, admin, monkeypatch):
    story = tell(cast)
    client = cast["officer"].client(raise_request_exception=False)
    checks = f"{API}/measures/{story['measure']}/checks/"
    bad = client.post(
        checks, data=b'{"state": ', content_type="application/json", headers={"Idempotency-Key": str(uuid4())}
    )
    assert problem(bad, 400)["detail"] == "Innholdet kan ikke leses som JSON."
    problem(Client().post(checks, data=b"{", content_type="application/json"), 401)
    for body in ("[]", '"hest"', "null", "7"):
        problem(
            client.post(checks, data=body, content_type="application/json", headers={"Idempotency-Key": str(uuid4())}),
            400,
        )
    problem(client.post(checks, data="a=1", content_type="text/plain", headers={"Idempotency-Key": str(uuid4())}), 415)
    for method, path in (("delete", "people/"), ("patch", "inbox/"), ("options", "stays/"), ("post", "docs/")):
        answer = getattr(client, method)(f"{API}/{path}")
        problem(answer, 405)
        assert answer["Allow"]
    for path in ("/api/", "/api/v1/", "/api/v2/people/", "/api/v1/people", f"{API}/people/{uuid4()}/hest/"):
        for caller in (client, Client(), cast["prison_admin"].client()):
            answer = caller.get(path)
            problem(answer, 401 if answer.status_code == 401 else 404)
    # A page that is no part of the API stays a page.
    assert client.get("/finnes-ikke/")["Content-Type"].startswith("text/html")


def test_an_error_nobody_expected_tells_nothing_and_saves_nothing(cast, admin, monkeypatch):
    story = tell(cast)
    client = cast["officer"].client(raise_request_exception=False)

    def count():
        return admin.execute("SELECT count(*) FROM custody.isolation_check").fetchone()[0]

    def fails(*_args, **_kwargs):
        raise RuntimeError("KANARI-FEIL")

    before, path = count(), f"measures/{story['measure']}/checks/"
    monkeypatch.setattr("isolation.api.measures.CheckLine.to_representation", fails)
    answer = send(client, "post", path, {"state": "calm"})
    problem(answer, 500)
    assert "KANARI" not in answer.content.decode()
    assert count() == before
    monkeypatch.undo()
    assert send(client, "post", path, {"state": "calm"}).status_code == 201
    assert count() == before + 1


def test_unsafe_methods_ask_for_the_csrf_token(cast):
    story = tell(cast)
    client = cast["officer"].client(enforce_csrf_checks=True)
    path, body = f"measures/{story['measure']}/checks/", {"state": "calm"}
    problem(send(client, "post", path, body), 403)
    client.get("/personer/ny/")  # a page with a form gives the cookie
    token = client.cookies["csrftoken"].value
    assert send(client, "post", path, body, **{"X-CSRFToken": token}).status_code == 201


def test_no_identity_number_and_no_other_worlds_words_leave_by_the_api(cast):
    story = tell(cast)
    with acting("token-duty_leader", "test") as actor:
        from coordination.people.access import access_person

        number = reveal(access_person(actor, story["person"]))
        masked = access_person(actor, story["person"]).national_id_masked
    assert len(number) == 11
    for name in WORKERS:
        client = cast[name].client()
        said = ""
        for path in [*LISTS, "deadlines/", "inbox/", "outbox/"]:
            answer = get(client, path)
            said += answer.content.decode()
            if path in ("inbox/", "outbox/"):
                for row in answer.json()["results"]:
                    said += get(client, f"letters/{row['id']}/").content.decode()
        for path, (key, _readers) in ROWS.items():
            said += get(client, path.format(story[key])).content.decode()
        for secret in (number, masked, "national_id", "cipher", "lookup", "token"):
            assert secret not in said, (name, secret)
        if PERSONAS[name][1] not in ("north_health", "trust"):
            assert "KANARI-HELSE" not in said, name
        if PERSONAS[name][1] not in ("north", "north_health"):
            assert "KANARI-PRISON" not in said, name
    # Something was there to leak.
    assert "KANARI-HELSE" in get(cast["nurse"].client(), "visits/").content.decode()
    assert "KANARI-PRISON" in get(cast["officer"].client(), f"measures/{story['measure']}/").content.decode()


def test_every_reading_by_the_api_is_in_the_audit_log(cast, admin):
    story = tell(cast)
    before = admin.execute("SELECT count(*) FROM audit.entry WHERE purpose = 'api_measure'").fetchone()[0]
    assert get(cast["officer"].client(), f"measures/{story['measure']}/").status_code == 200
    after = admin.execute("SELECT count(*) FROM audit.entry WHERE purpose = 'api_measure'").fetchone()[0]
    assert after > before


class Counted:
    """Counts the queries of one request."""

    def __enter__(self):
        from django.test.utils import CaptureQueriesContext

        self.inner = CaptureQueriesContext(connections["default"])
        self.inner.__enter__()
        return self

    def __exit__(self, *args):
        self.inner.__exit__(*args)
        self.number = len(self.inner.captured_queries)


@pytest.mark.parametrize("path", ["people/", "stays/", "deadlines/", "release-dates/"])
def test_a_list_costs_the_same_for_one_and_for_thirty(cast, path):
    client = cast["duty_leader"].client()
    get(client, path, **({} if path == "deadlines/" else {"page_size": 1}))
    with Counted() as few:
        first = get(client, path, **({} if path == "deadlines/" else {"page_size": 1})).json()["results"]
    with cast["duty_leader"].acting() as actor:
        for n in range(30):
            person = people.register_person(
                actor, unit=cast.units["north_a"], number=f"T-{n}", family_name=f"Fløyte{n}", given_name="Rask",
                birth_date=AT.date().replace(year=1990), at=AT,
            )  # fmt: skip
            people.admit(
                actor, person, legal_status="convicted", security_level="high", admitted_at=AT,
                expected_release_on=AT.date().replace(year=2027), at=AT,
            )  # fmt: skip
    with Counted() as many:
        last = get(client, path, **({} if path == "deadlines/" else {"page_size": 100})).json()["results"]
    assert len(last) >= len(first) + 29
    assert many.number == few.number


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("duty_leader", "inbox/"),
        ("duty_leader", "outbox/"),
        ("duty_leader", "measures/"),
        ("duty_leader", "health-contacts/"),
        ("nurse", "inbox/"),
        ("nurse", "courses/"),
        ("nurse", "visits/"),
        ("nurse", "referrals/"),
        ("trust_intake", "received-referrals/"),
    ],
)
def test_a_list_costs_no_more_with_rows_than_without(cast, name, path):
    client = cast[name].client()
    get(client, path)
    with Counted() as empty:
        assert get(client, path).json()["results"] == []
    tell(cast)
    with Counted() as full:
        assert get(client, path).json()["results"]
    # One more: what was read is written to the audit log.
    assert full.number <= empty.number + 1


def test_pages_turn_by_cursor_and_a_made_up_cursor_is_absent(cast):
    import base64

    client = cast["duty_leader"].client()
    seen, url = [], f"{API}/people/?page_size=1"
    while url:
        page = client.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]
    assert len(seen) == len(set(seen)) == 3
    for made_up in (b"p=hest", b"o=hest", b"p=2026"):
        for path in ("people/", "inbox/"):
            assert get(client, path, cursor=base64.b64encode(made_up).decode()).status_code in (200, 404)
    problem(get(client, "people/", page_size="0"), 400)
    problem(get(client, "people/", order="number"), 400)
    problem(get(client, "no-such-door/"), 404)
    assert json.loads(get(client, "no-such-door/").content) == get(client, f"people/{uuid4()}/").json()
