"""Yes or no to an action plan, its reviews, and the clock of each. Every decision is a new row."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.models import CustodyDeadline, Person, Stay
from coordination.people.access import lock_person
from coordination.refusals import Refused
from intake import access
from intake.models import ActionPlanDecision, IntakeInterview
from intake.rules import RiskLevel, plan_decision_due, plan_review_due


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A decision on an action plan as typed: when not `needed`, only the reason counts. `review_at` None takes the latest allowed."""

    needed: bool
    reason: str
    measures: str = ""
    risk: RiskLevel | None = None
    review_at: datetime | None = None
    health_consulted: str = ""


def expect_decision(actor: Actor, person: Person, stay: Stay, *, at: datetime) -> None:
    """Start the clock for yes or no to an action plan. A second concern does not give more time for the first."""
    if not CustodyDeadline.objects.filter(rule="D05", subject_id=stay.pk, closed_at=None).exists():
        open_deadline(
            actor,
            "D05",
            person=person,
            subject_kind="stay",
            subject_id=stay.pk,
            starts_at=at,
            due_at=plan_decision_due(at),
        )


def decide_plan(actor: Actor, stay: Stay, *, key: UUID, plan: Plan, at: datetime) -> ActionPlanDecision:
    """Decide whether an action plan is needed, or review the one there is; return the new row (obligations R5.1.1-f, -g).

    An officer may start a plan, but only contact officers and duty leaders may say that none is needed. Raises `Refused`.
    """
    if not (access.may_plan(actor) or (access.may_interview(actor) and plan.needed)):
        raise Http404
    with transaction.atomic():
        person = cast(Person, lock_person(actor, stay.person_id))
        if (before := access.decisions_for(actor).filter(key=key).first()) is not None:
            return before
        if stay.ended_at is not None:
            raise Refused("no_stay", _("Oppholdet er avsluttet."))
        interview = access.newest_interview(actor, stay.pk)
        return record_decision(actor, person, stay, key=key, plan=plan, interview=interview, at=at)


def record_decision(
    actor: Actor, person: Person, stay: Stay, *, key: UUID, plan: Plan, interview: IntakeInterview | None, at: datetime
) -> ActionPlanDecision:
    if not plan.needed and not access.may_plan(actor):
        raise Refused("role", _("Bare kontaktbetjent og vaktleder kan avgjøre at det ikke trengs en tiltaksplan."))
    errors: dict[str, list[str]] = {}
    if not plan.reason.strip():
        errors["plan_reason"] = [_("Skriv hvorfor planen trengs, eller hvorfor ikke")]
    if plan.needed and not plan.measures.strip():
        errors["plan_measures"] = [_("Skriv hvilke tiltak som settes i gang")]
    if plan.needed and plan.risk is None:
        errors["plan_risk"] = [_("Velg hvor alvorlig risikoen vurderes å være")]
    review_at = None
    if plan.needed and plan.risk is not None:
        latest = plan_review_due(at, plan.risk)
        review_at = plan.review_at or latest
        if not at < review_at <= latest:
            high = _("Ved høy risiko må planen vurderes på nytt innen 24 timer.")
            lower = _("Planen må vurderes på nytt innen sju dager, og ikke før nå.")
            errors["plan_review_at"] = [high if plan.risk is RiskLevel.HIGH else lower]
    if errors:
        raise Refused("plan", _("Noe mangler i vurderingen av tiltaksplan."), errors)
    row = ActionPlanDecision(
        person=person,
        stay=stay,
        interview=interview,
        key=key,
        decided_at=at,
        needed=plan.needed,
        reason=plan.reason.strip(),
        measures=plan.measures.strip() if plan.needed else "",
        risk=plan.risk if plan.needed and plan.risk else "",
        review_at=review_at,
        health_consulted=plan.health_consulted.strip(),
        **signed(actor, at),
    )
    row.save(force_insert=True)
    close_deadlines(actor, ["D05", "D05b"], stay.pk, at=at)
    if review_at is not None:
        open_deadline(
            actor, "D05b", person=person, subject_kind="stay", subject_id=stay.pk, starts_at=at, due_at=review_at
        )
    return row
