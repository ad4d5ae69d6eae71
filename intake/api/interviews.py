"""Admission interviews for programs: those that were held, and holding one. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.fields import Instant, Part, Words
from coordination.identity import Actor
from coordination.people.access import access_person, require
from intake import access
from intake.actions.interviews import hold_interview
from intake.actions.plans import Plan
from intake.models import IntakeInterview, YesNo
from intake.rules import Answer, Answers, Interpreter, RiskLevel

TAG = "Innkomst"
#: The answers the rules weigh, in the order of the page.
ANSWERS = (
    *("suicide_risk", "self_harm", "detox_need", "illness_signs"),
    *("mental_health_worry", "wishes_health_contact"),
)


class InterviewLine(serializers.Serializer[IntakeInterview]):
    """An interview as it was saved. The newest of a stay holds."""

    id = serializers.UUIDField()
    person_id = serializers.UUIDField()
    stay_id = serializers.UUIDField()
    held_at = Instant()
    suicide_risk = serializers.CharField()
    self_harm = serializers.CharField()
    detox_need = serializers.CharField()
    illness_signs = serializers.CharField()
    mental_health_worry = serializers.CharField()
    wishes_health_contact = serializers.CharField()
    substance_problem = serializers.CharField()
    minor = serializers.BooleanField()
    observation = serializers.CharField(allow_blank=True)
    language = serializers.CharField()
    interpreter = serializers.CharField()
    concerns = serializers.ListField(child=serializers.CharField())
    complete = serializers.BooleanField(help_text="False when no interpreter was found: it must be held again.")
    supersedes = serializers.UUIDField(allow_null=True)
    health_contact_id = serializers.UUIDField(allow_null=True, help_text="What was sent to the health service.")
    recorded_at = Instant()
    by_name = serializers.CharField()


def _answer() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=[a.value for a in Answer], required=False, allow_null=True, default=None)


class PlanPart(Part):
    """Yes or no to an action plan. Without measures and risk a yes says nothing; a no needs its reason."""

    needed = serializers.BooleanField()
    reason = Words(max_length=4000)
    measures = Words(max_length=4000)
    risk = serializers.ChoiceField(choices=[r.value for r in RiskLevel], required=False, allow_null=True, default=None)
    review_at = Instant(required=False, allow_null=True, default=None, help_text="Null: the latest that is allowed.")
    health_consulted = Words(max_length=200)


class InterviewBody(serializers.Serializer[Any]):
    """What was answered. What is not answered is told of as missing; an "uncertain" counts as a yes."""

    suicide_risk = _answer()
    self_harm = _answer()
    detox_need = _answer()
    illness_signs = _answer()
    mental_health_worry = _answer()
    wishes_health_contact = _answer()
    substance_problem = serializers.ChoiceField(choices=YesNo.values)
    observation = Words(max_length=4000)
    language = Words(max_length=60)
    interpreter = serializers.ChoiceField(
        choices=[i.value for i in Interpreter], required=False, allow_null=True, default=None
    )
    held_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    plan = PlanPart(required=False, allow_null=True, default=None, help_text="Null: decided later.")


def _answers(body: dict[str, Any]) -> Answers:
    given_answers = {name: Answer(body[name]) if body[name] else None for name in ANSWERS}
    return Answers(
        **given_answers,
        description=body["observation"],
        language=body["language"],
        interpreter=Interpreter(body["interpreter"]) if body["interpreter"] else None,
    )


def plan_of(part: dict[str, Any]) -> Plan:
    """Return a decision on an action plan as the verbs take it."""
    return Plan(**{**part, "risk": RiskLevel(part["risk"]) if part["risk"] else None})


def _interviews(actor: Actor, pk: UUID) -> QuerySet[IntakeInterview]:
    access.require_custody(actor)
    return access.interviews_for(actor).filter(person_id=access_person(actor, pk).pk)


def _person(actor: Actor, pk: UUID) -> UUID:
    require(access.may_interview(actor))
    access_person(actor, pk)
    return pk


def _hold(actor: Actor, pk: UUID, *, key: UUID, at: datetime, **said: Any) -> IntakeInterview:
    return hold_interview(
        actor,
        pk,
        key=key,
        answers=_answers(said),
        substance_problem=said["substance_problem"],
        held_at=said["held_at"],
        plan=plan_of(said["plan"]) if said["plan"] else None,
        at=at,
    )


urlpatterns = [
    path(
        "people/<uuid:pk>/interviews/",
        door(
            TAG,
            get=Listing("list_interviews", "Innkomstsamtaler med en person", InterviewLine, _interviews),
            post=Verb(
                "hold_interview",
                "Lagre en innkomstsamtale, og send den til helsetjenesten når noe gir grunn til det",
                InterviewLine,
                may=_person,
                do=_hold,
                body=InterviewBody,
                now="held_at",
                names={f"plan_{name}": f"plan.{name}" for name in PlanPart().fields},
                more="Save and send, or neither.",
            ),
        ),
        name="api_interviews",
    ),
    path(
        "interviews/<uuid:pk>/",
        door(TAG, get=Reading("get_interview", "Én innkomstsamtale", InterviewLine, access.access_interview)),
        name="api_interview",
    ),
]
