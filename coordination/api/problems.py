"""Errors as problem details (RFC 9457), with the same neutral answer for hidden and absent."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from coordination.models.owned import StaleWrite
from coordination.refusals import Refused

TITLES = {
    400: "Noe må rettes",
    401: "Du er ikke logget inn",
    403: "Du har ikke tilgang til dette",
    404: "Finnes ikke",
    405: "Metoden kan ikke brukes her",
    409: "Noen andre har endret dette",
    415: "Innholdet må være JSON",
    422: "Regelen tillater ikke dette",
    429: "For mange forespørsler",
}


def problem(status: int, **more: Any) -> Response:
    """Return a problem details answer."""
    body = {"type": "about:blank", "title": TITLES.get(status, "Feil"), "status": status, **more}
    return Response(body, status=status, content_type="application/problem+json")


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception from an API view into a problem; None lets an unknown one become a 500 with no data.

    What a verb had begun is undone already: verbs run in a savepoint (`doors.does`).
    """
    if isinstance(exc, exceptions.ValidationError):
        return problem(400, errors=exc.detail)
    if isinstance(exc, Refused):
        return problem(422, code=exc.code, detail=str(exc), errors=exc.errors)
    if isinstance(exc, StaleWrite):
        return problem(409)
    if isinstance(exc, Http404):
        return problem(404)
    if isinstance(exc, PermissionDenied):
        return problem(403)
    if isinstance(exc, IntegrityError):
        # One neutral answer: the database's text would tell which constraint, and so that another row exists.
        return problem(409)
    response = exception_handler(exc, context)
    if response is None:
        return None
    answer = problem(response.status_code)
    for header in ("WWW-Authenticate", "Allow", "Retry-After"):
        if header in response:
            answer[header] = response[header]
    return answer
