"""The referral and the answer to it, and what their codes are called. Sends nothing."""

from datetime import timedelta

from consent import wording
from consent.letters import ATTACHMENTS, IDENTITY, Field, LetterKind, register
from coordination.models import Role
from coordination.worlds import World
from referrals.models import ReferralState, ServiceType, Urgency, WithdrawnBy

REFERRAL = "referral"
DECISION = "referral_decision"
#: Category of a consent that lets the referral go on LB02.
CATEGORY = "referral"
REFERRERS = (Role.PRISON_DOCTOR, Role.PRISON_NURSE)
ASSESSORS = (Role.TRUST_INTAKE, Role.TRUST_CLINICIAN, Role.TRUST_LEADER)

register(
    LetterKind(
        code=REFERRAL,
        title="Henvisning",
        senders=(World.MUNICIPAL_HEALTH,),
        recipients=(World.SPECIALIST_HEALTH,),
        sender_roles=REFERRERS,
        bases=("LB10", "LB12", "LB02"),
        category=CATEGORY,
        fields=(
            *IDENTITY,
            Field("national_id", "Fødselsnummer eller D-nummer", required=False),
            Field("service_type", "Type helsehjelp"),
            Field("urgency", "Hastegrad"),
            Field("reason", "Bakgrunn for henvisningen", "long"),
            Field("question", "Hva henviseren ber om", "long"),
            Field("medication", "Legemidler", "long", required=False),
            Field("interpreter", "Trenger tolk", "boolean"),
            Field("prison", "Sitter i"),
            # Says that this letter takes the referral back; the trust must hear it even when nobody rings.
            Field("withdrawn_by", "Trukket tilbake av", required=False),
            ATTACHMENTS,
        ),
        awaits="acknowledgement",
        due=timedelta(hours=24),
        sender_rule="B21S",
        recipient_rule="B21R",
        doing="referral_received",
        doing_label="Registrer mottak",
    ),
    LetterKind(
        code=DECISION,
        title="Svar på henvisning",
        senders=(World.SPECIALIST_HEALTH,),
        recipients=(World.MUNICIPAL_HEALTH,),
        sender_roles=ASSESSORS,
        bases=("LB10", "LB12"),
        category=CATEGORY,
        fields=(
            *IDENTITY,
            Field("outcome", "Avgjørelse"),
            Field("reason", "Begrunnelse", "long"),
            Field("treatment_deadline", "Frist for å starte helsehjelp", "date", required=False),
            Field("start_on", "Oppstart", "date", required=False),
            Field("appeal", "Hvordan klage", "long", required=False),
            Field("missing", "Opplysninger som mangler", "long", required=False),
            ATTACHMENTS,
        ),
    ),
)

wording.register("service_type", dict(ServiceType.choices), kind=REFERRAL)
wording.register("urgency", dict(Urgency.choices), kind=REFERRAL)
wording.register("withdrawn_by", dict(WithdrawnBy.choices), kind=REFERRAL)
wording.register("outcome", dict(ReferralState.choices), kind=DECISION)
