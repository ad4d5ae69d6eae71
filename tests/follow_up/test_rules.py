"""The clocks of health follow-up: both nights the clock changes, and the same answer as the prison's rules to who is seen daily."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clock import OSLO, at_local, local_date
from follow_up.rules import (
    consultation_due,
    daily_visit_required,
    first_visit,
    is_late_entry,
    measure_of,
    next_visit,
    visit_clock,
)
from isolation.rules import health
from isolation.rules.kinds import Extent, Kind

INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(st.sampled_from(Kind), st.sampled_from([None, *Extent]), st.one_of(st.none(), st.floats(0, 24)))
@settings(max_examples=100)
def test_who_must_be_visited_daily_is_the_isolation_rules_own(kind, extent, hours):
    assert daily_visit_required(kind.value, extent.value if extent else "", hours) == health.supervision_required(
        kind, extent, hours
    )


@pytest.mark.obligation("R7.1.3-e")
@pytest.mark.parametrize(
    ("kind", "force", "illness", "hours"),
    [
        (Kind.EXCLUSION, False, False, 12),
        (Kind.EXCLUSION, True, False, 2),
        (Kind.EXCLUSION, False, True, 2),
        (Kind.SECURITY_CELL, False, False, 2),
        (Kind.SECURITY_BED, False, False, 2),
        (Kind.DE_FACTO, False, False, 12),
    ],
)
def test_the_first_visit_hurries_after_force_with_signs_of_illness_and_in_cell_and_bed(kind, force, illness, hours):
    start = at_local(date(2026, 10, 25), 1)
    clock = visit_clock(measure_of(kind.value, start, extent="", hours_out=0, force_used=force, illness=illness), [])
    assert (clock.target_at - start, clock.overdue_at - start) == (timedelta(hours=hours), timedelta(hours=24))


def test_an_unknown_kind_is_visited_rather_than_forgotten():
    assert daily_visit_required("something_new", "", None)


@pytest.mark.obligation("R7.1.3-f")
@pytest.mark.parametrize(
    ("last", "due"),
    [
        # October: the night has 25 hours, so 24 elapsed hours is an hour earlier on the wall.
        (at_local(date(2026, 10, 24), 12), at_local(date(2026, 10, 25), 11)),
        # March: 24 elapsed hours is an hour later on the wall.
        (at_local(date(2027, 3, 27), 12), at_local(date(2027, 3, 28), 13)),
        # March, late in the evening: Sunday must not go without a visit.
        (at_local(date(2027, 3, 27), 23, 30), datetime(2027, 3, 28, 21, 59, 59, 999999, tzinfo=UTC)),
        (at_local(date(2026, 11, 23), 12), at_local(date(2026, 11, 24), 12)),
    ],
)
def test_daily_over_both_clock_changes(last, due):
    assert next_visit(last).overdue_at == due
    assert next_visit(last).warning_at == due - timedelta(hours=2)


@pytest.mark.obligation("R7.1.3-e")
@pytest.mark.parametrize("day", [date(2026, 10, 24), date(2027, 3, 27), date(2026, 11, 23)])
def test_the_first_visit_counts_elapsed_hours_over_both_clock_changes(day):
    start = at_local(day, 20)
    clock = first_visit(start, urgent=False)
    assert clock.target_at - start == timedelta(hours=12)
    assert clock.overdue_at - start == timedelta(hours=24)
    assert first_visit(start, urgent=True).target_at - start == timedelta(hours=2)


@settings(max_examples=50)
@given(INSTANTS, st.lists(st.integers(-50, 200), max_size=6))
def test_an_old_entry_never_moves_the_clock_back(start, hours):
    measure = measure_of("exclusion", start, extent="full", hours_out=0, force_used=False, illness=False)
    visits = [start + timedelta(hours=h) for h in hours]
    due = visit_clock(measure, visits).overdue_at
    for more in visits:
        assert visit_clock(measure, [*visits, more]).overdue_at == due
    assert due <= max([start, *(at for at in visits if at >= start)]) + timedelta(hours=24)


@pytest.mark.parametrize(
    ("told", "due_on", "hour"),
    [
        (at_local(date(2026, 11, 23), 10), date(2026, 11, 24), 10),
        (at_local(date(2026, 11, 27), 10), date(2026, 11, 30), 23),  # Friday: Saturday is no working day
        (at_local(date(2026, 12, 24), 10), date(2026, 12, 28), 23),  # Christmas
    ],
)
def test_the_consultation_waits_for_a_working_day(told, due_on, hour):
    due = consultation_due(told)
    assert local_date(due) == due_on
    assert due.astimezone(OSLO).time() >= time(hour)


def test_what_is_a_late_entry():
    at = datetime(2026, 11, 23, 11, tzinfo=UTC)
    assert not is_late_entry(at, at + timedelta(minutes=15))
    assert is_late_entry(at, at + timedelta(minutes=16))
