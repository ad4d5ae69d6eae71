"""The boxes narrowed as people look for letters, and counted for every choice in one statement. Writes nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from consent.access.letters import reads_content
from consent.letters import REQUESTS, receipts
from consent.models import HANDLINGS, LETTERS, Handling, Letter
from coordination import clock
from coordination.identity import Actor
from coordination.models import Membership

#: What a box can be narrowed to, in the order of the page. `mine` and `unacknowledged` are for received letters.
STATES = ("nye", "venter", "ukvittert", "forfalt", "mine", "ferdig")
RECEIVED_ONLY = frozenset({"nye", "ukvittert", "mine"})


@dataclass(frozen=True, kw_only=True)
class Search:
    """What somebody looks for: a kind, the beginning of a family name, and days of sending (Oslo, both counted)."""

    kind: str = ""
    family_name: str = ""
    first: date | None = None
    last: date | None = None


def narrowed(letters: QuerySet[Any], search: Search) -> QuerySet[Any]:
    """Narrow a box to what somebody looks for. Receipts that came stand there only for who asks for their kind."""
    if search.kind:
        letters = letters.filter(kind=search.kind)
    else:
        letters = letters.exclude(kind__in=receipts(), direction=Letter.Direction.IN)
    if search.family_name:
        letters = letters.filter(body__family_name__istartswith=search.family_name)
    if search.first:
        letters = letters.filter(sent_at__gte=clock.local_day_bounds(search.first)[0])
    if search.last:
        letters = letters.filter(sent_at__lt=clock.local_day_bounds(search.last)[1])
    return letters


def state(actor: Actor, name: str, at: datetime) -> Q:
    """Return the condition of one of `STATES`."""
    waits = Q(settled_at=None) & ~Q(awaits="")
    return {
        "nye": Q(read_at=None, superseded_by=None),
        "venter": waits,
        # A request for information is answered; a receipt for it tells nobody.
        "ukvittert": Q(acknowledged_at=None, superseded_by=None) & ~Q(awaits="") & ~Q(kind__in=REQUESTS),
        "forfalt": waits & Q(due_at__lt=at),
        "mine": Q(Exists(_running(actor).filter(letter=OuterRef("pk"), what=Handling.What.ASSIGNED, to_membership_id=actor.membership_id))),
        "ferdig": Q(settled_at__isnull=False) & ~Q(awaits=""),
    }[name]  # fmt: skip


def counts(actor: Actor, letters: QuerySet[Any], names: list[str], at: datetime) -> dict[str, int]:
    """Return how many letters each of some states holds, in one statement."""
    return letters.order_by().aggregate(**{name: Count("pk", filter=state(actor, name, at)) for name in names})


# Who inside the agency has a letter


def _running(actor: Actor) -> QuerySet[Any]:
    reads_content(actor)
    rows: QuerySet[Any] = HANDLINGS[actor.world]._default_manager.filter(agency_id=actor.agency_id, ended_at=None)
    return rows


def handlings_of(actor: Actor, letter: Letter) -> list[Handling]:
    """Return to whom a letter was given inside the agency, newest first; those that were ended too."""
    reads_content(actor)
    rows = HANDLINGS[actor.world]._default_manager.filter(agency_id=actor.agency_id, letter=letter)
    return list(rows.order_by("-given_at", "-id"))


def assigned(actor: Actor, letters: list[Letter]) -> dict[UUID, str]:
    """Return the name of whoever has each of some letters to do, by the key of the copy."""
    rows = _running(actor).filter(letter_id__in=[letter.pk for letter in letters], what=Handling.What.ASSIGNED)
    return {row.letter_id: row.to_name for row in rows}


def given_to(actor: Actor) -> QuerySet[Any]:
    """Return what the actor, or the actor's role, was given and nobody has opened, with the letters."""
    rows = _running(actor).filter(seen_at=None).select_related("letter__other_agency", "letter__person__unit")
    return rows.filter(Q(to_membership_id=actor.membership_id) | Q(to_role=actor.role)).order_by("given_at")


def readers(actor: Actor, letter: Letter) -> list[Membership]:
    """Return the colleagues who may read a letter, by name; the database decides who they are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT letterbox.readers(%s)", [letter.pk])
        keys = [row[0] for row in cursor.fetchall()]
    return list(Membership.objects.filter(agency_id=actor.agency_id, pk__in=keys).order_by("display_name", "pk"))


# Who else had a letter


def siblings(actor: Actor, letter: Letter) -> list[Letter]:
    """Return the own letters that told others the very same about the same person, and stand."""
    reads_content(actor)
    same: QuerySet[Any] = LETTERS[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, direction=Letter.Direction.OUT, kind=letter.kind, person_id=letter.person_id
    )
    same = same.filter(digest=letter.digest, superseded_by=None).exclude(other_agency_id=letter.other_agency_id)
    latest: dict[UUID, Letter] = {}
    for row in same.select_related("other_agency").order_by("sent_at", "id"):
        latest[row.other_agency_id] = row
    return list(latest.values())
