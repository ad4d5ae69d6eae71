"""Contact with the health service for programs: what was asked, and asking. Holds no rule."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Verb, door
from coordination.api.fields import Instant, Words
from coordination.identity import Actor
from coordination.people.access import access_person, require
from intake import access
from intake.actions.contacts import contact_health
from intake.models import HealthContactRequest
from intake.rules import Concern

TAG = "Innkomst"


class HealthContactLine(serializers.Serializer[HealthContactRequest]):
    """A request that was sent to the health service."""

    id = serializers.UUIDField()
    person_id = serializers.UUIDField()
    stay_id = serializers.UUIDField(allow_null=True)
    stage = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())
    observation = serializers.CharField(allow_blank=True)
    urgent = serializers.BooleanField()
    letter_id = serializers.UUIDField()
    recorded_at = Instant()
    by_name = serializers.CharField()


class HealthContactBody(serializers.Serializer[Any]):
    """Why, and what somebody saw or heard."""

    reasons = serializers.ListField(
        child=serializers.ChoiceField(choices=[concern.value for concern in Concern]), allow_empty=True, max_length=7
    )
    observation = Words()


def _contacts(actor: Actor) -> QuerySet[HealthContactRequest]:
    require(access.may_contact(actor))
    return access.contacts_for(actor)


def _person(actor: Actor, pk: UUID) -> UUID:
    require(access.may_contact(actor))
    access_person(actor, pk)
    return pk


def _contact(actor: Actor, pk: UUID, *, reasons: list[str], **said: Any) -> HealthContactRequest:
    return contact_health(actor, pk, reasons=[Concern(code) for code in reasons], **said)


urlpatterns = [
    path(
        "health-contacts/",
        door(TAG, get=Listing("list_health_contacts", "Kontakt med helsetjenesten", HealthContactLine, _contacts)),
        name="api_health_contacts",
    ),
    path(
        "people/<uuid:pk>/health-contacts/",
        door(
            TAG,
            post=Verb(
                "contact_health",
                "Kontakt helsetjenesten",
                HealthContactLine,
                may=_person,
                do=_contact,
                body=HealthContactBody,
                more="Send the request at once, or save nothing.",
            ),
        ),
        name="api_contact_health",
    ),
]
