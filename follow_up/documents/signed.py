"""The signed records of a patient as entries of the journal, for the service's own record system. Reads through the walls; decides nothing."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.identity import Actor
from coordination.journal import Entry, Wanted
from coordination.models import Recorded
from coordination.models.people import Named
from coordination.worlds import World
from follow_up import access
from follow_up.documents import consultation_rows, visit_rows
from follow_up.models import (
    Addendum,
    FrequencyPlan,
    MotivationEntry,
    SpecialistVisit,
    SupervisionConsideration,
)
from follow_up.rules import is_late_entry


def municipal_entries(actor: Actor, person: Named, wanted: Wanted) -> Iterator[Entry]:
    """Every record of a municipality's patient: consultations, visits, reports of harm, assessments, plans, and what was added to them."""
    if not access.is_clinician(actor):
        return
    own = {"agency_id": actor.agency_id, "person_id": person.pk}
    for visit in access.visits_for(actor).filter(**own, **wanted.where("done_at")):
        title = _("Tilsyn tilbudt, pasienten takket nei") if visit.declined else _("Tilsyn av helsepersonell")
        yield _entry(visit, visit.done_at, title, visit_rows(visit), reverse("visit", args=[visit.pk]))
    for talk in access.consultations_for(actor).filter(**own, **wanted.where("held_at")):
        url = reverse("consultation", args=[talk.pk])
        yield _entry(talk, talk.held_at, _("Innkomstkonsultasjon"), consultation_rows(talk), url)
    for report in access.harm_reports_for(actor).filter(**own, **wanted.where("found_at")):
        rows = _rows((_("Meldt"), report.get_finding_display()), (_("Funn"), report.observed))
        url = reverse("harm_report", args=[report.pk])
        yield _entry(report, report.found_at, _("Melding om skade til fengselet"), rows, url)
    for considered in SupervisionConsideration.objects.filter(**own, **wanted.where("considered_at")):
        rows = _rows((_("Tilsyn"), considered.supervise), (_("Begrunnelse"), considered.reason))
        yield _of_course(considered, considered.considered_at, _("Vurdering av tilsyn"), rows)
    for plan in FrequencyPlan.objects.filter(**own, **wanted.where("planned_at")):
        rows = _rows(
            (_("Dager mellom tilsyn"), plan.interval_days),
            (_("Helsetilstand"), plan.health),
            (_("Alder"), plan.age),
            (_("Pasientens ønsker"), plan.wishes),
            (_("Grad av isolasjon"), plan.degree),
        )
        yield _of_course(plan, plan.planned_at, _("Legens plan for tilsyn"), rows)
    for said in MotivationEntry.objects.filter(**own, **wanted.where("done_at")):
        yield _of_course(said, said.done_at, str(said.get_kind_display()), _rows((_("Notat"), said.note)))
    for more in access.addenda_for(actor).filter(**own, **wanted.where("recorded_at")):
        yield _addition(more)


def specialist_entries(actor: Actor, person: Named, wanted: Wanted) -> Iterator[Entry]:
    """Every visit of a trust's patient during isolation."""
    if actor.world is not World.SPECIALIST_HEALTH or not access.is_trust(actor):
        return
    own = {"agency_id": actor.agency_id, "person_id": person.pk}
    for visit in SpecialistVisit.objects.filter(**own, **wanted.where("done_at")):
        title = _("Tilsyn tilbudt, pasienten takket nei") if visit.declined else _("Tilsyn av helsepersonell")
        url = reverse("specialist_course", args=[visit.course_id])
        yield _entry(visit, visit.done_at, title, _rows((_("Notat"), visit.note)), url)


def _entry(row: Recorded, at: datetime, title: str, rows: Iterable[dict[str, Any]], url: str, **more: Any) -> Entry:
    return Entry(
        mark=row.pk,
        at=at,
        title=title,
        facts=tuple((str(fact["label"]), _said(fact["value"])) for fact in rows if fact["value"] not in ("", None)),
        who=row.by_name,
        recorded_at=row.recorded_at if is_late_entry(at, row.recorded_at) else None,
        url=url,
        row=row,
        **more,
    )


def _of_course(row: Any, at: datetime, title: str, rows: Iterable[dict[str, Any]]) -> Entry:
    return _entry(row, at, title, rows, reverse("supervision", args=[row.course_id]))


def _addition(row: Addendum) -> Entry:
    """Return what was added to a record: an entry of its own, that says what it adds to."""
    name, to = ("visit", row.visit_id) if row.visit_id else ("consultation", row.consultation_id)
    return _entry(
        row, row.recorded_at, _("Tillegg"), _rows((_("Tillegg"), row.text)), reverse(name, args=[to]), adds_to=to
    )


def _rows(*rows: tuple[str, Any]) -> list[dict[str, Any]]:
    return [{"label": label, "value": value} for label, value in rows]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return _("Ja") if value else _("Nei")
    return str(value)
