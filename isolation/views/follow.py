"""Doors: contact, the weekly plan, reassessments, the warden's daily look and its deputies."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consent.models import CustodyLetter, Letter
from coordination import clock, formats
from coordination.middleware import actor_of
from coordination.models import Role
from coordination.page_frame import in_menu
from coordination.refusals import Refused
from isolation.access import (
    PLANNERS,
    access_measure,
    contacts_of,
    deputy_of,
    letters_of,
    newest_plan,
    possible_deputies,
    require_role,
    running,
)
from isolation.actions import contact as contact_verbs
from isolation.actions import reviews as review_verbs
from isolation.actions.contact import PlannedDay
from isolation.actions.requests import ADVICE
from isolation.forms import ContactForm, DeputyForm, PlanForm, ReassessmentForm, ReviewForm
from isolation.history import kind_text
from isolation.letters import DECIDERS, STAFF
from isolation.models import Measure, PlanDay, Reassessment, ReviewDeputy, WardenReview
from isolation.models.measures import COERCIVE_KINDS
from isolation.rules.contact import ContactStatus, contact_minutes_by_day, contact_status
from isolation.rules.reviews import review_days
from isolation.views import measure_page
from isolation.views.common import measure_form, run, to


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def contact_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down contact that took place; the sums of the last days stand beside."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    row = access_measure(actor, pk)
    at = clock.now()
    form = ContactForm(request.POST or None, at=at)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        started, ended = form.started_at, form.ended_at
        assert started is not None and ended is not None  # noqa: PT018 - both were read, or the form is not valid
        made = run(
            form,
            lambda: contact_verbs.log_contact(
                actor,
                pk,
                kind=data["kind"],
                with_whom=data["with_whom"],
                started_at=started,
                ended_at=ended,
                note=data["note"],
                key=data["key"],
                at=at,
            ),
        )
        if made is not None:
            return to("measure", pk)
    sums = list(contact_days(row, clock.local_date(at)))
    since = clock.local_day_bounds(clock.local_date(at) - timedelta(days=6))[0]
    sessions = list(contacts_of(row).filter(started_at__gte=since).reverse())
    return measure_form(
        request,
        actor,
        row,
        form,
        _("Før kontakt"),
        _("Lagre kontakt"),
        template="isolation/contact.html",
        sums=sums,
        sessions=sessions,
    )


STATUS_WORDS = {
    ContactStatus.MET: "Nok",
    ContactStatus.SHORT: "For lite",
    ContactStatus.NOT_YET: "Dagen er ikke over",
    ContactStatus.EXEMPT_PARTIAL_DAY: "Ikke en hel dag, teller ikke",
}


def contact_days(row: Measure, today: date, days: int = 7) -> Iterator[dict[str, Any]]:
    """Return minutes of contact per local date, newest first; the first and last, partial dates are shown as exempt."""
    first = max(clock.local_date(row.effective_at), today - timedelta(days=days - 1))
    start = clock.local_day_bounds(first)[0]
    sums = contact_minutes_by_day((s.started_at, s.ended_at) for s in contacts_of(row).filter(ended_at__gt=start))
    at = clock.local_day_bounds(today)[1] - timedelta(seconds=1)
    for back in range((today - first).days + 1):
        day = today - timedelta(days=back)
        try:
            status = contact_status(day, sums.get(day, 0), row.effective_at, row.ended_at, at)
        except ValueError:
            continue
        yield {"day": day, "minutes": sums.get(day, 0), "status": status.value, "word": _(STATUS_WORDS[status])}


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def weekly_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the next version of the weekly plan. What is there is filled in; `?first=` begins it on another date."""
    actor = actor_of(request)
    require_role(actor, PLANNERS)
    row = access_measure(actor, pk)
    at = clock.now()
    newest = newest_plan(row)
    first_on = _first_day(request, row, newest.last_on if newest else None, clock.local_date(at))
    span = contact_verbs.plan_span(row, first_on)
    exempt = {day for day in span if contact_verbs.exempt_day(row, day)}
    initial: dict[str, Any] = {}
    if newest is not None:
        initial["way_out"] = newest.way_out
        for day in PlanDay.objects.filter(agency_id=actor.agency_id, plan=newest, day__in=span):
            number = (day.day - first_on).days
            initial |= {f"activities_{number}": day.activities, f"minutes_{number}": day.minutes}
    form = PlanForm(request.POST or None, first_on=first_on, exempt=exempt, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        days = {
            day: PlannedDay(data[f"activities_{n}"], data[f"minutes_{n}"] or 0)
            for n, day in enumerate(span)
            if data[f"minutes_{n}"] is not None or data[f"activities_{n}"].strip()
        }
        made = run(
            form,
            lambda: contact_verbs.save_plan(
                actor, pk, first_on=first_on, days=days, way_out=data["way_out"], key=data["key"], at=at
            ),
        )
        if made is not None:
            return to("measure", pk)
    more = {
        "newest": newest,
        "plan_pdf_url": reverse("plan_pdf", args=[pk]) if newest else "",
        "lead": _("Planen skal gi minst to timer meningsfull kontakt med andre hver hele dag."),
        "next_week": f"?first={newest.last_on + timedelta(days=1):%Y-%m-%d}"
        if newest and first_on <= newest.last_on
        else "",
    }
    heading = _("Ukeplan fra %(day)s") % {"day": formats.day(first_on)}
    return measure_form(
        request, actor, row, form, heading, _("Lagre ukeplanen"), template="isolation/weekly_plan.html", **more
    )


def _first_day(request: HttpRequest, row: Measure, last_on: date | None, today: date) -> date:
    """Return the first date of the plan: the one posted or asked for, else today; the day after a plan that has run out is today too."""
    asked = request.POST.get("first_on") or request.GET.get("first") or ""
    try:
        day = date.fromisoformat(asked) if asked else today
    except ValueError:
        day = today
    return max(day, clock.local_date(row.effective_at))


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def reassessment_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Judge whether the measure may go on. Easing makes a full exclusion partial and ending ends it, in the same step."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    form = ReassessmentForm(request.POST or None)

    def judge() -> Reassessment:
        data = form.cleaned_data
        try:
            return review_verbs.reassess(
                actor,
                pk,
                outcome=data["outcome"],
                reason=data["reason"],
                mitigation=data["mitigation"],
                same_reason=data["same_reason"],
                key=data["key"],
                at=clock.now(),
            )
        except Refused as refused:
            if refused.code == "copied":
                form.point_out_copy()
            raise

    if request.method == "POST" and form.is_valid():
        made = run(form, judge)
        if made is not None:
            return to("measure", pk, query="?ended=1" if made.outcome == Reassessment.Outcome.END else "")
    more = {"template": "isolation/reassessment.html", **measure_page.for_reassessment(row)}
    return measure_form(request, actor, row, form, _("Vurder tiltaket på nytt"), _("Lagre vurderingen"), **more)


@require_http_methods(["GET"])
@in_menu("isolation")
def warden_reviews(request: HttpRequest) -> HttpResponse:
    """Show every cell and bed in use, with today's review or that it is missing, and the dates that were missed."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    at = clock.now()
    today = clock.local_date(at)
    found = list(running(actor).filter(kind__in=COERCIVE_KINDS))
    done: dict[UUID, dict[date, WardenReview]] = {}
    for review in WardenReview.objects.filter(agency_id=actor.agency_id, measure__in=found):
        done.setdefault(review.measure_id, {})[review.day] = review
    rows = []
    for row in found:
        days = review_days(row.effective_at, None, at)
        have = done.get(row.pk, {})
        rows.append(
            {
                "measure": row,
                "name": str(row.person),
                "place": row.person.cell or str(row.unit),
                "kind": kind_text(row),
                "due_at": clock.end_of_local_day(today) if today in days else None,
                "review": have.get(today),
                "missed": [day for day in days if day < today and day not in have],
            }
        )
    rows.sort(key=lambda row: (row["review"] is not None, row["name"]))
    may_review = actor.role is Role.WARDEN or deputy_of(actor, today) is not None
    deputies = list(ReviewDeputy.objects.filter(agency_id=actor.agency_id, last_on__gte=today).order_by("first_on"))
    tools = [{"label": _("Skriv ut dagens liste"), "url": reverse("warden_list_pdf"), "icon": "PrinterSmall"}]
    if actor.role is Role.WARDEN:
        tools.append({"label": _("Utpek stedfortreder"), "url": reverse("review_deputy"), "icon": "Person"})
    return render(
        request,
        "isolation/warden_reviews.html",
        {"rows": rows, "may_review": may_review, "deputies": deputies, "tools": tools},
    )


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def warden_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record today's review of one measure, with the advice from health before one's eyes."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    at = clock.now()
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note = form.cleaned_data["note"]
        made = run(form, lambda: review_verbs.review(actor, pk, note=note, at=at))
        if made is not None:
            return to("warden_reviews")
    advice = letters_of(row).filter(kind=ADVICE, direction=Letter.Direction.IN)
    more = {
        "template": "isolation/warden_review.html",
        "advice": [_advice_line(letter) for letter in advice],
        "lead": formats.day(at).capitalize(),
    }
    return measure_form(request, actor, row, form, _("Daglig gjennomgang"), _("Lagre gjennomgangen"), **more)


def _advice_line(letter: CustodyLetter) -> dict[str, Any]:
    return {
        "sent_at": letter.sent_at,
        "text": letter.body.get("advice", ""),
        "answered_at": letter.answered_at,
        "url": reverse("letter", args=[letter.pk]),
    }


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def review_deputy(request: HttpRequest) -> HttpResponse:
    """Let the warden name who reviews when they are away."""
    actor = actor_of(request)
    require_role(actor, (Role.WARDEN,))
    at = clock.now()
    today = clock.local_date(at)
    offered = [(str(m.pk), m.display_name) for m in possible_deputies(actor)]
    form = DeputyForm(request.POST or None, deputies=offered, initial={"first_on": today, "last_on": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: review_verbs.name_deputy(
                actor, deputy=UUID(data["deputy"]), first_on=data["first_on"], last_on=data["last_on"], at=at
            ),
        )
        if made is not None:
            return to("warden_reviews")
    context = {
        "form": form,
        "heading": _("Utpek stedfortreder"),
        "submit_label": _("Utpek stedfortrederen"),
        "cancel_url": reverse("warden_reviews"),
        "lead": _(
            "Stedfortrederen kan gjøre den daglige gjennomgangen av sikkerhetscelle og sikkerhetsseng i ditt sted."
        ),
    }
    return render(request, "isolation/form.html", context, status=422 if form.errors else 200)
