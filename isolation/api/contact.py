"""Contact with others, time out of the cell, what is offered against harm, and the weekly plan, for programs. Holds no rule."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Verb, door
from coordination.api.fields import Day, Instant, Part, RecordedLine, Words
from coordination.identity import Actor
from coordination.people.access import access_person, require
from isolation import access
from isolation.actions import cell_time, contact
from isolation.api.common import those
from isolation.api.measures import TAG, MeasureWhole
from isolation.api.watch import ReasonBody
from isolation.letters import STAFF
from isolation.models import ContactCorrection, ContactSession, Mitigation, TimeOut, WeeklyPlan
from isolation.rules.plan import DAYS


class ContactBody(serializers.Serializer[Any]):
    """Contact that took place: what, with whom by category, from when to when."""

    kind = serializers.ChoiceField(choices=ContactSession.Kind.values)
    with_whom = serializers.ChoiceField(choices=ContactSession.WithWhom.values)
    started_at = Instant()
    ended_at = Instant()
    note = Words()


class ContactLine(RecordedLine):
    """Contact as it was written down."""

    measure_id = serializers.UUIDField()
    kind = serializers.CharField()
    with_whom = serializers.CharField()
    started_at = Instant()
    ended_at = Instant()
    minutes = serializers.IntegerField()
    note = serializers.CharField(allow_blank=True)


class StandingContactLine(ContactLine):
    """Contact in the list of a measure."""

    struck = serializers.BooleanField(help_text="It stays readable and counts for nothing.")


class MitigationBody(serializers.Serializer[Any]):
    """What was offered or considered against the harm of isolation, and what came of it."""

    kind = serializers.ChoiceField(choices=Mitigation.Kind.values)
    outcome = serializers.ChoiceField(choices=Mitigation.Outcome.values)
    offered_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    note = Words()


class MitigationLine(RecordedLine):
    """That it was."""

    measure_id = serializers.UUIDField()
    kind = serializers.CharField()
    outcome = serializers.CharField()
    offered_at = Instant()
    note = serializers.CharField(allow_blank=True)


class PlannedPart(Part):
    """What a plan holds for one date."""

    activities = Words()
    minutes = serializers.IntegerField(min_value=0, max_value=24 * 60)


class PlanBody(serializers.Serializer[Any]):
    """A week from a date on: at least two hours of contact every full day."""

    first_on = Day()
    days = PlannedPart(many=True, min_length=DAYS, max_length=DAYS)  # type: ignore[call-arg]  # of the list
    way_out = Words()


class PlanLine(RecordedLine):
    """A version of the weekly plan."""

    measure_id = serializers.UUIDField()
    number = serializers.IntegerField()
    first_on = serializers.DateField()
    last_on = serializers.DateField()
    way_out = serializers.CharField()


class PeriodBody(serializers.Serializer[Any]):
    """From when to when somebody was out of the cell."""

    started_at = Instant()
    ended_at = Instant()


class DayBody(serializers.Serializer[Any]):
    """How many minutes somebody was out of the cell on a date, all in all."""

    day = Day()
    minutes = serializers.IntegerField(min_value=0, max_value=25 * 60)


class TimeOutLine(RecordedLine):
    """Time out of the cell: a period, or the sum of a date."""

    day = serializers.DateField()
    started_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)


def _contacts(actor: Actor, pk: UUID) -> QuerySet[ContactSession]:
    struck = ContactCorrection.objects.filter(agency_id=actor.agency_id, corrects=OuterRef("pk"))
    rows = ContactSession.objects.filter(agency_id=actor.agency_id, measure=access.access_measure(actor, pk))
    return rows.annotate(struck=Exists(struck))


def _contact(actor: Actor, pk: UUID) -> None:
    require(ContactSession.objects.filter(agency_id=actor.agency_id, pk=pk).exists())


def _save_plan(actor: Actor, pk: UUID, *, first_on: date, days: list[dict[str, Any]], **said: Any) -> WeeklyPlan:
    planned = {first_on + timedelta(days=n): contact.PlannedDay(**day) for n, day in enumerate(days)}
    return contact.save_plan(actor, pk, first_on=first_on, days=planned, **said)


def _times_out(actor: Actor, pk: UUID) -> QuerySet[TimeOut]:
    return TimeOut.objects.filter(agency_id=actor.agency_id, person_id=those(access.READERS, access_person)(actor, pk))


urlpatterns = [
    path(
        "measures/<uuid:pk>/contacts/",
        door(
            TAG,
            get=Listing("list_contacts", "Kontakt i ett tiltak", StandingContactLine, _contacts),
            post=Verb(
                "log_contact",
                "Før kontakt med andre",
                ContactLine,
                may=those(STAFF, access.access_measure),
                do=contact.log_contact,
                body=ContactBody,
                names={"started": "started_at", "ended": "ended_at"},
            ),
        ),
        name="api_contacts",
    ),
    path(
        "contacts/<uuid:pk>/striking/",
        door(
            TAG,
            put=Verb(
                "strike_contact",
                "Stryk kontakt som er ført feil",
                MeasureWhole,
                may=those(STAFF, _contact),
                do=contact.strike_contact,
                body=ReasonBody,
                again=access.access_measure,
                more="Strike it; a correction stands beside it. Twice changes nothing.",
            ),
        ),
        name="api_strike_contact",
    ),
    path(
        "measures/<uuid:pk>/mitigations/",
        door(
            TAG,
            post=Verb(
                "offer_mitigation",
                "Før tiltak mot skade",
                MitigationLine,
                may=those(STAFF, access.access_measure),
                do=contact.offer_mitigation,
                body=MitigationBody,
                now="offered_at",
                names={"offered": "offered_at"},
            ),
        ),
        name="api_offer_mitigation",
    ),
    path(
        "measures/<uuid:pk>/weekly-plans/",
        door(
            TAG,
            post=Verb(
                "save_weekly_plan",
                "Lagre ukeplan",
                PlanLine,
                may=those(access.PLANNERS, access.access_measure),
                do=_save_plan,
                body=PlanBody,
                names={f"{name}_{n}": f"days.{n}.{name}" for n in range(DAYS) for name in ("minutes", "activities")},
                more="Save a version.",
            ),
        ),
        name="api_save_weekly_plan",
    ),
    path(
        "people/<uuid:pk>/time-out/",
        door(
            TAG,
            get=Listing("list_time_out", "Tid ute av cella", TimeOutLine, _times_out),
            post=Verb(
                "record_time_out",
                "Før en periode ute av cella",
                TimeOutLine,
                may=those(STAFF, access_person),
                do=cell_time.record_period,
                body=PeriodBody,
                names={"started": "started_at", "ended": "ended_at", "day": "started_at"},
            ),
        ),
        name="api_time_out",
    ),
    path(
        "people/<uuid:pk>/time-out-days/",
        door(
            TAG,
            post=Verb(
                "record_time_out_day",
                "Før tid ute av cella for en dag",
                TimeOutLine,
                may=those(STAFF, access_person),
                do=cell_time.record_day,
                body=DayBody,
                names={"started": "day"},
                more="Write the date down; it stands for what was written before.",
            ),
        ),
        name="api_record_time_out_day",
    ),
]
