"""The trust's referrals for programs: the list, registering receipt, choosing a clinic and deciding. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from consent.actions import mark_read
from consent.models import Letter
from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.doors import among
from coordination.api.fields import Day, Instant, PageQuery, PersonPart, Version, Words
from coordination.identity import Actor
from coordination.models import Unit
from coordination.people.access import require
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

    outcome = serializers.ChoiceField(choices=sorted(state.value for state in OUTCOMES))
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


def _cases(actor: Actor, *, state: str | None = None) -> Any:
    require(access.may_read_received(actor))
    rows = access.cases_for(actor)
    return rows.filter(state=state) if state else rows


def _clinic(actor: Actor, pk: UUID | None) -> Unit | None:
    """Return a clinic of the trust. Raises ValidationError for what is none."""
    clinics = {clinic.pk: clinic for clinic in access.clinics_of(actor)}
    return clinics[among(pk, clinics, "clinic")] if pk else None


def _arrived(actor: Actor, pk: UUID) -> Letter:
    letter = access.access_received(actor, pk)
    require(access.may_receive(actor))
    return letter


def _register(
    actor: Actor, letter: Letter, *, patient: UUID | None, clinic: UUID | None, at: datetime
) -> SpecialistReferral:
    if patient is not None:
        among(patient, {match.patient.pk for match in access.matches(actor, letter)}, "patient")
    mark_read(letter)
    case = assessing.register_receipt(actor, letter, patient=patient, clinic=_clinic(actor, clinic), at=at)
    require(case is not None)
    assert case is not None
    return case


def _at_desk(actor: Actor, pk: UUID) -> SpecialistReferral:
    require(access.may_receive(actor))
    return access.access_case(actor, pk)


def _assign(actor: Actor, case: SpecialistReferral, *, clinic: UUID, version: int, at: datetime) -> None:
    chosen = _clinic(actor, clinic)
    assert chosen is not None
    if case.clinic_id != chosen.pk:
        case.version = version
        assessing.assign(actor, case, chosen, at=at)


urlpatterns = [
    path(
        "received-referrals/",
        door(
            TAG,
            get=Listing(
                "list_received_referrals", "Helseforetakets mottatte henvisninger", CaseLine, _cases, CaseQuery
            ),
        ),
        name="api_cases",
    ),
    path(
        "received-referrals/<uuid:pk>/",
        door(TAG, get=Reading("get_received_referral", "Én mottatt henvisning", CaseLine, access.access_case)),
        name="api_case",
    ),
    path(
        "received-referrals/<uuid:pk>/clinic/",
        door(
            TAG,
            put=Verb(
                "assign_referral",
                "Velg klinikken som vurderer",
                CaseLine,
                may=_at_desk,
                do=_assign,
                body=ClinicBody,
                again=access.access_case,
            ),
        ),
        name="api_assign_referral",
    ),
    path(
        "received-referrals/<uuid:pk>/decision/",
        door(
            TAG,
            post=Verb(
                "decide_referral",
                "Avgjør en henvisning og svar henviseren",
                CaseLine,
                may=access.access_case,
                do=assessing.decide,
                body=DecisionBody,
            ),
        ),
        name="api_decide",
    ),
    path(
        "letters/<uuid:pk>/referral-receipt/",
        door(
            TAG,
            put=Verb(
                "register_referral",
                "Registrer at en henvisning er mottatt",
                CaseLine,
                may=_arrived,
                do=_register,
                body=ReceiptBody,
                again=access.access_case,
                more="Register the referral that came with a letter of the inbox; twice registers once.\n\n"
                "A referral its sender took back before anybody received it leaves nothing behind: its receipt is sent, "
                "and the answer is 404.",
            ),
        ),
        name="api_register_referral",
    ),
]
