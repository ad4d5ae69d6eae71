"""Admission rules: when the interview is due, what in the answers is a concern, and whom to tell at once.

Must not touch Django, the database or the clock. Sources: circular 5.1.1 (obligations R5.1.1-a to -g), rules D01, D02, D03, D05.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from coordination.clock import OSLO, after, end_of_local_day, in_utc, local_date
from coordination.working_days import is_public_holiday

INTERVIEW_OVERDUE: Final = timedelta(hours=24)
ACKNOWLEDGEMENT_TARGET: Final = timedelta(minutes=30)
ACKNOWLEDGEMENT_OVERDUE: Final = timedelta(hours=2)
PLAN_DECISION_OVERDUE: Final = timedelta(hours=12)
PLAN_REVIEW_AT_HIGH_RISK: Final = timedelta(hours=24)
PLAN_REVIEW_MAX_DAYS: Final = 7
MAPPING_OFFERED_DAYS: Final = 14

EMERGENCY_CLINIC_PHONE: Final = "116117"


class LoosenedLimit(ValueError):
    """A unit asked for more time than the rule gives. Limits may be tightened, never loosened."""


class ReviewOutOfRange(ValueError):
    """The chosen review lies before the decision or later than the rule allows; `latest` is the last instant allowed."""

    def __init__(self, latest: datetime) -> None:
        self.latest = latest
        super().__init__("review out of range")


# Clocks


@dataclass(frozen=True)
class InterviewClock:
    """Instants in UTC. The hard line and the warden's alert are one: `overdue_at`."""

    duty_leader_at: datetime
    overdue_at: datetime


def interview_clock(admitted_at: datetime, overdue_after: timedelta = INTERVIEW_OVERDUE) -> InterviewClock:
    """When the admission interview is overdue (D01, obligation R5.1.1-a): 24 elapsed hours, or the unit's shorter time.

    The circular says "as quickly as possible"; the number is ours. The duty leader is alerted half-way (12 of 24 hours), so a
    unit that tightens the line still gets a warning before it. Raises `LoosenedLimit` above 24 hours.
    """
    if not timedelta() < overdue_after <= INTERVIEW_OVERDUE:
        raise LoosenedLimit("the interview limit is at most 24 hours, and more than none")
    return InterviewClock(after(admitted_at, overdue_after / 2), after(admitted_at, overdue_after))


class RiskLevel(StrEnum):
    HIGH = "high"
    LOWER = "lower"


def plan_decision_due(concern_at: datetime) -> datetime:
    """When yes or no to an action plan is overdue: 12 elapsed hours after the concern (D05, obligation R5.1.1-g)."""
    return after(concern_at, PLAN_DECISION_OVERDUE)


def plan_review_due(decided_at: datetime, risk: RiskLevel, chosen_at: datetime | None = None) -> datetime:
    """When the plan must be looked at again (D05); an instant in UTC.

    Without a choice: 24 elapsed hours while the risk is high, otherwise the end of the seventh Oslo date after the decision.
    A choice may not lie later than that seventh date; it is a date people write in a plan, hence calendar days and not 168
    hours. Raises `ReviewOutOfRange`.
    """
    latest = end_of_local_day(local_date(decided_at) + timedelta(days=PLAN_REVIEW_MAX_DAYS))
    if chosen_at is None:
        return after(decided_at, PLAN_REVIEW_AT_HIGH_RISK) if risk is RiskLevel.HIGH else latest
    if not in_utc(decided_at) < in_utc(chosen_at) <= latest:
        raise ReviewOutOfRange(latest)
    return in_utc(chosen_at)


def mapping_due(convicted_since: datetime) -> datetime:
    """When a needs mapping should have been offered: the end of the fourteenth Oslo date (D06, obligation R5.2.1-b); advice only.

    The circular gives no time, so the number is ours and lateness is never a breach.
    """
    return end_of_local_day(local_date(convicted_since) + timedelta(days=MAPPING_OFFERED_DAYS))


# The interview


class Answer(StrEnum):
    """UNCERTAIN is also what is written when the inmate will not answer. It counts as yes: asking for too much help is cheaper."""

    YES = "yes"
    NO = "no"
    UNCERTAIN = "uncertain"


class Interpreter(StrEnum):
    NOT_NEEDED = "not_needed"
    PRESENT = "present"
    BY_PHONE = "by_phone"
    NEEDED_NOT_FOUND = "needed_not_found"  # the interview must be held again


@dataclass(frozen=True)
class Answers:
    """The structured part of the interview: what an officer saw and heard, never a clinical score. None is unanswered."""

    suicide_risk: Answer | None = None
    self_harm: Answer | None = None
    detox_need: Answer | None = None
    illness_signs: Answer | None = None
    mental_health_worry: Answer | None = None
    wishes_health_contact: Answer | None = None
    description: str = ""
    language: str = ""
    interpreter: Interpreter | None = None


class Concern(StrEnum):
    SUICIDE_RISK = "suicide_risk"
    SELF_HARM = "self_harm"
    DETOX_NEED = "detox_need"
    ILLNESS_SIGN = "illness_sign"
    MENTAL_HEALTH = "mental_health"
    WISH_FOR_CONTACT = "wish_for_contact"
    MINOR = "minor"  # under 18: no answer needed (rule B17)


class Missing(StrEnum):
    SUICIDE_RISK = "suicide_risk"
    SELF_HARM = "self_harm"
    DETOX_NEED = "detox_need"
    ILLNESS_SIGNS = "illness_signs"
    MENTAL_HEALTH_WORRY = "mental_health_worry"
    WISHES_HEALTH_CONTACT = "wishes_health_contact"
    DESCRIPTION = "description"  # a concern without a word of what was seen
    LANGUAGE = "language"
    INTERPRETER = "interpreter"


def _questions(answers: Answers) -> tuple[tuple[Answer | None, Concern, Missing], ...]:
    return (
        (answers.suicide_risk, Concern.SUICIDE_RISK, Missing.SUICIDE_RISK),
        (answers.self_harm, Concern.SELF_HARM, Missing.SELF_HARM),
        (answers.detox_need, Concern.DETOX_NEED, Missing.DETOX_NEED),
        (answers.illness_signs, Concern.ILLNESS_SIGN, Missing.ILLNESS_SIGNS),
        (answers.mental_health_worry, Concern.MENTAL_HEALTH, Missing.MENTAL_HEALTH_WORRY),
        (answers.wishes_health_contact, Concern.WISH_FOR_CONTACT, Missing.WISHES_HEALTH_CONTACT),
    )


def concerns(answers: Answers) -> tuple[Concern, ...]:
    """The concerns in the answers, gravest first (obligations R5.1.1-b to -e). Yes and uncertain count, unanswered does not."""
    return tuple(concern for answer, concern, _ in _questions(answers) if answer in (Answer.YES, Answer.UNCERTAIN))


def must_contact_health(answers: Answers, *, minor: bool) -> tuple[Concern, ...]:
    """Why the health service must be told in the same step; empty when it need not be. Consent plays no part.

    Holds on an unfinished interview too: what is already known is not kept back until the rest is asked.
    """
    return concerns(answers) + ((Concern.MINOR,) if minor else ())


def is_urgent(reasons: Iterable[Concern]) -> bool:
    """Whether something was seen or heard: a wish or an age alone does not hurry anybody. Every request is still sent at once."""
    return not set(reasons) <= {Concern.WISH_FOR_CONTACT, Concern.MINOR}


def needs_plan_decision(answers: Answers) -> bool:
    """Suicide or self-harm is feared, so yes or no to an action plan must be decided (obligation R5.1.1-g)."""
    return not {Concern.SUICIDE_RISK, Concern.SELF_HARM}.isdisjoint(concerns(answers))


def missing(answers: Answers) -> tuple[Missing, ...]:
    """What keeps the interview from being finished, in the order of the form."""
    found = [code for answer, _, code in _questions(answers) if answer is None]
    observed = set(concerns(answers)) - {Concern.WISH_FOR_CONTACT}
    if observed and not answers.description.strip():
        found.append(Missing.DESCRIPTION)
    if not answers.language.strip():
        found.append(Missing.LANGUAGE)
    if answers.interpreter in (None, Interpreter.NEEDED_NOT_FOUND):
        found.append(Missing.INTERPRETER)
    return tuple(found)


# Whom to reach


@dataclass(frozen=True)
class OpeningHours:
    """When the health service in the prison is staffed, on the wall clock in Oslo.

    `weekly` maps weekday (0 is Monday) to stretches (opens, closes); closes is exclusive, and 00:00 means midnight at the
    end of the day. Public holidays and `closed_on` are closed unless `open_on_holidays`, which concerns the former only.
    """

    weekly: Mapping[int, tuple[tuple[time, time], ...]]
    closed_on: frozenset[date] = frozenset()
    open_on_holidays: bool = False


class Recipient(StrEnum):
    HEALTH_SERVICE = "health_service"
    EMERGENCY_CLINIC = "emergency_clinic"  # legevakt, telephone 116117


def health_service_open(at: datetime, hours: OpeningHours) -> bool:
    """Whether someone is there to receive a request now."""
    local = in_utc(at).astimezone(OSLO)
    day, wall = local.date(), local.time()
    if day in hours.closed_on or (is_public_holiday(day) and not hours.open_on_holidays):
        return False
    return any(
        opens <= wall and (wall < closes or closes == time.min) for opens, closes in hours.weekly.get(day.weekday(), ())
    )


def recipient(at: datetime, hours: OpeningHours) -> Recipient:
    """Who is asked now: the health service, or the emergency clinic outside its hours (obligation R5.1.1-d)."""
    return Recipient.HEALTH_SERVICE if health_service_open(at, hours) else Recipient.EMERGENCY_CLINIC
