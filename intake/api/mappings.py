"""The mapping of needs and resources for programs: those of a person, offering, answering and keeping one. Holds no rule."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.fields import Instant, RecordedLine, Version, Words
from coordination.identity import Actor
from coordination.models import Stay
from coordination.people.access import access_open_stay, access_person, require
from intake import access, actions
from intake.models import Area, NeedsMapping

TAG = "Innkomst"


class NeedsMappingLine(RecordedLine):
    """A mapping as it stands: codes of needs and resources, nothing about anybody's health."""

    stay_id = serializers.UUIDField()
    state = serializers.CharField()
    answered_at = Instant(allow_null=True)
    needs = serializers.ListField(child=serializers.CharField())
    resources = serializers.ListField(child=serializers.CharField())
    done_at = Instant(allow_null=True)
    version = serializers.IntegerField()


class MappingOfferBody(serializers.Serializer[Any]):
    """What was answered to the offer."""

    answer = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=10,
        help_text="accepted, declined, or empty: thinks about it.",
    )


class MappingAnswerBody(serializers.Serializer[Any]):
    """What was answered later."""

    answer = serializers.CharField(max_length=10, help_text="accepted or declined.")
    version = Version()


def _areas() -> serializers.ListField:
    return serializers.ListField(child=serializers.ChoiceField(choices=Area.choices), max_length=len(Area.values))


class MappingResultBody(serializers.Serializer[Any]):
    """What the mapping showed, and whether consent is needed where that is not answered yet."""

    needs = _areas()
    resources = _areas()
    consent_needed = serializers.BooleanField(
        required=False, allow_null=True, default=None, help_text="Null: answered before."
    )
    consent_reason = Words(max_length=500)
    version = Version()


def _mappings(actor: Actor, pk: UUID) -> QuerySet[NeedsMapping]:
    return access.mappings_for(actor).filter(person_id=access_person(actor, pk).pk)


def _mapped(actor: Actor, pk: UUID) -> Stay:
    require(access.may_map(actor))
    return access_open_stay(actor, pk)


def _mine(actor: Actor, pk: UUID) -> NeedsMapping:
    require(access.may_map(actor))
    return access.access_mapping(actor, pk)


urlpatterns = [
    path(
        "people/<uuid:pk>/needs-mappings/",
        door(
            TAG,
            get=Listing("list_needs_mappings", "Behovskartlegginger", NeedsMappingLine, _mappings),
            post=Verb(
                "offer_needs_mapping",
                "Lagre at kartlegging er tilbudt",
                NeedsMappingLine,
                may=_mapped,
                do=actions.offer_mapping,
                body=MappingOfferBody,
                more="Offer one in the stay that goes on.",
            ),
        ),
        name="api_needs_mappings",
    ),
    path(
        "needs-mappings/<uuid:pk>/",
        door(TAG, get=Reading("get_needs_mapping", "Én behovskartlegging", NeedsMappingLine, access.access_mapping)),
        name="api_needs_mapping",
    ),
    path(
        "needs-mappings/<uuid:pk>/answer/",
        door(
            TAG,
            put=Verb(
                "answer_needs_mapping",
                "Lagre svaret på tilbudet",
                NeedsMappingLine,
                may=_mine,
                do=actions.answer_mapping,
                body=MappingAnswerBody,
            ),
        ),
        name="api_needs_mapping_answer",
    ),
    path(
        "needs-mappings/<uuid:pk>/result/",
        door(
            TAG,
            put=Verb(
                "finish_needs_mapping",
                "Lagre hva kartleggingen viste",
                NeedsMappingLine,
                may=_mine,
                do=actions.finish_mapping,
                body=MappingResultBody,
                names={"reason": "consent_reason"},
                more="Keep it, with the answer whether consent is needed.",
            ),
        ),
        name="api_needs_mapping_result",
    ),
]
