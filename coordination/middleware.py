"""What happens around every request: security headers, the transaction in which somebody acts, and what the log is told of its answer.

Decides nothing about rows: which those are is the matter of the walls.
"""

import logging
import time
from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connections, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from coordination import audit, clock
from coordination.identity import Actor, NobodyActs, acting
from coordination.oversight import openings
from coordination.views.answers import see_other
from coordination.views.errors import conflict, key_taken
from coordination.worlds import WITHOUT_CONTENT, Reach

log = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]
TOKEN_KEY = "acting_token"  # noqa: S105 - the name of a session key
TOUCHED_KEY = "touched"
#: Doors that open before somebody acts; every other URL sends a stranger to the login page.
OPEN_DOORS = frozenset(
    {
        *(
            "login",
            "logout",
            "second_factor",
            "enrol_factor",
            "change_password",
            "choose_membership",
            "confidentiality",
        ),
        *("healthz", "healthz_deadlines", "accessibility", "set_theme", "help"),
    }
)
#: All that an administrator may open: users, units and which law holds, never the work. Every other page is absent to them, whoever wrote its view.
ADMIN_DOORS = OPEN_DOORS | {
    *("today", "administration", "add_member", "member", "change_member", "member_verb"),
    *("administration_units", "add_unit", "change_unit", "close_unit", "law_date", "retention", "step_up"),
    "api_law_date",
}
#: Doors that a page knocks on by itself while somebody writes.
QUIET_DOORS = frozenset({"draft_save", "draft_save_nobody", "names_in_text"})
#: All that a privacy officer may open: what the log says of colleagues, never whom it is about.
PRIVACY_DOORS = OPEN_DOORS | {"today", "access_reviews", "access_review", "access_line"}
SHUT_TO_ALL_BUT = {Reach.ADMIN: ADMIN_DOORS, Reach.LOG: PRIVACY_DOORS}
#: Doors that never ask why: the question itself, its review, and letters, which wait for somebody whoever they are about.
ASK_NOTHING = ("opening_reason", "emergency_review", "letter", "api_letter")
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
        request.undone = False  # type: ignore[attr-defined]
        token = request.session.get(TOKEN_KEY)
        door = door_name(request)
        if token:
            self._touch(request, token)
            try:
                with acting(token, purpose=door) as actor:
                    request.actor = actor  # type: ignore[attr-defined]
                    response = self.get_response(request)
                    if response.status_code >= 500 or request.undone:  # type: ignore[attr-defined]
                        transaction.set_rollback(True)
                        audit.end()
                        return response
                    return account(request, actor, response)
            except NobodyActs:
                self._leave(request, token)
        if door in OPEN_DOORS:
            return self.get_response(request)
        return self._stranger(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Answer who reads no content at any door to it as if it were not there."""
        actor: Actor | None = request.actor  # type: ignore[attr-defined]
        if (
            actor is not None
            and actor.reach in WITHOUT_CONTENT
            and door_name(request) not in SHUT_TO_ALL_BUT[actor.reach]
        ):
            raise Http404

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a key that is taken with the conflict page, whoever has it, and undo the request. Any other constraint is a mistake of ours: 500."""
        if not isinstance(error, IntegrityError) or not key_taken(error) or connections["default"].needs_rollback:
            return None
        log.warning("%s: a key was taken", door_name(request), exc_info=error)
        request.undone = True  # type: ignore[attr-defined]
        return conflict(request)

    def _stranger(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith("/api/"):
            # The API answers a stranger itself, with a problem; no view of it reads before it has asked who acts.
            return self.get_response(request)
        response = redirect(settings.LOGIN_URL)
        if door_name(request) in QUIET_DOORS and request.headers.get("HX-Request"):
            # The page behind is not taken away: what was typed since still stands on it.
            return HttpResponse(_("Du er logget ut, og det du skriver lagres ikke. Logg inn i en ny fane."), status=401)
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


def account(request: HttpRequest, actor: Actor, response: HttpResponse) -> HttpResponse:
    """Tell the log what kind of answer this is, and return it, or the question why where somebody without a task opens one person.

    A door that was shut (403, 404) is noted with the keys it was tried with. Paper is a print and a file an export also where no view
    has said so.
    """
    match = request.resolver_match
    if match is None or not match.view_name:
        return response
    keys = [value for value in match.kwargs.values() if isinstance(value, UUID)]
    if response.status_code in {403, 404}:
        audit.note_refused(match.view_name, keys)
    elif response.status_code == 200 and not audit.has_noted("print", "export"):
        if response.get("Content-Type", "").startswith("application/pdf"):
            audit.note_event("print")
        elif response.get("Content-Disposition", "").startswith("attachment"):
            audit.note_event("export")
    if not keys or match.view_name.startswith(ASK_NOTHING) or not _shows(request, response):
        return response
    return _ask_why(request, actor, response)


def _shows(request: HttpRequest, response: HttpResponse) -> bool:
    """Return whether an answer shows what was asked for: a page, or a page again because the form on it was refused.

    Writing asks nothing, but a form sent empty is a way of reading.
    """
    if request.method in {"GET", "HEAD"}:
        return response.status_code == 200
    return response.status_code == 422 and not request.path_info.startswith("/api/")


def _ask_why(request: HttpRequest, actor: Actor, response: HttpResponse) -> HttpResponse:
    """Return the answer, or the way to the question when it shows one person whom nothing ties to the agency now (docs/adr/0010)."""
    persons, at = audit.persons_read(), clock.now()
    if len(persons) != 1 or actor.world not in openings.OPENINGS or actor.reach in WITHOUT_CONTENT:
        return response
    person = UUID(next(iter(persons)))
    if not openings.needs_reason(actor, person, at):
        return response
    given = openings.own_opening(actor, person, at)
    if given is not None:
        audit.detail(given.code)
        return response
    audit.withheld(person)
    url = f"{reverse('opening_reason', args=[person])}?{urlencode({'next': request.path})}"
    if request.path_info.startswith("/api/"):
        return HttpResponse(status=403)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return see_other(url)


def actor_of(request: HttpRequest) -> Actor:
    """Return who acts in this request. Views behind the middleware always have one."""
    actor = getattr(request, "actor", None)
    if actor is None:
        raise NobodyActs
    return actor  # type: ignore[no-any-return]
