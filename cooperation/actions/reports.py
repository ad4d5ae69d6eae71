"""The verbs of reports: ask for one, make one, print one, tell a prison its figures. Counting is done by the apps, and made safe before anything is written."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.actions import send_letter
from cooperation.access import reports as access
from cooperation.documents import reports as documents
from cooperation.figures import gather, publish
from cooperation.letters import BASIS, SUPERVISION_FIGURES
from cooperation.models import REPORTS, Report
from cooperation.rules.figures import PeriodFault, counted_before, period_fault
from coordination import clock, pdf
from coordination.figures import Period
from coordination.identity import Actor, signed
from coordination.jobs import enqueue
from coordination.refusals import Refused, refused_at

KIND = "collaboration_report"

FAULTS = {
    PeriodFault.ORDER: ("last_on", gettext_lazy("Siste dag må komme etter første dag.")),
    PeriodFault.FUTURE: ("last_on", gettext_lazy("Velg en siste dag som ikke er senere enn i dag.")),
    PeriodFault.SHORT: (
        "first_on",
        gettext_lazy("Velg minst fire uker. I en kortere periode kan tallene vise hvem det gjelder."),
    ),
    PeriodFault.LONG: ("first_on", gettext_lazy("Velg høyst ett år.")),
}


def ask_for_report(actor: Actor, *, first_on: date, last_on: date, key: UUID, at: datetime) -> UUID:
    """Ask the worker for a report and return the job. Raises `Refused` for a period that no report is made of, Http404 for other roles."""
    access.require_maker(actor)
    _check(actor, first_on, last_on, at)
    return enqueue(KIND, first_on=first_on.isoformat(), last_on=last_on.isoformat(), key=str(key))


def make_report(
    actor: Actor, *, first_on: date, last_on: date, key: UUID, at: datetime, step: Callable[[int, int], None]
) -> Report:
    """Count, make safe, draw, and save a report; the same `key` a second time returns the first (product demand 8, obligation R6.2-i).

    So does the same period: a report is counted once and then stands. One that shares only some days with an earlier report is refused.
    `step` hears the progress: a part for each app that counts, then one for the paper. Raises as `ask_for_report`.
    """
    access.require_maker(actor)
    table = REPORTS[actor.world]
    _one_at_a_time(actor)
    known: Report | None = table._default_manager.filter(agency_id=actor.agency_id, key=key).first()
    known = known or access.report_of(actor, first_on, last_on)
    if known is not None:
        return known
    _check(actor, first_on, last_on, at)
    period = Period(first_on, last_on, at)
    content = publish(gather(actor, period, lambda done, total: step(done, total + 1)))
    paper = pdf.render(
        "cooperation/report_pdf.html",
        documents.paper(actor, first_on, last_on, content, at, letter=access.told_by_health(actor, first_on, last_on)),
        title=_("Rapport om samarbeid"),
    )
    row: Report = table(
        first_on=first_on,
        last_on=last_on,
        content=content,
        paper=paper,
        digest=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest(),
        key=key,
        **signed(actor, at),
    )
    row.save(force_insert=True)
    return row


def send_figures(actor: Actor, pk: UUID, prison_id: UUID) -> UUID:
    """Send a served prison its own figures of visits from a finished report, as letters tell them; return the letter's `letter_id`.

    They leave as they were published, and once for each report and prison: pressed again, the first stands. Raises `Refused` for a
    report that has no figures of that prison, `Undelivered`, Http404. (obligation R6.2-i; basis LB15)
    """
    if not access.may_tell(actor):
        raise Http404
    report = access.access_report(actor, pk)
    prison = next((row for row in access.prisons_served(actor) if row.pk == prison_id), None)
    if prison is None:
        raise Http404
    with transaction.atomic():
        _one_at_a_time(actor)
        if (known := access.told_to(actor, report).get(prison_id)) is not None:
            return known.letter_id
        texts = documents.visit_texts(report.content, prison.name)
        if texts is None:
            raise Refused("no_figures", _("Rapporten har ikke tall for %(prison)s.") % {"prison": prison.name})
        return send_letter(
            actor,
            SUPERVISION_FIGURES.code,
            to=prison_id,
            person=None,
            body={"period_start": report.first_on.isoformat(), "period_end": report.last_on.isoformat(), **texts},
            basis=BASIS,
        )


def print_report(actor: Actor, pk: UUID, at: datetime) -> tuple[Report, bytes]:
    """Return a report and its paper: as it was made, or drawn anew when the health service's figures came after that. Raises Http404."""
    report = access.access_report(actor, pk, paper=True)
    letter = access.told_by_health(actor, report.first_on, report.last_on)
    if letter is None or letter.sent_at < report.recorded_at:
        return report, bytes(report.paper)
    values = documents.paper(
        actor, report.first_on, report.last_on, report.content, at, letter=letter, made_at=report.recorded_at
    )
    return report, pdf.render("cooperation/report_pdf.html", values, title=_("Rapport om samarbeid"))


def _one_at_a_time(actor: Actor) -> None:
    """Let two makers in one agency wait for each other: the second must see the days the first has counted. Held to the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{KIND}:{actor.agency_id}"])


def _check(actor: Actor, first_on: date, last_on: date, at: datetime) -> None:
    fault = period_fault(first_on, last_on, clock.local_date(at))
    if fault is not None:
        field, message = FAULTS[fault]
        raise Refused(f"period_{fault}", str(message), {field: [str(message)]})
    other = counted_before(first_on, last_on, access.counted_periods(actor))
    if other is not None and other != (first_on, last_on):
        text = _(
            "Noen av dagene er talt før, i rapporten for %(period)s. To rapporter som deler dager, kan trekkes fra hverandre og vise hvem tallene gjelder. Velg dager som ikke er talt, eller åpne rapporten som finnes."
        ) % {"period": documents.period_text(*other)}
        raise refused_at("first_on", text, code="period_counted")
