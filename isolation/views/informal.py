"""Doors: isolation without a decision, from seen to ended."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import banner_of, conflict_page
from isolation.access import OPEN, PLANNERS, READERS, access_informal, informal_for, newest_activity_plan, require_role
from isolation.actions import informal as verbs
from isolation.actions.informal_reports import reports_due
from isolation.documents import HARMS, plan_days
from isolation.forms.care import ActivityPlanForm, ConsiderForm, EndInformalForm, InformalForm, TalkForm
from isolation.law.words import TASKS
from isolation.letters import DECIDERS, STAFF
from isolation.models import InformalIsolation, InformalReport, Motivation, SupervisionConsideration
from isolation.views.common import person_form, run, the_person, to


@require_http_methods(["GET"])
@in_menu("isolation")
def informal_list(request: HttpRequest) -> HttpResponse:
    """Show everybody who is isolated without a decision, those who wait for consideration first."""
    actor = actor_of(request)
    require_role(actor, READERS)
    rows = sorted(informal_for(actor).filter(state__in=OPEN), key=lambda r: (r.state != "flagged", r.flagged_at))
    context = {
        "rows": [(row, round(row.hours_out * 60)) for row in rows],
        "crumbs": [
            {"label": _("Isolasjon"), "url": reverse("isolation_board")},
            {"label": _("Uten vedtak"), "url": ""},
        ],
    }
    return render(request, "isolation/informal_list.html", context)


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@keeps_draft(gettext_lazy("Isolasjon uten vedtak"))
def informal_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Register that somebody stays away from others, or is in fact locked in."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    person = the_person(actor, pk)
    at = clock.now()
    form = InformalForm(request.POST or None, initial={"since_on": clock.local_date(at)})
    form = kept(request, person, form)
    if request.method == "POST" and form.is_valid():
        made = run(form, lambda: verbs.register(actor, pk, **form.cleaned_data, at=at))
        if made is not None:
            return to("informal", made.pk)
    return person_form(request, actor, person, form, _("Isolert uten vedtak"), _("Registrer at personen er isolert"))


@require_http_methods(["GET"])
@in_menu("isolation")
def informal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one: what was seen, what was considered, talks and the plan."""
    actor = actor_of(request)
    row = access_informal(actor, pk)
    own: dict[str, Any] = {"agency_id": actor.agency_id, "informal": row}
    at, plan = clock.now(), newest_activity_plan(row)
    context = {
        **_frame(actor, row),
        "heading": row.get_kind_display(),
        "row": row,
        "minutes_out": round(row.hours_out * 60),
        "considerations": list(SupervisionConsideration.objects.filter(**own).order_by("-considered_at")),
        "talks": list(Motivation.objects.filter(**own).order_by("-done_at")),
        "plan": plan,
        "plan_days": plan_days(plan),
        "limits": [
            {"text": TASKS[due.limit.code], "due_at": due.due_at if row.is_open else None, "source": due.limit.source}
            for due in reports_due(row, at)
        ],
        "reports": [
            {"text": TASKS[one.rule], "to": one.get_authority_display(), "row": one}
            for one in InformalReport.objects.filter(**own).order_by("-occurred_at", "-id")
        ],
        "decides": actor.has_role(*DECIDERS),
        "plans": actor.has_role(*PLANNERS),
        "may_write": actor.has_role(*STAFF),
    }
    return render(request, "isolation/informal.html", context)


def _frame(actor: Actor, row: InformalIsolation, here: str = "") -> dict[str, Any]:
    crumbs = [
        {"label": _("Isolasjon"), "url": reverse("isolation_board")},
        {"label": _("Uten vedtak"), "url": reverse("informal_list")},
        {"label": str(row.person), "url": reverse("informal", args=[row.pk])},
    ]
    return {
        "person": banner_of(actor, row.person),
        "crumbs": [*crumbs, {"label": here, "url": ""}] if here else crumbs,
    }


def informal_form(
    request: HttpRequest,
    actor: Actor,
    row: InformalIsolation,
    form: forms.Form,
    heading: str,
    submit: str,
    **more: Any,
) -> HttpResponse:
    """Return a form page about one: 422 when something must be put right."""
    context = {
        **_frame(actor, row, heading),
        "form": form,
        "heading": heading,
        "submit_label": submit,
        "cancel_url": reverse("informal", args=[row.pk]),
        **more,
    }
    return render(request, more.get("template", "isolation/form.html"), context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@conflict_page
@keeps_draft(gettext_lazy("Vurdering av isolasjon uten vedtak"))
def informal_consider(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Consider whether the person needs supervision and follow-up."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_informal(actor, pk)
    form = kept(request, row.person, ConsiderForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.consider(
                actor, pk, supervision=data["supervision"] == "yes", reason=data["reason"], wish=data["wish"],
                signs_of_illness=data["signs_of_illness"], key=data["key"], at=clock.now(),
            ),
        )  # fmt: skip
        if made is not None:
            return to("informal", pk)
    return informal_form(request, actor, row, form, _("Vurder tilsyn og oppfølging"), _("Lagre vurderingen"))


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@conflict_page
def informal_talk(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down a talk; what to tell stands on the page."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    row = access_informal(actor, pk)
    at = clock.now()
    form = TalkForm(request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        data, done_at = form.cleaned_data, form.done_at
        assert done_at is not None
        made = run(
            form,
            lambda: verbs.talk(
                actor, pk, kind=data["kind"], answer=data["answer"], note=data["note"], done_at=done_at,
                key=data["key"], at=at,
            ),
        )  # fmt: skip
        if made is not None:
            return to("informal", pk)
    return informal_form(
        request, actor, row, form, _("Motiver og informer"), _("Lagre samtalen"),
        template="isolation/informal_talk.html", harms=HARMS,
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def informal_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Plan activity for each weekday."""
    actor = actor_of(request)
    require_role(actor, PLANNERS)
    row = access_informal(actor, pk)
    newest = newest_activity_plan(row)
    initial: dict[str, Any] = {"routines": newest.routines if newest else ""}
    for number in range(7):
        if newest is None:
            break
        initial |= {f"activities_{number}": newest.activities[number], f"minutes_{number}": newest.minutes[number]}
    form = ActivityPlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.plan_activity(
                actor, pk, activities=[data[f"activities_{n}"] for n in range(7)],
                minutes=[data[f"minutes_{n}"] or 0 for n in range(7)], routines=data["routines"],
                key=data["key"], at=clock.now(),
            ),
        )  # fmt: skip
        if made is not None:
            return to("informal", pk)
    return informal_form(
        request, actor, row, form, _("Aktivitetsplan"), _("Lagre planen"), template="isolation/informal_plan.html"
    )


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@conflict_page
def informal_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the person is with others again."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    row = access_informal(actor, pk)
    form = EndInformalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        if run(form, lambda: verbs.end(actor, pk, note=note, at=clock.now())) is not None:
            return to("informal", pk)
    return informal_form(request, actor, row, form, _("Er med i fellesskapet igjen"), _("Avslutt registreringen"))
