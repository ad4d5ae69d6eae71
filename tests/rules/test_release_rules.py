"""Notice of release: calendar months, month ends, moving dates and days that meet closed doors."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clock import OSLO, end_of_local_day
from release_planning.rules import (
    RiskyDay,
    alerts,
    needs_late_reason,
    needs_new_notice,
    notice_due,
    notice_due_on,
    risky_day,
)


@pytest.mark.parametrize(
    ("release", "due"),
    [
        (date(2026, 8, 31), date(2026, 6, 30)),
        (date(2026, 4, 30), date(2026, 2, 28)),
        (date(2028, 4, 30), date(2028, 2, 29)),
        (date(2027, 1, 15), date(2026, 11, 15)),
        (date(2026, 5, 29), date(2026, 3, 29)),
        (date(2026, 12, 25), date(2026, 10, 25)),
    ],
)
def test_notice_is_due_at_the_end_of_the_date_two_months_before(release: date, due: date) -> None:
    assert notice_due_on(release) == due
    known = datetime(due.year - 1, 1, 1, tzinfo=UTC)
    found = notice_due(release, known)
    assert (found.due_at, found.immediate) == (end_of_local_day(due), False)
    assert not needs_late_reason(release, end_of_local_day(due))
    assert needs_late_reason(release, end_of_local_day(due) + timedelta(microseconds=1))


def test_past_due_is_due_at_once() -> None:
    known = datetime(2026, 7, 1, 9, tzinfo=OSLO)
    found = notice_due(date(2026, 8, 31), known)
    assert (found.due_at, found.immediate) == (known, True)
    on_the_last_day = datetime(2026, 6, 30, 23, 59, tzinfo=OSLO)
    assert not notice_due(date(2026, 8, 31), on_the_last_day).immediate


def test_longer_notice_is_allowed_and_shorter_is_not() -> None:
    assert notice_due_on(date(2026, 8, 31), 3) == date(2026, 5, 31)
    with pytest.raises(ValueError, match="never later"):
        notice_due_on(date(2026, 8, 31), 1)


@pytest.mark.parametrize(("days", "again"), [(-30, True), (-1, True), (0, False), (1, False), (7, False), (8, True)])
def test_when_the_date_moves(days: int, again: bool) -> None:
    told = date(2026, 8, 31)
    assert needs_new_notice(told, told + timedelta(days=days)) is again


def test_alerts_at_eight_on_the_wall_clock_14_and_3_days_before() -> None:
    found = alerts(date(2026, 12, 31), datetime(2026, 6, 1, tzinfo=UTC))  # due 31 October
    assert found.reminders == (
        datetime(2026, 10, 17, 6, tzinfo=UTC),
        datetime(2026, 10, 28, 7, tzinfo=UTC),
    )
    assert found.overdue_at == end_of_local_day(date(2026, 10, 31))
    late = alerts(date(2026, 12, 31), datetime(2026, 10, 20, tzinfo=UTC))
    assert late.reminders == found.reminders[1:]
    known = datetime(2026, 11, 20, tzinfo=UTC)
    assert alerts(date(2026, 12, 31), known).reminders == ()
    assert alerts(date(2026, 12, 31), known).overdue_at == known


@settings(deadline=None)
@given(st.dates(date(2025, 1, 1), date(2035, 12, 31)))
def test_two_months_are_never_less_than_58_days_and_keep_the_order(release: date) -> None:
    due = notice_due_on(release)
    assert timedelta(days=59) <= release - due <= timedelta(days=62)
    assert notice_due_on(release + timedelta(days=1)) >= due


@pytest.mark.parametrize(
    ("day", "flag"),
    [
        (date(2026, 6, 4), None),
        (date(2026, 6, 5), RiskyDay.FRIDAY),
        (date(2026, 6, 6), RiskyDay.WEEKEND),
        (date(2026, 6, 7), RiskyDay.WEEKEND),
        (date(2026, 5, 13), RiskyDay.BEFORE_PUBLIC_HOLIDAY),
        (date(2026, 5, 14), RiskyDay.PUBLIC_HOLIDAY),
        (date(2026, 5, 1), RiskyDay.PUBLIC_HOLIDAY),
        (date(2026, 12, 31), RiskyDay.BEFORE_PUBLIC_HOLIDAY),
        (date(2026, 12, 24), RiskyDay.BEFORE_PUBLIC_HOLIDAY),
        (date(2026, 12, 26), RiskyDay.PUBLIC_HOLIDAY),
    ],
)
def test_risky_days(day: date, flag: RiskyDay | None) -> None:
    assert risky_day(day) is flag
