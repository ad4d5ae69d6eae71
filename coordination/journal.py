"""A person's journal: what an agency has written down, entry by entry, to be taken to the agency's own system. Holds no rule of any app.

In custody the entries are the timeline's: events of the prison's own records and letters. In health they are signed records, from sources
that apps register in their `frame.py`. A source reads its own tables through the walls.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from coordination import timeline
from coordination.identity import Actor
from coordination.models.owned import Recorded
from coordination.models.people import Named
from coordination.worlds import World


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One entry. `mark` is what a reference is kept by: the key of a signed record, or a digest of the words of an event.

    An event whose words have changed since has another mark, and is therefore shown as not yet taken to the agency's own system.
    `recorded_at` is set where it was written down later. `adds_to` is the mark of the entry it adds to or corrects.
    """

    mark: UUID
    at: datetime
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    who: str = ""
    recorded_at: datetime | None = None
    url: str = ""
    adds_to: UUID | None = None
    row: Recorded | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which signed records are asked for: those between two instants (`until` is not counted), or the one with a key."""

    since: datetime | None = None
    until: datetime | None = None
    only: UUID | None = None

    def where(self, moment: str) -> dict[str, Any]:
        """Return the condition on a table whose records are dated by the column `moment`, so that no other row is read, and logged as read."""
        if self.only is not None:
            return {"pk": self.only}
        return {f"{moment}__gte": self.since, f"{moment}__lt": self.until}


Source = Callable[[Actor, Named, Wanted], Iterable[Entry]]
SOURCES: list[Source] = []


def source(function: Source) -> Source:
    """Register a source of signed records: called with actor, patient and which records are wanted; it reads no others."""
    SOURCES.append(function)
    return function


def entries_for(actor: Actor, person: Named, since: datetime, until: datetime) -> list[Entry]:
    """Return the entries about a person between two instants (`until` is not counted), oldest first. (obligations RM8-b, RM8-d)"""
    if actor.world is World.CUSTODY:
        events = (_of_event(event) for event in timeline.events_for(actor, person, since))
        entries = [entry for entry in events if entry.at < until]
    else:
        entries = _records(actor, person, Wanted(since=since, until=until))
    return sorted(entries, key=lambda entry: (entry.at, entry.mark))


def record_of(actor: Actor, person: Named, key: UUID) -> Entry | None:
    """Return one signed record about a patient by its key, and read no other; None where there is none. (obligation RM8-b)"""
    if actor.world is World.CUSTODY:
        return None
    return next(iter(_records(actor, person, Wanted(only=key))), None)


def _records(actor: Actor, person: Named, wanted: Wanted) -> list[Entry]:
    return [entry for gather in SOURCES for entry in gather(actor, person, wanted)]


def _of_event(event: timeline.Event) -> Entry:
    words = "\x1f".join((event.at.isoformat(), event.kind, event.title, event.text, event.who))
    return Entry(
        mark=UUID(bytes=hashlib.sha256(words.encode()).digest()[:16]),
        at=event.at,
        title=event.title,
        facts=(("", event.text),) if event.text else (),
        who=event.who,
        recorded_at=event.recorded_at,
        url=event.url,
    )
