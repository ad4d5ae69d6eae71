"""Referrals for programs, on either side: the sender's list and sending, the recipient's list and deciding. Holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists, reads
from coordination.api.fields import Day, Instant, PageQuery, PersonPart, Version, Words
from coordination.identity import Actor
from referrals import access
from referrals.actions import assessing, sending
from referrals.models import MunicipalReferral, ReferralState, SpecialistReferral
from referrals.rules import OUTCOMES

TAG = "Henvisninger"


class ReferralLine(serializers.Serializer[MunicipalReferral]):
    """A referral in the sender's list; how it stands follows from its letters and is told with the referral itself."""

    id = serializers.UUIDField()
    person = PersonPart()
    trust = serializers.CharField(source="trust.name")
    service_type = serializers.CharField()
    urgency = serializers.CharField()
    stage = serializers.CharField()
    sent_at = Instant(allow_null=True)
    recorded_at = Instant()
    by_name = serializers.CharField()
    version = serializers.IntegerField()


class ReferralWhole(ReferralLine):
    """A referral as its sender wrote it, and how it stands."""

    state = serializers.SerializerMethodField()
    basis = serializers.CharField()
    reason = serializers.CharField()
    question = serializers.CharField()
    medication = serializers.CharField(allow_blank=True)
    interpreter = serializers.BooleanField()
    inmate_informed = serializers.BooleanField()

    def get_state(self, _referral: MunicipalReferral) -> str:
        """Return how the referral stands, from its letters."""
        return str(self.context["state"])


class CaseLine(serializers.Serializer[SpecialistReferral]):
    """A referral as the trust that received it keeps it."""

    id = serializers.UUIDField()
    person = PersonPart()
    referrer = serializers.CharField(source="referrer.name")
    referrer_name = serializers.CharField(allow_blank=True)
    clinic = serializers.SerializerMethodField()
    service_type = serializers.CharField()
    urgency = serializers.CharField()
    state = serializers.CharField()
    sent_at = Instant()
    received_at = Instant()
    assessment_due_at = Instant()
    decided_at = Instant(allow_null=True)
    decided_by_name = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)
    treatment_deadline_on = serializers.DateField(allow_null=True)
    start_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()

    def get_clinic(self, case: SpecialistReferral) -> str:
        """Return the clinic that assesses, empty while none does."""
        return case.clinic.name if case.clinic else ""


class CaseQuery(PageQuery):
    """Which referrals."""

    state = serializers.ChoiceField(
        required=False, choices=[state.value for state in ReferralState if state.value not in ("draft", "sent")]
    )


class DecisionBody(serializers.Serializer[Any]):
    """What a referral leads to. Which fields are needed follows from the outcome."""

    outcome = serializers.ChoiceField(choices=[state.value for state in OUTCOMES])
    reason = serializers.CharField(max_length=8000)
    treatment_deadline_on = Day(required=False, allow_null=True, default=None)
    start_on = Day(required=False, allow_null=True, default=None)
    appeal_information = Words(max_length=4000)
    information_wanted = Words(max_length=4000)
    new_recipient = Words(max_length=200)
    patient_informed = serializers.BooleanField(required=False, default=False)
    basis = serializers.ChoiceField(choices=assessing.BASES, required=False, default="LB12")
    version = Version()


class Referrals(Door):
    """Referrals the municipality has written."""

    @lists("list_referrals", "Kommunens henvisninger", ReferralLine, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        if not access.may_read_sent(actor):
            raise Http404
        return self.page(request, access.referrals_for(actor), ReferralLine)


class OneReferral(Door):
    """One of them."""

    @reads("get_referral", "Én henvisning fra kommunen", ReferralWhole, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the referral."""
        return _answer(actor_in(request), pk)


class Sending(Door):
    """The sending of a draft."""

    @does("send_referral", "Send en henvisning som er skrevet", ReferralWhole, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Send it; twice sends once."""
        actor = actor_in(request)
        if not access.may_refer(actor):
            raise Http404
        sending.send(actor, access.access_referral(actor, pk).referral, at=clock.now())
        return _answer(actor, pk)


def _answer(actor: Actor, pk: UUID) -> Response:
    sent = access.access_referral(actor, pk)
    return Response(ReferralWhole(sent.referral, context={"state": sent.state.value}).data)


class Cases(Door):
    """Referrals the trust has received."""

    @lists("list_received_referrals", "Helseforetakets mottatte henvisninger", CaseLine, query=CaseQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor, query = actor_in(request), asked(request, CaseQuery)
        if not access.may_read_received(actor):
            raise Http404
        rows = access.cases_for(actor)
        return self.page(request, rows.filter(state=query["state"]) if "state" in query else rows, CaseLine)


class OneCase(Door):
    """One of them."""

    @reads("get_received_referral", "Én mottatt henvisning", CaseLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the referral."""
        return Response(CaseLine(access.access_case(actor_in(request), pk)).data)


class Decision(Door):
    """The decision about a received referral."""

    @does(
        "decide_referral",
        "Avgjør en henvisning og svar henviseren",
        CaseLine,
        body=DecisionBody,
        status=201,
        keyed=True,
        tag=TAG,
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Decide and answer; a key seen before returns what it decided then."""
        actor = actor_in(request)
        case = access.access_case(actor, pk)
        key, body = key_in(request), given(request, DecisionBody)
        return Response(CaseLine(assessing.decide(actor, case, key=key, at=clock.now(), **body)).data, status=201)


urlpatterns = [
    path("referrals/", Referrals.as_view(), name="api_referrals"),
    path("referrals/<uuid:pk>/", OneReferral.as_view(), name="api_referral"),
    path("referrals/<uuid:pk>/sending/", Sending.as_view(), name="api_send_referral"),
    path("received-referrals/", Cases.as_view(), name="api_cases"),
    path("received-referrals/<uuid:pk>/", OneCase.as_view(), name="api_case"),
    path("received-referrals/<uuid:pk>/decision/", Decision.as_view(), name="api_decide"),
]
