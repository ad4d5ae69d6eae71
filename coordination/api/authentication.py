"""The API's door: the same session, the same identity, the same walls as the pages."""

from typing import Any

from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from coordination.identity import Actor


class ActorAuthentication(BaseAuthentication):
    """Takes the actor that the middleware bound to this transaction; asks for a CSRF token on unsafe methods."""

    def authenticate(self, request: Request) -> tuple[Actor, None] | None:
        """Return the actor, or None when nobody acts."""
        actor = getattr(request._request, "actor", None)
        if actor is None:
            return None
        check = CSRFCheck(lambda _request: None)  # type: ignore[arg-type]
        check.process_request(request._request)
        reason = check.process_view(request._request, None, (), {})  # type: ignore[arg-type]
        if reason:
            raise PermissionDenied("CSRF")
        return actor, None

    def authenticate_header(self, request: Request) -> str:
        """Return a scheme, so that an anonymous call gets 401 and not 403."""
        return "Session"


class IsSomebody(BasePermission):
    """Somebody acts, an administrator too: for the few doors that hold no content."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether anybody acts; the door itself asks who."""
        return isinstance(request.user, Actor)


class IsActing(BasePermission):
    """Somebody acts, and not as an administrator: an administrator sees no content."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return whether the door opens at all; which rows it shows is the walls' matter."""
        return isinstance(request.user, Actor) and request.user.reach != "admin"
