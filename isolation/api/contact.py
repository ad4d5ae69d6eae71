"""Contact with others, time out of the cell, what is offered against harm, and the weekly plan, for programs. Holds no rule."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists, naming
from coordination.api.fields import Day, Instant, PageQuery, Part, RecordedLine, Words
from isolation import access
from isolation.actions import cell_time, contact
from isolation.api.common import at_measure, at_person
from isolation.api.measures import TAG, MeasureWhole
from isolation.api.watch import ReasonBody
from isolation.letters import STAFF
from isolation.models import ContactCorrection, ContactSession, Mitigation, TimeOut
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


class Contacts(Door):
    """Contact in one measure."""

    @lists("list_contacts", "Kontakt i ett tiltak", StandingContactLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        measure = access.access_measure(actor, pk)
        struck = ContactCorrection.objects.filter(agency_id=actor.agency_id, corrects=OuterRef("pk"))
        rows = ContactSession.objects.filter(agency_id=actor.agency_id, measure=measure)
        return self.page(request, rows.annotate(struck=Exists(struck)), StandingContactLine)

    @does("log_contact", "Før kontakt med andre", ContactLine, body=ContactBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Write it down; a key seen before returns what it wrote then."""
        actor = at_measure(request, pk, STAFF)
        key, body = key_in(request), given(request, ContactBody)
        with naming(started="started_at", ended="ended_at"):
            row = contact.log_contact(actor, pk, key=key, at=clock.now(), **body)
        return Response(ContactLine(row).data, status=201)


class Striking(Door):
    """Striking contact that should not have been written."""

    @does("strike_contact", "Stryk kontakt som er ført feil", MeasureWhole, body=ReasonBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Strike it; a correction stands beside it. Twice changes nothing."""
        actor = actor_in(request)
        access.require_role(actor, STAFF)
        if not ContactSession.objects.filter(agency_id=actor.agency_id, pk=pk).exists():
            raise Http404
        measure = contact.strike_contact(actor, pk, **given(request, ReasonBody), at=clock.now())
        return Response(MeasureWhole(access.access_measure(actor, measure.pk)).data)


class Mitigations(Door):
    """What is done against the harm of isolation."""

    @does(
        "offer_mitigation", "Før tiltak mot skade", MitigationLine, body=MitigationBody, status=201, keyed=True, tag=TAG
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Write it down; a key seen before returns what it wrote then."""
        actor = at_measure(request, pk, STAFF)
        key, body, at = key_in(request), given(request, MitigationBody), clock.now()
        with naming(offered="offered_at"):
            row = contact.offer_mitigation(
                actor, pk, key=key, at=at, **{**body, "offered_at": body["offered_at"] or at}
            )
        return Response(MitigationLine(row).data, status=201)


class Plans(Door):
    """The weekly plan of one measure."""

    @does("save_weekly_plan", "Lagre ukeplan", PlanLine, body=PlanBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Save a version; a key seen before returns what it saved then."""
        actor = at_measure(request, pk, access.PLANNERS)
        key, body = key_in(request), given(request, PlanBody)
        first_on = body["first_on"]
        days = {first_on + timedelta(days=n): contact.PlannedDay(**day) for n, day in enumerate(body["days"])}
        names = {f"{name}_{n}": f"days.{n}.{name}" for n in range(DAYS) for name in ("minutes", "activities")}
        with naming(**names):
            row = contact.save_plan(
                actor, pk, first_on=first_on, days=days, way_out=body["way_out"], key=key, at=clock.now()
            )
        return Response(PlanLine(row).data, status=201)


class TimesOut(Door):
    """Time out of the cell of one person."""

    @lists("list_time_out", "Tid ute av cella", TimeOutLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a page."""
        actor = at_person(request, pk, access.READERS)
        asked(request, PageQuery)
        return self.page(request, TimeOut.objects.filter(agency_id=actor.agency_id, person_id=pk), TimeOutLine)

    @does(
        "record_time_out", "Før en periode ute av cella", TimeOutLine, body=PeriodBody, status=201, keyed=True, tag=TAG
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Write a period down; a key seen before returns what it wrote then."""
        actor = at_person(request, pk, STAFF)
        key, body = key_in(request), given(request, PeriodBody)
        with naming(started="started_at", ended="ended_at", day="started_at"):
            row = cell_time.record_period(actor, pk, key=key, at=clock.now(), **body)
        return Response(TimeOutLine(row).data, status=201)


class DaysOut(Door):
    """The sum of a date."""

    @does(
        "record_time_out_day",
        "Før tid ute av cella for en dag",
        TimeOutLine,
        body=DayBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Write the date down; it stands for what was written before. A key seen before returns what it wrote then."""
        actor = at_person(request, pk, STAFF)
        key, body = key_in(request), given(request, DayBody)
        with naming(started="day"):
            row = cell_time.record_day(actor, pk, key=key, at=clock.now(), **body)
        return Response(TimeOutLine(row).data, status=201)


urlpatterns = [
    path("measures/<uuid:pk>/contacts/", Contacts.as_view(), name="api_contacts"),
    path("contacts/<uuid:pk>/striking/", Striking.as_view(), name="api_strike_contact"),
    path("measures/<uuid:pk>/mitigations/", Mitigations.as_view(), name="api_offer_mitigation"),
    path("measures/<uuid:pk>/weekly-plans/", Plans.as_view(), name="api_save_weekly_plan"),
    path("people/<uuid:pk>/time-out/", TimesOut.as_view(), name="api_time_out"),
    path("people/<uuid:pk>/time-out-days/", DaysOut.as_view(), name="api_record_time_out_day"),
]
