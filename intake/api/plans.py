"""Yes or no to an action plan for programs: every decision, and a new one. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Verb, door
from coordination.api.fields import Instant, RecordedLine
from coordination.identity import Actor
from coordination.models import Stay
from coordination.people.access import access_open_stay, access_person, require
from intake import access
from intake.actions.plans import decide_plan
from intake.api.interviews import TAG, PlanPart, plan_of
from intake.models import ActionPlanDecision


class ActionPlanLine(RecordedLine):
    """A decision; the newest of a stay holds."""

    stay_id = serializers.UUIDField()
    interview_id = serializers.UUIDField(allow_null=True)
    decided_at = Instant()
    needed = serializers.BooleanField()
    reason = serializers.CharField()
    measures = serializers.CharField(allow_blank=True)
    risk = serializers.CharField(allow_blank=True)
    review_at = Instant(allow_null=True)
    health_consulted = serializers.CharField(allow_blank=True)


def _decisions(actor: Actor, pk: UUID) -> Any:
    access.require_custody(actor)
    return access.decisions_for(actor).filter(person_id=access_person(actor, pk).pk)


def _stay(actor: Actor, pk: UUID) -> Stay:
    require(access.may_interview(actor))
    return access_open_stay(actor, pk)


def _decide(actor: Actor, stay: Stay, *, key: UUID, at: datetime, **said: Any) -> ActionPlanDecision:
    return decide_plan(actor, stay, key=key, plan=plan_of(said), at=at)


urlpatterns = [
    path(
        "people/<uuid:pk>/action-plans/",
        door(
            TAG,
            get=Listing("list_action_plans", "Vurderinger av tiltaksplan", ActionPlanLine, _decisions),
            post=Verb(
                "decide_action_plan",
                "Avgjør om det trengs en tiltaksplan, eller vurder den på nytt",
                ActionPlanLine,
                may=_stay,
                do=_decide,
                body=PlanPart,
                names={f"plan_{name}": str(name) for name in PlanPart().fields},
            ),
        ),
        name="api_action_plans",
    )
]
