"""Admission: clocks, concerns, what is missing, and who is asked at which hour."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coordination.clock import OSLO, end_of_local_day
from demo.answers import CALM as NOTHING
from intake.rules import (
    Answer,
    Answers,
    Concern,
    Interpreter,
    LoosenedLimit,
    Missing,
    OpeningHours,
    Recipient,
    ReviewOutOfRange,
    RiskLevel,
    concerns,
    health_service_open,
    interview_clock,
    missing,
    must_contact_health,
    needs_plan_decision,
    plan_decision_due,
    plan_review_due,
    recipient,
)

CALM = replace(NOTHING, language="nb")
QUESTIONS = {
    "suicide_risk": (Concern.SUICIDE_RISK, Missing.SUICIDE_RISK),
    "self_harm": (Concern.SELF_HARM, Missing.SELF_HARM),
    "detox_need": (Concern.DETOX_NEED, Missing.DETOX_NEED),
    "illness_signs": (Concern.ILLNESS_SIGN, Missing.ILLNESS_SIGNS),
    "mental_health_worry": (Concern.MENTAL_HEALTH, Missing.MENTAL_HEALTH_WORRY),
    "wishes_health_contact": (Concern.WISH_FOR_CONTACT, Missing.WISHES_HEALTH_CONTACT),
}


def with_answer(name: str, answer: Answer | None) -> Answers:
    return replace(CALM, **{name: answer})


@pytest.mark.parametrize(
    ("admitted", "overdue"),
    [
        (datetime(2026, 3, 28, 20, tzinfo=OSLO), datetime(2026, 3, 29, 21, tzinfo=OSLO)),
        (datetime(2026, 10, 24, 20, tzinfo=OSLO), datetime(2026, 10, 25, 19, tzinfo=OSLO)),
        (datetime(2026, 6, 1, 20, tzinfo=OSLO), datetime(2026, 6, 2, 20, tzinfo=OSLO)),
    ],
)
def test_the_interview_is_overdue_after_24_real_hours(admitted: datetime, overdue: datetime) -> None:
    clock = interview_clock(admitted)
    assert clock.overdue_at == overdue.astimezone(UTC)
    assert clock.overdue_at - clock.duty_leader_at == timedelta(hours=12)


def test_a_unit_may_tighten_the_interview_but_not_loosen_it() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    clock = interview_clock(at, timedelta(hours=8))
    assert (clock.duty_leader_at, clock.overdue_at) == (at + timedelta(hours=4), at + timedelta(hours=8))
    for wrong in (timedelta(hours=24, seconds=1), timedelta()):
        with pytest.raises(LoosenedLimit):
            interview_clock(at, wrong)


def test_the_plan_is_decided_on_within_twelve_hours() -> None:
    at = datetime(2026, 6, 1, tzinfo=UTC)
    assert plan_decision_due(at) == at + timedelta(hours=12)


def test_the_plan_is_reviewed_within_24_hours_or_seven_dates() -> None:
    at = datetime(2026, 10, 20, 8, tzinfo=UTC)
    latest = end_of_local_day(date(2026, 10, 27))
    assert plan_review_due(at, RiskLevel.HIGH) == at + timedelta(hours=24)
    assert plan_review_due(at, RiskLevel.LOWER) == latest
    same_hour = datetime(2026, 10, 27, 10, tzinfo=OSLO)  # 169 hours later, but a week
    assert plan_review_due(at, RiskLevel.HIGH, same_hour) == same_hour
    for wrong in (at, latest + timedelta(microseconds=1)):
        with pytest.raises(ReviewOutOfRange) as raised:
            plan_review_due(at, RiskLevel.HIGH, wrong)
        assert raised.value.latest == latest


def test_a_calm_interview_is_finished_and_no_concern() -> None:
    assert concerns(CALM) == ()
    assert missing(CALM) == ()
    assert must_contact_health(CALM, minor=False) == ()
    assert not needs_plan_decision(CALM)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("answer", [Answer.YES, Answer.UNCERTAIN])
def test_each_single_yes_or_doubt_is_told_to_health(name: str, answer: Answer) -> None:
    answers = with_answer(name, answer)
    concern = QUESTIONS[name][0]
    assert concerns(answers) == must_contact_health(answers, minor=False) == (concern,)
    assert needs_plan_decision(answers) is (concern in (Concern.SUICIDE_RISK, Concern.SELF_HARM))


@pytest.mark.parametrize("name", QUESTIONS)
def test_an_unanswered_question_is_missing_and_no_concern(name: str) -> None:
    answers = with_answer(name, None)
    assert missing(answers) == (QUESTIONS[name][1],)
    assert concerns(answers) == ()


def test_a_minor_is_told_of_whatever_the_answers() -> None:
    assert must_contact_health(CALM, minor=True) == (Concern.MINOR,)
    assert must_contact_health(Answers(suicide_risk=Answer.YES), minor=True) == (Concern.SUICIDE_RISK, Concern.MINOR)


def test_a_concern_needs_words_but_a_wish_does_not() -> None:
    seen = with_answer("illness_signs", Answer.YES)
    assert missing(seen) == (Missing.DESCRIPTION,)
    assert missing(replace(seen, description="Skjelver og svetter")) == ()
    assert missing(with_answer("wishes_health_contact", Answer.YES)) == ()


def test_language_and_interpreter() -> None:
    assert missing(replace(CALM, language=" ")) == (Missing.LANGUAGE,)
    assert missing(replace(CALM, interpreter=None)) == (Missing.INTERPRETER,)
    assert missing(replace(CALM, interpreter=Interpreter.NEEDED_NOT_FOUND)) == (Missing.INTERPRETER,)
    assert missing(replace(CALM, interpreter=Interpreter.BY_PHONE)) == ()


answers_drawn = st.builds(Answers, **{name: st.none() | st.sampled_from(Answer) for name in QUESTIONS})


@settings(deadline=None)
@given(answers_drawn, st.booleans())
def test_health_is_told_exactly_when_there_is_a_reason(answers: Answers, minor: bool) -> None:
    given_yes = any(getattr(answers, name) in (Answer.YES, Answer.UNCERTAIN) for name in QUESTIONS)
    assert bool(must_contact_health(answers, minor=minor)) is (given_yes or minor)


WEEKDAYS = OpeningHours({day: ((time(8), time(15, 30)),) for day in range(5)}, closed_on=frozenset({date(2026, 6, 3)}))


@pytest.mark.parametrize(
    ("local", "is_open"),
    [
        (datetime(2026, 6, 1, 8, 0), True),
        (datetime(2026, 6, 1, 7, 59), False),
        (datetime(2026, 6, 1, 15, 29), True),
        (datetime(2026, 6, 1, 15, 30), False),
        (datetime(2026, 6, 6, 12, 0), False),  # Saturday
        (datetime(2026, 5, 25, 12, 0), False),  # Whit Monday
        (datetime(2026, 6, 3, 12, 0), False),  # closed on
        (datetime(2026, 3, 30, 8, 0), True),  # first working day of summer time
    ],
)
def test_opening_hours_are_on_the_wall_clock(local: datetime, is_open: bool) -> None:
    at = local.replace(tzinfo=OSLO).astimezone(UTC)
    assert health_service_open(at, WEEKDAYS) is is_open
    assert recipient(at, WEEKDAYS) is (Recipient.HEALTH_SERVICE if is_open else Recipient.EMERGENCY_CLINIC)


def test_open_until_midnight_and_on_holidays() -> None:
    always = OpeningHours({day: ((time(8), time(0)),) for day in range(7)}, open_on_holidays=True)
    assert health_service_open(datetime(2026, 5, 25, 23, 59, tzinfo=OSLO), always)
    assert not health_service_open(datetime(2026, 5, 25, 0, 0, tzinfo=OSLO), always)
