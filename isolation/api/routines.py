"""What is not about one measure, for programs: a unit's time out of the cell, plans of activity, the warden's deputy, the date of an act.

Holds no rule.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from rest_framework import serializers

from coordination.api.authentication import IsSomebody
from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.doors import among
from coordination.api.fields import Day, Instant, Part, RecordedLine, Words
from coordination.identity import Actor
from coordination.models import Membership, Role, Unit
from coordination.people.access import one_or_404, units_of
from isolation import access
from isolation.actions import cell_time, informal, law, reviews
from isolation.api.measures import TAG
from isolation.letters import STAFF
from isolation.models import ActivityPlan, InformalIsolation, ReviewDeputy
from isolation.rules.plan import DAYS

#: More than any unit holds.
MOST = 500


class PersonMinutes(Part):
    """How long one person was out of the cell."""

    person = serializers.UUIDField()
    minutes = serializers.IntegerField(min_value=0, max_value=25 * 60)


class UnitDayBody(serializers.Serializer[Any]):
    """A date for people of a unit. Who is not named is not written about."""

    day = Day()
    people = PersonMinutes(many=True, min_length=1, max_length=MOST)  # type: ignore[call-arg]  # of the list


class Written(serializers.Serializer[Any]):
    """For how many people it was written down."""

    count = serializers.IntegerField()


class WeekdayPart(Part):
    """What is planned on one weekday."""

    activities = Words(max_length=300)
    minutes = serializers.IntegerField(min_value=0, max_value=24 * 60)


class ActivityBody(serializers.Serializer[Any]):
    """The weekdays, Monday first, and how it fits the routines of the unit."""

    days = WeekdayPart(many=True, min_length=DAYS, max_length=DAYS)  # type: ignore[call-arg]  # of the list
    routines = Words()


class ActivityLine(RecordedLine):
    """A version of the plan; the newest holds."""

    informal_id = serializers.UUIDField()
    number = serializers.IntegerField()
    activities = serializers.ListField(child=serializers.CharField(allow_blank=True))
    minutes = serializers.ListField(child=serializers.IntegerField())
    routines = serializers.CharField(allow_blank=True)


class MemberLine(serializers.Serializer[Membership]):
    """A duty leader, whom the warden may name."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="display_name")


class DeputyBody(serializers.Serializer[Any]):
    """From which date to which."""

    first_on = Day()
    last_on = Day()


class DeputyLine(serializers.Serializer[ReviewDeputy]):
    """Who does the daily review in the warden's place, and when."""

    id = serializers.UUIDField()
    deputy = serializers.UUIDField(source="deputy_id")
    deputy_name = serializers.CharField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    recorded_at = Instant()
    by_name = serializers.CharField()


class LawChange(serializers.Serializer[Any]):
    """One setting of the date."""

    takes_effect_on = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    set_at = Instant()
    set_by_name = serializers.CharField()
    set_by_agency = serializers.CharField()


class LawLine(serializers.Serializer[Any]):
    """When the act of 12 May 2026 takes effect here, and every setting of it, newest first."""

    takes_effect_on = serializers.DateField(allow_null=True)
    changes = LawChange(many=True)


class LawBody(serializers.Serializer[Any]):
    """A date to come, or null to take it away again; and what it rests on."""

    day = Day(allow_null=True)
    reason = Words(max_length=300)


def _unit(actor: Actor, pk: UUID) -> Unit:
    access.require_role(actor, STAFF)
    unit = next((unit for unit in units_of(actor) if unit.pk == pk), None)
    if unit is None:
        raise Http404
    return unit


def _write_unit_day(
    actor: Actor, unit: Unit, *, day: date, people: list[dict[str, Any]], key: UUID, at: datetime
) -> dict[str, int]:
    here = {person.pk for person in access.people_of_unit(actor, unit)}
    minutes = {among(row["person"], here, "people"): row["minutes"] for row in people}
    return {"count": cell_time.record_unit_day(actor, unit.pk, day=day, minutes=minutes, key=key, at=at)}


def _plans(actor: Actor, pk: UUID) -> QuerySet[ActivityPlan]:
    return ActivityPlan.objects.filter(agency_id=actor.agency_id, informal=access.access_informal(actor, pk))


def _planned(actor: Actor, pk: UUID) -> InformalIsolation:
    access.require_role(actor, access.PLANNERS)
    return access.access_informal(actor, pk)


def _plan_activity(
    actor: Actor, row: InformalIsolation, *, days: list[dict[str, Any]], routines: str, key: UUID, at: datetime
) -> ActivityPlan:
    words, minutes = [day["activities"] for day in days], [day["minutes"] for day in days]
    return informal.plan_activity(actor, row.pk, activities=words, minutes=minutes, routines=routines, key=key, at=at)


def _deputies(actor: Actor) -> QuerySet[Membership]:
    access.require_role(actor, (Role.WARDEN,))
    return access.possible_deputies(actor)


def _one_deputy(actor: Actor, pk: UUID) -> Membership:
    return one_or_404(_deputies(actor).filter(pk=pk))


def _name_deputy(actor: Actor, deputy: Membership, *, first_on: date, last_on: date, at: datetime) -> ReviewDeputy:
    return reviews.name_deputy(actor, deputy=deputy.pk, first_on=first_on, last_on=last_on, at=at)


def _law(actor: Actor) -> dict[str, Any]:
    law.require_setter(actor)
    changes = law.act_dates()
    return {"takes_effect_on": changes[0].takes_effect_on if changes else None, "changes": changes}


def _set_law(actor: Actor, standing: dict[str, Any], *, day: date | None, reason: str, at: datetime) -> dict[str, Any]:
    if standing["changes"] and standing["takes_effect_on"] == day:
        return standing
    law.set_act_date(actor, day=day, reason=reason, at=at)
    return _law(actor)


urlpatterns = [
    path(
        "units/<uuid:pk>/time-out-days/",
        door(
            TAG,
            post=Verb(
                "record_unit_time_out",
                "Før tid ute av cella for en dag, for flere i en avdeling",
                Written,
                may=_unit,
                do=_write_unit_day,
                body=UnitDayBody,
                names={"started": "day"},
            ),
        ),
        name="api_record_unit_time_out",
    ),
    path(
        "informal-isolation/<uuid:pk>/activity-plans/",
        door(
            TAG,
            get=Listing("list_activity_plans", "Aktivitetsplaner uten vedtak", ActivityLine, _plans),
            post=Verb(
                "plan_activity",
                "Lagre aktivitetsplan",
                ActivityLine,
                may=_planned,
                do=_plan_activity,
                body=ActivityBody,
                names={"activities_0": "days.0.activities"},
            ),
        ),
        name="api_activity_plans",
    ),
    path(
        "duty-leaders/",
        door(TAG, get=Listing("list_duty_leaders", "Hvem fengselslederen kan utpeke", MemberLine, _deputies)),
        name="api_duty_leaders",
    ),
    path(
        "duty-leaders/<uuid:pk>/deputyship/",
        door(
            TAG,
            put=Verb(
                "name_deputy",
                "Utpek stedfortreder for den daglige gjennomgangen",
                DeputyLine,
                may=_one_deputy,
                do=_name_deputy,
                body=DeputyBody,
            ),
        ),
        name="api_name_deputy",
    ),
    path(
        "law-date/",
        door(
            TAG,
            get=Reading("get_law_date", "Når loven av 12. mai 2026 trer i kraft her", LawLine, _law),
            put=Verb(
                "set_law_date",
                "Sett datoen loven av 12. mai 2026 trer i kraft",
                LawLine,
                may=_law,
                do=_set_law,
                body=LawBody,
            ),
            permissions=(IsSomebody,),
        ),
        name="api_law_date",
    ),
]
