"""Checks and continuous watch: the rolling deadline, late entries, corrections, handing over, the 18th birthday, both clock changes."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connections
from django.http import Http404

from coordination.deadlines import RULES
from coordination.models import Role
from coordination.refusals import Refused
from isolation.access import Looks, watched
from isolation.actions import checks as verbs
from isolation.models import Check, CheckCorrection, ContinuousWatch
from isolation.rules.next_look import next_look
from tests.cast import AT
from tests.isolation.helpers import HOUR, MINUTE, check, coercion, count, deadline, decide, exclusion, open_rules, oslo


@pytest.mark.obligation("R7.1.2-h")
def test_the_next_check_is_an_hour_after_the_last_by_day_and_three_by_night(cast, admin) -> None:
    measure = decide(cast)
    assert deadline(admin, measure, "D20")[0] == AT + HOUR
    check(cast, measure, AT + 30 * MINUTE)
    assert deadline(admin, measure, "D20")[0] == AT + 90 * MINUTE
    evening = oslo(11, 23, 21, 30)
    check(cast, measure, evening)
    assert deadline(admin, measure, "D20")[0] == evening + 3 * HOUR


def test_who_hears_of_a_missed_check_and_how_long_after() -> None:
    def told(rule):
        return [(step.after // MINUTE, set(step.audience) & {Role.OFFICER, Role.DUTY_LEADER, Role.WARDEN}) for step in RULES[rule].steps]  # fmt: skip

    floor, leader, warden = Role.OFFICER, Role.DUTY_LEADER, Role.WARDEN
    # From when the check was due. In a cell, and where somebody must be there all the time, the leader hears of it at once.
    assert told("D20") == [(0, {floor}), (15, {leader}), (60, {leader, warden})]
    assert told("D25") == [(0, {floor, leader}), (15, {leader, warden})]
    assert told("D21") == told("D26") == [(0, {floor, leader})]


@pytest.mark.obligation("R7.1.2-t")
def test_in_a_cell_it_is_an_hour_round_the_clock(cast, admin) -> None:
    measure = decide(cast, coercion())
    night = oslo(11, 24, 2, 10)
    check(cast, measure, night)
    assert deadline(admin, measure, "D25")[0] == night + HOUR


def test_a_late_entry_keeps_both_times_and_never_moves_the_deadline_back(cast, admin) -> None:
    measure = decide(cast)
    check(cast, measure, AT + 50 * MINUTE)
    late = check(cast, measure, AT + 55 * MINUTE, occurred_at=AT + 20 * MINUTE, note="Glemte å skrive.").check
    assert (late.occurred_at, late.recorded_at) == (AT + 20 * MINUTE, AT + 55 * MINUTE)
    assert deadline(admin, measure, "D20")[0] == AT + 110 * MINUTE


@pytest.mark.parametrize(("occurred", "code"), [(timedelta(minutes=1), "future"), (-HOUR, "before")])
def test_a_check_lies_within_the_measure_and_not_in_the_future(cast, admin, occurred, code) -> None:
    measure = decide(cast, exclusion(AT - 30 * MINUTE))
    with pytest.raises(Refused) as refused:
        check(cast, measure, AT, occurred_at=AT + occurred)
    assert refused.value.code == code
    assert count(admin, "check") == 0
    check(cast, measure, AT, occurred_at=AT - 30 * MINUTE)
    assert count(admin, "check") == 1


@pytest.mark.parametrize("state", ["uneasy", "needs_help"])
def test_a_worry_needs_words_and_somebody_told(cast, admin, state) -> None:
    measure = decide(cast)
    for more in ({}, {"note": "Slår i veggen."}, {"alerted": ["duty_leader"]}, {"note": "x", "alerted": ["nobody"]}):
        with pytest.raises(Refused):
            check(cast, measure, AT + MINUTE, state=state, **more)
    assert count(admin, "check") == 0
    saved = check(cast, measure, AT + MINUTE, state=state, note="Slår i veggen.", alerted=["duty_leader"]).check
    assert (saved.note, saved.alerted) == ("Slår i veggen.", ["duty_leader"])


def test_three_presses_are_one_check(cast, admin) -> None:
    measure, key = decide(cast), uuid.uuid4()
    made = [check(cast, measure, AT + MINUTE, key=key) for _ in range(3)]
    assert len({logged.check.pk for logged in made}) == 1
    assert [logged.new for logged in made] == [True, False, False]
    assert count(admin, "check") == 1


def test_two_officers_in_the_same_instant_are_both_kept(cast, admin) -> None:
    measure, start = decide(cast), threading.Barrier(2)

    def look(who: str) -> None:
        try:
            with cast[who].acting() as actor:
                start.wait()
                verbs.log_check(actor, measure.pk, state="calm", key=uuid.uuid4(), at=AT + MINUTE)
        finally:
            for alias in connections:
                connections[alias].close()

    threads = [threading.Thread(target=look, args=(who,)) for who in ("officer", "contact_officer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert count(admin, "check") == 2
    names = admin.execute(
        "SELECT array_agg(observer_name ORDER BY observer_name) FROM custody.isolation_check"
    ).fetchone()[0]
    assert names == ["Betjent Officer", "Kontaktbetjent Contact Officer"]


@pytest.mark.obligation("R7.1.2-r")
def test_a_check_is_never_changed_only_corrected(cast, admin) -> None:
    measure = decide(cast)
    first = check(cast, measure, AT + 10 * MINUTE).check
    wrong = check(cast, measure, AT + 40 * MINUTE).check
    with cast["officer"].acting() as actor:
        verbs.undo_check(actor, wrong.pk, at=AT + 41 * MINUTE)
        verbs.undo_check(actor, wrong.pk, at=AT + 41 * MINUTE)
    assert (count(admin, "check"), count(admin, "checkcorrection")) == (2, 1)
    assert deadline(admin, measure, "D20")[0] == first.occurred_at + HOUR
    with cast["officer"].acting(), pytest.raises(Exception, match="permission denied"):
        Check.objects.filter(pk=first.pk).update(note="noe annet")
    with cast["duty_leader"].acting(), pytest.raises(Exception, match="permission denied"):
        CheckCorrection.objects.filter(measure=measure).update(reason="x")


def test_only_ones_own_check_and_only_for_ten_minutes(cast, admin) -> None:
    measure = decide(cast)
    mine = check(cast, measure, AT + MINUTE).check
    for who, at, code in (("contact_officer", AT + 2 * MINUTE, "not_yours"), ("officer", AT + 12 * MINUTE, "too_late")):
        with cast[who].acting() as actor, pytest.raises(Refused) as refused:
            verbs.undo_check(actor, mine.pk, at=at)
        assert refused.value.code == code
    with cast["officer_b"].acting() as actor, pytest.raises(Http404):
        verbs.undo_check(actor, mine.pk, at=AT + 2 * MINUTE)
    assert count(admin, "checkcorrection") == 0
    with cast["officer"].acting() as actor:
        verbs.undo_check(actor, mine.pk, at=AT + 11 * MINUTE)
    assert count(admin, "checkcorrection") == 1


def test_an_ended_measure_takes_late_entries_about_its_time_only(cast, admin) -> None:
    from isolation.actions import measures

    measure = decide(cast)
    with cast["duty_leader"].acting() as actor:
        measures.end(actor, measure.pk, ended_at=AT + 2 * HOUR, reason="grounds_gone", note="Rolig.", at=AT + 2 * HOUR)
    with pytest.raises(Refused) as refused:
        check(cast, measure, AT + 3 * HOUR)
    assert refused.value.code == "after"
    check(cast, measure, AT + 3 * HOUR, occurred_at=AT + HOUR)
    assert open_rules(admin, measure) == set()


# Continuous watch


@pytest.mark.obligation("R7.1.2-i", "R7.1.2-v")
@pytest.mark.parametrize("facts", [exclusion(), coercion()])
def test_a_minor_is_watched_all_the_time_by_a_named_observer(cast, admin, facts) -> None:
    measure = decide(cast, facts, person="ung")
    assert deadline(admin, measure, "D21")[0] == AT, "nobody watches yet: late from the first instant"
    with cast["officer"].acting() as actor, pytest.raises(Refused):
        verbs.take_watch(actor, measure.pk, observer="  ", key=uuid.uuid4(), at=AT + MINUTE)
    with cast["officer"].acting() as actor:
        verbs.take_watch(actor, measure.pk, observer="Betjent Berg", key=uuid.uuid4(), at=AT + MINUTE)
    assert deadline(admin, measure, "D21")[0] == AT + 16 * MINUTE
    with cast["officer"].acting() as actor:
        verbs.note_watch(actor, measure.pk, text="Leser.", key=uuid.uuid4(), at=AT + 12 * MINUTE)
    assert deadline(admin, measure, "D21")[0] == AT + 27 * MINUTE
    check(cast, measure, AT + 13 * MINUTE)
    assert deadline(admin, measure, "D21")[0] == AT + 27 * MINUTE, "a check does not replace the observer's note"
    with cast["contact_officer"].acting() as actor:
        verbs.take_watch(actor, measure.pk, observer="Betjent Lie", key=uuid.uuid4(), at=AT + 20 * MINUTE)
    spans = admin.execute(
        "SELECT observer_name, started_at, ended_at FROM custody.isolation_continuouswatch ORDER BY started_at"
    ).fetchall()
    assert spans == [("Betjent Berg", AT + MINUTE, AT + 20 * MINUTE), ("Betjent Lie", AT + 20 * MINUTE, None)]
    with cast["officer"].acting() as actor:
        verbs.leave_watch(actor, measure.pk, at=AT + 30 * MINUTE)
    assert deadline(admin, measure, "D21")[0] == AT + 30 * MINUTE, "the gap begins the instant nobody watches"


@pytest.mark.obligation("R7.1.2-u")
def test_in_a_bed_everybody_is_watched_all_the_time(cast, admin) -> None:
    measure = decide(cast, coercion("security_bed"))
    assert deadline(admin, measure, "D26")[0] == AT
    with cast["officer"].acting() as actor:
        verbs.take_watch(actor, measure.pk, observer="Betjent Berg", key=uuid.uuid4(), at=AT)
    assert deadline(admin, measure, "D26")[0] == AT + 15 * MINUTE


@pytest.mark.obligation("R7.1.2-t")
def test_continuous_watch_may_be_chosen_with_a_reason_and_lifted(cast, admin) -> None:
    measure = decide(cast, coercion())
    with cast["officer"].acting() as actor, pytest.raises(Http404):
        verbs.order_watch(actor, measure.pk, reason="Slår hodet i veggen.", at=AT + MINUTE)
    with cast["duty_leader"].acting() as actor, pytest.raises(Refused):
        verbs.order_watch(actor, measure.pk, reason=" ", at=AT + MINUTE)
    with cast["duty_leader"].acting() as actor:
        verbs.order_watch(actor, measure.pk, reason="Slår hodet i veggen.", at=AT + MINUTE)
    with cast["officer"].acting() as actor:
        verbs.take_watch(actor, measure.pk, observer="Betjent Berg", key=uuid.uuid4(), at=AT + 2 * MINUTE)
    assert deadline(admin, measure, "D25")[0] == AT + 17 * MINUTE
    with cast["duty_leader"].acting() as actor:
        verbs.lift_watch(actor, measure.pk, at=AT + 20 * MINUTE)
    assert deadline(admin, measure, "D25")[0] == AT + 20 * MINUTE + HOUR, "observed until now"


@pytest.mark.obligation("R7.1.2-i")
def test_on_the_18th_birthday_the_rule_changes_at_midnight(cast, admin) -> None:
    # "Ung" is born on 29 March 2009, so midnight comes in the night of 28 March 2027, when the clock goes forward.
    start = oslo(3, 28, 20, 0, year=2027)
    admin.execute(
        "UPDATE custody.coordination_stay SET admitted_at = %s WHERE person_id = %s",
        [start - 24 * HOUR, cast.people["ung"]],
    )
    measure = decide(cast, exclusion(start), person="ung", at=start)
    midnight = oslo(3, 29, 0, 0, year=2027)
    with cast["officer"].acting() as actor:
        verbs.take_watch(actor, measure.pk, observer="Betjent Berg", key=uuid.uuid4(), at=start)
        verbs.note_watch(actor, measure.pk, text="Sover.", key=uuid.uuid4(), at=midnight - 20 * MINUTE)
    assert deadline(admin, measure, "D21")[0] == midnight - 5 * MINUTE
    with cast["officer"].acting() as actor:
        verbs.note_watch(actor, measure.pk, text="Sover.", key=uuid.uuid4(), at=midnight - 6 * MINUTE)
    assert open_rules(admin, measure) & {"D20", "D21"} == {"D20"}
    assert deadline(admin, measure, "D20")[0] == midnight + 3 * HOUR


@pytest.mark.parametrize(
    ("seen", "due"),
    [
        # 28 March 2027: the clock goes from 02 to 03. Three elapsed hours after 00:30 is 04:30 on the wall.
        (oslo(3, 28, 0, 30, year=2027), oslo(3, 28, 4, 30, year=2027)),
        # 25 October 2026: the hour from 02 comes twice. Three elapsed hours after 00:30 is 02:30, the second time.
        (oslo(10, 25, 0, 30), oslo(10, 25, 2, 30, fold=1)),
    ],
)
def test_the_nights_the_clock_changes(cast, admin, seen, due) -> None:
    start = seen - 2 * HOUR
    admin.execute("UPDATE custody.coordination_stay SET admitted_at = %s", [start - 24 * HOUR])
    measure = decide(cast, exclusion(start), at=start)
    logged = check(cast, measure, seen)
    assert logged.next is not None
    assert logged.next.due_at == due == seen + 3 * HOUR
    assert deadline(admin, measure, "D20")[0] == due


def test_what_comes_next_is_the_same_read_back_from_the_rows(cast) -> None:
    """The deadline a verb wrote is what the pure rule says of the rows it wrote."""
    measure = decide(cast)
    for minutes in (20, 75, 130, 400, 700):
        logged = check(cast, measure, AT + minutes * MINUTE)
        assert logged.next == next_look(watched(measure, ()), AT + minutes * MINUTE, last_seen_at=AT + minutes * MINUTE)
    assert Looks(None, (), ()).last_seen_at is None


def test_rows_of_the_watch_cannot_be_two_at_once(cast, admin) -> None:
    measure = decide(cast, person="ung")
    with cast["officer"].acting() as actor:
        first = verbs.take_watch(actor, measure.pk, observer="Berg", key=uuid.uuid4(), at=AT)
        common = {"agency_id": actor.agency_id, "recorded_at": AT, "by_id": actor.membership_id, "by_name": "x"}
    second = ContinuousWatch(
        **common, person_id=first.person_id, measure_id=measure.pk, observer_name="Lie", started_at=AT, key=uuid.uuid4()
    )
    with pytest.raises(Exception, match="watch_one_open"), cast["officer"].acting():
        second.save(force_insert=True)
    assert count(admin, "continuouswatch") == 1
