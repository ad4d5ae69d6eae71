"""Measures that follow each other are one chain, and some limits count the chain. Also the running time within it.

Must not know any limit. Breaks under 24 hours belong to the chain [inference: "samlet" in strgjfl § 37 fifth paragraph, rule B02].
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from coordination.clock import elapsed

from .kinds import Extent, Kind

BREAK: Final = timedelta(hours=24)
"""A break this long, or longer, begins a new chain."""


@dataclass(frozen=True)
class Stretch:
    """A time in which kind and extent were the same; `end` None while it runs. Instants are aware."""

    kind: Kind
    extent: Extent | None
    start: datetime
    end: datetime | None = None
    own: bool = True  # within the measure that is looked at, not an earlier one of the chain


def continues(ended_at: datetime, effective_at: datetime) -> bool:
    """Whether a measure that begins at `effective_at` belongs to the chain of one that ended: less than 24 elapsed hours between."""
    return elapsed(ended_at, effective_at) < BREAK


def reaches(stretches: Iterable[Stretch], limit: timedelta) -> datetime | None:
    """The instant, in the past or to come, at which some stretches together have lasted `limit`. None when they ended before."""
    left = limit
    for stretch in sorted(stretches, key=lambda s: s.start):
        if stretch.end is None:
            return stretch.start + left
        lasted = elapsed(stretch.start, stretch.end)
        if lasted >= left:
            return stretch.start + left
        left -= lasted
    return None
