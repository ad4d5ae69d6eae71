"""Deciding on a measure, ending it, and answering advice, for programs. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from consent.models import Letter
from coordination.api.declared import Verb, door
from coordination.api.fields import Instant, Words
from coordination.identity import Actor
from coordination.people.access import access_person
from isolation import access
from isolation.actions import measures, requests
from isolation.api.common import those
from isolation.api.measures import TAG, MeasureWhole
from isolation.letters import DECIDERS
from isolation.models import AdviceAnswer, EndReason, Measure, MeasureKind
from isolation.models.measures import Extent, Vulnerability
from isolation.rules.court import Penalty
from isolation.rules.kinds import CoerciveGround, CourtGround, ExclusionGround, ImmediateGround

GROUNDS = [
    ground.value for grounds in (ExclusionGround, CoerciveGround, ImmediateGround, CourtGround) for ground in grounds
]


class OrderBody(serializers.Serializer[Any]):
    """What the court has ordered (strpl § 186 a)."""

    court = Words()
    reference = Words()
    ends_at = Instant()
    penalty = serializers.ChoiceField(choices=[penalty.value for penalty in Penalty])
    retest_pointless = serializers.BooleanField(required=False, default=False)
    weighty_reasons = Words()


class MeasureBody(serializers.Serializer[Any]):
    """What a decision says. Which fields are needed, and which grounds the law knows, follows from the kind and the person's age."""

    kind = serializers.ChoiceField(choices=MeasureKind.values)
    extent = serializers.ChoiceField(choices=Extent.values, required=False, allow_blank=True, default="")
    grounds = serializers.ListField(child=serializers.ChoiceField(choices=GROUNDS), max_length=len(GROUNDS))
    effective_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    necessity = Words()
    less_intrusive = Words()
    partial_considered = Words()
    best_interests = Words()
    team_statement = serializers.ChoiceField(
        choices=Measure.TeamStatement.values, required=False, allow_blank=True, default=""
    )
    team_text = Words()
    circumstances = Words()
    signs_of_illness = serializers.BooleanField(required=False, default=False)
    vulnerabilities = serializers.ListField(
        child=serializers.ChoiceField(choices=Vulnerability.values), required=False, default=list, max_length=6
    )
    expected_hours = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=measures.MOST_HOURS
    )
    hours_out_per_day = serializers.DecimalField(max_digits=4, decimal_places=2, min_value=0, max_value=24)
    force_used = serializers.BooleanField()
    force_note = Words()
    statement = serializers.ChoiceField(choices=Measure.Statement.values, required=False, allow_blank=True, default="")
    statement_text = Words()
    notice_reason = Words()
    replaces = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The running measure this one takes over from."
    )
    proposal = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The proposal this decision answers."
    )
    order = OrderBody(required=False, allow_null=True, default=None, help_text="With court isolation only.")


class EndBody(serializers.Serializer[Any]):
    """When and why a measure ended."""

    ended_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    reason = serializers.ChoiceField(choices=[r for r in EndReason.values if r != EndReason.REPLACED])
    note = Words()


class AnswerBody(serializers.Serializer[Any]):
    """Whether advice is followed, and why."""

    response = serializers.ChoiceField(choices=AdviceAnswer.Response.values)
    reason = Words()
    steps = Words()


class AnswerLine(serializers.Serializer[AdviceAnswer]):
    """An answer that was sent."""

    id = serializers.UUIDField()
    person_id = serializers.UUIDField()
    measure_id = serializers.UUIDField(allow_null=True)
    advice_letter = serializers.UUIDField()
    response = serializers.CharField()
    reason = serializers.CharField()
    steps = serializers.CharField(allow_blank=True)
    letter_id = serializers.UUIDField()
    recorded_at = Instant()
    by_name = serializers.CharField()


def _decide(
    actor: Actor,
    pk: UUID,
    *,
    replaces: UUID | None,
    proposal: UUID | None,
    order: dict[str, Any] | None,
    key: UUID,
    at: datetime,
    **said: Any,
) -> Measure:
    ordered = measures.Order(**order) if order else None
    return measures.decide(
        actor,
        pk,
        facts=measures.Decision(**said),
        key=key,
        replaces=replaces,
        order=ordered,
        proposal=proposal,
        at=at,
    )


def _answer(actor: Actor, letter: Letter, **said: Any) -> AdviceAnswer:
    return requests.answer_advice(actor, letter.pk, **said)


urlpatterns = [
    path(
        "people/<uuid:pk>/measures/",
        door(
            TAG,
            post=Verb(
                "decide_measure",
                "Treff vedtak om isolasjon og varsle legen",
                MeasureWhole,
                may=those(DECIDERS, access_person),
                do=_decide,
                body=MeasureBody,
                again=access.access_measure,
                now="effective_at",
                names={"effective": "effective_at"},
                more="Decide and tell the doctor, or neither.",
            ),
        ),
        name="api_decide_measure",
    ),
    path(
        "measures/<uuid:pk>/end/",
        door(
            TAG,
            put=Verb(
                "end_measure",
                "Avslutt et tiltak og si fra til helsetjenesten",
                MeasureWhole,
                may=those(DECIDERS, access.access_measure),
                do=measures.end,
                body=EndBody,
                again=access.access_measure,
                now="ended_at",
                names={"ended": "ended_at"},
            ),
        ),
        name="api_end_measure",
    ),
    path(
        "letters/<uuid:pk>/advice-answer/",
        door(
            TAG,
            put=Verb(
                "answer_advice",
                "Svar på råd fra helsetjenesten",
                AnswerLine,
                may=requests.access_advice,
                do=_answer,
                body=AnswerBody,
                more="Answer; a letter of advice is answered once, and the first answer stands.",
            ),
        ),
        name="api_answer_advice",
    ),
]
