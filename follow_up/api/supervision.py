"""Supervision by health personnel for programs: courses, visits, recording a visit, and advice to the prison. Holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent import wording
from consent.letters import DANGER_BASES
from coordination import clock, step_up
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists
from coordination.api.fields import Instant, PageQuery, PersonPart, Words
from coordination.identity import Actor
from coordination.models import Role
from follow_up import access, actions
from follow_up.models import Condition, HealthVisit, SentAdvice, SupervisionCourse
from follow_up.supervision import record_visit

TAG = "Tilsyn av helsepersonell"
#: On what grounds the prison is told more than its own notice asked for.
GROUNDS = ("LB08", "LB02", "LB11")


def at_course(request: Request, pk: UUID, *roles: Role) -> Actor:
    """Return who gives health care in a course of supervision, or raise Http404; with `roles` only those."""
    actor = actor_in(request)
    access.require_clinician(actor)
    if roles and not actor.has_role(*roles):
        raise Http404
    access.access_course(actor, pk)
    return actor


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


class Courses(Door):
    """Courses of supervision."""

    @lists("list_courses", "Isolerte pasienter som følges opp", CourseLine, query=CourseQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor, query = actor_in(request), asked(request, CourseQuery)
        rows = access.running(actor) if query["running"] else access.courses_for(actor)
        return self.page(request, rows.select_related("person__unit", "prison"), CourseLine)


class Visits(Door):
    """Visits that were made or offered."""

    @lists("list_visits", "Tilsyn, de sist registrerte først", VisitLine, query=VisitQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor, query = actor_in(request), asked(request, VisitQuery)
        chosen = {f"{name}_id": query[name] for name in ("person", "course") if name in query}
        return self.page(request, access.visits_for(actor).filter(**chosen), VisitLine)


class NewVisit(Door):
    """Visits to one patient."""

    @does("record_visit", "Registrer tilsyn", VisitLine, body=VisitBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Record a visit; a key seen before returns what it recorded then."""
        actor = actor_in(request)
        patient = access.patient_or_404(actor, pk)
        key, body = key_in(request), given(request, VisitBody)
        at, course = clock.now(), body.pop("course")
        done_at, declined, tell = body.pop("done_at") or at, body.pop("declined"), body.pop("tell")
        row = record_visit(
            actor,
            patient.pk,
            key=key,
            done_at=done_at,
            course=access.access_course(actor, course) if course else None,
            declined=declined,
            facts=body,
            tell=tell,
            at=at,
        )
        return Response(VisitLine(row).data, status=201)


class Advice(Door):
    """Advice in reply to a letter from the prison."""

    @does("send_advice", "Gi råd til fengselet", AdviceLine, body=AdviceBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Send it; a key seen before returns what it sent then."""
        actor = actor_in(request)
        letter = access.letter_from_prison(actor, pk)
        key, body = key_in(request), given(request, AdviceBody)
        if body["basis"] in DANGER_BASES:
            step_up.require(request)
        return Response(
            AdviceLine(actions.send_advice(actor, letter, key=key, at=clock.now(), **body)).data, status=201
        )


urlpatterns = [
    path("letters/<uuid:pk>/advice/", Advice.as_view(), name="api_send_advice"),
    path("courses/", Courses.as_view(), name="api_courses"),
    path("visits/", Visits.as_view(), name="api_visits"),
    path("people/<uuid:pk>/visits/", NewVisit.as_view(), name="api_record_visit"),
]
