"""How often those who lead meet, and when the next meeting must have been held (D36).

Must not touch Django, the database or the clock.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

from coordination.clock import plus_calendar_months


class Level(StrEnum):
    """Where a forum stands."""

    LOCAL = "local"
    REGIONAL = "regional"
    NATIONAL = "national"


LONGEST: Final = {Level.LOCAL: 3, Level.REGIONAL: 6, Level.NATIONAL: 6}
"""The most calendar months between two meetings: four a year locally, two a year above (D36; obligations R8.3-c, R8.2-a, R8.1-e)."""


def intervals(level: Level) -> tuple[int, ...]:
    """Return the intervals, in calendar months, that a forum may choose from: D36 or more often."""
    return tuple(months for months in (1, 2, 3, 6) if months <= LONGEST[level])


def next_meeting_on(last_on: date, months: int) -> date:
    """Return the last Oslo date for the next meeting, `months` after the last one or after the forum was set up (D36)."""
    return plus_calendar_months(last_on, months)
