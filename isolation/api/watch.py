"""Closer checks and continuous watch, and taking a check back, for programs. Holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, does, given, key_in
from coordination.api.fields import Instant, RecordedLine, Words
from isolation import access
from isolation.actions import checks
from isolation.api.common import at_measure
from isolation.api.measures import TAG, MeasureWhole
from isolation.letters import DECIDERS, STAFF
from isolation.models import Check


class ReasonBody(serializers.Serializer[Any]):
    """Why."""

    reason = Words(max_length=300)


class IntervalBody(serializers.Serializer[Any]):
    """How often this one person is seen at least; never less often than the rule."""

    minutes = serializers.IntegerField(min_value=1, max_value=24 * 60)
    reason = Words()


class WatchBody(serializers.Serializer[Any]):
    """Who watches."""

    observer = Words(max_length=160)


class WatchNoteBody(serializers.Serializer[Any]):
    """What the observer sees."""

    text = Words()


class OrderedLine(RecordedLine):
    """A decision on more frequent checks, or on continuous watch where the interval is null."""

    measure_id = serializers.UUIDField()
    interval_minutes = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField()
    started_at = Instant()
    ended_at = Instant(allow_null=True)


class WatchLine(RecordedLine):
    """One observer's stretch."""

    measure_id = serializers.UUIDField()
    observer_name = serializers.CharField()
    started_at = Instant()
    ended_at = Instant(allow_null=True)


class WatchNoteLine(RecordedLine):
    """What an observer noted."""

    measure_id = serializers.UUIDField()
    watch_id = serializers.UUIDField()
    noted_at = Instant()
    text = serializers.CharField()


class Watches(Door):
    """Observers of one measure."""

    @does("take_watch", "Start eller overta observasjon", WatchLine, body=WatchBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Watch from now; whoever watched stops in the same instant. A key seen before changes nothing."""
        actor = at_measure(request, pk, STAFF)
        key, body = key_in(request), given(request, WatchBody)
        return Response(WatchLine(checks.take_watch(actor, pk, key=key, at=clock.now(), **body)).data, status=201)


class WatchEnd(Door):
    """The end of an observer's stretch with nobody to take over."""

    @does("leave_watch", "Avslutt observasjon uten at noen overtar", MeasureWhole, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Stop; where watch is a duty the gap begins now."""
        actor = at_measure(request, pk, STAFF)
        checks.leave_watch(actor, pk, at=clock.now())
        return Response(MeasureWhole(access.access_measure(actor, pk)).data)


class WatchNotes(Door):
    """Notes of the observer."""

    @does(
        "note_watch",
        "Før merknad under observasjon",
        WatchNoteLine,
        body=WatchNoteBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Note it; a key seen before returns what it noted then."""
        actor = at_measure(request, pk, STAFF)
        key, body = key_in(request), given(request, WatchNoteBody)
        return Response(WatchNoteLine(checks.note_watch(actor, pk, key=key, at=clock.now(), **body)).data, status=201)


class WatchOrders(Door):
    """The decision on continuous watch."""

    @does("order_watch", "Beslutt kontinuerlig tilsyn", OrderedLine, body=ReasonBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Decide; one that holds is left as it is."""
        actor = at_measure(request, pk, DECIDERS)
        return Response(OrderedLine(checks.order_watch(actor, pk, **given(request, ReasonBody), at=clock.now())).data)


class WatchLift(Door):
    """Its end."""

    @does("lift_watch", "Opphev kontinuerlig tilsyn", MeasureWhole, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Lift it; what the law asks for by itself goes on."""
        actor = at_measure(request, pk, DECIDERS)
        checks.lift_watch(actor, pk, at=clock.now())
        return Response(MeasureWhole(access.access_measure(actor, pk)).data)


class Interval(Door):
    """The decision on more frequent checks."""

    @does("order_interval", "Beslutt hyppigere tilsyn", OrderedLine, body=IntervalBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Decide; it takes over from one that holds."""
        actor = at_measure(request, pk, DECIDERS)
        body = given(request, IntervalBody)
        return Response(OrderedLine(checks.order_interval(actor, pk, at=clock.now(), **body)).data)


class IntervalLift(Door):
    """Its end."""

    @does("lift_interval", "Opphev hyppigere tilsyn", MeasureWhole, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Lift it; the rule's own interval holds from now."""
        actor = at_measure(request, pk, DECIDERS)
        checks.lift_interval(actor, pk, at=clock.now())
        return Response(MeasureWhole(access.access_measure(actor, pk)).data)


class Undoing(Door):
    """Taking back a check."""

    @does("undo_check", "Angre et tilsyn", MeasureWhole, body=ReasonBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Take back one's own check within ten minutes; a correction stands beside it. Twice changes nothing."""
        actor = actor_in(request)
        access.require_role(actor, STAFF)
        if not Check.objects.filter(agency_id=actor.agency_id, pk=pk).exists():
            raise Http404
        measure = checks.undo_check(actor, pk, **given(request, ReasonBody), at=clock.now())
        return Response(MeasureWhole(access.access_measure(actor, measure.pk)).data)


urlpatterns = [
    path("measures/<uuid:pk>/watches/", Watches.as_view(), name="api_take_watch"),
    path("measures/<uuid:pk>/watch-end/", WatchEnd.as_view(), name="api_leave_watch"),
    path("measures/<uuid:pk>/watch-notes/", WatchNotes.as_view(), name="api_note_watch"),
    path("measures/<uuid:pk>/watch-order/", WatchOrders.as_view(), name="api_order_watch"),
    path("measures/<uuid:pk>/watch-order/end/", WatchLift.as_view(), name="api_lift_watch"),
    path("measures/<uuid:pk>/interval/", Interval.as_view(), name="api_order_interval"),
    path("measures/<uuid:pk>/interval/end/", IntervalLift.as_view(), name="api_lift_interval"),
    path("checks/<uuid:pk>/undoing/", Undoing.as_view(), name="api_undo_check"),
]
