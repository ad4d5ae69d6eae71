"""The audit log's door in code: notes what a transaction read, and writes it down before commit.

Writes are logged by the database itself (`audit.wrote`); reads are noted by `Owned.from_db` and flushed here. Never holds content.
"""

import json
import uuid
from collections import defaultdict
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import connections

if TYPE_CHECKING:
    from coordination.models.owned import Owned


class Notes:
    """What one transaction has read so far: per table and action the rows and the people they are about."""

    def __init__(self, purpose: str = "") -> None:
        """Begin with nothing read; `purpose` is the name of the door (a URL name, a command)."""
        self.purpose = purpose
        self.request = uuid.uuid4()
        self.rows: dict[tuple[str, str], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))

    def add(self, action: str, table: str, row_id: object, person_id: object) -> None:
        """Note one row."""
        ids, persons = self.rows[action, table]
        ids.add(str(row_id))
        if person_id is not None:
            persons.add(str(person_id))


_notes: ContextVar[Notes | None] = ContextVar("samvirke_audit_notes", default=None)


def begin(purpose: str) -> Notes:
    """Start noting for this context and return the notes."""
    notes = Notes(purpose)
    _notes.set(notes)
    return notes


def end() -> None:
    """Stop noting."""
    _notes.set(None)


def note_read(row: "Owned") -> None:
    """Note that a row was read; called by every walled model as it is built from the database."""
    notes = _notes.get()
    if notes is None:
        return
    wall = type(row).wall
    person: object
    if wall.kind == "subject":
        person = row.pk
    else:
        person = row.__dict__.get(wall.person) if wall.person else row.__dict__.get("person_id")
    notes.add("read", type(row)._meta.db_table, row.pk, person)


def note(action: str, row: "Owned") -> None:
    """Note something other than reading that happened to a row: `print`, `export`, `refuse`."""
    notes = _notes.get()
    if notes is not None:
        notes.add(
            action,
            type(row)._meta.db_table,
            row.pk,
            getattr(row, "person_id", row.pk if type(row).wall.kind == "subject" else None),
        )


def note_event(action: str, what: str = "") -> None:
    """Note an event with no row: a search that found nothing, a refused attempt. `what` is a name from code, never content."""
    notes = _notes.get()
    if notes is not None:
        notes.rows[action, what or notes.purpose]


def flush(using: str = "default") -> None:
    """Write the notes of this transaction to the audit log, last before commit, in table order.

    Raises any database error on: then the transaction rolls back and the answer carries no data.
    """
    notes = _notes.get()
    if notes is None or not notes.rows:
        return
    entries = [
        {"action": action, "table": table, "ids": sorted(ids), "persons": sorted(persons), "purpose": notes.purpose}
        for (action, table), (ids, persons) in sorted(notes.rows.items())
    ]
    notes.rows.clear()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT audit.write(%s::jsonb, %s)", [json.dumps(entries), notes.request])
