"""Doors: the protocol and the weekly plan on paper. Printing is noted in the audit log."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from coordination import audit, clock, pdf
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.answers import on_paper
from isolation import documents
from isolation.access import READERS, access_informal, access_measure, newest_plan, require_role
from isolation.letters import DECIDERS
from isolation.views.common import to


@require_http_methods(["GET"])
@in_menu("isolation")
def protocol_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the whole protocol of a measure."""
    actor = actor_of(request)
    row = access_measure(actor, pk)
    data = pdf.render("isolation/protocol_pdf.html", documents.protocol(actor, row, clock.now()), title="Protokoll")
    audit.note("print", row)
    return on_paper(data, "protokoll.pdf")


@require_http_methods(["GET"])
@in_menu("isolation")
def plan_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the newest weekly plan, in words for the inmate."""
    actor = actor_of(request)
    row = access_measure(actor, pk)
    plan = newest_plan(row)
    if plan is None:
        raise Http404
    data = pdf.render("isolation/plan_pdf.html", documents.weekly_plan(actor, row, plan, clock.now()), title="Ukeplan")
    audit.note("print", plan)
    return on_paper(data, "ukeplan.pdf")


@require_http_methods(["GET"])
@in_menu("isolation")
def decision_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the decision, for the file and for the inmate."""
    actor = actor_of(request)
    row = access_measure(actor, pk)
    data = pdf.render("isolation/decision_pdf.html", documents.decision(actor, row, clock.now()), title="Vedtak")
    audit.note("print", row)
    return on_paper(data, "vedtak.pdf")


@require_http_methods(["GET"])
@in_menu("isolation")
def region_report_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the report to the regional level. Sending it is done outside Samvirke."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = access_measure(actor, pk)
    facts = documents.region_report(actor, row, clock.now())
    data = pdf.render("isolation/region_report_pdf.html", facts, title="Melding til regionen")
    audit.note("print", row)
    return on_paper(data, "melding-til-regionen.pdf")


@require_http_methods(["GET"])
@in_menu("isolation")
def warden_list_pdf(request: HttpRequest) -> HttpResponse:
    """Answer with the warden's list of today."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    facts = documents.warden_list(actor, clock.now())
    data = pdf.render("isolation/warden_list_pdf.html", facts, title="Daglig gjennomgang")
    return on_paper(data, "daglig-gjennomgang.pdf")


@require_http_methods(["GET"])
@in_menu("isolation")
def activity_plan_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the plan of activities of somebody locked in without a decision."""
    actor = actor_of(request)
    row = access_informal(actor, pk)
    facts = documents.activity_plan(actor, row, clock.now())
    if facts is None:
        return to("informal", pk)
    data = pdf.render("isolation/activity_plan_pdf.html", facts, title="Aktivitetsplan")
    audit.note("print", facts["plan"])
    return on_paper(data, "aktivitetsplan.pdf")


@require_http_methods(["GET"])
@in_menu("isolation")
def harms_pdf(request: HttpRequest) -> HttpResponse:
    """Answer with the leaflet about what isolation can do; it is about nobody."""
    actor = actor_of(request)
    require_role(actor, READERS)
    data = pdf.render("isolation/harms_pdf.html", documents.leaflet(actor, clock.now()), title="Når du er mye alene")
    return on_paper(data, "nar-du-er-mye-alene.pdf")
