"""Errors as problem details (RFC 9457), with the same neutral answer for hidden and absent."""

import json
import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from coordination.models.owned import StaleWrite
from coordination.refusals import Refused
from coordination.step_up import NotConfirmed

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
PREFIX = "/api/"
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
    500: "Noe gikk galt hos oss. Ingenting er lagret",
}


def _body(status: int, **more: Any) -> dict[str, Any]:
    return {"type": "about:blank", "title": TITLES.get(status, "Feil"), "status": status, **more}


def problem(status: int, **more: Any) -> Response:
    """Return a problem details answer."""
    return Response(_body(status, **more), status=status, content_type=MEDIA_TYPE)


class ProblemMiddleware:
    """Makes a problem of every error under the API that did not come from one of its views.

    Those are the door that is shut to administrators before any view is asked, an address that leads nowhere, a request Django itself
    refuses, and an exception nobody expected. A page of HTML is of no use to a program.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Keep the next layer."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; headers and cookies stay as they are, only the page is replaced."""
        response = self.get_response(request)
        told = response.headers.get("Content-Type", "").startswith(MEDIA_TYPE)
        if request.path_info.startswith(PREFIX) and response.status_code >= 400 and not told:
            response.content = json.dumps(_body(response.status_code), ensure_ascii=False).encode()
            response.headers["Content-Type"] = MEDIA_TYPE
        return response


def problem_response(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception from an API view into a problem; None lets an unknown one become a 500 with no data.

    What a verb had begun is undone already: verbs run in a savepoint (`doors.does`).
    """
    if isinstance(exc, exceptions.ValidationError):
        return problem(400, errors=exc.detail)
    if isinstance(exc, exceptions.ParseError):
        return problem(400, detail=_("Innholdet kan ikke leses som JSON."))
    if isinstance(exc, Refused):
        return problem(422, code=exc.code, detail=str(exc), errors=exc.errors)
    if isinstance(exc, StaleWrite):
        return problem(409)
    if isinstance(exc, Http404):
        return problem(404)
    if isinstance(exc, PermissionDenied):
        return problem(403)
    if isinstance(exc, NotConfirmed):
        return problem(403, code="step_up", detail=_("Bekreft passordet i nettleseren, og prøv igjen."))
    if isinstance(exc, IntegrityError):
        # One neutral answer: the database's text would tell which constraint, and so that another row exists.
        log.warning("a constraint refused", exc_info=exc)
        return problem(409)
    response = exception_handler(exc, context)
    if response is None:
        return None
    answer = problem(response.status_code)
    for header in ("WWW-Authenticate", "Allow", "Retry-After"):
        if header in response:
            answer[header] = response[header]
    return answer
