"""Doors of the API that are told in a line each: who may come, what is done, and what is answered. Holds no rule and asks no table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

from django.db.models import QuerySet
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock, step_up
from coordination.api.doors import Door, Form, actor_in, asked, does, given, key_in, lists, naming, reads
from coordination.api.fields import NoQuery, PageQuery
from coordination.identity import Actor


@dataclass(frozen=True)
class Listing:
    """A list, turned in pages. `rows` takes the actor and the keys of the address, and raises Http404 like any access function."""

    name: str
    summary: str
    line: Form
    rows: Callable[..., QuerySet[Any]]


@dataclass(frozen=True)
class Reading:
    """One thing that is read: `found` takes the actor and the keys of the address. `confirmed`: the password is asked for again."""

    name: str
    summary: str
    answer: Form
    found: Callable[..., Any]
    confirmed: bool = False


@dataclass(frozen=True)
class Verb:
    """One verb. `may` takes the actor and the keys of the address and returns what the verb is about, or raises Http404 before the body
    is looked at; `do` takes the actor, that, `at`, the fields of the body and, where it makes something, `key`; it returns what is shown.

    `names` says what the body calls the fields a refusal may name; `confirmed`: the password is asked for again.
    """

    name: str
    summary: str
    answer: Form
    may: Callable[..., Any]
    do: Callable[..., Any]
    body: Form | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool = False


def door(
    tag: str,
    *,
    get: Listing | Reading | None = None,
    post: Verb | None = None,
    put: Verb | None = None,
    permissions: tuple[type[BasePermission], ...] = (),
) -> Callable[..., Any]:
    """Return the view of one address. A POST makes something and asks for a key; a PUT twice changes nothing more."""
    methods: dict[str, Any] = {"permission_classes": permissions} if permissions else {}
    if get is not None:
        methods["get"] = _listing(get, tag) if isinstance(get, Listing) else _reading(get, tag)
    if post is not None:
        methods["post"] = _verb(post, tag, keyed=True)
    if put is not None:
        methods["put"] = _verb(put, tag, keyed=False)
    told = next(found for found in (get, post, put) if found is not None)
    return cast(type[Door], type("Declared", (Door,), {"__doc__": told.summary, **methods})).as_view()


def _listing(told: Listing, tag: str) -> Any:
    def get(self: Door, request: Request, **where: UUID) -> Response:
        actor = actor_in(request)
        asked(request, PageQuery)
        return self.page(request, told.rows(actor, **where), told.line)

    return lists(told.name, told.summary, told.line, tag=tag)(get)


def _reading(told: Reading, tag: str) -> Any:
    def get(self: Door, request: Request, **where: UUID) -> Response:
        actor = actor_in(request)
        asked(request, NoQuery)
        if told.confirmed:
            step_up.require(request)
        return Response(told.answer(told.found(actor, **where)).data)

    return reads(told.name, told.summary, told.answer, tag=tag)(get)


def _verb(told: Verb, tag: str, *, keyed: bool) -> Any:
    status = 201 if keyed else 200

    def change(self: Door, request: Request, **where: UUID) -> Response:
        actor: Actor = actor_in(request)
        about = told.may(actor, **where)
        said: dict[str, Any] = {"key": key_in(request)} if keyed else {}
        if told.body is not None:
            said |= given(request, told.body)
        if told.confirmed:
            step_up.require(request)
        with naming(**told.names):
            row = told.do(actor, about, at=clock.now(), **said)
        return Response(told.answer(row).data, status=status)

    return does(told.name, told.summary, told.answer, body=told.body, status=status, keyed=keyed, tag=tag)(change)
