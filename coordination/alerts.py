"""Alerts for an actor: the steps of deadlines that came, with what has become of them since. Writes nothing; the sweep does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from coordination import formats
from coordination.deadlines import ABOVE, RULES, roles_text
from coordination.identity import Actor
from coordination.models.agencies import Role
from coordination.models.deadlines import Alert, Deadline
from coordination.models.people import Named
from coordination.sweep import ALERTS, TABLES
from coordination.worlds import WITHOUT_CONTENT

#: How far back the page looks. What is older stands on the person's timeline.
SHOWN = timedelta(days=7)
LIMIT = 100
#: `person` stands in the three tables and not in what they have in common.
WITH: tuple[Any, ...] = ("person", "unit__agency")
#: How long what the region is told of stands as waiting: what became of it, only the agency it is about can tell.
ABOVE_WAITS = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One alert as the page shows it. URLs may be "".

    `open`: what it was about still waits. `done_at`: when that was closed, `why` in words if it was not done. `new_due_at`: the
    deadline has moved on. `state` is the badge's (overdue, soon, later, advised), `severity` what the step said when it came.
    """

    raised_at: datetime
    due_at: datetime
    severity: str
    title: str
    strength: str
    person_name: str
    person_url: str
    place: str
    doing_url: str
    doing_label: str
    open: bool
    state: str
    done_at: datetime | None
    why: str
    new_due_at: datetime | None


@dataclass(frozen=True)
class Clock:
    """Where the deadline or letter behind an alert stands now."""

    due_at: datetime | None = None
    closed_at: datetime | None = None
    why: str = ""


def alerts_for(actor: Actor, since: datetime) -> QuerySet[Alert]:
    """Return the alerts that a step meant for the actor's role, newest first; the walls decide about whom."""
    rows = ALERTS[actor.world]._default_manager.filter(agency_id=actor.agency_id, raised_at__gte=since)
    rows = rows.filter(audience__contains=[actor.role.value]).order_by("-raised_at", "-id")
    return rows.select_related(*WITH)


def lines_for(actor: Actor, at: datetime) -> list[Line]:
    """Return the newest alerts with what they are about, in a fixed number of queries. Raises Http404 for who reads no content."""
    if actor.world not in ALERTS or actor.reach in WITHOUT_CONTENT:
        raise Http404
    rows = list(alerts_for(actor, at - SHOWN)[:LIMIT])
    clocks = _clocks(actor, {row.deadline_id for row in rows})
    return [_line(actor.role, row, clocks.get(row.deadline_id), at) for row in rows]


def _clocks(actor: Actor, ids: Iterable[UUID]) -> dict[UUID, Clock]:
    """Return where the rows behind alerts stand, from every swept table of the world."""
    found: dict[UUID, Clock] = {}
    for table in (t for t in TABLES if t.world is actor.world):
        rows = table.model._default_manager.filter(agency_id=actor.agency_id, pk__in=list(ids))
        # Read as rows, so that the audit log knows; only the columns of the clock.
        columns = ["id", "person_id", "due_at", table.closed_at, *([table.outcome] if table.outcome else [])]
        for row in rows.only(*columns):
            outcome = getattr(row, table.outcome) if table.outcome else ""
            why = str(Deadline.Outcome(outcome).label) if outcome and outcome != Deadline.Outcome.MET else ""
            found[row.pk] = Clock(getattr(row, "due_at"), getattr(row, table.closed_at), why)  # noqa: B009
    return found


def _line(role: Role, alert: Alert, clock: Clock | None, at: datetime) -> Line:
    rule = RULES.get(alert.rule)
    person: Named | None = alert.person
    strength = rule.strength.value if rule else "bør"
    if alert.audience == roles_text(ABOVE):
        return _above(alert, str(rule.above) if rule else alert.rule, strength, at)
    clock = clock or Clock()
    # A deadline that repeats moves on when the thing is done: the instant this alert was about no longer waits.
    waits = clock.closed_at is None and clock.due_at == alert.due_at
    return Line(
        raised_at=alert.raised_at,
        due_at=alert.due_at,
        severity=alert.severity,
        title=_(rule.title) if rule else alert.rule,
        strength=strength,
        person_name=str(person) if person else _("Brev om en person som ikke er koblet til noen her"),
        person_url=_url("person", person.pk) if person else "",
        place=str(alert.unit) if alert.unit else "",
        doing_url=_url(rule.doing, UUID(alert.dedup_key.split(":")[1]))
        if rule and waits and rule.opens_for(role)
        else "",
        doing_label=_(rule.doing_label) if rule else "",
        open=waits,
        state=formats.badge(alert.due_at, now=at, strength=strength).state,
        done_at=clock.closed_at,
        why=clock.why,
        new_due_at=None if waits or clock.closed_at else clock.due_at,
    )


def _above(alert: Alert, title: str, strength: str, at: datetime) -> Line:
    """Return what an agency below has not done in time, about nobody: which agency, since when, and nothing to open."""
    return Line(
        raised_at=alert.raised_at,
        due_at=alert.due_at,
        severity=alert.severity,
        title=title,
        strength=strength,
        person_name=str(alert.unit.agency) if alert.unit else "",
        person_url="",
        place="",
        doing_url="",
        doing_label="",
        open=at - alert.raised_at < ABOVE_WAITS,
        state=formats.badge(alert.due_at, now=at, strength=strength).state,
        done_at=None,
        why="",
        new_due_at=None,
    )


def _url(name: str, key: UUID) -> str:
    """Return the address, or "" where no app answers to the name: a missing door must not hide an alert."""
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""
