"""Patients of the municipality for programs: taken on from a letter, consulted at admission, and the trust's visit told. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from consent.models import Letter
from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.doors import among
from coordination.api.fields import Instant, RecordedLine, Words
from coordination.api.people import PersonLine
from coordination.identity import Actor
from coordination.models.people import Named
from follow_up import access, actions
from follow_up.api.supervision import TAG
from follow_up.models import HealthAdmissionConsultation, SupervisionCourse
from follow_up.supervision import telling

DANGERS = [code for code in HealthAdmissionConsultation.Danger.values if code]


class TakeOnBody(serializers.Serializer[Any]):
    """Whom a letter is about."""

    patient = serializers.UUIDField(
        allow_null=True, help_text="One of the own who may be meant. Null: somebody new, from the letter's own facts."
    )


class ConsultationBody(serializers.Serializer[Any]):
    """What came of the offer, and what was found."""

    outcome = serializers.ChoiceField(choices=HealthAdmissionConsultation.Outcome.values)
    held_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    suicide_danger = serializers.ChoiceField(choices=DANGERS, required=False, allow_blank=True, default="")
    suicide_note = Words()
    needs = Words()
    mental_health = Words()
    substance_use = Words()
    detoxification = Words()
    treatment_before = Words()
    wants_to_continue = serializers.BooleanField(required=False, allow_null=True, default=None)
    medication = Words()
    notes = Words()


class ConsultationLine(RecordedLine):
    """A consultation as it was recorded."""

    outcome = serializers.CharField()
    held_at = Instant()
    suicide_danger = serializers.CharField(allow_blank=True)
    suicide_note = serializers.CharField(allow_blank=True)
    needs = serializers.CharField(allow_blank=True)
    mental_health = serializers.CharField(allow_blank=True)
    substance_use = serializers.CharField(allow_blank=True)
    detoxification = serializers.CharField(allow_blank=True)
    treatment_before = serializers.CharField(allow_blank=True)
    wants_to_continue = serializers.BooleanField(allow_null=True)
    medication = serializers.CharField(allow_blank=True)
    notes = serializers.CharField(allow_blank=True)


class TrustVisitLine(serializers.Serializer[Any]):
    """The trust's last visit as the municipality knows it; no instant where there is none."""

    visited_at = Instant(allow_null=True)
    told = serializers.BooleanField(help_text="Whether the prison has heard of it.")


def _take_on(actor: Actor, letter: Letter, *, patient: UUID | None, at: datetime) -> Named:
    if letter.person_id is not None and patient in (None, letter.person_id):
        return access.patient_or_404(actor, letter.person_id)
    if patient is not None:
        among(patient, {row.pk for row in access.known_as(actor, letter)}, "patient")
    return actions.take_on(actor, letter.pk, patient_id=patient, at=at)


def _consultations(actor: Actor, pk: UUID) -> Any:
    return access.consultations_for(actor).filter(person_id=access.patient_or_404(actor, pk).pk)


def _consult(
    actor: Actor, patient: Named, *, key: UUID, outcome: str, held_at: datetime, at: datetime, **facts: Any
) -> HealthAdmissionConsultation:
    return actions.record_consultation(actor, patient.pk, key=key, outcome=outcome, held_at=held_at, facts=facts, at=at)


def _course(actor: Actor, pk: UUID) -> SupervisionCourse:
    access.require_clinician(actor)
    return access.access_course(actor, pk)


def _last_visit(actor: Actor, course: SupervisionCourse) -> Any:
    transfer = access.transfers_for(actor).filter(course=course).first()
    return telling.last_of_trust(actor, course, transfer) or {"visited_at": None, "told": False}


def _pass_on(actor: Actor, course: SupervisionCourse, *, at: datetime) -> Any:
    telling.pass_on(actor, course.pk, at=at)
    return _last_visit(actor, course)


urlpatterns = [
    path(
        "letters/<uuid:pk>/patient/",
        door(
            TAG,
            put=Verb(
                "take_on",
                "Knytt et brev til en pasient, og kvitter for det",
                PersonLine,
                may=access.letter_from_prison,
                do=_take_on,
                body=TakeOnBody,
            ),
        ),
        name="api_take_on",
    ),
    path(
        "people/<uuid:pk>/consultations/",
        door(
            TAG,
            get=Listing("list_consultations", "Innkomstkonsultasjoner", ConsultationLine, _consultations),
            post=Verb(
                "record_consultation",
                "Registrer innkomstkonsultasjon",
                ConsultationLine,
                may=access.patient_or_404,
                do=_consult,
                body=ConsultationBody,
                now="held_at",
            ),
        ),
        name="api_consultations",
    ),
    path(
        "courses/<uuid:pk>/trust-visit/",
        door(
            TAG,
            get=Reading(
                "get_trust_visit",
                "Helseforetakets siste tilsyn",
                TrustVisitLine,
                lambda actor, pk: _last_visit(actor, _course(actor, pk)),
            ),
            put=Verb(
                "tell_trust_visit",
                "Si fra til fengselet om helseforetakets siste tilsyn",
                TrustVisitLine,
                may=_course,
                do=_pass_on,
            ),
        ),
        name="api_trust_visit",
    ),
]
