"""The letters a prison writes to the health service about a measure, and what their codes are called. Reads no world.

What a letter says of health is what an officer saw or was asked; no diagnosis, and nothing that asks health to approve.
"""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from consent import wording
from consent.letters import IDENTITY, Field, LetterKind, register
from coordination.models import Role
from coordination.worlds import World
from isolation.models import (
    AdviceRequest,
    HarmDecision,
    HealthCheckRequest,
    InformalIsolation,
    LockInSwitch,
    MeasureKind,
)
from isolation.models.measures import Extent
from isolation.rules.kinds import CoerciveGround, CourtGround, ExclusionGround, ImmediateGround
from isolation.rules.notices import DOCTOR_NOTICE_OVERDUE, REQUEST_OVERDUE

#: Who decides on a measure (strgjfl §§ 37, 38), and so who tells the doctor.
DECIDERS = (Role.DUTY_LEADER, Role.WARDEN)
#: Who follows a measure hour by hour.
STAFF = (Role.OFFICER, Role.CONTACT_OFFICER, *DECIDERS)

EXCLUSION_BASIS, COERCIVE_BASIS, ILLNESS_BASIS, GENERAL_BASIS = "LB07", "LB08", "LB04", "LB03"

_PLACE = (Field("cell", "Celle", required=False), Field("unit", "Avdeling"))
_MEASURE = (
    Field("kind", "Tiltak"),
    Field("extent", "Omfang", required=False),
    Field("grounds", "Grunnlag", "list"),
    Field("effective_at", "Startet", "instant"),
    Field("expected_hours", "Forventet varighet i timer", "number", required=False),
    Field("hours_out", "Timer ute av cella per døgn", "number"),
    Field("force_used", "Fysisk makt er brukt", "boolean"),
    # Missing in letters from before it was told apart: they say it in words only.
    Field("illness", "Noe tyder på sykdom", "boolean", required=False),
    Field("minor", "Under 18 år", "boolean"),
    Field("circumstances", "Forhold som kan ha betydning for helsen", "long", required=False),
)


def _to_doctor(code: str, title: Any, *, category: str = "isolation", **more: object) -> LetterKind:
    """Return a kind that a prison sends its municipal health service."""
    return LetterKind(
        code=code,
        title=title,
        senders=(World.CUSTODY,),
        recipients=(World.MUNICIPAL_HEALTH,),
        category=category,
        **more,  # type: ignore[arg-type]
    )


EXCLUSION_NOTICE = _to_doctor(
    "exclusion_notice",
    "Varsel om utelukkelse fra fellesskapet",
    sender_roles=DECIDERS,
    bases=(EXCLUSION_BASIS,),
    fields=(*IDENTITY, *_PLACE, *_MEASURE),
    awaits="acknowledgement",
    due=DOCTOR_NOTICE_OVERDUE,
    sender_rule="D17",
    recipient_rule="D17R",
)
COERCIVE_NOTICE = _to_doctor(
    "coercive_means_notice",
    "Varsel om sikkerhetscelle eller sikkerhetsseng",
    sender_roles=DECIDERS,
    bases=(COERCIVE_BASIS,),
    fields=(
        *IDENTITY,
        *_PLACE,
        *_MEASURE,
        Field("means", "Tvangsmiddel"),
        Field("statement_asked_before", "Legen uttalte seg på forhånd", "boolean"),
    ),
    awaits="acknowledgement",
    due=REQUEST_OVERDUE,
    sender_rule="D24",
    recipient_rule="D24R",
)
STATEMENT_REQUEST = _to_doctor(
    "doctor_statement_request",
    "Ber om legens uttalelse før sikkerhetscelle eller sikkerhetsseng",
    sender_roles=DECIDERS,
    bases=(COERCIVE_BASIS,),
    fields=(
        *IDENTITY,
        *_PLACE,
        Field("means", "Tvangsmiddel som vurderes"),
        Field("situation", "Hva som har skjedd", "long"),
        Field("question", "Hva vi ber om", "long"),
        Field("minor", "Under 18 år", "boolean"),
    ),
    awaits="answer",
    due=REQUEST_OVERDUE,
    sender_rule="D24S",
    recipient_rule="D24SR",
)
HEALTH_CHECK = _to_doctor(
    "health_check_request",
    "Anmodning om tilsyn fra helsepersonell",
    sender_roles=STAFF,
    bases=(ILLNESS_BASIS,),
    fields=(*IDENTITY, *_PLACE, Field("reason", "Grunn"), Field("note", "Merknad", "long", required=False)),
    awaits="acknowledgement",
    due=REQUEST_OVERDUE,
    sender_rule="D18",
    recipient_rule="D18R",
)
MEASURE_ENDED = _to_doctor(
    "measure_ended",
    "Tiltaket er avsluttet",
    # Whoever registers that somebody was released or moved ends the measure with it.
    sender_roles=(*DECIDERS, Role.RELEASE_CASEWORKER),
    bases=(EXCLUSION_BASIS, COERCIVE_BASIS),
    fields=(
        *IDENTITY,
        Field("kind", "Tiltak"),
        Field("ended_at", "Avsluttet", "instant"),
        Field("note", "Merknad", "long", required=False),
    ),
)
ADVICE_ANSWER = _to_doctor(
    "advice_answer",
    "Svar på helsefaglig råd",
    sender_roles=DECIDERS,
    bases=(EXCLUSION_BASIS, COERCIVE_BASIS, GENERAL_BASIS),
    fields=(
        *IDENTITY,
        Field("response", "Svar"),
        Field("reason", "Begrunnelse", "long"),
        Field("measures", "Hva fengselet gjør", "long", required=False),
    ),
)

register(EXCLUSION_NOTICE, COERCIVE_NOTICE, STATEMENT_REQUEST, HEALTH_CHECK, MEASURE_ENDED, ADVICE_ANSWER)

#: What the grounds are called, with their place in the law.
GROUND_WORDS = {
    ExclusionGround.NEGATIVE_INFLUENCE: _("Påvirker miljøet på en særlig negativ måte (§ 37 første ledd a)"),
    ExclusionGround.HARM_OR_VIOLENCE: _("Skader seg selv, vold eller trusler (§ 37 første ledd b)"),
    ExclusionGround.MATERIAL_DAMAGE: _("Betydelig materiell skade (§ 37 første ledd c)"),
    ExclusionGround.CRIMINAL_ACTS: _("Straffbare handlinger (§ 37 første ledd d)"),
    ExclusionGround.ORDER_AND_SECURITY: _("Ro, orden og sikkerhet (§ 37 første ledd e)"),
    ExclusionGround.COLLECTIVE: _("Ukjent antall innsatte står bak (§ 37 åttende ledd)"),
    ExclusionGround.ACUTE_BUILDING_OR_STAFF: _(
        "Akutte bygningsmessige eller bemanningsmessige forhold (§ 37 åttende og tiende ledd)"
    ),
    ExclusionGround.BUILDING_OR_STAFF: _("Bygningsmessige eller bemanningsmessige forhold (§ 37 niende ledd)"),
    ExclusionGround.OWN_WISH: _("Eget ønske (§ 37 niende og tiende ledd)"),
    ExclusionGround.INTAKE: _("Ved innkomst (§ 37 femte ledd, loven av 2026)"),
    ImmediateGround.BREACH_LIKELY: _("Sannsynlig brudd på reglene for ro, orden og disiplin (§ 39)"),
    CourtGround.COURT_ORDER: _("Rettens kjennelse (straffeprosessloven § 186 a)"),
    CoerciveGround.ATTACK_OR_INJURY: _("Avverge alvorlig angrep eller skade på person (§ 38 første ledd a)"),
    CoerciveGround.THREATS_OR_DAMAGE: _(
        "Hindre alvorlige trusler eller betydelig skade på eiendom (§ 38 første ledd b)"
    ),
    CoerciveGround.RIOT: _("Hindre alvorlige opptøyer eller uroligheter (§ 38 første ledd c)"),
    CoerciveGround.ESCAPE: _("Hindre rømning (§ 38 første ledd d)"),
    CoerciveGround.INTRUSION: _("Avverge ulovlig inntrengning (§ 38 første ledd e)"),
    CoerciveGround.BARRICADE: _("Sikre adgang til sperret eller barrikadert rom (§ 38 første ledd f)"),
}

for _code in (EXCLUSION_NOTICE.code, COERCIVE_NOTICE.code):
    wording.register("kind", dict(MeasureKind.choices), kind=_code)
    wording.register("extent", dict(Extent.choices), kind=_code)
    wording.register("grounds", GROUND_WORDS, kind=_code)
wording.register("kind", dict(MeasureKind.choices), kind=MEASURE_ENDED.code)
wording.register("means", dict(MeasureKind.choices), kind=STATEMENT_REQUEST.code)
wording.register("reason", dict(HealthCheckRequest.Reason.choices), kind=HEALTH_CHECK.code)

# Time out of the cell, and isolation without a decision

#: How soon the health service should have taken on what it is told; a should, never a breach.
CONSIDER_BY = timedelta(hours=24)

LOCK_IN_CHANGED = _to_doctor(
    "lock_in_changed",
    _("Endret tid ute av cella"),
    # Whoever writes down the time sends it with it.
    sender_roles=STAFF,
    bases=(EXCLUSION_BASIS, COERCIVE_BASIS),
    fields=(
        *IDENTITY,
        Field("kind", "Tiltak"),
        Field("hours_out", "Timer ute av cella per døgn", "number"),
        Field("changed_at", "Gjelder fra", "instant"),
        Field("side", "Omfang", required=False),
    ),
)
LOCK_IN_NOTICE = _to_doctor(
    "lock_in_notice",
    _("Beskjed om innlåsing uten vedtak"),
    sender_roles=DECIDERS,
    bases=(GENERAL_BASIS, ILLNESS_BASIS),
    fields=(
        *IDENTITY,
        Field("unit", "Avdeling"),
        Field("kind", "Hva det gjelder"),
        Field("since", "Siden", "date"),
        Field("hours_out", "Timer ute av cella per døgn", "number"),
        Field("wish", "Ønsker selv kontakt med helsetjenesten", "boolean"),
        Field("note", "Merknad", "long", required=False),
    ),
    awaits="acknowledgement",
    due=CONSIDER_BY,
    sender_rule="D32S",
    recipient_rule="D32R",
)

register(LOCK_IN_CHANGED, LOCK_IN_NOTICE)
wording.register("kind", dict(MeasureKind.choices), kind=LOCK_IN_CHANGED.code)
wording.register("side", dict(LockInSwitch.Side.choices), kind=LOCK_IN_CHANGED.code)
wording.register("kind", dict(InformalIsolation.Kind.choices), kind=LOCK_IN_NOTICE.code)

# After a report of harm, after findings about a place, and asking for advice

HARM_ANSWER = _to_doctor(
    "harm_answer",
    "Fengselets beslutning etter melding om skade",
    sender_roles=DECIDERS,
    bases=(EXCLUSION_BASIS, COERCIVE_BASIS, GENERAL_BASIS),
    fields=(
        *IDENTITY,
        Field("outcome", "Beslutning"),
        Field("reason", "Begrunnelse", "long"),
        Field("measures", "Hva fengselet gjør", "long", required=False),
        Field("decided_at", "Besluttet", "instant"),
    ),
)
ENVIRONMENT_ANSWER = _to_doctor(
    "environment_answer",
    "Svar på funn om omgivelsene",
    category="environment",
    sender_roles=DECIDERS,
    bases=("LB15",),
    fields=(
        Field("response", "Svar"),
        Field("reason", "Begrunnelse", "long"),
        Field("measures", "Hva fengselet gjør", "long", required=False),
    ),
)
ADVICE_REQUEST = _to_doctor(
    "health_advice_request",
    "Spørsmål om helsefaglig råd",
    sender_roles=DECIDERS,
    bases=(GENERAL_BASIS,),
    fields=(
        *IDENTITY,
        *_PLACE,
        Field("about", "Gjelder"),
        Field("question", "Spørsmål", "long"),
    ),
    awaits="answer",
    due=timedelta(hours=24),
    sender_rule="D31q",
    recipient_rule="D31Q",
)
register(HARM_ANSWER, ENVIRONMENT_ANSWER, ADVICE_REQUEST)

#: What the prison may answer to findings about a place.
FINDINGS_RESPONSES = {
    "done": _("Rettet"),
    "planned": _("Blir rettet"),
    "not_done": _("Blir ikke rettet"),
}
wording.register("outcome", dict(HarmDecision.Outcome.choices), kind=HARM_ANSWER.code)
wording.register("response", FINDINGS_RESPONSES, kind=ENVIRONMENT_ANSWER.code)
wording.register("about", dict(AdviceRequest.About.choices), kind=ADVICE_REQUEST.code)
