"""What makes an opening worth a look, when a week must be reviewed, and when a reason is asked. Pure: facts and limits in, signals out.

A signal says "look", never "wrong": the privacy officer asks, and writes down what came of it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from coordination import clock


class Signal(StrEnum):
    """Why a line is on the review page, the gravest first."""

    EMERGENCY = "emergency"
    COLLEAGUE = "colleague"
    SAME_SURNAME = "same_surname"
    NO_RELATION = "no_relation"
    NIGHT = "night"
    MANY = "many"
    REFUSED = "refused"
    REASON = "reason"


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The numbers that hold (`parameter_definitions` knows what they are). `night_from` and `night_to` are hours in Oslo; the others counts."""

    opened_in_an_hour: int
    refused_in_a_day: int
    night_from: int
    night_to: int


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What one member opened of one person in one day, as the log tells it. `reasons` are codes given before the opening."""

    same_surname: bool = False
    colleague: bool = False
    related: bool = True
    nights: int = 0
    reasons: tuple[str, ...] = ()


def signals(facts: Facts, emergencies: frozenset[str]) -> tuple[Signal, ...]:
    """Return why a line is shown, the gravest first; empty when there is nothing to ask about.

    A colleague has the same surname as well: the graver one is enough. A reason given explains that there was no relation, so the
    reason is shown instead; it explains nothing else.
    """
    emergency = any(code in emergencies for code in facts.reasons)
    reason = any(code not in emergencies for code in facts.reasons)
    found = {
        Signal.EMERGENCY: emergency,
        Signal.COLLEAGUE: facts.colleague,
        Signal.SAME_SURNAME: facts.same_surname and not facts.colleague,
        Signal.NO_RELATION: not facts.related and not facts.reasons,
        Signal.NIGHT: facts.nights > 0,
        Signal.REASON: reason,
    }
    return tuple(signal for signal in Signal if found.get(signal))


def crowd(kind: str, number: int, limits: Limits) -> Signal | None:
    """Return the signal of a count: people opened in an hour (`opened`), or shut doors in a day (`refused`)."""
    if kind == "opened":
        return Signal.MANY if number >= limits.opened_in_an_hour else None
    return Signal.REFUSED if number >= limits.refused_in_a_day else None


# The week


#: A week is reviewed by the end of the Friday after it.
REVIEWED_WITHIN = timedelta(days=11)


def monday_of(day: date) -> date:
    """Return the Monday of the week a date lies in."""
    return day - timedelta(days=day.weekday())


def weeks_over(at: datetime, most: int) -> list[date]:
    """Return the Mondays of the latest weeks that are over in Oslo, newest first."""
    this = monday_of(clock.local_date(at))
    return [this - timedelta(weeks=n) for n in range(1, most + 1)]


def week_bounds(monday: date) -> tuple[datetime, datetime]:
    """Return the instants at which a week begins and ends in Oslo."""
    return clock.local_day_bounds(monday)[0], clock.local_day_bounds(monday + timedelta(days=6))[1]


def review_due_at(monday: date) -> datetime:
    """Return the instant before which a week must be reviewed: four in the afternoon on the Friday after it."""
    return clock.at_local(monday + REVIEWED_WITHIN, 16)


# Reasons


#: How long a reason holds for the one who gave it.
REASON_HOLDS = timedelta(hours=12)
#: Emergency access ends by itself after this; the database says the same.
EMERGENCY_LASTS = timedelta(hours=4)
#: Somebody else reviews an emergency within this.
EMERGENCY_REVIEWED = timedelta(hours=72)
#: For this long after somebody left, what is left to do about them needs no reason.
AFTERMATH = timedelta(days=14)
#: The fewest characters that say something.
FEWEST = 15


@dataclass(frozen=True, kw_only=True)
class Relation:
    """What ties an agency to somebody now."""

    here: bool = False
    left_at: datetime | None = None
    has_task: bool = False


def reason_needed(relation: Relation, at: datetime) -> bool:
    """Return whether a reason is asked: nobody is here, nothing is to be done, and they left more than a fortnight ago."""
    if relation.here or relation.has_task:
        return False
    return relation.left_at is None or at - relation.left_at > AFTERMATH


def says_enough(text: str) -> bool:
    """Return whether a written reason says something: long enough, and more than one word repeated."""
    words = text.split()
    return len(" ".join(words)) >= FEWEST and len({word.lower() for word in words}) > 1
