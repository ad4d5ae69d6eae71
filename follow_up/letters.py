"""The letters of health follow-up: advice, harm, surroundings, who follows up. No diagnosis, no leave for a measure. Reads no world."""

from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consent import letters, wording
from consent.letters import IDENTITY, Field, LetterKind
from coordination.models import Role
from coordination.worlds import World
from follow_up.models import HarmReport

CLINICIANS = (Role.PRISON_NURSE, Role.PRISON_DOCTOR)

#: Letters from a prison that start or belong to this app's work.
LOCK_IN, LOCK_IN_CHANGED = "lock_in_notice", "lock_in_changed"
NOTICES = ("exclusion_notice", "coercive_means_notice", LOCK_IN)
QUESTION = "health_advice_request"
FROM_PRISON = (*NOTICES, "doctor_statement_request", "health_contact", "health_check_request", QUESTION)
#: What the doctor's statement on coercive means may answer.
ON_COERCIVE_MEANS = ("coercive_means_notice", "doctor_statement_request")
#: Who takes proposals to follow up at a trust.
TRUST_STAFF = (Role.TRUST_INTAKE, Role.TRUST_CLINICIAN, Role.TRUST_LEADER)

HEALTH_ADVICE = LetterKind(
    code="health_advice",
    title="Helsefaglig råd",
    senders=(World.MUNICIPAL_HEALTH,),
    recipients=(World.CUSTODY,),
    sender_roles=CLINICIANS,
    bases=("LB08", "LB02", "LB11"),
    category="health_advice",
    fields=(
        *IDENTITY,
        Field("about", "Gjelder"),
        Field("advice", "Råd", "long"),
        Field("recommend", "Anbefaling"),
    ),
    awaits="answer",
    due=timedelta(hours=24),
    sender_rule="D31S",
    recipient_rule="D31b",
)

HARM_REPORT = LetterKind(
    code="harm_report",
    title="Melding om skadevirkninger av tiltaket",
    senders=(World.MUNICIPAL_HEALTH,),
    recipients=(World.CUSTODY,),
    sender_roles=CLINICIANS,
    bases=("LB08", "LB02", "LB11"),
    category="health_advice",
    fields=(
        *IDENTITY,
        Field("finding", "Helsetjenesten melder"),
        Field("found_at", "Vurdert", "instant"),
        Field("advice", "Råd", "long"),
        Field("call", "Ring helsetjenesten på", required=False),
    ),
    awaits="acknowledgement",
    due=timedelta(minutes=30),
    sender_rule="D31T",
    recipient_rule="D31a",
    doing="harm_answer",
    doing_label=_("Svar på meldingen"),
)
ENVIRONMENT_FINDINGS = LetterKind(
    code="environment_findings",
    title="Funn om omgivelsene",
    senders=(World.MUNICIPAL_HEALTH,),
    recipients=(World.CUSTODY,),
    sender_roles=CLINICIANS,
    bases=("LB15",),
    category="environment",
    fields=(
        Field("place", "Sted"),
        Field("aspects", "Gjelder", "list"),
        Field("finding", "Funn", "long"),
        Field("suggestion", "Forslag", "long"),
        Field("reference", "Referanse", required=False),
    ),
    awaits="answer",
    due=timedelta(hours=72),
    sender_rule="D31E",
    recipient_rule="D31e",
    doing="environment_answer",
    doing_label=_("Svar på funnene"),
)
_TRANSFER_BASES = ("LB10", "LB12", "LB02")
FOLLOW_UP_PROPOSAL = LetterKind(
    code="follow_up_proposal",
    title="Forslag om at spesialisthelsetjenesten følger opp under isolasjon",
    senders=(World.MUNICIPAL_HEALTH,),
    recipients=(World.SPECIALIST_HEALTH,),
    sender_roles=CLINICIANS,
    bases=_TRANSFER_BASES,
    category="referral",
    fields=(
        *IDENTITY,
        Field("national_id", "Fødselsnummer eller D-nummer", required=False),
        Field("prison", "Sitter i"),
        Field("measure", "Tiltak"),
        Field("daily", "Tilsyn hvert døgn er en plikt", "boolean"),
        Field("reason", "Bakgrunn", "long"),
    ),
    awaits="answer",
    due=timedelta(hours=24),
    sender_rule="D33S",
    recipient_rule="D33R",
    doing="specialist_proposal",
    doing_label=_("Svar på forslaget"),
)
FOLLOW_UP_ANSWER = LetterKind(
    code="follow_up_answer",
    title="Svar på forslag om oppfølging under isolasjon",
    senders=(World.SPECIALIST_HEALTH,),
    recipients=(World.MUNICIPAL_HEALTH,),
    sender_roles=TRUST_STAFF,
    bases=("LB10", "LB12"),
    category="referral",
    fields=(
        *IDENTITY,
        Field("response", "Svar"),
        Field("contact", "Hvem fengselet skal ringe", required=False),
        Field("reason", "Merknad", "long", required=False),
    ),
)
FOLLOW_UP_RESPONSIBLE = LetterKind(
    code="follow_up_responsible",
    title="Hvem som har ansvar for tilsyn",
    senders=(World.MUNICIPAL_HEALTH,),
    recipients=(World.CUSTODY, World.SPECIALIST_HEALTH),
    sender_roles=CLINICIANS,
    bases=("LB08", "LB02", "LB11", "LB10", "LB12"),
    category="health_advice",
    fields=(
        *IDENTITY,
        Field("responsible", "Ansvar for tilsyn"),
        Field("service", "Tjeneste"),
        Field("contact", "Ring", required=False),
        Field("from_at", "Fra", "instant"),
    ),
)

# That a visit was made, and when. Nothing of what was found, and nothing when the patient declined: that too is theirs.
#
# The ground. Who is seen by health personnel, and when, is confidential (helsepersonelloven § 21), also where the prison asked for it, and
# § 37 obliges the prison to tell the doctor but lifts nothing the other way. For cell and bed the law does expect an answer: § 38 lets the
# doctor speak, and the prison must keep a record of its contact with health personnel (LB08; obligation R7.1.2-r). For everybody else the
# patient decides (LB02). Weighty interests (LB11) are weighed once and for one person; a letter that goes every day cannot rest on them.
# The trust tells the municipality, as those who help the same patient (LB10, LB12); the municipality, whose duty it is, tells the prison.
SUPERVISION_VISIT = LetterKind(
    code="supervision_visit",
    title="Helsetilsyn gjennomført",
    senders=(World.MUNICIPAL_HEALTH,),
    recipients=(World.CUSTODY,),
    sender_roles=CLINICIANS,
    bases=("LB08", "LB02"),
    category="health_information",
    fields=(*IDENTITY, Field("visited_at", "Tidspunkt for helsetilsynet", "instant")),
    receipt=True,
)
SPECIALIST_VISIT = LetterKind(
    code="specialist_visit",
    title="Tilsyn gjennomført av spesialisthelsetjenesten",
    senders=(World.SPECIALIST_HEALTH,),
    recipients=(World.MUNICIPAL_HEALTH,),
    sender_roles=TRUST_STAFF,
    bases=("LB10", "LB12"),
    category="referral",
    fields=SUPERVISION_VISIT.fields,
    receipt=True,
)
letters.register(
    SUPERVISION_VISIT,
    SPECIALIST_VISIT,
    HEALTH_ADVICE,
    HARM_REPORT,
    ENVIRONMENT_FINDINGS,
    FOLLOW_UP_PROPOSAL,
    FOLLOW_UP_ANSWER,
    FOLLOW_UP_RESPONSIBLE,
)

#: What the surroundings are looked at for (circular 7.1.3).
ASPECTS: dict[str, str | Promise] = {
    "hygiene": _("Hygiene og renhold"),
    "temperature": _("Temperatur"),
    "noise": _("Støy"),
    "light": _("Lys"),
    "ventilation": _("Ventilasjon"),
    "activity": _("Mulighet for fysisk aktivitet"),
}
wording.register("aspects", ASPECTS, kind=ENVIRONMENT_FINDINGS.code)
wording.register("finding", dict(HarmReport.Finding.choices), kind=HARM_REPORT.code)
wording.register("response", {"accepted": _("Ja, vi følger opp"), "declined": _("Nei")}, kind=FOLLOW_UP_ANSWER.code)
wording.register(
    "responsible",
    {
        "specialist": _("Spesialisthelsetjenesten"),
        "municipal": _("Kommunens helsetjeneste"),
        "nobody": _("Oppfølgingen er avsluttet"),
    },
    kind=FOLLOW_UP_RESPONSIBLE.code,
)
wording.register(
    "about",
    {"intake": _("Innkomst"), "isolation": _("Isolasjon"), "other": _("Spørsmål fra fengselet")},
    kind="health_advice",
)

#: What the prison's codes for measures are called here.
MEASURES: dict[str, str | Promise] = {
    "exclusion": _("Utelukkelse fra fellesskapet"),
    "immediate_exclusion": _("Utelukkelse straks"),
    "security_cell": _("Sikkerhetscelle"),
    "security_bed": _("Sikkerhetsseng"),
    "court_isolation": _("Isolasjon etter rettens kjennelse"),
    "self_isolation": _("Selvvalgt isolasjon"),
    "de_facto": _("Innlåst store deler av døgnet"),
}

#: Wording to begin from: what to do, never what is wrong with the patient.
WORDING: dict[str, str | Promise] = {
    "isolation": _(
        "Helsetjenesten har hatt tilsyn. Vi råder fengselet til å legge til rette for jevnlig menneskelig kontakt, dagslys, frisk luft og "
        "aktivitet hver dag, og til å kontakte oss straks hvis tilstanden endrer seg."
    ),
    "intake": _(
        "Helsetjenesten har vært i kontakt med personen. Vi råder fengselet til å se jevnlig til personen den første tiden og til å kontakte "
        "oss straks hvis tilstanden endrer seg."
    ),
    "other": _(
        "Helsetjenesten er spurt om råd. Vi råder fengselet til å ta hensyn til behovet for tilrettelegging og kontinuitet i helsehjelpen."
    ),
    "harm": _(
        "Helsetjenesten har hatt tilsyn og vurderer at tiltaket skader helsen. Vi råder fengselet til å vurdere straks om tiltaket kan ta slutt "
        "eller lettes, og til å ringe oss."
    ),
}


def advice_about(kind: str) -> str:
    """Return what advice in reply to a kind of letter is about, as the letter of advice says it."""
    return {"health_contact": "intake", QUESTION: "other"}.get(kind, "isolation")
