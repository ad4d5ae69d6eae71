"""People, their stays and what lies before the actor, as the pages of the ground show them. Holds no rule."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock, worklist
from coordination.api.declared import Listing, Reading, door
from coordination.api.doors import Door, actor_in, asked, reads
from coordination.api.fields import Instant, PageQuery, PersonPart
from coordination.frame import MOST, READERS
from coordination.identity import Actor
from coordination.models import Stay
from coordination.models.people import Named, Patient
from coordination.people import access
from coordination.worklist import Task
from coordination.worlds import World

PEOPLE, TODAY = "Personer", "I dag"


class PersonLine(PersonPart):
    """A person in custody or a patient. The identity number is never here, not even masked."""

    unit_id = serializers.UUIDField()
    number = serializers.SerializerMethodField()
    language = serializers.CharField()
    interpreter_needed = serializers.BooleanField()
    version = serializers.IntegerField()

    def get_number(self, person: Named) -> str:
        """Return the prison's own number, empty for a patient."""
        return "" if isinstance(person, Patient) else person.number  # type: ignore[attr-defined]


class PeopleQuery(PageQuery):
    """Which people."""

    unit = serializers.UUIDField(required=False)
    present = serializers.BooleanField(required=False, default=True, help_text="Only those who are here now.")


class StayLine(serializers.Serializer[Stay]):
    """A stay that is going on."""

    id = serializers.UUIDField()
    person = PersonPart()
    unit = serializers.CharField(source="unit.name")
    legal_status = serializers.CharField()
    security_level = serializers.CharField()
    admitted_at = Instant()
    expected_release_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()


class TaskLine(serializers.Serializer[Task]):
    """One line of "I dag"."""

    rule = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    due_at = Instant(allow_null=True)
    strength = serializers.CharField()
    waiting = serializers.BooleanField()
    person_id = serializers.UUIDField(allow_null=True)
    person_name = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    unit_id = serializers.UUIDField(allow_null=True)
    subject_id = serializers.UUIDField(allow_null=True)
    doing_url = serializers.CharField(allow_blank=True)
    doing_label = serializers.CharField(allow_blank=True)


class TaskList(serializers.Serializer[Any]):
    """Everything before the actor, what is due first. `complete` is false when there was more than anybody works through."""

    results = TaskLine(many=True)
    complete = serializers.BooleanField()


class TaskQuery(serializers.Serializer[Any]):
    """Whose tasks."""

    unit = serializers.UUIDField(required=False)


def _reader(actor: Actor) -> None:
    access.require(actor.has_role(*READERS))


def people(actor: Actor, *, present: bool, unit: UUID | None = None) -> QuerySet[Any]:
    """Return everybody the actor may know of, or raise Http404 for a role that reads of nobody."""
    _reader(actor)
    rows = access.people_for(actor)
    rows = access.present_only(actor, rows) if present else rows
    return rows.filter(unit_id=unit) if unit else rows


def _person(actor: Actor, pk: UUID) -> Named:
    _reader(actor)
    person: Named = access.access_person(actor, pk)
    return person


def _stays(actor: Actor) -> QuerySet[Stay]:
    _reader(actor)
    access.require(actor.world is World.CUSTODY)
    return access.stays_for(actor).select_related("person__unit")


class Deadlines(Door):
    """What lies before the actor now."""

    @reads("list_deadlines", "Det som ligger foran deg nå", TaskList, query=TaskQuery, tag=TODAY)
    def get(self, request: Request) -> Response:
        """Return the list."""
        actor, query = actor_in(request), asked(request, TaskQuery)
        units = frozenset({query["unit"]}) if "unit" in query else frozenset()
        tasks = worklist.tasks_for(actor, clock.now(), units)
        return Response(TaskList({"results": tasks, "complete": len(tasks) < MOST}).data)


urlpatterns = [
    path(
        "people/<uuid:pk>/",
        door(PEOPLE, get=Reading("get_person", "Én person eller pasient", PersonLine, _person)),
        name="api_person",
    ),
    path(
        "stays/", door(PEOPLE, get=Listing("list_stays", "Opphold som er i gang", StayLine, _stays)), name="api_stays"
    ),
    path("deadlines/", Deadlines.as_view(), name="api_deadlines"),
]
