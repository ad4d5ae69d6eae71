"""Reports for an actor, from one queryset. Writes nothing. Absent and hidden are the same."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from cooperation.models import REPORTS, Report
from coordination.identity import Actor
from coordination.models import Role
from coordination.worlds import Reach

MAKERS = (Role.WARDEN, Role.HEALTH_LEADER, Role.TRUST_LEADER)
READERS = (*MAKERS, Role.DUTY_LEADER)
#: The most the list shows.
MOST = 50


def require_reader(actor: Actor) -> None:
    """Raise Http404 unless the role reads reports: it counts what only the whole agency's reach can see."""
    if actor.role not in READERS or actor.reach is not Reach.AGENCY or actor.world not in REPORTS:
        raise Http404


def require_maker(actor: Actor) -> None:
    """Raise Http404 unless the role makes reports."""
    require_reader(actor)
    if actor.role not in MAKERS:
        raise Http404


def may_make(actor: Actor) -> bool:
    """Return whether the role makes reports."""
    return actor.role in MAKERS


def reports_for(actor: Actor) -> QuerySet[Any]:
    """Return the agency's reports, newest first."""
    require_reader(actor)
    reports: QuerySet[Any] = REPORTS[actor.world]._default_manager.filter(agency_id=actor.agency_id)
    return reports.order_by("-recorded_at", "-id")


def listed(actor: Actor) -> list[Report]:
    """Return the newest reports without what is in them."""
    return list(reports_for(actor).defer("content", "paper")[:MOST])


def counted_periods(actor: Actor) -> list[tuple[date, date]]:
    """Return the first and last day of everything that has been counted, newest first; all of it, however long the list."""
    rows = reports_for(actor).only("id", "agency_id", "first_on", "last_on").order_by("-last_on")
    return [(row.first_on, row.last_on) for row in rows]


def report_of(actor: Actor, first_on: date, last_on: date) -> Report | None:
    """Return the report of exactly these days, or None."""
    found: Report | None = reports_for(actor).filter(first_on=first_on, last_on=last_on).first()
    return found


def access_report(actor: Actor, pk: UUID, *, paper: bool = False) -> Report:
    """Return one report, or raise Http404. Its PDF is read only when asked for."""
    report: Report | None = reports_for(actor).defer("content" if paper else "paper").filter(pk=pk).first()
    if report is None:
        raise Http404
    return report
