"""Doors: logging a check in two presses or with words, taking it back, and continuous watch."""

import re
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock, formats
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.people.access import one_or_404
from coordination.refusals import Refused
from coordination.views.people_common import conflict_page
from isolation.access import access_measure, require_role
from isolation.actions import checks as verbs
from isolation.forms import CheckForm, OrderForm, QuickCheckForm, WatchForm, WatchNoteForm
from isolation.letters import DECIDERS, STAFF
from isolation.models import Check, Measure
from isolation.views.common import measure_form, run, tell, to
from isolation.views.measures import measure_response


def _uuid(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Http404 from None


@require_http_methods(["POST"])
@in_menu("isolation")
def check_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Save a calm check at once; a worrying one goes on to the page that asks what and who. `?back=today` returns to "I dag"."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    at = clock.now()
    state, key = request.POST.get("state", ""), _uuid(request.POST.get("key"))
    if state not in Check.State.values:
        raise Http404
    form = QuickCheckForm(request.POST, at=at)
    ready = form.is_valid()
    if state in Check.WORRYING:
        if not request.POST.get("occurred_clock") and not request.POST.get("note", "").strip():
            access_measure(actor, pk)
            kept = "&" + request.GET.urlencode() if request.GET.get("back") == "round" else ""
            return to("check_worry", pk, query=f"?state={state}{kept}")
        return _worry_page(
            request, actor, access_measure(actor, pk), CheckForm(at=at, fixed=state, initial=_typed(request, key))
        )
    if ready:
        note = form.cleaned_data["note"]
        try:
            # No savepoint: this verb refuses before it writes, and it is the one that is called all day.
            logged = verbs.log_check(actor, pk, state=state, key=key, occurred_at=form.occurred_at, note=note, at=at)
        except Refused as refused:
            tell(form, refused)
        else:
            return _after(request, pk, logged)
    return measure_response(
        request, actor, access_measure(actor, pk), status=422, check_form=form, check_open=True, form=form
    )


def _typed(request: HttpRequest, key: UUID) -> dict[str, Any]:
    """Return what was typed beside the buttons, so that it goes along to the next page."""
    names = ("occurred_on", "occurred_clock", "occurred_fold", "note")
    return {"key": key} | {name: request.POST[name] for name in names if request.POST.get(name)}


def _after(request: HttpRequest, pk: UUID, logged: verbs.Logged) -> HttpResponse:
    """Go on with a receipt: on the measure's page, or in "I dag" when it came from there."""
    if request.GET.get("back") == "round":
        return _onward(request, _round(request, logged.check.pk))
    if request.GET.get("back") != "today":
        return _onward(request, to("measure", pk, query=f"?saved={logged.check.pk}"))
    parts = [_("Tilsyn lagret kl. %(time)s.") % {"time": formats.clock(logged.check.recorded_at)}]
    if logged.next is not None:
        parts.append(_("Neste senest kl. %(time)s.") % {"time": formats.clock(logged.next.due_at)})
    url = reverse("measure", args=[pk]) + f"?saved={logged.check.pk}"
    # The text waits in the session, so it names nobody.
    messages.success(
        request, format_html('{} <a class="ds-link" href="{}">{}</a>', " ".join(parts), url, _("Se eller angre"))
    )
    return _onward(request, to("today"))


def _round(request: HttpRequest, saved: UUID) -> HttpResponse:
    """Go back to the ward round, with the same units as before."""
    unit = request.GET.get("unit", "")
    kept = f"&unit={unit}" if re.fullmatch(r"[0-9a-f-]{36}|alle", unit) else ""
    return to("ward_round", query=f"?saved={saved}{kept}")


def _onward(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell a script that asked where to go next, since it may not read a redirect; a browser gets the redirect itself."""
    if request.headers.get("X-Samvirke-Script") != "1":
        return response
    onward = HttpResponse(status=204)
    onward.headers["X-Samvirke-Next"] = response.headers["Location"]
    return onward


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def check_worry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask what the officer sees and who was told; nothing is saved before both are there."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    at = clock.now()
    source = request.POST if request.method == "POST" else request.GET
    state = source.get("state", "")
    if state not in Check.WORRYING:
        raise Http404
    row = access_measure(actor, pk)
    form = CheckForm(request.POST or None, at=at, fixed=state)
    if request.method == "POST" and (answer := _log(request, actor, row, form)) is not None:
        return answer
    return _worry_page(request, actor, row, form)


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def check_other(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Log a check from another time, or with a note."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    row = access_measure(actor, pk)
    form = CheckForm(request.POST or None, at=clock.now())
    if request.method == "POST" and (answer := _log(request, actor, row, form)) is not None:
        return answer
    return measure_form(request, actor, row, form, _("Logg tilsyn"), _("Lagre tilsyn"))


def _log(request: HttpRequest, actor: Actor, row: Measure, form: CheckForm) -> HttpResponse | None:
    """Save what the form says and go on, or return None with the form saying why not."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    logged = run(
        form,
        lambda: verbs.log_check(
            actor,
            row.pk,
            state=data["state"],
            key=data["key"],
            occurred_at=form.occurred_at,
            note=data["note"],
            alerted=data.get("alerted", []),
            at=clock.now(),
        ),
    )
    return _after(request, row.pk, logged) if logged else None


def _worry_page(request: HttpRequest, actor: Actor, row: Measure, form: CheckForm) -> HttpResponse:
    state = form["state"].value()
    heading = str(Check.State(state).label)
    return measure_form(
        request,
        actor,
        row,
        form,
        heading,
        _("Lagre tilsyn"),
        template="isolation/check_worry.html",
        action=reverse("check_worry", args=[row.pk])
        + (f"?{request.GET.urlencode()}" if request.GET.get("back") == "round" else ""),
    )


@require_http_methods(["POST"])
@in_menu("isolation")
def check_undo(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take back one's own check, by a correction."""
    actor = actor_of(request)
    form = forms.Form({})
    form.is_valid()
    row = run(form, lambda: verbs.undo_check(actor, pk, at=clock.now()))
    if row is not None:
        if request.GET.get("back") == "round":
            return _round(request, pk)
        return to("measure", row.pk, query=f"?saved={pk}")
    for text in form.non_field_errors():
        messages.error(request, str(text))
    check = one_or_404(Check.objects.filter(agency_id=actor.agency_id, pk=pk))
    return to("measure", check.measure_id)


@require_http_methods(["POST"])
@in_menu("isolation")
@conflict_page
def watch_take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Begin watching or take the watch over."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    form = WatchForm(request.POST, prefix="watch")
    if form.is_valid():
        data = form.cleaned_data
        if (
            run(form, lambda: verbs.take_watch(actor, pk, observer=data["observer"], key=data["key"], at=clock.now()))
            is not None
        ):
            return to("measure", pk)
    return measure_response(request, actor, access_measure(actor, pk), status=422, watch_form=form, form=form)


@require_http_methods(["POST"])
@in_menu("isolation")
@conflict_page
def watch_leave(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Stop watching with nobody to take over."""
    return _plain(request, pk, verbs.leave_watch)


@require_http_methods(["POST"])
@in_menu("isolation")
def watch_note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write what the observer sees."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    form = WatchNoteForm(request.POST, prefix="note")
    if form.is_valid():
        data = form.cleaned_data
        if (
            run(form, lambda: verbs.note_watch(actor, pk, text=data["text"], key=data["key"], at=clock.now()))
            is not None
        ):
            return to("measure", pk)
    return measure_response(request, actor, access_measure(actor, pk), status=422, note_form=form, form=form)


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def watch_order(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide on continuous watch because the situation calls for it."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        order = run(form, lambda: verbs.order_watch(actor, pk, reason=reason, at=clock.now()))
        if order is not None:
            return to("measure", pk)
    return measure_form(request, actor, row, form, _("Beslutt kontinuerlig tilsyn"), _("Beslutt kontinuerlig tilsyn"))


@require_http_methods(["POST"])
@in_menu("isolation")
@conflict_page
def watch_lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift the order of continuous watch."""
    return _plain(request, pk, verbs.lift_watch)


def _plain(request: HttpRequest, pk: UUID, verb: Any) -> HttpResponse:
    """Run a verb that asks for nothing, and say why when it is refused."""
    actor = actor_of(request)
    form = forms.Form({})
    form.is_valid()
    if run(form, lambda: verb(actor, pk, at=clock.now())) is None:
        for text in form.non_field_errors():
            messages.error(request, str(text))
    return to("measure", pk)
