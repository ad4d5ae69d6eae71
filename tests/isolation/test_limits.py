"""Statutory limits as deadlines of real measures: chains, steps taken outside the prison, easing, ages, and closing the protocol."""

import uuid
from datetime import timedelta

import pytest
from django.http import Http404

from consent.letters import KINDS
from coordination.deadlines import RULES
from coordination.models.deadlines import Alert, Strength
from coordination.refusals import Refused
from isolation.actions import checks as check_verbs
from isolation.actions import law as law_verbs
from isolation.actions import measures as verbs
from isolation.actions import reviews as review_verbs
from isolation.models import AuthorityStep, Measure
from isolation.rules.states import State
from tests.cast import AT
from tests.isolation.helpers import (
    HOUR,
    coercion,
    count,
    deadline,
    decide,
    exclusion,
    for_minor,
    letters,
    open_rules,
    oslo,
)

DAY = timedelta(days=1)


def step(cast, measure, limit, outcome="sent", *, who="duty_leader", at=AT, occurred_at=None, **more):
    facts = {"done_by": "Rådgiver R. Region", "reference": "2026/17", "key": uuid.uuid4()} | more
    with cast[who].acting() as actor:
        return law_verbs.record_step(
            actor, measure.pk, limit=limit, outcome=outcome, occurred_at=occurred_at or at, at=at, **facts
        )


def judge(cast, measure, outcome="keep", *, at=AT, reason="Truer fortsatt ansatte ved luking.", **more):
    facts = {"mitigation": "Daglig samtale.", "key": uuid.uuid4()} | more
    with cast["duty_leader"].acting() as actor:
        return review_verbs.reassess(actor, measure.pk, outcome=outcome, reason=reason, at=at, **facts)


def stop(cast, measure, at, reason="grounds_gone"):
    with cast["duty_leader"].acting() as actor:
        return verbs.end(actor, measure.pk, ended_at=at, reason=reason, note="Rolig.", at=at)


# Every limit is a rule with steps


def test_every_limit_binds_and_tells_the_leaders_before_and_at_the_limit() -> None:
    from isolation.law.deadlines import TIMED

    for code, limit in TIMED.items():
        rule = RULES[code]
        assert rule.strength is Strength.MUST
        before, at = rule.steps
        assert at.severity is Alert.Severity.OVERDUE
        assert at.after == timedelta()
        if limit.after:
            assert before.after == -limit.warn
            assert before.severity is Alert.Severity.WARNING
    assert RULES["B15"].steps[0].after == -48 * HOUR
    assert RULES["B01"].steps[0].after == -24 * HOUR
    assert RULES["D24S"].strength is RULES["D24SR"].strength is Strength.RECOMMENDED


# Kinds


@pytest.mark.obligation("R7.1.1-e")
def test_immediate_exclusion_has_its_own_ground_a_day_and_the_same_duties(cast, admin) -> None:
    facts = exclusion(kind="immediate_exclusion", grounds=["breach_likely"])
    with pytest.raises(Refused) as refused:
        decide(cast, exclusion(kind="immediate_exclusion"))
    assert list(refused.value.errors) == ["grounds"]
    measure = decide(cast, facts)
    assert deadline(admin, measure, "B10")[0] == AT + 24 * HOUR
    assert {"D20", "D27"} <= open_rules(admin, measure)
    assert "D22" not in open_rules(admin, measure), "a day never comes to a weekly plan"
    assert letters(admin, "exclusion_notice")[0][0]["kind"] == "immediate_exclusion"
    with pytest.raises(Refused) as refused:
        decide(cast, facts, person="ung")
    assert "kind" in refused.value.errors


@pytest.mark.obligation("R7.1.2-a")
def test_a_full_exclusion_says_why_a_partial_one_is_not_enough(cast, admin) -> None:
    with pytest.raises(Refused) as refused:
        decide(cast, exclusion(partial_considered=" "))
    assert list(refused.value.errors) == ["partial_considered"]
    assert count(admin, "measure") == 0
    assert decide(cast, exclusion(extent="partial", partial_considered="")).extent == "partial"


@pytest.mark.obligation("R7.1.2-j")
@pytest.mark.parametrize("missing", ["best_interests", "team_statement", "team_text"])
def test_about_a_child_the_best_interests_and_the_team_are_written(cast, admin, missing) -> None:
    facts = for_minor(exclusion(), **{missing: ""})
    with cast["duty_leader"].acting() as actor, pytest.raises(Refused) as refused:
        verbs.decide(actor, cast.people["ung"], facts=facts, key=uuid.uuid4(), at=AT)
    assert list(refused.value.errors) == [missing]
    measure = decide(cast, exclusion(), person="ung")
    assert {"B04", "B18"} <= open_rules(admin, measure)
    assert decide(cast).best_interests == ""


# Chains


def test_measures_that_take_over_or_follow_within_a_day_are_one_chain(cast, admin) -> None:
    first = decide(cast, exclusion(AT), at=AT)
    assert first.chain == first.pk
    cell = decide(cast, coercion(effective_at=AT + DAY), at=AT + DAY, replaces=first.pk)
    bed = decide(cast, coercion("security_bed", AT + DAY + HOUR), at=AT + DAY + HOUR, replaces=cell.pk)
    assert first.chain == cell.chain == bed.chain
    assert deadline(admin, bed, "B11A")[0] == AT + DAY + 25 * HOUR, "each with its own clock"
    stop(cast, bed, AT + 2 * DAY)
    again = decide(cast, exclusion(AT + 3 * DAY - HOUR), at=AT + 3 * DAY - HOUR)
    assert again.chain == first.chain
    assert deadline(admin, again, "B01")[0] == AT + 3 * DAY - HOUR + 13 * DAY, "a day of full exclusion was spent"
    assert deadline(admin, again, "B02")[0] == AT + 3 * DAY - HOUR + 40 * DAY, "two days of the chain were spent"
    with cast["duty_leader"].acting():
        row = Measure.objects.select_related("person", "unit").get(pk=again.pk)
        assert law_verbs.total(row, law_verbs.chain_of(row), AT + 3 * DAY) == 2 * DAY + HOUR
    stop(cast, again, AT + 3 * DAY)
    apart = decide(cast, exclusion(AT + 4 * DAY), at=AT + 4 * DAY)
    assert apart.chain == apart.pk


# Steps outside


@pytest.mark.obligation("R7.1.2-w")
def test_the_regions_decision_meets_the_limit_and_a_report_comes_again(cast, admin) -> None:
    measure = decide(cast)
    late = AT + 14 * DAY - HOUR
    assert deadline(admin, measure, "B01")[0] == AT + 14 * DAY
    done = step(cast, measure, "B01", "continue", at=late)
    assert (done.authority, done.outcome, done.by_name) == ("region", "continue", "Vaktleder Duty Leader")
    assert "B01" not in open_rules(admin, measure)
    outcome = admin.execute(
        "SELECT outcome FROM custody.coordination_custodydeadline WHERE subject_id = %s AND rule = 'B01'", [measure.pk]
    ).fetchone()
    assert outcome == ("met",)
    step(cast, measure, "B02", at=AT + 41 * DAY)
    assert deadline(admin, measure, "B02")[0] == AT + 56 * DAY


@pytest.mark.parametrize(
    ("limit", "more", "field"),
    [
        ("B13A", {}, "limit"),
        ("B03", {}, "limit"),
        ("B01", {"outcome": "sent"}, "outcome"),
        ("B01", {"outcome": "continue", "done_by": " "}, "done_by"),
        ("B01", {"outcome": "continue", "occurred_at": AT + HOUR}, "occurred"),
        ("B01", {"outcome": "continue", "occurred_at": AT - HOUR}, "occurred"),
        ("B01", {"outcome": "end"}, "note"),
    ],
)
def test_what_cannot_be_recorded(cast, admin, limit, more, field) -> None:
    measure = decide(cast)
    with pytest.raises(Refused) as refused:
        step(cast, measure, limit, **more)
    assert list(refused.value.errors) == [field]
    assert count(admin, "authoritystep") == 0
    step(cast, measure, "B01", "continue")
    assert count(admin, "authoritystep") == 1


@pytest.mark.parametrize(
    "who", ["officer", "contact_officer", "release_caseworker", "region", "nurse", "south_duty_leader"]
)
def test_others_do_not_record_steps(cast, admin, who) -> None:
    measure = decide(cast)
    with pytest.raises(Http404):
        step(cast, measure, "B01", "continue", who=who)
    assert count(admin, "authoritystep") == 0


def test_the_regions_no_stands_until_the_measure_ends(cast) -> None:
    measure = decide(cast)
    step(cast, measure, "B01", "end", note="Vilkårene er ikke lenger til stede.")
    with cast["officer"].acting():
        steps = list(AuthorityStep.objects.filter(measure=measure))
        assert law_verbs.must_end(measure, steps).note.startswith("Vilkårene")
    ended = stop(cast, measure, AT + HOUR, "overruled")
    with cast["officer"].acting():
        assert law_verbs.must_end(ended, steps) is None


def test_an_extension_moves_the_longest_time(cast, admin) -> None:
    measure = decide(cast, exclusion(grounds=["acute_building_or_staff"]))
    assert deadline(admin, measure, "B08")[0] == AT + 3 * DAY
    step(cast, measure, "B08", "extend", at=AT + 2 * DAY)
    assert deadline(admin, measure, "B08")[0] == AT + 6 * DAY
    young = decide(cast, exclusion(grounds=["acute_building_or_staff"]), person="ung")
    step(cast, young, "B09", "extend", at=AT + DAY)
    assert deadline(admin, young, "B09")[0] == AT + 4 * DAY
    assert deadline(admin, young, "B09K")[0] == AT + DAY + 2 * HOUR


def test_the_guardian_is_told_and_the_same_key_is_once(cast, admin) -> None:
    measure = decide(cast, person="ung")
    assert deadline(admin, measure, "B18")[0] == AT + 2 * HOUR
    key = uuid.uuid4()
    one, two = (step(cast, measure, "B18", key=key, done_by="Vaktleder") for _ in range(2))
    assert one.pk == two.pk
    assert one.authority == "guardian"
    assert "B18" not in open_rules(admin, measure)


@pytest.mark.parametrize(("rule", "outcome"), [("B05A", "continue"), ("B09", "extend")])
def test_the_guardian_hears_anew_of_every_decision_of_those_above(cast, admin, rule, outcome) -> None:
    measure = decide(cast, exclusion(grounds=["acute_building_or_staff"]), person="ung")
    step(cast, measure, "B18", done_by="Vaktleder", at=AT + HOUR)
    assert "B18" not in open_rules(admin, measure)
    step(cast, measure, rule, outcome, at=AT + DAY)
    assert deadline(admin, measure, "B18") == (AT + DAY + 2 * HOUR, AT + DAY)
    step(cast, measure, "B18", done_by="Vaktleder", at=AT + DAY + HOUR)
    assert "B18" not in open_rules(admin, measure)


def test_a_step_is_recorded_about_an_ended_measure_too(cast, admin) -> None:
    measure = decide(cast, coercion())
    stop(cast, measure, AT + 4 * DAY)
    step(cast, measure, "B13A", "continue", at=AT + 5 * DAY, occurred_at=AT + 3 * DAY)
    assert open_rules(admin, measure) == set()


# Easing, ending and birthdays


@pytest.mark.obligation("R7.1.2-w", "R7.1.2-k")
def test_easing_makes_a_full_exclusion_partial_and_the_doctor_hears(cast, admin) -> None:
    measure = decide(cast)
    judge(cast, measure, "ease", at=AT + 10 * DAY)
    extent = admin.execute("SELECT extent FROM custody.isolation_measure WHERE id = %s", [measure.pk]).fetchone()
    assert extent == ("partial",)
    assert "B01" not in open_rules(admin, measure)
    assert deadline(admin, measure, "B06")[0] == AT + 40 * DAY
    assert deadline(admin, measure, "B02")[0] == AT + 42 * DAY
    first, second = letters(admin, "exclusion_notice")
    assert (first[0]["extent"], second[0]["extent"]) == ("full", "partial")
    assert second[2] == measure.notice_letter, "in the same thread"
    with cast["officer"].acting():
        assert verbs.state(Measure.objects.get(pk=measure.pk)) is State.PARTIAL
    judge(cast, measure, "ease", at=AT + 11 * DAY, reason="Roligere, får mer tid i luftegården.")
    assert len(letters(admin, "exclusion_notice")) == 2, "once is enough"


def test_a_partial_exclusion_is_never_made_full_again(admin, cast) -> None:
    import psycopg

    measure = decide(cast)
    judge(cast, measure, "ease", at=AT + HOUR)
    with pytest.raises(psycopg.errors.CheckViolation):
        admin.execute("UPDATE custody.isolation_extentchange SET before = 'partial', after = 'full'")


@pytest.mark.obligation("R7.1.2-w")
def test_a_reassessment_that_ends_ends_in_the_same_step(cast, admin) -> None:
    measure = decide(cast)
    judge(cast, measure, "end", at=AT + HOUR, reason="Rolig siden i morges.")
    row = admin.execute(
        "SELECT ended_at, end_reason, end_note FROM custody.isolation_measure WHERE id = %s", [measure.pk]
    ).fetchone()
    assert row == (AT + HOUR, "grounds_gone", "Rolig siden i morges.")
    assert open_rules(admin, measure) == set()
    assert len(letters(admin, "measure_ended")) == 1


def test_a_copied_reason_must_be_rewritten_or_confirmed(cast, admin) -> None:
    measure = decide(cast)
    judge(cast, measure, at=AT + HOUR)
    for reason in ("Truer fortsatt ansatte ved luking.", " truer fortsatt ansatte, ved luking!"):
        with pytest.raises(Refused) as refused:
            judge(cast, measure, at=AT + 2 * HOUR, reason=reason)
        assert refused.value.code == "copied"
    with pytest.raises(Refused):
        judge(cast, decide(cast, person="trompet"), reason="Slo mot en medinnsatt to ganger i dag.")
    confirmed = judge(cast, measure, at=AT + 2 * HOUR, same_reason=True)
    assert confirmed.same_reason is True
    assert judge(cast, measure, at=AT + 3 * HOUR, reason="Har roet seg, men vil ikke snakke.").same_reason is False


def test_the_limits_of_a_child_give_way_on_the_eighteenth_birthday(cast, admin) -> None:
    # Ung is 18 on 29 March 2027, at midnight in Oslo; the night before is the night the clock goes forward.
    start = oslo(3, 28, 12, year=2027)
    admin.execute("UPDATE custody.coordination_stay SET admitted_at = %s", [start - DAY])
    measure = decide(cast, exclusion(start), person="ung", at=start)
    assert {"B04", "B05A", "B18", "D21"} <= open_rules(admin, measure)
    with cast["officer"].acting() as actor:
        check_verbs.log_check(actor, measure.pk, state="calm", key=uuid.uuid4(), at=oslo(3, 29, 0, 1, year=2027))
    rules = open_rules(admin, measure)
    assert {"B01", "D20"} <= rules
    assert not {"B04", "B05A", "B18", "D21"} & rules
    assert deadline(admin, measure, "B01")[0] == start + 14 * DAY


# Closing


def test_a_protocol_is_closed_once_and_not_while_the_measure_runs(cast, admin) -> None:
    measure = decide(cast, coercion())

    def close(who="duty_leader", note="", unsettled=False, at=AT + DAY):
        with cast[who].acting() as actor:
            return verbs.close(actor, measure.pk, note=note, unsettled=unsettled, at=at)

    with pytest.raises(Refused) as refused:
        close()
    assert refused.value.code == "running"
    stop(cast, measure, AT + HOUR)
    with pytest.raises(Http404):
        close("officer")
    with pytest.raises(Refused) as refused:
        close(unsettled=True)
    assert list(refused.value.errors) == ["note"]
    assert close(unsettled=True, note="Gjennomgangen ble ikke gjort.").closed_at == AT + DAY
    assert close(at=AT + 2 * DAY).closed_at == AT + DAY
    with cast["officer"].acting():
        assert verbs.state(Measure.objects.get(pk=measure.pk)) is State.CLOSED


def test_no_letter_kind_goes_to_a_region() -> None:
    """There is no basis for one: what is sent upwards is recorded, and printed."""
    for kind in KINDS.values():
        assert "region" not in {str(world) for world in kind.recipients}
