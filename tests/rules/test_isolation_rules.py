"""Grounds, duties, contact, plan, health visits, notices and the warden's days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.clock import OSLO, end_of_local_day
from isolation.rules.contact import (
    Comparison,
    ContactStatus,
    Requirement,
    contact_minutes_by_day,
    contact_status,
)
from isolation.rules.duties import duties
from isolation.rules.health import supervision_required
from isolation.rules.kinds import ExclusionGround, Extent, Kind, allowed_for, exclusion_grounds
from isolation.rules.notices import (
    doctor_notice_clock,
    doctor_notice_needs_reason,
    harm_report_clock,
    health_request_clock,
)
from isolation.rules.plan import PlanFault, next_plan_due, plan_due, plan_problems
from isolation.rules.reviews import review_days, review_due_at

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def oslo(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=OSLO).astimezone(UTC)


# Kinds and grounds


def test_grounds_for_minors_are_those_of_the_second_and_tenth_paragraphs() -> None:
    # The exclusion at admission is of the 2026 act alone.
    assert exclusion_grounds(minor=False) == tuple(g for g in ExclusionGround if g is not ExclusionGround.INTAKE)
    assert exclusion_grounds(minor=True) == (
        ExclusionGround.HARM_OR_VIOLENCE,
        ExclusionGround.MATERIAL_DAMAGE,
        ExclusionGround.CRIMINAL_ACTS,
        ExclusionGround.ORDER_AND_SECURITY,
        ExclusionGround.ACUTE_BUILDING_OR_STAFF,
        ExclusionGround.OWN_WISH,
    )


def test_kinds_barred_for_minors() -> None:
    barred = {kind for kind in Kind if not allowed_for(kind, minor=True)}
    assert barred == {Kind.IMMEDIATE_EXCLUSION, Kind.COURT_ISOLATION}
    assert all(allowed_for(kind, minor=False) for kind in Kind)


# Duties


def held(kind: Kind, *, minor: bool = False, out: float | None = None, force: bool = False) -> frozenset[str]:
    return duties(kind, Extent.FULL, minor=minor, hours_out_of_cell_per_day=out, force_used=force)


@pytest.mark.parametrize(
    ("kind", "minor", "expected"),
    [
        (Kind.EXCLUSION, False, "D17 D19 D20 D22 D23 D27 D29 D30 D31 D31b"),
        (Kind.EXCLUSION, True, "D17 D19 D21 D22 D23 D27 D29 D30 D31 D31b"),
        (Kind.COURT_ISOLATION, False, "D17 D19 D20 D22 D23 D27 D29 D30 D31 D31b"),
        (Kind.IMMEDIATE_EXCLUSION, False, "D17 D19 D20 D27 D29 D30 D31 D31b"),
        (Kind.SECURITY_CELL, False, "D19 D24 D25 D27 D28 D29 D30 D31 D31b"),
        (Kind.SECURITY_CELL, True, "D19 D21 D24 D27 D28 D29 D30 D31 D31b"),
        (Kind.SECURITY_BED, False, "D19 D24 D26 D27 D28 D29 D30 D31 D31b"),
        (Kind.SECURITY_BED, True, "D19 D21 D24 D26 D27 D28 D29 D30 D31 D31b"),
        (Kind.SELF_ISOLATION, False, "D27b D31 D31b D32"),
        (Kind.DE_FACTO, False, "D31 D31b D32"),
    ],
)
def test_duties_by_kind(kind: Kind, minor: bool, expected: str) -> None:
    assert held(kind, minor=minor) == set(expected.split())


def test_force_adds_the_request_for_a_visit_to_measures_only() -> None:
    for kind in Kind:
        added = held(kind, force=True) - held(kind)
        assert added == (set() if kind in (Kind.SELF_ISOLATION, Kind.DE_FACTO) else {"D18"})


@pytest.mark.parametrize("kind", [Kind.EXCLUSION, Kind.SELF_ISOLATION, Kind.DE_FACTO])
def test_the_time_out_of_the_cell_decides_between_daily_visits_and_a_doctors_plan(kind: Kind) -> None:
    assert {"D29", "D30"} <= held(kind, out=2)
    assert "D32" not in held(kind, out=2)
    assert "D32" in held(kind, out=2.01)
    assert held(kind, out=2.01).isdisjoint({"D29", "D30"})


@pytest.mark.parametrize(
    ("kind", "extent", "out", "required"),
    [
        (Kind.SECURITY_CELL, None, 10, True),
        (Kind.SECURITY_BED, None, None, True),
        (Kind.EXCLUSION, Extent.FULL, None, True),
        (Kind.EXCLUSION, Extent.PARTIAL, None, False),
        (Kind.EXCLUSION, Extent.FULL, 3, False),
        (Kind.EXCLUSION, Extent.PARTIAL, 1.5, True),
        (Kind.COURT_ISOLATION, None, None, True),
        (Kind.DE_FACTO, None, None, False),
        (Kind.DE_FACTO, None, 0, True),
    ],
)
def test_supervision_required(kind: Kind, extent: Extent | None, out: float | None, required: bool) -> None:
    assert supervision_required(kind, extent, out) is required


# Contact


def test_contact_is_counted_per_oslo_date() -> None:
    assert contact_minutes_by_day([(oslo(6, 1, 23, 30), oslo(6, 2, 0, 45))]) == {
        date(2026, 6, 1): 30,
        date(2026, 6, 2): 45,
    }
    doubled = (oslo(10, 25, 1, 30), oslo(10, 25, 1, 30) + 2 * HOUR)
    assert contact_minutes_by_day([doubled]) == {date(2026, 10, 25): 120}


BEGUN, AFTER = oslo(6, 1, 10), oslo(6, 9)


@pytest.mark.parametrize(
    ("day", "minutes", "ended", "status"),
    [
        (date(2026, 6, 2), 120, None, ContactStatus.MET),
        (date(2026, 6, 2), 119, None, ContactStatus.SHORT),
        (date(2026, 6, 1), 0, None, ContactStatus.EXEMPT_PARTIAL_DAY),
        (date(2026, 6, 1), 300, None, ContactStatus.EXEMPT_PARTIAL_DAY),
        (date(2026, 6, 3), 0, oslo(6, 3, 23, 59), ContactStatus.EXEMPT_PARTIAL_DAY),
        (date(2026, 6, 3), 0, oslo(6, 4), ContactStatus.SHORT),  # lasted the whole of the third
    ],
)
def test_contact_status(day: date, minutes: int, ended: datetime | None, status: ContactStatus) -> None:
    assert contact_status(day, minutes, BEGUN, ended, AFTER) is status


def test_a_day_that_is_not_over_is_not_short() -> None:
    day = date(2026, 6, 2)
    assert contact_status(day, 10, BEGUN, None, oslo(6, 2, 23, 59)) is ContactStatus.NOT_YET
    assert contact_status(day, 120, BEGUN, None, oslo(6, 2, 15)) is ContactStatus.MET
    assert contact_status(day, 10, BEGUN, None, oslo(6, 3)) is ContactStatus.SHORT


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)])
def test_the_requirement_is_the_same_when_the_clock_changes(day: date) -> None:
    begun = datetime(day.year, day.month, day.day, tzinfo=OSLO) - timedelta(days=3)
    later = begun + timedelta(days=9)
    assert contact_status(day, 120, begun, None, later) is ContactStatus.MET
    assert contact_status(day, 119, begun, None, later) is ContactStatus.SHORT


def test_more_than_two_hours_can_be_asked_but_not_less() -> None:
    more = Requirement(comparison=Comparison.MORE_THAN)
    assert contact_status(date(2026, 6, 2), 120, BEGUN, None, AFTER, more) is ContactStatus.SHORT
    assert contact_status(date(2026, 6, 2), 121, BEGUN, None, AFTER, more) is ContactStatus.MET
    assert Requirement(150).minutes == 150
    with pytest.raises(ValueError, match="loosened"):
        Requirement(119)


@pytest.mark.parametrize("day", [date(2026, 5, 31), date(2026, 6, 4)])
def test_a_date_the_measure_does_not_touch_is_refused(day: date) -> None:
    with pytest.raises(ValueError, match="touch"):
        contact_status(day, 0, BEGUN, oslo(6, 4), AFTER)


# Plan


@pytest.mark.parametrize("start", [oslo(3, 28, 12), oslo(10, 24, 12), oslo(3, 27, 12, year=2027), oslo(6, 1, 12)])
def test_a_forecast_over_72_hours_makes_the_plan_due_in_24_real_hours(start: datetime) -> None:
    assert plan_due(start, 72).due_at is None
    assert plan_due(start, None).due_at is None
    clock = plan_due(start, 72.5)
    assert (clock.due_at, clock.reask_at, clock.must_exist_at) == (start + 24 * HOUR, None, start + 72 * HOUR)
    asked = plan_due(start, 24)
    assert (asked.reask_at, asked.must_exist_at) == (start + 48 * HOUR, start + 72 * HOUR)


def test_72_hours_move_the_wall_clock_but_not_the_duty() -> None:
    spring = plan_due(oslo(3, 28, 12), 24).must_exist_at.astimezone(OSLO)
    autumn = plan_due(oslo(10, 24, 12), 24).must_exist_at.astimezone(OSLO)
    assert (spring.day, spring.hour, autumn.day, autumn.hour) == (31, 13, 27, 11)


def test_a_forecast_made_later_gives_24_hours_but_never_past_72() -> None:
    start = oslo(6, 1, 12)
    assert plan_due(start, 100, start + 30 * HOUR).due_at == start + 54 * HOUR
    assert plan_due(start, 100, start + 60 * HOUR).due_at == start + 72 * HOUR
    assert next_plan_due(date(2026, 6, 7)) == end_of_local_day(date(2026, 6, 7))


WEEK = {date(2026, 6, 1) + timedelta(days=n): 120 for n in range(7)}


def test_a_plan_must_hold_two_hours_on_every_day() -> None:
    assert plan_problems(WEEK, date(2026, 6, 1)) == []
    poor = WEEK | {date(2026, 6, 3): 119, date(2026, 6, 1): 900}
    (problem,) = plan_problems(poor, date(2026, 6, 1))
    assert (problem.day, problem.fault, problem.minutes) == (date(2026, 6, 3), PlanFault.SHORT_DAY, 119)


def test_a_plan_must_hold_its_own_days_and_no_others() -> None:
    shifted = plan_problems(WEEK, date(2026, 6, 2))
    assert [(problem.day.day, problem.fault) for problem in shifted] == [
        (1, PlanFault.OUTSIDE),
        (8, PlanFault.MISSING_DAY),
    ]
    assert plan_problems({date(2026, 6, 1): 120}, date(2026, 6, 1), days=1) == []
    for days in (0, 8):
        with pytest.raises(ValueError, match="seven"):
            plan_problems(WEEK, date(2026, 6, 1), days=days)


# Notices


def test_the_doctors_notice_and_its_reason() -> None:
    start = oslo(3, 29, 1)
    clock = doctor_notice_clock(start)
    assert (clock.target_at, clock.overdue_at) == (start + HOUR, start + 4 * HOUR)
    assert not doctor_notice_needs_reason(start, start + 4 * HOUR)
    assert doctor_notice_needs_reason(start, start + 4 * HOUR + timedelta(seconds=1))


def test_the_other_notices() -> None:
    at = oslo(6, 1)
    for clock in (health_request_clock(at), harm_report_clock(at)):
        assert (clock.target_at, clock.overdue_at) == (at + 30 * MINUTE, at + 2 * HOUR)


# The warden


def june(*days: int) -> tuple[date, ...]:
    return tuple(date(2026, 6, day) for day in days)


@pytest.mark.parametrize(
    ("effective", "ended", "at", "days"),
    [
        (oslo(6, 1, 17, 59), None, oslo(6, 3, 8), june(1, 2, 3)),
        (oslo(6, 1, 18), None, oslo(6, 3, 8), june(2, 3)),
        (oslo(6, 1, 18), None, oslo(6, 1, 23), ()),
        (oslo(6, 1, 10), oslo(6, 3, 0, 10), oslo(6, 9), june(1, 2, 3)),
        (oslo(6, 1, 10), oslo(6, 3), oslo(6, 9), june(1, 2)),  # ended at midnight sharp
        (oslo(6, 1, 10), oslo(6, 1, 11), oslo(6, 9), june(1)),
        (oslo(6, 1, 19), oslo(6, 1, 20), oslo(6, 9), ()),
        (oslo(6, 1, 10), oslo(6, 5), oslo(6, 2, 12), june(1, 2)),  # end known, still ahead
        (oslo(6, 1, 10), None, oslo(5, 31), ()),
        (oslo(6, 1, 0), oslo(6, 1, 0), oslo(6, 9), june(1)),
    ],
)
def test_review_days(effective: datetime, ended: datetime | None, at: datetime, days: tuple[date, ...]) -> None:
    assert review_days(effective, ended, at) == days


def test_review_days_over_the_clock_change() -> None:
    assert review_days(oslo(10, 24, 12), oslo(10, 26, 12), oslo(11, 1)) == tuple(
        date(2026, 10, day) for day in (24, 25, 26)
    )
    assert review_due_at(date(2026, 3, 29)) == end_of_local_day(date(2026, 3, 29))
