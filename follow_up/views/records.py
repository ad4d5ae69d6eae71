"""The doors of signed records: a visit, an admission consultation, and what is added to them."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import run, saved
from follow_up import access, actions, documents
from follow_up.forms import CONDITIONS, AddendumForm, ConsultationForm
from follow_up.models import Addendum, Condition, HealthAdmissionConsultation, HealthVisit
from follow_up.rules import is_late_entry
from follow_up.supervision.telling import letter_about
from follow_up.views.common import page


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
def visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one visit with what was added to it, and add more."""
    actor = actor_of(request)
    row = access.access_visit(actor, pk)
    rows = documents.visit_rows(row)
    late = row.recorded_at if is_late_entry(row.done_at, row.recorded_at) else None
    back = reverse("supervision", args=[row.course_id]) if row.course_id else ""
    return _record_page(
        request,
        actor,
        row,
        _("Tilsyn av helsepersonell"),
        at=row.done_at,
        late=late,
        rows=rows,
        back_url=back,
        environment_url=environment_url(row),
        told=letter_about(actor, row),
    )


def environment_url(row: HealthVisit) -> str:
    """Return where what was lacking at a visit is told as facts about the place, or nothing when nothing was lacking."""
    lacking = [name for name in CONDITIONS if getattr(row, name) == Condition.LACKING]
    return f"{reverse('environment_new')}?{urlencode({'gjelder': lacking}, doseq=True)}" if lacking else ""


def _record_page(
    request: HttpRequest, actor: Actor, row: HealthVisit | HealthAdmissionConsultation, heading: str, **more: Any
) -> HttpResponse:
    """Show a signed record and its additions; by POST, add to it."""
    form = AddendumForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        added = run(form, lambda: actions.add_to(actor, row, key=data["key"], text=data["text"], at=clock.now()))
        if added is not None:
            return saved(request, _("Tillegget er lagret."), request.path)
    mine = {"visit": row} if isinstance(row, HealthVisit) else {"consultation": row}
    addenda: list[Addendum] = list(access.addenda_for(actor).filter(**mine))
    return page(
        request, "follow_up/record.html", actor, row.person, heading, form=form, record=row, addenda=addenda, **more
    )


# Admission consultation


@require_http_methods(["GET", "POST"])
@in_menu("people")
def consultation_new(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Record the health service's own admission consultation."""
    actor = actor_of(request)
    patient = access.patient_or_404(actor, person_id)
    at = clock.now()
    form = ConsultationForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = run(
            form,
            lambda: actions.record_consultation(
                actor,
                patient.pk,
                key=data["key"],
                outcome=data["outcome"],
                held_at=data["held_at"] or at,
                facts=form.facts(),
                at=at,
            ),
        )
        if row is not None:
            return saved(request, _("Konsultasjonen er lagret."), reverse("consultation", args=[row.pk]))
    return page(request, "follow_up/consultation_new.html", actor, patient, _("Innkomstkonsultasjon"), form=form)


@require_http_methods(["GET", "POST"])
@in_menu("people")
def consultation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one consultation with what was added to it, and add more."""
    actor = actor_of(request)
    row = access.access_consultation(actor, pk)
    rows = documents.consultation_rows(row)
    late = row.recorded_at if is_late_entry(row.held_at, row.recorded_at) else None
    return _record_page(
        request, actor, row, _("Innkomstkonsultasjon"), at=row.held_at, late=late, rows=rows, back_url=""
    )
