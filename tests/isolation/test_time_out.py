"""Time out of the cell and what follows; contact that is struck; the evening warning; what is done against the harm of isolation."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination import clock, parameters
from coordination.refusals import Refused
from isolation.access import access_measure, minutes_of, side_now
from isolation.actions import cell_time
from isolation.actions import contact as verbs
from isolation.documents import protocol
from isolation.models import InformalIsolation, LockInSwitch, TimeOut
from isolation.rules.cell_time import Side
from tests.cast import AT
from tests.isolation.helpers import HOUR, MINUTE, count, deadline, decide, exclusion, letters, oslo

RULES = pytest.mark.obligation
TODAY = date(2026, 11, 23)


def record(cast, day, minutes, *, at, person="fiolin", who="officer", key=None):
    with cast[who].acting() as actor:
        return cell_time.record_day(
            actor, cast.people[person], day=day, minutes=minutes, key=key or uuid.uuid4(), at=at
        )


def test_periods_and_sums_are_written_once_and_read_by_date(cast, admin):
    key = uuid.uuid4()
    for _again in range(2):
        with cast["officer"].acting() as actor:
            cell_time.record_period(
                actor, cast.people["fiolin"], started_at=AT - 2 * HOUR, ended_at=AT - HOUR, key=key, at=AT
            )
    record(cast, TODAY, 150, at=AT + HOUR)
    assert count(admin, "timeout") == 2
    with cast["officer"].acting() as actor:
        assert minutes_of(actor, cast.people["fiolin"], TODAY) == {TODAY: 150}


@pytest.mark.parametrize(
    ("day", "minutes", "code"),
    [
        (TODAY + timedelta(days=1), 60, "future"),
        (TODAY - timedelta(days=15), 60, "old"),
        (TODAY, 1441, "minutes"),
        (TODAY, 1440, None),
    ],
)
def test_what_cannot_be_is_refused(cast, day, minutes, code):
    if code is None:
        assert record(cast, day, minutes, at=AT).minutes == 1440
        return
    with pytest.raises(Refused) as refused:
        record(cast, day, minutes, at=AT)
    assert refused.value.code == code


def test_nobody_else_writes_time(cast):
    for who in ("officer_b", "south_officer", "nurse", "release_caseworker", "region"):
        with pytest.raises(Http404):
            record(cast, TODAY, 60, at=AT, who=who)


@RULES("R7.1.3-l")
def test_two_hours_out_changes_the_rules_and_tells_the_health_service_in_the_thread_of_the_notice(cast, admin):
    start = oslo(11, 23, 9)
    measure = decide(cast, exclusion(start, hours_out_per_day=Decimal(1)), at=start)
    notice = letters(admin, "exclusion_notice")[0]
    at = oslo(11, 24, 15)
    record(cast, date(2026, 11, 24), 119, at=at - HOUR)
    assert count(admin, "lockinswitch") == 0
    record(cast, date(2026, 11, 24), 150, at=at)
    record(cast, date(2026, 11, 24), 160, at=at + MINUTE)
    with cast["officer"].acting() as actor:
        row = LockInSwitch.objects.get()
        assert (row.side, row.minutes, row.changed_at) == ("out", 150, at)
        assert side_now(access_measure(actor, measure.pk))[0] is Side.OUT
    body, role, reply, thread, basis, letter_id = letters(admin, "lock_in_changed")[0]
    assert body["hours_out"] == 2.5
    assert (body["kind"], body["changed_at"]) == ("exclusion", "2026-11-24T14:00:00Z")
    assert (role, basis) == ("officer", "LB07")
    assert reply == thread == notice[5]
    assert letter_id == row.letter_id
    # And back, when a whole date has gone by with less.
    record(cast, date(2026, 11, 25), 30, at=oslo(11, 26, 8))
    sent = letters(admin, "lock_in_changed")
    assert [letter[0]["changed_at"] for letter in sent] == ["2026-11-24T14:00:00Z", "2026-11-25T23:00:00Z"]
    assert [letter[0]["side"] for letter in sent] == ["out", "locked"]


def test_an_expected_hour_out_too_few_says_nothing_new(cast, admin):
    start = oslo(11, 23, 9)
    decide(cast, exclusion(start, hours_out_per_day=Decimal(1)), at=start)
    record(cast, date(2026, 11, 24), 60, at=oslo(11, 25, 8))
    assert letters(admin, "lock_in_changed") == []


# A whole unit


def test_a_unit_is_written_in_one_go_and_once(cast, admin):
    people = {cast.people["fiolin"]: 200, cast.people["ung"]: 0}
    key = uuid.uuid4()
    for _again in range(2):
        with cast["officer"].acting() as actor:
            assert (
                cell_time.record_unit_day(actor, cast.units["north_a"].pk, day=TODAY, minutes=people, key=key, at=AT)
                == 2
            )
    assert count(admin, "timeout") == 2
    with cast["officer"].acting() as actor, pytest.raises(Http404):
        cell_time.record_unit_day(actor, cast.units["north_b"].pk, day=TODAY, minutes={}, key=uuid.uuid4(), at=AT)
    with cast["officer"].acting() as actor, pytest.raises(Http404):
        # Somebody of another unit slipped in: nothing at all is written.
        cell_time.record_unit_day(
            actor,
            cast.units["north_a"].pk,
            day=TODAY,
            minutes=people | {cast.people["trompet"]: 60},
            key=uuid.uuid4(),
            at=AT,
        )
    assert count(admin, "timeout") == 2


def test_the_page_of_a_unit_writes_what_is_typed_and_keeps_it_when_something_is_wrong(cast, admin, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    client, url = cast["officer"].client(), reverse("time_out_unit")
    page = client.get(url).content.decode()
    assert "Fiolin, Blid" in page
    assert "Trompet" not in page
    fiolin, ung = (f"p_{cast.people[name].hex}" for name in ("fiolin", "ung"))
    typed = {"key": str(uuid.uuid4()), "day": "23.11.2026", fiolin: "95", ung: "mye"}
    wrong = client.post(url, typed)
    assert wrong.status_code == 422
    assert 'value="95"' in wrong.content.decode()
    assert client.post(url, typed | {ung: ""}).status_code == 303
    assert count(admin, "timeout") == 1
    assert "1 t 35 min" in client.get(url).content.decode()


def test_the_page_of_one_takes_a_period_or_a_sum(cast, admin, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    client, url = cast["officer"].client(), reverse("time_out", args=[cast.people["fiolin"]])
    period = {"key": str(uuid.uuid4()), "started_on": "23.11.2026", "started_clock": "09.00", "ended_clock": "10.30"}
    assert client.post(url, period | {"minutes": "60"}).status_code == 422
    assert client.post(url, {"key": str(uuid.uuid4()), "started_on": "23.11.2026"}).status_code == 422
    assert client.post(url, period).status_code == 303
    assert "1 t 30 min" in client.get(url).content.decode()
    total = {"key": str(uuid.uuid4()), "started_on": "22.11.2026", "minutes": "45"}
    assert client.post(url, total).status_code == 303
    assert count(admin, "timeout") == 2


def test_the_unit_page_costs_the_same_for_few_and_many(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT)
    client, url = cast["duty_leader"].client(), reverse("time_out_unit") + f"?unit={cast.units['north_a'].pk}"
    client.get(url)
    with CaptureQueriesContext(connections["default"]) as empty:
        client.get(url)
    for n in range(10):
        record(cast, TODAY - timedelta(days=n), 300, at=AT)
        record(cast, TODAY - timedelta(days=n), 300, at=AT, person="ung")
    with CaptureQueriesContext(connections["default"]) as full:
        client.get(url)
    assert len(full) == len(empty)


# Locked in without a decision


@RULES("R7.1.1-d")
def test_too_little_time_out_without_a_decision_is_flagged_and_considered_within_a_day(cast, admin):
    record(cast, TODAY, 60, at=AT)
    assert count(admin, "informalisolation") == 0  # the date is not over
    at = oslo(11, 24, 8)
    record(cast, TODAY, 119, at=at)
    with cast["officer"].acting() as actor:
        row = InformalIsolation.objects.get()
        assert (row.kind, row.source, row.state, row.since_on) == ("de_facto", "system", "flagged", TODAY)
    assert deadline(admin, row, "D32C")[0] == at + 24 * HOUR
    # Written again: the same flag, with what is now known.
    record(cast, TODAY, 90, at=at + MINUTE)
    with cast["officer"].acting() as actor:
        assert InformalIsolation.objects.get().hours_out == Decimal("1.50")
        assert actor


def test_nobody_is_flagged_at_two_hours_or_during_a_measure(cast, admin):
    record(cast, TODAY, 120, at=oslo(11, 24, 8))
    decide(cast, at=oslo(11, 24, 9))
    record(cast, TODAY, 0, at=oslo(11, 24, 10))
    assert count(admin, "informalisolation") == 0


def test_a_unit_may_ask_more_of_itself(cast, admin):
    with cast["warden"].acting() as actor:
        parameters.tighten(actor, cast.units["north_a"], "lock_in_minutes", 240, reason="Vi vil se flere.", at=AT)
        with pytest.raises(Refused):
            parameters.tighten(actor, cast.units["north_a"], "lock_in_minutes", 60, reason="Mildere.", at=AT)
    record(cast, TODAY, 180, at=oslo(11, 24, 8))
    record(cast, TODAY, 180, at=oslo(11, 24, 8), person="trompet", who="officer_b")
    assert count(admin, "informalisolation") == 1


# Struck contact, the evening, mitigation


def talk(cast, measure, start, minutes, *, who="officer"):
    with cast[who].acting() as actor:
        return verbs.log_contact(
            actor, measure.pk, kind="talk", with_whom="staff", started_at=start, ended_at=start + minutes * MINUTE,
            key=uuid.uuid4(), at=start + minutes * MINUTE,
        )  # fmt: skip


PLAN = {TODAY + timedelta(days=n): verbs.PlannedDay("Samtale og luftegård.", 130) for n in range(7)}


def planned(cast):
    start = oslo(11, 22, 12)
    measure = decide(cast, exclusion(start, expected_hours=200), at=start)
    with cast["duty_leader"].acting() as actor:
        verbs.save_plan(
            actor,
            measure.pk,
            first_on=TODAY,
            days=PLAN,
            way_out="Samtaler uten trusler.",
            key=uuid.uuid4(),
            at=start + HOUR,
        )
    return measure


@RULES("R7.1.2-m")
def test_struck_contact_counts_for_nothing_and_puts_the_day_back(cast, admin):
    measure = planned(cast)
    session = talk(cast, measure, oslo(11, 23, 10), 125)
    assert deadline(admin, measure, "D23")[0] == clock.end_of_local_day(TODAY + timedelta(days=1))
    with cast["officer"].acting() as actor:
        for _again in range(2):
            verbs.strike_contact(actor, session.pk, reason="Ført på feil innsatt", at=oslo(11, 23, 13))
        page = protocol(actor, access_measure(actor, measure.pk), oslo(11, 23, 14))
    assert deadline(admin, measure, "D23")[0] == clock.end_of_local_day(TODAY)
    assert count(admin, "contactcorrection") == 1
    assert page["contact"][-1]["value"].startswith("0 min")
    struck = [event for day in page["days"] for event in day["events"] if event.word == "Strøket"]
    assert "Ført på feil innsatt" in struck[0].text


def test_only_who_wrote_it_or_decides_may_strike(cast):
    measure = planned(cast)
    session = talk(cast, measure, oslo(11, 23, 10), 30)
    with cast["contact_officer"].acting() as actor, pytest.raises(Refused):
        verbs.strike_contact(actor, session.pk, reason="Feil", at=AT)
    with cast["officer"].acting() as actor, pytest.raises(Refused):
        verbs.strike_contact(actor, session.pk, reason=" ", at=AT)
    for who in ("officer_b", "south_duty_leader", "nurse"):
        with cast[who].acting() as actor, pytest.raises(Http404):
            verbs.strike_contact(actor, session.pk, reason="Feil", at=AT)
    with cast["duty_leader"].acting() as actor:
        assert verbs.strike_contact(actor, session.pk, reason="Feil", at=oslo(11, 23, 12)).pk == measure.pk


@RULES("R7.1.2-m")
def test_the_evening_warns_at_six_while_under_an_hour_and_is_quiet_with_one(cast, admin):
    measure = planned(cast)
    warn = "SELECT next_step, next_alert_at FROM custody.coordination_custodydeadline WHERE subject_id = %s AND rule = 'D23' AND closed_at IS NULL"
    # The first full day is the 23rd: open, warning at 18.00 on the wall.
    step, alert = admin.execute(warn, [measure.pk]).fetchone()
    assert step == 0
    assert alert - oslo(11, 23, 18) < timedelta(seconds=1)
    talk(cast, measure, oslo(11, 23, 10), 59)
    assert admin.execute(warn, [measure.pk]).fetchone()[0] == 0
    talk(cast, measure, oslo(11, 23, 12), 1)
    assert admin.execute(warn, [measure.pk]).fetchone()[0] == 1


@RULES("R7.1.2-k")
@RULES("R7.1.2-y")
def test_what_was_offered_accepted_declined_or_not_possible_stands_on_page_and_protocol(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT + HOUR)
    measure = decide(cast, at=AT)
    client, url = cast["officer"].client(), reverse("mitigation_new", args=[measure.pk])
    form = {"offered_on": "23.11.2026", "offered_clock": "12.30"}
    for kind, outcome, note in (
        ("outdoors", "accepted", "En time ekstra."),
        ("visit", "declined", ""),
        ("company", "not_possible", "Trusler mot begge som er på fløya."),
    ):
        sent = client.post(url, form | {"key": str(uuid.uuid4()), "kind": kind, "outcome": outcome, "note": note})
        assert sent.status_code == 303
    page = client.get(reverse("measure", args=[measure.pk])).content.decode()
    for words in ("Mer tid ute i luft", "Tilbudt, den innsatte takket nei", "Vurdert, men lar seg ikke gjøre"):
        assert words in page
    with cast["duty_leader"].acting() as actor:
        paper = protocol(actor, access_measure(actor, measure.pk), AT + HOUR)
    texts = [event.text for day in paper["days"] for event in day["events"]]
    assert "Trusler mot begge som er på fløya." in texts
    assert len(paper["mitigations"]) == 3


def test_not_possible_wants_a_reason(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT + HOUR)
    measure = decide(cast, at=AT)
    form = {
        "offered_on": "23.11.2026",
        "offered_clock": "12.30",
        "key": str(uuid.uuid4()),
        "kind": "visit",
        "outcome": "not_possible",
    }
    answer = cast["officer"].client().post(reverse("mitigation_new", args=[measure.pk]), form | {"note": " "})
    assert answer.status_code == 422
    assert "Skriv hvorfor det ikke lar seg gjøre." in answer.content.decode()


def test_time_rows_stay_inside_the_prison(cast):
    record(cast, TODAY, 60, at=AT)
    for who, rows in (("officer", 1), ("duty_leader", 1), ("officer_b", 0), ("south_duty_leader", 0)):
        with cast[who].acting():
            assert TimeOut.objects.count() == rows, who
