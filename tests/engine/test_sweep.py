"""The sweep on a real database: what it raises, for whom, once, and what it may not do."""

import threading
from datetime import timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from psycopg import sql

from coordination.deadlines import RULES, close_deadlines, move_deadline
from coordination.models import CustodyDeadline
from coordination.sweep import SETTINGS, TABLES, Swept, seconds_since_heartbeat, statement, sweep
from coordination.worker_login import as_sweeper, worker_connection
from coordination.worlds import World
from tests.cast import AT
from tests.engine.making import HALF, HOUR, T1, T2, T3, T4, T5, alerts, deadline, deadlines, mailed, municipal_letter

pytestmark = pytest.mark.usefixtures("rules")


def test_each_step_is_raised_when_it_comes_and_once(cast, admin):
    deadline(admin, cast, T1)
    assert sweep(AT - HALF - timedelta(microseconds=1)) == Swept()
    assert sweep(AT - HALF).alerts == 1
    assert sweep(AT - HALF) == Swept()
    assert sweep(AT).alerts == 1
    assert sweep(AT + HALF).alerts == 1
    assert sweep(AT + 100 * HOUR) == Swept()
    assert alerts(admin) == [("T1", 0, "warning"), ("T1", 1, "overdue"), ("T1", 2, "overdue")]


def test_steps_that_were_missed_come_in_one_sweep(cast, admin):
    deadline(admin, cast, T1)
    assert sweep(AT + HOUR).alerts == 3
    assert alerts(admin) == [("T1", 0, "warning"), ("T1", 1, "overdue"), ("T1", 2, "overdue")]
    assert admin.execute(
        "SELECT next_step, next_alert_at FROM custody.coordination_custodydeadline WHERE rule = 'T1'"
    ).fetchone() == (3, None)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (AT - HALF, ["officer"]),  # and not officer_b of the other unit, nor south_officer of the other prison
        (AT, ["duty_leader", "officer", "officer"]),
        (AT + HALF, ["duty_leader", "officer", "officer", "warden"]),
    ],
)
def test_the_audience_of_a_step_gets_a_mail_and_nobody_else(cast, admin, at, expected):
    deadline(admin, cast, T1)
    sweep(at)
    assert mailed(admin, cast) == expected


def test_a_need_to_know_role_is_reached_in_the_unit_of_the_deadline(cast, admin):
    deadline(admin, cast, T1, person="trompet", unit="north_b")
    sweep(AT - HALF)
    assert mailed(admin, cast) == ["officer_b"]


def test_the_other_prison_has_an_audience_of_its_own(cast, admin):
    deadline(admin, cast, T1, person="sjiraff", unit="south_a")
    sweep(AT)
    assert mailed(admin, cast) == ["south_duty_leader", "south_officer", "south_officer"]


def test_who_has_left_gets_no_mail(cast, admin):
    admin.execute(
        "UPDATE base.coordination_membership SET ended_at = now() WHERE id = %s", [cast["officer"].membership.pk]
    )
    deadline(admin, cast, T1)
    sweep(AT)
    assert mailed(admin, cast) == ["duty_leader"]


def test_who_works_in_the_unit_no_more_gets_no_mail(cast, admin):
    admin.execute(
        "UPDATE base.coordination_membershipunit SET ended_at = now() WHERE membership_id = %s",
        [cast["officer"].membership.pk],
    )
    deadline(admin, cast, T1)
    sweep(AT)
    assert mailed(admin, cast) == ["duty_leader"]


def test_a_deadline_that_is_met_raises_nothing(cast, admin):
    deadline(admin, cast, T1)
    subject = admin.execute("SELECT subject_id FROM custody.coordination_custodydeadline WHERE rule = 'T1'").fetchone()[
        0
    ]
    with cast["officer"].acting() as actor:
        assert close_deadlines(actor, ["T1"], subject, at=AT) == 1
    assert sweep(AT + HOUR) == Swept()


def test_a_deadline_that_moves_on_alerts_again_and_only_for_its_new_instant(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    subject = admin.execute("SELECT subject_id FROM custody.coordination_custodydeadline WHERE rule = 'T1'").fetchone()[
        0
    ]
    with cast["officer"].acting():
        move_deadline(CustodyDeadline.objects.get(subject_id=subject, rule="T1"), starts_at=AT, due_at=AT + 2 * HOUR)
    assert sweep(AT + HOUR) == Swept()
    assert sweep(AT + 2 * HOUR).alerts == 2
    assert len(alerts(admin)) == 4


def test_moved_back_to_an_instant_that_was_told_it_stays_quiet(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    subject = admin.execute("SELECT subject_id FROM custody.coordination_custodydeadline WHERE rule = 'T1'").fetchone()[
        0
    ]
    with cast["officer"].acting():
        move_deadline(CustodyDeadline.objects.get(subject_id=subject, rule="T1"), starts_at=AT - 2 * HOUR, due_at=AT)
    swept = sweep(AT)
    assert (swept.steps, swept.alerts, swept.mails) == (2, 0, 0)


def test_advice_is_for_information_at_most(cast, admin):
    deadline(admin, cast, T1)
    deadline(admin, cast, T2)
    sweep(AT + HOUR)
    assert {severity for rule, _step, severity in alerts(admin) if rule == "T2"} == {"info"}
    assert {severity for rule, _step, severity in alerts(admin) if rule == "T1"} == {"warning", "overdue"}


def test_a_rule_that_no_longer_has_steps_ends_the_clock_and_is_not_met_again(cast, admin):
    deadline(admin, cast, T1)
    admin.execute("DELETE FROM base.coordination_deadlinestep WHERE rule = 'T1'")
    assert sweep(AT) == Swept(steps=1)
    assert sweep(AT + HOUR) == Swept()


def test_a_letter_that_waits_reaches_the_desk_and_the_leader(cast, admin):
    letter = municipal_letter(admin, cast, T4)
    assert sweep(AT - timedelta(seconds=1)) == Swept()
    assert sweep(AT).alerts == 1
    assert alerts(admin, "municipal_health", "rule, deadline_id, unit_id, person_id") == [
        ("T4", letter, cast.units["north_team"].pk, None)
    ]
    assert mailed(admin, cast) == ["health_leader", "nurse"]
    assert alerts(admin) == []


def test_a_letter_that_was_answered_waits_no_more(cast, admin):
    municipal_letter(admin, cast, T4)
    admin.execute("UPDATE municipal_health.consent_municipalletter SET settled_at = now() WHERE rule = 'T4'")
    assert sweep(AT) == Swept()


def test_a_letter_on_no_desk_reaches_the_leader(cast, admin):
    municipal_letter(admin, cast, T4, desk=None)
    sweep(AT)
    assert mailed(admin, cast) == ["health_leader"]


def test_advice_about_a_letter_is_for_information(cast, admin):
    municipal_letter(admin, cast, T5)
    sweep(AT)
    assert alerts(admin, "municipal_health") == [("T5", 0, "info")]


def test_without_an_instant_the_database_s_clock_decides(cast, admin):
    now = admin.execute("SELECT clock_timestamp()").fetchone()[0]
    deadline(admin, cast, T1, due=now - timedelta(seconds=1))
    deadline(admin, cast, T1, due=now + HOUR)
    assert sweep().alerts == 2
    assert {step for _rule, step, _severity in alerts(admin)} == {0, 1}


def test_ten_at_once_neither_alert_twice_nor_miss(cast, admin):
    deadlines(admin, cast, T1, 400, spread=HOUR)
    start = threading.Barrier(10)
    done: list[Swept | Exception] = []

    def run() -> None:
        start.wait()
        try:
            done.append(sweep(AT + 2 * HOUR, batch=30))
        except Exception as problem:
            done.append(problem)

    threads = [threading.Thread(target=run) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [d for d in done if isinstance(d, Exception)] == []
    assert sweep(AT + 2 * HOUR) == Swept()
    assert sum(d.alerts for d in done) == 3 * 400
    assert admin.execute(
        "SELECT count(*), count(DISTINCT (deadline_id, step)) FROM custody.coordination_custodyalert"
    ).fetchone() == (1200, 1200)
    assert admin.execute(
        "SELECT count(*), count(DISTINCT (alert_id, membership_id)) FROM base.coordination_outboxmail"
    ).fetchone() == (1600, 1600)


def test_a_sweep_that_dies_between_batches_loses_nothing(cast, admin):
    deadlines(admin, cast, T3, 10)

    def die() -> None:
        raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        sweep(AT, batch=4, between=die)
    assert len(alerts(admin)) == 4
    assert seconds_since_heartbeat() is None
    assert sweep(AT).alerts == 6
    assert seconds_since_heartbeat() < 10


def test_a_row_that_somebody_writes_is_left_for_the_next_sweep(cast, admin):
    busy, idle = deadlines(admin, cast, T3, 2)
    with psycopg.connect(admin.info.dsn) as other:
        other.execute("SELECT 1 FROM custody.coordination_custodydeadline WHERE id = %s FOR UPDATE", [busy])
        assert sweep(AT).alerts == 1
        other.rollback()
    assert sweep(AT).alerts == 1
    assert {d for (d,) in alerts(admin, columns="deadline_id")} == {busy, idle}


def test_whoever_works_on_a_person_is_not_disturbed_by_the_sweep(cast, admin):
    """The lock of a verb lets alerts about the person through; a lock on the key makes the sweep give way, not the person."""
    deadline(admin, cast, T3)
    with psycopg.connect(admin.info.dsn) as other:
        other.execute("SELECT 1 FROM custody.coordination_person WHERE id = %s FOR UPDATE", [cast.people["fiolin"]])
        assert sweep(AT) == Swept()
        assert seconds_since_heartbeat() is None, (
            "a sweep that could not see to everything does not say that all is well"
        )
        other.rollback()
        other.execute(
            "SELECT 1 FROM custody.coordination_person WHERE id = %s FOR NO KEY UPDATE", [cast.people["fiolin"]]
        )
        assert sweep(AT).alerts == 1
    assert seconds_since_heartbeat() < 10


def test_what_apps_add_is_called_and_stops_no_heartbeat_when_it_fails(cast, admin, monkeypatch, caplog):
    deadline(admin, cast, T3)
    monkeypatch.setattr("coordination.sweep.ALSO", ["letterbox.there_is_no_such", "letterbox.note_expired"])
    with caplog.at_level("ERROR", "coordination.sweep"):
        assert sweep(AT).alerts == 1
    assert [record.getMessage() for record in caplog.records] == ["letterbox.there_is_no_such failed in the sweep"]
    assert seconds_since_heartbeat() < 10


NOT_THE_SWEEPS = [
    "SELECT family_name FROM custody.coordination_person",
    "SELECT body FROM municipal_health.consent_municipalletter",
    "SELECT sender_name FROM custody.consent_custodyletter",
    "SELECT reason FROM custody.coordination_custodydeadline",
    "UPDATE custody.coordination_custodydeadline SET due_at = now()",
    "UPDATE custody.coordination_custodydeadline SET closed_at = now()",
    "UPDATE custody.coordination_custodyalert SET severity = 'info'",
    "DELETE FROM custody.coordination_custodyalert",
    "DELETE FROM base.coordination_outboxmail",
    "SELECT username FROM base.coordination_user",
    "SELECT token_hash FROM sec.session",
    "INSERT INTO custody.consent_custodyletter (id) VALUES (gen_random_uuid())",
]


def test_the_sweep_reads_clocks_and_nothing_that_anybody_wrote(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    with worker_connection() as connection:
        for query in NOT_THE_SWEEPS:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), as_sweeper(connection) as cursor:
                cursor.execute(query.encode())


def test_the_sweep_has_no_identity(cast):
    with worker_connection() as connection, as_sweeper(connection) as cursor:
        assert cursor.execute("SELECT current_user::text, session_user::text").fetchone() == (
            "samvirke_sweep",
            "samvirke_worker",
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            cursor.execute("SELECT sec.uid()")


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.model.__name__)
def test_every_swept_table_finds_what_is_due_by_its_index(cast, admin, table):
    with worker_connection() as connection, as_sweeper(connection) as cursor:
        cursor.execute(SETTINGS)
        # In a table this small sorting costs nothing, so that any index would do: only the one that has the order serves without.
        cursor.execute("SET LOCAL enable_sort = off")
        plan = cursor.execute(b"EXPLAIN " + statement(table), {"at": AT, "batch": 10, "advice": []}).fetchall()
    assert any("_sweep on" in line for (line,) in plan), plan


def test_letters_and_deadlines_of_every_world_are_swept():
    swept = {table.model._meta.db_table for table in TABLES}
    assert swept == {
        *("coordination_custodydeadline", "coordination_municipaldeadline", "coordination_specialistdeadline"),
        *("consent_custodyletter", "consent_municipalletter", "consent_specialistletter"),
    }


def test_an_alert_never_stands_in_another_world(cast, admin):
    """The statement of each table names the alerts of its own world only."""
    for table in TABLES:
        text = statement(table).decode()
        assert {w.value for w in World if f"{w.value}." in text} == {table.world.value}


def test_the_command_sweeps_at_an_instant_and_says_how_much(cast, admin, capsys):
    deadline(admin, cast, T1)
    call_command("sweep", "--at", AT.isoformat())
    assert capsys.readouterr().out == "2 steps, 2 alerts, 3 mails queued\n"
    assert admin.execute("SELECT count(*) FROM base.coordination_outboxmail WHERE sent_at IS NOT NULL").fetchone() == (
        0,
    )


def test_the_command_of_the_timer_also_sends_the_mail(cast, admin, capsys, mailbox):
    now = admin.execute("SELECT clock_timestamp()").fetchone()[0]
    deadline(admin, cast, T1, due=now)
    call_command("sweep", "--once")
    assert capsys.readouterr().out.splitlines()[1].startswith("2 sent")
    assert len(mailbox) == 2


@pytest.mark.parametrize("text", ["2026-11-23T12:00:00", "i dag", "2026-13-01T00:00:00Z", ""])
def test_an_instant_without_a_time_zone_is_refused(cast, text):
    if text:
        with pytest.raises(CommandError):
            call_command("sweep", "--at", text)
    else:
        call_command("sweep", "--at", AT.isoformat())


def test_the_log_says_who_wrote_the_alerts_the_machine(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    rows = admin.execute(
        "SELECT DISTINCT action, user_id FROM audit.entry WHERE subject_table = 'coordination_custodyalert'"
    ).fetchall()
    assert rows == [("insert", None)]


def test_every_registered_rule_has_its_steps_where_the_sweep_reads_them(cast, admin):
    stored = {
        (rule, step) for rule, step in admin.execute("SELECT rule, step FROM base.coordination_deadlinestep").fetchall()
    }
    assert stored == {(rule.code, number) for rule in RULES.values() for number in range(len(rule.steps))}


def test_alerts_are_only_read_where_they_belong(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    rows = sql.SQL("SELECT count(*) FROM custody.coordination_custodyalert")
    assert admin.execute(rows).fetchone() == (2,)
    from coordination.models import CustodyAlert

    for name, count in (("officer", 2), ("officer_b", 0), ("duty_leader", 2), ("south_duty_leader", 0)):
        with cast[name].acting():
            assert CustodyAlert.objects.count() == count, name
