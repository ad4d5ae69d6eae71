"""Applications to recovery units for programs: the list, one, and the verbs. Holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, among, asked, does, given, key_in, lists, reads
from coordination.api.fields import Instant, PageQuery, PersonPart, Version, Words
from coordination.identity import Actor
from coordination.people.access import access_person, open_stay
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


class Recoveries(Door):
    """Every offer and application the actor may know of."""

    @lists("list_recovery_applications", "Tilbud og søknader om rusmestring", RecoveryLine, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        return self.page(request, access.applications_for(actor), RecoveryLine)


class NewRecovery(Door):
    """An offer to one person."""

    @does(
        "offer_recovery_place", "Lagre at plass i rusmestringsenhet er tilbudt", RecoveryLine, body=RecoveryOfferBody,
        status=201, keyed=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Offer a place in the stay that goes on."""
        actor = actor_in(request)
        if not access.may_inform(actor):
            raise Http404
        stay = open_stay(actor, access_person(actor, pk).pk)
        if stay is None:
            raise Http404
        key, body = key_in(request), given(request, RecoveryOfferBody)
        units = {unit.pk: unit for unit in access.units_for(actor)}
        unit = units[among(body["unit_id"], units, "unit_id")]
        row = actions.offer(actor, stay, unit=unit, told=body["told"], key=key, at=clock.now())
        return _answer(actor, row, 201)


class OneRecovery(Door):
    """One offer or application."""

    @reads("get_recovery_application", "Én søknad om rusmestring", RecoveryLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return it."""
        actor = actor_in(request)
        return Response(RecoveryLine(access.access_application(actor, pk)).data)


def _found(actor: Actor, pk: UUID, allowed: bool) -> RecoveryApplication:
    if not allowed:
        raise Http404
    return access.access_application(actor, pk)


def _answer(actor: Actor, row: RecoveryApplication, status: int = 200) -> Response:
    return Response(RecoveryLine(access.access_application(actor, row.pk)).data, status=status)


class RecoveryAnswer(Door):
    """What somebody answered to the offer."""

    @does(
        "answer_recovery_offer",
        "Lagre svaret på tilbudet om rusmestring",
        RecoveryLine,
        body=RecoveryAnswerBody,
        tag=TAG,
    )
    def put(self, request: Request, pk: UUID) -> Response:
        """Apply, or say no."""
        actor = actor_in(request)
        row = _found(actor, pk, access.may_inform(actor))
        actions.answer(actor, row, at=clock.now(), **given(request, RecoveryAnswerBody))
        return _answer(actor, row)


class RecoveryPlace(Door):
    """Where in the order an application stands."""

    @does("place_recovery_application", "Sett plass i rekkefølgen", RecoveryLine, body=RecoveryPlaceBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Put it before or behind those of its ground."""
        actor = actor_in(request)
        row = _found(actor, pk, access.may_decide(actor))
        actions.place(actor, row, at=clock.now(), **given(request, RecoveryPlaceBody))
        return _answer(actor, row)


class RecoveryDecision(Door):
    """Approved or declined."""

    @does("decide_recovery_application", "Avgjør søknaden", RecoveryLine, body=RecoveryDecisionBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Decide."""
        actor = actor_in(request)
        row = _found(actor, pk, access.may_decide(actor))
        actions.decide(actor, row, at=clock.now(), **given(request, RecoveryDecisionBody))
        return _answer(actor, row)


class RecoveryWithdrawal(Door):
    """The application is taken back."""

    @does("withdraw_recovery_application", "Trekk søknaden", RecoveryLine, body=RecoveryWithdrawalBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Withdraw."""
        actor = actor_in(request)
        row = _found(actor, pk, access.may_inform(actor))
        actions.withdraw(actor, row, at=clock.now(), **given(request, RecoveryWithdrawalBody))
        return _answer(actor, row)


urlpatterns = [
    path("recovery-applications/", Recoveries.as_view(), name="api_recovery_applications"),
    path("people/<uuid:pk>/recovery-applications/", NewRecovery.as_view(), name="api_recovery_offer"),
    path("recovery-applications/<uuid:pk>/", OneRecovery.as_view(), name="api_recovery_application"),
    path("recovery-applications/<uuid:pk>/answer/", RecoveryAnswer.as_view(), name="api_recovery_answer"),
    path("recovery-applications/<uuid:pk>/place/", RecoveryPlace.as_view(), name="api_recovery_place"),
    path("recovery-applications/<uuid:pk>/decision/", RecoveryDecision.as_view(), name="api_recovery_decision"),
    path("recovery-applications/<uuid:pk>/withdrawal/", RecoveryWithdrawal.as_view(), name="api_recovery_withdrawal"),
]
