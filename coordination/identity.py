"""Who is acting in this context, and the transaction in which they act.

The application holds only an opaque token; the database turns it into an identity (`sec.begin`) bound to one transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from coordination import audit
from coordination.models.agencies import Role
from coordination.worlds import Reach, World


@dataclass(frozen=True)
class Token:
    """What opens an identity: a session token, or a job id in the worker."""

    value: str
    function: str = "begin"


@dataclass(frozen=True)
class Actor:
    """The acting membership, as the database said it. Never built from anything a browser sent."""

    user_id: UUID
    membership_id: UUID
    display_name: str
    role: Role
    reach: Reach
    agency_id: UUID
    agency_name: str
    agency_kind: str
    world: World
    unit_id: UUID | None
    unit_name: str
    verified: bool

    @property
    def role_label(self) -> str:
        """Return the role in Norwegian."""
        return str(self.role.label)

    @property
    def signature(self) -> str:
        """Return role and name as records carry them ("Betjent M. Eksempel")."""
        return f"{self.role_label.capitalize()} {self.display_name}"

    @property
    def initials(self) -> str:
        """Return up to two initials."""
        return "".join(part[0] for part in self.display_name.split()[:1] + self.display_name.split()[-1:])[:2].upper()

    def has_role(self, *roles: Role) -> bool:
        """Return whether the acting role is one of `roles`."""
        return self.role in roles


def signed(actor: Actor, at: datetime) -> dict[str, Any]:
    """Return what every `Recorded` row carries of who wrote it down and when (an instant)."""
    return {"agency_id": actor.agency_id, "recorded_at": at, "by_id": actor.membership_id, "by_name": actor.signature}


current_token: ContextVar[Token | None] = ContextVar("samvirke_token", default=None)


class NobodyActs(Exception):
    """The token opens nothing: unknown, revoked, idle too long, or the membership has ended."""


def actor_from(row: tuple[Any, ...]) -> Actor:
    """Return the actor of a `sec.acting` row (without its leading database role)."""
    user, membership, name, role, reach, agency, agency_name, kind, world, unit, unit_name, verified = row
    return Actor(
        user,
        membership,
        name,
        Role(role),
        Reach(str(reach)),
        agency,
        agency_name,
        kind,
        World(str(world)),
        unit,
        unit_name or "",
        verified,
    )


@contextmanager
def acting(token: Token | str, purpose: str = "") -> Iterator[Actor]:
    """Run the body as the one the token names, in one transaction, and write what was read before commit.

    Yields the actor. Raises `NobodyActs` before the body when the token opens nothing.
    """
    reset = current_token.set(token if isinstance(token, Token) else Token(token))
    audit.begin(purpose)
    try:
        with transaction.atomic():
            actor = connections["default"].actor  # type: ignore[attr-defined]
            if actor is None:
                raise NobodyActs
            yield actor
            audit.flush()
    finally:
        audit.end()
        current_token.reset(reset)
