"""The municipality's referrals for programs: the list, writing, sending, sending again and taking back. Holds no rule."""

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
from coordination.models import Agency
from referrals import access
from referrals.actions import sending
from referrals.models import MunicipalReferral, ReferralState, ServiceType, Urgency, WithdrawnBy

TAG = "Henvisninger"


class ReferralLine(serializers.Serializer[MunicipalReferral]):
    """A referral in the sender's list; `state` is how it stands, from its letters."""

    id = serializers.UUIDField()
    person = PersonPart()
    trust = serializers.CharField(source="trust.name")
    service_type = serializers.CharField()
    urgency = serializers.CharField()
    stage = serializers.CharField()
    state = serializers.CharField(source="standing")
    sent_at = Instant(allow_null=True)
    recorded_at = Instant()
    by_name = serializers.CharField()
    version = serializers.IntegerField()


class ReferralWhole(ReferralLine):
    """A referral as its sender wrote it, and how it stands."""

    basis = serializers.CharField()
    reason = serializers.CharField()
    question = serializers.CharField()
    medication = serializers.CharField(allow_blank=True)
    interpreter = serializers.BooleanField()
    inmate_informed = serializers.BooleanField()


class ReferralBody(serializers.Serializer[Any]):
    """What a referral tells. Who the patient is comes from the register."""

    service_type = serializers.ChoiceField(choices=ServiceType.values)
    urgency = serializers.ChoiceField(choices=Urgency.values, required=False, default=Urgency.ORDINARY.value)
    basis = serializers.ChoiceField(choices=sending.BASES, required=False, default=sending.COOPERATION)
    reason = serializers.CharField(max_length=8000)
    question = serializers.CharField(max_length=8000)
    medication = Words()
    interpreter = serializers.BooleanField(required=False, default=False)
    inmate_informed = serializers.BooleanField(required=False, default=False)


class DraftBody(ReferralBody):
    """A draft, and the trust it is to go to."""

    trust = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="Null: the agency's own.")


class DraftChangeBody(DraftBody):
    """A draft as it is to stand, whole."""

    version = Version()


class AgainBody(ReferralBody):
    """A returned referral with what was missing, whole."""

    version = Version()


class TakingBackBody(serializers.Serializer[Any]):
    """Who takes a referral back, and what the trust is told."""

    withdrawn_by = serializers.ChoiceField(choices=WithdrawnBy.values)
    note = Words(max_length=2000)


class ReferralQuery(PageQuery):
    """Which referrals."""

    state = serializers.ChoiceField(required=False, choices=ReferralState.values)


class Referrals(Door):
    """Referrals the municipality has written."""

    @lists("list_referrals", "Kommunens henvisninger", ReferralLine, query=ReferralQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor, query = actor_in(request), asked(request, ReferralQuery)
        if not access.may_read_sent(actor):
            raise Http404
        rows = access.referrals_for(actor)
        return self.page(request, rows.filter(standing=query["state"]) if "state" in query else rows, ReferralLine)


class OneReferral(Door):
    """One of them."""

    @reads("get_referral", "Én henvisning fra kommunen", ReferralWhole, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the referral."""
        return _answer(actor_in(request), pk)


class Drafts(Door):
    """Referrals of one patient."""

    @does(
        "write_referral",
        "Skriv et utkast til henvisning",
        ReferralWhole,
        body=DraftBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Save a draft; a key seen before returns what it saved then."""
        actor = actor_in(request)
        patient = access.access_patient(actor, pk)
        key, body = key_in(request), given(request, DraftBody)
        row = sending.write(actor, patient, trust=_trust(actor, body), key=key, at=clock.now(), **_content(body))
        return _answer(actor, row.pk, status=201)


class Draft(Door):
    """A draft, as it is to stand."""

    @does("change_referral", "Endre et utkast til henvisning", ReferralWhole, body=DraftChangeBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Change it."""
        actor = actor_in(request)
        row = _mine(actor, pk).referral
        body = given(request, DraftChangeBody)
        sending.rewrite(actor, row, trust=_trust(actor, body), version=body["version"], **_content(body))
        return _answer(actor, pk)


class Sending(Door):
    """The sending of a draft."""

    @does("send_referral", "Send en henvisning som er skrevet", ReferralWhole, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Send it; twice sends once."""
        actor = actor_in(request)
        sending.send(actor, _mine(actor, pk).referral, at=clock.now())
        return _answer(actor, pk)


class SendingAgain(Door):
    """A new version of a referral that the trust returned."""

    @does(
        "send_referral_again",
        "Send en returnert henvisning på nytt",
        ReferralWhole,
        body=AgainBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Send it with what was missing; a key seen before sends nothing more."""
        actor = actor_in(request)
        row = _mine(actor, pk).referral
        key, body = key_in(request), given(request, AgainBody)
        sending.send_again(actor, row, version=body["version"], key=key, at=clock.now(), **_content(body))
        return _answer(actor, pk, status=201)


class TakingBack(Door):
    """The end of a referral before it is decided."""

    @does("withdraw_referral", "Trekk en henvisning", ReferralWhole, body=TakingBackBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Take it back; twice takes it back once."""
        actor = actor_in(request)
        row = _mine(actor, pk).referral
        body = given(request, TakingBackBody)
        sending.withdraw(actor, row, by=body["withdrawn_by"], note=body["note"], at=clock.now())
        return _answer(actor, pk)


def _mine(actor: Actor, pk: UUID) -> access.Sent:
    """Return a referral for a verb, or raise Http404 also for a role that only reads."""
    if not access.may_refer(actor):
        raise Http404
    return access.access_referral(actor, pk)


def _trust(actor: Actor, body: dict[str, Any]) -> Agency:
    """Return the trust, the agency's own where none is named. Raises ValidationError for what is no trust."""
    trusts = {trust.pk: trust for trust in access.trusts_for(actor)}
    chosen = body["trust"] or next(iter(trusts), None)
    return trusts[among(chosen, trusts, "trust")]


def _content(body: dict[str, Any]) -> dict[str, Any]:
    return {name: body[name] for name in sending.CONTENT}


def _answer(actor: Actor, pk: UUID, status: int = 200) -> Response:
    return Response(ReferralWhole(access.access_referral(actor, pk).referral).data, status=status)


urlpatterns = [
    path("referrals/", Referrals.as_view(), name="api_referrals"),
    path("referrals/<uuid:pk>/", OneReferral.as_view(), name="api_referral"),
    path("people/<uuid:pk>/referrals/", Drafts.as_view(), name="api_write_referral"),
    path("referrals/<uuid:pk>/draft/", Draft.as_view(), name="api_change_referral"),
    path("referrals/<uuid:pk>/sending/", Sending.as_view(), name="api_send_referral"),
    path("referrals/<uuid:pk>/versions/", SendingAgain.as_view(), name="api_send_referral_again"),
    path("referrals/<uuid:pk>/withdrawal/", TakingBack.as_view(), name="api_withdraw_referral"),
]
