"""The engine's doors: the alerts of a role, and what is said to whoever watches from outside."""

import json
from datetime import timedelta

import pytest
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from coordination import sealing
from coordination.alerts import SHOWN, lines_for
from coordination.deadlines import close_deadlines, move_deadline
from coordination.models import CustodyDeadline, Deadline, Role
from coordination.outbox import send_waiting
from coordination.reference_data import make_unit
from coordination.sweep import sweep
from tests.cast import AT, add_member
from tests.engine.making import HOUR, T1, T2, T4, deadline, deadlines, municipal_letter

pytestmark = pytest.mark.usefixtures("rules")
NOW = AT + HOUR / 4


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> None:
    monkeypatch.setattr("coordination.clock.now", lambda: NOW)


def page(cast, name: str) -> str:
    answer = cast[name].client().get("/varsler/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_each_role_sees_what_was_meant_for_it(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    assert page(cast, "officer").count("Prøvefrist T1") == 2
    assert page(cast, "duty_leader").count("Prøvefrist T1") == 1
    assert "Prøvefrist" not in page(cast, "warden")
    sweep(AT + HOUR)
    assert page(cast, "warden").count("Prøvefrist T1") == 1


def test_nobody_sees_alerts_about_people_they_do_not_follow(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    for name in ("officer_b", "south_officer", "south_duty_leader"):
        body = page(cast, name)
        assert "Fiolin" not in body
        assert "Prøvefrist" not in body
    assert "Fiolin" in page(cast, "officer")


def test_who_reads_no_content_gets_no_page_and_a_stranger_the_login(cast):
    assert cast["prison_admin"].client().get("/varsler/").status_code == 404
    assert Client().get("/varsler/").status_code == 302
    assert cast["officer"].client().post("/varsler/").status_code == 405


def test_newest_first_and_seven_days(cast, admin):
    deadline(admin, cast, T1, due=AT - SHOWN - HOUR)
    deadline(admin, cast, T1, due=AT - HOUR)
    deadline(admin, cast, T1, due=AT)
    for at in (AT - SHOWN - HOUR, AT - HOUR, AT):
        sweep(at)
    with cast["duty_leader"].acting() as actor:
        assert [line.raised_at for line in lines_for(actor, NOW)] == [AT, AT - HOUR]


def test_what_was_done_since_waits_no_longer(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    body = page(cast, "duty_leader")
    assert "15 min over fristen" in body
    assert "Venter ikke lenger" not in body
    subject = admin.execute("SELECT subject_id FROM custody.coordination_custodydeadline WHERE rule = 'T1'").fetchone()[
        0
    ]
    with cast["officer"].acting() as actor:
        close_deadlines(actor, ["T1"], subject, at=AT + HOUR / 6)
    body = page(cast, "duty_leader")
    assert "Gjort 12.10" in body
    assert "Venter ikke lenger" in body
    assert "min over fristen" not in body


def test_a_deadline_that_moved_on_waits_no_longer(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    subject = admin.execute("SELECT subject_id FROM custody.coordination_custodydeadline WHERE rule = 'T1'").fetchone()[
        0
    ]
    with cast["officer"].acting():
        move_deadline(CustodyDeadline.objects.get(subject_id=subject, rule="T1"), starts_at=AT, due_at=AT + HOUR)
    body = page(cast, "duty_leader")
    assert "Ny frist 23.11.2026 kl. 13.00" in body
    assert "min over fristen" not in body


def test_a_deadline_that_fell_away_is_not_called_done(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    subject = admin.execute("SELECT subject_id FROM custody.coordination_custodydeadline WHERE rule = 'T1'").fetchone()[
        0
    ]
    with cast["officer"].acting() as actor:
        close_deadlines(actor, ["T1"], subject, at=NOW, outcome=Deadline.Outcome.CANCELLED)
    body = page(cast, "duty_leader")
    assert "Falt bort" in body
    assert "Gjort" not in body


def test_advice_is_never_shown_as_a_breach(cast, admin):
    deadline(admin, cast, T2)
    sweep(AT + HOUR)
    body = page(cast, "warden") + page(cast, "officer")
    assert "Prøvefrist T2" in body
    assert "Til orientering" in body
    for word in ("min over fristen", "gått ut", 'data-deadline="overdue"'):
        assert word not in body, word


def test_a_letter_about_somebody_unknown_names_nobody(cast, admin):
    municipal_letter(admin, cast, T4)
    sweep(AT)
    body = page(cast, "health_leader")
    assert "Brev om en person som ikke er koblet til noen her" in body
    assert "Prøvefrist T4" in body


def test_a_letter_about_somebody_unknown_is_told_to_those_who_man_the_desk(cast, admin):
    """The team on whose desk it lies, and no other team of the same service; on no desk, only the whole service."""
    agency = cast.agencies["north_health"]
    add_member(cast, "night_nurse", Role.PRISON_NURSE, agency, make_unit(agency, "Team natt", "team"))
    municipal_letter(admin, cast, T4)
    sweep(AT)
    body = page(cast, "nurse")
    assert "Brev om en person som ikke er koblet til noen her" in body
    assert body.count("Prøvefrist T4") == 1
    for name in ("night_nurse", "south_nurse"):
        assert "Prøvefrist" not in page(cast, name), name
    municipal_letter(admin, cast, T4, desk=None)
    sweep(AT)
    assert page(cast, "health_leader").count("Prøvefrist T4") == 2
    assert page(cast, "nurse").count("Prøvefrist T4") == 1


def test_an_alert_whose_rule_or_page_is_gone_is_still_shown(cast, admin, monkeypatch):
    from coordination.deadlines import RULES

    deadline(admin, cast, T1)
    sweep(AT)
    monkeypatch.delitem(RULES, "T1")
    assert "Fiolin" in page(cast, "duty_leader")


def test_the_page_takes_the_same_queries_for_one_and_thirty(cast, admin):
    def count() -> int:
        with cast["duty_leader"].acting() as actor, CaptureQueriesContext(connections["default"]) as queries:
            assert lines_for(actor, NOW)
        return len(queries)

    deadline(admin, cast, T1)
    sweep(AT)
    one = count()
    deadlines(admin, cast, T1, 29)
    sweep(AT)
    assert count() == one == 3


def test_the_page_with_nothing_says_what_comes(cast):
    body = page(cast, "warden")
    assert "Ingen varsler venter på deg" in body
    assert "Venter ikke lenger" not in body


def test_the_menu_leads_to_the_alerts(cast):
    assert 'href="/varsler/"' in page(cast, "officer")


def test_the_health_page_says_ok_to_anybody(cast):
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"ok", "text/plain")
    assert "no-store" in answer["Cache-Control"]
    assert Client().head("/healthz").status_code == 200
    assert Client().post("/healthz").status_code == 405


@pytest.mark.parametrize(
    ("path", "alias"), [("/healthz", "auth"), ("/healthz", "default"), ("/healthz/deadlines", "auth")]
)
def test_without_the_database_the_health_pages_say_so(cast, path, alias):
    connection = connections[alias]
    connection.close()
    name = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = "no_such_database"
    try:
        answer = Client().get(path)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert answer.status_code == 503
    assert b"no_such_database" not in answer.content
    assert Client().get("/healthz").status_code == 200


def test_without_a_sweep_the_deadlines_page_is_red(cast, admin):
    answer = Client().get("/healthz/deadlines")
    assert answer.status_code == 503
    assert json.loads(answer.content) == {
        "status": "stands still",
        "sweep_seconds": None,
        "mail_seconds": None,
        "seal_seconds": None,
    }


def test_a_sweep_turns_it_green_and_three_minutes_red_again(cast, admin):
    deadline(admin, cast, T1)
    sweep(AT)
    send_waiting()
    sealing.seal()
    answer = Client().get("/healthz/deadlines")
    assert answer.status_code == 200
    assert json.loads(answer.content) == {"status": "ok", "sweep_seconds": 0, "mail_seconds": 0, "seal_seconds": 0}
    for seconds, status in ((175, 200), (185, 503)):
        admin.execute(
            "UPDATE base.coordination_heartbeat SET at = clock_timestamp() - %s WHERE name = 'sweep'",
            [timedelta(seconds=seconds)],
        )
        answer = Client().get("/healthz/deadlines")
        assert answer.status_code == status, seconds
    assert json.loads(answer.content)["status"] == "stands still"


def test_a_late_mail_or_seal_does_not_wake_anybody_but_is_told(cast, admin):
    sweep(AT)
    sealing.seal()
    admin.execute(
        "UPDATE base.coordination_heartbeat SET at = clock_timestamp() - interval '1 hour' WHERE name = 'seal'"
    )
    answer = Client().get("/healthz/deadlines")
    assert answer.status_code == 200
    assert json.loads(answer.content)["seal_seconds"] >= 3600
