"""What the worker does about a person's letters. Thin: it reads the clock, and the verbs do the rest."""

from typing import Any
from uuid import UUID

from consent.actions import export, insight, journal
from coordination import clock
from coordination.identity import Actor
from coordination.jobs import Meter, job


@job(insight.KIND)
def make_insight(actor: Actor, meter: Meter, **arguments: Any) -> str:
    """Make the paper somebody gets about themselves, as the asker, and return its key."""
    return _made(insight.make_insight, actor, meter, arguments)


@job(export.KIND)
def make_export(actor: Actor, meter: Meter, **arguments: Any) -> str:
    """Write somebody's letters for the agency's own archive, as the asker, and return the file's key."""
    return _made(export.make_export, actor, meter, arguments)


@job(journal.KIND)
def make_journal(actor: Actor, meter: Meter, **arguments: Any) -> str:
    """Write somebody's journal for the agency's own system, as the asker, and return the file's key."""
    return _made(journal.make_journal, actor, meter, arguments)


def _made(verb: Any, actor: Actor, meter: Meter, arguments: dict[str, Any]) -> str:
    def step(done: int, total: int) -> None:
        meter(done=done, total=total)

    person, key, more = UUID(arguments.pop("person")), UUID(arguments.pop("key")), arguments
    row = verb(actor, person, key=key, at=clock.now(), step=step, **more)
    return str(row.pk)
