"""Checks in isolation: the next one, the honest gaps, and whom to tell. Gaps are compared with a slow oracle, minute by minute."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clock import OSLO
from isolation.rules.checks import (
    Check,
    Gap,
    Level,
    Watch,
    continuous_spans,
    escalation_level,
    escalation_lines,
    gaps,
    is_late,
    next_check_due,
    note_gaps,
)
from isolation.rules.kinds import Extent, Kind
from isolation.rules.regimes import (
    DEFAULTS,
    NARROWEST_DAY,
    CheckParameters,
    Loosened,
    Mode,
    NoCheckDuty,
    Watched,
    regime,
    tightened,
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


# The regime


@pytest.mark.parametrize(
    ("kind", "birth_date", "rule", "mode"),
    [
        (Kind.EXCLUSION, ADULT, "D20", Mode.ROLLING),
        (Kind.COURT_ISOLATION, ADULT, "D20", Mode.ROLLING),
        (Kind.EXCLUSION, MINOR, "D21", Mode.CONTINUOUS),
        (Kind.SECURITY_CELL, ADULT, "D25", Mode.ROLLING),
        (Kind.SECURITY_CELL, MINOR, "D21", Mode.CONTINUOUS),
        (Kind.SECURITY_BED, ADULT, "D26", Mode.CONTINUOUS),
        (Kind.SECURITY_BED, MINOR, "D26", Mode.CONTINUOUS),
    ],
)
def test_regime(kind: Kind, birth_date: date, rule: str, mode: Mode) -> None:
    now = regime(kind, None, birth_date, oslo(6, 1, 12))
    assert (now.rule, now.mode, now.note_interval) == (rule, mode, 15 * MINUTE)
    assert (now.day_interval is None) is (mode is Mode.CONTINUOUS)


@pytest.mark.parametrize("extent", [Extent.PARTIAL, Extent.FULL, None])
def test_the_extent_of_exclusion_makes_no_difference(extent: Extent | None) -> None:
    assert regime(Kind.EXCLUSION, extent, ADULT, oslo(6, 1)) == regime(Kind.EXCLUSION, None, ADULT, oslo(6, 1))


def test_a_cell_is_hourly_also_at_night_and_exclusion_is_not() -> None:
    cell, exclusion = (regime(kind, None, ADULT, oslo(6, 1)) for kind in (Kind.SECURITY_CELL, Kind.EXCLUSION))
    assert (cell.day_interval, cell.night_interval) == (HOUR, HOUR)
    assert (exclusion.day_interval, exclusion.night_interval) == (HOUR, 3 * HOUR)


def test_the_regime_of_a_minor_says_when_it_ends() -> None:
    born = date(2008, 6, 2)
    before = regime(Kind.EXCLUSION, None, born, oslo(6, 1, 23, 59))
    assert (before.mode, before.changes_at) == (Mode.CONTINUOUS, oslo(6, 2))
    assert regime(Kind.EXCLUSION, None, born, oslo(6, 2)).mode is Mode.ROLLING


def test_staff_may_choose_continuous_watch() -> None:
    for kind in (Kind.SECURITY_CELL, Kind.EXCLUSION):
        assert regime(kind, None, ADULT, oslo(6, 1), continuous_chosen=True).mode is Mode.CONTINUOUS


@pytest.mark.parametrize("kind", [Kind.SELF_ISOLATION, Kind.DE_FACTO])
def test_what_is_no_measure_has_no_fixed_checks(kind: Kind) -> None:
    with pytest.raises(NoCheckDuty):
        regime(kind, None, ADULT, oslo(6, 1))


@pytest.mark.parametrize(
    "params",
    [
        DEFAULTS,
        CheckParameters(day_starts=time(6), day_ends=time(23, 59)),
        CheckParameters(night_interval=HOUR, day_interval=30 * MINUTE, cell_interval=20 * MINUTE),
        CheckParameters(note_interval=5 * MINUTE, late_entry_after=10 * MINUTE),
    ],
)
def test_a_unit_may_tighten(params: CheckParameters) -> None:
    assert tightened(params) is params


@pytest.mark.parametrize(
    ("params", "parameter"),
    [
        (CheckParameters(day_starts=time(7, 1)), "day_starts"),
        (CheckParameters(day_ends=time(21, 59)), "day_ends"),
        (CheckParameters(day_ends=time(0)), "day_ends"),
        (CheckParameters(day_interval=61 * MINUTE), "day_interval"),
        (CheckParameters(night_interval=181 * MINUTE), "night_interval"),
        (CheckParameters(cell_interval=61 * MINUTE), "cell_interval"),
        (CheckParameters(note_interval=16 * MINUTE), "note_interval"),
        (CheckParameters(late_entry_after=HOUR), "late_entry_after"),
        (CheckParameters(day_interval=timedelta()), "day_interval"),
    ],
)
def test_a_unit_may_not_loosen(params: CheckParameters, parameter: str) -> None:
    with pytest.raises(Loosened) as raised:
        tightened(params)
    assert raised.value.parameter == parameter


def test_daytime_may_be_narrower_with_the_wardens_approval_but_not_without_end() -> None:
    assert tightened(NARROWEST_DAY, NARROWEST_DAY) is NARROWEST_DAY
    with pytest.raises(Loosened):
        tightened(NARROWEST_DAY)
    with pytest.raises(Loosened):
        tightened(CheckParameters(day_starts=time(8, 1), day_ends=time(20)), NARROWEST_DAY)


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


# Alerts


def test_lines_for_exclusion_in_daytime() -> None:
    last = oslo(6, 1, 12)
    lines = [(line.level, (line.at - last) // MINUTE) for line in escalation_lines(excluded(oslo(1, 1)), last)]
    assert lines == [(Level.NOTICE, 60), (Level.DUTY_LEADER, 75), (Level.DEVIATION, 120)]


def test_lines_for_a_cell() -> None:
    last = oslo(6, 1, 2)
    lines = [(line.level, (line.at - last) // MINUTE) for line in escalation_lines(in_cell(oslo(1, 1)), last)]
    assert lines == [(Level.DUTY_LEADER, 60), (Level.DEVIATION, 75)]


def test_any_gap_in_continuous_watch_goes_to_the_duty_leader_at_once() -> None:
    for measure in (
        excluded(oslo(6, 1), birth_date=MINOR),
        Watched(Kind.SECURITY_BED, None, ADULT, oslo(6, 1)),
        Watched(Kind.EXCLUSION, None, ADULT, oslo(6, 1), continuous=((oslo(6, 1), oslo(6, 2)),)),
    ):
        assert escalation_level(measure, oslo(6, 1, 12), oslo(6, 1, 12)) is None
        assert escalation_level(measure, oslo(6, 1, 12), oslo(6, 1, 12) + timedelta(seconds=1)) is Level.DUTY_LEADER


@pytest.mark.parametrize(
    ("minutes", "level"),
    [
        (60, None),
        (61, Level.NOTICE),
        (75, Level.NOTICE),
        (76, Level.DUTY_LEADER),
        (120, Level.DUTY_LEADER),
        (121, Level.DEVIATION),
    ],
)
def test_levels_are_reached_strictly_after(minutes: int, level: Level | None) -> None:
    last = oslo(6, 1, 12)
    assert escalation_level(excluded(oslo(1, 1)), last, last + minutes * MINUTE) is level


# The oracle


def allowed_then(measure: Watched, at: datetime) -> timedelta:
    """How long one may be unseen at this instant, read straight off the wall clock."""
    local = at.astimezone(OSLO)
    born = measure.birth_date
    birthday = date(born.year + 18, 3, 1) if (born.month, born.day) == (2, 29) else born.replace(year=born.year + 18)
    chosen = any(start <= at < end for start, end in measure.continuous)
    if measure.kind is Kind.SECURITY_BED or local.date() < birthday or chosen:
        return timedelta()
    if measure.kind is Kind.SECURITY_CELL:
        return HOUR
    return HOUR if 7 <= local.hour < 22 else 3 * HOUR


def slow_gaps(
    measure: Watched, checks: list[Check], watches: list[Watch], at: datetime
) -> list[tuple[datetime, datetime, int]]:
    """Walks every minute, asking in the middle of it whether the person has been alone too long by then."""
    stop = min(at, measure.ended_at or at)
    check_at = {check.occurred_at for check in checks}
    found: list[tuple[datetime, datetime, int]] = []
    last_seen, overdue = measure.effective_at, 0
    minute = measure.effective_at
    while minute <= stop:
        watched = minute < stop and any(
            watch.started_at <= minute < (watch.ended_at or stop) and watch.observer for watch in watches
        )
        if minute in check_at or watched or minute == stop:
            if overdue:
                found.append((last_seen, minute, overdue))
            last_seen, overdue = minute, 0
        if watched:
            last_seen = minute + MINUTE
        elif minute < stop:
            middle = minute + MINUTE / 2
            overdue += bool(overdue) or middle - last_seen > allowed_then(measure, middle)
        minute += MINUTE
    return found


STARTS = [
    oslo(3, 28, 15),
    oslo(10, 24, 15),
    oslo(3, 27, 20, year=2027),
    oslo(10, 30, 20, year=2027),
    oslo(2, 28, 8, year=2028),
    oslo(6, 1, 5),
]


@st.composite
def histories(draw: st.DrawFn) -> tuple[Watched, list[Check], list[Watch], datetime]:
    start = draw(st.sampled_from(STARTS)) + draw(st.integers(0, 700)) * MINUTE
    length = draw(st.integers(0, 2200))
    at = start + length * MINUTE
    minutes = st.integers(-30, length + 30).map(lambda n: start + n * MINUTE)
    birthday = start.astimezone(OSLO).date() + timedelta(days=draw(st.sampled_from([-4000, 0, 1, 2, 300])))
    birth_date = (
        date(birthday.year - 18, 2, 28)
        if (birthday.month, birthday.day) == (2, 29)
        else birthday.replace(year=birthday.year - 18)
    )
    measure = Watched(
        draw(st.sampled_from([Kind.EXCLUSION, Kind.SECURITY_CELL, Kind.SECURITY_BED])),
        None,
        birth_date,
        start,
        draw(st.none() | minutes.filter(lambda end: end >= start)),
        tuple(sorted(pair) for pair in draw(st.lists(st.tuples(minutes, minutes), max_size=2))),
    )
    checks = seen(*draw(st.lists(minutes, max_size=30)))
    # Most histories are nearly kept: a round every so often, so that single late checks are common.
    every = draw(st.sampled_from([0, 45, 59, 60, 61, 170]))
    if every:
        checks += seen(*(start + n * every * MINUTE for n in range(length // every)))
    watches = [
        Watch(draw(st.sampled_from(["Berg", "Lie", ""])), first, draw(st.sampled_from([last, None])))
        for first, last in (sorted(pair) for pair in draw(st.lists(st.tuples(minutes, minutes), max_size=3)))
    ]
    return measure, checks, watches, at


@settings(max_examples=300, deadline=None)
@given(histories())
def test_gaps_are_what_the_slow_oracle_finds(drawn: tuple[Watched, list[Check], list[Watch], datetime]) -> None:
    measure, checks, watches, at = drawn
    assert told(gaps(measure, checks, watches, at)) == slow_gaps(measure, checks, watches, at)


@settings(max_examples=200, deadline=None)
@given(histories())
def test_whoever_is_seen_when_due_has_no_gap(drawn: tuple[Watched, list[Check], list[Watch], datetime]) -> None:
    measure, _, _, at = drawn
    stop = measure.until(at)
    watches = [Watch("Berg", start, end) for start, end in continuous_spans(measure, at)]
    moments: list[datetime] = []
    last = measure.effective_at
    while last < stop:
        covering = [watch.ended_at for watch in watches if watch.started_at <= last < (watch.ended_at or stop)]
        last = covering[0] if covering and covering[0] else next_check_due(measure, last)
        moments.append(last)
    assert gaps(measure, seen(*moments), watches, at) == []
