"""Meaningful human contact: minutes per Oslo date against the two hours a weekly plan must secure.

Must not plan; see `plan`. Rule D23 (obligation R7.1.2-m). The minutes are a number per local date, also when that has 23 or 25 hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from coordination.clock import Span, in_utc, local_day_bounds, minutes_per_local_day

REQUIRED_MINUTES: Final = 120
WARNING_MINUTES: Final = 60


class Comparison(StrEnum):
    AT_LEAST = "at_least"  # the circular: "at least two hours"
    MORE_THAN = "more_than"  # the act of 2026: "more than two hours"


@dataclass(frozen=True)
class Requirement:
    """Minutes a day. Raises `ValueError` below the circular's 120: a unit may ask more of itself, never less."""

    minutes: int = REQUIRED_MINUTES
    comparison: Comparison = Comparison.AT_LEAST

    def __post_init__(self) -> None:
        if self.minutes < REQUIRED_MINUTES:
            raise ValueError("the requirement may be tightened, never loosened")

    def met_by(self, minutes: int) -> bool:
        return minutes > self.minutes or (minutes == self.minutes and self.comparison is Comparison.AT_LEAST)


CIRCULAR: Final = Requirement()
ACT_2026: Final = Requirement(comparison=Comparison.MORE_THAN)
"""What must be offered on every date to whoever is outside the ordinary association (strgjfl § 17 of the 2026 act, rule N10)."""


class ContactStatus(StrEnum):
    MET = "met"
    SHORT = "short"
    NOT_YET = "not_yet"  # the date is not over
    EXEMPT_PARTIAL_DAY = "exempt_partial_day"  # first or last date of the measure: shown, not counted


def contact_minutes_by_day(sessions: Iterable[Span]) -> dict[date, int]:
    """Whole minutes of contact on each Oslo date. Sessions at the same time are one contact for the inmate, counted once."""
    return minutes_per_local_day(sessions)


def contact_status(
    day: date,
    minutes: int,
    effective_at: datetime,
    ended_at: datetime | None,
    at: datetime,
    required: Requirement = CIRCULAR,
) -> ContactStatus:
    """How `day` stands with `minutes` of contact, seen from `at`.

    A date the measure only covers in part is exempt whatever the minutes, so that shares in reports have one denominator.
    Raises `ValueError` for a date the measure does not touch.
    """
    start, end = local_day_bounds(day)
    begun, over = in_utc(effective_at), None if ended_at is None else in_utc(ended_at)
    if end <= begun or (over is not None and over <= start):
        raise ValueError("the measure does not touch this date")
    if begun > start or (over is not None and over < end):
        return ContactStatus.EXEMPT_PARTIAL_DAY
    if required.met_by(minutes):
        return ContactStatus.MET
    return ContactStatus.SHORT if in_utc(at) >= end else ContactStatus.NOT_YET
