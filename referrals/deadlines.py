"""How long a trust may take, and whom to tell when it takes longer. Data only; the ten working days come from `rules.py`."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from coordination.deadlines import Rule, Step, register
from coordination.models import Role
from coordination.models.deadlines import Alert, Strength
from coordination.worlds import World

ASSESSMENT = "B21"
INTAKE = (Role.TRUST_INTAKE, Role.TRUST_LEADER)
TRUST = (*INTAKE, Role.TRUST_CLINICIAN)
REFERRERS = (Role.PRISON_DOCTOR, Role.PRISON_NURSE)
_WARNING, _OVERDUE = Alert.Severity.WARNING, Alert.Severity.OVERDUE

register(
    Rule(
        code=ASSESSMENT,
        world=World.SPECIALIST_HEALTH,
        title=_("Vurder henvisningen, og gi svar til pasient og henviser"),
        strength=Strength.MUST,
        owners=TRUST,
        steps=(
            Step(after=-timedelta(days=3), audience=TRUST, severity=_WARNING),
            Step(after=timedelta(0), audience=TRUST, severity=_OVERDUE),
        ),
        doing="referral_case",
        doing_label=_("Vurder"),
        obligations=("R4.3-i", "R5.1.3-b", "R5.2.3-a"),
    ),
    # The clocks of the letter: the referrer waits for a receipt, the trust owes one.
    Rule(
        code="B21S",
        world=World.MUNICIPAL_HEALTH,
        title=_("Helseforetaket har ikke kvittert for henvisningen"),
        strength=Strength.SHOULD,
        owners=REFERRERS,
        steps=(Step(after=timedelta(0), audience=(*REFERRERS, Role.HEALTH_LEADER), severity=_WARNING),),
        doing="letter",
        doing_label=_("Åpne"),
        obligations=("R5.2.2-d",),
    ),
    Rule(
        code="B21R",
        world=World.SPECIALIST_HEALTH,
        title=_("Registrer mottak av henvisningen"),
        strength=Strength.MUST,
        owners=INTAKE,
        steps=(
            Step(after=-timedelta(hours=4), audience=INTAKE, severity=_WARNING),
            Step(after=timedelta(0), audience=INTAKE, severity=_OVERDUE),
        ),
        doing="referral_received",
        doing_label=_("Registrer mottak"),
        obligations=("R4.3-i",),
    ),
)
