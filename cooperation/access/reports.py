"""Reports for an actor, from one queryset. Writes nothing. Absent and hidden are the same."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from consent.access import letters_for
from consent.models import Letter
from cooperation.letters import SUPERVISION_FIGURES
from cooperation.models import REPORTS, Report
from coordination.identity import Actor
from coordination.models import Agency, Role
from coordination.people.access import one_or_404
from coordination.worlds import Reach, World
from follow_up.access import served_prisons

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
    rows = reports_for(actor)
    report: Report = one_or_404((rows if paper else rows.defer("paper")).filter(pk=pk))
    return report


def may_tell(actor: Actor) -> bool:
    """Return whether the role sends the figures of health visits to prisons."""
    return actor.world is World.MUNICIPAL_HEALTH and actor.role in SUPERVISION_FIGURES.sender_roles


def _figures_of_period(actor: Actor, direction: Letter.Direction, first_on: date, last_on: date) -> QuerySet[Any]:
    return letters_for(actor).filter(
        kind=SUPERVISION_FIGURES.code,
        direction=direction,
        superseded_by=None,
        body__period_start=first_on.isoformat(),
        body__period_end=last_on.isoformat(),
    )


def told_by_health(actor: Actor, first_on: date, last_on: date) -> Letter | None:
    """Return the letter with the health service's figures of exactly these days, or None; only a prison gets one."""
    if actor.world is not World.CUSTODY:
        return None
    found: Letter | None = _figures_of_period(actor, Letter.Direction.IN, first_on, last_on).first()
    return found


def told_to(actor: Actor, report: Report) -> dict[UUID, Letter]:
    """Return the letters that were sent with figures of a report, by prison. No day is counted in two reports, so its days name it."""
    rows = _figures_of_period(actor, Letter.Direction.OUT, report.first_on, report.last_on)
    return {row.other_agency_id: row for row in rows}


def prisons_served(actor: Actor) -> list[Agency]:
    """Return the prisons that figures may be sent to, by name; none for whoever sends none."""
    return served_prisons(actor) if may_tell(actor) else []
