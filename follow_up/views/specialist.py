"""The trust's doors: proposals to follow up patients in isolation, those it follows up, and the two presses of a visit."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.documents import rows_of
from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.formats import badge
from coordination.ids import uuid7
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.refusals import Refused
from coordination.views.answers import see_other
from coordination.views.people_common import conflict_page, run, saved
from follow_up import access
from follow_up.actions import specialist
from follow_up.forms.isolation import ProposalForm, TrustVisitForm
from follow_up.models import SpecialistCourse
from follow_up.models.transfers import TransferState
from follow_up.views.common import page


@require_http_methods(["GET"])
@in_menu("specialist_follow_up")
def specialist_list(request: HttpRequest) -> HttpResponse:
    """Show proposals nobody has answered, and patients the trust follows up or has said yes to."""
    actor = actor_of(request)
    at = clock.now()
    specialist.catch_up(actor, at=at)
    proposals = [
        {
            "name": f"{row.body.get('family_name', '')}, {row.body.get('given_name', '')}",
            "municipality": row.other_agency.name,
            "measure": row.body.get("measure", ""),
            "due_at": row.due_at,
            "url": reverse("specialist_proposal", args=[row.pk]),
        }
        for row in access.proposals(actor)[:50]
    ]
    courses = [
        _line(row, at)
        for row in access.specialist_courses(actor).filter(state__in=[TransferState.AGREED, TransferState.IN_FORCE])
    ]
    return page(
        request,
        "follow_up/specialist_list.html",
        actor,
        None,
        _("Oppfølging under isolasjon"),
        proposals=proposals,
        courses=courses,
    )


def _line(row: SpecialistCourse, at: object) -> dict[str, object]:
    return {
        "name": str(row.person),
        "place": row.person.place,
        "municipality": row.municipality.name,
        "state": row.get_state_display(),
        "due_at": row.due_at,
        "urgency": badge(row.due_at, now=at).state if row.due_at else "later",  # type: ignore[arg-type]
        "last_visit_at": row.last_visit_at,
        "url": reverse("specialist_course", args=[row.pk]),
    }


@require_http_methods(["GET", "POST"])
@in_menu("specialist_follow_up")
@keeps_draft(gettext_lazy("Svar om oppfølging"))
def specialist_proposal(request: HttpRequest, letter_pk: UUID) -> HttpResponse:
    """Read a proposal and answer it."""
    actor = actor_of(request)
    letter = access.access_proposal(actor, letter_pk)
    known = access.specialist_courses(actor).filter(thread_id=letter.thread_id).first()
    if known is not None and request.method == "GET":
        return see_other(reverse("specialist_course", args=[known.pk]))
    asked = [] if letter.person_id else access.known_at_trust(actor, letter)
    form = ProposalForm(
        request.POST if request.method == "POST" else None, known=asked, clinics=access.clinics_for(actor)
    )
    # Whom the proposal is about is not one of the trust's own people until it has answered.
    form = kept(request, None, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = run(
            form,
            lambda: specialist.answer_proposal(
                actor,
                letter.pk,
                key=data["key"],
                accept=data["accept"],
                contact=data["contact"],
                reason=data["reason"],
                patient_id=form.patient(),
                clinic_id=form.clinic(),
                at=clock.now(),
            ),
        )
        if row is not None:
            return saved(request, _("Svaret er sendt til kommunen."), reverse("specialist_course", args=[row.pk]))
    return page(
        request,
        "follow_up/specialist_proposal.html",
        actor,
        None,
        _("Forslag om oppfølging"),
        form=form,
        rows=rows_of(letter),
        sender=letter.other_agency.name,
        sent_at=letter.sent_at,
        cancel_url=reverse("specialist_list"),
    )


@require_http_methods(["GET"])
@in_menu("specialist_follow_up")
def specialist_course(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one patient the trust follows up: who is responsible, the clock, and the visits."""
    actor = actor_of(request)
    specialist.catch_up(actor, at=clock.now())
    course = access.access_specialist_course(actor, pk)
    return page(
        request,
        "follow_up/specialist_course.html",
        actor,
        course.person,
        _("Oppfølging under isolasjon"),
        course=course,
        in_force=course.state == TransferState.IN_FORCE,
        key=uuid7(),
        quick=TrustVisitForm(),
        visits=list(course.visits.order_by("-done_at", "-id")[:50]),
    )


@require_http_methods(["POST"])
@conflict_page
def specialist_visit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a visit made now."""
    actor = actor_of(request)
    course = access.access_specialist_course(actor, pk)
    form = TrustVisitForm(request.POST)
    if not form.is_valid() or course.state != TransferState.IN_FORCE:
        raise Http404
    declined, tell = form.cleaned_data["result"] == "declined", form.cleaned_data["tell"]
    target = reverse("specialist_course", args=[pk])
    try:
        specialist.record_visit(actor, pk, key=form.cleaned_data["key"], declined=declined, tell=tell, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return see_other(target)
    if declined:
        return saved(request, _("Lagret: tilsyn tilbudt, pasienten takket nei."), target)
    return saved(
        request,
        _("Lagret: tilsyn gjennomført. Kommunen har fått tidspunktet.") if tell else _("Lagret: tilsyn gjennomført."),
        target,
    )
