"""Deadline rules as data, and the verbs that open, move and close a deadline. Sends nothing: the sweep does.

Each app registers its rules in its own `deadlines.py`. Numbers come from pure rules; a rule here says who is told when.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from coordination.identity import Actor
from coordination.models import CustodyDeadline, Deadline, MunicipalDeadline, Role, SpecialistDeadline, Unit
from coordination.models.deadlines import Alert, Strength
from coordination.worlds import World

DEADLINES: dict[World, Any] = {
    World.CUSTODY: CustodyDeadline,
    World.MUNICIPAL_HEALTH: MunicipalDeadline,
    World.SPECIALIST_HEALTH: SpecialistDeadline,
}


#: Audience of a step that goes to the region above the agency. It is told which agency, and when: never whom it is about.
ABOVE = (Role.REGION,)


@dataclass(frozen=True, kw_only=True)
class Step:
    """One telling: `after` counts from the start of the deadline or, with `from_start` false, from when it is due (negative: before).

    The audience is in the deadline's own agency, or `ABOVE`.
    """

    after: timedelta
    audience: tuple[Role, ...]
    severity: Alert.Severity
    from_start: bool = False


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of the law, as the engine needs it.

    `title` and `doing_label` are bokmål msgids. `owners` are the roles whose "I dag" shows it. `doing` is the URL name of the page
    where it is done, called with `subject_id`; `quick` names a component that does it in place. `obligations` name the duties.
    `watch` says that somebody must stay with the person; what has a quick component is a look in on them. Both come first in a day.
    `above` is what those above are told, when a step is for them. `done_by` are the roles that page opens for; () for all who see
    the rule: who leads a health service is told of clocks, and is not sent to a page that is closed to who gives no care.
    """

    code: str
    world: World
    title: Any  # text or lazy translation
    strength: Strength
    owners: tuple[Role, ...]
    steps: tuple[Step, ...]
    doing: str
    doing_label: Any
    obligations: tuple[str, ...] = ()
    quick: str = ""
    above: Any = ""
    done_by: tuple[Role, ...] = ()
    watch: bool = False

    def opens_for(self, role: Role) -> bool:
        """Return whether the page where it is done opens for a role that sees the rule."""
        return not self.done_by or role in self.done_by


RULES: dict[str, Rule] = {}


def register(*rules: Rule) -> None:
    """Add rules to the registry. Raises ValueError on a code that is taken by a different rule."""
    for rule in rules:
        if RULES.setdefault(rule.code, rule) != rule:
            raise ValueError(f"two rules are called {rule.code}")


def first_alert_at(rule: str, starts_at: datetime, due_at: datetime) -> datetime | None:
    """Return when the first step of a rule comes, or None for a rule that only shows."""
    steps = RULES[rule].steps
    return step_at(steps[0], starts_at, due_at) if steps else None


def step_at(step: Step, starts_at: datetime, due_at: datetime) -> datetime:
    """Return the instant of a step; both instants are UTC, so the sum is elapsed time."""
    return (starts_at if step.from_start else due_at) + step.after


def open_deadline(
    actor: Actor,
    rule: str,
    *,
    person: Any,
    subject_kind: str,
    subject_id: UUID,
    starts_at: datetime,
    due_at: datetime,
    unit: Unit | None = None,
) -> Deadline:
    """Open a deadline in the actor's own agency about a person of its own world, and return it.

    Opening one that is open already moves it: at most one is open per rule and subject.
    """
    table = DEADLINES[actor.world]
    row: Deadline | None = (
        table._default_manager.select_for_update().filter(rule=rule, subject_id=subject_id, closed_at=None).first()
    )
    if row is not None:
        return move_deadline(row, starts_at=starts_at, due_at=due_at)
    new: Deadline = table(
        agency_id=actor.agency_id,
        unit_id=unit.pk if unit else person.unit_id,
        person_id=person.pk,
        rule=rule,
        strength=RULES[rule].strength,
        subject_kind=subject_kind,
        subject_id=subject_id,
        starts_at=starts_at,
        due_at=due_at,
        next_alert_at=first_alert_at(rule, starts_at, due_at),
    )
    new.save(force_insert=True)
    return new


def move_deadline(row: Deadline, *, starts_at: datetime, due_at: datetime) -> Deadline:
    """Give an open deadline new instants; its steps begin anew, so a moved deadline alerts again and a repeated sweep does not."""
    row.starts_at, row.due_at, row.next_step = starts_at, due_at, 0
    row.next_alert_at = first_alert_at(row.rule, starts_at, due_at)
    row.save_changes(["starts_at", "due_at", "next_step", "next_alert_at"])
    return row


def close_deadlines(
    actor: Actor,
    rules: Iterable[str] | None,
    subject_id: UUID,
    *,
    at: datetime,
    outcome: Deadline.Outcome = Deadline.Outcome.MET,
    reason: str = "",
) -> int:
    """Close the open deadlines of some rules (None: all) about a subject; return how many."""
    open_rows = DEADLINES[actor.world]._default_manager.filter(Q(subject_id=subject_id, closed_at=None))
    if rules is not None:
        open_rows = open_rows.filter(rule__in=list(rules))
    return int(open_rows.update(closed_at=at, outcome=outcome, reason=reason[:300], next_alert_at=None))


def roles_text(roles: Iterable[Role]) -> list[str]:
    """Return role codes as the database keeps them."""
    return [role.value for role in roles]
