"""The doors of the intake interview: one page that sends the concern with it, and its receipt. Actor in, verb called, answer out."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.middleware import actor_of
from coordination.models import CustodyDeadline
from coordination.page_frame import in_menu
from coordination.people.access import open_stay
from coordination.views.answers import see_other
from coordination.views.people_common import conflict_page, run
from intake import access, actions
from intake.forms import (
    QUESTIONS,
    InterviewForm,
)
from intake.models import IntakeInterview
from intake.views.common import page, person_of, sent


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
@keeps_draft(gettext_lazy("Innkomstsamtale"))
def intake_interview(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Hold the admission interview: everything on one page, sent in the same step as it is saved."""
    actor = actor_of(request)
    if not access.may_interview(actor):
        raise Http404
    at = clock.now()
    person = person_of(actor, person_id)
    stay = open_stay(actor, person.pk)
    if request.method == "POST":
        form = kept(request, person, InterviewForm(request.POST, may_say_no=access.may_plan(actor)))
        if form.is_valid():
            saved = run(
                form,
                lambda: actions.hold_interview(
                    actor,
                    person.pk,
                    key=form.cleaned_data["key"],
                    answers=form.answers(),
                    substance_problem=form.cleaned_data["substance_problem"],
                    held_at=form.cleaned_data["held_at"] or at,
                    plan=form.decision(),
                    at=at,
                ),
            )
            if saved is not None:
                return see_other(reverse("intake_receipt", args=[saved.pk]))
    else:
        form = InterviewForm(initial={"language": person.language}, may_say_no=access.may_plan(actor))
        kept(request, person, form)
    earlier = access.newest_interview(actor, stay.pk) if stay else None
    return page(
        request,
        "intake/interview.html",
        actor,
        person,
        _("Innkomstsamtale"),
        form=form,
        questions=[form[name] for name in QUESTIONS],
        asked=[form[name] for name in InterviewForm.ASKED],
        plan_choice=form["plan_choice"],
        planned=[form[name] for name in InterviewForm.PLANNED],
        stay=stay,
        earlier=earlier,
        age=clock.age_on(person.birth_date, clock.local_date(at)),
        minor=clock.is_minor(person.birth_date, at),
    )


@require_http_methods(["GET"])
def intake_for_stay(request: HttpRequest, stay_id: UUID) -> HttpResponse:
    """Go from a stay, which the deadline knows, to the interview with its person."""
    stay = access.access_stay(actor_of(request), stay_id)
    return redirect("intake_interview", person_id=stay.person_id)


@require_http_methods(["GET"])
@in_menu("people")
def intake_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a saved interview: what was answered, to whom it went, and what is still to be decided."""
    actor = actor_of(request)
    row = access.access_interview(actor, pk)
    newer = access.interviews_for(actor).filter(supersedes=row.pk).first()
    replaced = access.interviews_for(actor).filter(pk=row.supersedes).first() if row.supersedes else None
    decision = access.newest_decision(actor, row.stay_id)
    open_question = CustodyDeadline.objects.filter(
        agency_id=actor.agency_id, rule="D05", subject_id=row.stay_id, closed_at=None
    ).first()
    return page(
        request,
        "intake/receipt.html",
        actor,
        row.person,
        _("Innkomstsamtale"),
        interview=row,
        newer=newer,
        stands=replaced if replaced and replaced.health_contact_id and not row.health_contact_id else None,
        sent=sent(actor, row.health_contact) if row.health_contact else None,
        rows=_answers(row),
        decision=decision,
        plan_due_at=open_question.due_at if open_question else None,
        may_plan=access.may_plan(actor) or access.may_interview(actor),
        may_interview=access.may_interview(actor),
    )


def _answers(row: IntakeInterview) -> list[dict[str, Any]]:
    return [
        *({"label": words, "value": getattr(row, f"get_{name}_display")()} for name, words in QUESTIONS.items()),
        {"label": _("Under 18 år"), "value": row.minor},
        {"label": _("Språk"), "value": row.language},
        {"label": _("Tolk"), "value": row.get_interpreter_display()},
        {"label": _("Hva ble sett og hørt"), "value": row.observation},
    ]
