"""The deadline rules of admission, as data, and when a stay opens and closes them. The numbers are the pure rules'; nothing is sent here."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from coordination.deadlines import Rule, Step, register
from coordination.identity import Actor
from coordination.models import Alert, LegalStatus, Person, Role, Stay
from coordination.models.deadlines import Strength
from coordination.people import hooks
from coordination.worlds import World
from intake import actions
from intake.access import MAPPERS, PLANNERS
from intake.letters import STAFF
from intake.rules import ACKNOWLEDGEMENT_TARGET, INTERVIEW_OVERDUE

INFO, WARNING, OVERDUE = Alert.Severity.INFO, Alert.Severity.WARNING, Alert.Severity.OVERDUE
HEALTH = (Role.PRISON_NURSE, Role.PRISON_DOCTOR)
NOW = timedelta()

register(
    Rule(
        code="D01",
        world=World.CUSTODY,
        title=_("Hold innkomstsamtale"),
        strength=Strength.MUST,
        owners=STAFF,
        # Half-way before it is due, so that a unit with a shorter limit is still warned in time.
        steps=(
            Step(after=-INTERVIEW_OVERDUE / 2, audience=(Role.DUTY_LEADER,), severity=WARNING),
            Step(after=NOW, audience=(Role.WARDEN, Role.DUTY_LEADER), severity=OVERDUE),
        ),
        doing="intake_for_stay",
        doing_label=_("Start samtale"),
        obligations=("R5.1.1-a", "R5.1.1-b"),
    ),
    Rule(
        code="D05",
        world=World.CUSTODY,
        title=_("Avgjør om det trengs tiltaksplan"),
        strength=Strength.MUST,
        owners=PLANNERS,
        steps=(
            Step(after=NOW, audience=(Role.DUTY_LEADER,), severity=INFO, from_start=True),
            Step(after=NOW, audience=(Role.WARDEN, Role.DUTY_LEADER), severity=OVERDUE),
        ),
        doing="action_plan_decide",
        doing_label=_("Avgjør"),
        obligations=("R5.1.1-g",),
    ),
    Rule(
        code="D05b",
        world=World.CUSTODY,
        title=_("Vurder tiltaksplanen på nytt"),
        strength=Strength.MUST,
        owners=PLANNERS,
        steps=(
            Step(after=-timedelta(hours=1), audience=(Role.DUTY_LEADER,), severity=WARNING),
            Step(after=NOW, audience=(Role.WARDEN, Role.DUTY_LEADER), severity=OVERDUE),
        ),
        doing="action_plan_decide",
        doing_label=_("Vurder planen"),
        obligations=("R5.1.1-g", "R7.2-a"),
    ),
    # Advice: it shows in "I dag", below what is due, and alerts nobody.
    Rule(
        code="D06",
        world=World.CUSTODY,
        title=_("Tilby behovs- og ressurskartlegging"),
        strength=Strength.RECOMMENDED,
        owners=MAPPERS,
        steps=(),
        doing="mapping_offer",
        doing_label=_("Tilby"),
        obligations=("R5.2.1-b",),
    ),
    # D02 and D03 are one letter with one clock: sending is the saving, so what is counted is the wait for a receipt.
    Rule(
        code="D02",
        world=World.CUSTODY,
        title=_("Helsetjenesten har ikke kvittert"),
        strength=Strength.MUST,
        owners=STAFF,
        steps=(
            Step(after=ACKNOWLEDGEMENT_TARGET, audience=STAFF, severity=WARNING, from_start=True),
            Step(after=NOW, audience=(Role.DUTY_LEADER,), severity=OVERDUE),
        ),
        doing="letter",
        doing_label=_("Se brev"),
        obligations=("R5.1.1-c", "R5.1.1-d", "R5.1.1-e", "R5.2.1-a"),
    ),
    Rule(
        code="D02R",
        world=World.MUNICIPAL_HEALTH,
        title=_("Kvitter for kontakt fra fengselet"),
        strength=Strength.MUST,
        owners=HEALTH,
        steps=(
            Step(after=NOW, audience=HEALTH, severity=INFO, from_start=True),
            Step(after=ACKNOWLEDGEMENT_TARGET, audience=HEALTH, severity=WARNING, from_start=True),
            Step(after=NOW, audience=(Role.HEALTH_LEADER, *HEALTH), severity=OVERDUE),
        ),
        doing="letter",
        doing_label=_("Åpne brev"),
        obligations=("R5.1.1-c", "R5.1.1-d", "R5.1.1-e", "R5.2.1-a"),
    ),
)


@hooks.on_admitted
def admitted(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """Start the clock of the interview, and of the mapping where a sentence is served."""
    actions.expect_interview(actor, person, stay)
    actions.expect_mapping(actor, person, stay, stay.admitted_at)


@hooks.on_legal_status_changed
def status_changed(actor: Actor, person: Person, stay: Stay, old: str, at: datetime) -> None:
    """Somebody who is convicted should be offered a mapping from then on; somebody back on remand is owed none."""
    if LegalStatus.REMAND in (old, stay.legal_status):
        actions.expect_mapping(actor, person, stay, at)


@hooks.on_stay_ended
def ended(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """Let what was still to be done in the stay fall away."""
    actions.stay_ended(actor, stay, at=at)
