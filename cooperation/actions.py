"""The verbs of reports: ask for one, make one. Counting is done by the apps, and made safe before anything is written."""

import hashlib
import json
from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation import access, documents
from cooperation.figures import gather, publish
from cooperation.models import REPORTS, Report
from cooperation.rules import PeriodFault, period_fault
from coordination import clock, pdf
from coordination.figures import Period
from coordination.identity import Actor
from coordination.jobs import enqueue
from coordination.refusals import Refused

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
    _check(first_on, last_on, at)
    return enqueue(KIND, first_on=first_on.isoformat(), last_on=last_on.isoformat(), key=str(key))


def make_report(
    actor: Actor, *, first_on: date, last_on: date, key: UUID, at: datetime, step: Callable[[int, int], None]
) -> Report:
    """Count, make safe, draw, and save a report; the same `key` a second time returns the first (product demand 8, obligation R6.2-i).

    `step` hears the progress: a part for each app that counts, then one for the paper. Raises as `ask_for_report`.
    """
    access.require_maker(actor)
    _check(first_on, last_on, at)
    table = REPORTS[actor.world]
    known: Report | None = table._default_manager.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    period = Period(first_on, last_on, at)
    content = publish(gather(actor, period, lambda done, total: step(done, total + 1)))
    paper = pdf.render(
        "cooperation/report_pdf.html",
        documents.paper(actor, first_on, last_on, content, at),
        title=_("Rapport om samarbeid"),
    )
    row: Report = table(
        agency_id=actor.agency_id,
        first_on=first_on,
        last_on=last_on,
        content=content,
        paper=paper,
        digest=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest(),
        key=key,
        recorded_at=at,
        by_id=actor.membership_id,
        by_name=actor.signature,
    )
    row.save(force_insert=True)
    return row


def _check(first_on: date, last_on: date, at: datetime) -> None:
    fault = period_fault(first_on, last_on, clock.local_date(at))
    if fault is not None:
        field, message = FAULTS[fault]
        raise Refused(f"period_{fault}", str(message), {field: [str(message)]})
