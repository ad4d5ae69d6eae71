"""Time out of the cell by local date: sums, periods, both clock changes, and the change of sides."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.clock import OSLO
from isolation.rules.cell_time import (
    Entry,
    Side,
    Switch,
    expected_side,
    little_time_out,
    locked_in_days,
    minutes_out,
    side_of,
    switch,
)
from isolation.rules.informal import Move, State, may_flag_again, moved, next_talk_due
from isolation.rules.kinds import Kind
from isolation.rules.regimes import CheckParameters, Watched, interval_problem, stretches

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)


def oslo(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=OSLO, fold=fold).astimezone(UTC)


def period(start: datetime, end: datetime, recorded: datetime | None = None) -> Entry:
    return Entry(recorded or end, start.astimezone(OSLO).date(), (start, end))


def total(day: date, minutes: int, recorded: datetime) -> Entry:
    return Entry(recorded, day, minutes=minutes)


def test_periods_at_the_same_time_count_once_and_are_split_at_midnight():
    rows = [
        period(oslo(MONDAY, 10), oslo(MONDAY, 11)),
        period(oslo(MONDAY, 10, 30), oslo(MONDAY, 11, 30)),
        period(oslo(MONDAY, 23, 30), oslo(MONDAY + DAY, 0, 45)),
    ]
    assert minutes_out(rows) == {MONDAY: 120, MONDAY + DAY: 45}


def test_the_newest_sum_stands_for_what_was_written_before_and_later_periods_are_added():
    rows = [
        period(oslo(MONDAY, 8), oslo(MONDAY, 12)),
        total(MONDAY, 60, oslo(MONDAY, 13)),
        total(MONDAY, 70, oslo(MONDAY, 14)),
        period(oslo(MONDAY, 15), oslo(MONDAY, 15, 20)),
    ]
    assert minutes_out(rows) == {MONDAY: 90}
    assert minutes_out([]) == {}


@pytest.mark.parametrize(
    ("day", "start", "end", "minutes"),
    [
        # March: 01.30 to 03.30 on the wall is one hour; October: 01.30 to 03.30 is three.
        (date(2027, 3, 28), (1, 30), (3, 30), 60),
        (date(2026, 10, 25), (1, 30), (3, 30), 180),
        (MONDAY, (1, 30), (3, 30), 120),
    ],
)
def test_the_clock_changes_move_nobody_over_two_hours(day, start, end, minutes):
    found = minutes_out([period(oslo(day, *start), oslo(day, *end))])
    assert found == {day: minutes}
    assert side_of(found[day]) is (Side.LOCKED if minutes < 120 else Side.OUT)


def test_nobody_is_out_longer_than_the_day_lasts():
    march, october = date(2027, 3, 28), date(2026, 10, 25)
    assert minutes_out([total(march, 1440, oslo(march, 23))]) == {march: 23 * 60}
    assert minutes_out([total(october, 1500, oslo(october, 23))]) == {october: 25 * 60}


@pytest.mark.parametrize(("minutes", "side"), [(0, Side.LOCKED), (119, Side.LOCKED), (120, Side.OUT), (500, Side.OUT)])
def test_the_line_is_two_hours(minutes, side):
    assert side_of(minutes) is side
    assert expected_side(minutes / 60) is side


START = oslo(MONDAY, 9)


@pytest.mark.parametrize(
    ("side", "minutes", "at", "wanted"),
    [
        # Two hours reached today: from now on.
        (
            Side.LOCKED,
            {MONDAY + DAY: 130},
            oslo(MONDAY + DAY, 15),
            Switch(Side.OUT, MONDAY + DAY, 130, oslo(MONDAY + DAY, 15)),
        ),
        # Written the day after: from the end of the date.
        (
            Side.LOCKED,
            {MONDAY + DAY: 130},
            oslo(MONDAY + 2 * DAY, 8),
            Switch(Side.OUT, MONDAY + DAY, 130, oslo(MONDAY + 2 * DAY, 0)),
        ),
        # Too little so far says nothing while the date lasts.
        (Side.OUT, {MONDAY + DAY: 30}, oslo(MONDAY + DAY, 22), None),
        (
            Side.OUT,
            {MONDAY + DAY: 30},
            oslo(MONDAY + 2 * DAY, 8),
            Switch(Side.LOCKED, MONDAY + DAY, 30, oslo(MONDAY + 2 * DAY, 0)),
        ),
        # The date it began on is only a part of a day.
        (Side.OUT, {MONDAY: 0}, oslo(MONDAY + DAY, 8), None),
        # Nothing changes when the side is the same, and what nobody wrote about says nothing.
        (Side.LOCKED, {MONDAY + DAY: 119}, oslo(MONDAY + 2 * DAY, 8), None),
        (Side.LOCKED, {}, oslo(MONDAY + 2 * DAY, 8), None),
        # Before the measure.
        (Side.LOCKED, {MONDAY - DAY: 600}, oslo(MONDAY + DAY, 8), None),
    ],
)
def test_when_the_other_rules_begin(side, minutes, at, wanted):
    assert switch(side, minutes, START, at) == wanted


def test_an_earlier_date_does_not_undo_what_a_later_one_decided():
    minutes = {MONDAY + DAY: 200}
    assert switch(Side.LOCKED, minutes, START, oslo(MONDAY + 4 * DAY, 8), since=MONDAY + 2 * DAY) is None
    assert switch(Side.LOCKED, minutes, START, oslo(MONDAY + 4 * DAY, 8), since=MONDAY) is not None


def test_locked_in_is_whole_dates_without_a_hole():
    minutes = {MONDAY: 60, MONDAY - DAY: 100, MONDAY - 3 * DAY: 10}
    assert locked_in_days(minutes, MONDAY + DAY, 120) == [MONDAY, MONDAY - DAY]
    assert locked_in_days(minutes, MONDAY + DAY, 90) == [MONDAY]
    assert locked_in_days(minutes, MONDAY, 120) == [MONDAY - DAY]
    assert locked_in_days(minutes, MONDAY + 2 * DAY, 120) == []


def test_little_time_out_is_a_mean_over_what_is_known():
    assert little_time_out({MONDAY: 100, MONDAY - DAY: 200}, MONDAY + DAY) == 150
    assert little_time_out({MONDAY: 100, MONDAY - DAY: 400}, MONDAY + DAY) is None
    assert little_time_out({}, MONDAY) is None


# Informal isolation


def test_moves_go_forward_only():
    assert moved(State.FLAGGED, Move.CONSIDER_YES) is State.FOLLOWED
    assert moved(State.FLAGGED, Move.CONSIDER_NO) is State.DISMISSED
    assert moved(State.FOLLOWED, Move.END) is State.ENDED
    for move in Move:
        assert moved(State.DISMISSED, move) is None
        assert moved(State.ENDED, move) is None


def test_a_dismissed_flag_rests_for_24_elapsed_hours():
    at = oslo(date(2026, 10, 24), 12)
    assert may_flag_again(None, at)
    assert not may_flag_again(at, oslo(date(2026, 10, 25), 10, 59))
    assert may_flag_again(at, oslo(date(2026, 10, 25), 11))


def test_talks_come_at_the_start_on_day_three_and_then_weekly():
    assert next_talk_due(START, []) == START
    assert next_talk_due(START, [START]) == START + 3 * DAY
    assert next_talk_due(START, [START, START + 3 * DAY]) == START + 10 * DAY
    assert next_talk_due(START, [START + 5 * DAY]) == START + 12 * DAY


# Ordered intervals


@pytest.mark.parametrize(
    ("kind", "minutes", "wanted"),
    [
        (Kind.EXCLUSION, 30, None),
        (Kind.EXCLUSION, 90, None),  # stricter than the night, and the day's own hour still holds by day
        (Kind.EXCLUSION, 180, 180),
        (Kind.SECURITY_CELL, 59, None),
        (Kind.SECURITY_CELL, 60, 60),
    ],
)
def test_an_order_can_only_be_stricter(kind, minutes, wanted):
    assert interval_problem(minutes, kind) == wanted


def test_closer_than_a_round_is_continuous_watch():
    with pytest.raises(ValueError, match="continuous"):
        interval_problem(4, Kind.EXCLUSION)


def test_the_stricter_of_rule_and_order_holds_and_only_while_it_stands():
    born = date(1990, 1, 1)
    order = ((oslo(MONDAY, 12), oslo(MONDAY, 23)), timedelta(minutes=90))
    watched = Watched(Kind.EXCLUSION, None, born, START, intervals=(order,))
    found = []
    for stretch in stretches(watched, START, CheckParameters()):
        if stretch.start >= oslo(MONDAY + DAY, 0):
            break
        found.append((stretch.start, stretch.allowed))
    assert found == [
        (START, timedelta(minutes=60)),
        (oslo(MONDAY, 12), timedelta(minutes=60)),
        (oslo(MONDAY, 22), timedelta(minutes=90)),
        (oslo(MONDAY, 23), timedelta(hours=3)),
    ]
