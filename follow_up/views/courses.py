"""The doors of supervision: running courses, one course, and the two taps of a visit made now."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consent.access import letters_for
from consent.letters import KINDS
from consent.models import Letter
from coordination import clock, person_page
from coordination.formats import badge
from coordination.identity import Actor
from coordination.ids import uuid7
from coordination.middleware import actor_of
from coordination.models.people import Named
from coordination.page_frame import in_menu
from coordination.refusals import Refused
from coordination.views.answers import see_other
from coordination.views.people_common import conflict_page, run, saved
from follow_up import access
from follow_up import supervision as courses
from follow_up.actions import reports, transfers
from follow_up.forms import QuickVisitForm, VisitForm
from follow_up.letters import MEASURES, NOTICES
from follow_up.models import HealthVisit, SupervisionCourse
from follow_up.rules import MILD, is_late_entry
from follow_up.supervision.telling import ground_for
from follow_up.views.common import page, visit_saved
from follow_up.views.standing import standing_of


@require_http_methods(["GET"])
@in_menu("supervision")
def supervision_list(request: HttpRequest) -> HttpResponse:
    """Show running courses, the next due first. Reading that a measure ended stops its clock."""
    actor = actor_of(request)
    at = clock.now()
    access.require_staff(actor)
    courses.catch_up_all(actor, at=at)
    clinician = access.is_clinician(actor)
    running = list(access.running(actor))
    alerts = person_page.tags_of_many(actor, [course.person for course in running]) if clinician else {}
    rows = [
        {
            "name": str(course.person),
            "place": course.person.place,
            "prison": course.prison.name,
            "measure": MEASURES.get(course.kind, course.kind),
            "url": reverse("supervision", args=[course.pk]),
            "effective_at": course.effective_at,
            "last_visit_at": course.last_visit_at,
            "due_at": course.due_at,
            "state": badge(course.due_at, now=at).state if course.due_at else "later",
            "target_at": course.first_target_at if course.due_at and course.last_visit_at is None else None,
            "planned_at": course.planned_at,
            "regime": course.get_regime_display(),
            "handed_over": course.handed_over_at is not None,
            "consider": course.kind in MILD and course.supervise is None,
            "quick": clinician and course.handed_over_at is None,
            "subject_id": course.pk,
            "key": uuid7(),
            "alerts": alerts.get(course.person_id, []),
            "back": "list",
        }
        for course in running
    ]
    return page(request, "follow_up/supervision_list.html", actor, None, _("Tilsyn"), rows=rows)


@require_http_methods(["GET"])
@in_menu("supervision")
@conflict_page
def supervision(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one course: the clock, two taps for a visit, visits and letters. Leaders see the clock, not what was found."""
    actor = actor_of(request)
    course = courses.catch_up(actor, access.access_course(actor, pk), at=clock.now())
    clinician = access.is_clinician(actor)
    if clinician:
        transfers.read_answers(actor, at=clock.now())
        reports.settle_harm(actor, at=clock.now())
    visits = list(access.visits_for(actor).filter(course=course)) if clinician else []
    letters = list(letters_for(actor).select_related(None).filter(thread_id=course.thread_id)) if clinician else []
    notice = next((row for row in letters if row.pk == course.notice_id), None)
    return page(
        request,
        "follow_up/supervision.html",
        actor,
        course.person,
        str(MEASURES.get(course.kind, course.kind)),
        course=course,
        target_at=course.first_target_at if course.due_at and course.last_visit_at is None else None,
        standing=standing_of(actor, course) if clinician else None,
        clinician=clinician,
        quick=QuickVisitForm() if clinician else None,
        tells=clinician and ground_for(actor, course, clock.now()) is not None,
        quick_url=reverse("visit_quick", args=[course.pk]),
        visits=[_visit_row(row) for row in visits],
        letters=[_letter_row(row) for row in letters],
        circumstances=notice.body.get("circumstances", "") if notice else "",
        advice_url=reverse("advice_new", args=[notice.pk]) if notice else "",
    )


def _letter_row(letter: Letter) -> dict[str, Any]:
    kind = KINDS.get(letter.kind)
    return {
        "title": kind.title if kind else letter.kind,
        "sent_at": letter.sent_at,
        "received": letter.direction == Letter.Direction.IN,
        "url": reverse("letter", args=[letter.pk]),
        "awaits": letter.awaits and letter.settled_at is None,
        "due_at": letter.due_at,
    }


def _visit_row(row: HealthVisit) -> dict[str, Any]:
    return {
        "done_at": row.done_at,
        "late": row.recorded_at if is_late_entry(row.done_at, row.recorded_at) else None,
        "declined": row.declined,
        "who": row.by_name,
        "url": reverse("visit", args=[row.pk]),
        "text": row.physical or row.mental or row.notes,
        "injuries": bool(row.injuries),
    }


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
def supervision_from_letter(request: HttpRequest, letter_pk: UUID) -> HttpResponse:
    """Go from a notice to its course; where none is begun, begin it with one press."""
    actor = actor_of(request)
    letter = access.letter_from_prison(actor, letter_pk)
    if letter.kind not in NOTICES or letter.person_id is None:
        raise Http404
    course = access.course_of_thread(actor, letter.thread_id)
    if request.method == "POST" and course is None:
        course = courses.begin_course(actor, letter, access.patient_or_404(actor, letter.person_id), at=clock.now())
    if course is not None:
        return see_other(reverse("supervision", args=[course.pk]))
    patient = access.patient_or_404(actor, letter.person_id)
    return page(request, "follow_up/supervision_begin.html", actor, patient, _("Start tilsyn"))


# Visits


@require_http_methods(["POST"])
@conflict_page
def visit_quick(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a visit made now: the second of two taps."""
    actor = actor_of(request)
    access.require_clinician(actor)
    course = access.access_course(actor, pk)
    at = clock.now()
    form = QuickVisitForm(request.POST)
    if not form.is_valid():
        raise Http404
    back = {"today": "today", "list": "supervision_list"}.get(request.GET.get("back", ""))
    url = reverse(back) if back else reverse("supervision", args=[course.pk])
    try:
        with transaction.atomic():
            row = courses.record_visit(
                actor,
                course.person_id,
                key=form.cleaned_data["key"],
                done_at=max(at, course.effective_at),
                course=course,
                declined=form.cleaned_data["result"] == "declined",
                tell=form.cleaned_data["tell"],
                at=max(at, course.effective_at),
            )
    except Refused as refused:
        messages.error(request, str(refused))
        return see_other(url)
    return saved(request, visit_saved(actor, row, tell=form.cleaned_data["tell"]), url)


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
@conflict_page
def visit_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a visit of a course with what was found, now or after."""
    actor = actor_of(request)
    access.require_clinician(actor)
    course = access.access_course(actor, pk)
    return _visit_form(request, actor, course.person, course, None)


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
@conflict_page
def visit_for_letter(request: HttpRequest, letter_pk: UUID) -> HttpResponse:
    """Record the visit that a letter asks for."""
    actor = actor_of(request)
    letter = access.letter_from_prison(actor, letter_pk)
    if letter.person_id is None:
        raise Http404
    patient = access.patient_or_404(actor, letter.person_id)
    return _visit_form(request, actor, patient, access.running_course_of(actor, patient.pk), letter)


def _visit_form(
    request: HttpRequest, actor: Actor, patient: Named, course: SupervisionCourse | None, letter: Letter | None
) -> HttpResponse:
    at = clock.now()
    tells = course is not None and ground_for(actor, course, at) is not None
    form = VisitForm(request.POST if request.method == "POST" else None, tells=tells)
    if request.method == "POST" and form.is_valid():
        row = run(
            form,
            lambda: courses.record_visit(
                actor,
                patient.pk,
                key=form.cleaned_data["key"],
                done_at=form.cleaned_data["done_at"] or at,
                course=course,
                letter=letter,
                declined=form.cleaned_data["result"] == "declined",
                facts=form.facts(),
                tell=form.cleaned_data.get("tell", False),
                at=at,
            ),
        )
        if row is not None:
            words = visit_saved(actor, row, tell=form.cleaned_data.get("tell", False))
            return saved(request, words, reverse("visit", args=[row.pk]))
    return page(
        request,
        "follow_up/visit_new.html",
        actor,
        patient,
        _("Tilsyn av helsepersonell"),
        form=form,
        findings=[form[name] for name in VisitForm.FINDINGS],
        surroundings=[form[name] for name in VisitForm.SURROUNDINGS],
        last=[form[name] for name in VisitForm.LAST if name in form.fields],
        tells=tells,
    )
