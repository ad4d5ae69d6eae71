"""Agreements that the specialist service follows up a patient, on either side, for programs. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from consent.models import Letter
from coordination import clock
from coordination.api.declared import Listing, Verb, door
from coordination.api.fields import Instant, PersonPart, RecordedLine, Words
from coordination.identity import Actor
from follow_up import access
from follow_up.actions import specialist, transfers
from follow_up.api.supervision import TAG, at_course
from follow_up.models import SpecialistCourse, SpecialistVisit, SupervisionTransfer


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


def _start(actor: Actor, transfer: SupervisionTransfer, *, at: datetime) -> SupervisionTransfer:
    transfers.read_answers(actor, at=at)
    return transfers.put_in_force(actor, transfer.pk, at=at)


def _end(actor: Actor, transfer: SupervisionTransfer, *, at: datetime) -> SupervisionTransfer:
    return transfers.take_back(actor, transfer.pk, at=at)


def _courses(actor: Actor) -> QuerySet[SpecialistCourse]:
    specialist.catch_up(actor, at=clock.now())
    return access.specialist_courses(actor).select_related("person__unit")


def _answer(actor: Actor, letter: Letter, *, patient: UUID | None, **said: Any) -> SpecialistCourse:
    return specialist.answer_proposal(actor, letter.pk, patient_id=patient, **said)


def _visit(actor: Actor, course: SpecialistCourse, **said: Any) -> SpecialistVisit:
    return specialist.record_visit(actor, course.pk, **said)


urlpatterns = [
    path(
        "transfers/",
        door(
            TAG,
            get=Listing("list_transfers", "Avtaler med spesialisthelsetjenesten", TransferLine, access.transfers_for),
        ),
        name="api_transfers",
    ),
    path(
        "courses/<uuid:pk>/transfers/",
        door(
            TAG,
            post=Verb(
                "propose_transfer",
                "Foreslå at spesialisthelsetjenesten følger opp",
                TransferLine,
                may=at_course,
                do=transfers.propose,
                body=TransferBody,
                more="Propose it; nothing moves before it is put in force.",
            ),
        ),
        name="api_propose_transfer",
    ),
    path(
        "transfers/<uuid:pk>/start/",
        door(
            TAG,
            put=Verb(
                "start_transfer",
                "La avtalen begynne å gjelde",
                TransferLine,
                may=access.access_transfer,
                do=_start,
                more="Put it in force; prison and trust are told. Twice changes nothing.",
            ),
        ),
        name="api_start_transfer",
    ),
    path(
        "transfers/<uuid:pk>/end/",
        door(
            TAG,
            put=Verb(
                "end_transfer",
                "Avslutt avtalen",
                TransferLine,
                may=access.access_transfer,
                do=_end,
                more="End it: the municipality is responsible again, and both the others are told. Twice changes nothing.",
            ),
        ),
        name="api_end_transfer",
    ),
    path(
        "specialist-courses/",
        door(
            TAG,
            get=Listing("list_specialist_courses", "Helseforetakets oppfølging av isolerte", SpecialistLine, _courses),
        ),
        name="api_specialist_courses",
    ),
    path(
        "letters/<uuid:pk>/transfer-answer/",
        door(
            TAG,
            post=Verb(
                "answer_transfer",
                "Svar på forslag om oppfølging",
                SpecialistLine,
                may=access.access_proposal,
                do=_answer,
                body=ProposalAnswerBody,
                again=access.access_specialist_course,
                more="Answer; the first answer stands.",
            ),
        ),
        name="api_answer_transfer",
    ),
    path(
        "specialist-courses/<uuid:pk>/visits/",
        door(
            TAG,
            post=Verb(
                "record_specialist_visit",
                "Før helseforetakets tilsyn",
                SpecialistVisitLine,
                may=access.access_specialist_course,
                do=_visit,
                body=SpecialistVisitBody,
            ),
        ),
        name="api_record_specialist_visit",
    ),
]
