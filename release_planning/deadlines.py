"""When health must have been told of a release, and whom to tell when it has not. Data only; the dates come from `rules.py`."""

from datetime import timedelta

from django.utils.translation import gettext_noop as _

from coordination.deadlines import Rule, Step, register
from coordination.models import Role
from coordination.models.deadlines import Alert, Strength
from coordination.worlds import World

NOTICE = "D11"
NOTICE_OUTSIDE = "D12"
REMAND = "D13"
COOPERATION = "D14"
#: Every rule this app opens about a stay.
OF_A_STAY = (NOTICE, NOTICE_OUTSIDE, REMAND, COOPERATION)

CASEWORKER = (Role.RELEASE_CASEWORKER,)
LEADERS = (Role.RELEASE_CASEWORKER, Role.WARDEN)
HEALTH = (Role.PRISON_NURSE, Role.PRISON_DOCTOR, Role.HEALTH_LEADER)
_WARNING, _OVERDUE, _INFO = Alert.Severity.WARNING, Alert.Severity.OVERDUE, Alert.Severity.INFO

# Notice is due at the end of a day, and reminders come at 08:00 on theirs: sixteen hours earlier. Steps are elapsed time, so a reminder
# on the other side of a clock change comes at 07:00 or 09:00.
_TO_EIGHT = timedelta(hours=16)


def _before(days: int) -> timedelta:
    return -timedelta(days=days) - _TO_EIGHT


register(
    Rule(
        code=NOTICE,
        world=World.CUSTODY,
        title=_("Varsle helsetjenesten om forventet løslatelse"),
        strength=Strength.MUST,
        owners=CASEWORKER,
        steps=(
            Step(after=_before(14), audience=CASEWORKER, severity=_INFO),
            Step(after=_before(3), audience=CASEWORKER, severity=_WARNING),
            Step(after=timedelta(0), audience=LEADERS, severity=_OVERDUE),
        ),
        doing="release_plan",
        doing_label=_("Varsle"),
        obligations=("R5.3.1-c",),
    ),
    Rule(
        code=NOTICE_OUTSIDE,
        world=World.CUSTODY,
        title=_("Varsle helsetjenesten om straffegjennomføring utenfor fengsel"),
        strength=Strength.SHOULD,
        owners=CASEWORKER,
        steps=(Step(after=_before(14), audience=CASEWORKER, severity=_INFO),),
        doing="release_plan",
        doing_label=_("Varsle"),
        obligations=("R5.3.1-d",),
    ),
    Rule(
        code=REMAND,
        world=World.CUSTODY,
        title=_("Vurder om helsetjenesten skal varsles om løslatelse fra varetekt"),
        strength=Strength.MUST,
        owners=(Role.DUTY_LEADER, Role.RELEASE_CASEWORKER),
        steps=(Step(after=timedelta(0), audience=(Role.DUTY_LEADER, Role.WARDEN), severity=_OVERDUE),),
        doing="remand_release",
        doing_label=_("Vurder"),
        obligations=("R5.3.1-e",),
    ),
    Rule(
        code=COOPERATION,
        world=World.CUSTODY,
        title=_("Start samarbeidet om løslatelsen"),
        strength=Strength.RECOMMENDED,
        owners=CASEWORKER,
        steps=(),
        doing="release_plan",
        doing_label=_("Start"),
        obligations=("R4.1-d", "R5.3.1-a"),
    ),
    # The clocks of the letter: the prison waits for a receipt, health owes one.
    Rule(
        code="D11A",
        world=World.CUSTODY,
        title=_("Helsetjenesten har ikke kvittert for varselet om løslatelse"),
        strength=Strength.MUST,
        owners=CASEWORKER,
        steps=(
            Step(after=-timedelta(hours=24), audience=CASEWORKER, severity=_WARNING),
            Step(after=timedelta(0), audience=LEADERS, severity=_OVERDUE),
        ),
        doing="letter",
        doing_label=_("Åpne"),
        obligations=("R5.3.1-c",),
    ),
    Rule(
        code="D11R",
        world=World.MUNICIPAL_HEALTH,
        title=_("Kvitter for varsel om forventet løslatelse"),
        strength=Strength.MUST,
        owners=HEALTH,
        steps=(
            Step(after=-timedelta(hours=24), audience=HEALTH, severity=_WARNING),
            Step(after=timedelta(0), audience=HEALTH, severity=_OVERDUE),
        ),
        doing="letter",
        doing_label=_("Kvitter"),
        obligations=("R5.3.1-c",),
    ),
)
