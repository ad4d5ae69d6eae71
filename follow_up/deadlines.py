"""The deadline rules of health follow-up, as data. The numbers are the pure rules'; nothing is sent here."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from coordination.deadlines import ABOVE, Rule, Step, register
from coordination.models import Alert, Role
from coordination.models.deadlines import Strength
from coordination.worlds import World
from follow_up.letters import CLINICIANS, TRUST_STAFF

INFO, WARNING, OVERDUE = Alert.Severity.INFO, Alert.Severity.WARNING, Alert.Severity.OVERDUE
LEADER = (Role.HEALTH_LEADER,)
NOW = timedelta()
#: The visit in two presses, in a row of "I dag".
QUICK = "follow_up/quick_visit.html"

register(
    # The target of the first visit is a recommendation of its own, so that it stands on the day's list before the duty is broken.
    Rule(
        code="D29t",
        world=World.MUNICIPAL_HEALTH,
        title=_("Første tilsyn, anbefalt tid"),
        strength=Strength.SHOULD,
        owners=CLINICIANS,
        steps=(Step(after=NOW, audience=CLINICIANS, severity=INFO),),
        doing="supervision",
        doing_label=_("Åpne tilsyn"),
        obligations=("R7.1.3-e",),
        quick=QUICK,
    ),
    Rule(
        code="D29",
        world=World.MUNICIPAL_HEALTH,
        title=_("Første tilsyn av isolert pasient"),
        strength=Strength.MUST,
        owners=CLINICIANS,
        steps=(
            Step(after=NOW, audience=CLINICIANS, severity=INFO, from_start=True),
            Step(after=-timedelta(hours=2), audience=(*CLINICIANS, *LEADER), severity=WARNING),
            Step(after=NOW, audience=(*LEADER, *CLINICIANS), severity=OVERDUE),
        ),
        doing="supervision",
        doing_label=_("Åpne tilsyn"),
        obligations=("R7.1.3-a", "R7.1.3-e"),
        quick=QUICK,
    ),
    Rule(
        code="D30",
        world=World.MUNICIPAL_HEALTH,
        title=_("Daglig tilsyn av isolert pasient"),
        strength=Strength.MUST,
        owners=CLINICIANS,
        steps=(
            Step(after=-timedelta(hours=2), audience=(*CLINICIANS, *LEADER), severity=WARNING),
            Step(after=NOW, audience=(*LEADER, *CLINICIANS), severity=OVERDUE),
        ),
        doing="supervision",
        doing_label=_("Åpne tilsyn"),
        obligations=("R7.1.3-a", "R7.1.3-d", "R7.1.3-f"),
        quick=QUICK,
    ),
    Rule(
        code="D01h",
        world=World.MUNICIPAL_HEALTH,
        title=_("Tilby innkomstkonsultasjon"),
        strength=Strength.SHOULD,
        owners=CLINICIANS,
        steps=(Step(after=NOW, audience=LEADER, severity=INFO),),
        doing="consultation_new",
        done_by=CLINICIANS,
        doing_label=_("Start konsultasjon"),
        obligations=("R5.1.2-c",),
    ),
    # Prison and health service each decide their own part: this is the clinical assessment, not the prison's plan.
    Rule(
        code="D05h",
        world=World.MUNICIPAL_HEALTH,
        title=_("Vurder selvmordsfare"),
        strength=Strength.MUST,
        owners=CLINICIANS,
        steps=(
            Step(after=NOW, audience=CLINICIANS, severity=INFO, from_start=True),
            Step(after=NOW, audience=(*LEADER, *CLINICIANS), severity=OVERDUE),
        ),
        doing="consultation_new",
        done_by=CLINICIANS,
        doing_label=_("Start vurdering"),
        obligations=("R7.2-c", "R7.2-h"),
    ),
    Rule(
        code="D31S",
        world=World.MUNICIPAL_HEALTH,
        title=_("Fengselet har ikke svart på rådet"),
        strength=Strength.MUST,
        owners=CLINICIANS,
        steps=(Step(after=NOW, audience=(*CLINICIANS, *LEADER), severity=WARNING),),
        doing="letter",
        doing_label=_("Se brev"),
        obligations=("R7.1.2-g", "R7.1.2-s"),
    ),
    Rule(
        code="D31b",
        world=World.CUSTODY,
        title=_("Svar på råd fra helsetjenesten"),
        strength=Strength.MUST,
        owners=(Role.DUTY_LEADER,),
        steps=(
            Step(after=NOW, audience=(Role.DUTY_LEADER,), severity=INFO, from_start=True),
            Step(after=-timedelta(hours=2), audience=(Role.DUTY_LEADER,), severity=WARNING),
            Step(after=NOW, audience=(Role.WARDEN, Role.DUTY_LEADER), severity=OVERDUE),
        ),
        doing="letter",
        doing_label=_("Åpne brev"),
        obligations=("R7.1.2-g", "R7.1.2-s"),
    ),
)


def _advised(
    code: str, title: Any, label: Any, *duties: str, owners: tuple[Role, ...] = CLINICIANS, quick: str = ""
) -> Rule:
    """Return a rule about what is advised for patients in isolation: shown and told once, never a breach."""
    return Rule(
        code=code,
        world=World.MUNICIPAL_HEALTH,
        title=title,
        strength=Strength.SHOULD,
        owners=owners,
        steps=(Step(after=NOW, audience=owners, severity=INFO),),
        doing="supervision",
        doing_label=label,
        obligations=duties,
        quick=quick,
    )


# Locked in without a decision, or less than 22 hours: what the circular advises (`bør`).
register(
    _advised(
        "D29b", _("Tilsyn av pasient som er innlåst uten vedtak"), _("Åpne tilsyn"), "R5.2.2-i", "R7.1.1-d", quick=QUICK
    ),
    _advised("D32v", _("Tilsyn etter legens plan"), _("Åpne tilsyn"), "R7.1.3-l", "R7.1.3-m", quick=QUICK),
    _advised(
        "D32",
        _("Lag plan for hvor ofte pasienten ses"),
        _("Åpne tilsyn"),
        "R7.1.3-l",
        "R7.1.3-m",
        owners=(Role.PRISON_DOCTOR,),
    ),
    _advised(
        "D32r",
        _("Gå gjennom planen for tilsyn"),
        _("Åpne tilsyn"),
        "R7.1.3-m",
        "R7.1.3-n",
        owners=(Role.PRISON_DOCTOR,),
    ),
    _advised("D32k", _("Vurder tilsyn uten vedtak"), _("Vurder"), "R7.1.1-d", "R5.2.2-i"),
    _advised("D27h", _("Motiver til samvær med andre"), _("Åpne tilsyn"), "R7.1.1-b"),
    _advised("D27i", _("Informer om mulige skader av isolasjon"), _("Åpne tilsyn"), "R7.1.1-c"),
)

HARM = ("R7.1.3-h", "R7.1.3-i")
DECIDERS = (Role.DUTY_LEADER, Role.WARDEN)

#: What the region is told when nobody has decided. It reads no person, and rings.
REGION_HEARS = _(
    "Fengselet har ikke bestemt noe etter en melding om skade fra helsetjenesten. Ring fengselets vaktleder og spør hva som gjøres."
)

# Harm: half an hour to acknowledge, two hours to decide (D31). After that the region hears that something waits, and not about whom.
register(
    Rule(
        code="D31a",
        world=World.CUSTODY,
        title=_("Helsetjenesten melder skadevirkninger"),
        strength=Strength.MUST,
        owners=DECIDERS,
        steps=(
            Step(after=NOW, audience=DECIDERS, severity=WARNING, from_start=True),
            Step(after=NOW, audience=DECIDERS, severity=OVERDUE),
            Step(after=timedelta(minutes=90), audience=(Role.WARDEN,), severity=OVERDUE),
            # Two hours after the report, as the last step of D31: the region hears of it once, acknowledged or not.
            Step(after=timedelta(minutes=90), audience=ABOVE, severity=OVERDUE),
        ),
        doing="letter",
        doing_label=_("Åpne meldingen"),
        obligations=HARM,
        above=REGION_HEARS,
    ),
    Rule(
        code="D31",
        world=World.CUSTODY,
        title=_("Bestem etter melding om skadevirkninger"),
        strength=Strength.MUST,
        owners=DECIDERS,
        steps=(
            Step(after=NOW, audience=DECIDERS, severity=WARNING, from_start=True),
            Step(after=-timedelta(minutes=30), audience=(Role.WARDEN, Role.DUTY_LEADER), severity=WARNING),
            Step(after=NOW, audience=(Role.WARDEN, Role.DUTY_LEADER), severity=OVERDUE),
            Step(after=NOW, audience=ABOVE, severity=OVERDUE),
        ),
        doing="harm_answer",
        doing_label=_("Avgjør og svar"),
        obligations=HARM,
        above=REGION_HEARS,
    ),
    Rule(
        code="D31T",
        world=World.MUNICIPAL_HEALTH,
        title=_("Kvittering fra fengselet for melding om skade"),
        strength=Strength.MUST,
        owners=CLINICIANS,
        steps=(Step(after=NOW, audience=(*CLINICIANS, *LEADER), severity=OVERDUE),),
        doing="letter",
        doing_label=_("Ring fengselet"),
        obligations=HARM,
    ),
    Rule(
        code="D31h",
        world=World.MUNICIPAL_HEALTH,
        title=_("Svar fra fengselet på melding om skade"),
        strength=Strength.MUST,
        owners=CLINICIANS,
        steps=(Step(after=NOW, audience=(*CLINICIANS, *LEADER), severity=OVERDUE),),
        doing="harm_report",
        done_by=CLINICIANS,
        doing_label=_("Se meldingen"),
        obligations=HARM,
    ),
    Rule(
        code="D31E",
        world=World.MUNICIPAL_HEALTH,
        title=_("Fengselet har ikke svart på funn om omgivelsene"),
        strength=Strength.SHOULD,
        owners=CLINICIANS,
        steps=(Step(after=NOW, audience=CLINICIANS, severity=INFO),),
        doing="letter",
        doing_label=_("Se brev"),
        obligations=("R7.1.3-p", "R7.1.3-q"),
    ),
    Rule(
        code="D31e",
        world=World.CUSTODY,
        title=_("Svar på funn om omgivelsene"),
        strength=Strength.SHOULD,
        owners=DECIDERS,
        steps=(
            Step(after=NOW, audience=DECIDERS, severity=INFO, from_start=True),
            Step(after=NOW, audience=DECIDERS, severity=INFO),
        ),
        doing="environment_answer",
        doing_label=_("Svar"),
        obligations=("R5.2.2-c", "R7.1.3-p", "R7.1.3-q"),
    ),
)

ROLES_CLEAR = ("R7.1.3-b", "R7.1.3-c")

# Who follows up (D33): nothing moves before the trust has said yes and the prison has been told.
register(
    Rule(
        code="D33S",
        world=World.MUNICIPAL_HEALTH,
        title=_("Svar på forslag om oppfølging"),
        strength=Strength.MUST,
        owners=CLINICIANS,
        steps=(Step(after=NOW, audience=(*CLINICIANS, *LEADER), severity=WARNING),),
        doing="letter",
        doing_label=_("Se brev"),
        obligations=ROLES_CLEAR,
    ),
    Rule(
        code="D33R",
        world=World.SPECIALIST_HEALTH,
        title=_("Svar på forslag om oppfølging under isolasjon"),
        strength=Strength.MUST,
        owners=TRUST_STAFF,
        steps=(
            Step(after=NOW, audience=TRUST_STAFF, severity=INFO, from_start=True),
            Step(after=NOW, audience=TRUST_STAFF, severity=OVERDUE),
        ),
        doing="specialist_proposal",
        doing_label=_("Svar"),
        obligations=("R7.1.3-b",),
    ),
    Rule(
        code="D33t",
        world=World.SPECIALIST_HEALTH,
        title=_("Daglig tilsyn av isolert pasient"),
        strength=Strength.MUST,
        owners=TRUST_STAFF,
        steps=(
            Step(after=-timedelta(hours=2), audience=TRUST_STAFF, severity=WARNING),
            Step(after=NOW, audience=TRUST_STAFF, severity=OVERDUE),
        ),
        doing="specialist_course",
        doing_label=_("Åpne oppfølging"),
        obligations=("R7.1.3-b", "R7.1.3-f"),
    ),
    # The prison's question before it decides; its own copy waits for the advice.
    Rule(
        code="D31q",
        world=World.CUSTODY,
        title=_("Råd fra helsetjenesten er ikke kommet"),
        strength=Strength.SHOULD,
        owners=DECIDERS,
        steps=(Step(after=NOW, audience=DECIDERS, severity=INFO),),
        doing="letter",
        doing_label=_("Se brev"),
        obligations=("R5.2.1-n",),
    ),
    Rule(
        code="D31Q",
        world=World.MUNICIPAL_HEALTH,
        title=_("Fengselet ber om helsefaglig råd"),
        strength=Strength.SHOULD,
        owners=CLINICIANS,
        steps=(Step(after=NOW, audience=CLINICIANS, severity=INFO),),
        doing="letter",
        doing_label=_("Åpne brevet"),
        obligations=("R5.2.1-n", "R5.2.2-c"),
    ),
)
