"""What is not about one measure, by the API: a unit's time out of the cell, plans of activity, the deputy, and the date of the act."""

from datetime import timedelta
from uuid import uuid4

from coordination import clock
from tests.api.calls import get, send
from tests.api.test_isolation_verbs import done, refused
from tests.story import tell


def test_a_date_is_written_for_a_whole_unit_or_for_nobody(cast):
    unit, officer = cast.units["north_a"].pk, cast["officer"].client()
    path, today = f"units/{unit}/time-out-days/", clock.local_date(clock.now())
    here = [{"person": str(cast.people[name]), "minutes": minutes} for name, minutes in (("fiolin", 30), ("ung", 200))]
    elsewhere = {"person": str(cast.people["trompet"]), "minutes": 10}
    body, once = {"day": today.isoformat(), "people": here}, uuid4()
    assert send(officer, "post", path, {**body, "people": [*here, elsewhere]}).status_code == 400
    coming = {**body, "day": (today + timedelta(days=1)).isoformat()}
    assert refused(send(officer, "post", path, coming)) == {"day"}
    assert get(officer, f"people/{cast.people['ung']}/time-out/").json()["results"] == [], "all or nobody"
    for _again in range(2):
        assert done(send(officer, "post", path, body, key=once)) == {"count": 2}
    rows = get(officer, f"people/{cast.people['ung']}/time-out/").json()["results"]
    assert [(row["day"], row["minutes"]) for row in rows] == [(today.isoformat(), 200)]
    absent = send(officer, "post", f"units/{uuid4()}/time-out-days/", body)
    for name in ("officer_b", "release_caseworker", "south_officer", "nurse"):
        answer = send(cast[name].client(), "post", path, body)
        assert (answer.status_code, answer.content) == (404, absent.content), name


def test_an_activity_plan_is_saved_as_versions(cast):
    story = tell(cast)
    client, path = cast["contact_officer"].client(), f"informal-isolation/{story['informal']}/activity-plans/"
    empty = {"days": [{"activities": "", "minutes": 0}] * 7, "routines": ""}
    assert refused(send(client, "post", path, empty)) == {"days.0.activities"}
    assert send(client, "post", path, {**empty, "days": empty["days"][:6]}).status_code == 400
    body = {"days": [{"activities": "Trening", "minutes": 45}] * 7, "routines": "Etter frokost."}
    once = uuid4()
    saved, again = (done(send(client, "post", path, body, key=once)) for _ in range(2))
    assert saved == again
    assert [row["number"] for row in get(client, path).json()["results"]] == [2, 1]
    assert send(cast["officer"].client(), "post", path, body).status_code == 404


def test_motivation_is_listed_for_clinicians(cast):
    story = tell(cast)
    client, path = cast["nurse"].client(), f"courses/{story['course']}/motivations/"
    assert get(client, path).json()["results"] == []
    answer = send(client, "post", path, {"kind": "informed", "note": "Fikk heftet."})
    if answer.status_code == 201:
        assert [row["note"] for row in get(client, path).json()["results"]] == ["Fikk heftet."]
    else:
        assert answer.status_code == 422, "only for isolation somebody chose"


def test_the_warden_names_a_deputy_for_some_days(cast, admin):
    warden, today = cast["warden"].client(), clock.local_date(clock.now())
    offered = get(warden, "duty-leaders/").json()["results"]
    leader = str(cast["duty_leader"].membership.pk)
    assert [row["id"] for row in offered] == [leader]
    path = f"duty-leaders/{leader}/deputyship/"
    body = {"first_on": today.isoformat(), "last_on": (today + timedelta(days=6)).isoformat()}
    assert refused(send(warden, "put", path, {**body, "last_on": "2020-01-01"})) == {"last_on"}
    named, again = (done(send(warden, "put", path, body), 200) for _ in range(2))
    assert named == again
    assert admin.execute("SELECT count(*) FROM custody.isolation_reviewdeputy").fetchone() == (1,)
    for who in ("officer", "south_duty_leader", "south_officer"):
        key = cast[who].membership.pk
        assert send(warden, "put", f"duty-leaders/{key}/deputyship/", body).status_code == 404, who
    for name in ("duty_leader", "officer", "health_leader", "prison_admin"):
        assert send(cast[name].client(), "put", path, body).status_code == 404, name


def test_only_an_administrator_of_the_prisons_sets_when_the_act_takes_effect(cast):
    boss, today = cast["prison_admin"].client(), clock.local_date(clock.now())
    assert get(boss, "law-date/").json() == {"takes_effect_on": None, "changes": []}
    coming = (today + timedelta(days=40)).isoformat()
    body = {"day": coming, "reason": "Kgl. res. 13. november"}
    assert refused(send(boss, "put", "law-date/", {**body, "day": today.isoformat()})) == {"day"}
    assert refused(send(boss, "put", "law-date/", {**body, "reason": ""})) == {"reason"}
    first, again = (done(send(boss, "put", "law-date/", body), 200) for _ in range(2))
    assert first == again
    assert (first["takes_effect_on"], len(first["changes"])) == (coming, 1)
    taken = done(send(boss, "put", "law-date/", {"day": None, "reason": "Utsatt."}), 200)
    assert (taken["takes_effect_on"], len(taken["changes"])) == (None, 2)
    for name in ("health_admin", "warden", "duty_leader", "region", "nurse"):
        for answer in (get(cast[name].client(), "law-date/"), send(cast[name].client(), "put", "law-date/", body)):
            assert answer.status_code == 404, name
