"""Agreements that the specialist service follows up a patient, on either side, for programs. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists
from coordination.api.fields import Instant, PageQuery, PersonPart, RecordedLine, Words
from coordination.identity import Actor
from follow_up import access
from follow_up.actions import specialist, transfers
from follow_up.api.supervision import TAG, at_course
from follow_up.models import SpecialistCourse


class TransferBody(serializers.Serializer[Any]):
    """Why the specialist service should follow up."""

    reason = Words()
    basis = serializers.ChoiceField(choices=transfers.BASES)


class TransferLine(RecordedLine):
    """An agreement as the municipality keeps it."""

    course_id = serializers.UUIDField()
    trust = serializers.CharField(source="trust.name")
    state = serializers.CharField()
    contact = serializers.CharField(allow_blank=True)
    answered_at = Instant(allow_null=True)
    in_force_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)


class ProposalAnswerBody(serializers.Serializer[Any]):
    """Yes with whom the prison calls, or no with why."""

    accept = serializers.BooleanField()
    contact = Words(max_length=200)
    reason = Words()
    patient = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="One of the trust's own. Null: somebody new."
    )


class SpecialistLine(serializers.Serializer[SpecialistCourse]):
    """The follow-up as the trust keeps it."""

    id = serializers.UUIDField()
    person = PersonPart()
    municipality = serializers.CharField(source="municipality.name")
    state = serializers.CharField()
    daily = serializers.BooleanField()
    contact = serializers.CharField(allow_blank=True)
    in_force_at = Instant(allow_null=True)
    last_visit_at = Instant(allow_null=True)
    due_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)


class SpecialistVisitBody(serializers.Serializer[Any]):
    """A visit made or offered now; what was found stands in the trust's own record."""

    declined = serializers.BooleanField(required=False, default=False)
    note = Words()
    tell = serializers.BooleanField(
        required=False, default=False, help_text="Tell the municipality that the visit was made, and when."
    )


class SpecialistVisitLine(RecordedLine):
    """That it was."""

    course_id = serializers.UUIDField()
    done_at = Instant()
    declined = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)


class Transfers(Door):
    """Agreements of the municipality."""

    @lists("list_transfers", "Avtaler med spesialisthelsetjenesten", TransferLine, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        return self.page(request, access.transfers_for(actor), TransferLine)


class NewTransfer(Door):
    """Proposing one about a patient."""

    @does(
        "propose_transfer",
        "Foreslå at spesialisthelsetjenesten følger opp",
        TransferLine,
        body=TransferBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Propose it; nothing moves before it is put in force. A key seen before returns what it proposed then."""
        actor = at_course(request, pk)
        key, body = key_in(request), given(request, TransferBody)
        return Response(TransferLine(transfers.propose(actor, pk, key=key, at=clock.now(), **body)).data, status=201)


class TransferStart(Door):
    """The beginning of an agreement the trust has said yes to."""

    @does("start_transfer", "La avtalen begynne å gjelde", TransferLine, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Put it in force; prison and trust are told. Twice changes nothing."""
        actor, at = _at_transfer(request, pk), clock.now()
        transfers.read_answers(actor, at=at)
        return Response(TransferLine(transfers.put_in_force(actor, pk, at=at)).data)


class TransferEnd(Door):
    """The end of an agreement."""

    @does("end_transfer", "Avslutt avtalen", TransferLine, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """End it: the municipality is responsible again, and both the others are told. Twice changes nothing."""
        actor = _at_transfer(request, pk)
        return Response(TransferLine(transfers.take_back(actor, pk, at=clock.now())).data)


def _at_transfer(request: Request, pk: UUID) -> Actor:
    actor = actor_in(request)
    access.access_transfer(actor, pk)
    return actor


class SpecialistCourses(Door):
    """The trust's follow-up of patients in isolation."""

    @lists("list_specialist_courses", "Helseforetakets oppfølging av isolerte", SpecialistLine, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        specialist.catch_up(actor, at=clock.now())
        return self.page(request, access.specialist_courses(actor).select_related("person__unit"), SpecialistLine)


class ProposalAnswer(Door):
    """The trust's answer to a proposal."""

    @does(
        "answer_transfer",
        "Svar på forslag om oppfølging",
        SpecialistLine,
        body=ProposalAnswerBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Answer; the first answer stands."""
        actor = actor_in(request)
        access.access_proposal(actor, pk)
        key, body = key_in(request), given(request, ProposalAnswerBody)
        chosen = body.pop("patient")
        row = specialist.answer_proposal(actor, pk, key=key, patient_id=chosen, at=clock.now(), **body)
        return Response(SpecialistLine(access.access_specialist_course(actor, row.pk)).data, status=201)


class SpecialistVisits(Door):
    """Visits by the trust to one patient."""

    @does(
        "record_specialist_visit",
        "Før helseforetakets tilsyn",
        SpecialistVisitLine,
        body=SpecialistVisitBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Record it; a key seen before returns what it recorded then."""
        actor = actor_in(request)
        access.access_specialist_course(actor, pk)
        key, body = key_in(request), given(request, SpecialistVisitBody)
        row = specialist.record_visit(actor, pk, key=key, at=clock.now(), **body)
        return Response(SpecialistVisitLine(row).data, status=201)


urlpatterns = [
    path("transfers/", Transfers.as_view(), name="api_transfers"),
    path("courses/<uuid:pk>/transfers/", NewTransfer.as_view(), name="api_propose_transfer"),
    path("transfers/<uuid:pk>/start/", TransferStart.as_view(), name="api_start_transfer"),
    path("transfers/<uuid:pk>/end/", TransferEnd.as_view(), name="api_end_transfer"),
    path("specialist-courses/", SpecialistCourses.as_view(), name="api_specialist_courses"),
    path("letters/<uuid:pk>/transfer-answer/", ProposalAnswer.as_view(), name="api_answer_transfer"),
    path("specialist-courses/<uuid:pk>/visits/", SpecialistVisits.as_view(), name="api_record_specialist_visit"),
]
