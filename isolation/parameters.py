"""The numbers of a unit for checks and contact, as the rules want them. Holds no rule, and nothing that is set."""

from dataclasses import dataclass

from coordination import parameters
from coordination.identity import Actor
from coordination.models import Unit
from isolation.rules.contact import Requirement
from isolation.rules.regimes import CheckParameters


@dataclass(frozen=True)
class Numbers:
    """What holds in one unit: how often somebody is seen, and how much contact a day must hold."""

    checks: CheckParameters
    contact: Requirement


def numbers_of(actor: Actor, unit: Unit) -> Numbers:
    """Return what holds in a unit of the actor's prison, tightened where somebody has; one query."""
    found = parameters.load(actor, unit)
    checks = CheckParameters(
        day_starts=found.clock("check_day_start"),
        day_ends=found.clock("check_day_end"),
        day_interval=found.span("check_day_minutes"),
        night_interval=found.span("check_night_minutes"),
        cell_interval=found.span("check_cell_minutes"),
        note_interval=found.span("watch_note_minutes"),
    )
    return Numbers(checks, Requirement(found.number("contact_minutes")))
