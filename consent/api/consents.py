"""Consents for programs: those a person has given, giving one, and withdrawing it. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from consent import access, actions, documents
from consent.models import Consent
from coordination.api.declared import Listing, Verb, door
from coordination.api.doors import among
from coordination.api.fields import Day, Instant, Words
from coordination.identity import Actor
from coordination.models.people import Named

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


def chosen(actor: Actor, recipients: list[UUID], categories: list[str], known: Any) -> dict[str, Any]:
    """Return recipients and kinds of information. Raises ValidationError for agencies one does not work with and kinds not in `known`."""
    near = {agency.pk for agency in access.correspondents(actor)}
    return {
        "recipients": [among(agency, near, "recipients") for agency in recipients],
        "categories": [among(code, known, "categories") for code in categories],
    }


def _consents(actor: Actor, pk: UUID) -> QuerySet[Consent]:
    return access.consents_for(actor, access.access_subject(actor, pk).pk)


def _give(
    actor: Actor,
    person: Named,
    *,
    recipients: list[UUID],
    categories: list[str],
    informed: bool,
    own_reference: str,
    **said: Any,
) -> Consent:
    whom = chosen(actor, recipients, categories, documents.category_words(actor.world))
    return actions.give_consent(actor, person, **whom, reference=own_reference, **said)


def _withdraw(actor: Actor, consent: Consent, *, note: str, at: datetime) -> Consent:
    if consent.withdrawn_at is None:
        actions.withdraw_consent(consent, note=note, at=at)
    return consent


urlpatterns = [
    path(
        "people/<uuid:pk>/consents/",
        door(
            TAG,
            get=Listing("list_consents", "Samtykker en person har gitt", ConsentLine, _consents),
            post=Verb(
                "give_consent",
                "Registrer et samtykke",
                ConsentLine,
                may=access.access_subject,
                do=_give,
                body=ConsentBody,
                more="Record a signed consent.",
            ),
        ),
        name="api_consents",
    ),
    path(
        "consents/<uuid:pk>/withdrawal/",
        door(
            TAG,
            put=Verb(
                "withdraw_consent",
                "Trekk tilbake et samtykke",
                ConsentLine,
                may=access.access_consent,
                do=_withdraw,
                body=WithdrawalBody,
                more="Withdraw; twice changes nothing, and the first note stands.",
            ),
        ),
        name="api_withdraw_consent",
    ),
]
