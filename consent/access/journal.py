"""A person's journal for an actor: its entries, and what has been taken to the agency's own system. Writes nothing."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404

from consent.letters import CLINICIANS
from consent.models import REFERENCES, JournalReference
from coordination import clock
from coordination.identity import Actor
from coordination.journal import Entry, entries_for, record_of
from coordination.models import Person, Stay
from coordination.models.people import Named
from coordination.people.access import access_person, is_registrar, stays_of
from coordination.worlds import World

#: How much of a journal is shown before anybody asks for more.
FIRST_DAYS = 14
#: Where a journal without an older one before it begins: what was written down later may be dated before anybody was registered.
BEGINNING = date(1900, 1, 1)


def may_journal(actor: Actor) -> bool:
    """Return whether the actor keeps the journal: who works with the inmates of a prison, and health personnel. (R6.1-i, RM8-d)"""
    return is_registrar(actor) if actor.world is World.CUSTODY else actor.has_role(*CLINICIANS)


def access_journaled(actor: Actor, pk: UUID) -> Named:
    """Return somebody whose journal the actor keeps, or raise Http404."""
    if actor.world not in REFERENCES or not may_journal(actor):
        raise Http404
    return access_person(actor, pk)


@dataclass(frozen=True)
class Period:
    """Days of a journal, both counted, within one stay in custody (None in health). `whole` is what may be asked for at most."""

    first: date
    last: date
    whole: tuple[date, date]
    stay: Stay | None = None

    @property
    def from_beginning(self) -> bool:
        """Return whether everything before the last day is in it, however old."""
        return self.first == BEGINNING

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Return the instants at which it begins and is over."""
        return clock.local_day_bounds(self.first)[0], clock.local_day_bounds(self.last)[1]


def stays_in(actor: Actor, person: Named) -> list[Stay]:
    """Return the stays of somebody in custody, newest first; none for a patient."""
    return list(stays_of(actor, person.pk)) if isinstance(person, Person) else []


def period_of(stays: list[Stay], at: datetime, *, stay: UUID | None, first: date | None, last: date | None) -> Period:
    """Return the days asked for, of the stay asked for or else the newest: its last two weeks where no day is asked for.

    Every entry about somebody is in some journal, whatever its date: a stay's goes on until the next one's begins, and the oldest stay's,
    or a patient's, has no first day. `stays` are newest first. Raises Http404 for a stay that is not the person's.
    """
    chosen = next((row for row in stays if row.pk == stay), None) if stay else next(iter(stays), None)
    if stay and chosen is None:
        raise Http404
    begins, over = BEGINNING, clock.local_date(at)
    ends = over
    if chosen is not None:
        number = stays.index(chosen)
        if chosen is not stays[-1]:
            begins = clock.local_date(chosen.admitted_at)
        if chosen.ended_at:
            over = clock.local_date(chosen.ended_at)
        if number > 0:
            ends = max(over, clock.local_date(stays[number - 1].admitted_at) - timedelta(days=1))
    ends = max(begins, over, ends)
    to = min(max(last, begins), ends) if last else max(begins, over)
    default = max(begins, to - timedelta(days=FIRST_DAYS - 1))
    return Period(min(max(first, begins), to) if first else default, to, (begins, ends), chosen)


def whole_of(period: Period) -> Period:
    """Return all of the stay, or all there is of a patient."""
    return Period(*period.whole, period.whole, period.stay)


def entries(actor: Actor, person: Named, period: Period) -> list[Entry]:
    """Return the entries of a period, oldest first; the caller has the person from `access_journaled`."""
    return entries_for(actor, person, *period.bounds)


def references_of(actor: Actor, person: Named, only: UUID | None = None) -> dict[UUID, JournalReference]:
    """Return the reference that holds for each entry that has one, by its mark: the newest. With `only`, those that name one entry."""
    rows = REFERENCES[actor.world]._default_manager.filter(agency_id=actor.agency_id, person_id=person.pk)
    if only is not None:
        rows = rows.filter(marks__contains=[only])
    return {mark: row for row in rows.order_by("recorded_at", "id") for mark in row.marks}


def filed_before(actor: Actor, key: UUID) -> JournalReference | None:
    """Return what a form sent before has saved, or None."""
    rows: Any = REFERENCES[actor.world]._default_manager.filter(agency_id=actor.agency_id, key=key)
    found: JournalReference | None = rows.first()
    return found


def entry_of(actor: Actor, person: Named, mark: UUID) -> Entry:
    """Return one signed record by its key, with what was added to it not there, and read no other; raises Http404 for anything else."""
    found = record_of(actor, person, mark)
    if found is None:
        raise Http404
    return found
