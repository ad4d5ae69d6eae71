"""The municipality's referrals for programs: the list, writing, sending, sending again and taking back. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.doors import among
from coordination.api.fields import Instant, PageQuery, PersonPart, Version, Words
from coordination.identity import Actor
from coordination.models import Agency
from coordination.people.access import require
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


def _referrals(actor: Actor, *, state: str | None = None) -> Any:
    require(access.may_read_sent(actor))
    rows = access.referrals_for(actor)
    return rows.filter(standing=state) if state else rows


def _referral(actor: Actor, pk: UUID) -> MunicipalReferral:
    return access.access_referral(actor, pk).referral


def _mine(actor: Actor, pk: UUID) -> MunicipalReferral:
    """Return a referral for a verb, or raise Http404 also for a role that only reads."""
    require(access.may_refer(actor))
    return _referral(actor, pk)


def _trust(actor: Actor, named: UUID | None) -> Agency:
    """Return the trust, the agency's own where none is named. Raises ValidationError for what is no trust."""
    trusts = {trust.pk: trust for trust in access.trusts_for(actor)}
    chosen = named or next(iter(trusts), None)
    return trusts[among(chosen, trusts, "trust")]


def _write(actor: Actor, patient: Any, *, trust: UUID | None, **said: Any) -> MunicipalReferral:
    return sending.write(actor, patient, trust=_trust(actor, trust), **said)


def _rewrite(actor: Actor, row: MunicipalReferral, *, trust: UUID | None, at: datetime, **said: Any) -> None:
    sending.rewrite(actor, row, trust=_trust(actor, trust), **said)


def _withdraw(actor: Actor, row: MunicipalReferral, *, withdrawn_by: str, **said: Any) -> MunicipalReferral:
    return sending.withdraw(actor, row, by=withdrawn_by, **said)


def _verb(name: str, summary: str, **told: Any) -> Verb:
    """Return a verb that answers with the referral as it then stands."""
    return Verb(name, summary, ReferralWhole, again=_referral, **told)


urlpatterns = [
    path(
        "referrals/",
        door(TAG, get=Listing("list_referrals", "Kommunens henvisninger", ReferralLine, _referrals, ReferralQuery)),
        name="api_referrals",
    ),
    path(
        "referrals/<uuid:pk>/",
        door(TAG, get=Reading("get_referral", "Én henvisning fra kommunen", ReferralWhole, _referral)),
        name="api_referral",
    ),
    path(
        "people/<uuid:pk>/referrals/",
        door(
            TAG,
            post=_verb(
                "write_referral",
                "Skriv et utkast til henvisning",
                may=access.access_patient,
                do=_write,
                body=DraftBody,
            ),
        ),
        name="api_write_referral",
    ),
    path(
        "referrals/<uuid:pk>/draft/",
        door(
            TAG,
            put=_verb(
                "change_referral", "Endre et utkast til henvisning", may=_mine, do=_rewrite, body=DraftChangeBody
            ),
        ),
        name="api_change_referral",
    ),
    path(
        "referrals/<uuid:pk>/sending/",
        door(
            TAG,
            put=_verb(
                "send_referral",
                "Send en henvisning som er skrevet",
                may=_mine,
                do=sending.send,
                more="Send it; twice sends once.",
            ),
        ),
        name="api_send_referral",
    ),
    path(
        "referrals/<uuid:pk>/versions/",
        door(
            TAG,
            post=_verb(
                "send_referral_again",
                "Send en returnert henvisning på nytt",
                may=_mine,
                do=sending.send_again,
                body=AgainBody,
                more="Send it with what was missing.",
            ),
        ),
        name="api_send_referral_again",
    ),
    path(
        "referrals/<uuid:pk>/withdrawal/",
        door(
            TAG,
            put=_verb(
                "withdraw_referral",
                "Trekk en henvisning",
                may=_mine,
                do=_withdraw,
                body=TakingBackBody,
                more="Take it back; twice takes it back once.",
            ),
        ),
        name="api_withdraw_referral",
    ),
]
