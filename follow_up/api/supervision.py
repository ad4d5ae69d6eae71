"""Supervision by health personnel for programs: courses, visits, recording a visit, and advice to the prison. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from consent import wording
from consent.letters import DANGER_BASES
from coordination.api.declared import Listing, Verb, door
from coordination.api.fields import Instant, PageQuery, PersonPart, Words
from coordination.identity import Actor
from coordination.models import MunicipalPatient, Role
from coordination.people.access import require
from follow_up import access, actions
from follow_up.models import Condition, HealthVisit, SentAdvice, SupervisionCourse
from follow_up.supervision import record_visit

TAG = "Tilsyn av helsepersonell"
#: On what grounds the prison is told more than its own notice asked for.
GROUNDS = ("LB08", "LB02", "LB11")


def at_course(actor: Actor, pk: UUID, *, role: Role | None = None) -> UUID:
    """Return the key of a course of supervision to who gives health care in it, or raise Http404; with `role` to that alone."""
    access.require_clinician(actor)
    require(role is None or actor.has_role(role))
    return access.access_course(actor, pk).pk


class CourseLine(serializers.Serializer[SupervisionCourse]):
    """The supervision that a notice has set going. Clocks only, no clinical words."""

    id = serializers.UUIDField()
    person = PersonPart()
    prison = serializers.CharField(source="prison.name")
    kind = serializers.CharField()
    urgent = serializers.BooleanField()
    required = serializers.BooleanField()  # type: ignore[assignment]  # a field of that name
    regime = serializers.CharField(help_text="duty, advised, plan or none: what decides how often the patient is seen")
    planned_at = Instant(allow_null=True)
    effective_at = Instant()
    first_target_at = Instant()
    due_at = Instant(allow_null=True)
    last_visit_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)


class VisitLine(serializers.Serializer[HealthVisit]):
    """A visit as it was recorded."""

    id = serializers.UUIDField()
    person_id = serializers.UUIDField()
    course_id = serializers.UUIDField(allow_null=True)
    done_at = Instant()
    declined = serializers.BooleanField()
    physical = serializers.CharField(allow_blank=True)
    mental = serializers.CharField(allow_blank=True)
    injuries = serializers.CharField(allow_blank=True)
    hygiene = serializers.CharField()
    temperature = serializers.CharField()
    noise = serializers.CharField()
    light = serializers.CharField()
    ventilation = serializers.CharField()
    activity = serializers.CharField()
    environment_note = serializers.CharField(allow_blank=True)
    referral_considered = serializers.BooleanField(allow_null=True)
    notes = serializers.CharField(allow_blank=True)
    recorded_at = Instant()
    by_name = serializers.CharField()


def _condition() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=Condition.choices, required=False, default=Condition.NOT_LOOKED.value)


class VisitBody(serializers.Serializer[Any]):
    """What was found. A visit the patient declined is recorded as offered."""

    course = serializers.UUIDField(required=False, allow_null=True, default=None)
    done_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    declined = serializers.BooleanField(required=False, default=False)
    physical = Words()
    mental = Words()
    injuries = Words()
    hygiene = _condition()
    temperature = _condition()
    noise = _condition()
    light = _condition()
    ventilation = _condition()
    activity = _condition()
    environment_note = Words()
    referral_considered = serializers.BooleanField(required=False, allow_null=True, default=None)
    notes = Words()
    tell = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Tell the prison that the visit was made, and when, where there is a ground for it.",
    )


class AdviceBody(serializers.Serializer[Any]):
    """Words to weigh, never a decision, and no diagnosis. The ground: the statement on cell or bed, a consent, or weighty interests."""

    advice = serializers.CharField(max_length=8000)
    recommend = serializers.ChoiceField(choices=[code for code, _ in wording.choices_of("health_advice", "recommend")])
    basis = serializers.ChoiceField(choices=GROUNDS)
    consent = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="With LB02.")
    necessity = Words(max_length=2000, help_text="With LB11, at least 20 characters.")


class AdviceLine(serializers.Serializer[SentAdvice]):
    """That advice was sent; what it says stands in its letter."""

    id = serializers.UUIDField()
    person_id = serializers.UUIDField()
    course_id = serializers.UUIDField(allow_null=True)
    letter_id = serializers.UUIDField()
    recorded_at = Instant()
    by_name = serializers.CharField()


class VisitQuery(PageQuery):
    """Which visits."""

    person = serializers.UUIDField(required=False)
    course = serializers.UUIDField(required=False)


class CourseQuery(PageQuery):
    """Which courses."""

    running = serializers.BooleanField(required=False, default=True, help_text="Only those that are going on.")


def _courses(actor: Actor, *, running: bool) -> QuerySet[SupervisionCourse]:
    rows = access.running(actor) if running else access.courses_for(actor)
    return rows.select_related("person__unit", "prison")


def _visits(actor: Actor, **chosen: UUID) -> QuerySet[HealthVisit]:
    return access.visits_for(actor).filter(**{f"{name}_id": pk for name, pk in chosen.items()})


def _visit(
    actor: Actor,
    patient: MunicipalPatient,
    *,
    course: UUID | None,
    done_at: datetime,
    declined: bool,
    tell: bool,
    key: UUID,
    at: datetime,
    **facts: Any,
) -> HealthVisit:
    followed = access.access_course(actor, course) if course else None
    return record_visit(
        actor,
        patient.pk,
        key=key,
        done_at=done_at,
        course=followed,
        declined=declined,
        facts=facts,
        tell=tell,
        at=at,
    )


urlpatterns = [
    path(
        "letters/<uuid:pk>/advice/",
        door(
            TAG,
            post=Verb(
                "send_advice",
                "Gi råd til fengselet",
                AdviceLine,
                may=access.letter_from_prison,
                do=actions.send_advice,
                body=AdviceBody,
                confirmed=lambda said: said["basis"] in DANGER_BASES,
            ),
        ),
        name="api_send_advice",
    ),
    path(
        "courses/",
        door(TAG, get=Listing("list_courses", "Isolerte pasienter som følges opp", CourseLine, _courses, CourseQuery)),
        name="api_courses",
    ),
    path(
        "visits/",
        door(TAG, get=Listing("list_visits", "Tilsyn, de sist registrerte først", VisitLine, _visits, VisitQuery)),
        name="api_visits",
    ),
    path(
        "people/<uuid:pk>/visits/",
        door(
            TAG,
            post=Verb(
                "record_visit",
                "Registrer tilsyn",
                VisitLine,
                may=access.patient_or_404,
                do=_visit,
                body=VisitBody,
                now="done_at",
            ),
        ),
        name="api_record_visit",
    ),
]
