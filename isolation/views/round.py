"""Doors: the ward round, one list in which several checks are logged in a row, and checks that come from a device that had no network."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock, formats, person_page
from coordination.identity import Actor
from coordination.ids import uuid7
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.people.access import own_unit_ids, units_of
from coordination.refusals import Refused
from isolation.access import last_checks, looks_due, require_role, running
from isolation.actions.checks import UNDO_WITHIN, log_check
from isolation.history import kind_text
from isolation.letters import STAFF
from isolation.models import Check, ContinuousWatch

ALL = "alle"


@require_http_methods(["GET"])
@in_menu("isolation")
def ward_round(request: HttpRequest) -> HttpResponse:
    """Show every running measure of the units the actor works in, the one to look after next on top. `?unit=` chooses another."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    at = clock.now()
    units, own = units_of(actor), own_unit_ids(actor)
    asked = request.GET.get("unit", "")
    chosen = {unit.pk for unit in units if str(unit.pk) == asked} or (set() if asked == ALL else set(own))
    rows = sorted(_rows(actor, chosen, at), key=lambda row: (row["due_at"] is None, row["due_at"] or at, row["name"]))
    chips = (
        [{"label": _("Mine avdelinger"), "url": "?", "current": not asked or (asked != ALL and chosen == own)}]
        if own
        else []
    )
    chips += [{"label": _("Alle"), "url": f"?unit={ALL}", "current": not chosen}]
    chips += [
        {"label": str(unit), "url": f"?unit={unit.pk}", "current": asked == str(unit.pk)}
        for unit in units
        if len(units) > 1
    ]
    context = {
        "rows": rows,
        "chips": chips if len(units) > 1 else [],
        "back": f"&unit={asked}" if asked else "",
        "saved": _saved(actor, request.GET.get("saved", ""), at, asked),
        "late": sum(1 for row in rows if row["due_at"] and row["due_at"] < at),
        "crumbs": [
            {"label": _("Isolasjon"), "url": reverse("isolation_board")},
            {"label": _("Tilsynsrunde"), "url": ""},
        ],
    }
    return render(request, "isolation/round.html", context)


def _rows(actor: Actor, units: set[UUID], at: datetime) -> Iterator[dict[str, Any]]:
    """Return a row per running measure; the number of queries does not grow with them."""
    found = list(running(actor).filter(person__unit_id__in=units) if units else running(actor))
    keys = [measure.pk for measure in found]
    due, last = looks_due(actor, found), last_checks(actor, found)
    watching = {
        watch.measure_id: watch
        for watch in ContinuousWatch.objects.filter(agency_id=actor.agency_id, measure_id__in=keys, ended_at=None)
    }
    tags = person_page.tags_of_many(actor, [measure.person for measure in found])
    for measure in found:
        row = due.get(measure.pk)
        yield {
            "measure": measure,
            "name": str(measure.person),
            "place": measure.person.cell or str(measure.unit),
            "kind": kind_text(measure),
            "due_at": row.due_at if row else None,
            "continuous": row is not None and row.rule in ("D21", "D26"),
            "watch": watching.get(measure.pk),
            "last": last.get(measure.pk),
            "alerts": tags.get(measure.person_id, []),
            "key": uuid7(),
        }


def _saved(actor: Actor, asked: str, at: datetime, unit: str) -> dict[str, Any] | None:
    """Return the receipt of the check just logged, with the way to take it back while there is one."""
    try:
        check = Check.objects.filter(agency_id=actor.agency_id, pk=UUID(asked)).select_related("person").first()
    except ValueError:
        return None
    if check is None:
        return None
    name = " ".join(reversed(str(check.person).split(", ")))
    struck = check.corrections.exists()
    title = (
        _("Tilsynet til %(name)s kl. %(time)s er angret.") if struck else _("%(name)s, kl. %(time)s: %(state)s")
    ) % {"name": name, "time": formats.clock(check.occurred_at), "state": check.get_state_display()}
    receipt: dict[str, Any] = {"title": title, "text": ""}
    if not struck and check.by_id == actor.membership_id and clock.elapsed(check.recorded_at, at) <= UNDO_WITHIN:
        query = "?back=round" + (f"&unit={unit}" if unit else "")
        receipt |= {"undo_url": reverse("check_undo", args=[check.pk]) + query, "undo_key": str(check.pk)}
    return receipt


@require_http_methods(["POST"])
def check_late(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one check that a device kept while it had no network: a key, a code and an instant. 204 when it is saved, also the second time.

    422 with one line of text when it cannot be: the device then says so, and the officer writes it in by hand. (obligation R7.1.2-r)
    """
    actor = actor_of(request)
    require_role(actor, STAFF)
    try:
        key = UUID(request.POST.get("key", ""))
        occurred_at = parse_datetime(request.POST.get("occurred_at", ""))
    except ValueError:
        raise Http404 from None
    state = request.POST.get("state", "")
    if occurred_at is None or occurred_at.tzinfo is None or state not in Check.State.values:
        raise Http404
    try:
        log_check(actor, pk, state=state, key=key, occurred_at=occurred_at, on_device=True, at=clock.now())
    except Refused as refused:
        return HttpResponse(str(refused), status=422, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)
