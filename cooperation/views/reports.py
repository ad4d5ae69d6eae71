"""The doors of reports: the list, asking for one, waiting, reading, and the paper. Decide nothing."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cooperation.access import reports as access
from cooperation.actions import reports as actions
from cooperation.documents import reports as documents
from cooperation.forms.reports import OWN, PeriodForm
from cooperation.models import Report
from coordination import audit, clock
from coordination.identity import Actor
from coordination.jobs import Progress, progress_of
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.refusals import Refused
from coordination.views.answers import on_paper, see_other
from coordination.views.progress import progress_context


@require_http_methods(["GET"])
@in_menu("reports")
def report_list(request: HttpRequest) -> HttpResponse:
    """Show the agency's reports, newest first."""
    actor = actor_of(request)
    rows = [
        {
            "url": reverse("report", args=[report.pk]),
            "period": documents.period_text(report.first_on, report.last_on),
            "made_at": report.recorded_at,
            "by": report.by_name,
        }
        for report in access.listed(actor)
    ]
    tools = [{"label": _("Lag rapport"), "url": reverse("report_new"), "icon": "PieChart", "primary": True}]
    return render(
        request,
        "cooperation/report_list.html",
        {"rows": rows, "lead": actor.agency_name, "tools": tools if access.may_make(actor) else []},
    )


@require_http_methods(["GET", "POST"])
@in_menu("reports")
def report_new(request: HttpRequest) -> HttpResponse:
    """Choose a period, and ask for the report."""
    actor = actor_of(request)
    access.require_maker(actor)
    at = clock.now()
    form = PeriodForm(request.POST or None, today=clock.local_date(at))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            values = form.cleaned_data
            try:
                job = actions.ask_for_report(
                    actor, first_on=values["first_on"], last_on=values["last_on"], key=values["key"], at=at
                )
            except Refused as refused:
                # A ready-made choice has no dates of its own to show the error at.
                own = values["period"] == OWN
                for field, messages in refused.errors.items():
                    form.add_error(field if own else "period", messages)
            else:
                return see_other("report_progress", job)
        status = 422
    return render(
        request,
        "cooperation/report_new.html",
        {
            "form": form,
            "cancel_url": reverse("report_list"),
            "counted": [documents.period_text(*period) for period in access.counted_periods(actor)[: access.MOST]],
        },
        status=status,
    )


@require_http_methods(["GET"])
@in_menu("reports")
def report_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show how far the work has come; only to the one who asked."""
    actor = actor_of(request)
    access.require_maker(actor)
    job = progress_of(pk)
    if job.kind != actions.KIND:
        raise Http404
    return render(request, "cooperation/report_progress.html", {"job": _job(job)})


def _job(job: Progress) -> dict[str, Any]:
    return progress_context(
        job,
        check="report_progress",
        title=_("Rapporten lages"),
        ready=_("Rapporten er klar"),
        text=_progress_text(job),
        result_url=reverse("report", args=[job.result]) if job.result else "",
        result_label=_("Åpne rapporten"),
        back_url=reverse("report_list"),
        back_label=_("Til rapportene"),
    )


def _progress_text(job: Progress) -> str:
    if job.state == "done":
        return _("Alle tall er regnet ut, og rapporten er lagret.")
    if job.over:
        return _("Rapporten ble ikke laget. Ingenting er lagret. Prøv igjen.")
    if job.state == "waiting":
        return _("Rapporten står i kø.")
    if job.total and job.done >= job.total - 1:
        return _("Tegner figurer og skriver rapporten.")
    return _("Steg %(step)s av %(steps)s: regner ut tall.") % {"step": job.done + 1, "steps": max(job.total, 1)}


@require_http_methods(["GET"])
@in_menu("reports")
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one report."""
    actor = actor_of(request)
    row = access.access_report(actor, pk)
    period = documents.period_text(row.first_on, row.last_on)
    return render(
        request,
        "cooperation/report.html",
        {
            **documents.shown(row.content),
            "lead": f"{actor.agency_name}, {period}",
            "made_at": row.recorded_at,
            "by": row.by_name,
            "health": documents.from_health(
                actor, row.content, access.told_by_health(actor, row.first_on, row.last_on)
            ),
            "telling": list(_telling(actor, row)),
            "report_pk": row.pk,
            "digest": bytes(row.digest).hex()[:16],
            "tools": [
                {"label": _("Åpne PDF"), "url": reverse("report_pdf", args=[pk]), "icon": "Download"},
                {"label": _("Alle rapporter"), "url": reverse("report_list"), "icon": "Table"},
            ],
        },
    )


def _telling(actor: Actor, row: Report) -> Iterator[dict[str, Any]]:
    """The prisons that the figures of visits can be sent to, and when they were."""
    prisons = access.prisons_served(actor)
    sent = access.told_to(actor, row) if prisons else {}
    for prison in prisons:
        letter = sent.get(prison.pk)
        if letter is not None or documents.visit_texts(row.content, prison.name) is not None:
            yield {"prison": prison, "letter": letter}


@require_http_methods(["POST"])
def report_tell(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a prison its figures of visits."""
    actor = actor_of(request)
    access.access_report(actor, pk)
    try:
        prison = UUID(request.POST.get("prison", ""))
    except ValueError:
        raise Http404 from None
    try:
        actions.send_figures(actor, pk, prison)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Tallene er sendt til fengselet."))
    return see_other("report", pk)


@require_http_methods(["GET"])
def report_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Hand out the paper as it was made."""
    row, paper = actions.print_report(actor_of(request), pk, clock.now())
    audit.note("print", row)
    return on_paper(paper, f"samarbeidsrapport-{row.first_on}-{row.last_on}.pdf")
