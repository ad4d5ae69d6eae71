"""The story-teller's tools: act as somebody at an instant, and let the letters be dated to it."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

import psycopg

from coordination import clock
from coordination.identity import Actor, acting
from coordination.login import close_session
from demo.agencies import Stage, open_session
from demo.moving_time import letter_instants, redate

T = TypeVar("T")


class Teller:
    """Tells the story through the verbs, one transaction an act."""

    def __init__(self, stage: Stage, connection: psycopg.Connection, at: datetime) -> None:
        """Open a session for every membership; `at` is now."""
        self.stage, self.connection, self.at = stage, connection, at
        self.tokens: dict[str, str] = {}
        self.letters = letter_instants(connection)

    def __enter__(self) -> "Teller":
        """Open the sessions."""
        for name, membership in self.stage.memberships.items():
            self.tokens[name] = f"demo-{uuid.uuid4()}"
            open_session(membership, self.tokens[name])
        return self

    def __exit__(self, *_error: object) -> None:
        """Close them again; a session nobody holds is one too many."""
        for token in self.tokens.values():
            close_session(token)

    def ago(self, **how: float) -> datetime:
        """Return an instant before now."""
        return self.at - timedelta(**how)

    def act(self, who: str, at: datetime, verb: Callable[[Actor, datetime], T], *, letters: bool = True) -> T:
        """Let somebody do something at an instant, and date what the postman stamped to it, where letters are touched."""
        began = clock.now()
        with acting(self.tokens[who], "demo") as actor:
            result = verb(actor, at)
        if letters:
            redate(self.connection, self.letters, began, at)
        return result


def key() -> uuid.UUID:
    """Return a fresh idempotency key."""
    return uuid.uuid4()


def latest(actor: Actor, kind: str, **about: Any) -> Any:
    """Return the newest received letter of a kind whose content says this."""
    from consent.access import inbox

    return inbox(actor).filter(kind=kind, **{f"body__{name}": value for name, value in about.items()}).first()
