"""Checks in isolation: the next one, the honest gaps, and whom to tell."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.clock import OSLO
from isolation.rules.checks import (
    Check,
    Gap,
    Watch,
    continuous_spans,
    gaps,
    is_late,
    next_check_due,
    note_gaps,
)
from isolation.rules.kinds import Extent, Kind
from isolation.rules.regimes import (
    Watched,
)

ADULT = date(1990, 5, 5)
MINOR = date(2010, 1, 1)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def oslo(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026, fold: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OSLO, fold=fold).astimezone(UTC)


def excluded(effective_at: datetime, ended_at: datetime | None = None, birth_date: date = ADULT) -> Watched:
    return Watched(Kind.EXCLUSION, Extent.FULL, birth_date, effective_at, ended_at)


def in_cell(effective_at: datetime, ended_at: datetime | None = None, birth_date: date = ADULT) -> Watched:
    return Watched(Kind.SECURITY_CELL, None, birth_date, effective_at, ended_at)


def seen(*moments: datetime) -> list[Check]:
    return [Check(at, at) for at in moments]


def told(found: Iterable[Gap]) -> list[tuple[datetime, datetime, int]]:
    return [(gap.start, gap.end, gap.overdue_minutes) for gap in found]


# The next check


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (oslo(6, 1, 12), oslo(6, 1, 13)),
        (oslo(6, 1, 20, 59), oslo(6, 1, 21, 59)),
        (oslo(6, 1, 21), oslo(6, 2, 0)),  # the hour runs out as night begins
        (oslo(6, 1, 21, 30), oslo(6, 2, 0, 30)),
        (oslo(6, 1, 22), oslo(6, 2, 1)),
        (oslo(6, 2, 3), oslo(6, 2, 6)),
        (oslo(6, 2, 4), oslo(6, 2, 7)),
        (oslo(6, 2, 5, 30), oslo(6, 2, 7)),  # daytime's hour is already spent
        (oslo(6, 2, 6, 30), oslo(6, 2, 7, 30)),
        (oslo(6, 2, 7), oslo(6, 2, 8)),
        (oslo(3, 29, 0, 30), oslo(3, 29, 4, 30)),  # three real hours over the missing one
        (oslo(3, 28, 23), oslo(3, 29, 3)),
        (oslo(10, 25, 0, 30), oslo(10, 25, 2, 30, fold=1)),
        (oslo(10, 25, 2, 30), oslo(10, 25, 4, 30)),
        (oslo(10, 25, 2, 30, fold=1), oslo(10, 25, 5, 30)),
        (oslo(3, 28, 0, 30, year=2027), oslo(3, 28, 4, 30, year=2027)),
        (oslo(10, 31, 0, 30, year=2027), oslo(10, 31, 2, 30, year=2027, fold=1)),
    ],
)
def test_the_next_check_of_an_excluded_adult(last: datetime, due: datetime) -> None:
    assert next_check_due(excluded(oslo(1, 1)), last) == due
    assert next_check_due(excluded(last)) == due


@pytest.mark.parametrize("last", [oslo(6, 1, 3), oslo(3, 29, 1, 30), oslo(10, 25, 2, 30), oslo(10, 25, 2, 30, fold=1)])
def test_in_a_cell_it_is_always_one_real_hour(last: datetime) -> None:
    assert next_check_due(in_cell(oslo(1, 1)), last) == last + HOUR


def test_under_continuous_watch_the_next_look_is_now() -> None:
    assert next_check_due(excluded(oslo(6, 1, 12), birth_date=MINOR)) == oslo(6, 1, 12)


def test_on_the_18th_birthday_the_rule_changes_at_midnight() -> None:
    measure = excluded(oslo(6, 1, 12), birth_date=date(2008, 6, 2))
    assert next_check_due(measure, oslo(6, 1, 23, 59)) == oslo(6, 1, 23, 59)
    assert next_check_due(measure, oslo(6, 2)) == oslo(6, 2, 3)


def test_watch_chosen_later_is_due_when_it_begins() -> None:
    measure = Watched(Kind.SECURITY_CELL, None, ADULT, oslo(6, 1, 12), continuous=((oslo(6, 1, 14), oslo(6, 1, 16)),))
    assert next_check_due(measure, oslo(6, 1, 13, 30)) == oslo(6, 1, 14)
    assert next_check_due(measure, oslo(6, 1, 16)) == oslo(6, 1, 17)


# Gaps


def test_checked_on_time_there_is_no_gap() -> None:
    measure = excluded(oslo(6, 1, 12), oslo(6, 1, 15))
    assert gaps(measure, seen(oslo(6, 1, 13), oslo(6, 1, 14)), [], oslo(6, 3)) == []


def test_a_minute_late_is_a_minutes_gap() -> None:
    measure = in_cell(oslo(6, 1, 12), oslo(6, 1, 14))
    (gap,) = gaps(measure, seen(oslo(6, 1, 13, 1)), [], oslo(6, 3))
    assert gap == Gap(oslo(6, 1, 12), oslo(6, 1, 13, 1), oslo(6, 1, 13), "D25", 1, ongoing=False)
    assert gap.allowed == HOUR


def test_a_second_late_is_a_gap_too() -> None:
    late = oslo(6, 1, 13) + timedelta(seconds=1)
    (gap,) = gaps(in_cell(oslo(6, 1, 12), oslo(6, 1, 14)), seen(late), [], oslo(6, 3))
    assert gap.overdue_minutes == 1


def test_the_stretch_before_the_first_check_and_after_the_last_count() -> None:
    measure = excluded(oslo(6, 1, 9), oslo(6, 1, 15))
    assert told(gaps(measure, seen(oslo(6, 1, 12)), [], oslo(6, 3))) == [
        (oslo(6, 1, 9), oslo(6, 1, 12), 120),
        (oslo(6, 1, 12), oslo(6, 1, 15), 120),
    ]


def test_a_running_measure_is_told_up_to_now() -> None:
    measure = excluded(oslo(6, 1, 9))
    assert gaps(measure, [], [], oslo(6, 1, 10)) == []
    (gap,) = gaps(measure, [], [], oslo(6, 1, 10, 30))
    assert (gap.end, gap.overdue_minutes, gap.ongoing) == (oslo(6, 1, 10, 30), 30, True)
    (gap,) = gaps(measure, seen(oslo(6, 1, 10, 30)), [], oslo(6, 1, 10, 30))
    assert not gap.ongoing


def test_a_gap_begun_by_day_is_not_mended_by_night() -> None:
    measure = excluded(oslo(6, 1, 20, 30), oslo(6, 1, 23))
    assert told(gaps(measure, [], [], oslo(6, 3))) == [(oslo(6, 1, 20, 30), oslo(6, 1, 23), 90)]


def test_a_late_entry_closes_the_gap_at_the_time_it_happened() -> None:
    measure = in_cell(oslo(6, 1, 12), oslo(6, 1, 14))
    entry = Check(occurred_at=oslo(6, 1, 13), recorded_at=oslo(6, 1, 13, 40))
    assert gaps(measure, [entry], [], oslo(6, 3)) == []
    assert is_late(entry)


def test_checks_outside_the_measure_count_for_nothing() -> None:
    measure = in_cell(oslo(6, 1, 12), oslo(6, 1, 14))
    outside = seen(oslo(6, 1, 11, 59), oslo(6, 1, 14, 1))
    assert gaps(measure, outside, [], oslo(6, 3)) == gaps(measure, [], [], oslo(6, 3)) != []


@pytest.mark.parametrize(("minutes", "late"), [(0, False), (15, False), (16, True)])
def test_is_late(minutes: int, late: bool) -> None:
    at = oslo(6, 1, 12)
    assert is_late(Check(at, at + minutes * MINUTE)) is late


def test_a_check_is_not_recorded_before_it_happened() -> None:
    with pytest.raises(ValueError, match="before"):
        is_late(Check(oslo(6, 1, 12), oslo(6, 1, 11, 59)))


def test_observers_must_hand_over_without_a_gap() -> None:
    bed = Watched(Kind.SECURITY_BED, None, ADULT, oslo(6, 1, 12), oslo(6, 1, 18))
    whole = [Watch("Berg", oslo(6, 1, 12), oslo(6, 1, 15)), Watch("Lie", oslo(6, 1, 15), oslo(6, 1, 18))]
    assert gaps(bed, [], whole, oslo(6, 3)) == []
    overlapping = [whole[0], Watch("Lie", oslo(6, 1, 14, 50))]
    assert gaps(bed, [], overlapping, oslo(6, 3)) == []
    broken = [whole[0], Watch("Lie", oslo(6, 1, 15, 1))]
    assert told(gaps(bed, [], broken, oslo(6, 3))) == [(oslo(6, 1, 15), oslo(6, 1, 15, 1), 1)]
    unnamed = [whole[0], Watch(" ", oslo(6, 1, 15))]
    assert told(gaps(bed, [], unnamed, oslo(6, 3))) == [(oslo(6, 1, 15), oslo(6, 1, 18), 180)]


def test_checks_do_not_make_up_for_a_missing_observer() -> None:
    bed = Watched(Kind.SECURITY_BED, None, ADULT, oslo(6, 1, 12), oslo(6, 1, 13))
    found = gaps(bed, seen(*(oslo(6, 1, 12, minute) for minute in range(0, 60, 10))), [], oslo(6, 3))
    assert sum(gap.overdue_minutes for gap in found) == 60


def test_a_watch_counts_as_being_seen_where_it_is_not_required() -> None:
    measure = in_cell(oslo(6, 1, 12), oslo(6, 1, 16))
    assert gaps(measure, [], [Watch("Berg", oslo(6, 1, 12, 30), oslo(6, 1, 15, 0))], oslo(6, 3)) == []


def test_a_gap_over_the_18th_birthday_is_one_gap() -> None:
    measure = excluded(oslo(6, 1, 12), oslo(6, 2, 4), birth_date=date(2008, 6, 2))
    watch = Watch("Berg", oslo(6, 1, 12), oslo(6, 1, 23, 50))
    (gap,) = gaps(measure, seen(oslo(6, 2, 1)), [watch], oslo(6, 3))
    assert (gap.start, gap.end, gap.rule, gap.overdue_minutes) == (oslo(6, 1, 23, 50), oslo(6, 2, 1), "D21", 70)
    watched_to_midnight = Watch("Berg", oslo(6, 1, 12), oslo(6, 2))
    assert gaps(measure, seen(oslo(6, 2, 3)), [watched_to_midnight], oslo(6, 3)) == []


def test_notes_every_quarter_under_continuous_watch() -> None:
    bed = Watched(Kind.SECURITY_BED, None, ADULT, oslo(6, 1, 12), oslo(6, 1, 13))
    quarters = [oslo(6, 1, 12, minute) for minute in (15, 30, 45)]
    assert note_gaps(bed, quarters, oslo(6, 3)) == []
    assert told(note_gaps(bed, quarters[::2], oslo(6, 3))) == [(oslo(6, 1, 12, 15), oslo(6, 1, 12, 45), 15)]
    assert note_gaps(in_cell(oslo(6, 1, 12)), [], oslo(6, 3)) == []


def test_continuous_spans() -> None:
    measure = excluded(oslo(6, 1, 12), birth_date=date(2008, 6, 3))
    assert continuous_spans(measure, oslo(6, 2, 12)) == [(oslo(6, 1, 12), oslo(6, 2, 12))]
    assert continuous_spans(measure, oslo(6, 9)) == [(oslo(6, 1, 12), oslo(6, 3))]
