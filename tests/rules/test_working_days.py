"""Working days over weekends, moving feasts and the turn of the year."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clock import end_of_local_day
from coordination.working_days import add_working_days, is_public_holiday, is_working_day, working_day_deadline


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 4, 2),  # Maundy Thursday
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),  # Ascension
        date(2027, 5, 17),  # also Whit Monday
        date(2026, 12, 25),
        date(2027, 1, 1),
    ],
)
def test_holidays_are_no_working_days(day: date) -> None:
    assert is_public_holiday(day)
    assert not is_working_day(day)


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 12, 31), date(2026, 4, 1), date(2026, 5, 15)])
def test_eves_and_bridge_days_are_working_days(day: date) -> None:
    assert is_working_day(day)


def test_an_ordinary_sunday_is_neither() -> None:
    assert not is_public_holiday(date(2026, 6, 7))
    assert not is_working_day(date(2026, 6, 7))


@pytest.mark.parametrize(
    ("day", "n", "result"),
    [
        (date(2026, 6, 5), 1, date(2026, 6, 8)),
        (date(2026, 6, 6), 1, date(2026, 6, 8)),
        (date(2026, 6, 1), 0, date(2026, 6, 1)),
        (date(2026, 3, 30), 10, date(2026, 4, 16)),  # over Easter
        (date(2026, 12, 23), 3, date(2026, 12, 29)),  # 24, 28, 29
        (date(2026, 12, 30), 2, date(2027, 1, 4)),
        (date(2026, 5, 12), 10, date(2026, 5, 28)),  # 14 and 25 May are holidays
    ],
)
def test_add_working_days(day: date, n: int, result: date) -> None:
    assert add_working_days(day, n) == result


def test_a_negative_number_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 6, 1), -1)


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 30))
def test_it_counts_exactly_the_working_days_after(day: date, n: int) -> None:
    end = add_working_days(day, n)
    between = [day + timedelta(days=k) for k in range(1, (end - day).days + 1)]
    assert sum(map(is_working_day, between)) == n
    assert is_working_day(end)


@pytest.mark.parametrize(
    ("received_at", "last"),
    [
        (datetime(2026, 6, 1, 21, 59, tzinfo=UTC), date(2026, 6, 15)),  # 23:59 on Monday in Oslo
        (datetime(2026, 6, 1, 22, 0, tzinfo=UTC), date(2026, 6, 16)),  # 00:00 on Tuesday
    ],
)
def test_the_day_of_receipt_is_oslos_and_is_not_counted(received_at: datetime, last: date) -> None:
    assert working_day_deadline(received_at, 10) == end_of_local_day(last)


def test_the_deadline_is_the_local_end_of_day_over_the_clock_change() -> None:
    due = working_day_deadline(datetime(2026, 10, 16, 10, tzinfo=UTC), 10)
    assert due == datetime(2026, 10, 30, 22, 59, 59, 999999, tzinfo=UTC)
