"""Measures for programs, and the checks of one: reading them, and logging that somebody was seen. Holds no rule."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.fields import Instant, PageQuery, PersonPart, Words
from coordination.identity import Actor
from isolation import access
from isolation.actions.checks import log_check
from isolation.api.common import those
from isolation.letters import STAFF
from isolation.models import Check, CheckCorrection, Measure

TAG = "Isolasjon"


class MeasureLine(serializers.Serializer[Measure]):
    """A measure in a list."""

    id = serializers.UUIDField()
    person = PersonPart()
    unit = serializers.CharField(source="unit.name")
    cell = serializers.CharField(allow_blank=True)
    kind = serializers.CharField()
    extent = serializers.CharField(allow_blank=True)
    effective_at = Instant()
    ended_at = Instant(allow_null=True)
    end_reason = serializers.CharField(allow_blank=True)
    force_used = serializers.BooleanField()


class MeasureWhole(MeasureLine):
    """A measure with its grounds."""

    grounds = serializers.ListField(child=serializers.CharField())
    necessity = serializers.CharField()
    less_intrusive = serializers.CharField()
    expected_hours = serializers.IntegerField(allow_null=True)
    hours_out_per_day = serializers.FloatField()
    decided_at = Instant()
    decided_by = serializers.CharField(source="by_name")
    end_note = serializers.CharField(allow_blank=True)
    ended_by_name = serializers.CharField(allow_blank=True)


class MeasureQuery(PageQuery):
    """Which measures."""

    running = serializers.BooleanField(required=False, default=True, help_text="Only those that are going on.")


class CheckLine(serializers.Serializer[Check]):
    """A check that was logged."""

    id = serializers.UUIDField()
    measure_id = serializers.UUIDField()
    occurred_at = Instant()
    state = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    alerted = serializers.ListField(child=serializers.CharField())
    observer_name = serializers.CharField()
    recorded_at = Instant()
    by_name = serializers.CharField()


class LoggedLine(CheckLine):
    """A check in the list of a measure."""

    corrected = serializers.BooleanField(help_text="Taken back: it stays readable and counts for nothing.")


class CheckBody(serializers.Serializer[Any]):
    """What was seen. A worrying state needs a note, and who was told."""

    state = serializers.ChoiceField(choices=Check.State.values)
    occurred_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    note = Words()
    alerted = serializers.ListField(
        child=serializers.ChoiceField(choices=Check.Alerted.values), required=False, default=list, max_length=4
    )
    observer = Words(max_length=160)


def _measures(actor: Actor, *, running: bool) -> QuerySet[Measure]:
    rows = access.running(actor) if running else access.measures_for(actor)
    return rows.select_related("person__unit", "unit")


def _checks(actor: Actor, pk: UUID) -> QuerySet[Check]:
    taken_back = CheckCorrection.objects.filter(agency_id=actor.agency_id, corrects=OuterRef("pk"))
    rows = Check.objects.filter(agency_id=actor.agency_id, measure=access.access_measure(actor, pk))
    return rows.annotate(corrected=Exists(taken_back))


def _log(actor: Actor, pk: UUID, **said: Any) -> Check:
    return log_check(actor, pk, **said).check


urlpatterns = [
    path(
        "measures/",
        door(TAG, get=Listing("list_measures", "Tiltak, de nyeste først", MeasureLine, _measures, MeasureQuery)),
        name="api_measures",
    ),
    path(
        "measures/<uuid:pk>/",
        door(TAG, get=Reading("get_measure", "Ett tiltak", MeasureWhole, access.access_measure)),
        name="api_measure",
    ),
    path(
        "measures/<uuid:pk>/checks/",
        door(
            TAG,
            get=Listing("list_checks", "Tilsyn i ett tiltak, de sist loggede først", LoggedLine, _checks),
            post=Verb(
                "log_check",
                "Logg tilsyn",
                CheckLine,
                may=those(STAFF, access.access_measure),
                do=_log,
                body=CheckBody,
                names={"occurred": "occurred_at"},
            ),
        ),
        name="api_checks",
    ),
]
