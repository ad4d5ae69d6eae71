"""What every operation of the API shares: JSON whatever is asked, strict input, a savepoint round verbs, declared answers. No rule."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from coordination.api.fields import NoQuery, PageQuery, Problem
from coordination.api.pagination import NewestFirst
from coordination.api.problems import MEDIA_TYPE, TITLES
from coordination.identity import Actor
from coordination.refusals import Refused

KEY_HEADER = "Idempotency-Key"
KEY = OpenApiParameter(
    KEY_HEADER,
    OpenApiTypes.UUID,
    OpenApiParameter.HEADER,
    required=True,
    description="Made by the caller; the same key again returns what the first call made.",
)
Form = type[Serializer[Any]]


class OnlyJson(DefaultContentNegotiation):
    """Answers in JSON whatever the caller would rather have: a problem must not be lost to another problem."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return the one renderer."""
        return renderers[0], renderers[0].media_type


class Door(APIView):
    """A view of the API. Who acts is known by the session; which rows there are is the matter of access functions and walls."""

    content_negotiation_class = OnlyJson
    paging: type[NewestFirst] = NewestFirst

    def page(self, request: Request, rows: QuerySet[Any], shown: Form, **more: Any) -> Response:
        """Return one page of rows by cursor."""
        paginator = self.paging()
        found = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response(shown(found, many=True, **more).data)


def actor_in(request: Request) -> Actor:
    """Return who acts. A door that nobody stands at is shut before any view asks."""
    actor = request.user
    assert isinstance(actor, Actor)
    return actor


def asked(request: Request, form: Form) -> dict[str, Any]:
    """Return what the query asks. Raises ValidationError also for what the list cannot be asked."""
    return _checked(request.query_params.dict(), form)


def given(request: Request, form: Form) -> dict[str, Any]:
    """Return what the body says. Raises ValidationError also for what the verb does not know."""
    return _checked(request.data, form)


def _checked(data: Any, form: Form) -> dict[str, Any]:
    reader = form(data=data)
    if isinstance(data, dict) and (unknown := sorted(set(data) - set(reader.fields))):
        raise ValidationError({name[:60]: [_("Feltet er ukjent.")] for name in unknown})
    reader.is_valid(raise_exception=True)
    checked: dict[str, Any] = reader.validated_data
    return checked


def among(value: Any, known: Any, field: str) -> Any:
    """Return a choice that only the actor's own data can tell. Raises ValidationError where it is none of those offered."""
    if value not in known:
        raise ValidationError({field: [_("Velg en av dem som kan velges her.")]})
    return value


@contextmanager
def naming(**names: str) -> Iterator[None]:
    """Let a refusal name fields as the body does, where the page that the verb was written for calls them something else."""
    try:
        yield
    except Refused as refused:
        refused.errors = {names.get(field, field): texts for field, texts in refused.errors.items()}
        raise


def key_in(request: Request) -> UUID:
    """Return the idempotency key. Raises ValidationError without one."""
    text = request.headers.get(KEY_HEADER, "")
    try:
        return UUID(text)
    except ValueError:
        message = _("Send en UUID i toppfeltet Idempotency-Key, den samme hver gang du prøver igjen.")
        raise ValidationError({KEY_HEADER: [message]}) from None


def reads(name: str, summary: str, answer: Any, *, query: Form = NoQuery, tag: str) -> Callable[[Any], Any]:
    """Declare an operation that reads."""
    described: Callable[[Any], Any] = extend_schema(
        operation_id=name,
        summary=summary,
        tags=[tag],
        parameters=[query] if query is not NoQuery else [],
        request=None,
        responses={200: answer, **_problems(400, 401, 403, 404)},
    )
    return described


def lists(name: str, summary: str, line: Form, *, query: Form = PageQuery, tag: str) -> Callable[[Any], Any]:
    """Declare an operation that reads one page of a list."""
    return reads(name, summary, page_form(line), query=query, tag=tag)


def does(
    name: str, summary: str, answer: Any, *, body: Form | None = None, status: int = 200, keyed: bool = False, tag: str
) -> Callable[[Any], Any]:
    """Declare a verb and run it in a savepoint, so that a refusal leaves nothing behind of what it had begun."""
    described = extend_schema(
        operation_id=name,
        summary=summary,
        tags=[tag],
        parameters=[KEY] if keyed else [],
        request=body,
        responses={status: answer, **_problems(400, 401, 403, 404, 409, 415, 422)},
    )
    return lambda view: described(transaction.atomic(view))


def _problems(*codes: int) -> dict[tuple[int, str], Any]:
    return {(code, MEDIA_TYPE): Problem for code in codes if code in TITLES}


_PAGES: dict[str, Form] = {}


def page_form(line: Form) -> Form:
    """Return the serializer of a page of lines; only the schema reads it."""
    from rest_framework import serializers

    name = f"{line.__name__}Page"
    if name not in _PAGES:
        fields = {
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": line(many=True),
        }
        _PAGES[name] = type(name, (Serializer,), {"__doc__": "One page.", **fields})
    return _PAGES[name]
