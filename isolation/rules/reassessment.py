"""When it must be judged again whether a measure may go on. Rule D27 (obligation R7.1.2-w).

Must not hold the warden's daily look (D28); see `reviews`. "Continuously" has no number in the sources: ours are recommended.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Final

from coordination.clock import after

from .kinds import Kind

INTERVALS: Final = {Kind.SECURITY_BED: timedelta(hours=4), Kind.SECURITY_CELL: timedelta(hours=8)}
ORDINARY: Final = timedelta(hours=24)
AFTER_ADVICE: Final = timedelta(hours=2)


def reassessment_due(kind: Kind, last_at: datetime) -> datetime:
    """The next reassessment: four elapsed hours after the last (or the start) in a bed, eight in a cell, otherwise 24; in UTC."""
    return after(last_at, INTERVALS.get(kind, ORDINARY))


def due_after_advice(answered_at: datetime, due_at: datetime) -> datetime:
    """Health advice calls for a reassessment of its own: within two hours of the answer, sooner if one was due already."""
    return min(after(answered_at, AFTER_ADVICE), due_at)


ALIKE: Final = 0.9
"""How alike two texts must be to be taken for the same."""


def copied(reason: str, previous: str) -> bool:
    """Whether a reason is the last one over again: the same words but for case, spaces and signs, or nearly so.

    Sivilombudet (2025) found reassessments that repeated each other. It is pointed out, never forbidden: the same may be true twice.
    """
    one, other = (_bare(text) for text in (reason, previous))
    if not one or not other:
        return False
    return one == other or SequenceMatcher(None, one, other, autojunk=False).ratio() >= ALIKE


def _bare(text: str) -> str:
    return " ".join("".join(c if c.isalnum() else " " for c in text.casefold()).split())
