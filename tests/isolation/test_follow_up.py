"""Contact, weekly plan, reassessments, the warden's day, requests to the health service and answers to its advice."""

import uuid
from datetime import date, timedelta

import pytest
from django.http import Http404

from consent.actions import acknowledge, attach_person, send_letter
from consent.letters import KINDS
from consent.models import MunicipalLetter
from coordination.people.actions import register_patient
from coordination.refusals import Refused
from isolation.actions import contact as contact_verbs
from isolation.actions import requests as request_verbs
from isolation.actions import reviews as review_verbs
from isolation.actions.contact import PlannedDay
from isolation.models import ContactSession
from tests.cast import AT
from tests.isolation.helpers import (
    HOUR,
    MINUTE,
    check,
    coercion,
    count,
    deadline,
    decide,
    exclusion,
    letters,
    open_rules,
    oslo,
)

MONDAY = AT.date()


def week(minutes: int = 120, **changes: int) -> dict[date, PlannedDay]:
    """Return a plan of seven days from the Monday; changes by day number as `d3=90`."""
    wanted = {n: changes.get(f"d{n}", minutes) for n in range(7)}
    return {MONDAY + timedelta(days=n): PlannedDay("Luftegård og samtale", m) for n, m in wanted.items() if m >= 0}


def plan(cast, measure, days, *, who="duty_leader", at=AT, **more):
    with cast[who].acting() as actor:
        facts = {"first_on": MONDAY, "way_out": "Tre rolige dager.", "key": uuid.uuid4()} | more
        return contact_verbs.save_plan(actor, measure.pk, days=days, at=at, **facts)


def contact(cast, measure, start, minutes, *, at=None, who="officer", **more):
    with cast[who].acting() as actor:
        end = start + minutes * MINUTE
        facts = {"kind": "talk", "with_whom": "staff", "key": uuid.uuid4()} | more
        return contact_verbs.log_contact(actor, measure.pk, started_at=start, ended_at=end, at=at or end, **facts)


# The plan


@pytest.mark.obligation("R7.1.2-m")
@pytest.mark.parametrize("wrong", [{"d3": 119}, {"d6": 0}, {"d1": -1}])
def test_a_plan_with_too_little_on_any_full_day_is_refused(cast, admin, wrong) -> None:
    measure = decide(cast)
    with pytest.raises(Refused) as refused:
        plan(cast, measure, week(600, **wrong))
    number = next(iter(wrong))[1]
    assert list(refused.value.errors) == [f"minutes_{number}"]
    assert count(admin, "weeklyplan") == count(admin, "planday") == 0
    plan(cast, measure, week(120, d0=0))
    assert count(admin, "weeklyplan") == 1


@pytest.mark.obligation("R7.1.2-l")
def test_a_plan_stops_its_deadline_until_the_week_has_run_out(cast, admin) -> None:
    measure = decide(cast, exclusion(expected_hours=100))
    assert deadline(admin, measure, "D22")[0] == AT + 24 * HOUR
    first = plan(cast, measure, week())
    due, starts = deadline(admin, measure, "D22")
    assert due == oslo(11, 30) - timedelta(microseconds=1)
    assert due - starts == 72 * HOUR
    assert deadline(admin, measure, "D22F") is None
    again = plan(cast, measure, week(150))
    assert (first.number, again.number) == (1, 2)
    assert count(admin, "weeklyplan") == 2


@pytest.mark.parametrize("who", ["officer", "release_caseworker", "south_duty_leader", "nurse"])
def test_who_may_not_plan(cast, admin, who) -> None:
    measure = decide(cast)
    with pytest.raises(Http404):
        plan(cast, measure, week(), who=who)
    assert plan(cast, measure, week(), who="contact_officer").number == 1


# Contact


@pytest.mark.obligation("R7.1.2-m", "R7.1.2-k")
def test_contact_counts_per_local_date_and_closes_the_day_at_two_hours(cast, admin) -> None:
    measure = decide(cast)
    plan(cast, measure, week())
    tuesday = oslo(11, 24, 10)
    assert deadline(admin, measure, "D23") == (oslo(11, 25) - timedelta(microseconds=1), oslo(11, 24)), (
        "the first, partial day is exempt"
    )
    contact(cast, measure, AT + HOUR, 180)
    assert deadline(admin, measure, "D23")[1] == oslo(11, 24), "what was on Monday does not pay for Tuesday"
    contact(cast, measure, tuesday, 50)
    alert = "SELECT next_step, next_alert_at FROM custody.coordination_custodydeadline WHERE rule = 'D23' AND closed_at IS NULL"
    assert admin.execute(alert).fetchone() == (0, oslo(11, 24, 18) - timedelta(microseconds=1))
    contact(cast, measure, tuesday + 2 * HOUR, 10)
    assert admin.execute(alert).fetchone() == (1, oslo(11, 25) - timedelta(microseconds=1)), (
        "no evening warning with an hour there"
    )
    contact(cast, measure, tuesday + 2 * HOUR + 5 * MINUTE, 30)
    assert deadline(admin, measure, "D23")[1] == oslo(11, 24), "time at the same time counts once: 85 minutes"
    contact(cast, measure, tuesday + 4 * HOUR, 35)
    assert deadline(admin, measure, "D23")[1] == oslo(11, 25)


def test_a_day_that_went_badly_is_closed_with_its_minutes_and_the_next_one_opened(cast, admin) -> None:
    measure = decide(cast)
    plan(cast, measure, week())
    contact(cast, measure, oslo(11, 24, 10), 40)
    check(cast, measure, oslo(11, 25, 0, 30))
    row = admin.execute(
        "SELECT outcome, reason FROM custody.coordination_custodydeadline WHERE rule = 'D23' AND closed_at IS NOT NULL"
    ).fetchone()
    assert row == ("cancelled", "40 minutter ble ført")
    assert deadline(admin, measure, "D23")[1] == oslo(11, 25)


def test_contact_over_midnight_and_over_the_clock_change_is_split_by_elapsed_minutes(cast, admin) -> None:
    from isolation.rules.contact import contact_minutes_by_day

    start = oslo(10, 24, 23, 30)
    admin.execute("UPDATE custody.coordination_stay SET admitted_at = %s", [start - 24 * HOUR])
    measure = decide(cast, exclusion(start - HOUR), at=start - HOUR)
    session = contact(cast, measure, start, 60 * 4)
    assert session.minutes == 240
    assert contact_minutes_by_day([(session.started_at, session.ended_at)]) == {
        date(2026, 10, 24): 30,
        date(2026, 10, 25): 210,
    }


@pytest.mark.parametrize(("start", "minutes"), [(AT - HOUR, 30), (AT + HOUR, 0), (AT + HOUR, 25 * 60)])
def test_contact_that_cannot_be(cast, admin, start, minutes) -> None:
    measure = decide(cast)
    with pytest.raises(Refused):
        contact(cast, measure, start, minutes, at=AT + 48 * HOUR)
    with pytest.raises(Refused):
        contact(cast, measure, AT, 30, at=AT + 10 * MINUTE)
    assert count(admin, "contactsession") == 0
    key = uuid.uuid4()
    for _ in range(2):
        contact(cast, measure, AT, 30, key=key)
    assert count(admin, "contactsession") == 1
    assert not {"health", "nurse"} & set(ContactSession.WithWhom.values), (
        "who treats whom is for the health service to tell"
    )


# Judging


@pytest.mark.obligation("R7.1.2-w", "R7.1.2-y", "R7.1.2-k")
def test_a_reassessment_needs_reasons_and_what_is_done_against_harm(cast, admin) -> None:
    measure = decide(cast, coercion())
    facts = {
        "outcome": "keep",
        "reason": "Fortsatt truende.",
        "mitigation": "Samtale hver time, luftegård kl. 15.",
        "key": uuid.uuid4(),
    }
    for missing in ("outcome", "reason", "mitigation"):
        with cast["duty_leader"].acting() as actor, pytest.raises(Refused) as refused:
            review_verbs.reassess(actor, measure.pk, **(facts | {missing: " "}), at=AT + HOUR)
        assert list(refused.value.errors) == [missing]
    with cast["officer"].acting() as actor, pytest.raises(Http404):
        review_verbs.reassess(actor, measure.pk, **facts, at=AT + HOUR)
    for _ in range(2):
        with cast["duty_leader"].acting() as actor:
            review_verbs.reassess(actor, measure.pk, **facts, at=AT + 3 * HOUR)
    assert count(admin, "reassessment") == 1
    assert deadline(admin, measure, "D27")[0] == AT + 11 * HOUR


@pytest.mark.obligation("R7.1.2-z")
def test_the_warden_looks_every_local_date_that_needs_it(cast, admin) -> None:
    measure = decide(cast, coercion())
    assert deadline(admin, measure, "D28")[0] == oslo(11, 24) - timedelta(microseconds=1), "started before 18:00"
    with cast["warden"].acting() as actor, pytest.raises(Refused):
        review_verbs.review(actor, measure.pk, note=" ", at=AT + HOUR)
    for _ in range(2):
        with cast["warden"].acting() as actor:
            review_verbs.review(actor, measure.pk, note="Snakket med vaktleder.", at=AT + HOUR)
    assert count(admin, "wardenreview") == 1
    assert deadline(admin, measure, "D28") == (oslo(11, 25) - timedelta(microseconds=1), oslo(11, 24))
    # Tuesday passes without; the first check of Wednesday tells it honestly and asks for Wednesday's.
    check(cast, measure, oslo(11, 25, 0, 10))
    missed = admin.execute(
        "SELECT outcome, reason FROM custody.coordination_custodydeadline WHERE rule = 'D28' AND outcome = 'cancelled'"
    ).fetchone()
    assert missed == ("cancelled", "Ikke gjort den dagen")
    assert deadline(admin, measure, "D28")[1] == oslo(11, 25)


def test_a_start_in_the_evening_counts_from_the_next_date(cast, admin) -> None:
    evening = oslo(11, 23, 18)
    measure = decide(cast, coercion(effective_at=evening), at=evening)
    assert deadline(admin, measure, "D28")[1] == oslo(11, 24)
    before = oslo(11, 23, 17, 59)
    other = decide(cast, coercion(effective_at=before), person="trompet", at=before)
    assert deadline(admin, other, "D28")[1] == before


@pytest.mark.obligation("R7.1.2-z")
def test_a_deputy_reviews_only_when_named_beforehand(cast, admin) -> None:
    measure = decide(cast, coercion())
    leader = cast["duty_leader"].membership.pk
    with cast["duty_leader"].acting() as actor, pytest.raises(Refused) as refused:
        review_verbs.review(actor, measure.pk, note="Sett.", at=AT + HOUR)
    assert refused.value.code == "deputy"
    with cast["duty_leader"].acting() as actor, pytest.raises(Http404):
        review_verbs.name_deputy(actor, deputy=leader, first_on=MONDAY, last_on=MONDAY, at=AT)
    with cast["warden"].acting() as actor:
        for stranger in (cast["officer"].membership.pk, cast["south_duty_leader"].membership.pk):
            with pytest.raises(Refused):
                review_verbs.name_deputy(actor, deputy=stranger, first_on=MONDAY, last_on=MONDAY, at=AT)
        review_verbs.name_deputy(actor, deputy=leader, first_on=MONDAY, last_on=MONDAY, at=AT)
    with cast["duty_leader"].acting() as actor:
        row = review_verbs.review(actor, measure.pk, note="Sett.", at=AT + HOUR)
    assert row.deputy_for == "Fengselsleder Warden"
    with cast["duty_leader"].acting() as actor, pytest.raises(Refused):
        review_verbs.review(actor, measure.pk, note="Sett.", at=AT + 24 * HOUR)


# Health


@pytest.mark.obligation("R7.1.2-f")
def test_a_wish_is_passed_on_at_once_whatever_else_holds(cast, admin) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        with cast["officer"].acting() as actor:
            request_verbs.pass_on_wish(actor, cast.people["fiolin"], reason="wish", note="", key=key, at=AT)
    ((body, role, reply, _, basis, _),) = letters(admin, "health_check_request")
    assert (body["reason"], role, reply, basis) == ("wish", "officer", None, "LB04")
    measure = decide(cast)
    with cast["officer"].acting() as actor:
        with pytest.raises(Refused):
            request_verbs.pass_on_wish(actor, cast.people["fiolin"], reason="injury", note=" ", key=uuid.uuid4(), at=AT)
        with pytest.raises(Refused):
            request_verbs.pass_on_wish(actor, cast.people["fiolin"], reason="force", note="x", key=uuid.uuid4(), at=AT)
        request_verbs.pass_on_wish(
            actor, cast.people["fiolin"], reason="injury", note="Sår på hånden.", key=uuid.uuid4(), at=AT
        )
    assert letters(admin, "health_check_request")[1][2] == measure.notice_letter
    for who in ("officer_b", "release_caseworker", "nurse"):
        with cast[who].acting() as actor, pytest.raises(Http404):
            request_verbs.pass_on_wish(actor, cast.people["fiolin"], reason="wish", note="", key=uuid.uuid4(), at=AT)


def advise(cast, admin, measure, recommend="consider_ending"):
    """Let the nurse answer the notice with advice, and return the prison's copy's key."""
    assert "health_advice" in KINDS, "the letter is the health side's"
    with cast["nurse"].acting() as actor:
        notice = MunicipalLetter.objects.get(letter_id=measure.notice_letter)
        patient = register_patient(
            actor,
            unit=cast.units["north_team"],
            family_name="Fiolin",
            given_name="Blid",
            birth_date=date(1991, 5, 15),
            prison_id=cast.agencies["north"].pk,
            at=AT,
        )
        attach_person(notice, patient)
        acknowledge(notice)
        kind = KINDS["health_advice"]
        body = {
            "family_name": "Fiolin",
            "given_name": "Blid",
            "birth_date": "1991-05-15",
            "about": "isolation",
            "advice": "Mer tid ute.",
            "recommend": recommend,
        }
        basis = next(b for b in kind.bases if b in ("LB08", "LB11"))
        sent = {
            "to": cast.agencies["north"].pk,
            "person": patient,
            "body": body,
            "basis": basis,
            "necessity": "Nødvendig for å forebygge skade.",
        }
        send_letter(actor, "health_advice", **sent, in_reply_to=notice.letter_id)
    return admin.execute("SELECT id FROM custody.consent_custodyletter WHERE kind = 'health_advice'").fetchone()[0]


@pytest.mark.obligation("R7.1.2-g", "R7.1.2-s", "R7.1.2-w")
@pytest.mark.parametrize(("facts", "basis"), [(exclusion(), "LB07"), (coercion(), "LB08")])
def test_advice_must_be_answered_with_reasons_and_calls_for_a_reassessment(cast, admin, facts, basis) -> None:
    measure = decide(cast, facts)
    letter = advise(cast, admin, measure)
    with cast["duty_leader"].acting() as actor:
        for bad in ({"response": ""}, {"reason": "  "}):
            with pytest.raises(Refused):
                request_verbs.answer_advice(
                    actor, letter, **({"response": "partly", "reason": "Bare i dag.", "steps": ""} | bad), at=AT + HOUR
                )
    assert letters(admin, "advice_answer") == []
    settled = "SELECT answered_at IS NOT NULL, settled_at IS NOT NULL FROM custody.consent_custodyletter WHERE id = %s"
    assert admin.execute(settled, [letter]).fetchone() == (False, False)
    for _ in range(2):
        with cast["duty_leader"].acting() as actor:
            request_verbs.answer_advice(
                actor, letter, response="partly", reason="Bare i dag.", steps="Luftegård kl. 15.", at=AT + HOUR
            )
    ((body, _, _, thread, used, _),) = letters(admin, "advice_answer")
    assert (body["response"], body["reason"], body["measures"], used) == (
        "partly",
        "Bare i dag.",
        "Luftegård kl. 15.",
        basis,
    )
    assert thread == measure.notice_letter
    assert admin.execute(settled, [letter]).fetchone() == (True, True)
    assert deadline(admin, measure, "D27")[0] == AT + 3 * HOUR


@pytest.mark.parametrize("who", ["officer", "contact_officer", "release_caseworker", "south_duty_leader", "nurse"])
def test_who_may_not_answer_advice(cast, admin, who) -> None:
    letter = advise(cast, admin, decide(cast))
    with cast[who].acting() as actor, pytest.raises(Http404):
        request_verbs.answer_advice(actor, letter, response="followed", reason="Ja.", steps="", at=AT)
    assert letters(admin, "advice_answer") == []
    with cast["warden"].acting() as actor:
        request_verbs.answer_advice(actor, letter, response="followed", reason="Ja.", steps="", at=AT)


@pytest.mark.obligation("R7.1.2-p")
def test_no_letter_about_a_measure_asks_health_to_approve(cast, admin) -> None:
    decide(cast, coercion())
    for code in (
        "exclusion_notice",
        "coercive_means_notice",
        "health_check_request",
        "measure_ended",
        "advice_answer",
        "health_advice",
    ):
        kind = KINDS[code]
        words = " ".join([code, *(field.name for field in kind.fields)])
        assert not any(word in words for word in ("approv", "clear", "fit_for", "accept", "reject")), code
        assert kind.awaits in ("", "acknowledgement", "answer")
    assert open_rules(admin, decide(cast, person="trompet")) >= {"D20", "D22", "D22F", "D27"}, (
        "it runs before anybody has answered"
    )
