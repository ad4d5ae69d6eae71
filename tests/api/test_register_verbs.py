"""Who is here, by the API: registered once for a key, corrected with a version, admitted again, marked, and decided about."""

from datetime import timedelta
from uuid import uuid4

from coordination import clock
from coordination.people.access import open_stay
from tests.api.calls import get, send
from tests.api.test_isolation_verbs import done, refused
from tests.story import tell

SHOWN = {
    *("id", "family_name", "given_name", "birth_date", "unit", "place", "unit_id", "number", "language"),
    *("interpreter_needed", "version"),
}


def whom(cast, **more):
    facts = {"family_name": "Obo", "given_name": "Rolig", "birth_date": "1990-05-15", "number": "N-7001", "cell": "A-3"}
    stay = {"unit": str(cast.units["north_a"].pk), "legal_status": "convicted", "security_level": "high"}
    return {**facts, **stay, **more}


def test_somebody_is_registered_with_the_stay_once_for_a_key(cast):
    officer, once = cast["officer"].client(), uuid4()
    assert send(officer, "post", "people/", whom(cast, national_id="12345678901")).status_code == 400
    assert send(officer, "post", "people/", whom(cast, birth_date="2024-01-01")).status_code == 400
    assert send(officer, "post", "people/", whom(cast, unit=str(cast.units["north_b"].pk))).status_code == 400
    wrong = whom(
        cast,
        remand_restrictions=["visits"],
        admitted_at=(clock.now() + timedelta(days=2)).isoformat(),
        expected_release_on="2000-01-01",
    )
    rules = {"remand_restrictions", "admitted_at", "expected_release_on"}
    assert refused(send(officer, "post", "people/", wrong)) == rules
    first, again = (done(send(officer, "post", "people/", whom(cast), key=once)) for _ in range(2))
    assert first == again
    assert (set(first), first["id"]) == (SHOWN, str(once))
    assert [row["person"]["id"] for row in get(officer, "stays/").json()["results"]].count(str(once)) == 1
    assert send(officer, "post", "people/", whom(cast)).json()["code"] == "known"
    assert send(cast["officer"].client(), "post", "people/", whom(cast), **{"Idempotency-Key": ""}).status_code == 400
    assert send(cast["nurse"].client(), "post", "people/", whom(cast)).status_code == 404
    leader = cast["duty_leader"].client()
    with cast["duty_leader"].acting() as actor:
        stay = open_stay(actor, once)
    done(send(leader, "put", f"people/{once}/stay/end/", {"reason": "released", "version": stay.version}), 200)
    place = {name: whom(cast)[name] for name in ("unit", "cell", "legal_status", "security_level")}
    back = {**place, "version": get(leader, f"people/{once}/").json()["version"]}
    assert send(officer, "put", f"people/{once}/admission/", back).status_code == 404
    assert send(leader, "put", f"people/{once}/admission/", {**back, "version": 99}).status_code == 409
    assert done(send(leader, "put", f"people/{once}/admission/", back), 200)["person"]["id"] == str(once)
    assert send(leader, "put", f"people/{once}/admission/", back).status_code in (409, 422)
    assert get(officer, f"people/{once}/").status_code == 200, "the unit needs to know again"


def test_facts_are_corrected_and_never_over_newer_ones(cast):
    story = tell(cast)
    for name, path, own in (
        ("officer", f"people/{story['person']}", {"number": "N-77", "cell": "A-9"}),
        ("nurse", f"patients/{story['patient']}", {"place": "A-9", "prison": str(cast.agencies["north"].pk)}),
    ):
        client = cast[name].client()
        before = get(client, path.replace("patients", "people") + "/").json()
        body = {**own, "language": "polsk", "version": before["version"]}
        after = done(send(client, "put", f"{path}/facts/", body), 200)
        assert (after["language"], after["place"]) == ("polsk", "A-9")
        assert after["family_name"] == before["family_name"], "what is not named stands"
        assert send(client, "put", f"{path}/facts/", {**body, "language": "tysk"}).status_code == 409
        born = {"birth_date": "2190-01-01", "version": after["version"]}
        assert send(client, "put", f"{path}/facts/", born).status_code in (400, 422)
    foreign = {"prison": str(cast.agencies["south"].pk), "version": after["version"]}
    assert send(client, "put", f"{path}/facts/", foreign).status_code == 400


def test_a_mark_is_raised_kept_and_lifted(cast):
    person = cast.people["fiolin"]
    officer, leader, path = cast["officer"].client(), cast["duty_leader"].client(), f"people/{cast.people['fiolin']}"
    assert get(officer, f"{path}/attention/").status_code == 404
    assert refused(send(officer, "put", f"{path}/attention/", {"criteria": ["other"]})) == {"note"}
    body = {"criteria": ["distress", "other"], "note": "Gråter mye."}
    flag, again = (done(send(officer, "put", f"{path}/attention/", body), 200) for _ in range(2))
    assert flag == again
    assert (flag["person_id"], [row["criterion"] for row in flag["reasons"]]) == (str(person), ["distress", "other"])
    assert get(officer, f"attention/{flag['id']}/").json() == get(officer, f"{path}/attention/").json() == flag
    on = (clock.local_date(clock.now()) + timedelta(days=30)).isoformat()
    keep = {"note": "Fortsatt urolig.", "review_on": on, "version": flag["version"]}
    assert send(officer, "put", f"attention/{flag['id']}/keeping/", keep).status_code == 404
    late = {**keep, "review_on": "2190-01-01"}
    assert refused(send(leader, "put", f"attention/{flag['id']}/keeping/", late)) == {"review_on"}
    kept = done(send(leader, "put", f"attention/{flag['id']}/keeping/", keep), 200)
    assert (kept["review_on"], kept["reasons"][-1]["criterion"]) == (on, "")
    assert send(leader, "put", f"attention/{flag['id']}/keeping/", keep).status_code == 409
    assert refused(send(leader, "put", f"attention/{flag['id']}/lifting/", {"reason": ""})) == {"reason"}
    lifted = [done(send(leader, "put", f"attention/{flag['id']}/lifting/", {"reason": "Rolig."}), 200) for _ in "12"]
    assert lifted[0] == lifted[1]
    assert get(officer, f"{path}/attention/").status_code == 404


def test_an_action_plan_and_a_remand_assessment_are_decided_once_for_a_key(cast):
    person = cast.people["trompet"]
    leader, once = cast["duty_leader"].client(), uuid4()
    path = f"people/{person}/action-plans/"
    assert refused(send(leader, "post", path, {"needed": True, "reason": "Fare."})) == {"measures", "risk"}
    plan = {"needed": True, "reason": "Fare.", "measures": "Tilsyn hver time.", "risk": "high"}
    no = {"needed": False, "reason": "Rolig."}
    assert send(cast["officer_b"].client(), "post", path, no).status_code == 404, (
        "an officer starts a plan, and refuses none"
    )
    first, again = (done(send(leader, "post", path, plan, key=once)) for _ in range(2))
    assert first == again
    assert get(leader, path).json()["results"] == [first]
    path, once = f"people/{person}/remand-assessments/", uuid4()
    told = {"release_on": clock.local_date(clock.now()).isoformat(), "notify": True, "reason": "Følges opp ute."}
    assert refused(send(leader, "post", path, {**told, "reason": ""})) == {"reason"}
    told["necessity"] = "Helsetjenesten må rekke å sørge for medisiner før løslatelsen i dag."
    first, again = (done(send(leader, "post", path, told, key=once)) for _ in range(2))
    assert first == again
    assert first["letter_id"]
    assert send(leader, "post", path, told, **{"Idempotency-Key": ""}).status_code == 400
    assert send(cast["officer_b"].client(), "post", path, told).status_code == 404
    assert send(leader, "post", f"people/{cast.people['fiolin']}/remand-assessments/", told).status_code == 404
