"""A person's right to know for programs: what the page tells those who answer for the agency. Holds no rule."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent import access
from consent.access import insight as reading
from consent.actions import insight as actions
from consent.api.consents import ConsentLine
from consent.documents import insight as telling
from consent.models import Withholding
from coordination import clock
from coordination.api.declared import Listing, Verb, door
from coordination.api.doors import Door, actor_in, asked, reads
from coordination.api.fields import Day, Instant, RecordedLine, Words
from coordination.identity import Actor
from coordination.models.people import Named

TAG = "Innsyn"


class ToldLetter(serializers.Serializer[Any]):
    """A letter as a person is told of it; of one that is left out, the day and the reference alone."""

    id = serializers.UUIDField(source="pk")
    sent_at = Instant(source="at")
    left_out = serializers.CharField(source="withheld.statute", default="", help_text="The reference; empty when told.")
    sent = serializers.BooleanField(source="out", default=None, allow_null=True)
    title = serializers.CharField(default="")
    other_agency = serializers.CharField(source="name", default="")
    basis = serializers.CharField(default="")
    statute = serializers.CharField(default="")
    sender = serializers.CharField(source="who", default="")


class ToldDay(serializers.Serializer[Any]):
    """What one member had to do with the person on one day."""

    day = serializers.DateField()
    who = serializers.CharField()
    when = serializers.CharField()
    what = serializers.CharField()


class ToldReason(serializers.Serializer[Any]):
    """Why one member opened the person without a task about them."""

    opened_at = Instant(source="at")
    who = serializers.CharField()
    why = serializers.CharField()
    text = serializers.CharField()
    emergency = serializers.BooleanField()


class ToldPeriod(serializers.Serializer[Any]):
    """A period of the log that is left out."""

    first_on = serializers.DateField()
    last_on = serializers.DateField()
    statute = serializers.CharField()


class Told(serializers.Serializer[Any]):
    """Consents in force, the letters of a page, and a page of the log in whole days."""

    consents = ConsentLine(many=True)
    letters = ToldLetter(many=True)
    older_letters = serializers.CharField(allow_blank=True, help_text="For `letters_before`; empty at the end.")
    log = ToldDay(many=True)
    older_log = serializers.DateField(allow_null=True, help_text="For `log_before`; null at the end.")
    reasons = ToldReason(many=True)
    left_out_of_log = ToldPeriod(many=True)


class ToldQuery(serializers.Serializer[Any]):
    """Which part of letters and log."""

    letters_before = serializers.CharField(required=False, max_length=100)
    log_before = Day(required=False)


class Insight(Door):
    """What the agency tells a person about themselves."""

    @reads("get_insight", "Det en person har rett til å få vite herfra", Told, query=ToldQuery, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return it as it stands today. Only who answers for the agency gets it."""
        actor, query = actor_in(request), asked(request, ToldQuery)
        person = reading.access_told(actor, pk)
        today = clock.local_date(clock.now())
        withheld = reading.held_back(actor, person.pk, today)
        consents = telling.consent_lines(access.consents_for(actor, person.pk), {}, today)
        page = access.page_of(reading.letters_about(actor, person.pk), older=query.get("letters_before", ""))
        log = reading.log_page(actor, person.pk, before=query.get("log_before", today + timedelta(days=1)))
        members = reading.members_named(actor, {row.membership_id for row in log.rows})
        told = {
            "consents": [row["consent"] for row in consents],
            "letters": telling.letter_lines(actor, page.letters, withheld, access.basis_titles()),
            "older_letters": page.older,
            "log": telling.day_lines(log.rows, members, withheld),
            "older_log": log.older,
            "reasons": telling.reason_lines(reading.reasons_about(actor, person.pk), withheld),
            "left_out_of_log": [row for row in withheld if row.letter_id is None],
        }
        return Response(Told(told).data)


class WithholdBody(serializers.Serializer[Any]):
    """One letter, or a period of the log, on a ground of the closed list, for a year at most."""

    letter = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="Of the agency's own copy. Null: the log of a period."
    )
    first_on = Day(required=False, allow_null=True, default=None)
    last_on = Day(required=False, allow_null=True, default=None)
    ground = serializers.CharField(max_length=40)
    reason = Words(max_length=2000, help_text="The agency's own; never on the paper.")
    until_on = Day()


class WithholdingLine(RecordedLine):
    """What a person is not told of, and until when."""

    letter_id = serializers.UUIDField(allow_null=True)
    first_on = serializers.DateField(allow_null=True)
    last_on = serializers.DateField(allow_null=True)
    ground = serializers.CharField()
    statute = serializers.CharField()
    reason = serializers.CharField()
    until_on = serializers.DateField()
    ended_at = Instant(allow_null=True)
    ended_by = serializers.CharField(allow_blank=True)


def _withholdings(actor: Actor, pk: UUID) -> Any:
    return reading.withholdings_for(actor, reading.access_told(actor, pk).pk)


def _withhold(actor: Actor, person: Named, *, letter: UUID | None, **said: Any) -> Withholding:
    left_out = reading.access_letter_about(actor, person.pk, letter) if letter else None
    return actions.withhold(actor, person.pk, letter=left_out, **said)


def _leader(actor: Actor, pk: UUID) -> UUID:
    reading.lock_withholding(actor, pk)
    return pk


urlpatterns = [
    path("people/<uuid:pk>/insight/", Insight.as_view(), name="api_insight"),
    path(
        "people/<uuid:pk>/withholdings/",
        door(
            TAG,
            get=Listing("list_withholdings", "Det som er utelatt fra innsynet", WithholdingLine, _withholdings),
            post=Verb(
                "withhold",
                "Utelat et brev eller en periode av loggen",
                WithholdingLine,
                may=reading.access_told,
                do=_withhold,
                body=WithholdBody,
            ),
        ),
        name="api_withholdings",
    ),
    path(
        "withholdings/<uuid:pk>/end/",
        door(
            TAG,
            put=Verb(
                "end_withholding",
                "Ta med igjen det som er utelatt",
                WithholdingLine,
                may=_leader,
                do=actions.end_withholding,
            ),
        ),
        name="api_end_withholding",
    ),
]
