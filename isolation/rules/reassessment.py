"""When it must be judged again whether a measure may go on. Rule D27 (obligation R7.1.2-w).

Must not hold the warden's daily look (D28); see `reviews`. "Continuously" has no number in the sources: ours are recommended.
"""

from __future__ import annotations

from datetime import datetime, timedelta
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
