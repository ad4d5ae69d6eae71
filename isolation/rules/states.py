"""The states of a measure, the moves between them, and who may make each. No move is undone, only followed by another.

Must not hold what a move asks for in words, nor any clock. Source: the state machine of docs/domain.md, strgjfl §§ 37-39.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from .kinds import COERCIVE, Extent, Kind


class State(StrEnum):
    PROPOSED = "proposed"  # somebody says a measure may be needed; nothing has been done to anybody
    AWAITING_STATEMENT = "awaiting_statement"  # a doctor has been asked (cell and bed)
    WITHDRAWN = "withdrawn"  # it came to nothing
    EFFECTIVE = "effective"
    PARTIAL = "partial"  # an exclusion that leaves some company
    ENDED = "ended"
    CLOSED = "closed"  # the protocol is closed


class Move(StrEnum):
    REQUEST_STATEMENT = "request_statement"
    WITHDRAW = "withdraw"
    DECIDE = "decide"
    DECIDE_PARTIAL = "decide_partial"
    KEEP = "keep"
    EASE = "ease"
    END = "end"
    LEAVE = "leave"  # the stay ended, or the person was handed over
    CLOSE = "close"


MOVES: Final[dict[State, dict[Move, State]]] = {
    State.PROPOSED: {
        Move.REQUEST_STATEMENT: State.AWAITING_STATEMENT,
        Move.WITHDRAW: State.WITHDRAWN,
        Move.DECIDE: State.EFFECTIVE,
        Move.DECIDE_PARTIAL: State.PARTIAL,
    },
    State.AWAITING_STATEMENT: {Move.WITHDRAW: State.WITHDRAWN, Move.DECIDE: State.EFFECTIVE},
    State.EFFECTIVE: {
        Move.KEEP: State.EFFECTIVE,
        Move.EASE: State.PARTIAL,
        Move.END: State.ENDED,
        Move.LEAVE: State.ENDED,
    },
    State.PARTIAL: {Move.KEEP: State.PARTIAL, Move.END: State.ENDED, Move.LEAVE: State.ENDED},
    State.ENDED: {Move.CLOSE: State.CLOSED},
    State.WITHDRAWN: {},
    State.CLOSED: {},
}


class NoSuchMove(ValueError):
    """The state does not lead there."""


def moved(state: State, move: Move, kind: Kind) -> State:
    """The state after a move. Raises `NoSuchMove`: from a state that does not lead there, or for a kind that has no such step.

    Only cell and bed wait for a doctor; only a full exclusion can be eased into a partial one.
    """
    if move is Move.REQUEST_STATEMENT and kind not in COERCIVE:
        raise NoSuchMove(move)
    if move in (Move.EASE, Move.DECIDE_PARTIAL) and kind in COERCIVE:
        raise NoSuchMove(move)
    try:
        return MOVES[state][move]
    except KeyError:
        raise NoSuchMove(f"{state} {move}") from None


def state_of(extent: Extent | None, *, ended: bool, closed: bool) -> State:
    """The state of a measure that has taken effect."""
    if closed:
        return State.CLOSED
    if ended:
        return State.ENDED
    return State.PARTIAL if extent is Extent.PARTIAL else State.EFFECTIVE
