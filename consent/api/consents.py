"""Consents for programs: those a person has given, giving one, and withdrawing it. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent import access, actions, documents
from consent.models import Consent
from coordination import clock
from coordination.api.doors import Door, actor_in, among, asked, does, given, key_in, lists
from coordination.api.fields import Day, Instant, PageQuery, Words

TAG = "Samtykke"
#: More than any installation has agencies or kinds of information.
MOST = 50


class ConsentLine(serializers.Serializer[Consent]):
    """A consent as it was signed, and whether it has been withdrawn."""

    id = serializers.UUIDField()
    person_id = serializers.UUIDField()
    recipients = serializers.ListField(child=serializers.UUIDField())
    categories = serializers.ListField(child=serializers.CharField())
    purpose = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField()
    signed_at = Instant()
    method = serializers.CharField()
    interpreter_used = serializers.BooleanField()
    own_reference = serializers.CharField(allow_blank=True)
    withdrawn_at = Instant(allow_null=True)
    withdrawn_note = serializers.CharField(allow_blank=True)
    superseded_at = Instant(allow_null=True)
    version = serializers.IntegerField()
    recorded_at = Instant()
    by_name = serializers.CharField()


class ConsentBody(serializers.Serializer[Any]):
    """Whom, what, why and how long. Only agencies this one works with, and kinds of information it sends, can be agreed to."""

    recipients = serializers.ListField(child=serializers.UUIDField(), max_length=MOST)
    categories = serializers.ListField(child=serializers.CharField(max_length=40), max_length=MOST)
    purpose = serializers.CharField(max_length=300)
    valid_from = Day()
    valid_to = Day()
    method = serializers.ChoiceField(choices=Consent.Method.values)
    interpreter_used = serializers.BooleanField(required=False, default=False)
    informed = serializers.BooleanField(
        help_text="The person was told in a language they understand, and that a consent can be withdrawn at any time."
    )
    own_reference = Words(max_length=60)

    def validate_informed(self, value: bool) -> bool:
        """Refuse a consent of somebody who was not told what it means: it would be none."""
        if not value:
            raise serializers.ValidationError(_("Uten informasjonen er samtykket ikke gyldig."))
        return value


class WithdrawalBody(serializers.Serializer[Any]):
    """Why, in the person's words; nobody must give a reason."""

    note = Words(max_length=300)


class Consents(Door):
    """The consents of one person."""

    @lists("list_consents", "Samtykker en person har gitt", ConsentLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        person = access.access_subject(actor, pk)
        return self.page(request, access.consents_for(actor, person.pk), ConsentLine)

    @does("give_consent", "Registrer et samtykke", ConsentLine, body=ConsentBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Record a signed consent; a key seen before returns what it recorded then."""
        actor = actor_in(request)
        person = access.access_subject(actor, pk)
        key, body = key_in(request), given(request, ConsentBody)
        near, known = {agency.pk for agency in access.correspondents(actor)}, documents.category_words(actor.world)
        row = actions.give_consent(
            actor,
            person,
            key=key,
            recipients=[among(agency, near, "recipients") for agency in body["recipients"]],
            categories=[among(code, known, "categories") for code in body["categories"]],
            purpose=body["purpose"],
            valid_from=body["valid_from"],
            valid_to=body["valid_to"],
            method=body["method"],
            interpreter_used=body["interpreter_used"],
            reference=body["own_reference"],
            at=clock.now(),
        )
        return Response(ConsentLine(row).data, status=201)


class Withdrawal(Door):
    """The end of a consent."""

    @does("withdraw_consent", "Trekk tilbake et samtykke", ConsentLine, body=WithdrawalBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Withdraw; twice changes nothing, and the first note stands."""
        consent = access.access_consent(actor_in(request), pk)
        note = given(request, WithdrawalBody)["note"]
        if consent.withdrawn_at is None:
            actions.withdraw_consent(consent, note=note, at=clock.now())
        return Response(ConsentLine(consent).data)


urlpatterns = [
    path("people/<uuid:pk>/consents/", Consents.as_view(), name="api_consents"),
    path("consents/<uuid:pk>/withdrawal/", Withdrawal.as_view(), name="api_withdraw_consent"),
]
