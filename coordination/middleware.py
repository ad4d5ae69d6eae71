"""What happens around every request: security headers, and the transaction in which somebody acts. Decides nothing about rows."""

import time
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.db import connections, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers

from coordination import audit
from coordination.identity import Actor, NobodyActs, acting
from coordination.worlds import Reach

GetResponse = Callable[[HttpRequest], HttpResponse]
TOKEN_KEY = "acting_token"  # noqa: S105 - the name of a session key
TOUCHED_KEY = "touched"
#: Doors that open before somebody acts; every other URL sends a stranger to the login page.
OPEN_DOORS = frozenset(
    {
        *("login", "logout", "second_factor", "enrol_factor", "change_password", "choose_membership"),
        *("healthz", "healthz_deadlines", "accessibility", "set_theme", "help"),
    }
)
#: All that an administrator may open: users, units and which law holds, never the work. Every other page is absent to them, whoever wrote its view.
ADMIN_DOORS = OPEN_DOORS | {
    *("today", "administration", "add_member", "member", "change_member", "member_verb"),
    *("administration_units", "add_unit", "change_unit", "close_unit", "law_date", "retention"),
}
#: Why the last session ended, for the login page to say once.
LEFT_KEY = "left"


class SecurityHeadersMiddleware:
    """Adds the strict content policy and forbids caching of anything but static files, also on error pages."""

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with headers."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if not request.path.startswith(settings.STATIC_URL):
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        return response


def door_name(request: HttpRequest) -> str:
    """Return the name of the URL a request goes to, "" where there is none; the purpose in the audit log."""
    try:
        return resolve(request.path_info).view_name or ""
    except Resolver404:
        return ""


class ActingMiddleware:
    """Runs the view in one transaction as the acting membership, and writes what it read before commit.

    Not ATOMIC_REQUESTS: that wraps the view only, and the audit rows belong inside. An answer of 500 rolls back. If the audit
    log cannot be written, the exception leaves here and the browser gets an error page without data.
    """

    def __init__(self, get_response: GetResponse) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as somebody, or send a stranger to the login page."""
        request.actor = None  # type: ignore[attr-defined]
        token = request.session.get(TOKEN_KEY)
        door = door_name(request)
        if token:
            self._touch(request, token)
            try:
                with acting(token, purpose=door) as actor:
                    request.actor = actor  # type: ignore[attr-defined]
                    response = self.get_response(request)
                    if response.status_code >= 500:
                        transaction.set_rollback(True)
                        audit.end()
                    return response
            except NobodyActs:
                self._leave(request, token)
        if door in OPEN_DOORS:
            return self.get_response(request)
        return self._stranger(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Answer an administrator at any door to content as if it were not there."""
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if actor is not None and actor.reach is Reach.ADMIN and door_name(request) not in ADMIN_DOORS:
            raise Http404

    def _stranger(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            # The API answers a stranger itself, with a problem; no view of it reads before it has asked who acts.
            return self.get_response(request)
        response = redirect(settings.LOGIN_URL)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": response.url})
        if request.method == "GET" and request.path_info != "/":
            # The path alone: it names keys and nobody, while a query could hold something typed.
            response = redirect(f"{response.url}?{urlencode({'next': request.path})}")
        return response

    def _leave(self, request: HttpRequest, token: str) -> None:
        """Forget everything the browser's session held, but not why it ended."""
        with connections["auth"].cursor() as cursor:
            cursor.execute("SELECT sec.closed_because(%s)", [token])
            row = cursor.fetchone()
        request.session.flush()
        request.session[LEFT_KEY] = row[0] if row else ""

    def _touch(self, request: HttpRequest, token: str) -> None:
        """Tell the database that the session is alive, at most once a minute."""
        now = int(time.time())
        if now - request.session.get(TOUCHED_KEY, 0) < 60:
            return
        with connections["auth"].cursor() as cursor:
            cursor.execute("SELECT sec.touch_session(%s)", [token])
        request.session[TOUCHED_KEY] = now


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request. Views behind the middleware always have one."""
    actor = getattr(request, "actor", None)
    if actor is None:
        raise NobodyActs
    return actor  # type: ignore[no-any-return]
