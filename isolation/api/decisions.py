"""Deciding on a measure, ending it, and answering advice, for programs. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, does, given, key_in, naming
from coordination.api.fields import Instant, Words
from coordination.people.access import access_person
from isolation import access
from isolation.actions import measures, requests
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


class NewMeasure(Door):
    """Measures about one person."""

    @does(
        "decide_measure",
        "Treff vedtak om isolasjon og varsle legen",
        MeasureWhole,
        body=MeasureBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Decide and tell the doctor, or neither; a key seen before returns what it decided then."""
        actor = actor_in(request)
        access.require_role(actor, DECIDERS)
        access_person(actor, pk)
        key, body, at = key_in(request), given(request, MeasureBody), clock.now()
        replaces, proposal, order = body.pop("replaces"), body.pop("proposal"), body.pop("order")
        facts = measures.Decision(**{**body, "effective_at": body["effective_at"] or at})
        with naming(effective="effective_at"):
            row = measures.decide(
                actor,
                pk,
                facts=facts,
                key=key,
                replaces=replaces,
                order=measures.Order(**order) if order else None,
                proposal=proposal,
                at=at,
            )
        return Response(MeasureWhole(access.access_measure(actor, row.pk)).data, status=201)


class Ending(Door):
    """The end of a measure."""

    @does("end_measure", "Avslutt et tiltak og si fra til helsetjenesten", MeasureWhole, body=EndBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """End it; twice changes nothing."""
        actor = actor_in(request)
        access.require_role(actor, DECIDERS)
        access.access_measure(actor, pk)
        body, at = given(request, EndBody), clock.now()
        with naming(ended="ended_at"):
            measures.end(actor, pk, **{**body, "ended_at": body["ended_at"] or at}, at=at)
        return Response(MeasureWhole(access.access_measure(actor, pk)).data)


class Answer(Door):
    """The prison's answer to a letter of advice."""

    @does("answer_advice", "Svar på råd fra helsetjenesten", AnswerLine, body=AnswerBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Answer; a letter of advice is answered once, and the first answer stands."""
        actor = actor_in(request)
        requests.access_advice(actor, pk)
        body = given(request, AnswerBody)
        return Response(AnswerLine(requests.answer_advice(actor, pk, **body, at=clock.now())).data)


urlpatterns = [
    path("people/<uuid:pk>/measures/", NewMeasure.as_view(), name="api_decide_measure"),
    path("measures/<uuid:pk>/end/", Ending.as_view(), name="api_end_measure"),
    path("letters/<uuid:pk>/advice-answer/", Answer.as_view(), name="api_answer_advice"),
]
