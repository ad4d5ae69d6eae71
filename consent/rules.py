"""When a consent holds. Pure: values and a date in, a word out; touches neither Django, the database nor the clock.

The postman asks the same of the database at the very statement that sends; this is what a page shows.
"""

from datetime import date, datetime
from enum import StrEnum


class Standing(StrEnum):
    """How a consent stands on a day."""

    IN_FORCE = "in_force"
    COMING = "coming"  # signed, but its period has not begun
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


def standing(valid_from: date, valid_to: date, withdrawn_at: datetime | None, on: date) -> Standing:
    """Return how a consent stands on an Oslo date; both ends of the period count. Withdrawn is for good, whatever the period says."""
    if withdrawn_at is not None:
        return Standing.WITHDRAWN
    if on < valid_from:
        return Standing.COMING
    return Standing.IN_FORCE if on <= valid_to else Standing.EXPIRED
