"""Error pages. They say what to do next and show no data."""

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from psycopg.errors import UniqueViolation


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or old; what was typed is still in the browser's form when going back."""
    return render(request, "403_csrf.html", status=403)


def key_taken(error: IntegrityError) -> bool:
    """Return whether a constraint refused because the key is another row's, which may stand behind a wall."""
    return isinstance(error.__cause__, UniqueViolation)


def conflict(request: HttpRequest) -> HttpResponse:
    """Answer when somebody else changed the same thing: nothing was saved."""
    return render(request, "409.html", status=409)
