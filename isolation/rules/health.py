"""The health service's visits to isolated persons: who must be visited daily. When they are due is the health service's own to know.

Must not know why a visit was asked for or what was found. (obligation R7.1.3-f)
"""

from __future__ import annotations

from typing import Final

from .kinds import COERCIVE, Extent, Kind

OUT_OF_CELL_HOURS: Final = 2


def supervision_required(kind: Kind, extent: Extent | None, hours_out_of_cell_per_day: float | None) -> bool:
    """Whether health personnel must visit daily: cell or bed always, others when locked in 22 hours or more.

    Computed as out of the cell for two hours or less, because "locked in 22 hours" would let a 23-hour day in March through.
    Exactly two hours is inside: the circular says "22 hours or more". With the time unknown (None), whoever is fully excluded
    or isolated by court is taken to be locked in.
    """
    if kind in COERCIVE:
        return True
    if hours_out_of_cell_per_day is not None:
        return hours_out_of_cell_per_day <= OUT_OF_CELL_HOURS
    return kind is Kind.COURT_ISOLATION or (
        kind in (Kind.EXCLUSION, Kind.IMMEDIATE_EXCLUSION) and extent is not Extent.PARTIAL
    )
