"""Which rules of the deadline register hold for a measure: the one table from kind to duties.

Must not compute a due time. Source: circular 7.1.1 to 7.1.3; court isolation has the duties of exclusion (R7.1.1-e).
"""

from __future__ import annotations

from typing import Final

from .health import supervision_required
from .kinds import COERCIVE, EXCLUSIONS, FORMAL, Extent, Kind

_EXCLUSION: Final = frozenset({"D17", "D19", "D27", "D31", "D31b"})
_PLAN: Final = frozenset({"D22", "D23"})
_COERCIVE: Final = frozenset({"D19", "D24", "D27", "D28", "D31", "D31b"})
_SELF_ISOLATION: Final = frozenset({"D27b", "D31", "D31b"})
_DE_FACTO: Final = frozenset({"D31", "D31b"})
_DAILY_VISITS: Final = frozenset({"D29", "D30"})
_DOCTORS_PLAN: Final = frozenset({"D32"})


def duties(
    kind: Kind,
    extent: Extent | None,
    *,
    minor: bool,
    hours_out_of_cell_per_day: float | None,
    force_used: bool,
) -> frozenset[str]:
    """The ids of the rules that hold now, as in the deadline register.

    A request for a visit after force (D18) is written in the circular under exclusion; it is held for cell and bed too, where
    force is the rule. Immediate exclusion lasts at most a day and never comes to a weekly plan.
    """
    held: frozenset[str] = frozenset()
    if kind in EXCLUSIONS:
        held |= _EXCLUSION | {"D21" if minor else "D20"}
        if kind is not Kind.IMMEDIATE_EXCLUSION:
            held |= _PLAN
    elif kind in COERCIVE:
        held |= _COERCIVE
        if kind is Kind.SECURITY_BED:
            held |= {"D26"}
        elif not minor:
            held |= {"D25"}
        if minor:
            held |= {"D21"}
    else:
        held |= _SELF_ISOLATION if kind is Kind.SELF_ISOLATION else _DE_FACTO
    if force_used and kind in FORMAL:
        held |= {"D18"}
    if supervision_required(kind, extent, hours_out_of_cell_per_day):
        return held | _DAILY_VISITS
    return held | _DOCTORS_PLAN
