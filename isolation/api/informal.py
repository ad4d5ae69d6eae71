"""Isolation without a decision, for programs: seen, considered, talked about, ended. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists, naming, reads
from coordination.api.fields import Day, Instant, PageQuery, PersonPart, RecordedLine, Words
from coordination.identity import Actor
from isolation import access
from isolation.actions import informal
from isolation.api.common import at_person
from isolation.api.measures import TAG
from isolation.api.proposals import NoteBody
from isolation.letters import DECIDERS, STAFF
from isolation.models import InformalIsolation, Motivation


class InformalLine(serializers.Serializer[InformalIsolation]):
    """Somebody who stays away from others, or is in fact locked in."""

    id = serializers.UUIDField()
    person = PersonPart()
    unit = serializers.CharField(source="unit.name")
    kind = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    state = serializers.CharField()
    since_on = serializers.DateField()
    flagged_at = Instant()
    hours_out = serializers.FloatField()
    description = serializers.CharField(allow_blank=True)
    ended_at = Instant(allow_null=True)
    end_reason = serializers.CharField(allow_blank=True)
    end_note = serializers.CharField(allow_blank=True)
    recorded_at = Instant()
    by_name = serializers.CharField()


class InformalQuery(PageQuery):
    """Which of them."""

    open = serializers.BooleanField(
        required=False, default=True, help_text="Only those somebody has something to do about."
    )


class InformalBody(serializers.Serializer[Any]):
    """What staff see; never a diagnosis."""

    kind = serializers.ChoiceField(choices=InformalIsolation.Kind.values)
    since_on = Day()
    hours_out = serializers.DecimalField(max_digits=4, decimal_places=2, min_value=0, max_value=24)
    description = Words()


class ConsiderationBody(serializers.Serializer[Any]):
    """Whether the person needs supervision, and why. With yes the health service is told at once."""

    supervision = serializers.BooleanField()
    reason = Words()
    signs_of_illness = serializers.BooleanField(required=False, default=False)
    wish = serializers.BooleanField(required=False, default=False)


class ConsiderationLine(RecordedLine):
    """What was considered."""

    informal_id = serializers.UUIDField()
    supervision = serializers.BooleanField()
    reason = serializers.CharField()
    considered_at = Instant()
    letter_id = serializers.UUIDField(allow_null=True)


class TalkBody(serializers.Serializer[Any]):
    """That staff motivated or informed, and how it was taken."""

    kind = serializers.ChoiceField(choices=Motivation.Kind.values)
    answer = serializers.ChoiceField(choices=Motivation.Answer.values)
    done_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    note = Words()


class TalkLine(RecordedLine):
    """A talk."""

    informal_id = serializers.UUIDField()
    kind = serializers.CharField()
    answer = serializers.CharField()
    note = serializers.CharField(allow_blank=True)
    done_at = Instant()


class Informals(Door):
    """Isolation without a decision in the actor's prison."""

    @lists("list_informal_isolation", "Isolasjon uten vedtak", InformalLine, query=InformalQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor, query = actor_in(request), asked(request, InformalQuery)
        rows = access.informal_for(actor).select_related("person__unit", "unit")
        return self.page(request, rows.filter(state__in=access.OPEN) if query["open"] else rows, InformalLine)


class OneInformal(Door):
    """One of them."""

    @reads("get_informal_isolation", "Én isolasjon uten vedtak", InformalLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return it."""
        return Response(InformalLine(access.access_informal(actor_in(request), pk)).data)


class NewInformal(Door):
    """Isolation without a decision of one person."""

    @does(
        "register_informal_isolation",
        "Registrer isolasjon uten vedtak",
        InformalLine,
        body=InformalBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Register it; a key seen before returns what it registered then."""
        actor = at_person(request, pk, STAFF)
        key, body = key_in(request), given(request, InformalBody)
        row = informal.register(actor, pk, key=key, at=clock.now(), **body)
        return Response(InformalLine(access.access_informal(actor, row.pk)).data, status=201)


class Considerations(Door):
    """Whether somebody gets supervision."""

    @does(
        "consider_supervision",
        "Vurder oppfølging uten vedtak",
        ConsiderationLine,
        body=ConsiderationBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Consider it; a key seen before returns what it considered then."""
        actor = _at(request, pk, decides=True)
        key, body = key_in(request), given(request, ConsiderationBody)
        return Response(
            ConsiderationLine(informal.consider(actor, pk, key=key, at=clock.now(), **body)).data, status=201
        )


class Talks(Door):
    """Talks with somebody who stays away from others."""

    @does("record_talk", "Før samtale om fellesskap", TalkLine, body=TalkBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Write it down; a key seen before returns what it wrote then."""
        actor = _at(request, pk)
        key, body, at = key_in(request), given(request, TalkBody), clock.now()
        with naming(done="done_at"):
            row = informal.talk(actor, pk, key=key, at=at, **{**body, "done_at": body["done_at"] or at})
        return Response(TalkLine(row).data, status=201)


class InformalEnd(Door):
    """Its end."""

    @does("end_informal_isolation", "Avslutt isolasjon uten vedtak", InformalLine, body=NoteBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Record that the person is with others again; twice changes nothing."""
        actor = _at(request, pk)
        informal.end(actor, pk, **given(request, NoteBody), at=clock.now())
        return Response(InformalLine(access.access_informal(actor, pk)).data)


def _at(request: Request, pk: UUID, *, decides: bool = False) -> Actor:
    actor = actor_in(request)
    access.require_role(actor, DECIDERS if decides else STAFF)
    access.access_informal(actor, pk)
    return actor


urlpatterns = [
    path("informal-isolation/", Informals.as_view(), name="api_informal"),
    path("informal-isolation/<uuid:pk>/", OneInformal.as_view(), name="api_one_informal"),
    path("people/<uuid:pk>/informal-isolation/", NewInformal.as_view(), name="api_register_informal"),
    path("informal-isolation/<uuid:pk>/considerations/", Considerations.as_view(), name="api_consider_informal"),
    path("informal-isolation/<uuid:pk>/talks/", Talks.as_view(), name="api_record_talk"),
    path("informal-isolation/<uuid:pk>/end/", InformalEnd.as_view(), name="api_end_informal"),
]
