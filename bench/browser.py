"""Requests without a network: the WSGI door that production uses, a real session, and one database connection of each kind.

A request goes in as a WSGI environment and comes out as bytes, so everything between is measured: middleware, session, view,
template, queries, commit.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import RequestFactory, override_settings

from bench import plain, server
from bench.data import Seat
from bench.timing import Cpu
from coordination.middleware import TOKEN_KEY, TOUCHED_KEY

ACTING = "coordination.middleware.ActingMiddleware"
SECRET = "b" * 32
#: What `django-admin startproject` puts around every view, save for logins, which need its own user.
STARTPROJECT = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
)
#: What differs between two answers to the same request: keys and secrets made anew.
FRESH = re.compile(rb'(?:name="(?:csrfmiddlewaretoken|key)" value="[^"]*"|[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{22})')


def handler(*middleware: str) -> WSGIHandler:
    """Return a WSGI application with its own list of middleware."""
    with override_settings(MIDDLEWARE=list(middleware)), warnings.catch_warnings():
        # A folder for collected static files exists in production only; no page reads it.
        warnings.filterwarnings("ignore", message="No directory at")
        return WSGIHandler()


class Doors:
    """Three applications over one database: the product, the same in plain Django, and the empty view."""

    def __init__(self, name: str, who: dict[tuple[str, str], Seat]) -> None:
        """Build the applications; connections open with the first request."""
        self.who = who
        self.auth = server.wrapper("auth", name)
        self.walled = server.wrapper("default", name)
        self.plain = server.plain_wrapper(name)
        listed = list(settings.MIDDLEWARE)
        self.product = handler(*listed)
        self.by_hand = handler(*("bench.plain.PlainActing" if each == ACTING else each for each in listed))
        self.nothing = handler("bench.nothing.Routed", *STARTPROJECT)
        self.sessions = {key: self._log_in(seat) for key, seat in who.items()}
        plain.MEMBERS.update({seat.token: seat.membership for seat in who.values()})

    def _log_in(self, seat: Seat) -> str:
        with server.swapped(auth=self.auth, default=self.walled):
            session: Any = import_module(settings.SESSION_ENGINE).SessionStore()
            session[TOKEN_KEY] = seat.token
            session[TOUCHED_KEY] = 4_000_000_000
            session.create()
            return str(session.session_key)

    def cpu(self) -> Cpu:
        """Return a clock of this process and of the backends that serve it; call it when every connection is open."""
        opened = [each for each in (self.auth, self.walled, self.plain) if each.connection is not None]
        return Cpu([each.connection.info.backend_pid for each in opened])

    @contextmanager
    def using(self, default: BaseDatabaseWrapper) -> Iterator[None]:
        """Let requests of a block go to this database; `default` says through which door."""
        with server.swapped(auth=self.auth, default=default):
            yield

    def environ(self, who: tuple[str, str], url: str, data: dict[str, str] | None = None) -> dict[str, Any]:
        """Return the WSGI environment of somebody's request; with `data` a POST as a form sends it."""
        factory = RequestFactory(SERVER_NAME="127.0.0.1", HTTP_HOST="127.0.0.1")
        cookies = f"{settings.SESSION_COOKIE_NAME}={self.sessions[who]}; {settings.CSRF_COOKIE_NAME}={SECRET}"
        if data is None:
            return dict(factory.get(url, HTTP_COOKIE=cookies).environ)
        body = urlencode({**data, "csrfmiddlewaretoken": SECRET}).encode()
        made = factory.generic("POST", url, body, content_type="application/x-www-form-urlencoded", HTTP_COOKIE=cookies)
        return {**made.environ, "wsgi.input": BytesIO(body)}

    def close(self) -> None:
        """Let go of every connection."""
        for each in (self.auth, self.walled, self.plain):
            each.close()


def answer(application: WSGIHandler, environ: dict[str, Any]) -> tuple[int, bytes]:
    """Send a request and return status and body, all of it, as a server would."""
    status: list[int] = []

    def start(line: str, headers: Any, problem: Any = None, /) -> Callable[[bytes], object]:
        status.append(int(line[:3]))
        return lambda _bytes: None

    response: Any = application({**environ, "wsgi.errors": BytesIO()}, start)
    body = b"".join(response)
    response.close()
    return status[0], body


def likeness(body: bytes) -> bytes:
    """Return a page without what is made anew at every answer."""
    return FRESH.sub(b"", body)


def close_all() -> None:
    """Close what Django holds open in this thread."""
    for alias in connections:
        connections[alias].close()
