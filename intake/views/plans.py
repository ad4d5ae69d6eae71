"""The doors of the action plan: decided on, and read. Actor in, verb called, answer out."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.answers import see_other
from coordination.views.people_common import run
from intake import access, actions
from intake.forms import (
    PlanForm,
)
from intake.views.common import page


@require_http_methods(["GET", "POST"])
@in_menu("people")
def action_plan_decide(request: HttpRequest, stay_id: UUID) -> HttpResponse:
    """Decide yes or no to an action plan, or review the one that runs. Everyone who sees the stay reads the plan."""
    actor = actor_of(request)
    at = clock.now()
    stay = access.access_stay(actor, stay_id)
    may_decide = access.may_interview(actor)
    newest = access.newest_decision(actor, stay.pk)
    if request.method == "POST":
        if not may_decide:
            raise Http404
        form = PlanForm(request.POST, may_say_no=access.may_plan(actor))
        if form.is_valid():
            saved = run(
                form,
                lambda: actions.decide_plan(actor, stay, key=form.cleaned_data["key"], plan=form.decision(), at=at),
            )
            if saved is not None:
                return see_other(reverse("action_plan", args=[saved.pk]))
    else:
        running = newest is not None and newest.needed
        form = PlanForm(
            initial={
                "needed": "yes" if running else "",
                "plan_measures": newest.measures if newest else "",
                "plan_risk": newest.risk if newest else "",
            },
            may_say_no=access.may_plan(actor),
        )
    return page(
        request,
        "intake/plan_decide.html",
        actor,
        stay.person,
        _("Tiltaksplan"),
        form=form if may_decide else None,
        newest=newest,
        interview=access.newest_interview(actor, stay.pk),
    )


@require_http_methods(["GET"])
@in_menu("people")
def action_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one decision and every earlier one of the stay: what was known when."""
    actor = actor_of(request)
    row = access.access_decision(actor, pk)
    history = list(access.decisions_for(actor).filter(stay_id=row.stay_id))
    return page(
        request,
        "intake/plan.html",
        actor,
        row.person,
        _("Tiltaksplan"),
        decision=history[0],
        earlier=history[1:],
        may_decide=access.may_interview(actor) and row.stay.ended_at is None,
    )
