"""Contact, visits and limits against slow oracles that walk the clock, over random histories: clock changes, month ends, leap days, chains.

With the gaps of `test_isolation_oracle` there are ten thousand histories in a run. What once went wrong stands as a fixed example.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st

from coordination.clock import OSLO
from follow_up.rules import next_visit
from isolation.rules.chains import Stretch
from isolation.rules.contact import contact_minutes_by_day
from isolation.rules.kinds import Extent, Kind
from isolation.rules.law import limits_for
from isolation.rules.limits import Act, Case, Counts, Limit, due, holds
from tests.rules import test_isolation_oracle as oracle
from tests.rules.test_isolation_checks import HOUR, MINUTE, oslo
from tests.rules.test_isolation_oracle import STARTS

SLOW = settings(deadline=None)
#: Beside the starts of the oracle of checks: a month's end, a year's end, and the days before both nights.
MOMENTS = [
    *STARTS,
    oslo(1, 31, 22),
    oslo(12, 31, 20),
    oslo(3, 28, 23, 30),
    oslo(10, 24, 23, 30),
    oslo(2, 29, 12, year=2028),
]


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    """A minute within two days of a date on which something is odd."""
    return draw(st.sampled_from(MOMENTS)) + draw(st.integers(0, 2880)) * MINUTE


# Contact: minutes by Oslo date, overlaps once


def walked_minutes(sessions: Sequence[tuple[datetime, datetime]]) -> dict[date, int]:
    """Every minute of every session, once, on the date the wall clock showed."""
    minutes = set()
    for start, end in sessions:
        at = start
        while at < end:
            minutes.add(at)
            at += MINUTE
    return dict(Counter(at.astimezone(OSLO).date() for at in minutes))


@settings(parent=SLOW, max_examples=4700)
@given(moments(), st.lists(st.tuples(st.integers(0, 300), st.integers(1, 60)), max_size=3))
@example(oslo(10, 25, 2, 30, fold=0), [(0, 60), (30, 60)])
@example(oslo(3, 29, 1, 30), [(0, 90)])
@example(oslo(3, 29, 23, 30), [(0, 60), (29, 2)])
def test_contact_is_what_a_walk_through_the_minutes_counts(start, drawn) -> None:
    sessions = [(start + after * MINUTE, start + (after + length) * MINUTE) for after, length in drawn]
    assert contact_minutes_by_day(sessions) == walked_minutes(sessions)


# Visits: at most 24 hours apart, and no Oslo date without one


def walked_visit_due(last: datetime) -> datetime:
    """The first quarter of an hour at which 24 hours have gone, or at which a whole date has gone by without a visit."""
    seen_on, at = last.astimezone(OSLO).date(), last
    while True:
        at += 15 * MINUTE
        day_lost = at.astimezone(OSLO).date() > seen_on + timedelta(days=1)
        if at - last >= 24 * HOUR or day_lost:
            return at


@settings(parent=SLOW, max_examples=3000)
@given(moments(), st.lists(st.integers(1, 200), max_size=2))
@example(oslo(3, 27, 23, 30, year=2027), [])
@example(oslo(10, 24, 23, 45), [100])
def test_the_next_visit_is_where_a_walk_by_quarters_finds_it(start, quarters) -> None:
    """Visits one after another, some in time and some not: each sets the next by itself alone."""
    at = start.replace(minute=start.minute - start.minute % 15)
    for quarter in (0, *quarters):
        at += quarter * 15 * MINUTE
        found = next_visit(at).overdue_at
        walked = walked_visit_due(at)
        # The end of a date is its last microsecond.
        assert walked - MINUTE < found <= walked


# Limits: time that counts, through chains with breaks

GROUNDS = ["harm_or_violence", "collective", "acute_building_or_staff", "building_or_staff", "own_wish", "intake"]
FAR = 24 * 70


@st.composite
def chains(draw: st.DrawFn) -> tuple[Case, date | None]:
    """Measures that followed each other, the last one running; kinds, extents and breaks as they come."""
    start = draw(moments()).replace(minute=0, tzinfo=UTC)
    stretches = []
    for _number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from([Kind.EXCLUSION, Kind.SECURITY_CELL, Kind.SECURITY_BED]))
        extent = draw(st.sampled_from(list(Extent))) if kind is Kind.EXCLUSION else None
        end = start + draw(st.integers(1, 24 * 20)) * HOUR
        stretches.append(Stretch(kind, extent, start, end, own=False))
        start = end + draw(st.integers(0, 23)) * HOUR
    kind = draw(st.sampled_from([Kind.EXCLUSION, Kind.EXCLUSION, Kind.SECURITY_CELL, Kind.SECURITY_BED]))
    extent = draw(st.sampled_from(list(Extent))) if kind is Kind.EXCLUSION else None
    eased = draw(st.none() | st.integers(1, 200)) if extent is Extent.PARTIAL else None
    if eased is not None:
        stretches.append(Stretch(kind, Extent.FULL, start, start + eased * HOUR))
        stretches.append(Stretch(kind, Extent.PARTIAL, start + eased * HOUR))
    else:
        stretches.append(Stretch(kind, extent, start))
    minor = draw(st.booleans())
    case = Case(
        kind=kind,
        extent=extent,
        grounds=frozenset({draw(st.sampled_from(GROUNDS))}) if kind is Kind.EXCLUSION else frozenset(),
        birth_date=start.date() - timedelta(days=16 * 365 if minor else 40 * 365),
        effective_at=start,
        renewed_at=start,
        stretches=tuple(stretches),
        done={limit.code: draw(st.integers(0, 2)) for limit in limits_for(start, None) if limit.then_every},
    )
    return case, draw(st.sampled_from([None, date(2025, 6, 1)]))


def walked_due(limit: Limit, case: Case) -> datetime | None:
    """Hour by hour from the first measure: the instant at which the hours that count come to the limit; None beyond the walk."""
    taken = case.done.get(limit.code, 0)
    wanted = (limit.after + (limit.then_every or timedelta()) * taken) // HOUR
    counted = [
        s
        for s in case.stretches
        if limit.counts is Counts.CHAIN
        or (
            s.kind in limit.kinds
            and (limit.extents is None or s.extent in limit.extents)
            and (limit.counts is Counts.SAME or s.own)
        )
    ]
    began = min(s.start for s in counted if s.end is None)
    at, hours = case.stretches[0].start, 0
    for _hour in range(FAR):
        if hours == wanted:
            return max(at, began)
        hours += any(s.start <= at and (s.end is None or at < s.end) for s in counted)
        at += HOUR
    return None


@settings(parent=SLOW, max_examples=800)
@given(chains())
def test_limits_are_due_where_a_walk_through_the_hours_says(drawn) -> None:
    case, act_from = drawn
    for limit in limits_for(case.effective_at, act_from):
        waits = limit.after and limit.act in (Act.TELL, Act.REPORT, Act.DECIDE, Act.MAXIMUM)
        if not waits or limit.code == "B15M" or not holds(limit, case, case.effective_at):
            continue
        found, walked = due(limit, case).due_at, walked_due(limit, case)
        if walked is None:
            assert found is not None
            assert found > case.stretches[0].start + (FAR - 1) * HOUR
        else:
            assert found == walked, limit.code


def test_a_run_has_ten_thousand_histories() -> None:
    """Each history is one example that was drawn: the sum is what the suite promises, whatever is changed above."""
    drawn = [
        test_contact_is_what_a_walk_through_the_minutes_counts,
        test_the_next_visit_is_where_a_walk_by_quarters_finds_it,
        test_limits_are_due_where_a_walk_through_the_hours_says,
        oracle.test_gaps_are_what_the_slow_oracle_finds,
        oracle.test_whoever_is_seen_when_due_has_no_gap,
    ]
    assert sum(one._hypothesis_internal_use_settings.max_examples for one in drawn) >= 10_000
