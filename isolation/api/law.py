"""What others decide about a measure, judging it again, and its daily review, for programs. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Verb, door
from coordination.api.fields import Instant, RecordedLine, Words
from coordination.identity import Actor
from isolation import access
from isolation.actions import law, measures, reviews
from isolation.api.common import those
from isolation.api.decisions import OrderBody
from isolation.api.measures import TAG, MeasureWhole
from isolation.law.deadlines import TIMED
from isolation.letters import DECIDERS
from isolation.models import AuthorityStep, CourtOrder, Reassessment


class StepBody(serializers.Serializer[Any]):
    """What somebody outside was told or decided. Which limits and outcomes there are follows from the law of the measure."""

    limit = serializers.ChoiceField(choices=sorted(TIMED))
    outcome = serializers.ChoiceField(choices=AuthorityStep.Outcome.values)
    occurred_at = Instant()
    done_by = Words(max_length=160)
    reference = Words(max_length=60)
    note = Words()


class StepLine(RecordedLine):
    """A step that was recorded."""

    measure_id = serializers.UUIDField()
    limit = serializers.CharField(source="rule")
    authority = serializers.CharField()
    outcome = serializers.CharField()
    occurred_at = Instant()
    done_by = serializers.CharField()
    reference = serializers.CharField(allow_blank=True)
    note = serializers.CharField(allow_blank=True)


class OrderLine(RecordedLine):
    """What the court has ordered."""

    measure_id = serializers.UUIDField()
    court = serializers.CharField()
    reference = serializers.CharField()
    starts_at = Instant()
    ends_at = Instant()
    penalty = serializers.CharField()
    retest_pointless = serializers.BooleanField()
    weighty_reasons = serializers.CharField(allow_blank=True)


class ReassessmentBody(serializers.Serializer[Any]):
    """Whether the grounds remain. A reason that is the last one over again needs `same_reason`."""

    outcome = serializers.ChoiceField(choices=Reassessment.Outcome.values)
    reason = Words()
    mitigation = Words()
    same_reason = serializers.BooleanField(required=False, default=False)


class ReassessmentLine(RecordedLine):
    """A reassessment."""

    measure_id = serializers.UUIDField()
    outcome = serializers.CharField()
    reason = serializers.CharField()
    mitigation = serializers.CharField()
    same_reason = serializers.BooleanField()
    assessed_at = Instant()
    advice_letter = serializers.UUIDField(allow_null=True)


class ReviewBody(serializers.Serializer[Any]):
    """What the warden has learnt of the inmate's condition today."""

    note = Words()


class ReviewLine(RecordedLine):
    """The review of one date."""

    measure_id = serializers.UUIDField()
    day = serializers.DateField()
    note = serializers.CharField()
    deputy_for = serializers.CharField(allow_blank=True)


class ForecastBody(serializers.Serializer[Any]):
    """How long it is now expected to last, counted from its start."""

    expected_hours = serializers.IntegerField(allow_null=True, min_value=1, max_value=measures.MOST_HOURS)
    reason = Words()


class ClosingBody(serializers.Serializer[Any]):
    """Whether something is missing that should be there, and why it is closed all the same."""

    unsettled = serializers.BooleanField(required=False, default=False)
    note = Words()


def _order(actor: Actor, pk: UUID, *, key: UUID, at: datetime, **said: Any) -> CourtOrder:
    return law.register_order(actor, pk, order=law.Order(**said), key=key, at=at)


_DECIDES = those(DECIDERS, access.access_measure)

urlpatterns = [
    path(
        "measures/<uuid:pk>/steps/",
        door(
            TAG,
            post=Verb(
                "record_step",
                "Registrer melding eller avgjørelse utenfra",
                StepLine,
                may=_DECIDES,
                do=law.record_step,
                body=StepBody,
                names={"occurred": "occurred_at"},
            ),
        ),
        name="api_record_step",
    ),
    path(
        "measures/<uuid:pk>/court-orders/",
        door(
            TAG,
            post=Verb(
                "register_court_order",
                "Registrer ny kjennelse",
                OrderLine,
                may=_DECIDES,
                do=_order,
                body=OrderBody,
                names={"ends": "ends_at"},
                more="Register that the court has extended.",
            ),
        ),
        name="api_register_court_order",
    ),
    path(
        "measures/<uuid:pk>/reassessments/",
        door(
            TAG,
            post=Verb(
                "reassess_measure",
                "Vurder et tiltak på nytt",
                ReassessmentLine,
                may=_DECIDES,
                do=reviews.reassess,
                body=ReassessmentBody,
                more="Judge whether it goes on, is eased or ends.",
            ),
        ),
        name="api_reassess_measure",
    ),
    path(
        "measures/<uuid:pk>/review/",
        door(
            TAG,
            put=Verb(
                "review_measure",
                "Før dagens gjennomgang av celle eller seng",
                ReviewLine,
                may=_DECIDES,
                do=reviews.review,
                body=ReviewBody,
                more="Record it; a second one the same date returns the first.",
            ),
        ),
        name="api_review_measure",
    ),
    path(
        "measures/<uuid:pk>/length/",
        door(
            TAG,
            put=Verb(
                "judge_length",
                "Vurder varigheten på nytt",
                MeasureWhole,
                may=_DECIDES,
                do=measures.judge_length,
                body=ForecastBody,
                again=access.access_measure,
                more="Judge it again; the plan's deadline follows.",
            ),
        ),
        name="api_judge_length",
    ),
    path(
        "measures/<uuid:pk>/closing/",
        door(
            TAG,
            put=Verb(
                "close_measure",
                "Lukk protokollen for et avsluttet tiltak",
                MeasureWhole,
                may=_DECIDES,
                do=measures.close,
                body=ClosingBody,
                again=access.access_measure,
            ),
        ),
        name="api_close_measure",
    ),
]
