"""The two clocks, on ordinary nights and on the four that matter."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination import clock
from coordination.clock import OSLO, AmbiguousTime, Fold, NonexistentTime

SPRING = [date(2026, 3, 29), date(2027, 3, 28)]
AUTUMN = [date(2026, 10, 25), date(2027, 10, 31)]


def utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def test_now_is_aware_and_in_utc() -> None:
    assert clock.now().utcoffset() == timedelta()


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(clock.NaiveInstant):
        clock.local_date(datetime(2026, 1, 1))
    assert clock.local_date(datetime(2026, 1, 1, tzinfo=UTC)) == date(2026, 1, 1)


@pytest.mark.parametrize(
    ("start", "end", "passed"),
    [
        (datetime(2026, 3, 28, 12, tzinfo=OSLO), datetime(2026, 3, 29, 12, tzinfo=OSLO), timedelta(hours=23)),
        (datetime(2026, 10, 24, 12, tzinfo=OSLO), datetime(2026, 10, 25, 12, tzinfo=OSLO), timedelta(hours=25)),
        (datetime(2026, 6, 1, 12, tzinfo=OSLO), datetime(2026, 6, 2, 12, tzinfo=OSLO), timedelta(hours=24)),
        (
            datetime(2026, 10, 25, 2, 30, tzinfo=OSLO),
            datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=OSLO),
            timedelta(hours=1),
        ),
    ],
)
def test_elapsed_counts_real_hours(start: datetime, end: datetime, passed: timedelta) -> None:
    assert clock.elapsed(start, end) == passed
    assert clock.elapsed(end, start) == -passed
    assert clock.after(start, passed) == end.astimezone(UTC)


@pytest.mark.parametrize("day", SPRING)
def test_the_spring_day_has_23_hours(day: date) -> None:
    assert clock.day_length(day) == timedelta(hours=23)
    assert clock.day_length(day + timedelta(days=1)) == timedelta(hours=24)


@pytest.mark.parametrize("day", AUTUMN)
def test_the_autumn_day_has_25_hours(day: date) -> None:
    assert clock.day_length(day) == timedelta(hours=25)
    assert clock.day_length(day - timedelta(days=1)) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (utc(2026, 6, 1, 21, 59), date(2026, 6, 1)),
        (utc(2026, 6, 1, 22, 0), date(2026, 6, 2)),
        (utc(2026, 12, 1, 22, 59), date(2026, 12, 1)),
        (utc(2026, 12, 1, 23, 0), date(2026, 12, 2)),
        (datetime(2026, 6, 1, 23, 0, tzinfo=timezone(timedelta(hours=-5))), date(2026, 6, 2)),
    ],
)
def test_local_date(at: datetime, day: date) -> None:
    assert clock.local_date(at) == day


@settings(deadline=None)
@given(st.dates(date(1980, 1, 1), date(2060, 12, 31)))
def test_a_day_ends_on_itself_and_touches_the_next(day: date) -> None:
    start, end = clock.local_day_bounds(day)
    last = clock.end_of_local_day(day)
    assert clock.local_date(start) == day == clock.local_date(last)
    assert clock.local_date(end) == day + timedelta(days=1)
    assert end - last == timedelta(microseconds=1)
    assert start == clock.local_day_bounds(day - timedelta(days=1))[1]


@pytest.mark.parametrize("day", SPRING)
def test_a_skipped_time_is_refused(day: date) -> None:
    for wall in (time(2, 0), time(2, 30), time(2, 59, 59)):
        with pytest.raises(NonexistentTime):
            clock.parse_local(day, wall)
        with pytest.raises(NonexistentTime):
            clock.parse_local(day, wall, Fold.SECOND)
    assert clock.parse_local(day, time(1, 59)) == datetime(day.year, 3, day.day, 0, 59, tzinfo=UTC)
    assert clock.parse_local(day, time(3, 0)) == datetime(day.year, 3, day.day, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("day", AUTUMN)
def test_a_doubled_time_must_be_chosen(day: date) -> None:
    first, second = (datetime(day.year, 10, day.day, hour, 30, tzinfo=UTC) for hour in (0, 1))
    with pytest.raises(AmbiguousTime) as asked:
        clock.parse_local(day, time(2, 30))
    assert (asked.value.first, asked.value.second) == (first, second)
    assert clock.parse_local(day, time(2, 30), Fold.FIRST) == first
    assert clock.parse_local(day, time(2, 30), Fold.SECOND) == second
    assert clock.parse_local(day, time(2, 30, fold=1), Fold.FIRST) == first
    assert clock.parse_local(day, time(3, 0)) == datetime(day.year, 10, day.day, 2, 0, tzinfo=UTC)


def test_a_fold_with_an_ordinary_time_is_ignored() -> None:
    assert clock.parse_local(date(2026, 6, 1), time(14), Fold.SECOND) == utc(2026, 6, 1, 12)


def test_a_wall_time_with_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        clock.parse_local(date(2026, 6, 1), time(14, tzinfo=UTC))


@settings(deadline=None)
@given(st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31)))
def test_what_was_typed_is_what_the_wall_showed(typed: datetime) -> None:
    try:
        at = clock.parse_local(typed.date(), typed.time())
    except AmbiguousTime as asked:
        assert asked.second - asked.first == timedelta(hours=1)
        for candidate in (asked.first, asked.second):
            assert candidate.astimezone(OSLO).replace(tzinfo=None, fold=0) == typed
    except NonexistentTime:
        assert typed.month == 3
        assert typed.hour == 2
    else:
        assert at.astimezone(OSLO).replace(tzinfo=None) == typed


def test_at_local_never_fails() -> None:
    assert clock.at_local(date(2026, 3, 29), 2, 30) == utc(2026, 3, 29, 1, 30)  # 03:30 summer time
    assert clock.at_local(date(2026, 10, 25), 2, 30) == utc(2026, 10, 25, 0, 30)  # the first
    assert clock.at_local(date(2026, 7, 1), 18) == utc(2026, 7, 1, 16)


def test_minutes_are_split_at_local_midnight() -> None:
    assert clock.minutes_per_local_day([(utc(2026, 6, 1, 21, 15), utc(2026, 6, 1, 22, 45))]) == {
        date(2026, 6, 1): 45,
        date(2026, 6, 2): 45,
    }


@pytest.mark.parametrize(("day", "minutes"), [(SPRING[0], 23 * 60), (AUTUMN[0], 25 * 60), (date(2026, 6, 1), 24 * 60)])
def test_minutes_of_a_whole_day(day: date, minutes: int) -> None:
    noon = clock.at_local(day - timedelta(days=1), 12)
    assert clock.minutes_per_local_day([(noon, noon + timedelta(days=3))])[day] == minutes


def test_overlapping_time_counts_once_and_seconds_add_up() -> None:
    at = utc(2026, 6, 1, 10)
    half = timedelta(seconds=30)
    assert clock.minutes_per_local_day([(at, at + timedelta(hours=1))] * 2) == {date(2026, 6, 1): 60}
    assert clock.minutes_per_local_day([(at, at + half), (at + 4 * half, at + 5 * half)]) == {date(2026, 6, 1): 1}
    assert clock.minutes_per_local_day([(at, at + timedelta(minutes=119, seconds=59))]) == {date(2026, 6, 1): 119}
    assert clock.minutes_per_local_day([(at, at)]) == {}


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before"):
        clock.minutes_per_local_day([(utc(2026, 6, 2), utc(2026, 6, 1))])


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.datetimes(datetime(2026, 10, 20), datetime(2026, 10, 30), timezones=st.just(UTC)),
            st.integers(0, 600),
        ),
        max_size=6,
    ),
)
def test_no_minute_is_lost_or_doubled(drawn: list[tuple[datetime, int]]) -> None:
    spans = [(start.replace(second=0, microsecond=0), length) for start, length in drawn]
    minutes = {start + timedelta(minutes=n) for start, length in spans for n in range(length)}
    counted = clock.minutes_per_local_day((start, start + timedelta(minutes=length)) for start, length in spans)
    assert sum(counted.values()) == len(minutes)
    for day, total in counted.items():
        assert total == sum(at.astimezone(OSLO).date() == day for at in minutes)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 8, 31), 2, date(2026, 6, 30)),
        (date(2026, 4, 30), 2, date(2026, 2, 28)),
        (date(2028, 4, 30), 2, date(2028, 2, 29)),
        (date(2026, 4, 29), 2, date(2026, 2, 28)),
        (date(2026, 1, 15), 2, date(2025, 11, 15)),
        (date(2026, 2, 28), 2, date(2025, 12, 28)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 5, 17), 0, date(2026, 5, 17)),
    ],
)
def test_minus_calendar_months(day: date, months: int, before: date) -> None:
    assert clock.minus_calendar_months(day, months) == before


def test_minus_a_negative_number_of_months_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        clock.minus_calendar_months(date(2026, 1, 1), -1)


@pytest.mark.parametrize(
    ("born", "years", "day"),
    [
        (date(2008, 2, 29), 18, date(2026, 3, 1)),
        (date(2008, 2, 29), 20, date(2028, 2, 29)),
        (date(2008, 2, 28), 18, date(2026, 2, 28)),
        (date(2008, 12, 31), 18, date(2026, 12, 31)),
    ],
)
def test_turns(born: date, years: int, day: date) -> None:
    assert clock.turns(born, years) == day
    assert clock.age_on(born, day) == years
    assert clock.age_on(born, day - timedelta(days=1)) == years - 1


def test_nobody_has_an_age_before_birth() -> None:
    assert clock.age_on(date(2020, 1, 1), date(2020, 1, 1)) == 0
    with pytest.raises(ValueError, match="not born"):
        clock.age_on(date(2020, 1, 1), date(2019, 12, 31))


def test_a_minor_comes_of_age_at_midnight_in_oslo() -> None:
    born = date(2008, 7, 1)
    assert clock.comes_of_age_at(born) == utc(2026, 6, 30, 22)
    assert clock.is_minor(born, utc(2026, 6, 30, 21, 59, 59))
    assert not clock.is_minor(born, utc(2026, 6, 30, 22))
