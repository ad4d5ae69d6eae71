"""People, their stays and what lies before the actor, as the pages of the ground show them. Holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock, worklist
from coordination.api.doors import Door, actor_in, asked, does, given, lists, reads
from coordination.api.fields import Day, Instant, PageQuery, PersonPart, Version
from coordination.frame import MOST, READERS
from coordination.identity import Actor
from coordination.models import Stay
from coordination.models.people import Named, Patient
from coordination.people import access, stays
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


class ReleaseBody(serializers.Serializer[Any]):
    """The date release is expected; null takes it away."""

    expected_release_on = Day(allow_null=True)
    version = Version(help_text="Of the stay.")


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


def _reader(request: Request) -> Actor:
    actor = actor_in(request)
    access.require(actor.has_role(*READERS))
    return actor


class People(Door):
    """Everybody the actor may know of."""

    @lists(
        "list_people", "Personer eller pasienter, de sist registrerte først", PersonLine, query=PeopleQuery, tag=PEOPLE
    )
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor, query = _reader(request), asked(request, PeopleQuery)
        rows = access.people_for(actor)
        if query["present"]:
            rows = access.present_only(actor, rows)
        if "unit" in query:
            rows = rows.filter(unit_id=query["unit"])
        return self.page(request, rows, PersonLine)


class OnePerson(Door):
    """One of them."""

    @reads("get_person", "Én person eller pasient", PersonLine, tag=PEOPLE)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the person."""
        return Response(PersonLine(access.access_person(_reader(request), pk)).data)


class Stays(Door):
    """Stays that are going on, in a prison."""

    @lists("list_stays", "Opphold som er i gang", StayLine, tag=PEOPLE)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor = _reader(request)
        asked(request, PageQuery)
        access.require(actor.world is World.CUSTODY)
        return self.page(request, access.stays_for(actor).select_related("person__unit"), StayLine)


class ExpectedRelease(Door):
    """The date release is expected, of the stay that is going on."""

    @does(
        "set_expected_release", "Sett, flytt eller fjern forventet løslatelse", StayLine, body=ReleaseBody, tag=PEOPLE
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Set the date; the same date again changes nothing."""
        actor = _reader(request)
        access.require(actor.world is World.CUSTODY and access.is_registrar(actor))
        person: Any = access.lock_person(actor, pk)
        stay = access.open_stay(actor, pk)
        if stay is None:
            raise Http404
        body = given(request, ReleaseBody)
        stays.set_expected_release(
            actor, person, stay, on=body["expected_release_on"], version=body["version"], at=clock.now()
        )
        stay.person = person
        return Response(StayLine(stay).data)


class Deadlines(Door):
    """What lies before the actor now."""

    @reads("list_deadlines", "Det som ligger foran deg nå", TaskList, query=TaskQuery, tag=TODAY)
    def get(self, request: Request) -> Response:
        """Return the list."""
        actor, query = actor_in(request), asked(request, TaskQuery)
        units = frozenset({query["unit"]}) if "unit" in query else frozenset()
        tasks = worklist.tasks_for(actor, clock.now(), units)
        return Response(TaskList({"results": tasks, "complete": len(tasks) < MOST}).data)
