"""Deviations and meetings for programs: the same walls, keys and versions as on the pages, and the same eye for names."""

from uuid import uuid4

import pytest

from coordination import clock
from tests.api.calls import get, send
from tests.cast import AT
from tests.cooperation.sharing import deviation, forum, planned

NAMED = "Blid Fiolin fikk ikke reise."


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Let the doors read a fixed clock."""
    monkeypatch.setattr(clock, "now", lambda: AT)


def bodies(cast):
    """Give what makes a deviation and a forum: who, where, what, and its fields that are about nobody."""
    shared = {"shared_with": [str(cast.agencies["north_health"].pk)]}
    happened = {"kind": "escort", "severity": "high", "happened_on": "2026-11-20", "place": "A", "what": "Avlyst."}
    return (
        ("officer", "deviations/", {**happened, **shared, "measures": "Ny time."}, ("place", "what", "measures")),
        (
            "warden",
            "forums/",
            {**shared, "title": "Ledermøte", "interval_months": 3, "others": "KS"},
            ("title", "others"),
        ),
    )


@pytest.mark.obligation("R6.2-i")
def test_a_key_makes_one_and_a_name_makes_none(cast):
    for who, path, body, fields in bodies(cast):
        client, once = cast[who].client(), uuid4()
        for field in fields:
            refused = send(client, "post", path, {**body, field: NAMED})
            assert refused.status_code == 422, (path, field)
            assert "Skriv den uten «Blid Fiolin»" in str(refused.json()["errors"][field])
        assert get(client, path).json()["results"] == []
        first, second = (send(client, "post", path, body, key=once) for _turn in range(2))
        assert (first.status_code, second.status_code) == (201, 201), first.content
        assert first.json() == second.json()
        assert [row["id"] for row in get(client, path).json()["results"]] == [first.json()["id"]]
        assert send(client, "post", path, body, **{"Idempotency-Key": ""}).status_code == 400
        alone = send(client, "post", path, {**body, "shared_with": [str(cast.agencies["south"].pk)]})
        assert "shared_with" in alone.json()["errors"], "an agency one does not work with"


@pytest.mark.obligation("R6.2-i")
def test_what_is_added_and_written_names_nobody_either(cast):
    row, place = deviation(cast), forum(cast)
    meeting = planned(cast, place.pk)
    verbs = (
        ("officer", "post", f"deviations/{row.pk}/notes/", {"kind": "comment", "text": "Bilen manglet."}, ("text",)),
        ("warden", "put", f"deviations/{row.pk}/closing/", {"outcome": "Ny bil.", "version": 1}, ("outcome",)),
        ("warden", "post", f"forums/{place.pk}/meetings/", {"held_on": "2026-12-01", "place": "Rom 1", "agenda": "Bil"}, ("place", "agenda")),
        ("warden", "post", f"meetings/{meeting.pk}/notes/", {"text": "Bil"}, ("text",)),
        ("warden", "put", f"meetings/{meeting.pk}/minutes/", {"held_on": "2026-11-23", "minutes": "Bil", "decisions": "Bil", "version": 1}, ("minutes", "decisions")),
    )  # fmt: skip
    for who, method, path, body, fields in verbs:
        client = cast[who].client()
        for field in fields:
            assert send(client, method, path, {**body, field: NAMED}).status_code == 422, (path, field)
        assert send(client, method, path, body).status_code == (201 if method == "post" else 200), path
    warden = cast["warden"].client()
    for path, body in ((verbs[1][2], verbs[1][3]), (verbs[4][2], verbs[4][3])):
        assert send(warden, "put", path, body).status_code == 409, "somebody was here before"
    assert [note["text"] for note in get(warden, f"deviations/{row.pk}/").json()["notes"]] == ["Bilen manglet."]
    held = get(cast["health_leader"].client(), f"meetings/{meeting.pk}/").json()
    assert (held["state"], held["minutes"], [note["text"] for note in held["notes"]]) == ("held", "Bil", ["Bil"])


def test_a_third_agency_gets_nothing_and_a_party_only_what_a_party_may(cast):
    row, place = deviation(cast, to=("north_health",)), forum(cast, to=("north_health",))
    meeting = planned(cast, place.pk)
    for who in ("south_duty_leader", "trust_leader"):
        client = cast[who].client()
        for path in ("deviations/", "forums/", "meetings/"):
            assert get(client, path).json()["results"] == [], (who, path)
        for path in (f"deviations/{row.pk}/", f"meetings/{meeting.pk}/"):
            assert get(client, path).status_code == 404
        for path in (f"deviations/{row.pk}/notes/", f"meetings/{meeting.pk}/notes/", f"forums/{place.pk}/meetings/"):
            assert send(client, "post", path, {"text": "Bil"}).status_code == 404
    leader = cast["health_leader"].client()
    for path in ("deviations/", "forums/", "meetings/"):
        assert len(get(leader, path).json()["results"]) == 1
    for method, path in (
        ("put", f"deviations/{row.pk}/closing/"),
        ("put", f"meetings/{meeting.pk}/minutes/"),
        ("post", f"forums/{place.pk}/meetings/"),
    ):
        assert send(leader, method, path, {"version": 1}).status_code == 404, path
    assert get(cast["officer"].client(), "forums/").status_code == 404, "who leads nobody"
    assert get(cast["region"].client(), "deviations/").status_code == 404


def test_a_fixed_matter_said_often_stands_once(cast):
    _who, path, body, _fields = bodies(cast)[1]
    said = send(
        cast["warden"].client(), "post", path, {**body, "topics": ["release_preparation", "coordination"] * 500}
    ).json()
    assert said["topics"] == ["release_preparation", "coordination"]
