"""The action plan where suicide is feared: decided in the interview or before its deadline, reviewed, and never rewritten."""

from datetime import timedelta
from uuid import uuid4

import pytest

from coordination.models import Stay
from intake.models import ActionPlanDecision, IntakeInterview
from tests.cast import AT
from tests.intake.interviewing import FEARED, PLAN, counts, open_rules, post, url

pytestmark = pytest.mark.usefixtures("noon")


@pytest.mark.obligation("R5.1.1-g")
class TestActionPlan:
    """Yes or no must be decided where suicide is feared; now, or before the deadline."""

    def test_later_opens_the_deadline_and_deciding_closes_it(self, cast):
        post(cast, FEARED)
        due = open_rules(cast)["D05"]
        assert due.due_at == AT + timedelta(hours=12)
        leader = cast["duty_leader"].client()
        page = leader.get(f"/opphold/{due.subject_id}/tiltaksplan/")
        assert page.status_code == 200
        answer = leader.post(
            f"/opphold/{due.subject_id}/tiltaksplan/",
            {"key": str(uuid4()), "needed": "no", "plan_reason": "Snakket med lege, ingen fare nå."},
        )
        assert answer.status_code == 303
        assert not {"D05", "D05b"} & set(open_rules(cast))

    def test_now_saves_the_plan_and_its_review_within_a_day_while_the_risk_is_high(self, cast):
        saved = post(cast, FEARED | PLAN)
        assert saved.status_code == 303
        review = open_rules(cast)["D05b"]
        assert review.due_at == AT + timedelta(hours=24)
        with cast["officer_b"].acting():
            plan = ActionPlanDecision.objects.get()
            assert plan.needed
            assert plan.interview == IntakeInterview.objects.get()
        shown = cast["officer_b"].client().get(f"/tiltaksplaner/{plan.pk}/").content.decode()
        assert "Tilsyn hvert kvarter" in shown

    def test_a_high_risk_cannot_wait_and_a_lower_one_at_most_seven_days(self, cast):
        late = FEARED | PLAN | {"plan_review_at_0": "25.11.2026", "plan_review_at_1": "12.00"}
        assert post(cast, late).status_code == 422
        assert counts(cast) == (0, 0, 0)
        assert post(cast, late | {"plan_risk": "lower"}).status_code == 303
        beyond = {
            "key": str(uuid4()),
            "needed": "yes",
            **PLAN,
            "plan_risk": "lower",
            "plan_review_at_0": "2.12.2026",
            "plan_review_at_1": "12.00",
        }
        with cast["duty_leader"].acting():
            stay = Stay.objects.get(person_id=cast.people["trompet"])
        assert cast["duty_leader"].client().post(f"/opphold/{stay.pk}/tiltaksplan/", beyond).status_code == 422

    def test_an_officer_may_start_a_plan_but_not_say_that_none_is_needed(self, cast):
        page = cast["officer_b"].client().get(url(cast)).content.decode()
        assert 'name="plan_choice" value="no"' not in page
        refused = post(cast, FEARED | {"plan_choice": "no", "plan_reason": "Ingen grunn."})
        assert refused.status_code == 422
        assert counts(cast) == (0, 0, 0)
        allowed = post(cast, FEARED | {"plan_choice": "no", "plan_reason": "Ingen grunn."}, persona="duty_leader")
        assert allowed.status_code == 303

    @pytest.mark.obligation("R7.2-a")
    def test_every_review_is_a_new_row_so_it_can_be_told_what_was_known_when(self, cast, monkeypatch):
        post(cast, FEARED | PLAN)
        stay = open_rules(cast)["D05b"].subject_id
        monkeypatch.setattr("coordination.clock.now", lambda: AT + timedelta(hours=20))
        leader = cast["duty_leader"].client()
        end = leader.post(
            f"/opphold/{stay}/tiltaksplan/",
            {"key": str(uuid4()), "needed": "no", "plan_reason": "Roligere, eget ønske om fellesskap."},
        )
        shown = leader.get(end.url).content.decode()
        assert "Tilsyn hvert kvarter" in shown
        assert "Roligere, eget ønske om fellesskap." in shown
        with cast["duty_leader"].acting():
            assert ActionPlanDecision.objects.count() == 2

    @pytest.mark.obligation("R5.1.1-f")
    def test_measures_and_who_in_health_was_asked_are_kept_together(self, cast):
        post(cast, FEARED | PLAN)
        with cast["officer_b"].acting():
            plan = ActionPlanDecision.objects.get()
        assert plan.measures == PLAN["plan_measures"]
        assert plan.health_consulted == PLAN["plan_health_consulted"]
