"""Every kind of access leaves its own kind of entry: lists, searches, prints, exports, the API, and doors that were shut."""

import uuid
from typing import Any

import pytest
from django.test import RequestFactory
from django.urls import reverse

from tests.cast import Cast


class Trail:
    """What the log got since the last look."""

    def __init__(self, admin: Any) -> None:
        self.admin = admin
        self.seq = self._last()

    def _last(self) -> int:
        return self.admin.execute("SELECT coalesce(max(seq), 0) FROM audit.entry").fetchone()[0]

    def new(self, action: str) -> list[tuple]:
        """Return (table, purpose, object ids, person ids, agency) of the new entries of an action."""
        rows = self.admin.execute(
            "SELECT subject_table, purpose, object_ids, person_ids, agency_id FROM audit.entry WHERE seq > %s AND action = %s ORDER BY seq",
            [self.seq, action],
        ).fetchall()
        self.seq = self._last()
        return rows


@pytest.fixture
def trail(cast: Cast, admin: Any) -> Trail:
    return Trail(admin)


def test_a_list_says_whom_it_named(cast, trail):
    assert b"Fiolin" in cast["duty_leader"].client().get("/personer/").content
    rows = [r for r in trail.new("read") if r[0] == "coordination_person"]
    assert len(rows) == 1
    _table, purpose, ids, persons, agency = rows[0]
    assert (purpose, agency) == ("people", cast.agencies["north"].pk)
    assert set(ids) == set(persons) == {cast.people[name] for name in ("fiolin", "trompet", "ung")}


def test_a_search_keeps_the_hits_and_a_digest_and_not_what_was_typed(cast, trail, admin):
    client = cast["duty_leader"].client()
    digests = []
    for text, found in (
        ("Fiolin", ["fiolin"]),
        ("  fiolin ", ["fiolin"]),
        ("Trompet", ["trompet"]),
        ("Finnesikke", []),
    ):
        client.post("/personer/sok/", {"query": text})
        ((table, purpose, ids, persons, _agency),) = trail.new("search")
        assert table == "search"
        assert list(ids) == list(persons) == [cast.people[name] for name in found]
        digests.append(purpose)
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3
    assert all(d.startswith("search:") and len(d) == len("search:") + 16 for d in digests)
    kept = admin.execute("SELECT string_agg(e::text, ' ') FROM audit.entry e").fetchone()[0].lower()
    assert "finnesikke" not in kept


def test_the_api_is_logged_as_the_api(cast, trail):
    fiolin = cast.people["fiolin"]
    assert cast["officer"].client().get(reverse("api_person", args=[fiolin])).status_code == 200
    assert ("coordination_person", "api_person", [fiolin], [fiolin], cast.agencies["north"].pk) in trail.new("read")


def test_paper_is_a_print_also_where_no_view_says_so(cast, trail):
    """A blank form is about nobody, and its view notes nothing."""
    assert cast["officer"].client().get(reverse("consent_blank_pdf", args=["nn"])).status_code == 200
    assert [(r[0], r[2]) for r in trail.new("print")] == [("consent_blank_pdf", [])]


def test_a_file_is_an_export_also_where_no_view_says_so(cast, admin):
    from django.http import HttpResponse

    from coordination.middleware import account

    request = RequestFactory().get("/x")
    request.resolver_match = type("Match", (), {"view_name": "x_csv", "kwargs": {}})()
    with cast["officer"].acting("x_csv") as actor:
        account(request, actor, HttpResponse(b"a;b", headers={"Content-Disposition": "attachment; filename=x.csv"}))
    newest = admin.execute("SELECT action, subject_table FROM audit.entry ORDER BY seq DESC LIMIT 1").fetchone()
    assert newest == ("export", "x_csv")


@pytest.mark.obligation("RM8-a")
def test_a_shut_door_is_logged_with_its_key_in_the_own_agency_only(cast, trail):
    """The person behind is named where the own agency has them; another agency's person, and nobody at all, look alike."""
    hidden, foreign, absent = cast.people["trompet"], cast.people["sjiraff"], uuid.uuid4()
    client = cast["officer"].client()
    seen = []
    for key in (hidden, foreign, absent):
        answer = client.get(f"/personer/{key}/")
        assert answer.status_code == 404
        ((table, purpose, ids, persons, agency),) = trail.new("refuse")
        assert (table, purpose, list(ids), agency) == ("person", "person", [key], cast.agencies["north"].pk)
        seen.append(list(persons))
    assert seen == [[hidden], [], []]


def test_the_twin_with_a_grant_is_no_refusal(cast, trail):
    assert cast["officer"].client().get(f"/personer/{cast.people['fiolin']}/").status_code == 200
    assert trail.new("refuse") == []


NOT_THEIRS = (
    *(("officer", "roster"), ("region", "people"), ("prison_admin", "people")),
    *(("nurse", "isolation_board"), ("officer", "access_reviews")),
)


def test_a_door_that_is_not_for_the_role_is_logged_as_refused(cast, trail):
    for who, door in NOT_THEIRS:
        assert cast[who].client().get(reverse(door)).status_code == 404
        assert [(r[0], r[3], r[4]) for r in trail.new("refuse")] == [(door, [], cast[who].membership.agency_id)]


def test_the_api_s_refusals_too(cast, trail):
    path = reverse("api_person", args=[cast.people["trompet"]])
    assert cast["officer"].client().get(path).status_code == 404
    assert [(r[0], list(r[3])) for r in trail.new("refuse")] == [("api_person", [cast.people["trompet"]])]


def test_each_agency_s_log_is_its_own(cast, admin, trail):
    cast["south_duty_leader"].client().get("/personer/")
    cast["duty_leader"].client().get("/personer/")
    rows = admin.execute(
        "SELECT agency_id, person_ids FROM audit.entry WHERE seq > %s AND subject_table = 'coordination_person'",
        [trail.seq],
    ).fetchall()
    assert {agency for agency, _p in rows} == {cast.agencies["north"].pk, cast.agencies["south"].pk}
    for agency, persons in rows:
        assert (cast.people["sjiraff"] in persons) == (agency == cast.agencies["south"].pk)
