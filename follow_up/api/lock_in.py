"""Whether and how often a patient locked in is seen, and what they are told, for programs. Holds no rule, and no say over the lock-in."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, asked, does, given, key_in, lists
from coordination.api.fields import Instant, PageQuery, RecordedLine, Words
from coordination.models import Role
from follow_up.actions import lock_in
from follow_up.api.supervision import TAG, at_course
from follow_up.models import MotivationEntry


class SupervisionBody(serializers.Serializer[Any]):
    """Whether somebody isolated without a decision is seen by health personnel, and why."""

    supervise = serializers.BooleanField()
    reason = Words()


class SupervisionLine(RecordedLine):
    """What was considered; the newest holds."""

    course_id = serializers.UUIDField()
    supervise = serializers.BooleanField()
    reason = serializers.CharField()
    considered_at = Instant()


class FrequencyBody(serializers.Serializer[Any]):
    """How often a patient is seen, fitted to four things."""

    interval_days = serializers.IntegerField(min_value=1, max_value=31)
    health = Words()
    age = Words()
    wishes = Words()
    degree = Words()


class FrequencyLine(RecordedLine):
    """A doctor's plan; the newest holds."""

    course_id = serializers.UUIDField()
    interval_days = serializers.IntegerField()
    health = serializers.CharField()
    age = serializers.CharField()
    wishes = serializers.CharField()
    degree = serializers.CharField()
    planned_at = Instant()
    review_at = Instant()


class MotivationBody(serializers.Serializer[Any]):
    """That a patient was motivated, or told of the possible harms."""

    kind = serializers.ChoiceField(choices=MotivationEntry.Kind.values)
    done_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    note = Words()


class MotivationLine(RecordedLine):
    """That it was done."""

    course_id = serializers.UUIDField()
    kind = serializers.CharField()
    done_at = Instant()
    note = serializers.CharField(allow_blank=True)


class Considerations(Door):
    """Whether a patient gets supervision."""

    @does(
        "consider_course",
        "Vurder tilsyn uten vedtak",
        SupervisionLine,
        body=SupervisionBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Consider it; a key seen before returns what it considered then."""
        actor = at_course(request, pk)
        key, body = key_in(request), given(request, SupervisionBody)
        return Response(SupervisionLine(lock_in.consider(actor, pk, key=key, at=clock.now(), **body)).data, status=201)


class Frequencies(Door):
    """A doctor's plan for the visits to one patient."""

    @does(
        "plan_frequency",
        "Planlegg hvor ofte pasienten får tilsyn",
        FrequencyLine,
        body=FrequencyBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Plan; a key seen before returns what it planned then."""
        actor = at_course(request, pk, Role.PRISON_DOCTOR)
        key, body = key_in(request), given(request, FrequencyBody)
        return Response(
            FrequencyLine(lock_in.plan_frequency(actor, pk, key=key, at=clock.now(), **body)).data, status=201
        )


class Motivations(Door):
    """What a patient who chose isolation was told."""

    @lists("list_motivations", "Motivasjon og informasjon i en oppfølging", MotivationLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a page."""
        actor = at_course(request, pk)
        asked(request, PageQuery)
        rows = MotivationEntry.objects.filter(agency_id=actor.agency_id, course_id=pk)
        return self.page(request, rows, MotivationLine)

    @does(
        "motivate_patient",
        "Før motivasjon eller informasjon",
        MotivationLine,
        body=MotivationBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Write it down; a key seen before returns what it wrote then."""
        actor = at_course(request, pk)
        key, body, at = key_in(request), given(request, MotivationBody), clock.now()
        row = lock_in.motivate(actor, pk, key=key, at=at, **{**body, "done_at": body["done_at"] or at})
        return Response(MotivationLine(row).data, status=201)


urlpatterns = [
    path("courses/<uuid:pk>/considerations/", Considerations.as_view(), name="api_consider_course"),
    path("courses/<uuid:pk>/frequency-plans/", Frequencies.as_view(), name="api_plan_frequency"),
    path("courses/<uuid:pk>/motivations/", Motivations.as_view(), name="api_motivate_patient"),
]
