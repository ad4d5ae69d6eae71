"""What the doors of isolation share. Holds no rule."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from coordination.identity import Actor
from coordination.models import Role
from isolation import access


def those(roles: Iterable[Role], find: Callable[[Actor, UUID], Any]) -> Callable[[Actor, UUID], UUID]:
    """Return what lets those roles at what `find` finds, by its key; Http404 for a role or a row that has no business here."""

    def may(actor: Actor, pk: UUID) -> UUID:
        access.require_role(actor, roles)
        find(actor, pk)
        return pk

    return may
