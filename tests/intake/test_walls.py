"""Admission behind its walls: other units, agencies, worlds and roles see nothing, with something there to see."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction
from django.test.utils import CaptureQueriesContext

from coordination.identity import acting
from coordination.models import Person, Stay
from coordination.people import actions as people
from coordination.person_page import tags_of_many
from intake.actions import Plan, decide_plan, hold_interview
from intake.models import ActionPlanDecision, HealthContactRequest, IntakeInterview
from intake.rules import Answer, Answers, Interpreter, RiskLevel
from tests.cast import AT

TABLES = (IntakeInterview, HealthContactRequest, ActionPlanDecision)
FEARED = Answers(
    suicide_risk=Answer.YES, self_harm=Answer.NO, detox_need=Answer.NO, illness_signs=Answer.NO, mental_health_worry=Answer.NO,
    wishes_health_contact=Answer.NO, description="Gråter.", language="norsk", interpreter=Interpreter.NOT_NEEDED,
)  # fmt: skip


def hold(actor, person_id):
    """Hold an interview with a plan."""
    plan = Plan(needed=True, reason="Gråter.", measures="Oftere tilsyn.", risk=RiskLevel.HIGH)
    return hold_interview(
        actor, person_id, key=uuid4(), answers=FEARED, substance_problem="no", held_at=AT, plan=plan, at=AT
    )


@pytest.fixture
def held(cast, monkeypatch):
    """Give an interview in unit B with everything that follows from it."""
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    with cast["duty_leader"].acting() as actor:
        return hold(actor, cast.people["trompet"])


def doors(cast, held):
    """Return every address of the app about the person."""
    with cast["duty_leader"].acting():
        contact, plan = HealthContactRequest.objects.get(), ActionPlanDecision.objects.get()
    person = cast.people["trompet"]
    return [
        f"/personer/{person}/innkomstsamtale/",
        f"/opphold/{held.stay_id}/innkomstsamtale/",
        f"/innkomstsamtaler/{held.pk}/",
        f"/personer/{person}/kontakt-helsetjenesten/",
        f"/helsekontakter/{contact.pk}/",
        f"/opphold/{held.stay_id}/tiltaksplan/",
        f"/tiltaksplaner/{plan.pk}/",
    ]


@pytest.mark.parametrize(
    "persona",
    ["officer", "south_officer", "south_duty_leader", "nurse", "health_leader", "trust_intake", "prison_admin"],
)
def test_hidden_is_not_found(cast, held, persona):
    client = cast[persona].client()
    for door in doors(cast, held):
        assert client.get(door).status_code == 404, door
    assert client.post(doors(cast, held)[0], {"key": str(uuid4())}).status_code == 404


def test_those_who_may_see_it_do(cast, held):
    client = cast["officer_b"].client()
    for door in doors(cast, held):
        assert client.get(door).status_code in (200, 302), door
    reader = cast["warden"].client()
    assert reader.get(f"/innkomstsamtaler/{held.pk}/").status_code == 200
    assert reader.get(f"/opphold/{held.stay_id}/tiltaksplan/").status_code == 200
    assert (
        reader.post(
            f"/opphold/{held.stay_id}/tiltaksplan/", {"key": str(uuid4()), "needed": "no", "plan_reason": "x"}
        ).status_code
        == 404
    )


@pytest.mark.parametrize("persona", ["officer", "south_duty_leader"])
def test_other_units_and_prisons_read_no_row(cast, held, persona):
    with cast[persona].acting():
        assert [table.objects.count() for table in TABLES] == [0, 0, 0]
    with cast["officer_b"].acting():
        assert [table.objects.count() for table in TABLES] == [1, 1, 1]


@pytest.mark.parametrize("persona", ["nurse", "doctor", "trust_intake"])
def test_health_has_no_privilege_on_the_prisons_tables(cast, held, persona):
    for table in TABLES:
        with acting(cast[persona].token), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            table.objects.count()


def admit_many(cast, how_many):
    """Admit more people to unit B, each with an interview and a plan."""
    with cast["duty_leader"].acting() as actor:
        for number in range(how_many):
            person = people.register_person(
                actor, unit=cast.units["north_b"], number=f"M-{number}", family_name=f"Mange{number}", given_name="Rad",
                birth_date=AT.date().replace(year=1990), at=AT,
            )  # fmt: skip
            people.admit(
                actor,
                person,
                legal_status="convicted",
                security_level="high",
                admitted_at=AT,
                expected_release_on=None,
                at=AT,
            )
            hold(actor, person.pk)


def test_the_tags_of_thirty_cost_as_many_queries_as_of_one(cast, held):
    def queries():
        with cast["officer_b"].acting() as actor:
            rows = list(Person.objects.all())
            with CaptureQueriesContext(connections["default"]) as captured:
                found = tags_of_many(actor, rows)
        return len(captured), sum("Tiltaksplan – høy risiko" in [tag.text for tag in tags] for tags in found.values())

    few, one = queries()
    admit_many(cast, 29)
    many, thirty = queries()
    assert (one, thirty) == (1, 30)
    assert few == many


def test_the_pages_cost_the_same_with_a_long_history(cast, held):
    def queries(door):
        client = cast["duty_leader"].client()
        client.get(door)
        with CaptureQueriesContext(connections["default"]) as captured:
            assert client.get(door).status_code == 200
        return len(captured)

    door = f"/opphold/{held.stay_id}/tiltaksplan/"
    before = queries(door)
    with cast["duty_leader"].acting() as actor:
        stay = Stay.objects.get(pk=held.stay_id)
        for _number in range(29):
            plan = Plan(needed=True, reason="Fortsatt urolig.", measures="Oftere tilsyn.", risk=RiskLevel.HIGH)
            decide_plan(actor, stay, key=uuid4(), plan=plan, at=AT)
        newest = ActionPlanDecision.objects.order_by("-recorded_at", "-id").first()
    assert queries(door) == before
    assert queries(f"/tiltaksplaner/{newest.pk}/") <= before
