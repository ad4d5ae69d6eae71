"""What the doors of measures share. Holds no rule."""

from collections.abc import Iterable
from uuid import UUID

from rest_framework.request import Request

from coordination.api.doors import actor_in
from coordination.identity import Actor
from coordination.models import Role
from coordination.people.access import access_person
from isolation import access


def at_measure(request: Request, pk: UUID, roles: Iterable[Role]) -> Actor:
    """Return who acts on a measure, or raise Http404 for a role or a row that has no business here."""
    actor = actor_in(request)
    access.require_role(actor, roles)
    access.access_measure(actor, pk)
    return actor


def at_person(request: Request, pk: UUID, roles: Iterable[Role]) -> Actor:
    """As `at_measure`, for one person."""
    actor = actor_in(request)
    access.require_role(actor, roles)
    access_person(actor, pk)
    return actor
