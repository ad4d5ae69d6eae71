"""Doors: the privacy officer's weekly review of who opened what. References and roles, never whom it is about."""

from datetime import date, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from coordination import clock, formats
from coordination.forms.oversight import LineForm, ReferenceForm, WeekForm
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Emergency, OpeningReason
from coordination.oversight import review, rules
from coordination.oversight.rules import Signal
from coordination.page_frame import in_menu
from coordination.people import access
from coordination.views.people_common import run, saved

WORDS = {
    Signal.EMERGENCY: gettext_lazy("Nødtilgang"),
    Signal.COLLEAGUE: gettext_lazy("Samme navn som en kollega"),
    Signal.SAME_SURNAME: gettext_lazy("Samme etternavn"),
    Signal.NO_RELATION: gettext_lazy("Ingen oppgave eller tilknytning"),
    Signal.NIGHT: gettext_lazy("Natt, utenom vakt"),
    Signal.MANY: gettext_lazy("Mange personer på en time"),
    Signal.REFUSED: gettext_lazy("Mange avviste forsøk på en dag"),
    Signal.REASON: gettext_lazy("Åpnet med oppgitt grunn"),
}
GRAVE = {Signal.EMERGENCY, Signal.COLLEAGUE, Signal.SAME_SURNAME, Signal.NO_RELATION}
REASONS = {**dict(OpeningReason.choices), **dict(Emergency.choices)}


@require_http_methods(["GET"])
@in_menu("oversight")
def access_reviews(request: HttpRequest) -> HttpResponse:
    """Show the weeks that are over, and what came of each."""
    actor, at = actor_of(request), clock.now()
    done = review.reviews(actor, at)
    rows = []
    for monday in rules.weeks_over(at, review.SHOWN):
        found = done.get(monday)
        rows.append(
            {
                "label": _week(monday),
                "url": reverse("access_review", args=[monday.isoformat()]),
                "review": found,
                "finding": review.FINDINGS[found.finding] if found else "",
                # Older weeks were over before anybody was asked to look.
                "due_at": rules.review_due_at(monday) if not found and monday in rules.weeks_over(at, 4) else None,
            }
        )
    return render(request, "coordination/oversight/weeks.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@in_menu("oversight")
def access_review(request: HttpRequest, week: str) -> HttpResponse:
    """Show what was unusual in one week, and take what came of it."""
    actor, at = actor_of(request), clock.now()
    monday = _monday(actor, week, at)
    done = review.reviews(actor, at).get(monday)
    form = WeekForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if run(form, lambda: review.record_review(actor, monday, **data, at=at)):
            return saved(request, _("Gjennomgangen er lagret."), reverse("access_reviews"))
    heading, closed = _week(monday), review.closed(actor, monday)
    rows = [_row(line, monday, closed) for line in review.unusual(actor, monday)]
    context = {
        "heading": heading,
        "rows": rows,
        "open_lines": sum(row["closed"] is None for row in rows),
        "limits": review.limits_of(actor),
        "review": done,
        "finding": review.FINDINGS[done.finding] if done else "",
        "form": form,
        "crumbs": [
            {"label": _("Gjennomgang av logg"), "url": reverse("access_reviews")},
            {"label": heading, "url": ""},
        ],
    }
    return render(request, "coordination/oversight/week.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@in_menu("oversight")
def access_line(request: HttpRequest, week: str, mark: str) -> HttpResponse:
    """Show one line of a week, and take what it came to."""
    actor = actor_of(request)
    monday = _monday(actor, week, clock.now())
    line = review.access_line(actor, monday, mark)
    back = reverse("access_review", args=[monday.isoformat()])
    closed = review.closed(actor, monday)
    form = LineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if run(form, lambda: review.close_line(actor, monday, mark, **data)):
            return saved(request, _("Linjen er avsluttet."), back)
    row = _row(line, monday, closed)
    heading = _("Avsluttet linje") if row["closed"] else _("Avslutt en linje")
    context = {
        "heading": heading,
        "row": row,
        "form": form,
        "back": back,
        "crumbs": [
            {"label": _("Gjennomgang av logg"), "url": reverse("access_reviews")},
            {"label": _week(monday), "url": back},
            {"label": heading, "url": ""},
        ],
    }
    return render(request, "coordination/oversight/line.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@in_menu("settings")
def reference_lookup(request: HttpRequest) -> HttpResponse:
    """Tell the agency's leader whom one reference of the privacy officer stands for."""
    actor = actor_of(request)
    access.require(review.may_resolve(actor))
    form, person = ReferenceForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        found = review.resolve(actor, form.cleaned_data["reference"].strip())
        if found is None:
            form.add_error("reference", _("Ingen her har denne referansen. Kontroller den med personvernombudet."))
        else:
            person = access.access_person(actor, found)
    context = {"form": form, "person_found": person}
    return render(request, "coordination/oversight/reference.html", context, status=422 if form.errors else 200)


def _monday(actor: Actor, week: str, at: datetime) -> date:
    """Return the Monday of a week that is over, for a privacy officer. Raises Http404."""
    review.only_privacy_officers(actor)
    try:
        monday = date.fromisoformat(week)
    except ValueError:
        raise Http404 from None
    if monday not in rules.weeks_over(at, review.SHOWN):
        raise Http404
    return monday


def _week(monday: date) -> str:
    number = monday.isocalendar().week
    return _("Uke %(number)s (fra %(day)s)") % {"number": number, "day": formats.shortdate(monday)}


def _row(line: review.Line, monday: date, closed: dict[str, review.Closed]) -> dict[str, Any]:
    done = line.closed_in(closed)
    return {
        "url": reverse("access_line", args=[monday.isoformat(), line.mark]),
        "closed": done,
        "outcome": review.FINDINGS[done.outcome] if done else "",
        "why": [{"text": WORDS[signal], "grave": signal in GRAVE} for signal in line.signals],
        "name": line.name,
        "role": line.role,
        "first_at": line.first_at,
        "last_at": line.last_at if line.last_at != line.first_at else None,
        # Shut doors are counted by the day.
        "whole_day": Signal.REFUSED in line.signals,
        "number": _counted(line),
        "reference": line.reference,
        "reasons": ", ".join(str(REASONS.get(code, code)) for code in line.reasons),
    }


def _counted(line: review.Line) -> str:
    """Return how many of what a line tells of."""
    if Signal.MANY in line.signals:
        words = ngettext("%(count)s person", "%(count)s personer", line.number)
    elif Signal.REFUSED in line.signals:
        words = ngettext("%(count)s forsøk", "%(count)s forsøk", line.number)
    else:
        words = ngettext("%(count)s åpning", "%(count)s åpninger", line.number)
    return words % {"count": line.number}
