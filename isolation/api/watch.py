"""Closer checks and continuous watch, and taking a check back, for programs. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Verb, door
from coordination.api.fields import Instant, RecordedLine, Words
from coordination.identity import Actor
from coordination.people.access import require
from isolation import access
from isolation.actions import checks
from isolation.api.common import those
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


def _check(actor: Actor, pk: UUID) -> None:
    require(Check.objects.filter(agency_id=actor.agency_id, pk=pk).exists())


_WATCHES, _DECIDES = those(STAFF, access.access_measure), those(DECIDERS, access.access_measure)


def _change(name: str, summary: str, may: Any, do: Any, more: str, body: Any = None) -> Any:
    """Return the door of a verb that answers with the measure as it then stands."""
    return door(TAG, put=Verb(name, summary, MeasureWhole, may, do, body, again=access.access_measure, more=more))


urlpatterns = [
    path(
        "measures/<uuid:pk>/watches/",
        door(
            TAG,
            post=Verb(
                "take_watch",
                "Start eller overta observasjon",
                WatchLine,
                may=_WATCHES,
                do=checks.take_watch,
                body=WatchBody,
                more="Watch from now; whoever watched stops in the same instant.",
            ),
        ),
        name="api_take_watch",
    ),
    path(
        "measures/<uuid:pk>/watch-end/",
        _change(
            "leave_watch",
            "Avslutt observasjon uten at noen overtar",
            _WATCHES,
            checks.leave_watch,
            "Stop; where watch is a duty the gap begins now.",
        ),
        name="api_leave_watch",
    ),
    path(
        "measures/<uuid:pk>/watch-notes/",
        door(
            TAG,
            post=Verb(
                "note_watch",
                "Før merknad under observasjon",
                WatchNoteLine,
                may=_WATCHES,
                do=checks.note_watch,
                body=WatchNoteBody,
            ),
        ),
        name="api_note_watch",
    ),
    path(
        "measures/<uuid:pk>/watch-order/",
        door(
            TAG,
            put=Verb(
                "order_watch",
                "Beslutt kontinuerlig tilsyn",
                OrderedLine,
                may=_DECIDES,
                do=checks.order_watch,
                body=ReasonBody,
                more="Decide; one that holds is left as it is.",
            ),
        ),
        name="api_order_watch",
    ),
    path(
        "measures/<uuid:pk>/watch-order/end/",
        _change(
            "lift_watch",
            "Opphev kontinuerlig tilsyn",
            _DECIDES,
            checks.lift_watch,
            "Lift it; what the law asks for by itself goes on.",
        ),
        name="api_lift_watch",
    ),
    path(
        "measures/<uuid:pk>/interval/",
        door(
            TAG,
            put=Verb(
                "order_interval",
                "Beslutt hyppigere tilsyn",
                OrderedLine,
                may=_DECIDES,
                do=checks.order_interval,
                body=IntervalBody,
                more="Decide; it takes over from one that holds.",
            ),
        ),
        name="api_order_interval",
    ),
    path(
        "measures/<uuid:pk>/interval/end/",
        _change(
            "lift_interval",
            "Opphev hyppigere tilsyn",
            _DECIDES,
            checks.lift_interval,
            "Lift it; the rule's own interval holds from now.",
        ),
        name="api_lift_interval",
    ),
    path(
        "checks/<uuid:pk>/undoing/",
        _change(
            "undo_check",
            "Angre et tilsyn",
            those(STAFF, _check),
            checks.undo_check,
            "Take back one's own check within ten minutes; a correction stands beside it. Twice changes nothing.",
            ReasonBody,
        ),
        name="api_undo_check",
    ),
]
