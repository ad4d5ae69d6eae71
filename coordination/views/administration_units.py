"""Doors: the units of the agency. For its administrator only; everybody else gets 404."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import administration as verbs
from coordination import clock
from coordination.forms.administration import UnitForm
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Agency
from coordination.page_frame import in_menu
from coordination.refusals import Refused
from coordination.views.administration import tabs
from coordination.views.people_common import run, saved
from coordination.worlds import World


def _prisons(actor: Actor) -> list[Agency] | None:
    """Return the prisons a health unit may serve; None in custody, where nobody does."""
    if actor.world is World.CUSTODY:
        return None
    return list(Agency.objects.filter(kind=Agency.Kind.PRISON, closed_on=None).order_by("name"))


def _crumbs(here: str) -> list[dict[str, str]]:
    return [{"label": _("Enheter"), "url": reverse("administration_units")}, {"label": here, "url": ""}]


@require_http_methods(["GET"])
@in_menu("administration")
def units(request: HttpRequest) -> HttpResponse:
    """List the agency's units."""
    rows = [
        {
            "name": unit.name,
            "kind": capfirst(unit.get_kind_display()),
            "serves": unit.serves.name if unit.serves else "",
            "closed_on": unit.closed_on,
            "url": None if unit.closed_on else reverse("change_unit", args=[unit.pk]),
        }
        for unit in verbs.units(actor_of(request))
    ]
    context = {
        "tabs": tabs("administration_units"),
        "rows": rows,
        "tools": [{"label": _("Ny enhet"), "url": reverse("add_unit"), "icon": "PlusCircle", "primary": True}],
        "health": actor_of(request).world is not World.CUSTODY,
    }
    return render(request, "coordination/administration/units.html", context)


def _page(request: HttpRequest, form: UnitForm, heading: str, **more: Any) -> HttpResponse:
    context = {
        "form": form,
        "heading": heading,
        "crumbs": _crumbs(heading),
        "submit_label": _("Lagre enheten"),
        "cancel_url": reverse("administration_units"),
        **more,
    }
    return render(request, "coordination/administration/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@in_menu("administration")
def add_unit(request: HttpRequest) -> HttpResponse:
    """Make a unit."""
    actor = actor_of(request)
    verbs.only_administrators(actor)
    options: dict[str, Any] = {"kinds": verbs.UNIT_KINDS[actor.world], "prisons": _prisons(actor)}
    form = UnitForm(request.POST, **options) if request.method == "POST" else UnitForm(**options)
    if form.is_valid():
        data = form.cleaned_data

        def verb() -> bool:
            verbs.add_unit(actor, name=data["name"], kind=data["kind"], serves=form.serving())
            return True

        if run(form, verb):
            return saved(request, _("Enheten er opprettet."), reverse("administration_units"))
    return _page(request, form, _("Ny enhet"))


@require_http_methods(["GET", "POST"])
@in_menu("administration")
def change_unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Rename a unit, or change whose letters come to it."""
    actor = actor_of(request)
    unit = verbs.access_unit(actor, pk)
    if unit.closed_on is not None:
        raise Http404
    options: dict[str, Any] = {"kinds": None, "prisons": _prisons(actor)}
    initial = {"name": unit.name, "serves": str(unit.serves_id or "")}
    form = UnitForm(request.POST, **options) if request.method == "POST" else UnitForm(initial=initial, **options)
    if form.is_valid():

        def verb() -> bool:
            verbs.change_unit(actor, unit.pk, name=form.cleaned_data["name"], serves=form.serving())
            return True

        if run(form, verb):
            return saved(request, _("Enheten er endret."), reverse("administration_units"))
    return _page(request, form, _("Endre enhet"), close_url=reverse("close_unit", args=[unit.pk]))


@require_http_methods(["GET", "POST"])
@in_menu("administration")
def close_unit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what closing does, then do it."""
    actor = actor_of(request)
    unit = verbs.access_unit(actor, pk)
    if unit.closed_on is not None:
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                verbs.close_unit(actor, unit.pk, on=clock.local_date(clock.now()))
        except Refused as no:
            refused = str(no)
        else:
            return saved(request, _("Enheten er lukket."), reverse("administration_units"))
    context = {
        "heading": _("Lukk enheten"),
        "lead": unit.name,
        "notes": [
            _("Ingen kan flyttes til enheten lenger."),
            _("Personer som står i enheten, må flyttes av den som har ansvaret. Gjør det først."),
        ],
        "submit_label": _("Lukk enheten"),
        "danger": True,
        "crumbs": _crumbs(_("Lukk enheten")),
        "cancel_url": reverse("change_unit", args=[unit.pk]),
        "refused": refused,
    }
    return render(request, "coordination/administration/confirm.html", context, status=422 if refused else 200)
