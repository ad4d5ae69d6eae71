"""Time out of the cell and isolation without a decision, for an actor. Writes nothing. Absent and hidden are the same."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from coordination.identity import Actor
from coordination.models import Person, Role, Unit
from coordination.people.access import lock_person, people_for, present_only
from isolation.access import require_role
from isolation.letters import STAFF
from isolation.models import ActivityPlan, InformalIsolation, LockInSwitch, Measure, TimeOut
from isolation.rules.cell_time import Entry, Side, expected_side, minutes_out

READERS = (*STAFF, Role.RELEASE_CASEWORKER)
OPEN = (InformalIsolation.State.FLAGGED, InformalIsolation.State.FOLLOWED)


def entry_of(row: TimeOut) -> Entry:
    """Return a row as the rules see it."""
    span = (row.started_at, row.ended_at) if row.started_at and row.ended_at else None
    return Entry(row.recorded_at, row.day, span, row.minutes)


def minutes_of(actor: Actor, person_id: UUID, since: date) -> dict[date, int]:
    """Return the minutes out of the cell of one person by local date, dates nobody wrote about left out; one query."""
    rows = TimeOut.objects.filter(agency_id=actor.agency_id, person_id=person_id, day__gte=since)
    return minutes_out(map(entry_of, rows))


def minutes_by_person(actor: Actor, people: Iterable[UUID], since: date) -> dict[UUID, dict[date, int]]:
    """As `minutes_of`, for many; one query."""
    found: dict[UUID, list[Entry]] = {}
    for row in TimeOut.objects.filter(agency_id=actor.agency_id, person_id__in=list(people), day__gte=since):
        found.setdefault(row.person_id, []).append(entry_of(row))
    return {person: minutes_out(entries) for person, entries in found.items()}


def switches_of(measure: Measure) -> QuerySet[LockInSwitch]:
    """Return the changes of side of a measure, oldest first."""
    return LockInSwitch.objects.filter(agency_id=measure.agency_id, measure=measure).order_by("changed_at", "id")


def side_now(measure: Measure) -> tuple[Side, date | None]:
    """Return on which side of two hours a measure is, and the date that last decided it (None: as expected from the start)."""
    last = switches_of(measure).last()
    if last is None:
        return expected_side(float(measure.hours_out_per_day)), None
    return Side(last.side), last.day


def people_of_unit(actor: Actor, unit: Unit) -> list[Person]:
    """Return those who are in a unit now, by name."""
    require_role(actor, READERS)
    return list(present_only(actor, people_for(actor).filter(unit=unit)))


def informal_for(actor: Actor) -> QuerySet[InformalIsolation]:
    """Return the isolation without a decision the actor may know of, newest first."""
    require_role(actor, READERS)
    rows = InformalIsolation.objects.filter(agency_id=actor.agency_id).select_related("person", "unit")
    return rows.order_by("-flagged_at", "-id")


def access_informal(actor: Actor, pk: UUID) -> InformalIsolation:
    """Return one, or raise Http404."""
    row = informal_for(actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def open_informal(actor: Actor, person_id: UUID) -> InformalIsolation | None:
    """Return the one that is open about a person, or None."""
    rows = InformalIsolation.objects.filter(agency_id=actor.agency_id, person_id=person_id, state__in=OPEN)
    return rows.select_related("unit").first()


def lock_informal(actor: Actor, pk: UUID) -> InformalIsolation:
    """Return one as it is once its person is locked for the rest of the transaction, or raise Http404."""
    person = lock_person(actor, access_informal(actor, pk).person_id)
    row = InformalIsolation.objects.select_related("unit").get(agency_id=actor.agency_id, pk=pk)
    assert isinstance(person, Person)
    row.person = person
    return row


def newest_activity_plan(row: InformalIsolation) -> ActivityPlan | None:
    """Return the version that holds, or None."""
    return ActivityPlan.objects.filter(agency_id=row.agency_id, informal=row).order_by("-number").first()
