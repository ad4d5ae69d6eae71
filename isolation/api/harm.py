"""Reports of harm, findings about places, and asking the health service, from the prison's side, for programs. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent.access import access_letter
from consent.api.letters import LetterLine
from coordination import clock
from coordination.api.doors import Door, actor_in, does, given, key_in
from coordination.api.fields import Instant, RecordedLine, Words
from isolation.actions import harm, requests
from isolation.api.common import at_person
from isolation.api.measures import TAG
from isolation.letters import DECIDERS, FINDINGS_RESPONSES, STAFF
from isolation.models import AdviceRequest, HarmDecision, HealthCheckRequest


class HarmBody(serializers.Serializer[Any]):
    """What the prison decides after a report of harm. Later than two hours the region's duty contact must have been rung."""

    outcome = serializers.ChoiceField(choices=HarmDecision.Outcome.values)
    reason = Words()
    steps = Words()
    region_called_at = Instant(required=False, allow_null=True, default=None)
    region_contact = Words(max_length=120)


class HarmLine(RecordedLine):
    """What was decided."""

    measure_id = serializers.UUIDField(allow_null=True)
    report_letter = serializers.UUIDField()
    outcome = serializers.CharField()
    reason = serializers.CharField()
    steps = serializers.CharField(allow_blank=True)
    decided_at = Instant()
    region_called_at = Instant(allow_null=True)
    region_contact = serializers.CharField(allow_blank=True)
    letter_id = serializers.UUIDField()


class FindingsBody(serializers.Serializer[Any]):
    """What is done about findings, and why."""

    response = serializers.ChoiceField(choices=list(FINDINGS_RESPONSES))
    reason = Words()
    steps = Words()


class AdviceRequestBody(serializers.Serializer[Any]):
    """What the prison needs advice on before it decides."""

    about = serializers.ChoiceField(choices=AdviceRequest.About.values)
    question = Words()


class AdviceRequestLine(RecordedLine):
    """That advice was asked for."""

    measure_id = serializers.UUIDField(allow_null=True)
    about = serializers.CharField()
    question = serializers.CharField()
    letter_id = serializers.UUIDField()


class HealthCheckBody(serializers.Serializer[Any]):
    """Why health personnel should come: the inmate's own wish, or an injury with what staff see."""

    reason = serializers.ChoiceField(choices=(HealthCheckRequest.Reason.WISH, HealthCheckRequest.Reason.INJURY))
    note = Words()


class HealthCheckLine(RecordedLine):
    """That they were asked to."""

    measure_id = serializers.UUIDField(allow_null=True)
    reason = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    letter_id = serializers.UUIDField()


class HarmReceipt(Door):
    """The receipt of a report of harm."""

    @does("acknowledge_harm", "Kvitter for melding om skade", LetterLine, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Acknowledge; the half hour stops, and the two hours to decide run from when it was sent."""
        actor = actor_in(request)
        harm.take_note(actor, pk)
        return Response(LetterLine(access_letter(actor, pk)).data)


class HarmAnswer(Door):
    """What the prison decides after a report of harm."""

    @does("decide_after_harm", "Avgjør etter melding om skade", HarmLine, body=HarmBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Decide and tell the health service; twice returns the first."""
        actor = actor_in(request)
        harm.access_report(actor, pk)
        return Response(HarmLine(harm.decide_after_harm(actor, pk, **given(request, HarmBody), at=clock.now())).data)


class FindingsAnswer(Door):
    """The answer to findings about a place."""

    @does("answer_findings", "Svar på funn i omgivelsene", LetterLine, body=FindingsBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Answer; twice sends one answer."""
        actor = actor_in(request)
        harm.access_findings(actor, pk)
        harm.answer_findings(actor, pk, **given(request, FindingsBody))
        return Response(LetterLine(access_letter(actor, pk)).data)


class AdviceRequests(Door):
    """Questions to the health service about one person."""

    @does(
        "ask_advice",
        "Be helsetjenesten om råd",
        AdviceRequestLine,
        body=AdviceRequestBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Ask; a key seen before returns what it asked then."""
        actor = at_person(request, pk, DECIDERS)
        key, body = key_in(request), given(request, AdviceRequestBody)
        return Response(AdviceRequestLine(harm.ask_advice(actor, pk, key=key, at=clock.now(), **body)).data, status=201)


class HealthChecks(Door):
    """Asking health personnel to see one person."""

    @does(
        "request_health_check",
        "Be helsepersonell komme",
        HealthCheckLine,
        body=HealthCheckBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Pass it on at once; a key seen before returns what it passed on then."""
        actor = at_person(request, pk, STAFF)
        key, body = key_in(request), given(request, HealthCheckBody)
        return Response(
            HealthCheckLine(requests.pass_on_wish(actor, pk, key=key, at=clock.now(), **body)).data, status=201
        )


urlpatterns = [
    path("letters/<uuid:pk>/harm-receipt/", HarmReceipt.as_view(), name="api_acknowledge_harm"),
    path("letters/<uuid:pk>/harm-decision/", HarmAnswer.as_view(), name="api_decide_after_harm"),
    path("letters/<uuid:pk>/findings-answer/", FindingsAnswer.as_view(), name="api_answer_findings"),
    path("people/<uuid:pk>/advice-requests/", AdviceRequests.as_view(), name="api_ask_advice"),
    path("people/<uuid:pk>/health-checks/", HealthChecks.as_view(), name="api_request_health_check"),
]
