"""The trust's referrals for programs: the list, registering receipt, choosing a clinic and deciding. Holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent.actions import mark_read
from coordination import clock
from coordination.api.doors import Door, actor_in, among, asked, does, given, key_in, lists, reads
from coordination.api.fields import Day, Instant, PageQuery, PersonPart, Version, Words
from coordination.identity import Actor
from coordination.models import Unit
from referrals import access
from referrals.actions import assessing
from referrals.models import ReferralState, SpecialistReferral
from referrals.rules import OUTCOMES

TAG = "Henvisninger"


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


class ReceiptBody(serializers.Serializer[Any]):
    """Whose the referral is, and who assesses it."""

    patient = serializers.UUIDField(
        required=False, allow_null=True, default=None, help_text="One of the trust's own. Null: somebody new."
    )
    clinic = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="Null: said later.")


class ClinicBody(serializers.Serializer[Any]):
    """Which clinic assesses."""

    clinic = serializers.UUIDField()
    version = Version()


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


class Receipt(Door):
    """The receipt of a referral, which starts the working days of the assessment."""

    @does("register_referral", "Registrer at en henvisning er mottatt", CaseLine, body=ReceiptBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Register the referral that came with a letter of the inbox; twice registers once.

        A referral its sender took back before anybody received it leaves nothing behind: its receipt is sent, and the answer is 404.
        """
        actor = actor_in(request)
        letter = access.access_received(actor, pk)
        if not access.may_receive(actor):
            raise Http404
        body = given(request, ReceiptBody)
        own = {match.patient.pk for match in access.matches(actor, letter)}
        patient = among(body["patient"], own, "patient") if body["patient"] else None
        mark_read(letter)
        case = assessing.register_receipt(
            actor, letter, patient=patient, clinic=_clinic(actor, body["clinic"]), at=clock.now()
        )
        if case is None:
            raise Http404
        return Response(CaseLine(access.access_case(actor, case.pk)).data)


class Clinic(Door):
    """The clinic that assesses a referral."""

    @does("assign_referral", "Velg klinikken som vurderer", CaseLine, body=ClinicBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Give the referral to a clinic."""
        actor = actor_in(request)
        if not access.may_receive(actor):
            raise Http404
        case = access.access_case(actor, pk)
        body = given(request, ClinicBody)
        clinic = _clinic(actor, body["clinic"])
        assert clinic is not None
        if case.clinic_id != clinic.pk:
            case.version = body["version"]
            assessing.assign(actor, case, clinic, at=clock.now())
        return Response(CaseLine(access.access_case(actor, pk)).data)


def _clinic(actor: Actor, pk: UUID | None) -> Unit | None:
    """Return a clinic of the trust. Raises ValidationError for what is none."""
    clinics = {clinic.pk: clinic for clinic in access.clinics_of(actor)}
    return clinics[among(pk, clinics, "clinic")] if pk else None


urlpatterns = [
    path("received-referrals/", Cases.as_view(), name="api_cases"),
    path("received-referrals/<uuid:pk>/", OneCase.as_view(), name="api_case"),
    path("received-referrals/<uuid:pk>/clinic/", Clinic.as_view(), name="api_assign_referral"),
    path("received-referrals/<uuid:pk>/decision/", Decision.as_view(), name="api_decide"),
    path("letters/<uuid:pk>/referral-receipt/", Receipt.as_view(), name="api_register_referral"),
]
