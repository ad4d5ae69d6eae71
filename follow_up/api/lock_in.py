"""Whether and how often a patient locked in is seen, and what they are told, for programs. Holds no rule, and no say over the lock-in."""

from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Verb, door
from coordination.api.fields import Instant, RecordedLine, Words
from coordination.identity import Actor
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


def _motivations(actor: Actor, pk: UUID) -> QuerySet[MotivationEntry]:
    return MotivationEntry.objects.filter(agency_id=actor.agency_id, course_id=at_course(actor, pk))


urlpatterns = [
    path(
        "courses/<uuid:pk>/considerations/",
        door(
            TAG,
            post=Verb(
                "consider_course",
                "Vurder tilsyn uten vedtak",
                SupervisionLine,
                may=at_course,
                do=lock_in.consider,
                body=SupervisionBody,
            ),
        ),
        name="api_consider_course",
    ),
    path(
        "courses/<uuid:pk>/frequency-plans/",
        door(
            TAG,
            post=Verb(
                "plan_frequency",
                "Planlegg hvor ofte pasienten får tilsyn",
                FrequencyLine,
                may=partial(at_course, role=Role.PRISON_DOCTOR),
                do=lock_in.plan_frequency,
                body=FrequencyBody,
            ),
        ),
        name="api_plan_frequency",
    ),
    path(
        "courses/<uuid:pk>/motivations/",
        door(
            TAG,
            get=Listing("list_motivations", "Motivasjon og informasjon i en oppfølging", MotivationLine, _motivations),
            post=Verb(
                "motivate_patient",
                "Før motivasjon eller informasjon",
                MotivationLine,
                may=at_course,
                do=lock_in.motivate,
                body=MotivationBody,
                now="done_at",
            ),
        ),
        name="api_motivate_patient",
    ),
]
