"""Requests for information for programs: asking, and the answer of health personnel. Who may is asked of the actions; holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent import access, actions
from consent.api.letters import LetterLine
from consent.letters import DANGER_BASES, DANGER_REQUEST, INFORMATION_ANSWER, MISSING, REQUESTS, RESULTS, SOUGHT
from consent.models import Letter
from coordination import clock, step_up
from coordination.api.doors import Door, actor_in, among, does, given, key_in
from coordination.api.fields import Words
from coordination.identity import Actor

TAG = "Anmodning"


class InformationRequestBody(serializers.Serializer[Any]):
    """What is asked, of whom, why, and what was tried first."""

    kind = serializers.ChoiceField(choices=REQUESTS)
    recipient = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="The prison's own health service, unless told."
    )
    facts = serializers.CharField(max_length=4000)
    wanted = serializers.CharField(max_length=2000)
    necessity = serializers.CharField(max_length=2000)
    sought = serializers.ChoiceField(choices=list(SOUGHT))
    sought_how = serializers.CharField(max_length=1000)
    informed = serializers.BooleanField(help_text="Whether the person knows of the request.")


class InformationAnswerBody(serializers.Serializer[Any]):
    """One of the three answers. A release names the patient, what is released and the ground; a refusal of a known patient its reason."""

    result = serializers.ChoiceField(choices=list(RESULTS.values()))
    patient = serializers.UUIDField(required=False, allow_null=True, default=None)
    advice = Words(max_length=4000)
    items = serializers.ListField(
        child=serializers.CharField(max_length=1000), max_length=20, required=False, default=list
    )
    basis = serializers.ChoiceField(choices=INFORMATION_ANSWER.bases, required=False, default="LB09")
    necessity = Words(max_length=2000)
    informed = serializers.BooleanField(required=False, default=False)
    reason = Words(max_length=4000, help_text="Of a refusal. The prison never sees it.")
    missing = serializers.ListField(
        child=serializers.ChoiceField(choices=list(MISSING)), max_length=len(MISSING), required=False, default=list
    )


class InformationRequests(Door):
    """Requests about one person."""

    @does(
        "ask_for_information", "Be helsetjenesten om opplysninger", LetterLine, body=InformationRequestBody, status=201, keyed=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Ask; a key seen before returns what it asked then. On danger the session must be confirmed."""
        actor = actor_in(request)
        if not access.named(actor).exists():
            raise Http404
        person = access.access_subject(actor, pk)
        key, body = key_in(request), given(request, InformationRequestBody)
        near = {agency.pk: agency for agency in access.request_partners(actor)}
        chosen = body["recipient"] or next(iter(near), None)
        if body["kind"] == DANGER_REQUEST.code:
            step_up.require(request)
        sent = actions.ask_for_information(
            actor,
            person,
            kind=body["kind"],
            recipient=near[among(chosen, near, "recipient")],
            facts=body["facts"],
            wanted=body["wanted"],
            necessity=body["necessity"],
            sought=body["sought"],
            sought_how=body["sought_how"],
            inmate_informed=body["informed"],
            key=key,
            at=clock.now(),
        )
        return _sent(actor, sent, 201)


class InformationAnswer(Door):
    """The answer to a request."""

    @does(
        "answer_information_request",
        "Svar på en anmodning om opplysninger",
        LetterLine,
        body=InformationAnswerBody,
        tag=TAG,
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Release, decline or ask for more. Answered once; another answer is refused."""
        actor = actor_in(request)
        letter = access.access_request(actor, pk)
        body = given(request, InformationAnswerBody)
        patients = {patient.pk: patient for patient in access.asked_about(actor, letter)}
        patient: Any = patients[among(body["patient"], patients, "patient")] if body["patient"] else None
        if body["result"] == "more":
            return _sent(actor, actions.ask_for_more(actor, letter, missing=body["missing"]))
        if body["result"] == "not_released":
            return _sent(
                actor, actions.decline_request(actor, letter, patient=patient, reason=body["reason"], at=clock.now())
            )
        if patient is None:
            raise serializers.ValidationError({"patient": [_("Velg hvem det gjelder.")]})
        if body["basis"] in DANGER_BASES:
            step_up.require(request)
        offers = access.answer_offers(actor, letter, patient, clock.local_date(clock.now()))
        offer = next((o for o in offers if o.basis.code == body["basis"] and o.verdict.usable), None)
        if offer is None:
            raise serializers.ValidationError({"basis": [_("Dette grunnlaget kan ikke brukes nå.")]})
        return _sent(
            actor,
            actions.release_information(
                actor,
                letter,
                patient,
                advice=body["advice"],
                items=body["items"],
                basis=offer.basis.code,
                consent=offer.proof,
                necessity=body["necessity"],
                inmate_informed=body["informed"],
            ),
        )


def _sent(actor: Actor, letter_id: UUID, status: int = 200) -> Response:
    row = access.own_copy(actor, letter_id, Letter.Direction.OUT)
    assert row is not None  # the postman wrote it in this transaction, or under the same key before
    return Response(LetterLine(row).data, status=status)


urlpatterns = [
    path("people/<uuid:pk>/information-requests/", InformationRequests.as_view(), name="api_information_requests"),
    path("letters/<uuid:pk>/information-answer/", InformationAnswer.as_view(), name="api_information_answer"),
]
