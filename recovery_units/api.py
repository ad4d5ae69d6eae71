"""Applications to recovery units for programs: the list, one, and the verbs. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.doors import among
from coordination.api.fields import Instant, PersonPart, Version, Words
from coordination.identity import Actor
from coordination.models import Stay
from coordination.people import access as people
from recovery_units import access, actions
from recovery_units.models import RecoveryApplication

TAG = "Rusmestring"


class RecoveryLine(serializers.Serializer[RecoveryApplication]):
    """An offer or an application, and where it stands. `consent` is set when it is decided."""

    id = serializers.UUIDField()
    person = PersonPart()
    unit_id = serializers.UUIDField()
    state = serializers.CharField()
    state_at = Instant()
    applied_at = Instant(allow_null=True)
    wish = serializers.CharField()
    group = serializers.CharField(help_text="Empty: by the ground of the stay.")
    group_reason = serializers.CharField()
    consent = serializers.CharField()
    conclusion = serializers.CharField()
    decided_at = Instant(allow_null=True)
    reason = serializers.CharField()
    version = serializers.IntegerField()


class RecoveryOfferBody(serializers.Serializer[Any]):
    """Which unit, and what the person was told."""

    unit_id = serializers.UUIDField()
    told = Words(max_length=2000)


class RecoveryAnswerBody(serializers.Serializer[Any]):
    """Whether the person applies, and by which wish."""

    applies = serializers.BooleanField()
    wish = Words(max_length=2000)
    version = Version()


class RecoveryPlaceBody(serializers.Serializer[Any]):
    """Where in the order; an empty group goes back to the usual one."""

    group = serializers.CharField(allow_blank=True, max_length=10, help_text="1_first, 2_next, or empty.")
    reason = Words(max_length=500)
    version = Version()


class RecoveryDecisionBody(serializers.Serializer[Any]):
    """Approved or declined, on which letters, and why."""

    approve = serializers.BooleanField()
    reason = Words(max_length=4000)
    specialist_letter = serializers.UUIDField(required=False, allow_null=True, default=None)
    conclusion = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=10, help_text="yes, conditions or no."
    )
    municipal_letter = serializers.UUIDField(required=False, allow_null=True, default=None)
    why_alone = Words(max_length=2000)
    version = Version()


class RecoveryWithdrawalBody(serializers.Serializer[Any]):
    """The version that was seen; nobody must say why."""

    version = Version()


def _offered(actor: Actor, pk: UUID) -> Stay:
    people.require(access.may_inform(actor))
    return people.access_open_stay(actor, pk)


def _offer(actor: Actor, stay: Stay, *, unit_id: UUID, **said: Any) -> RecoveryApplication:
    units = {unit.pk: unit for unit in access.units_for(actor)}
    return actions.offer(actor, stay, unit=units[among(unit_id, units, "unit_id")], **said)


def _informed(actor: Actor, pk: UUID) -> RecoveryApplication:
    people.require(access.may_inform(actor))
    return access.access_application(actor, pk)


def _decided(actor: Actor, pk: UUID) -> RecoveryApplication:
    people.require(access.may_decide(actor))
    return access.access_application(actor, pk)


def _verb(name: str, summary: str, **told: Any) -> Verb:
    """Return a verb that answers with the application as it then stands."""
    return Verb(name, summary, RecoveryLine, again=access.access_application, **told)


urlpatterns = [
    path(
        "recovery-applications/",
        door(
            TAG,
            get=Listing(
                "list_recovery_applications", "Tilbud og søknader om rusmestring", RecoveryLine, access.applications_for
            ),
        ),
        name="api_recovery_applications",
    ),
    path(
        "people/<uuid:pk>/recovery-applications/",
        door(
            TAG,
            post=_verb(
                "offer_recovery_place",
                "Lagre at plass i rusmestringsenhet er tilbudt",
                may=_offered,
                do=_offer,
                body=RecoveryOfferBody,
                more="Offer a place in the stay that goes on.",
            ),
        ),
        name="api_recovery_offer",
    ),
    path(
        "recovery-applications/<uuid:pk>/",
        door(
            TAG,
            get=Reading(
                "get_recovery_application", "Én søknad om rusmestring", RecoveryLine, access.access_application
            ),
        ),
        name="api_recovery_application",
    ),
    path(
        "recovery-applications/<uuid:pk>/answer/",
        door(
            TAG,
            put=_verb(
                "answer_recovery_offer",
                "Lagre svaret på tilbudet om rusmestring",
                may=_informed,
                do=actions.answer,
                body=RecoveryAnswerBody,
            ),
        ),
        name="api_recovery_answer",
    ),
    path(
        "recovery-applications/<uuid:pk>/place/",
        door(
            TAG,
            put=_verb(
                "place_recovery_application",
                "Sett plass i rekkefølgen",
                may=_decided,
                do=actions.place,
                body=RecoveryPlaceBody,
                more="Put it before or behind those of its ground.",
            ),
        ),
        name="api_recovery_place",
    ),
    path(
        "recovery-applications/<uuid:pk>/decision/",
        door(
            TAG,
            put=_verb(
                "decide_recovery_application",
                "Avgjør søknaden",
                may=_decided,
                do=actions.decide,
                body=RecoveryDecisionBody,
            ),
        ),
        name="api_recovery_decision",
    ),
    path(
        "recovery-applications/<uuid:pk>/withdrawal/",
        door(
            TAG,
            put=_verb(
                "withdraw_recovery_application",
                "Trekk søknaden",
                may=_informed,
                do=actions.withdraw,
                body=RecoveryWithdrawalBody,
            ),
        ),
        name="api_recovery_withdrawal",
    ),
]
