"""Isolation without a decision: which moves there are, and when somebody should be spoken with again.

Must not decide who is isolated; see `cell_time`. Rule D27b (obligations R7.1.1-b, -c) is recommended and never a breach.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from coordination.clock import after, elapsed


class State(StrEnum):
    FLAGGED = "flagged"
    FOLLOWED = "followed"
    DISMISSED = "dismissed"
    ENDED = "ended"


class Move(StrEnum):
    CONSIDER_YES = "consider_yes"  # supervision and follow-up
    CONSIDER_NO = "consider_no"
    STAYS = "stays"  # no supervision, and yet a registered abstention under the 2026 act (N05)
    END = "end"


MOVES: Final = {
    (State.FLAGGED, Move.CONSIDER_YES): State.FOLLOWED,
    (State.FLAGGED, Move.CONSIDER_NO): State.DISMISSED,
    (State.FLAGGED, Move.STAYS): State.FOLLOWED,
    (State.FOLLOWED, Move.STAYS): State.FOLLOWED,
    (State.FLAGGED, Move.END): State.ENDED,
    # Considering again while it is followed: it stays so, or is let go.
    (State.FOLLOWED, Move.CONSIDER_YES): State.FOLLOWED,
    (State.FOLLOWED, Move.CONSIDER_NO): State.DISMISSED,
    (State.FOLLOWED, Move.END): State.ENDED,
}
"""No move is undone, only followed: what was dismissed is flagged anew, as a new record."""

CONSIDER_WITHIN: Final = timedelta(hours=24)
REST_AFTER_DISMISSAL: Final = timedelta(hours=24)
"""How long the system leaves somebody alone after the duty leader has dismissed a flag."""


def moved(state: State, move: Move) -> State | None:
    """The state after a move, or None where there is no such move."""
    return MOVES.get((state, move))


def may_flag_again(dismissed_at: datetime | None, at: datetime) -> bool:
    """Whether the system may ask again."""
    return dismissed_at is None or elapsed(dismissed_at, at) >= REST_AFTER_DISMISSAL


_STEPS: Final = (timedelta(), timedelta(days=3))
_WEEK: Final = timedelta(days=7)


def next_talk_due(started_at: datetime, talks: Sequence[datetime]) -> datetime:
    """When somebody should be motivated and informed next: at the start, on day three, then a week after the last (D27b), in UTC."""
    if not talks:
        return after(started_at, _STEPS[0])
    last = max(talks)
    third = after(started_at, _STEPS[1])
    return third if last < third else after(last, _WEEK)
