"""What happened around one person, gathered from every app that knows something. Holds no rule of any app.

Apps register sources in their `frame.py`. A source reads its own tables through the walls.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from coordination.identity import Actor
from coordination.models.people import Named


@dataclass(frozen=True, kw_only=True)
class Event:
    """One event. `kind` is one of check, health, contact, decision, plan, gap, letter, stay, access; `recorded_at` is set when entered late."""

    at: datetime
    kind: str
    title: str
    text: str = ""
    who: str = ""
    url: str = ""
    recorded_at: datetime | None = None


Source = Callable[[Actor, Named, datetime], Iterable[Event]]
SOURCES: list[Source] = []


def source(function: Source) -> Source:
    """Register a source: called with actor, person and the instant from which events are wanted."""
    SOURCES.append(function)
    return function


def events_for(actor: Actor, person: Named, since: datetime) -> list[Event]:
    """Return the events about a person since an instant, newest first."""
    events = [event for gather in SOURCES for event in gather(actor, person, since)]
    return sorted(events, key=lambda e: e.at, reverse=True)
