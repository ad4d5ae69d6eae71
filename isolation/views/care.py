"""Doors: ordered intervals, what is done against harm, struck contact, and time out of the cell for one and for a unit."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Unit
from coordination.page_frame import in_menu
from coordination.people.access import one_or_404, own_unit_ids, units_of
from coordination.views.people_common import conflict_page
from isolation.access import access_measure, minutes_by_person, minutes_of, people_of_unit, require_role, side_after
from isolation.actions import cell_time, checks, contact
from isolation.forms.care import IntervalForm, MitigationForm, StrikeForm, TimeOutForm, UnitTimeForm
from isolation.history import History
from isolation.letters import DECIDERS, STAFF
from isolation.models import ContactSession, LockInSwitch, Measure
from isolation.rules.cell_time import LIMIT_MINUTES
from isolation.views.common import measure_form, person_form, run, the_person, to


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@conflict_page
def interval_order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide that one person is seen more often than the rule asks."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    form = IntervalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: checks.order_interval(actor, pk, minutes=data["minutes"], reason=data["reason"], at=clock.now()),
        )
        if made is not None:
            return to("measure", pk)
    return measure_form(request, actor, row, form, _("Beslutt hyppigere tilsyn"), _("Beslutt hyppigere tilsyn"))


@require_http_methods(["POST"])
@in_menu("isolation")
@conflict_page
def interval_lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift the order of more frequent checks."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    form = IntervalForm({})
    if run(form, lambda: checks.lift_interval(actor, pk, at=clock.now())) is None:
        for text in form.non_field_errors():
            messages.error(request, str(text))
    return to("measure", pk)


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def mitigation_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down something offered or considered against the harm of isolation."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    row = access_measure(actor, pk)
    at = clock.now()
    form = MitigationForm(request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        data, offered_at = form.cleaned_data, form.offered_at
        assert offered_at is not None
        made = run(
            form,
            lambda: contact.offer_mitigation(
                actor, pk, kind=data["kind"], outcome=data["outcome"], note=data["note"], offered_at=offered_at,
                key=data["key"], at=at,
            ),
        )  # fmt: skip
        if made is not None:
            return to("measure", pk, query="#care")
    return measure_form(request, actor, row, form, _("Tiltak mot isolasjonsskade"), _("Lagre tiltaket"))


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def contact_strike(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Strike contact that should not have been written."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    session = one_or_404(ContactSession.objects.filter(agency_id=actor.agency_id, pk=pk))
    row = access_measure(actor, session.measure_id)
    form = StrikeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if run(form, lambda: contact.strike_contact(actor, pk, reason=reason, at=clock.now())) is not None:
            return to("contact_new", row.pk)
    lead = _("%(minutes)s minutter: %(what)s, ført av %(who)s") % {
        "minutes": session.minutes,
        "what": str(session.get_kind_display()).lower(),
        "who": session.by_name,
    }
    return measure_form(request, actor, row, form, _("Stryk kontakt"), _("Stryk kontakten"), lead=lead)


# Time out of the cell


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def time_out(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down time out of the cell for one person; the last days stand beside."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    person = the_person(actor, pk)
    at = clock.now()
    form = TimeOutForm(request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if run(form, lambda: _record(actor, pk, form, at)) is not None:
            messages.success(request, _("Tiden er lagret."))
            return to("time_out", pk)
        assert data
    today = clock.local_date(at)
    minutes = minutes_of(actor, pk, today - timedelta(days=14))
    return person_form(
        request, actor, person, form, _("Tid ute av cella"), _("Lagre tiden"),
        template="isolation/time_out.html", days=list(day_lines(minutes, today)),
    )  # fmt: skip


def _record(actor: Actor, pk: UUID, form: TimeOutForm, at: datetime) -> Any:
    data = form.cleaned_data
    if data["minutes"] is not None:
        return cell_time.record_day(actor, pk, day=data["started_on"], minutes=data["minutes"], key=data["key"], at=at)
    assert form.started_at is not None
    assert form.ended_at is not None
    return cell_time.record_period(
        actor, pk, started_at=form.started_at, ended_at=form.ended_at, key=data["key"], at=at
    )


def day_lines(minutes: dict[date, int], today: date, days: int = 7) -> Iterator[dict[str, Any]]:
    """Return the last dates, newest first, with what is written; a date nobody wrote about says so."""
    for back in range(days):
        day = today - timedelta(days=back)
        known = minutes.get(day)
        yield {"day": day, "minutes": known, "low": known is not None and known < LIMIT_MINUTES and day < today}


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def time_out_unit(request: HttpRequest) -> HttpResponse:
    """Write down a date for everybody in a unit; `?unit=` and `?day=` choose."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    at = clock.now()
    today = clock.local_date(at)
    units = units_of(actor)
    unit = chosen_unit(actor, request.GET.get("unit", ""), units)
    people = people_of_unit(actor, unit) if unit else []
    day = _day(request.GET.get("day", "")) or today
    form = UnitTimeForm(request.POST or None, people=people, day=day)
    if request.method == "POST" and unit and form.is_valid():
        chosen, minutes = form.cleaned_data["day"], form.minutes
        count = run(
            form,
            lambda: cell_time.record_unit_day(
                actor, unit.pk, day=chosen, minutes=minutes, key=form.cleaned_data["key"], at=at
            ),
        )
        if count is not None:
            messages.success(
                request,
                ngettext("Lagret for %(count)s innsatt.", "Lagret for %(count)s innsatte.", count) % {"count": count},
            )
            return to("time_out_unit", query=f"?unit={unit.pk}&day={chosen:%Y-%m-%d}")
    known = minutes_by_person(actor, [p.pk for p in people], min(day, today) - timedelta(days=1))
    context = {
        "form": form,
        "rows": [row | {"known": known.get(row["person"].pk, {}).get(day)} for row in form.rows],
        "units": units,
        "unit": unit,
        "day": day,
        "crumbs": [
            {"label": _("Isolasjon"), "url": reverse("isolation_board")},
            {"label": _("Tid ute av cella"), "url": ""},
        ],
        "heading": _("Tid ute av cella"),
    }
    return render(request, "isolation/time_out_unit.html", context, status=422 if form.errors else 200)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def chosen_unit(actor: Actor, asked: str, units: list[Unit]) -> Unit | None:
    """Return the unit the address asks for, else the first of one's own, else the first."""
    own = own_unit_ids(actor)
    found = next((unit for unit in units if str(unit.pk) == asked), None)
    return found or next((unit for unit in units if unit.pk in own), units[0] if units else None)


# The card on the page of a measure


def care_card(actor: Actor, measure: Measure, history: History, at: datetime) -> dict[str, Any]:
    """Return what the card about time out and measures against harm shows: one query more."""
    today = clock.local_date(min(at, measure.ended_at or at))
    last = history.switches[-1] if history.switches else None
    order = next((o for o in history.orders if o.interval_minutes is not None and o.ended_at is None), None)
    return {
        "days": list(day_lines(minutes_of(actor, measure.person_id, today - timedelta(days=3)), today, 3)),
        "side": LockInSwitch.Side(side_after(measure, last).value).label,
        "side_since": last.changed_at if last else None,
        "mitigations": sorted(history.mitigations, key=lambda row: row.offered_at, reverse=True)[:5],
        "order": order,
    }
