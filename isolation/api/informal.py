"""Isolation without a decision, for programs: seen, considered, talked about, ended. Holds no rule."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.fields import Day, Instant, PageQuery, PersonPart, RecordedLine, Words
from coordination.identity import Actor
from coordination.people.access import access_person
from isolation import access
from isolation.actions import informal
from isolation.api.common import those
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


def _informal(actor: Actor, *, open: bool) -> QuerySet[InformalIsolation]:  # noqa: A002  # what the query calls it
    rows = access.informal_for(actor).select_related("person__unit", "unit")
    return rows.filter(state__in=access.OPEN) if open else rows


urlpatterns = [
    path(
        "informal-isolation/",
        door(
            TAG,
            get=Listing("list_informal_isolation", "Isolasjon uten vedtak", InformalLine, _informal, InformalQuery),
        ),
        name="api_informal",
    ),
    path(
        "informal-isolation/<uuid:pk>/",
        door(
            TAG,
            get=Reading("get_informal_isolation", "Én isolasjon uten vedtak", InformalLine, access.access_informal),
        ),
        name="api_one_informal",
    ),
    path(
        "people/<uuid:pk>/informal-isolation/",
        door(
            TAG,
            post=Verb(
                "register_informal_isolation",
                "Registrer isolasjon uten vedtak",
                InformalLine,
                may=those(STAFF, access_person),
                do=informal.register,
                body=InformalBody,
                again=access.access_informal,
            ),
        ),
        name="api_register_informal",
    ),
    path(
        "informal-isolation/<uuid:pk>/considerations/",
        door(
            TAG,
            post=Verb(
                "consider_supervision",
                "Vurder oppfølging uten vedtak",
                ConsiderationLine,
                may=those(DECIDERS, access.access_informal),
                do=informal.consider,
                body=ConsiderationBody,
            ),
        ),
        name="api_consider_informal",
    ),
    path(
        "informal-isolation/<uuid:pk>/talks/",
        door(
            TAG,
            post=Verb(
                "record_talk",
                "Før samtale om fellesskap",
                TalkLine,
                may=those(STAFF, access.access_informal),
                do=informal.talk,
                body=TalkBody,
                now="done_at",
                names={"done": "done_at"},
            ),
        ),
        name="api_record_talk",
    ),
    path(
        "informal-isolation/<uuid:pk>/end/",
        door(
            TAG,
            put=Verb(
                "end_informal_isolation",
                "Avslutt isolasjon uten vedtak",
                InformalLine,
                may=those(STAFF, access.access_informal),
                do=informal.end,
                body=NoteBody,
                again=access.access_informal,
                more="Record that the person is with others again; twice changes nothing.",
            ),
        ),
        name="api_end_informal",
    ),
]
