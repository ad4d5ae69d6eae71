"""The doors of deviations: the list, a new one, one with what was added, closing it. Decide nothing."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cooperation.access import deviations as access
from cooperation.access.shared import parties_of
from cooperation.actions import deviations as actions
from cooperation.forms.deviations import CloseForm, DeviationForm, DeviationNoteForm
from cooperation.models import Deviation
from cooperation.views.shared import address, crumbs, tabs, turns
from coordination import clock, counting
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.paging import part_of
from coordination.views.people_common import conflict_page, form_page, run, saved

CLOSED, EVERY = "lukket", "alle"


@require_http_methods(["GET", "POST"])
@in_menu("cooperation")
def deviation_list(request: HttpRequest) -> HttpResponse:
    """Show deviations, newest first: open or closed, of one kind, with some words. A search comes by POST and is in no address."""
    actor = actor_of(request)
    every = access.deviations_for(actor)
    shown, kind = request.GET.get("vis", ""), request.GET.get("type", "")
    kind = kind if kind in Deviation.Kind.values else ""
    query = request.POST.get("query", "").replace("\0", "").strip()[:100]
    rows = access.searched(every.filter(kind=kind) if kind else every, query)
    groups = {"": rows.filter(closed_at=None), CLOSED: rows.exclude(closed_at=None), EVERY: rows}
    shown = shown if shown in groups else ""
    opened, closed = counting.together([groups[""], groups[CLOSED]])
    part = part_of(groups[shown], "recorded_at", request.GET.get("side", ""), newest=True)
    parties = parties_of(part.rows)
    context = {
        "tabs": tabs(actor, "deviation_list"),
        "tools": [
            {"label": _("Registrer avvik"), "url": reverse("deviation_new"), "icon": "PlusCircle", "primary": True}
        ],
        "chips": [
            {"label": label, "url": address(request, vis=code), "current": code == shown, "count": count}
            for code, label, count in (
                ("", _("Åpne"), opened),
                (CLOSED, _("Lukkede"), closed),
                (EVERY, _("Alle"), opened + closed),
            )
        ],
        "kinds": Deviation.Kind.choices,
        "kind": kind,
        "shown": shown,
        "search": {"action": address(request), "label": _("Søk i avvik"), "value": query},
        "rows": [{"row": row, "parties": parties[row.pk]} for row in part.rows],
        # A search is not in the address, so what is beyond the first part of it is narrowed and not turned to.
        "turns": {} if query else turns(request, part),
        "cut": bool(query and part.after),
        "narrowed": bool(query or kind or shown),
    }
    return render(request, "cooperation/deviation_list.html", context)


@require_http_methods(["GET", "POST"])
@in_menu("cooperation")
def deviation_new(request: HttpRequest) -> HttpResponse:
    """Register a deviation and tell the others."""
    actor = actor_of(request)
    access.require_staff(actor)
    form = DeviationForm(request.POST or None, possible=access.possible_parties(actor))
    if request.method == "POST" and form.is_valid():
        row = run(form, lambda: actions.register_deviation(actor, **form.cleaned_data, at=clock.now()))
        if row is not None:
            return saved(request, _("Avviket er registrert og delt."), reverse("deviation", args=[row.pk]))
    heading = _("Registrer avvik")
    return form_page(
        request,
        form,
        heading,
        _("Registrer og del"),
        lead=_("Om noe som ikke gikk som avtalt mellom virksomhetene, aldri om en bestemt person."),
        notes=[_("De du deler med, kan lese avviket og svare. Det kan ikke endres etterpå, bare rettes i et tillegg.")],
        crumbs=crumbs("deviation_list", _("Avvik"), heading),
        cancel_url=reverse("deviation_list"),
    )


@require_http_methods(["GET", "POST"])
@in_menu("cooperation")
def deviation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a deviation with what was added, and add to it."""
    actor = actor_of(request)
    row = access.access_deviation(actor, pk)
    kinds = actions.kinds_for(actor, row)
    form = DeviationNoteForm(request.POST or None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        done = run(form, lambda: actions.add_note(actor, pk, **form.cleaned_data, at=clock.now()))
        if done is not None:
            return saved(request, _("Lagret. De andre ser det nå."), reverse("deviation", args=[pk]))
    notes = access.notes_of(row)
    parties = parties_of([row])[row.pk]
    answered = {note.agency_id for note in notes}
    context: dict[str, Any] = {
        "row": row,
        "heading": row.get_kind_display(),
        "crumbs": crumbs("deviation_list", _("Avvik"), row.get_kind_display()),
        "notes": notes,
        "parties": [{"agency": party, "answered": party.pk in answered} for party in parties],
        "form": form,
        "close_url": reverse("deviation_close", args=[pk]) if access.closes(actor, row) and not row.closed_at else "",
    }
    return render(request, "cooperation/deviation.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@in_menu("cooperation")
@conflict_page
def deviation_close(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close a deviation with what was done."""
    actor = actor_of(request)
    row = access.access_deviation(actor, pk, closing=True)
    if request.method == "GET" and row.closed_at is not None:
        raise Http404
    form = CloseForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        done = run(form, lambda: actions.close_deviation(actor, pk, **form.cleaned_data, at=clock.now()))
        if done is not None:
            return saved(request, _("Avviket er lukket."), reverse("deviation", args=[pk]))
    heading = _("Lukk avviket")
    return form_page(
        request,
        form,
        heading,
        _("Lukk avviket"),
        lead=row.get_kind_display(),
        notes=[row.what],
        crumbs=crumbs("deviation_list", _("Avvik"), heading),
        cancel_url=reverse("deviation", args=[pk]),
    )
