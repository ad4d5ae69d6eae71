"""The deadline rules of health follow-up, as data. The numbers are the pure rules'; nothing is sent here."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from coordination.deadlines import Rule, Step, register
from coordination.models import Alert, Role
from coordination.models.deadlines import Strength
from coordination.worlds import World
from follow_up.letters import CLINICIANS

INFO, WARNING, OVERDUE = Alert.Severity.INFO, Alert.Severity.WARNING, Alert.Severity.OVERDUE
LEADER = (Role.HEALTH_LEADER,)
NOW = timedelta()

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
    ),
    Rule(
        code="D01h",
        world=World.MUNICIPAL_HEALTH,
        title=_("Tilby innkomstkonsultasjon"),
        strength=Strength.SHOULD,
        owners=CLINICIANS,
        steps=(Step(after=NOW, audience=LEADER, severity=INFO),),
        doing="consultation_new",
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
