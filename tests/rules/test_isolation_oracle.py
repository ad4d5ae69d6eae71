"""The honest gaps against a slow oracle that looks minute by minute, over random histories with clock changes and birthdays."""

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clock import OSLO
from isolation.rules.checks import (
    Check,
    Watch,
    continuous_spans,
    gaps,
    next_check_due,
)
from isolation.rules.kinds import Kind
from isolation.rules.regimes import (
    Watched,
)
from tests.rules.test_isolation_checks import HOUR, MINUTE, oslo, seen, told

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


@settings(max_examples=1000, deadline=None)
@given(histories())
def test_gaps_are_what_the_slow_oracle_finds(drawn: tuple[Watched, list[Check], list[Watch], datetime]) -> None:
    measure, checks, watches, at = drawn
    assert told(gaps(measure, checks, watches, at)) == slow_gaps(measure, checks, watches, at)


@settings(max_examples=500, deadline=None)
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
