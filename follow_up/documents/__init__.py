"""The own journal, for health personnel: a course of supervision on paper, and every signed record as rows. Plain values; nothing of it is sent."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from coordination import formats
from coordination.identity import Actor
from follow_up import access
from follow_up.forms import CONDITIONS, ConsultationForm
from follow_up.letters import MEASURES
from follow_up.models import Condition, HealthAdmissionConsultation, HealthVisit, SupervisionCourse
from follow_up.rules import is_late_entry


def journal(actor: Actor, course: SupervisionCourse, at: datetime) -> dict[str, Any]:
    """Return the supervision record: the measure as the prison told it, visits with both times, injuries, surroundings, plans, reports."""
    access.require_clinician(actor)
    person = course.person
    visits = access.visits_for(actor).filter(course=course).order_by("done_at", "id").prefetch_related("addenda")
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "person": {"name": str(person), "place": person.place, "birth_year": str(person.birth_date.year)},
        "kind": str(MEASURES.get(course.kind, course.kind)),
        "facts": _facts(course),
        "visits": [_visit(row) for row in visits],
        "changes": list(course.lock_in_changes.order_by("changed_at")),
        "plans": list(course.frequency_plans.order_by("planned_at", "id")),
        "considerations": list(course.considerations.order_by("considered_at", "id")),
        "motivations": list(course.motivations.order_by("done_at", "id")),
        "harm": list(course.harm_reports.order_by("found_at", "id")),
        "transfers": list(access.transfers_for(actor).filter(course=course)),
    }


def _facts(course: SupervisionCourse) -> list[dict[str, str]]:
    ended = formats.datetime_no(course.ended_at) if course.ended_at else _("Pågår")
    return [
        {"label": _("Fengsel"), "value": course.prison.name},
        {"label": _("Startet"), "value": formats.datetime_no(course.effective_at)},
        {"label": _("Avsluttet"), "value": ended},
        {"label": _("Tilsyn"), "value": str(course.get_regime_display())},
    ]


def _visit(row: HealthVisit) -> dict[str, Any]:
    found = [
        {"label": _("Fysisk helse"), "value": row.physical},
        {"label": _("Psykisk helse"), "value": row.mental},
        {"label": _("Skader"), "value": row.injuries},
        *(
            {"label": label, "value": getattr(row, f"get_{name}_display")()}
            for name, label in CONDITIONS.items()
            if getattr(row, name) != Condition.NOT_LOOKED
        ),
        {"label": _("Merknad til omgivelsene"), "value": row.environment_note},
        {"label": _("Annet"), "value": row.notes},
    ]
    return {
        "done_at": row.done_at,
        "late": row.recorded_at if is_late_entry(row.done_at, row.recorded_at) else None,
        "declined": row.declined,
        "who": row.by_name,
        "found": [fact for fact in found if fact["value"]],
        "addenda": [{"text": more.text, "at": more.recorded_at, "who": more.by_name} for more in row.addenda.all()],
    }


def visit_rows(row: HealthVisit) -> list[dict[str, Any]]:
    """Return a visit as labels and values, in the order of its form."""
    return [
        {"label": _("Resultat"), "value": _("Tilbudt, pasienten takket nei") if row.declined else _("Gjennomført")},
        {"label": _("Fysisk helse"), "value": row.physical},
        {"label": _("Psykisk helse"), "value": row.mental},
        {"label": _("Skader"), "value": row.injuries},
        *({"label": words, "value": getattr(row, f"get_{name}_display")()} for name, words in CONDITIONS.items()),
        {"label": _("Merknad til omgivelsene"), "value": row.environment_note},
        {"label": _("Henvisning vurdert"), "value": row.referral_considered},
        {"label": _("Annet"), "value": row.notes},
    ]


def consultation_rows(row: HealthAdmissionConsultation) -> list[dict[str, Any]]:
    """Return an admission consultation as labels and values, in the order of its form."""
    rows: list[dict[str, Any]] = [{"label": _("Resultat"), "value": row.get_outcome_display()}]
    for name, field in ConsultationForm.base_fields.items():
        if name not in ("key", "outcome", "held_at"):
            value = row.get_suicide_danger_display() if name == "suicide_danger" else getattr(row, name)
            rows.append({"label": field.label, "value": value})
    return rows
