"""The deadline rules of consents as data: the question whether one is needed, filing it the same day, and the receipt for a notice."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from consent.letters import CLINICIANS, CUSTODY_STAFF, HEALTH_STAFF, TRUST_STAFF
from coordination.deadlines import Rule, Step, register
from coordination.models import Alert, Role
from coordination.models.deadlines import Strength
from coordination.worlds import World

STAFF: dict[World, tuple[Role, ...]] = {
    World.CUSTODY: CUSTODY_STAFF,
    World.MUNICIPAL_HEALTH: HEALTH_STAFF,
    World.SPECIALIST_HEALTH: TRUST_STAFF,
}
LEADERS: dict[World, tuple[Role, ...]] = {
    World.CUSTODY: (Role.DUTY_LEADER,),
    World.MUNICIPAL_HEALTH: (Role.HEALTH_LEADER,),
    World.SPECIALIST_HEALTH: (Role.TRUST_LEADER,),
}
SUFFIX = {World.CUSTODY: "", World.MUNICIPAL_HEALTH: "M", World.SPECIALIST_HEALTH: "H"}


def _rule(code: str, world: World, title: Any, strength: Strength, doing: str, label: Any, *duties: str) -> Rule:
    # A question waits until its step closes, so nobody is told by a clock; what must be done today is told to a leader when it is late.
    late = (Step(after=timedelta(), audience=LEADERS[world], severity=Alert.Severity.OVERDUE),)
    return Rule(
        code=code,
        world=world,
        title=title,
        strength=strength,
        owners=STAFF[world],
        steps=late if strength is Strength.MUST else (),
        doing=doing,
        doing_label=label,
        obligations=duties,
    )


for _world, _letter in SUFFIX.items():
    register(
        _rule(
            f"D07{_letter}", _world, _("Vurder om det trengs samtykke"), Strength.SHOULD, "consent_question", _("Svar"),
            "R6.3-a", "RM7-e",
        ),
        _rule(f"R63E{_letter}", _world, _("Journalfør samtykket"), Strength.MUST, "consent", _("Journalfør"), "R6.3-e"),
    )  # fmt: skip

#: The receipt for a notice about a consent goes between all worlds, so its rules are everybody's; the letter says in which world it lies.
EVERYBODY = (*CUSTODY_STAFF, *HEALTH_STAFF, *TRUST_STAFF)
register(
    Rule(
        code="D07S",
        world=World.CUSTODY,
        title=_("Melding om samtykke venter på kvittering"),
        strength=Strength.SHOULD,
        owners=EVERYBODY,
        steps=(),
        doing="letter",
        doing_label=_("Se brev"),
        obligations=("R6.3-e",),
    ),
    Rule(
        code="D07R",
        world=World.CUSTODY,
        title=_("Kvitter for melding om samtykke, og journalfør den"),
        strength=Strength.MUST,
        owners=EVERYBODY,
        steps=(
            Step(
                after=timedelta(),
                audience=tuple(role for roles in LEADERS.values() for role in roles),
                severity=Alert.Severity.OVERDUE,
            ),
        ),
        doing="letter",
        doing_label=_("Åpne brevet"),
        obligations=("R6.3-e",),
    ),
)

#: An answer to a request is due without undue delay (R6.1-h). The statute gives no number: four hours where there is danger, as for notices
#: to the doctor (D17), and three days else. The asking side is never told more than that no answer has come.
ANSWERERS = (*HEALTH_STAFF, *TRUST_STAFF)
for _letter, _asked, _first in (
    ("D", _("Anmodning om opplysninger ved fare"), Alert.Severity.INFO),
    ("O", _("Anmodning om opplysninger"), None),
):
    _owed: tuple[Step, ...] = (
        Step(after=timedelta(), audience=(Role.HEALTH_LEADER, Role.TRUST_LEADER), severity=Alert.Severity.OVERDUE),
    )
    if _first is not None:
        _owed = (Step(after=timedelta(), audience=CLINICIANS, severity=_first, from_start=True), *_owed)
    register(
        Rule(
            code=f"R61{_letter}S",
            world=World.CUSTODY,
            title=_asked,
            strength=Strength.SHOULD,
            owners=(Role.WARDEN,),
            steps=(),
            doing="letter",
            doing_label=_("Se brev"),
            obligations=("R6.1-g",),
        ),
        Rule(
            code=f"R61{_letter}R",
            world=World.MUNICIPAL_HEALTH,
            title=_asked,
            strength=Strength.MUST,
            owners=ANSWERERS,
            steps=_owed,
            doing="request_answer",
            done_by=CLINICIANS,
            doing_label=_("Svar på anmodningen"),
            obligations=("R6.1-h",),
        ),
    )

#: A practical message is answered within three days: advice of our own, so never a breach. Whoever leads hears of one that waits.
for _code, _title, _doing, _label, _steps in (
    ("R521S", _("Praktisk melding venter på svar"), "letter", _("Se brev"), ()),
    (
        "R521R",
        _("Praktisk melding"),
        "message_answer",
        _("Svar på meldingen"),
        (
            Step(
                after=timedelta(),
                audience=tuple(role for roles in LEADERS.values() for role in roles),
                severity=Alert.Severity.INFO,
            ),
        ),
    ),
):
    register(
        Rule(
            code=_code,
            world=World.CUSTODY,
            title=_title,
            strength=Strength.SHOULD,
            owners=EVERYBODY,
            steps=_steps,
            doing=_doing,
            doing_label=_label,
            obligations=("R5.2.1-v",),
        )
    )
