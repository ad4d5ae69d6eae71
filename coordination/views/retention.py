"""Doors: how long the agency keeps what, what is due and what has gone; the leader's decision; and holds on a person."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordination import clock, retention
from coordination.forms.retention import HoldForm, ReleaseForm, YearsForm
from coordination.middleware import actor_of
from coordination.models.deadlines import Strength
from coordination.page_frame import in_menu
from coordination.people import access, holds
from coordination.views.people_common import conflict_page, form_page, person_form_page, run, saved


def period_text(months: int | None) -> str:
    """Return how long in words."""
    if months is None:
        return _("Ikke bestemt")
    if months % 12:
        return ngettext("%(count)s måned", "%(count)s måneder", months) % {"count": months}
    return _("%(count)s år") % {"count": months // 12}


@require_http_methods(["GET"])
@in_menu("retention")
def overview(request: HttpRequest) -> HttpResponse:
    """Show every rule with how many are due and when, what has been deleted, and for the leader whom a hold stands for."""
    actor = actor_of(request)
    may_decide, may_hold = retention.may_decide(actor), holds.may_hold(actor)
    tools = [{"label": _("Bestem hvor lenge"), "url": reverse("retention_decide"), "icon": "Cog"}] if may_decide else []
    if may_decide:
        # In the worlds of health the numbers are few, and have no place of their own in the menu.
        tools.append({"label": _("Krav og frister"), "url": reverse("unit_settings"), "icon": "Cog"})
    context = {
        "lead": actor.agency_name,
        "tools": tools,
        "rows": [
            {
                "standing": standing,
                "rule": standing.rule,
                "period": period_text(standing.months),
                "strength": Strength(standing.rule.strength).label,
                "counted": standing.rule.subject != "log",
            }
            for standing in retention.overview(actor)
        ],
        "deletions": retention.deletions(actor),
        "decisions": [
            {"row": row, "period": period_text(row.value)} for row in (retention.decisions(actor) if may_decide else [])
        ],
        "may_hold": may_hold,
        "holds": holds.standing(actor, clock.now()) if may_hold else [],
    }
    return render(request, "coordination/retention/overview.html", context)


@require_http_methods(["GET", "POST"])
@in_menu("retention")
def decide(request: HttpRequest) -> HttpResponse:
    """Decide how long, where the statute has no number."""
    actor = actor_of(request)
    access.require(retention.may_decide(actor))
    form = YearsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        if run(form, lambda: retention.decide(actor, **data, at=clock.now())):
            return saved(request, _("Det er bestemt hvor lenge opplysningene skal oppbevares."), reverse("retention"))
    notes = [
        _("Gjelder pasienter som ikke er her lenger, regnet fra siste innføring."),
        _("Det som er eldre enn dette, slettes for godt. Overfør til arkiv først."),
    ]
    return form_page(
        request, form, _("Bestem hvor lenge"), _("Lagre vedtaket"), notes=notes, cancel_url=reverse("retention")
    )


@require_http_methods(["GET", "POST"])
@in_menu("people")
def hold_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop the deletion of what the agency holds about a person."""
    actor = actor_of(request)
    access.require(holds.may_hold(actor))
    person = access.access_person(actor, pk)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = form.cleaned_data
        if run(form, lambda: holds.place(actor, pk, **data, at=clock.now())):
            return saved(request, _("Slettingen er stanset."), reverse("retention"))
    return person_form_page(request, actor, person, form, _("Stans sletting"), _("Stans slettingen"))


@require_http_methods(["GET", "POST"])
@in_menu("retention")
@conflict_page
def hold_lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift a hold."""
    actor = actor_of(request)
    hold = holds.access_hold(actor, pk)
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if run(form, lambda: holds.lift(actor, pk, reason=reason, at=clock.now())):
            return saved(request, _("Slettingen går som vanlig igjen."), reverse("retention"))
    return person_form_page(
        request,
        actor,
        hold.person,
        form,
        _("Opphev stans av sletting"),
        _("Opphev stansen"),
        cancel_url=reverse("retention"),
    )
