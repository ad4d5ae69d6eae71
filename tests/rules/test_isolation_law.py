"""The rule sets: which limits hold for which measure under which law, and when each is due. Chains, states, court orders, copied reasons."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.reference.duties import deadline_rules
from isolation.rules.chains import Stretch, continues, reaches
from isolation.rules.court import OrderFault, Penalty, maximum, order_fault
from isolation.rules.kinds import (
    CoerciveGround,
    CourtGround,
    ExclusionGround,
    Extent,
    ImmediateGround,
    Kind,
    allowed_for,
    exclusion_grounds,
    grounds_for,
)
from isolation.rules.law import ALL_LIMITS, act_2026_holds, limits_for, rule_sets, sets_for
from isolation.rules.limits import AT_ONCE, Case, due, held
from isolation.rules.reassessment import copied
from isolation.rules.states import MOVES, Move, NoSuchMove, State, moved, state_of

START = datetime(2026, 11, 23, 11, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ADULT, MINOR = date(1990, 1, 1), date(2010, 1, 1)
ACT_FROM = date(2027, 1, 1)
LATER = datetime(2027, 2, 1, 11, tzinfo=UTC)


def case(kind: Kind = Kind.EXCLUSION, extent: Extent | None = Extent.FULL, **more) -> Case:
    """Return a running measure as the limits see it."""
    start = more.pop("start", START)
    facts = {
        "kind": kind,
        "extent": extent,
        "grounds": frozenset({"harm_or_violence"}),
        "birth_date": ADULT,
        "effective_at": start,
        "renewed_at": start,
        "stretches": (Stretch(kind, extent, start),),
    }
    return Case(**(facts | more))


def dues(subject: Case, act_from: date | None = None) -> dict[str, datetime | None]:
    """Return every limit that holds, by code."""
    at = subject.effective_at + HOUR
    return {d.limit.code: d.due_at for d in held(limits_for(subject.effective_at, act_from), subject, at)}


# B01 to B16: what holds for whom, and when


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (case(), {"B01": 14, "B02": 42, "B03": 365, "B16": 30}),
        (case(extent=Extent.PARTIAL), {"B02": 42, "B03": 365, "B06": 30, "B16": 30}),
        (case(grounds=frozenset({"collective"})), {"B01": 14, "B02": 42, "B08": 3, "B16": 30}),
        (case(grounds=frozenset({"own_wish"})), {"B01": 14, "B02": 42, "B16": 30}),
        (
            case(birth_date=MINOR),
            {"B02": 42, "B03": 365, "B04": 0, "B05A": 3, "B05B": 5, "B16": 30, "B18": 0},
        ),
        (
            case(birth_date=MINOR, extent=Extent.PARTIAL, grounds=frozenset({"own_wish"})),
            {"B02": 42, "B04": 0, "B07": 7, "B09": 2, "B16": 30, "B18": 0},
        ),
        (case(Kind.IMMEDIATE_EXCLUSION, grounds=frozenset({"breach_likely"})), {"B10": 1, "B16": 30}),
        (case(Kind.SECURITY_BED, None), {"B11A": 1, "B11B": 3}),
        (case(Kind.SECURITY_BED, None, birth_date=MINOR), {"B12A": 0, "B12B": 1}),
        (case(Kind.SECURITY_CELL, None), {"B13A": 3, "B13B": 6}),
        (case(Kind.SECURITY_CELL, None, birth_date=MINOR), {"B14A": 1, "B14B": 3}),
    ],
)
def test_the_limits_in_force_by_kind_extent_ground_and_age(subject, expected) -> None:
    assert dues(subject) == {code: START + (days * DAY if days else AT_ONCE) for code, days in expected.items()}


def test_every_row_of_the_register_is_data_and_the_cap_that_is_not_in_force_is_not() -> None:
    registered = {row.id: row for row in deadline_rules()}
    for limit in ALL_LIMITS.values():
        assert limit.register in registered
        assert registered[limit.register].in_force is limit.code.startswith("B")
    assert {limit.register for limit in ALL_LIMITS.values()} == {
        *(f"B{n:02}" for n in (*range(1, 17), 18)),
        *(f"N{n:02}" for n in range(1, 12)),
    }
    assert not [x for x in limits_for(START, None) if x.minor and x.act == "maximum" and x.after == 7 * DAY]


def test_reports_to_the_directorate_repeat_every_fourteen_days() -> None:
    subject = case()
    for taken, days in ((0, 42), (1, 56), (2, 70)):
        assert due(ALL_LIMITS["B02"], replace(subject, done={"B02": taken})).due_at == START + days * DAY
    assert due(ALL_LIMITS["B01"], replace(subject, done={"B01": 1})).due_at is None
    assert due(ALL_LIMITS["B04"], case(birth_date=MINOR, done={"B04": 1})).due_at is None


def test_limits_are_elapsed_time_on_both_nights_the_clock_changes() -> None:
    for start in (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2027, 3, 27, 12, tzinfo=UTC)):
        assert dues(case(Kind.SECURITY_BED, None, start=start))["B11A"] == start + 24 * HOUR


def test_time_of_the_same_kind_counts_together_through_a_chain_and_breaks_do_not() -> None:
    ten = START - 12 * DAY
    parts = (
        Stretch(Kind.EXCLUSION, Extent.FULL, ten, ten + 10 * DAY, own=False),
        Stretch(Kind.SECURITY_CELL, None, ten + 10 * DAY, ten + 11 * DAY, own=False),
        Stretch(Kind.EXCLUSION, Extent.FULL, START),
    )
    found = dues(case(stretches=parts))
    assert found["B01"] == START + 4 * DAY
    assert found["B02"] == START + 31 * DAY, "the cell counts in the total, the day off does not"
    parts = (
        Stretch(Kind.EXCLUSION, Extent.FULL, START - 20 * DAY, START, own=False),
        Stretch(Kind.EXCLUSION, Extent.FULL, START),
    )
    assert dues(case(stretches=parts))["B01"] == START, "reached already: due when the measure begins"


def test_easing_gives_the_partial_limits_their_own_count() -> None:
    eased = START + 10 * DAY
    parts = (Stretch(Kind.EXCLUSION, Extent.FULL, START, eased), Stretch(Kind.EXCLUSION, Extent.PARTIAL, eased))
    found = dues(case(extent=Extent.PARTIAL, stretches=parts))
    assert "B01" not in found
    assert found["B06"] == eased + 30 * DAY
    assert found["B02"] == START + 42 * DAY


def test_an_extension_by_the_region_adds_once_and_calls_for_a_report_when_somebody_is_under_18() -> None:
    subject = case(grounds=frozenset({"acute_building_or_staff"}))
    assert dues(subject)["B08"] == START + 3 * DAY
    assert dues(replace(subject, extended={"B08": START + 2 * DAY}))["B08"] == START + 6 * DAY
    young = replace(subject, birth_date=MINOR)
    assert "B09K" not in dues(young)
    found = dues(replace(young, extended={"B09": START + DAY}))
    assert (found["B09"], found["B09K"]) == (START + 4 * DAY, START + DAY + AT_ONCE)


def test_the_limits_of_a_minor_go_on_the_eighteenth_birthday() -> None:
    subject = case(birth_date=date(2008, 11, 25))
    rows = limits_for(START, None)
    before = {d.limit.code for d in held(rows, subject, datetime(2026, 11, 24, 22, 59, tzinfo=UTC))}
    after = {d.limit.code for d in held(rows, subject, datetime(2026, 11, 24, 23, 0, tzinfo=UTC))}
    assert {"B04", "B05A"} <= before
    assert "B01" in after
    assert not {"B04", "B05A", "B18"} & after


# The court


def test_the_courts_order_ends_when_it_says_and_the_row_of_orders_has_a_maximum() -> None:
    subject = case(
        Kind.COURT_ISOLATION,
        grounds=frozenset({"court_order"}),
        order_ends_at=START + 14 * DAY,
        order_maximum=timedelta(weeks=6),
    )
    found = dues(subject)
    assert (found["B15"], found["B15M"], found["B16"]) == (START + 14 * DAY, START + 42 * DAY, START + 30 * DAY)
    assert ALL_LIMITS["B15"].warn == 48 * HOUR
    assert dues(replace(subject, order_maximum=None))["B15M"] is None


@pytest.mark.parametrize(
    ("days", "penalty", "more", "fault"),
    [
        (14, Penalty.UP_TO_SIX, {}, None),
        (15, Penalty.UP_TO_SIX, {}, OrderFault.TOO_LONG),
        (28, Penalty.UP_TO_SIX, {"retest_pointless": True}, None),
        (29, Penalty.UP_TO_SIX, {"retest_pointless": True}, OrderFault.TOO_LONG),
        (0, Penalty.UP_TO_SIX, {}, OrderFault.BACKWARDS),
    ],
)
def test_an_order_is_two_weeks_or_four(days, penalty, more, fault) -> None:
    flags = {"retest_pointless": False, "weighty_reasons": False} | more
    assert order_fault(START, START, START + days * DAY, penalty, **flags) is fault


def test_orders_in_a_row_come_to_six_weeks_or_twelve_unless_the_reasons_are_weighty() -> None:
    flags = {"retest_pointless": False, "weighty_reasons": False}
    late = START + 35 * DAY
    assert order_fault(START, late, START + 42 * DAY, Penalty.UP_TO_SIX, **flags) is None
    assert order_fault(START, late, START + 43 * DAY, Penalty.UP_TO_SIX, **flags) is OrderFault.OVER_MAXIMUM
    assert order_fault(START, late, START + 43 * DAY, Penalty.OVER_SIX, **flags) is None
    flags["weighty_reasons"] = True
    assert order_fault(START, late, START + 43 * DAY, Penalty.UP_TO_SIX, **flags) is None
    assert maximum(Penalty.OVER_SIX, weighty_reasons=False) == timedelta(weeks=12)


def test_two_weeks_are_dates_whatever_the_clock_did() -> None:
    start = datetime(2026, 10, 19, 10, tzinfo=UTC)  # 12:00 in Oslo
    flags = {"retest_pointless": False, "weighty_reasons": False}
    assert order_fault(start, start, datetime(2026, 11, 2, 11, tzinfo=UTC), Penalty.UP_TO_SIX, **flags) is None


# The 2026 act


def test_the_act_holds_for_measures_that_start_from_its_date_and_for_no_other() -> None:
    assert not any(limit.code.startswith("N") for limit in limits_for(LATER, None))
    eve, first = datetime(2026, 12, 31, 22, 59, tzinfo=UTC), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    assert [s.code for s in sets_for(eve, ACT_FROM)] == ["circular", "statute", "other"]
    assert [s.code for s in sets_for(first, ACT_FROM)] == ["circular", "other", "act_2026"]
    assert not act_2026_holds(eve, ACT_FROM)
    assert act_2026_holds(first, ACT_FROM)
    by_code = {s.code: s for s in rule_sets(ACT_FROM)}
    assert (by_code["statute"].valid_to, by_code["act_2026"].valid_from) == (date(2026, 12, 31), ACT_FROM)
    assert {s.code: s.valid_from for s in rule_sets(None)}["act_2026"] is None


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (case(), {"N01A": 7, "N01B": 14, "N01C": 30, "N01D": 181, "N06": 7, "N10": None, "B16": 30}),
        (case(grounds=frozenset({"building_or_staff"})), {"N02A": 1, "N02B": 7, "N06": 7, "N10": None, "B16": 30}),
        (case(grounds=frozenset({"intake"})), {"N03": 7, "N06": 7, "N10": None, "B16": 30}),
        (case(birth_date=MINOR), {"N04A": 0, "N04B": 7, "N06": 7, "N10": None, "B16": 30, "B18": 0}),
        (case(Kind.SECURITY_CELL, None), {"N07A": 1, "N07B": 0, "N07C": 2, "N07D": 6, "N11": None}),
        (case(Kind.SECURITY_CELL, None, birth_date=MINOR), {"N07A": 1, "N07B": 0, "N09A": 1, "N09B": 3, "N11": None}),
        (case(Kind.SECURITY_BED, None), {"N08A": 0.5, "N08B": 0, "N08C": 0.5, "N08D": 3, "N11": None}),
    ],
)
def test_the_limits_of_the_2026_act(subject, expected) -> None:
    moved_on = replace(
        subject,
        effective_at=LATER,
        renewed_at=LATER,
        stretches=(Stretch(subject.kind, subject.extent, LATER),),
    )
    wanted = {
        code: None if days is None else LATER + (days * DAY if days else AT_ONCE) for code, days in expected.items()
    }
    assert dues(moved_on, ACT_FROM) == wanted


def test_a_new_decision_is_due_a_week_after_the_last() -> None:
    subject = case(renewed_at=START + 5 * DAY)
    assert due(ALL_LIMITS["N01A"], subject).due_at == START + 12 * DAY


def test_the_plan_of_the_act_is_met_by_a_plan() -> None:
    assert due(ALL_LIMITS["N06"], case(planned=True)).due_at is None


# Kinds and grounds


def test_what_the_law_allows_for_whom() -> None:
    for kind in (Kind.IMMEDIATE_EXCLUSION, Kind.COURT_ISOLATION):
        assert allowed_for(kind, minor=False)
        assert not allowed_for(kind, minor=True)
    assert not allowed_for(Kind.IMMEDIATE_EXCLUSION, minor=False, act_2026=True)
    assert allowed_for(Kind.SECURITY_BED, minor=True)
    assert not allowed_for(Kind.SECURITY_BED, minor=True, act_2026=True)


def test_each_kind_has_its_own_grounds() -> None:
    assert grounds_for(Kind.SECURITY_CELL, minor=True) == tuple(CoerciveGround)
    assert grounds_for(Kind.IMMEDIATE_EXCLUSION, minor=False) == tuple(ImmediateGround)
    assert grounds_for(Kind.COURT_ISOLATION, minor=False) == tuple(CourtGround)
    assert ExclusionGround.INTAKE not in exclusion_grounds(minor=False)
    assert ExclusionGround.INTAKE in exclusion_grounds(minor=False, act_2026=True)
    assert ExclusionGround.OWN_WISH not in exclusion_grounds(minor=False, act_2026=True)


# Chains


def test_a_break_of_a_day_begins_a_new_chain() -> None:
    assert continues(START, START + 24 * HOUR - timedelta(seconds=1))
    assert not continues(START, START + 24 * HOUR)
    # A day with 25 hours: 24 elapsed hours is the same wall-clock hour minus one.
    night = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert not continues(night, night + 24 * HOUR)


def test_counting_stretches() -> None:
    one, two = Stretch(Kind.EXCLUSION, None, START, START + HOUR), Stretch(Kind.EXCLUSION, None, START + 5 * HOUR)
    assert reaches((two, one), 2 * HOUR) == START + 6 * HOUR
    assert reaches((one,), 2 * HOUR) is None
    assert reaches((one,), HOUR) == START + HOUR


# States


def test_the_moves_of_the_state_machine() -> None:
    cell, exclusion = Kind.SECURITY_CELL, Kind.EXCLUSION
    assert moved(State.PROPOSED, Move.REQUEST_STATEMENT, cell) is State.AWAITING_STATEMENT
    assert moved(State.AWAITING_STATEMENT, Move.DECIDE, cell) is State.EFFECTIVE
    assert moved(State.EFFECTIVE, Move.EASE, exclusion) is State.PARTIAL
    assert moved(State.PARTIAL, Move.END, exclusion) is State.ENDED
    assert moved(State.ENDED, Move.CLOSE, exclusion) is State.CLOSED
    for state, move, kind in (
        (State.PROPOSED, Move.REQUEST_STATEMENT, exclusion),
        (State.EFFECTIVE, Move.EASE, cell),
        (State.EFFECTIVE, Move.CLOSE, exclusion),
        (State.PARTIAL, Move.EASE, exclusion),
        (State.ENDED, Move.KEEP, exclusion),
        (State.ENDED, Move.END, exclusion),
        (State.CLOSED, Move.CLOSE, exclusion),
        (State.WITHDRAWN, Move.DECIDE, cell),
    ):
        with pytest.raises(NoSuchMove):
            moved(state, move, kind)


def test_no_move_leads_back() -> None:
    order = list(State)
    for state, moves in MOVES.items():
        for target in moves.values():
            assert order.index(target) >= order.index(state)
    assert state_of(Extent.FULL, ended=False, closed=False) is State.EFFECTIVE
    assert state_of(Extent.PARTIAL, ended=False, closed=False) is State.PARTIAL
    assert state_of(None, ended=True, closed=False) is State.ENDED
    assert state_of(None, ended=True, closed=True) is State.CLOSED


# Copied reasons


@pytest.mark.obligation("R7.1.2-w")
@pytest.mark.parametrize(
    ("reason", "same"),
    [
        ("Fortsatt uro, truer ansatte.", True),
        ("  fortsatt uro – truer ansatte ", True),
        ("Fortsatt uro, truer ansatte!!", True),
        ("Fortsatt uro, truer ansatte nå.", True),
        ("Roligere i dag, har spist og snakket med presten. Truer ikke lenger.", False),
        ("", False),
    ],
)
def test_a_reason_that_is_the_last_one_again_is_seen(reason, same) -> None:
    assert copied(reason, "Fortsatt uro, truer ansatte.") is same
    assert not copied(reason, "")
