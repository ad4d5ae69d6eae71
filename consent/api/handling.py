"""A letter inside the agency for programs: who can have it, given to do, told of, asked for again, acknowledged in bulk. Holds no rule."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from consent import access, actions
from consent.api.letters import TAG, LetterLine, LetterWhole
from consent.models import Handling, Letter
from coordination.api.declared import Listing, Verb, door
from coordination.api.fields import Instant, Words
from coordination.identity import Actor
from coordination.models import Membership, Role


class ReaderLine(serializers.Serializer[Membership]):
    """A colleague who may read a letter, and so can be given it."""

    id = serializers.UUIDField()
    name = serializers.CharField(source="display_name")
    role = serializers.CharField()


class HandlingLine(serializers.Serializer[Handling]):
    """That a letter was given to a colleague, or a role was told of it."""

    id = serializers.UUIDField()
    what = serializers.CharField()
    to = serializers.UUIDField(source="to_membership_id", allow_null=True)
    to_name = serializers.CharField(allow_blank=True)
    role = serializers.CharField(source="to_role", allow_blank=True)
    note = serializers.CharField(allow_blank=True)
    given_at = Instant()
    given_by_name = serializers.CharField()
    seen_at = Instant(allow_null=True)


class AssignBody(serializers.Serializer[Any]):
    """Who is to do it."""

    to = serializers.UUIDField(help_text="One of the letter's readers.")
    note = Words(max_length=500)


class ForwardBody(serializers.Serializer[Any]):
    """Who is told: a colleague, or else everybody with a role."""

    to = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="One of the letter's readers.")
    role = serializers.ChoiceField(choices=Role.values, required=False, allow_blank=True, default="")
    note = Words(max_length=500)


class ChosenBody(serializers.Serializer[Any]):
    """Which received letters."""

    letters = serializers.ListField(child=serializers.UUIDField(), max_length=access.PAGE)


class ChosenLetters(serializers.Serializer[Any]):
    """Those among them that are the agency's own; `acknowledged_at` tells which are acknowledged."""

    results = LetterLine(many=True)


def _readers(actor: Actor, pk: UUID) -> Any:
    found = access.readers(actor, access.access_letter(actor, pk))
    return Membership.objects.filter(agency_id=actor.agency_id, pk__in=[one.pk for one in found])


def _once(
    actor: Actor,
    letter: Letter,
    what: Handling.What,
    give: Callable[..., None],
    *,
    to: UUID | None,
    note: str,
    role: str = "",
) -> Handling:
    """Give a letter on, unless the very same was given before and is not ended; return what was given."""

    def found() -> Handling | None:
        rows = (row for row in access.handlings_of(actor, letter) if row.ended_at is None and row.what == what)
        same = (to, role, note)
        return next((row for row in rows if (row.to_membership_id, row.to_role, row.note) == same), None)

    row = found()
    if row is None:
        give(letter, to=to, note=note)
        row = found()
    assert row is not None  # the postman wrote it in this transaction
    return row


def _assign(actor: Actor, letter: Letter, *, to: UUID, note: str, at: datetime) -> Handling:
    return _once(actor, letter, Handling.What.ASSIGNED, actions.assign, to=to, note=note)


def _forward(actor: Actor, letter: Letter, *, to: UUID | None, role: str, note: str, at: datetime) -> Handling:
    give = partial(actions.forward, role=role)
    return _once(actor, letter, Handling.What.FORWARDED, give, to=to, note=note, role=role)


def _remind(actor: Actor, letter: Letter, *, at: datetime) -> Letter:
    actions.remind(letter)
    return access.access_letter(actor, letter.pk)


def _acknowledge(actor: Actor, inbox: Any, *, letters: list[UUID], at: datetime) -> dict[str, Any]:
    actions.acknowledge_many(actor, letters)
    return {"results": inbox.filter(pk__in=letters)}


urlpatterns = [
    path(
        "letters/<uuid:pk>/readers/",
        door(TAG, get=Listing("list_readers", "Kolleger som kan lese brevet", ReaderLine, _readers)),
        name="api_letter_readers",
    ),
    path(
        "letters/<uuid:pk>/assignment/",
        door(
            TAG,
            put=Verb(
                "assign_letter",
                "Tildel et mottatt brev",
                HandlingLine,
                may=access.access_received,
                do=_assign,
                body=AssignBody,
            ),
        ),
        name="api_letter_assign",
    ),
    path(
        "letters/<uuid:pk>/forwarding/",
        door(
            TAG,
            put=Verb(
                "forward_letter",
                "Videresend et brev til kolleger",
                HandlingLine,
                may=access.access_letter,
                do=_forward,
                body=ForwardBody,
            ),
        ),
        name="api_letter_forward",
    ),
    path(
        "letters/<uuid:pk>/reminder/",
        door(
            TAG,
            put=Verb("remind_recipient", "Minn mottakeren på brevet", LetterWhole, may=access.access_sent, do=_remind),
        ),
        name="api_letter_remind",
    ),
    path(
        "inbox/acknowledgement/",
        door(
            TAG,
            put=Verb(
                "acknowledge_letters",
                "Kvitter for flere mottatte brev",
                ChosenLetters,
                may=lambda actor: access.boxed(actor, Letter.Direction.IN),
                do=_acknowledge,
                body=ChosenBody,
            ),
        ),
        name="api_letters_acknowledge",
    ),
]
