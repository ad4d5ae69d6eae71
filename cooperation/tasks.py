"""What the worker does for reports. Thin: it reads the clock, and the verb does the rest."""

from datetime import date
from typing import Any
from uuid import UUID

from cooperation.actions import reports as actions
from coordination import clock
from coordination.identity import Actor
from coordination.jobs import Meter, job


@job(actions.KIND)
def make_report(actor: Actor, meter: Meter, **arguments: Any) -> str:
    """Make the report that was asked for, as the asker, and return its key."""
    report = actions.make_report(
        actor,
        first_on=date.fromisoformat(arguments["first_on"]),
        last_on=date.fromisoformat(arguments["last_on"]),
        key=UUID(arguments["key"]),
        at=clock.now(),
        step=lambda done, total: meter(done=done, total=total),
    )
    return str(report.pk)
