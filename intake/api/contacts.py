"""Contact with the health service for programs: what was asked, and asking. Holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists
from coordination.api.fields import Instant, PageQuery, Words
from coordination.people.access import access_person
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


class HealthContacts(Door):
    """Every request the actor may know of."""

    @lists("list_health_contacts", "Kontakt med helsetjenesten", HealthContactLine, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        if not access.may_contact(actor):
            raise Http404
        return self.page(request, access.contacts_for(actor), HealthContactLine)


class NewHealthContact(Door):
    """A request about one person."""

    @does(
        "contact_health",
        "Kontakt helsetjenesten",
        HealthContactLine,
        body=HealthContactBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Send the request at once, or save nothing."""
        actor = actor_in(request)
        if not access.may_contact(actor):
            raise Http404
        access_person(actor, pk)
        key, body = key_in(request), given(request, HealthContactBody)
        reasons = [Concern(code) for code in body["reasons"]]
        row = contact_health(actor, pk, key=key, reasons=reasons, observation=body["observation"], at=clock.now())
        return Response(HealthContactLine(row).data, status=201)


urlpatterns = [
    path("health-contacts/", HealthContacts.as_view(), name="api_health_contacts"),
    path("people/<uuid:pk>/health-contacts/", NewHealthContact.as_view(), name="api_contact_health"),
]
