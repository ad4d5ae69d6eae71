"""The audit log's door in code: notes what a transaction read, and writes it down before commit.

Writes are logged by the database itself (`audit.wrote`); reads are noted by `Owned.from_db` and flushed here. Never holds content.
"""

import hashlib
import hmac
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

if TYPE_CHECKING:
    from coordination.models.owned import Owned


class Notes:
    """What one transaction has read so far: per table and action the rows and the people they are about."""

    def __init__(self, purpose: str = "") -> None:
        """Begin with nothing read; `purpose` is the name of the door (a URL name, a command)."""
        self.purpose = purpose
        #: What is told beside the door's name: the keyed digest of a search, the code of a reason. Never what somebody typed.
        self.detail = ""
        self.request = uuid.uuid4()
        self.refused: tuple[str, tuple[str, ...]] | None = None
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


def note(action: str, row: "Owned", table: str = "") -> None:
    """Note something other than reading that happened to a row: `print`, `export`."""
    notes = _notes.get()
    if notes is not None:
        notes.add(
            action,
            table or type(row)._meta.db_table,
            row.pk,
            getattr(row, "person_id", row.pk if type(row).wall.kind == "subject" else None),
        )


def note_search(text: str, found: Iterable["Owned"]) -> None:
    """Note a search: which rows it found, and a keyed digest that tells the same search from another. What was typed is not kept."""
    notes = _notes.get()
    if notes is None:
        return
    folded = " ".join(text.split()).casefold()
    notes.detail = hmac.digest(settings.LOOKUP_KEY.encode(), f"search|{folded}".encode(), hashlib.sha256).hex()[:16]
    note_event("search", "search")
    for row in found:
        note("search", row, table="search")


def note_refused(door: str, keys: Iterable[object]) -> None:
    """Note that a door was shut, and the keys it was tried with: those that were sent, whether they mean something or not."""
    notes = _notes.get()
    if notes is not None:
        notes.refused = (door, tuple(sorted(str(key) for key in keys)))


def detail(text: str) -> None:
    """Tell something beside the door's name in this transaction's entries: a code, never content."""
    notes = _notes.get()
    if notes is not None:
        notes.detail = text


def persons_read() -> frozenset[str]:
    """Return the keys of the people read in this transaction so far."""
    notes = _notes.get()
    if notes is None:
        return frozenset()
    return frozenset(p for (action, _table), (_ids, persons) in notes.rows.items() if action == "read" for p in persons)


def withheld(person_id: uuid.UUID) -> None:
    """Note that what was read is not shown, and that its reader was asked why instead."""
    notes = _notes.get()
    if notes is not None:
        notes.rows.clear()
        notes.add("asked", "opening", person_id, person_id)


def has_noted(*actions: str) -> bool:
    """Return whether one of these actions is noted already."""
    notes = _notes.get()
    return notes is not None and any(action in actions for action, _table in notes.rows)


def note_event(action: str, what: str = "") -> None:
    """Note an event with no row: a search that found nothing, a blank form. `what` is a name from code, never content."""
    notes = _notes.get()
    if notes is not None:
        notes.rows[action, what or notes.purpose]


def flush(using: str = "default") -> None:
    """Write the notes of this transaction to the audit log, last before commit, in table order.

    Raises any database error on: then the transaction rolls back and the answer carries no data.
    """
    notes = _notes.get()
    if notes is None or not (notes.rows or notes.refused):
        return
    purpose = f"{notes.purpose}:{notes.detail}" if notes.detail else notes.purpose
    entries = [
        {"action": action, "table": table, "ids": sorted(ids), "persons": sorted(persons), "purpose": purpose}
        for (action, table), (ids, persons) in sorted(notes.rows.items())
    ]
    notes.rows.clear()
    refused, notes.refused = notes.refused, None
    with connections[using].cursor() as cursor:
        if entries:
            cursor.execute("SELECT audit.write(%s::jsonb, %s)", [json.dumps(entries), notes.request])
        if refused:
            door, keys = refused
            cursor.execute("SELECT audit.refuse(%s, %s::uuid[], %s)", [door, list(keys), notes.request])
