"""What the page and the paper of a course say of how the patient is followed up: regime, plan, who is responsible. Holds no rule."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.clock import after
from coordination.identity import Actor
from coordination.models import Role
from follow_up import access
from follow_up.models import HarmReport, SupervisionCourse, SupervisionTransfer
from follow_up.models.transfers import TransferState
from follow_up.rules import HARM_DECIDED, MILD
from follow_up.supervision import CHOSEN
from follow_up.supervision.telling import last_of_trust


def hours_text(hours: float | None) -> str:
    """Return hours out of the cell a day as people write them, or nothing."""
    return "" if hours is None else _("%(hours)s timer i døgnet") % {"hours": f"{hours:g}".replace(".", ",")}


def responsible(actor: Actor, transfer: SupervisionTransfer | None) -> str:
    """Return the one service that is responsible now: the own, until an agreement is in force (D33)."""
    return transfer.trust.name if transfer and transfer.state == TransferState.IN_FORCE else actor.agency_name


def standing_of(actor: Actor, course: SupervisionCourse) -> dict[str, Any]:
    """Return what `follow_up/_standing.html` draws for health personnel: a fixed number of queries."""
    transfer = access.transfers_for(actor).filter(course=course).first()
    state = transfer.state if transfer else ""
    running = course.ended_at is None
    moving = state in (TransferState.PROPOSED, TransferState.AGREED, TransferState.IN_FORCE)
    return {
        "hours_out": hours_text(course.hours_out),
        "responsible": responsible(actor, transfer),
        "plan": course.frequency_plans.order_by("-planned_at", "-id").first(),
        "changes": list(course.lock_in_changes.order_by("-changed_at")[:20]),
        "considerations": list(course.considerations.order_by("-considered_at", "-id")[:10]),
        "motivations": list(course.motivations.order_by("-done_at", "-id")[:20]),
        "transfer": transfer,
        "trust_visit": last_of_trust(actor, course, transfer),
        "start_url": reverse("transfer_start", args=[transfer.pk])
        if transfer and running and state == TransferState.AGREED
        else "",
        "end_url": reverse("transfer_end", args=[transfer.pk]) if transfer and moving else "",
        "harm": [_harm(row) for row in course.harm_reports.order_by("-found_at", "-id")[:10]],
        "links": list(_links(actor, course, moving)) if running else [],
    }


def _harm(row: HarmReport) -> dict[str, Any]:
    return {
        "title": row.get_finding_display(),
        "at": row.recorded_at,
        "due_at": after(row.recorded_at, HARM_DECIDED),
        "answered": _("Fengselet har svart") if row.decided_at else "",
        "url": reverse("harm_report", args=[row.pk]),
    }


def _links(actor: Actor, course: SupervisionCourse, moving: bool) -> Any:
    def link(label: str, name: str, *, primary: bool = False) -> dict[str, Any]:
        return {"label": label, "url": reverse(name, args=[course.pk]), "primary": primary}

    yield link(_("Meld skade til fengselet"), "harm_new", primary=True)
    if course.kind in MILD:
        yield link(_("Vurder tilsyn"), "supervision_consider", primary=course.supervise is None)
    if course.regime == SupervisionCourse.Regime.PLAN and actor.has_role(Role.PRISON_DOCTOR):
        yield link(_("Lag eller endre plan for tilsyn"), "frequency_plan", primary=True)
    if course.kind == CHOSEN:
        yield link(_("Før motivasjon og informasjon"), "motivation_new")
    if not moving:
        yield link(_("Foreslå spesialisthelsetjenesten"), "transfer_new")
    yield link(_("Skriv ut tilsynsjournal"), "supervision_pdf")
