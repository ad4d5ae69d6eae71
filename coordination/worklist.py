"""What lies before an actor: one list of tasks, gathered from every app that has some. Holds no rule of any app.

Apps register sources in their `frame.py`. A source returns tasks from its own tables for the acting membership only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coordination.identity import Actor


@dataclass(frozen=True, kw_only=True)
class Task:
    """One line of "I dag". `due_at` is an instant; texts are translated; URLs are ready; `quick` names a template shown in place.

    `waiting` says that somebody else must act (`agency_*` says who). `strength` other than `skal` never shows as overdue.
    """

    due_at: datetime | None
    title: str
    reason: str = ""
    person_name: str = ""
    place: str = ""
    person_url: str = ""
    doing_url: str = ""
    doing_label: str = ""
    strength: str = "skal"
    rule: str = ""
    quick: str = ""
    subject_id: UUID | None = None
    person_id: UUID | None = None
    agency_kind: str = ""
    agency_name: str = ""
    waiting: bool = False
    supervision: bool = False


Source = Callable[[Actor, datetime], Iterable[Task]]
SOURCES: list[Source] = []


def source(function: Source) -> Source:
    """Register a source of tasks."""
    SOURCES.append(function)
    return function


def tasks_for(actor: Actor, at: datetime) -> list[Task]:
    """Return every task before the actor: supervision first within the same instant, then by time; those without one last."""
    tasks = [task for gather in SOURCES for task in gather(actor, at)]
    return sorted(tasks, key=lambda t: (t.due_at is None, t.due_at or at, not t.supervision, t.person_name))
