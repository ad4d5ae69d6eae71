"""What the law says must go goes, whole and only that; the log keeps which rows and why. A hold, an open stay or a day too early stop it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connections

from coordination import clock, retention
from coordination.people import holds
from coordination.people.access import access_person
from coordination.worlds import World
from tests.cast import AT
from tests.cooperation.making import clone
from tests.retention.files import YEARS, about, lifted, logged, released, run
from tests.story import tell

NORTH = "Prøveby fengsel north"


@pytest.mark.obligation("RM8-c")
def test_everything_about_somebody_goes_and_the_log_stays(cast, admin):
    story = tell(cast)
    person = story["person"]
    lifted(cast, story["hold"])
    released(admin, person)
    before = about(admin, World.CUSTODY, person)
    assert len(before) > 15, "the story has something in most tables"
    others = {key: about(admin, World.CUSTODY, cast.people[key]) for key in ("ung", "trompet", "sjiraff")}
    theirs = about(admin, World.MUNICIPAL_HEALTH, story["patient"])
    letters = admin.execute("SELECT count(*) FROM municipal_health.consent_municipalletter").fetchone()
    done = run()
    assert about(admin, World.CUSTODY, person) == {}
    assert set(done) == {(NORTH, "RT04")}
    assert sum(done[NORTH, "RT04"].values()) == sum(before.values())
    assert others == {key: about(admin, World.CUSTODY, cast.people[key]) for key in others}
    # Copies at others are theirs.
    assert about(admin, World.MUNICIPAL_HEALTH, story["patient"]) == theirs
    assert admin.execute("SELECT count(*) FROM municipal_health.consent_municipalletter").fetchone() == letters
    entries = logged(admin)
    assert {(row[0], row[4]) for row in entries} == {(cast.agencies["north"].pk, "RT04 FOR-2013-09-20-1099 § 6")}
    assert {row[1]: len(row[2]) for row in entries} == before
    assert {p for row in entries for p in row[3]} == {person}
    # What was read and written about the person before is in the log as it was, and the log is whole.
    assert admin.execute(
        "SELECT count(*) FROM audit.entry WHERE %s = ANY (person_ids) AND action = 'read'", [person]
    ).fetchone()[0]
    admin.execute("SELECT audit.seal_batch()")
    assert admin.execute("SELECT * FROM audit.verify()").fetchall() == []
    assert run() == {}, "a second run finds nothing"
    with cast["warden"].acting() as actor:
        (day,) = retention.deletions(actor)
        assert day.why == "RT04 FOR-2013-09-20-1099 § 6"
        assert day.kinds["Personalia"] == 1
        assert sum(day.kinds.values()) == sum(before.values())
    with cast["south_duty_leader"].acting(), connections["default"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit.deletions()")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(("ago", "goes"), [("10 years", True), ("10 years -1 day", False)])
def test_the_day_decides(cast, admin, ago, goes):
    released(admin, cast.people["fiolin"], ago)
    assert bool(run()) is goes
    assert bool(about(admin, World.CUSTODY, cast.people["fiolin"])) is not goes


def test_somebody_who_is_here_is_never_due(cast, admin):
    released(admin, cast.people["fiolin"])
    clone(
        admin,
        "custody.coordination_stay",
        admin.execute(
            "SELECT id FROM custody.coordination_stay WHERE person_id = %s", [cast.people["fiolin"]]
        ).fetchone()[0],
        ended_at=None,
        end_reason="",
    )
    assert run() == {}


@pytest.mark.obligation("RM8-c")
def test_a_hold_stops_it_until_it_is_lifted_or_over(cast, admin):
    released(admin, cast.people["fiolin"])
    released(admin, cast.people["trompet"])
    at, today = clock.now(), clock.local_date(clock.now())
    with cast["warden"].acting() as actor:
        first = holds.place(actor, cast.people["fiolin"], reason="Rettssak.", until_on=today + timedelta(days=9), at=at)
        second = holds.place(actor, cast.people["trompet"], reason="Klage.", until_on=today + timedelta(days=9), at=at)
        (standing,) = [row for row in retention.overview(actor) if row.rule.code == "RT04"]
        assert (standing.due, standing.held) == (0, 2)
    assert run() == {}
    admin.execute(
        "UPDATE custody.coordination_custodylegalhold SET until_on = current_date - 1 WHERE id = %s", [second.pk]
    )
    assert run()[NORTH, "RT04"]["Personalia"] == 1
    assert about(admin, World.CUSTODY, cast.people["trompet"]) == {}
    lifted(cast, first.pk)
    assert run()[NORTH, "RT04"]["Personalia"] == 1
    assert about(admin, World.CUSTODY, cast.people["fiolin"]) == {}


def test_no_instant_makes_anything_due_before_its_day(cast, admin, capsys):
    """The twin: a rehearsal counts what will be due, and deletes nothing."""
    released(admin, cast.people["fiolin"], "9 years")
    later = clock.now() + timedelta(days=700)
    assert run(at=later) == {}
    assert run(at=later, really=False)[NORTH, "RT04"]["Personalia"] == 1
    assert run(at=later, really=True) == {}
    assert about(admin, World.CUSTODY, cast.people["fiolin"])
    call_command("retention", "--dry-run", "--at", later.isoformat())
    assert "RT04: " in (told := capsys.readouterr().out)
    assert "would be deleted" in told
    assert "Fiolin" not in told


def test_the_command_deletes_in_batches(cast, admin, capsys):
    for key in ("fiolin", "trompet", "ung", "sjiraff"):
        released(admin, cast.people[key])
    call_command("retention", "--apply")
    told = capsys.readouterr().out
    assert "Prøveby fengsel south, RT04" in told
    assert admin.execute("SELECT count(*) FROM custody.coordination_person").fetchone() == (0,)
    assert admin.execute("SELECT count(*) FROM custody.coordination_stay").fetchone() == (0,)


def _letter(admin, table: str, pk, **changes):
    new = uuid4()
    return clone(admin, table, pk, letter_id=new, thread_id=new, **changes)


@pytest.mark.obligation("RM8-c")
def test_what_was_never_confirmed_goes_after_four_months_on_ones_own_side_only(cast, admin):
    story = tell(cast)
    old = clock.now() - timedelta(days=130)
    table = "custody.consent_custodyletter"
    gone = _letter(admin, table, story["prison_letter"], verified=False, sent_at=old)
    young = _letter(admin, table, story["prison_letter"], verified=False, sent_at=clock.now() - timedelta(days=110))
    confirmed = _letter(admin, table, story["prison_letter"], sent_at=old)
    copy = _letter(admin, "municipal_health.consent_municipalletter", story["muni_letter"], verified=False, sent_at=old)
    assert run() == {}, "somebody holds everything about the person"
    lifted(cast, story["hold"])
    assert run() == {(NORTH, "RT01"): {"Brev": 1}}
    left = {pk for (pk,) in admin.execute(f"SELECT id FROM {table}").fetchall()}
    assert gone not in left
    assert {young, confirmed} <= left
    assert admin.execute("SELECT 1 FROM municipal_health.consent_municipalletter WHERE id = %s", [copy]).fetchone()


def test_a_letter_about_nobody_registered_here_goes_and_one_about_nobody_at_all_stays(cast, admin):
    story = tell(cast)
    table, old = "custody.consent_custodyletter", clock.now() - YEARS
    gone = _letter(admin, table, story["prison_letter"], person_id=None, sent_at=old)
    stays = _letter(admin, table, story["environment_letter"], sent_at=old)
    assert run() == {(NORTH, "RT02"): {"Brev": 1}}
    left = {pk for (pk,) in admin.execute(f"SELECT id FROM {table}").fetchall()}
    assert gone not in left
    assert stays in left


def test_letters_left_behind_go_by_the_former_prison_s_own_rule_and_then_the_person_can(cast, admin):
    story = tell(cast)
    lifted(cast, story["hold"])
    south = cast.agencies["south"].pk
    with cast["duty_leader"].acting() as actor, connections["default"].cursor() as cursor:
        access_person(actor, story["person"])
        cursor.execute("SELECT letterbox.hand_over(%s, %s, %s)", [story["person"], south, cast.units["south_a"].pk])
    assert run() == {}
    released(admin, story["person"])
    done = run()
    assert set(done) == {(NORTH, "RT03"), ("Prøveby fengsel south", "RT04")}
    assert set(done[NORTH, "RT03"]) == {"Brev"}
    assert about(admin, World.CUSTODY, story["person"]) == {}
    assert {(row[0], row[4][:4]) for row in logged(admin)} == {(cast.agencies["north"].pk, "RT03"), (south, "RT04")}


def test_what_no_statute_has_a_number_for_waits_for_the_controller(cast, admin):
    story = tell(cast)
    old = AT - YEARS * 2
    gone = clone(
        admin, "municipal_health.coordination_municipalpatient", story["patient"], present=False, created_at=old,
        national_id_lookup=None,
    )  # fmt: skip
    here = clone(
        admin,
        "municipal_health.coordination_municipalpatient",
        story["patient"],
        created_at=old,
        national_id_lookup=None,
    )
    admin.execute(
        "UPDATE municipal_health.coordination_municipalpatient SET present = false WHERE id = %s", [story["patient"]]
    )
    assert run() == {}, "nobody has decided"
    with cast["health_leader"].acting() as actor:
        retention.decide(actor, years=15, reason="Etter råd fra arkivet.", at=clock.now())
        (standing,) = [row for row in retention.overview(actor) if row.rule.code == "RT12"]
        assert (standing.months, standing.due) == (180, 1)
    assert run()["Fengselshelsetjenesten north", "RT12"]["Personalia"] == 1
    left = {pk for (pk,) in admin.execute("SELECT id FROM municipal_health.coordination_municipalpatient").fetchall()}
    assert gone not in left
    assert {here, story["patient"]} <= left, "one is here, the other has entries of today"


def test_a_decision_below_the_least_is_worth_the_least(cast, admin):
    """Whoever can write the row past the verb still deletes nothing younger than ten years."""
    story = tell(cast)
    young = clone(
        admin, "municipal_health.coordination_municipalpatient", story["patient"], present=False,
        created_at=clock.now() - timedelta(days=3000), national_id_lookup=None,
    )  # fmt: skip
    with cast["health_leader"].acting() as actor:
        row = retention.decide(actor, years=10, reason="Minst ti.", at=clock.now())
    admin.execute("UPDATE base.coordination_parameter SET value = '1' WHERE id = %s", [row.pk])
    assert run() == {}
    admin.execute(
        "UPDATE municipal_health.coordination_municipalpatient SET created_at = now() - interval '11 years' WHERE id = %s",
        [young],
    )
    assert set(run()) == {("Fengselshelsetjenesten north", "RT12")}
