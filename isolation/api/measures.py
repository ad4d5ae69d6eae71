"""Measures for programs, and the checks of one: reading them, and logging that somebody was seen. Holds no rule."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists, naming, reads
from coordination.api.fields import Instant, PageQuery, PersonPart, Words
from isolation import access
from isolation.actions.checks import log_check
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


class Measures(Door):
    """Measures in the actor's prison."""

    @lists("list_measures", "Tiltak, de nyeste først", MeasureLine, query=MeasureQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor, query = actor_in(request), asked(request, MeasureQuery)
        rows = access.running(actor) if query["running"] else access.measures_for(actor)
        return self.page(request, rows.select_related("person__unit", "unit"), MeasureLine)


class OneMeasure(Door):
    """One measure."""

    @reads("get_measure", "Ett tiltak", MeasureWhole, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the measure."""
        return Response(MeasureWhole(access.access_measure(actor_in(request), pk)).data)


class Checks(Door):
    """Checks of one measure."""

    @lists("list_checks", "Tilsyn i ett tiltak, de sist loggede først", LoggedLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        measure = access.access_measure(actor, pk)
        taken_back = CheckCorrection.objects.filter(agency_id=actor.agency_id, corrects=OuterRef("pk"))
        rows = Check.objects.filter(agency_id=actor.agency_id, measure=measure)
        return self.page(request, rows.annotate(corrected=Exists(taken_back)), LoggedLine)

    @does("log_check", "Logg tilsyn", CheckLine, body=CheckBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Log a check; a key seen before returns what it logged then."""
        actor = actor_in(request)
        access.require_role(actor, STAFF)
        access.access_measure(actor, pk)
        key, body = key_in(request), given(request, CheckBody)
        with naming(occurred="occurred_at"):
            logged = log_check(actor, pk, key=key, at=clock.now(), **body)
        return Response(CheckLine(logged.check).data, status=201)


urlpatterns = [
    path("measures/", Measures.as_view(), name="api_measures"),
    path("measures/<uuid:pk>/", OneMeasure.as_view(), name="api_measure"),
    path("measures/<uuid:pk>/checks/", Checks.as_view(), name="api_checks"),
]
