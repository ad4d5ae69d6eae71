"""Periods are Oslo dates: their edges, also on the two nights the clock changes, and what a report may be about."""

from datetime import UTC, date, datetime, timedelta

import pytest

from cooperation.forms.reports import period_of
from cooperation.rules.figures import PeriodFault, counted_before, period_fault
from coordination.figures import Period, slices

LATER = datetime(2027, 6, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        # Summer time begins 29 March 2026 and ends 25 October 2026.
        (date(2026, 3, 1), date(2026, 3, 28), (2026, 2, 28, 23), (2026, 3, 28, 23)),
        (date(2026, 3, 1), date(2026, 3, 29), (2026, 2, 28, 23), (2026, 3, 29, 22)),
        (date(2026, 3, 29), date(2026, 4, 30), (2026, 3, 28, 23), (2026, 4, 30, 22)),
        (date(2026, 9, 1), date(2026, 10, 24), (2026, 8, 31, 22), (2026, 10, 24, 22)),
        (date(2026, 9, 1), date(2026, 10, 25), (2026, 8, 31, 22), (2026, 10, 25, 23)),
        (date(2026, 10, 25), date(2026, 12, 1), (2026, 10, 24, 22), (2026, 12, 1, 23)),
    ],
)
def test_a_period_ends_at_midnight_in_oslo(first, last, start, end):
    period = Period(first, last, LATER)
    assert (period.start, period.end) == (datetime(*start, tzinfo=UTC), datetime(*end, tzinfo=UTC))
    moment = timedelta(microseconds=1)
    assert period.start in period
    assert period.start - moment not in period
    assert period.end - moment in period
    assert period.end not in period


def test_both_hours_that_are_called_two_belong_to_the_day():
    period = Period(date(2026, 10, 25), date(2026, 11, 30), LATER)
    assert datetime(2026, 10, 25, 0, 30, tzinfo=UTC) in period
    assert datetime(2026, 10, 25, 1, 30, tzinfo=UTC) in period


def test_what_has_not_happened_does_not_count():
    seen = datetime(2026, 11, 1, 12, tzinfo=UTC)
    period = Period(date(2026, 10, 1), date(2026, 11, 30), seen)
    assert period.end == seen
    assert seen not in period


@pytest.mark.parametrize(
    ("first", "last", "count", "labels"),
    [
        (date(2026, 8, 31), date(2026, 11, 22), 12, ["36", "47"]),
        (date(2026, 10, 1), date(2026, 11, 23), 9, ["40", "48"]),
        (date(2026, 1, 1), date(2026, 12, 31), 12, ["1.2026", "12.2026"]),
        (date(2025, 11, 15), date(2026, 11, 14), 13, ["11.2025", "11.2026"]),
    ],
)
def test_slices_cover_every_day_once(first, last, count, labels):
    found = slices(Period(first, last, LATER))
    days = [part.first_on + timedelta(days=n) for part in found for n in range((part.last_on - part.first_on).days + 1)]
    assert days == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert len(found) == count
    assert [found[0].label, found[-1].label] == labels


def test_no_two_slices_are_called_the_same():
    for first in (date(2025, 12, 1), date(2026, 12, 28), date(2026, 2, 28)):
        for days in (28, 90, 92, 366):
            labels = [part.label for part in slices(Period(first, first + timedelta(days=days - 1), LATER))]
            assert len(set(labels)) == len(labels)


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (date(2026, 10, 27), TODAY, None),
        (date(2026, 10, 28), TODAY, PeriodFault.SHORT),
        (date(2026, 10, 27), date(2026, 11, 24), PeriodFault.FUTURE),
        (date(2026, 11, 2), date(2026, 11, 1), PeriodFault.ORDER),
        (date(2025, 11, 23), TODAY, None),
        (date(2025, 11, 22), TODAY, PeriodFault.LONG),
    ],
)
def test_what_a_report_is_made_of(first, last, fault):
    assert period_fault(first, last, TODAY) == fault


def test_the_ready_made_choices():
    assert period_of("quarter", TODAY) == (date(2026, 7, 1), date(2026, 9, 30))
    assert period_of("quarter", date(2027, 3, 31)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert period_of("quarter", date(2027, 4, 1)) == (date(2027, 1, 1), date(2027, 3, 31))
    assert period_of("this_year", TODAY) == (date(2026, 1, 1), TODAY)
    assert period_of("last_year", TODAY) == (date(2025, 1, 1), date(2025, 12, 31))


OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))


@pytest.mark.parametrize(
    ("first", "last", "met"),
    [
        (date(2026, 11, 1), date(2026, 11, 30), None),
        (date(2026, 9, 1), date(2026, 9, 30), None),
        (date(2026, 10, 31), date(2026, 11, 30), OCTOBER),
        (date(2026, 9, 1), date(2026, 10, 1), OCTOBER),
        (date(2026, 10, 2), date(2026, 10, 30), OCTOBER),
        (date(2026, 1, 1), date(2026, 12, 31), OCTOBER),
        (*OCTOBER, OCTOBER),
    ],
)
def test_no_day_is_counted_twice(first, last, met):
    assert counted_before(first, last, [(date(2025, 1, 1), date(2025, 12, 31)), OCTOBER]) == met
    assert counted_before(first, last, []) is None
