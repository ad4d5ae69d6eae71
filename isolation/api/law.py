"""What others decide about a measure, judging it again, and its daily review, for programs. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, does, given, key_in, naming
from coordination.api.fields import Instant, RecordedLine, Words
from isolation import access
from isolation.actions import law, measures, reviews
from isolation.api.common import at_measure
from isolation.api.decisions import OrderBody
from isolation.api.measures import TAG, MeasureWhole
from isolation.law.deadlines import TIMED
from isolation.letters import DECIDERS
from isolation.models import AuthorityStep, Reassessment


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


class Steps(Door):
    """What others were told or decided."""

    @does(
        "record_step",
        "Registrer melding eller avgjørelse utenfra",
        StepLine,
        body=StepBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Record it; a key seen before returns what it recorded then."""
        actor = at_measure(request, pk, DECIDERS)
        key, body = key_in(request), given(request, StepBody)
        with naming(occurred="occurred_at"):
            row = law.record_step(actor, pk, key=key, at=clock.now(), **body)
        return Response(StepLine(row).data, status=201)


class Orders(Door):
    """Court orders of one measure."""

    @does("register_court_order", "Registrer ny kjennelse", OrderLine, body=OrderBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Register that the court has extended; a key seen before returns what it registered then."""
        actor = at_measure(request, pk, DECIDERS)
        key, body = key_in(request), given(request, OrderBody)
        with naming(ends="ends_at"):
            row = law.register_order(actor, pk, order=law.Order(**body), key=key, at=clock.now())
        return Response(OrderLine(row).data, status=201)


class Reassessments(Door):
    """Judging a measure again."""

    @does(
        "reassess_measure",
        "Vurder et tiltak på nytt",
        ReassessmentLine,
        body=ReassessmentBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Judge whether it goes on, is eased or ends; a key seen before returns what it judged then."""
        actor = at_measure(request, pk, DECIDERS)
        key, body = key_in(request), given(request, ReassessmentBody)
        return Response(ReassessmentLine(reviews.reassess(actor, pk, key=key, at=clock.now(), **body)).data, status=201)


class Review(Door):
    """Today's look at somebody in a cell or bed."""

    @does("review_measure", "Før dagens gjennomgang av celle eller seng", ReviewLine, body=ReviewBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Record it; a second one the same date returns the first."""
        actor = at_measure(request, pk, DECIDERS)
        return Response(ReviewLine(reviews.review(actor, pk, **given(request, ReviewBody), at=clock.now())).data)


class Length(Door):
    """How long a measure is expected to last."""

    @does("judge_length", "Vurder varigheten på nytt", MeasureWhole, body=ForecastBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Judge it again; the plan's deadline follows."""
        actor = at_measure(request, pk, DECIDERS)
        measures.judge_length(actor, pk, **given(request, ForecastBody), at=clock.now())
        return Response(MeasureWhole(access.access_measure(actor, pk)).data)


class Closing(Door):
    """The protocol of a measure that has ended."""

    @does("close_measure", "Lukk protokollen for et avsluttet tiltak", MeasureWhole, body=ClosingBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Close it; twice changes nothing."""
        actor = at_measure(request, pk, DECIDERS)
        measures.close(actor, pk, **given(request, ClosingBody), at=clock.now())
        return Response(MeasureWhole(access.access_measure(actor, pk)).data)


urlpatterns = [
    path("measures/<uuid:pk>/steps/", Steps.as_view(), name="api_record_step"),
    path("measures/<uuid:pk>/court-orders/", Orders.as_view(), name="api_register_court_order"),
    path("measures/<uuid:pk>/reassessments/", Reassessments.as_view(), name="api_reassess_measure"),
    path("measures/<uuid:pk>/review/", Review.as_view(), name="api_review_measure"),
    path("measures/<uuid:pk>/length/", Length.as_view(), name="api_judge_length"),
    path("measures/<uuid:pk>/closing/", Closing.as_view(), name="api_close_measure"),
]
