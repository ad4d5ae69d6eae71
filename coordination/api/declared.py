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
    """A list, turned in pages. `rows` takes the actor, the keys of the address and what `query` asks beside how to turn the pages.

    It raises Http404 like any access function.
    """

    name: str
    summary: str
    line: Form
    rows: Callable[..., QuerySet[Any]]
    query: Form = PageQuery


@dataclass(frozen=True)
class Reading:
    """One thing that is read: `found` takes the actor and the keys of the address. `confirmed`: the password is asked for again."""

    name: str
    summary: str
    answer: Form
    found: Callable[..., Any]
    confirmed: bool = False
    more: str = ""


@dataclass(frozen=True)
class Verb:
    """One verb. `may` takes the actor and the keys of the address and returns what the verb is about, or raises Http404 before the body
    is looked at; `do` takes the actor, that, `at`, the fields of the body and, where it makes something, `key`; it returns what is shown.

    `again` reads what is shown anew, from the actor and the key of what `do` returned, else of the address. `now` is the field of the body
    that means now when it is null. `names` says what the body calls the fields a refusal may name. `confirmed`: the password is asked for
    again, always or where it says so of the body. `more` is told beside the summary where that does not say it all.
    """

    name: str
    summary: str
    answer: Form
    may: Callable[..., Any]
    do: Callable[..., Any]
    body: Form | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    confirmed: bool | Callable[[Mapping[str, Any]], bool] = False
    again: Callable[[Actor, UUID], Any] | None = None
    now: str = ""
    more: str = ""


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
    return cast(type[Door], type("Declared", (Door,), methods)).as_view()


def _listing(told: Listing, tag: str) -> Any:
    def get(self: Door, request: Request, **where: UUID) -> Response:
        actor = actor_in(request)
        chosen = {name: value for name, value in asked(request, told.query).items() if name not in PageQuery().fields}
        return self.page(request, told.rows(actor, **where, **chosen), told.line)

    get.__doc__ = "Return a page."
    return lists(told.name, told.summary, told.line, query=told.query, tag=tag)(get)


def _reading(told: Reading, tag: str) -> Any:
    def get(self: Door, request: Request, **where: UUID) -> Response:
        actor = actor_in(request)
        asked(request, NoQuery)
        if told.confirmed:
            step_up.require(request)
        return Response(told.answer(told.found(actor, **where)).data)

    get.__doc__ = told.more or told.summary
    return reads(told.name, told.summary, told.answer, tag=tag)(get)


def _verb(told: Verb, tag: str, *, keyed: bool) -> Any:
    status = 201 if keyed else 200

    def change(self: Door, request: Request, **where: UUID) -> Response:
        actor: Actor = actor_in(request)
        about = told.may(actor, **where)
        said: dict[str, Any] = {"key": key_in(request)} if keyed else {}
        if told.body is not None:
            said |= given(request, told.body)
        if told.confirmed(said) if callable(told.confirmed) else told.confirmed:
            step_up.require(request)
        at = clock.now()
        if told.now:
            said[told.now] = said[told.now] or at
        with naming(**told.names):
            row = told.do(actor, about, at=at, **said)
        if told.again is not None:
            row = told.again(actor, where["pk"] if row is None else row.pk)
        return Response(told.answer(row).data, status=status)

    change.__doc__ = told.more or told.summary
    return does(told.name, told.summary, told.answer, body=told.body, status=status, keyed=keyed, tag=tag)(change)
