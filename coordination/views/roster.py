"""Doors: read a roster file, show what it would do, do it or throw it away. The verbs are in `people.roster`."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.forms.roster import RosterForm
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import RosterImport
from coordination.page_frame import in_menu
from coordination.people import access
from coordination.people import roster as verbs
from coordination.refusals import Refused
from coordination.views.answers import see_other
from coordination.views.people_common import conflict_page, run, saved
from coordination.worlds import World


def _leader(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    access.require(actor.world is World.CUSTODY and access.is_leader(actor))
    return actor


def _crumbs(here: str) -> list[dict[str, str]]:
    return [{"label": _("Personer"), "url": reverse("people")}, {"label": here, "url": ""}]


@require_http_methods(["GET", "POST"])
@in_menu("people")
def roster(request: HttpRequest) -> HttpResponse:
    """Take a file and read it."""
    actor = _leader(request)
    at = clock.now()
    form = RosterForm(request.POST, request.FILES) if request.method == "POST" else RosterForm()
    if request.method == "POST" and form.is_valid():
        row = run(form, lambda: verbs.keep(actor, form.lines, at=at))
        if row is not None:
            return see_other("roster_preview", pk=row.pk)
    context = {"form": form, "crumbs": _crumbs(_("Les inn liste")), "columns": columns()}
    return render(request, "coordination/people/roster.html", context, status=422 if form.errors else 200)


def columns() -> list[dict[str, Any]]:
    """Return the columns a file may have, as the page explains them."""
    rows = [
        ("Nummer", _("Nummeret fengselet bruker. Samme nummer er samme person."), True),
        ("Etternavn", "", True),
        ("Fornavn", "", True),
        ("Fødselsdato", _("Slik: 31.12.2026"), True),
        ("Avdeling", _("Navnet på avdelingen her"), True),
        ("Grunnlag", _("Dom, varetekt eller forvaring"), True),
        ("Innsatt dato", _("Slik: 31.12.2026, gjerne med klokkeslett: 31.12.2026 13.02"), True),
        ("Fødselsnummer", _("Elleve sifre"), False),
        ("Celle", "", False),
        ("Sikkerhetsnivå", _("Høyt, lavere eller overgangsbolig"), False),
        ("Løslatelse", _("Slik: 31.12.2026"), False),
        ("Språk", "", False),
        ("Tolk", _("Ja eller nei"), False),
    ]
    return [{"name": name, "text": text, "required": required} for name, text, required in rows]


@require_http_methods(["GET"])
@in_menu("people")
def roster_preview(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show line by line what the file would do."""
    return _preview(request, pk)


def _preview(request: HttpRequest, pk: UUID, error: str = "") -> HttpResponse:
    actor = _leader(request)
    row = access.access_roster(actor, pk)
    waiting = row.confirmed_at is None and row.discarded_at is None
    found = verbs.compare(actor, row.rows, at=clock.now()) if waiting else []
    counts = {kind: sum(one.kind == kind for one in found) for kind in ("new", "changed", "same", "wrong")}
    context = {
        "row": row,
        "waiting": waiting,
        # What must be put right comes first, then the file's own order.
        "found": [_shown(one) for one in sorted(found, key=lambda one: (one.kind != "wrong", one.line))],
        "counts": counts,
        "can_confirm": bool(counts["new"] or counts["changed"]),
        "error": error,
        "crumbs": _crumbs(_("Les inn liste")),
    }
    return render(request, "coordination/people/roster_preview.html", context, status=422 if error else 200)


def _shown(one: verbs.Found) -> dict[str, Any]:
    words = {
        "new": (_("Ny"), "info"),
        "changed": (_("Endret"), "warning"),
        "same": (_("Uendret"), "neutral"),
        "wrong": (_("Feil"), "danger"),
    }
    word, severity = words[one.kind]
    return {
        "line": one.line,
        "name": one.name,
        "number": one.number,
        "word": word,
        "severity": severity,
        "texts": one.texts,
    }


@require_http_methods(["POST"])
@in_menu("people")
@conflict_page
def roster_confirm(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Do every line that is not wrong."""
    actor = _leader(request)
    row = access.access_roster(actor, pk)
    if row.confirmed_at is not None:
        return _receipt(request, row)
    try:
        verbs.confirm(actor, row, at=clock.now())
    except Refused as refused:
        return _preview(request, pk, error=str(refused))
    return _receipt(request, row)


def _receipt(request: HttpRequest, row: RosterImport) -> HttpResponse:
    text = _("Listen er lest inn: %(new)s nye og %(changed)s endret. Alt ble lagret samlet.")
    return saved(request, text % {"new": row.new, "changed": row.changed}, reverse("people"))


@require_http_methods(["POST"])
@in_menu("people")
@conflict_page
def roster_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Throw away what was read."""
    actor = _leader(request)
    row = access.access_roster(actor, pk)
    if row.discarded_at is None:
        try:
            verbs.discard(actor, row, at=clock.now())
        except Refused as refused:
            return _preview(request, pk, error=str(refused))
    return saved(request, _("Listen er forkastet. Ingenting er lagret."), reverse("roster"))
