"""Doors: the rules that hold for a measure and why, what somebody outside did, the court's orders, and the date of the 2026 act."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock, formats
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import run as run_plain
from coordination.views.people_common import saved
from isolation.access import access_measure, require_role
from isolation.actions import law as verbs
from isolation.forms import AuthorityForm, CourtOrderForm, LawDateForm
from isolation.law import page as rules_page
from isolation.letters import DECIDERS
from isolation.models import AuthorityStep, CourtOrder, MeasureKind
from isolation.rules.law import rule_sets
from isolation.views.common import measure_form, measure_frame, run, to
from isolation.views.measures import order_in


@require_http_methods(["GET"])
@in_menu("isolation")
def measure_rules(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show every rule that holds for a measure: why, by when, from which source and how binding."""
    actor = actor_of(request)
    row = access_measure(actor, pk)
    context = {
        **measure_frame(actor, row, _("Regler for tiltaket")),
        **rules_page.build(actor, row, clock.now()),
        "heading": _("Regler for tiltaket"),
        "may_write": actor.has_role(*DECIDERS),
    }
    return render(request, "isolation/rules.html", context)


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def authority_step(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the region, KDI, the supervisory board or the guardian was told, or what they decided."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    at = clock.now()
    # A second press asks about what the first has met, and must be understood.
    sent = request.method == "POST"
    limits = [d for d in verbs.held_by(row, at) if d.limit.outcomes and (sent or d.due_at or d.limit.extension)]
    wanted = request.GET.get("limit") or next((d.limit.code for d in limits), "")
    form = AuthorityForm(
        request.POST or None, limits=limits, at=at, initial={"limit": wanted, "done_by": actor.signature}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        assert form.occurred_at is not None
        occurred_at = form.occurred_at
        made = run(
            form,
            lambda: verbs.record_step(
                actor,
                pk,
                limit=data["limit"],
                outcome=data["outcome"],
                occurred_at=occurred_at,
                done_by=data["done_by"],
                reference=data["reference"],
                note=data["note"],
                key=data["key"],
                at=at,
            ),
        )
        if made is not None:
            ends = made.outcome == AuthorityStep.Outcome.END and row.ended_at is None
            return to("measure_end" if ends else "measure_rules", pk)
    more = {
        "template": "isolation/authority_step.html",
        "limits": limits,
        "lead": _(
            "Samvirke sender ikke til region, direktorat eller verge. Send på vanlig måte, og skriv her hva som er gjort."
        ),
    }
    return measure_form(
        request, actor, row, form, _("Meldt eller avgjort utenfor fengselet"), _("Lagre det som er meldt"), **more
    )


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def court_order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Register that the court has extended the isolation."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    if row.kind != MeasureKind.COURT_ISOLATION or row.ended_at is not None:
        raise Http404
    at = clock.now()
    standing = CourtOrder.objects.filter(agency_id=actor.agency_id, measure=row).order_by("-ends_at")[0]
    first = {"court": standing.court, "reference": standing.reference, "penalty": standing.penalty}
    form = CourtOrderForm(request.POST or None, at=at, initial=first)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        if run(form, lambda: verbs.register_order(actor, pk, order=order_in(form), key=key, at=at)) is not None:
            return to("measure", pk)
    lead = _("Kjennelsen som gjelder nå, løper ut %(when)s.") % {"when": formats.datetime_no(standing.ends_at)}
    return measure_form(request, actor, row, form, _("Registrer ny kjennelse"), _("Lagre kjennelsen"), lead=lead)


@require_http_methods(["GET", "POST"])
@in_menu("law")
def law_date(request: HttpRequest) -> HttpResponse:
    """Let an administrator say when the 2026 act takes effect. Only in the future; kept with who and when."""
    actor = actor_of(request)
    verbs.require_setter(actor)
    at = clock.now()
    standing = verbs.act_date()
    decided = standing is not None and standing <= clock.local_date(at)
    form = LawDateForm(request.POST or None, initial={"day": standing})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = run_plain(form, lambda: _set(actor, data, at))
        if done is not None:
            return saved(request, _("Datoen er lagret."), request.path)
    context: dict[str, Any] = {
        "form": form,
        "heading": _("Lov i kraft"),
        "standing": standing,
        "decided": decided,
        "sets": rules_page.sets(rule_sets(standing), clock.local_date(at)),
        "changes": verbs.act_dates(),
        "submit_label": _("Lagre datoen"),
    }
    return render(request, "isolation/law_date.html", context, status=422 if form.errors else 200)


def _set(actor: Any, data: dict[str, Any], at: Any) -> bool:
    verbs.set_act_date(actor, day=data["day"], reason=data["reason"], at=at)
    return True
