"""The deadline rules of isolation as data: who does it, who is told when it is not done. The instants come from `isolation.rules`."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from coordination.deadlines import Rule, Step, register
from coordination.models import Alert, Role
from coordination.models.deadlines import Strength
from coordination.worlds import World
from isolation.law.deadlines import REGISTERED, TIMED, rule_of
from isolation.letters import DECIDERS, STAFF
from isolation.rules.limits import Act
from isolation.rules.notices import DOCTOR_NOTICE_TARGET, REQUEST_TARGET

INFO, WARNING, OVERDUE = Alert.Severity.INFO, Alert.Severity.WARNING, Alert.Severity.OVERDUE
NOW = timedelta()
#: Who looks in on people hour by hour; leaders are told when it does not happen.
FLOOR = (Role.OFFICER, Role.CONTACT_OFFICER)
LEADER, WARDEN = (Role.DUTY_LEADER,), (Role.WARDEN,)
HEALTH = (Role.PRISON_NURSE, Role.PRISON_DOCTOR)
#: The one deadline of looking, under whatever regime; at most one of them is open per measure.
LOOKING = ("D20", "D21", "D25", "D26")
QUICK = "isolation/quick_check.html"
#: Contact of the day: what the weekly plan promises, and what the 2026 act says must be offered (N10).
CONTACT, OFFER = "D23", "N10"


def _custody(
    code: str,
    title: Any,
    owners: tuple[Role, ...],
    steps: tuple[Step, ...],
    doing: str,
    label: Any,
    *duties: str,
    strength: Strength = Strength.MUST,
    quick: str = "",
    watch: bool = False,
) -> Rule:
    """Return a rule of the prison's own."""
    return Rule(
        code=code,
        world=World.CUSTODY,
        title=title,
        strength=strength,
        owners=owners,
        steps=steps,
        doing=doing,
        doing_label=label,
        obligations=duties,
        quick=quick,
        watch=watch,
    )


def _waiting(code: str, title: Any, target: timedelta, told: tuple[Role, ...], *duties: str) -> Rule:
    """Return the prison's side of a letter's clock: sending is the saving, so what is counted is the wait for a receipt."""
    steps = (
        Step(after=target, audience=LEADER, severity=WARNING, from_start=True),
        Step(after=NOW, audience=told, severity=OVERDUE),
    )
    return _custody(code, title, DECIDERS, steps, "letter", _("Se brev"), *duties)


def _owed(code: str, title: Any, target: timedelta, *duties: str) -> Rule:
    """Return the health service's side of the same clock."""
    return Rule(
        code=code,
        world=World.MUNICIPAL_HEALTH,
        title=title,
        strength=Strength.MUST,
        owners=HEALTH,
        steps=(
            Step(after=NOW, audience=HEALTH, severity=INFO, from_start=True),
            Step(after=target, audience=HEALTH, severity=WARNING, from_start=True),
            Step(after=NOW, audience=(Role.HEALTH_LEADER, *HEALTH), severity=OVERDUE),
        ),
        doing="letter",
        doing_label=_("Åpne brev"),
        obligations=duties,
    )


_CONTINUOUS = (Step(after=NOW, audience=(*FLOOR, *LEADER), severity=OVERDUE),)

register(
    _custody(
        "D20",
        _("Tilsyn hver time"),
        STAFF,
        (
            Step(after=NOW, audience=FLOOR, severity=WARNING),
            Step(after=timedelta(minutes=15), audience=LEADER, severity=OVERDUE),
            Step(after=timedelta(minutes=60), audience=(*LEADER, *WARDEN), severity=OVERDUE),
        ),
        "measure",
        _("Logg tilsyn"),
        "R7.1.2-h",
        quick=QUICK,
    ),
    _custody(
        "D21",
        _("Kontinuerlig tilsyn, under 18 år"),
        STAFF,
        _CONTINUOUS,
        "measure",
        _("Åpne"),
        "R7.1.2-i",
        "R7.1.2-v",
        watch=True,
    ),
    _custody(
        "D25",
        _("Tilsyn i sikkerhetscelle"),
        STAFF,
        (
            Step(after=NOW, audience=(*FLOOR, *LEADER), severity=OVERDUE),
            Step(after=timedelta(minutes=15), audience=(*LEADER, *WARDEN), severity=OVERDUE),
        ),
        "measure",
        _("Logg tilsyn"),
        "R7.1.2-t",
        quick=QUICK,
    ),
    _custody(
        "D26",
        _("Kontinuerlig tilsyn i sikkerhetsseng"),
        STAFF,
        _CONTINUOUS,
        "measure",
        _("Åpne"),
        "R7.1.2-u",
        watch=True,
    ),
    _custody(
        "D22",
        _("Lag ukeplan for utelukkelsen"),
        DECIDERS,
        # Every clock of the plan starts 72 hours before a plan must exist, so the warden hears of it then.
        (
            Step(after=-timedelta(hours=2), audience=LEADER, severity=WARNING),
            Step(after=NOW, audience=LEADER, severity=OVERDUE),
            Step(after=timedelta(hours=72), audience=WARDEN, severity=OVERDUE, from_start=True),
        ),
        "weekly_plan",
        _("Lag ukeplan"),
        "R7.1.2-l",
    ),
    _custody(
        "D22F",
        _("Vurder hvor lenge utelukkelsen vil vare"),
        DECIDERS,
        (Step(after=NOW, audience=LEADER, severity=INFO),),
        "measure_forecast",
        _("Vurder"),
        "R7.1.2-l",
        strength=Strength.RECOMMENDED,
    ),
    _custody(
        CONTACT,
        _("To timer med andre i dag"),
        STAFF,
        # Six hours before midnight it is 18:00, whatever the clock did in the night before.
        (
            Step(after=-timedelta(hours=6), audience=(*FLOOR, *LEADER), severity=WARNING),
            Step(after=NOW, audience=LEADER, severity=OVERDUE),
        ),
        "contact_new",
        _("Før kontakt"),
        "R7.1.2-m",
    ),
    _custody(
        OFFER,
        _("Tilby mer enn to timer med andre i dag"),
        STAFF,
        (
            Step(after=-timedelta(hours=6), audience=(*FLOOR, *LEADER), severity=WARNING),
            Step(after=NOW, audience=LEADER, severity=OVERDUE),
        ),
        "mitigation_new",
        _("Skriv tilbud"),
        "R7.1.2-m",
    ),
    _custody(
        "D27",
        _("Vurder om tiltaket kan avsluttes"),
        DECIDERS,
        (
            Step(after=NOW, audience=LEADER, severity=INFO),
            Step(after=timedelta(hours=2), audience=WARDEN, severity=INFO),
        ),
        "reassessment_new",
        _("Vurder"),
        "R7.1.2-w",
        strength=Strength.RECOMMENDED,
    ),
    _custody(
        "D28",
        _("Gjør deg kjent med den innsattes tilstand"),
        DECIDERS,
        (
            Step(after=-timedelta(hours=6), audience=WARDEN, severity=WARNING),
            Step(after=NOW, audience=(*WARDEN, *LEADER), severity=OVERDUE),
        ),
        "warden_review",
        _("Skriv gjennomgang"),
        "R7.1.2-z",
    ),
    _waiting(
        "D17",
        _("Legen har ikke kvittert for varsel om utelukkelse"),
        DOCTOR_NOTICE_TARGET,
        (*LEADER, *WARDEN),
        "R7.1.2-b",
    ),
    _owed("D17R", _("Kvitter for varsel om utelukkelse"), DOCTOR_NOTICE_TARGET, "R7.1.2-b"),
    _waiting(
        "D24",
        _("Legen har ikke kvittert for varsel om sikkerhetscelle eller sikkerhetsseng"),
        REQUEST_TARGET,
        (*LEADER, *WARDEN),
        "R7.1.2-q",
    ),
    _owed("D24R", _("Kvitter for varsel om sikkerhetscelle eller sikkerhetsseng"), REQUEST_TARGET, "R7.1.2-q"),
    _waiting(
        "D18",
        _("Helsetjenesten har ikke kvittert for anmodning om tilsyn"),
        REQUEST_TARGET,
        LEADER,
        "R7.1.2-e",
        "R7.1.2-f",
    ),
    _owed("D18R", _("Kvitter for anmodning om tilsyn"), REQUEST_TARGET, "R7.1.2-e", "R7.1.2-f"),
)

# Isolation without a decision: a should or a recommendation, told and never a breach.

#: Considering supervision, talking with the person, waiting for the health service.
CONSIDER, TALK = "D32C", "D27b"

register(
    Rule(
        code=CONSIDER,
        world=World.CUSTODY,
        title=_("Vurder tilsyn og oppfølging, innelåst uten vedtak"),
        strength=Strength.SHOULD,
        owners=DECIDERS,
        steps=(
            Step(after=NOW, audience=LEADER, severity=INFO, from_start=True),
            Step(after=NOW, audience=LEADER, severity=INFO),
        ),
        doing="informal_consider",
        doing_label=_("Vurder"),
        obligations=("R7.1.1-d",),
    ),
    Rule(
        code=TALK,
        world=World.CUSTODY,
        title=_("Motiver og informer den som holder seg unna fellesskapet"),
        strength=Strength.RECOMMENDED,
        owners=STAFF,
        steps=(Step(after=timedelta(hours=12), audience=LEADER, severity=INFO),),
        doing="informal_talk",
        doing_label=_("Skriv samtale"),
        obligations=("R7.1.1-b", "R7.1.1-c"),
    ),
    Rule(
        code="D32S",
        world=World.CUSTODY,
        title=_("Helsetjenesten har ikke kvittert for beskjed om innlåsing uten vedtak"),
        strength=Strength.SHOULD,
        owners=DECIDERS,
        steps=(Step(after=NOW, audience=LEADER, severity=INFO),),
        doing="letter",
        doing_label=_("Se brev"),
        obligations=("R7.1.1-d",),
    ),
    Rule(
        code="D32R",
        world=World.MUNICIPAL_HEALTH,
        title=_("Vurder oppfølging av innsatt som er innelåst uten vedtak"),
        strength=Strength.SHOULD,
        owners=HEALTH,
        steps=(
            Step(after=NOW, audience=HEALTH, severity=INFO, from_start=True),
            Step(after=NOW, audience=(Role.HEALTH_LEADER, *HEALTH), severity=INFO),
        ),
        doing="letter",
        doing_label=_("Åpne brev"),
        obligations=("R7.1.1-d",),
    ),
)

#: A doctor has no duty to make a statement, so nobody is late with one; the prison decides without it when it must.
register(
    _custody(
        "D24S",
        _("Legen er bedt om uttalelse"),
        DECIDERS,
        (Step(after=REQUEST_TARGET, audience=LEADER, severity=INFO, from_start=True),),
        "letter",
        _("Se brev"),
        "R7.1.2-o",
        strength=Strength.RECOMMENDED,
    ),
    Rule(
        code="D24SR",
        world=World.MUNICIPAL_HEALTH,
        title=_("Fengselet ber om uttalelse før sikkerhetscelle eller sikkerhetsseng"),
        strength=Strength.RECOMMENDED,
        owners=HEALTH,
        steps=(Step(after=NOW, audience=HEALTH, severity=INFO, from_start=True),),
        doing="letter",
        doing_label=_("Åpne brev"),
        obligations=("R7.1.2-o",),
    ),
)

#: What the button of a statutory limit says, by what must have happened.
LIMIT_LABELS = {
    Act.TELL: _("Skriv at det er meldt"),
    Act.REPORT: _("Skriv at det er meldt"),
    Act.DECIDE: _("Skriv avgjørelsen"),
    Act.RENEW: _("Vurder"),
    Act.MAXIMUM: _("Se reglene"),
    Act.ORDER_ENDS: _("Registrer ny kjennelse"),
    Act.PLAN: _("Lag plan"),
}
register(*(rule_of(limit, LIMIT_LABELS) for limit in (*TIMED.values(), *REGISTERED.values())))
