"""Doors: the numbers that hold in a unit. Everybody in the agency reads them; the leader makes them stricter."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock, parameters
from coordination.forms.settings import ParameterForm
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Unit
from coordination.page_frame import in_menu
from coordination.parameter_definitions import DEFINITIONS, Measure, Tighter
from coordination.parameters import Setting, shown
from coordination.people.access import one_or_404
from coordination.views.people_common import run, saved
from coordination.worlds import PERSONAL_WORLDS, WITHOUT_CONTENT


def _readers_only(actor: Actor) -> None:
    """Raise Http404 where there is nothing to read: an administrator decides over users, not over the work."""
    if actor.reach in WITHOUT_CONTENT or actor.world not in PERSONAL_WORLDS:
        raise Http404


def _unit(actor: Actor, unit_id: UUID | None) -> Unit | None:
    if unit_id is None:
        return None
    return one_or_404(Unit.objects.filter(agency_id=actor.agency_id, pk=unit_id, closed_on=None))


def _url(name: str, unit: Unit | None, *more: str) -> str:
    return reverse(name, args=[*([unit.pk] if unit else []), *more])


@require_http_methods(["GET"])
@in_menu("settings")
def unit_settings(request: HttpRequest, unit_id: UUID | None = None) -> HttpResponse:
    """Show what holds in a unit, or in the agency as such: value, where it comes from, who changed it and when."""
    actor = actor_of(request)
    _readers_only(actor)
    unit, may_set = _unit(actor, unit_id), parameters.may_set(actor)
    settings = parameters.load(actor, unit)
    places = [None, *Unit.objects.filter(agency_id=actor.agency_id, closed_on=None).order_by("name")]
    context = {
        "chips": [
            {
                "label": place.name if place else actor.agency_name,
                "url": _url("unit_settings", place),
                "current": place == unit,
            }
            for place in places
        ],
        "rows": [_row(setting, unit, may_set) for setting in settings.rows.values()],
        "may_set": may_set,
        "tools": [
            {"label": _("Oppslag for personvernombudet"), "url": reverse("reference_lookup"), "icon": "Eye"},
        ]
        if may_set
        else [],
        "changes": [_change(row, actor) for row in parameters.history(actor, unit)],
    }
    return render(request, "coordination/settings/unit.html", context)


def _row(setting: Setting, unit: Unit | None, may_set: bool) -> dict[str, Any]:
    definition = setting.definition
    return {
        "label": definition.label,
        "hint": definition.hint,
        "value": shown(definition, setting.value),
        "default": shown(definition, definition.default),
        "stricter": setting.value != definition.default,
        "inherited": unit is not None and setting.change is not None and not setting.own,
        "source": definition.obligation,
        "rule": definition.rule,
        "change": setting.change,
        "change_url": _url("change_setting", unit, definition.key) if may_set else None,
    }


def _change(row: Any, actor: Actor) -> dict[str, Any]:
    definition = DEFINITIONS[row.key]
    return {
        "at": row.set_at,
        "label": definition.label,
        "value": shown(definition, definition.read(row.value)),
        "place": row.unit.name if row.unit else actor.agency_name,
        "who": row.set_by_name,
        "reason": row.reason,
    }


@require_http_methods(["GET", "POST"])
@in_menu("settings")
def change_setting(request: HttpRequest, key: str, unit_id: UUID | None = None) -> HttpResponse:
    """Make one number stricter in a unit or in the whole agency."""
    actor = actor_of(request)
    _readers_only(actor)
    unit = _unit(actor, unit_id)
    setting = parameters.load(actor, unit).rows.get(key)
    if setting is None or not parameters.may_set(actor):
        raise Http404
    definition = setting.definition
    # The rule's own mildest value may be milder than the default: then the leader's decision is what the rule asks for.
    limit = (_("Høyst %(limit)s.") if definition.tighter is Tighter.LOWER else _("Minst %(limit)s.")) % {
        "limit": shown(definition, setting.limit)
    }
    if definition.measure is Measure.CLOCK:
        early = definition.tighter is Tighter.LOWER
        limit = (_("Senest %(limit)s.") if early else _("Tidligst %(limit)s.")) % {
            "limit": shown(definition, setting.limit)
        }
    options: dict[str, Any] = {"definition": definition, "limit": limit}
    if request.method == "POST":
        form = ParameterForm(request.POST, **options)
    else:
        form = ParameterForm(initial={"value": setting.value}, **options)
    back = _url("unit_settings", unit)
    if form.is_valid():
        data = form.cleaned_data
        if run(
            form, lambda: parameters.tighten(actor, unit, key, data["value"], reason=data["reason"], at=clock.now())
        ):
            return saved(request, _("Kravet er endret."), back)
    context = {
        "form": form,
        "heading": str(definition.label),
        "lead": unit.name if unit else actor.agency_name,
        "hint": definition.hint,
        "now_value": shown(definition, setting.value),
        "cancel_url": back,
        "submit_label": _("Lagre kravet"),
        "crumbs": [{"label": _("Krav og frister"), "url": back}, {"label": str(definition.label), "url": ""}],
    }
    return render(request, "coordination/settings/change.html", context, status=422 if form.errors else 200)
