"""The mapping of needs and resources for programs: those of a person, offering, answering and keeping one. Holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists, naming, reads
from coordination.api.fields import Instant, PageQuery, RecordedLine, Version, Words
from coordination.people.access import access_person, open_stay
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


class NeedsMappings(Door):
    """The mappings of one person."""

    @lists("list_needs_mappings", "Behovskartlegginger", NeedsMappingLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        rows = access.mappings_for(actor)
        return self.page(request, rows.filter(person_id=access_person(actor, pk).pk), NeedsMappingLine)

    @does(
        "offer_needs_mapping", "Lagre at kartlegging er tilbudt", NeedsMappingLine, body=MappingOfferBody, status=201,
        keyed=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Offer one in the stay that goes on."""
        actor = actor_in(request)
        if not access.may_map(actor):
            raise Http404
        stay = open_stay(actor, access_person(actor, pk).pk)
        if stay is None:
            raise Http404
        key, body = key_in(request), given(request, MappingOfferBody)
        row = actions.offer_mapping(actor, stay, answer=body["answer"], key=key, at=clock.now())
        return Response(NeedsMappingLine(row).data, status=201)


class OneNeedsMapping(Door):
    """One mapping."""

    @reads("get_needs_mapping", "Én behovskartlegging", NeedsMappingLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the mapping."""
        return Response(NeedsMappingLine(access.access_mapping(actor_in(request), pk)).data)


def _mine(request: Request, pk: UUID) -> NeedsMapping:
    actor = actor_in(request)
    if not access.may_map(actor):
        raise Http404
    return access.access_mapping(actor, pk)


class MappingAnswer(Door):
    """The answer to an offer."""

    @does("answer_needs_mapping", "Lagre svaret på tilbudet", NeedsMappingLine, body=MappingAnswerBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Keep the answer."""
        row, body = _mine(request, pk), given(request, MappingAnswerBody)
        return Response(NeedsMappingLine(actions.answer_mapping(actor_in(request), row, at=clock.now(), **body)).data)


class MappingResult(Door):
    """What a mapping showed."""

    @does("finish_needs_mapping", "Lagre hva kartleggingen viste", NeedsMappingLine, body=MappingResultBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Keep it, with the answer whether consent is needed."""
        row, body = _mine(request, pk), given(request, MappingResultBody)
        with naming(reason="consent_reason"):
            done = actions.finish_mapping(actor_in(request), row, at=clock.now(), **body)
        return Response(NeedsMappingLine(done).data)


urlpatterns = [
    path("people/<uuid:pk>/needs-mappings/", NeedsMappings.as_view(), name="api_needs_mappings"),
    path("needs-mappings/<uuid:pk>/", OneNeedsMapping.as_view(), name="api_needs_mapping"),
    path("needs-mappings/<uuid:pk>/answer/", MappingAnswer.as_view(), name="api_needs_mapping_answer"),
    path("needs-mappings/<uuid:pk>/result/", MappingResult.as_view(), name="api_needs_mapping_result"),
]
