"""Reports of harm, findings about places, and asking the health service, from the prison's side, for programs. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from consent.access import access_letter
from consent.api.letters import LetterLine
from consent.models import Letter
from coordination.api.declared import Verb, door
from coordination.api.fields import Instant, RecordedLine, Words
from coordination.identity import Actor
from coordination.people.access import access_person
from isolation.actions import harm, requests
from isolation.api.common import those
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


def _take_note(actor: Actor, pk: UUID, *, at: datetime) -> Letter:
    return harm.take_note(actor, pk)


def _decide(actor: Actor, letter: Letter, **said: Any) -> HarmDecision:
    return harm.decide_after_harm(actor, letter.pk, **said)


def _answer(actor: Actor, letter: Letter, *, at: datetime, **said: Any) -> Letter:
    return harm.answer_findings(actor, letter.pk, **said)


urlpatterns = [
    path(
        "letters/<uuid:pk>/harm-receipt/",
        door(
            TAG,
            put=Verb(
                "acknowledge_harm",
                "Kvitter for melding om skade",
                LetterLine,
                may=lambda actor, pk: pk,
                do=_take_note,
                again=access_letter,
                more="Acknowledge; the half hour stops, and the two hours to decide run from when it was sent.",
            ),
        ),
        name="api_acknowledge_harm",
    ),
    path(
        "letters/<uuid:pk>/harm-decision/",
        door(
            TAG,
            put=Verb(
                "decide_after_harm",
                "Avgjør etter melding om skade",
                HarmLine,
                may=harm.access_report,
                do=_decide,
                body=HarmBody,
                more="Decide and tell the health service; twice returns the first.",
            ),
        ),
        name="api_decide_after_harm",
    ),
    path(
        "letters/<uuid:pk>/findings-answer/",
        door(
            TAG,
            put=Verb(
                "answer_findings",
                "Svar på funn i omgivelsene",
                LetterLine,
                may=harm.access_findings,
                do=_answer,
                body=FindingsBody,
                again=access_letter,
                more="Answer; twice sends one answer.",
            ),
        ),
        name="api_answer_findings",
    ),
    path(
        "people/<uuid:pk>/advice-requests/",
        door(
            TAG,
            post=Verb(
                "ask_advice",
                "Be helsetjenesten om råd",
                AdviceRequestLine,
                may=those(DECIDERS, access_person),
                do=harm.ask_advice,
                body=AdviceRequestBody,
            ),
        ),
        name="api_ask_advice",
    ),
    path(
        "people/<uuid:pk>/health-checks/",
        door(
            TAG,
            post=Verb(
                "request_health_check",
                "Be helsepersonell komme",
                HealthCheckLine,
                may=those(STAFF, access_person),
                do=requests.pass_on_wish,
                body=HealthCheckBody,
                more="Pass it on at once.",
            ),
        ),
        name="api_request_health_check",
    ),
]
