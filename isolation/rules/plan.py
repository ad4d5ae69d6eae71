"""The weekly plan of an exclusion: when it must be there, and what is wrong with one.

Must not count contact that took place; see `contact`. Rule D22 (obligations R7.1.2-l, -m). All hours are elapsed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from coordination.clock import after, end_of_local_day

from .contact import CIRCULAR, Requirement

THRESHOLD: Final = timedelta(hours=72)
"""Three *døgn*, which the circular itself puts as 72 hours: the wall clock may have moved meanwhile, the duty has not."""

DUE_AFTER_FORECAST: Final = timedelta(hours=24)
REASK_AFTER: Final = timedelta(hours=48)
DAYS: Final = 7


@dataclass(frozen=True)
class PlanClock:
    """Instants in UTC. `due_at` is None while no plan is required yet, `reask_at` is None when there is nothing to ask."""

    due_at: datetime | None
    reask_at: datetime | None
    must_exist_at: datetime


def plan_due(effective_at: datetime, expected_hours: float | None, forecast_at: datetime | None = None) -> PlanClock:
    """When the plan is due for an exclusion expected to last `expected_hours` from its start (None: nobody knows).

    Over 72: 24 hours after the forecast was made (at the start, when `forecast_at` is left out), never later than 72 hours
    after the start. Otherwise the question is put again at 48 hours. At 72 hours a plan must exist whatever was expected;
    that is also when the warden is told.
    """
    must_exist_at = after(effective_at, THRESHOLD)
    if expected_hours is None or timedelta(hours=expected_hours) <= THRESHOLD:
        return PlanClock(None, after(effective_at, REASK_AFTER), must_exist_at)
    due_at = min(after(forecast_at or effective_at, DUE_AFTER_FORECAST), must_exist_at)
    return PlanClock(due_at, None, must_exist_at)


def next_plan_due(last_day: date) -> datetime:
    """The next week's plan must exist when the present one runs out: the end, in Oslo, of its last date; in UTC."""
    return end_of_local_day(last_day)


class PlanFault(StrEnum):
    MISSING_DAY = "missing_day"
    SHORT_DAY = "short_day"
    OUTSIDE = "outside"  # a date the plan does not span


@dataclass(frozen=True)
class PlanProblem:
    day: date
    fault: PlanFault
    minutes: int


def plan_problems(
    plan_days: Mapping[date, int], first_day: date, days: int = DAYS, required: Requirement = CIRCULAR
) -> list[PlanProblem]:
    """Why a plan of contact minutes per date cannot be approved, by date; empty when it can.

    Every date must hold the two hours: a rich Monday does not pay for a poor Tuesday. Raises `ValueError` when the plan
    spans no day or more than a week.
    """
    if not 1 <= days <= DAYS:
        raise ValueError("a weekly plan spans one to seven days")
    span = [first_day + timedelta(days=n) for n in range(days)]
    found = [PlanProblem(day, PlanFault.OUTSIDE, plan_days[day]) for day in plan_days if day not in span]
    for day in span:
        minutes = plan_days.get(day)
        if minutes is None:
            found.append(PlanProblem(day, PlanFault.MISSING_DAY, 0))
        elif not required.met_by(minutes):
            found.append(PlanProblem(day, PlanFault.SHORT_DAY, minutes))
    return sorted(found, key=lambda problem: problem.day)
