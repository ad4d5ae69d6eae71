"""Patients locked in without a decision or less than 22 hours, and every kind of decision: courses, plans, considerations, motivation."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.clock import at_local, end_of_local_day, local_date
from coordination.deadlines import RULES
from coordination.models.deadlines import Strength
from follow_up.models import (
    FrequencyPlan,
    LockInChange,
    MotivationEntry,
    SupervisionConsideration,
)
from follow_up.rules import planned_visit, regime_of
from tests.cast import AT
from tests.follow_up.lock_in import changed, locked_in, register_kinds
from tests.follow_up.sending import START, clock_at, clocks, copy_of, course, ended, key, notice, taken_on

PLAN = {
    "interval_days": "3",
    "health": "Stabil, men vekttap.",
    "age": "Voksen, ingen særskilte behov.",
    "wishes": "Ønsker besøk på formiddagen.",
    "degree": "Ute fem timer i døgnet.",
}


@pytest.fixture(autouse=True)
def noon(monkeypatch, admin):
    """Let the views read a fixed clock: a Monday noon in Oslo; and let the prison's letters be carried."""
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    register_kinds(admin)


def post(cast, who, door, data):
    """Post a form of the course as a persona."""
    return cast[who].client().post(f"/helsetilsyn/{course(cast).pk}/{door}/", {"key": key(), **data})


@pytest.mark.obligation("R7.1.1-e", "R7.1.1-a", "R7.1.3-a")
@pytest.mark.parametrize(
    "kind", ["exclusion", "immediate_exclusion", "court_isolation", "security_cell", "security_bed"]
)
def test_every_decision_of_prison_or_court_gives_the_same_duty_from_letter_to_letter(cast, kind):
    sent = notice(cast, kind=kind)
    taken_on(cast, sent)
    row = course(cast)
    assert (row.regime, row.required) == ("duty", True)
    assert clocks(cast)["D29"] == START + timedelta(hours=24)
    assert RULES["D29"].strength == RULES["D30"].strength == Strength.MUST
    ended(cast, sent, at=AT, kind="security_cell" if kind.startswith("security") else "exclusion")
    cast["nurse"].client().get("/helsetilsyn/")
    assert clocks(cast) == {}
    assert course(cast).ended_at == AT


@pytest.mark.obligation("R5.2.2-i")
@pytest.mark.parametrize("kind", ["de_facto", "self_isolation"])
def test_whoever_is_isolated_without_a_decision_is_in_the_queue_and_nothing_of_it_is_a_breach(cast, monkeypatch, kind):
    sent = locked_in(cast, kind=kind)
    letter, _patient = taken_on(cast, sent)
    row = course(cast)
    assert (row.regime, row.required, row.due_at) == ("advised", False, None)
    assert row.planned_at == letter.sent_at + timedelta(hours=12)
    assert {RULES[code].strength for code in clocks(cast)} == {Strength.SHOULD}
    assert {"D29b", "D32k"} <= set(clocks(cast))
    assert "Fiolin, Blid" in cast["nurse"].client().get("/helsetilsyn/").content.decode()
    clock_at(monkeypatch, letter.sent_at + timedelta(days=3))
    page = cast["nurse"].client().get("/helsetilsyn/").content.decode()
    assert 'data-deadline="overdue"' not in page
    post(cast, "nurse", "gjort", {"result": "done"})
    assert course(cast).last_visit_at is not None
    assert clocks(cast)["D29b"] == course(cast).planned_at


@pytest.mark.obligation("R7.1.1-d", "R5.2.2-i")
def test_supervision_is_considered_yes_or_no_with_a_reason(cast):
    taken_on(cast, locked_in(cast))
    assert "Vurder tilsyn" in cast["nurse"].client().get(f"/helsetilsyn/{course(cast).pk}/").content.decode()
    assert post(cast, "nurse", "vurder", {"supervise": "no", "reason": " "}).status_code == 422
    assert (
        post(cast, "nurse", "vurder", {"supervise": "no", "reason": "Ute hver dag, ønsker ikke besøk."}).status_code
        == 303
    )
    assert clocks(cast) == {}
    assert course(cast).regime == "none"
    assert post(cast, "doctor", "vurder", {"supervise": "yes", "reason": "Har gått ned i vekt."}).status_code == 303
    assert set(clocks(cast)) == {"D29b"}
    with cast["doctor"].acting():
        said = list(
            SupervisionConsideration.objects.order_by("recorded_at", "id").only(
                "supervise", "reason", "by_name", "agency_id", "person_id"
            )
        )
    assert [row.supervise for row in said] == [False, True]
    page = cast["nurse"].client().get(f"/helsetilsyn/{course(cast).pk}/").content.decode()
    assert "Har gått ned i vekt." in page


def test_a_decision_is_not_considered_away(cast):
    taken_on(cast, notice(cast))
    refused = post(cast, "nurse", "vurder", {"supervise": "no", "reason": "Har det bra."})
    assert refused.status_code == 422
    assert "er tilsyn en plikt" in refused.content.decode()
    assert "D29" in clocks(cast)


@pytest.mark.obligation("R7.1.3-l", "R7.1.3-m", "R7.1.3-n")
def test_a_doctors_plan_fitted_to_four_things_drives_the_next_visit_and_is_reviewed(cast, monkeypatch):
    letter, _patient = taken_on(cast, notice(cast, hours_out=5))
    listed = max(START, letter.sent_at)
    assert clocks(cast) == {"D32": end_of_local_day(local_date(listed) + timedelta(days=3))}
    assert {step.severity for code in ("D32", "D32r", "D32v") for step in RULES[code].steps} == {"info"}
    assert {RULES[code].strength for code in ("D32", "D32r", "D32v")} == {Strength.SHOULD}
    assert post(cast, "doctor", "plan", PLAN | {"wishes": ""}).status_code == 422
    assert post(cast, "doctor", "plan", PLAN | {"interval_days": "40"}).status_code == 422
    assert post(cast, "doctor", "plan", PLAN).status_code == 303
    today = local_date(AT)
    assert clocks(cast) == {
        "D32v": end_of_local_day(today + timedelta(days=3)),
        "D32r": end_of_local_day(today + timedelta(days=7)),
    }
    page = cast["nurse"].client().get(f"/helsetilsyn/{course(cast).pk}/").content.decode()
    for words in ("Hver 3. dag", "vekttap", "formiddagen", "Ute fem timer"):
        assert words in page
    clock_at(monkeypatch, AT + timedelta(days=2))
    post(cast, "nurse", "gjort", {"result": "done"})
    assert course(cast).planned_at == end_of_local_day(today + timedelta(days=5))
    # A week later the doctor reviews: a new plan, and the newest holds.
    clock_at(monkeypatch, AT + timedelta(days=7))
    assert post(cast, "doctor", "plan", PLAN | {"interval_days": "1"}).status_code == 303
    assert clocks(cast)["D32r"] == end_of_local_day(today + timedelta(days=14))
    assert clocks(cast)["D32v"] == end_of_local_day(today + timedelta(days=3))
    with cast["doctor"].acting():
        assert FrequencyPlan.objects.count() == 2


def test_only_a_doctor_plans_and_never_for_somebody_locked_in_all_day(cast):
    taken_on(cast, notice(cast, hours_out=5))
    for who in ("nurse", "health_leader", "duty_leader", "south_doctor"):
        assert post(cast, who, "plan", PLAN).status_code == 404, who
        assert cast[who].client().get(f"/helsetilsyn/{course(cast).pk}/plan/").status_code == 404, who
    assert post(cast, "doctor", "plan", PLAN).status_code == 303


def test_no_plan_takes_the_daily_duty_away(cast):
    taken_on(cast, notice(cast, hours_out=1))
    refused = post(cast, "doctor", "plan", PLAN)
    assert refused.status_code == 422
    assert "D29" in clocks(cast)


@pytest.mark.obligation("R7.1.3-l", "R7.1.3-e")
def test_a_change_of_the_lock_in_switches_between_daily_and_plan_with_its_instant(cast, monkeypatch):
    sent = notice(cast, hours_out=5)
    taken_on(cast, sent)
    assert course(cast).regime == "plan"
    turned = AT + timedelta(hours=6)
    changed(cast, sent, hours_out=1.5, at=turned, kind="exclusion")
    clock_at(monkeypatch, AT + timedelta(hours=7))
    cast["nurse"].client().get("/helsetilsyn/")
    row = course(cast)
    assert (row.regime, row.required, row.hours_out) == ("duty", True, 1.5)
    # The first visit counts from when the lock-in reached 22 hours, not from a start before it.
    assert clocks(cast) == {"D29t": turned + timedelta(hours=12), "D29": turned + timedelta(hours=24)}
    changed(cast, sent, hours_out=6, at=AT + timedelta(hours=8), kind="exclusion")
    clock_at(monkeypatch, AT + timedelta(hours=9))
    page = cast["nurse"].client().get(f"/helsetilsyn/{row.pk}/").content.decode()
    assert set(clocks(cast)) == {"D32"}
    assert "Etter legens plan → Hvert døgn" in page
    assert "23.11.2026 kl. 18.00" in page
    with cast["doctor"].acting():
        kept = [(c.changed_at, c.regime_before, c.regime_after) for c in LockInChange.objects.order_by("changed_at")]
    assert kept == [(turned, "plan", "duty"), (AT + timedelta(hours=8), "duty", "plan")]
    # Reading again keeps nothing twice.
    cast["nurse"].client().get(f"/helsetilsyn/{row.pk}/")
    with cast["doctor"].acting():
        assert LockInChange.objects.count() == 2


@pytest.mark.obligation("R7.1.1-b", "R7.1.1-c")
def test_a_self_isolating_patient_is_motivated_and_told_of_the_harms(cast, monkeypatch):
    taken_on(cast, locked_in(cast, kind="self_isolation", hours_out=0.5))
    assert {"D27h", "D27i"} <= set(clocks(cast))
    assert post(cast, "nurse", "motivasjon", {"kind": "informed", "note": "Fikk brosjyre."}).status_code == 303
    assert "D27i" not in clocks(cast)
    assert (
        post(cast, "nurse", "motivasjon", {"kind": "motivated", "note": "Tilbudt følge til luftegård."}).status_code
        == 303
    )
    assert clocks(cast)["D27h"] == end_of_local_day(local_date(AT) + timedelta(days=7))
    with cast["doctor"].acting():
        assert {row.kind for row in MotivationEntry.objects.all()} == {"informed", "motivated"}
    page = cast["nurse"].client().get(f"/helsetilsyn/{course(cast).pk}/").content.decode()
    assert "Tilbudt følge til luftegård." in page
    assert "Informert om mulige skader av isolasjon" in page


def test_motivation_is_only_for_isolation_that_is_chosen(cast):
    taken_on(cast, locked_in(cast))
    assert "D27h" not in clocks(cast)
    assert post(cast, "nurse", "motivasjon", {"kind": "informed", "note": ""}).status_code == 422


def test_forms_sent_twice_save_once(cast):
    taken_on(cast, locked_in(cast, kind="self_isolation", hours_out=5))
    url, once = f"/helsetilsyn/{course(cast).pk}/", key()
    nurse, doctor = cast["nurse"].client(), cast["doctor"].client()
    for _press in range(2):
        assert nurse.post(f"{url}vurder/", {"key": once, "supervise": "yes", "reason": "Ja."}).status_code == 303
        assert nurse.post(f"{url}motivasjon/", {"key": once, "kind": "informed"}).status_code == 303
        assert doctor.post(f"{url}plan/", PLAN | {"key": once}).status_code == 303
    with cast["doctor"].acting():
        for table in (SupervisionConsideration, MotivationEntry, FrequencyPlan):
            assert table.objects.count() == 1


def test_after_the_end_nothing_is_planned(cast):
    sent = locked_in(cast, hours_out=5)
    letter, _patient = taken_on(cast, sent)
    with cast["duty_leader"].acting():
        pass
    ended(cast, sent, at=letter.sent_at)
    cast["nurse"].client().get("/helsetilsyn/")
    assert clocks(cast) == {}
    assert post(cast, "doctor", "plan", PLAN).status_code == 422


@pytest.mark.obligation("R7.1.3-d")
def test_two_taps_from_the_list_and_from_the_day_with_the_fuller_record_and_advice_beside(cast):
    taken_on(cast, notice(cast))
    nurse, url = cast["nurse"].client(), f"/helsetilsyn/{course(cast).pk}/"
    for page in ("/helsetilsyn/", "/"):
        shown = nurse.get(page).content.decode()
        assert f'action="{url}gjort/?back=' in shown, page
        assert "Tilsyn gjennomført" in shown
        assert f"{url}nytt/" in shown
    assert nurse.post(f"{url}gjort/?back=today", {"key": key(), "result": "done"}).url == "/"
    assert nurse.post(f"{url}gjort/?back=list", {"key": key(), "result": "done"}).url == "/helsetilsyn/"
    assert "/rad/" in nurse.get(url).content.decode()
    # The leader sees the list and the clocks, and logs nothing.
    assert "gjort/" not in cast["health_leader"].client().get("/helsetilsyn/").content.decode()


class TestRules:
    """The pure rules of who is seen how often."""

    @pytest.mark.parametrize(
        ("kind", "daily", "supervise", "regime"),
        [
            ("exclusion", True, None, "duty"),
            ("court_isolation", True, False, "duty"),
            ("exclusion", False, None, "plan"),
            ("de_facto", True, None, "advised"),
            ("self_isolation", True, True, "advised"),
            ("de_facto", False, True, "plan"),
            ("de_facto", True, False, "none"),
        ],
    )
    def test_regimes(self, kind, daily, supervise, regime):
        assert regime_of(kind, daily=daily, supervise=supervise) == regime

    @pytest.mark.parametrize("day", [date(2026, 10, 24), date(2027, 3, 27), date(2026, 11, 23)])
    def test_a_plan_counts_local_dates_over_both_clock_changes(self, day):
        last = at_local(day, 23, 30)
        due = planned_visit(datetime(2026, 1, 1, tzinfo=UTC), 2, last)
        assert local_date(due) == day + timedelta(days=2)
        assert local_date(due + timedelta(microseconds=1)) == day + timedelta(days=3)


def test_the_letter_of_a_lock_in_is_taken_on_like_any_other(cast):
    letter = copy_of(cast, locked_in(cast))
    answer = cast["nurse"].client().post(f"/post/{letter.pk}/pasient/", {"patient": "new"})
    assert answer.url == f"/helsetilsyn/{course(cast).pk}/"
    assert "Innlåst store deler av døgnet" in cast["nurse"].client().get(answer.url).content.decode()
