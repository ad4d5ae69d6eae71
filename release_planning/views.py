"""The doors of release planning: the list, the plan of one person, and the decision at release from remand. Decide nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import LegalStatus
from coordination.page_frame import in_menu
from coordination.people.access import health_service_of
from coordination.views.people_common import banner_of, conflict_page, run, saved
from release_planning import access, actions, rules
from release_planning.deadlines import COOPERATION
from release_planning.forms import CooperationForm, NoticeForm, RemandForm
from release_planning.letters import NECESSITY, REMAND_NECESSITY
from release_planning.models import NoticeStatus, ReleaseKind, ReleasePlan

HORIZONS = {"": 92, "alle": None}
STATUSES = {
    "": gettext_lazy("Alle"),
    "must_tell": gettext_lazy("Må varsles"),
    "waiting": gettext_lazy("Venter på kvittering"),
    "acknowledged": gettext_lazy("Kvittert"),
}
RISKY = {
    rules.RiskyDay.FRIDAY: gettext_lazy("Datoen er en fredag. Apotek, Nav og fastlege stenger for helgen."),
    rules.RiskyDay.WEEKEND: gettext_lazy("Datoen er i en helg. Apotek, Nav og fastlege er stengt."),
    rules.RiskyDay.PUBLIC_HOLIDAY: gettext_lazy("Datoen er en helligdag. Apotek, Nav og fastlege er stengt."),
    rules.RiskyDay.BEFORE_PUBLIC_HOLIDAY: gettext_lazy(
        "Datoen er dagen før en helligdag. Apotek, Nav og fastlege stenger tidlig."
    ),
}
#: The same in a list.
RISKY_SHORT = {
    rules.RiskyDay.FRIDAY: gettext_lazy("Fredag"),
    rules.RiskyDay.WEEKEND: gettext_lazy("Helg"),
    rules.RiskyDay.PUBLIC_HOLIDAY: gettext_lazy("Helligdag"),
    rules.RiskyDay.BEFORE_PUBLIC_HOLIDAY: gettext_lazy("Før helligdag"),
}


def risky_text(on: Any) -> str:
    """Return what to look out for on a release date, or nothing on a good one."""
    risk = rules.risky_day(on)
    return str(RISKY[risk]) if risk else ""


def risky_word(on: Any) -> str:
    """Return the same in a word or two, for a list."""
    risk = rules.risky_day(on)
    return str(RISKY_SHORT[risk]) if risk else ""


@require_http_methods(["GET"])
@in_menu("release")
def release_list(request: HttpRequest) -> HttpResponse:
    """Show the releases ahead, what is due first."""
    actor = actor_of(request)
    if not access.may_read(actor):
        raise Http404
    today = clock.local_date(clock.now())
    horizon, status = request.GET.get("periode", ""), request.GET.get("status", "")
    days = HORIZONS.get(horizon, 92)
    found = access.lines(actor, until=today + timedelta(days=days) if days else None)
    counts = {code: sum(_belongs(line, code) for line in found) for code in STATUSES}
    path = reverse("release_list")
    chips = [
        {
            "label": label,
            "url": f"{path}?status={code}&periode={horizon}",
            "current": code == status,
            "count": counts[code],
        }
        for code, label in STATUSES.items()
    ]
    periods = [
        {"label": _("Neste tre måneder"), "url": f"{path}?status={status}", "current": horizon != "alle"},
        {"label": _("Alle datoer"), "url": f"{path}?status={status}&periode=alle", "current": horizon == "alle"},
    ]
    rows = [
        {
            "line": line,
            "days": (line.plan.stay.expected_release_on - today).days,  # type: ignore[operator]
            "risky": risky_word(line.plan.stay.expected_release_on),
            "url": reverse("release_plan", args=[line.plan.stay_id]),
        }
        for line in found
        if _belongs(line, status)
    ]
    return render(
        request,
        "release_planning/list.html",
        {"rows": rows, "chips": chips, "periods": periods, "full": len(found) >= 200},
    )


def _belongs(line: access.Line, status: str) -> bool:
    return not status or line.status == status or (status == "must_tell" and line.status == "assess")


def _context(actor: Actor, plan: ReleasePlan) -> dict[str, Any]:
    """Return what the page of a plan shows."""
    at = clock.now()
    today = clock.local_date(at)
    stay, person = plan.stay, plan.person
    expected = stay.expected_release_on
    due = access.open_deadlines(actor, plan.stay_id)
    told = access.told_about(actor, plan)
    recipient = health_service_of(actor)
    newest = next((t for t in told if recipient and t.notice.recipient_id == recipient.pk), None)
    notice_due = next((due[code] for code in access.TELLING_RULES if code in due), None)
    going_on = stay.ended_at is None and plan.closed_at is None
    remand = stay.legal_status == LegalStatus.REMAND
    return {
        "plan": plan,
        "stay": stay,
        "person": banner_of(actor, person),
        "expected": expected,
        "days": (expected - today).days if expected else None,
        "risky": risky_text(expected) if expected else "",
        "milestones": rules.milestones(expected, today) if expected else (),
        "notice_due": notice_due,
        "newest": newest,
        "told": told,
        "dates": list(access.dates_of(actor, plan)),
        "recipient": recipient,
        "cooperation_due": due.get(COOPERATION),
        "partners": [label for code, label in CooperationForm.base_fields["partners"].choices if code in plan.partners],  # type: ignore[attr-defined]
        "kind": ReleaseKind(plan.kind).label,
        "going_on": going_on,
        "remand": remand,
        "may_send": access.may_send(actor) and going_on,
        "may_tell": access.may_send(actor) and going_on and bool(expected) and not remand,
        "late": expected is not None and rules.needs_late_reason(expected, at),
        "change_url": reverse("expected_release", args=[person.pk]) if going_on else "",
        "crumbs": [
            {"label": _("I dag"), "url": reverse("today")},
            {"label": _("Løslatelse"), "url": reverse("release_list")},
            {"label": str(person), "url": reverse("release_plan", args=[plan.stay_id])},
        ],
    }


def _notice_form(context: dict[str, Any], data: Any = None) -> NoticeForm:
    expected = context["expected"]
    initial = {
        "status": NoticeStatus.EXPECTED,
        "necessity": NECESSITY,
        "expected_release_on": expected,
    }
    return NoticeForm(data, late=context["late"], initial=initial)


def _cooperation_form(plan: ReleasePlan, data: Any = None) -> CooperationForm:
    initial = {
        "kind": plan.kind,
        "partners": plan.partners,
        "first_contact": plan.first_contact,
        "version": plan.version,
    }
    return CooperationForm(data, initial=initial, prefix="cooperation")


def _page(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    notice: NoticeForm | None = None,
    cooperation: CooperationForm | None = None,
    invalid: forms.Form | None = None,
) -> HttpResponse:
    if notice is None and context["may_tell"]:
        plan = context["plan"]
        notice = kept(request, plan.person, _notice_form(context), place=reverse("release_plan", args=[plan.stay_id]))
    context["notice_form"] = notice
    context["cooperation_form"] = cooperation or _cooperation_form(context["plan"])
    context["form"] = invalid
    return render(request, "release_planning/plan.html", context, status=422 if invalid else 200)


@require_http_methods(["GET"])
@in_menu("release")
@keeps_draft(gettext_lazy("Varsel om løslatelse"))
def release_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the plan of a stay: countdown, notice, dates, cooperation."""
    actor = actor_of(request)
    return _page(request, _context(actor, access.access_plan(actor, pk)))


@require_http_methods(["POST"])
@in_menu("release")
@conflict_page
@keeps_draft(gettext_lazy("Varsel om løslatelse"))
def release_notice_send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell the health service."""
    actor = actor_of(request)
    plan = access.access_plan(actor, pk)
    if not access.may_send(actor):
        raise Http404
    context = _context(actor, plan)
    page = reverse("release_plan", args=[plan.stay_id])
    form = kept(request, plan.person, _notice_form(context, request.POST), place=page)
    if form.is_valid() and run(form, lambda: actions.send_notice(actor, plan, at=clock.now(), **form.cleaned_data)):
        return saved(request, _("Varselet er sendt til helsetjenesten."), page)
    return _page(request, context, notice=form, invalid=form)


@require_http_methods(["POST"])
@in_menu("release")
@conflict_page
def release_cooperation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record how and with whom the release is planned."""
    actor = actor_of(request)
    plan = access.access_plan(actor, pk)
    if not access.may_send(actor):
        raise Http404
    form = _cooperation_form(plan, request.POST)
    if form.is_valid() and run(
        form, lambda: actions.start_cooperation(actor, plan, at=clock.now(), **form.cleaned_data)
    ):
        return saved(request, _("Samarbeidet er registrert."), reverse("release_plan", args=[plan.stay_id]))
    return _page(request, _context(actor, plan), cooperation=form, invalid=form)


@require_http_methods(["GET", "POST"])
@in_menu("release")
@keeps_draft(gettext_lazy("Vurdering ved løslatelse fra varetekt"))
def remand_release(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide whether health should be told at once of a release from remand."""
    actor = actor_of(request)
    stay = access.access_remand_stay(actor, pk)
    today = clock.local_date(clock.now())
    initial = {"release_on": stay.expected_release_on or today, "necessity": REMAND_NECESSITY}
    form = kept(request, stay.person, RemandForm(request.POST or None, initial=initial))
    if request.method == "POST" and form.is_valid():
        row = run(form, lambda: actions.assess_remand_release(actor, stay, at=clock.now(), **form.cleaned_data))
        if row is not None:
            told = _("Vurderingen er lagret, og varselet er sendt til helsetjenesten.")
            text = told if row.notify else _("Vurderingen er lagret. Helsetjenesten er ikke varslet.")
            return saved(request, text, reverse("remand_release", args=[stay.pk]))
    context = {
        "form": form,
        "stay": stay,
        "person": banner_of(actor, stay.person),
        "assessments": list(access.assessments_of(actor, stay)),
        "due": access.open_deadlines(actor, stay.pk).get("D13"),
        "crumbs": [
            {"label": _("I dag"), "url": reverse("today")},
            {"label": _("Løslatelse"), "url": reverse("release_list")},
            {"label": str(stay.person), "url": reverse("remand_release", args=[stay.pk])},
        ],
    }
    return render(
        request, "release_planning/remand.html", context, status=422 if form.is_bound and form.errors else 200
    )
