"""What lies before an actor: one list of tasks, gathered from every app that has some. Holds no rule of any app.

Apps register sources in their `frame.py`. A source returns tasks from its own tables for the acting membership only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coordination.counting import Countable
from coordination.identity import Actor


@dataclass(frozen=True, kw_only=True)
class Task:
    """One line of "I dag". `due_at` is an instant; texts are translated; URLs are ready; `quick` names a template shown in place.

    `unit_id` is where the person is now (None: belongs to no unit and is shown whatever unit is chosen).
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
    unit_id: UUID | None = None
    agency_kind: str = ""
    agency_name: str = ""
    waiting: bool = False
    supervision: bool = False


Source = Callable[[Actor, datetime], Iterable[Task]]
#: Called with the chosen units too (empty: all), for a source that must narrow in the database before it limits.
ScopedSource = Callable[[Actor, datetime, frozenset[UUID]], Iterable[Task]]
#: Counts what is overdue without loading it; the badge of the menu is their sum. It may
#: give the rows instead of their number: then they are counted in one statement with the page's other badges.
Counter = Callable[[Actor, datetime], Countable]
SOURCES: list[Source] = []
SCOPED: list[ScopedSource] = []
COUNTERS: list[Counter] = []


def source(function: Source) -> Source:
    """Register a source of tasks."""
    SOURCES.append(function)
    return function


def scoped_source(function: ScopedSource) -> ScopedSource:
    """Register a source of tasks that narrows to units itself."""
    SCOPED.append(function)
    return function


def overdue_counter(function: Counter) -> Counter:
    """Register a counter of overdue tasks, one indexed count; it must agree with what the app's source shows as overdue."""
    COUNTERS.append(function)
    return function


def overdue_count(actor: Actor, at: datetime) -> list[Countable]:
    """Return what is over its deadline, to be counted for the badge in the menu."""
    return [count(actor, at) for count in COUNTERS]


def tasks_for(actor: Actor, at: datetime, units: frozenset[UUID] = frozenset()) -> list[Task]:
    """Return every task before the actor: supervision first within the same instant, then by time; those without one last.

    With `units` only tasks about people in those units, and tasks that belong to no unit.
    """
    tasks = [
        task
        for gather in SOURCES
        for task in gather(actor, at)
        if not units or task.unit_id is None or task.unit_id in units
    ]
    tasks += [task for gather in SCOPED for task in gather(actor, at, units)]
    return sorted(tasks, key=lambda t: (t.due_at is None, t.due_at or at, not t.supervision, t.person_name))


#: Verbs that bring an agency's own rows in step with letters that have come. Run once before "I dag" is gathered, by the view.
CATCH_UPS: list[Callable[[Actor, datetime], object]] = []


def before_gathering(function: Callable[[Actor, datetime], object]) -> Callable[[Actor, datetime], object]:
    """Register a verb that settles what came since last, so that "I dag" never shows as due what a letter has ended."""
    CATCH_UPS.append(function)
    return function
