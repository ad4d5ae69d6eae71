"""Letters for an actor, from one queryset each. Writes nothing. Absent and hidden are the same."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from consent.letters import KINDS, REQUESTS, receipts
from consent.models import LETTERS, LegalBasis, Letter
from coordination.identity import Actor
from coordination.models import Agency
from coordination.paging import cursor_of, place_of
from coordination.people.access import one_or_404
from coordination.worlds import WITHOUT_CONTENT

PAGE = 25


def reads_content(actor: Actor) -> None:
    """Raise Http404 for who reads no content: an administrator and a privacy officer read no letter and no consent."""
    if actor.reach in WITHOUT_CONTENT or actor.world not in LETTERS:
        raise Http404


def letters_for(actor: Actor) -> QuerySet[Any]:
    """Return the copies the actor may read: the walls decide, this narrows to the acting world and orders newest first."""
    reads_content(actor)
    letters: QuerySet[Any] = LETTERS[actor.world]._default_manager.filter(agency_id=actor.agency_id)
    return letters.select_related("person", "other_agency").order_by("-sent_at", "-id")


def boxed(actor: Actor, direction: Letter.Direction) -> QuerySet[Any]:
    """Return the copies of one box as a list shows them: the person by what the letter says, the register unread."""
    return letters_for(actor).select_related(None).select_related("other_agency").filter(direction=direction)


def inbox(actor: Actor) -> QuerySet[Any]:
    """Return received copies, newest first."""
    return letters_for(actor).filter(direction=Letter.Direction.IN)


def outbox(actor: Actor) -> QuerySet[Any]:
    """Return sent copies, newest first."""
    return letters_for(actor).filter(direction=Letter.Direction.OUT)


def unread(letters: QuerySet[Any]) -> QuerySet[Any]:
    """Narrow to letters that the recipient has not opened; a receipt waits for nobody to open it."""
    return letters.filter(read_at=None, superseded_by=None).exclude(kind__in=receipts())


def awaiting(letters: QuerySet[Any]) -> QuerySet[Any]:
    """Narrow to letters whose receipt or answer has not come."""
    return letters.filter(settled_at=None).exclude(awaits="")


def waiting(actor: Actor) -> QuerySet[Any]:
    """Return copies that wait for a receipt or an answer, soonest first."""
    return awaiting(letters_for(actor)).order_by("due_at")


def access_letter(actor: Actor, pk: UUID) -> Letter:
    """Return one copy by its own key, or raise Http404 for hidden and absent alike."""
    letter: Letter = one_or_404(letters_for(actor).filter(pk=pk))
    return letter


def access_received(actor: Actor, pk: UUID) -> Letter:
    """Return a received copy, or raise Http404: only the recipient leaves receipts."""
    letter = access_letter(actor, pk)
    if letter.direction != Letter.Direction.IN:
        raise Http404
    return letter


def access_sent(actor: Actor, pk: UUID) -> Letter:
    """Return a sent copy, or raise Http404: only the sender asks again."""
    letter = access_letter(actor, pk)
    if letter.direction != Letter.Direction.OUT:
        raise Http404
    return letter


def own_copy(actor: Actor, letter_id: UUID, direction: Letter.Direction) -> Letter | None:
    """Return the agency's own copy of a letter by the key both sides share, or None."""
    copy: Letter | None = letters_for(actor).filter(letter_id=letter_id, direction=direction).first()
    return copy


def access_correctable(actor: Actor, pk: UUID) -> Letter:
    """Return a letter the actor may correct: sent from here, of a kind their role sends, about somebody they still see. Else Http404."""
    letter = access_letter(actor, pk)
    if not correctable(actor, letter) and not (letter.superseded_by and letter.direction == Letter.Direction.OUT):
        raise Http404
    return letter


def correctable(actor: Actor, letter: Letter) -> bool:
    """Return whether the actor may send a corrected letter in place of this one."""
    kind = KINDS.get(letter.kind)
    return (
        kind is not None
        and letter.direction == Letter.Direction.OUT
        and letter.superseded_by is None
        # A request is asked anew, with its own naming and reasons; it is never put right by whoever else may write letters.
        and letter.kind not in REQUESTS
        and actor.role in kind.sender_roles
        and person_of(actor, letter) is not None
    )


def person_of(actor: Actor, letter: Letter) -> object | None:
    """Return the agency's own person a letter is about, or None: not known yet, handed over, or hidden from the actor."""
    person = letter.person if letter.person_id else None
    return person if person is not None and person.agency_id == actor.agency_id else None


def thread_of(actor: Actor, letter: Letter) -> QuerySet[Any]:
    """Return every copy of the same exchange, oldest first."""
    return (
        letters_for(actor)
        .select_related(None)
        .select_related("other_agency")
        .filter(thread_id=letter.thread_id)
        .order_by("sent_at", "id")
    )


@dataclass(frozen=True)
class LetterPage:
    """Some letters of a box, and the cursors of its neighbours ("" when there are none)."""

    letters: list[Letter]
    newer: str = ""
    older: str = ""


def page_of(letters: QuerySet[Any], *, older: str = "", newer: str = "", size: int = PAGE) -> LetterPage:
    """Return the letters older (or newer) than a cursor, newest first. A cursor that means nothing gives the first page.

    Cursors are places between letters, so what arrives meanwhile moves nobody's page.
    """
    if newer and (place := place_of(newer)):
        at, key = place
        later = letters.filter(Q(sent_at__gt=at) | Q(sent_at=at, pk__gt=key)).order_by("sent_at", "id")
        rows = list(later[: size + 1])
        if len(rows) > size:
            rows = rows[:size][::-1]
            return LetterPage(
                rows, newer=cursor_of(rows[0].sent_at, rows[0].pk), older=cursor_of(rows[-1].sent_at, rows[-1].pk)
            )
        older = ""
    place = place_of(older) if older else None
    if place:
        at, key = place
        letters = letters.filter(Q(sent_at__lt=at) | Q(sent_at=at, pk__lt=key))
    rows = list(letters[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return LetterPage(
        rows,
        newer=cursor_of(rows[0].sent_at, rows[0].pk) if place and rows else "",
        older=cursor_of(rows[-1].sent_at, rows[-1].pk) if more else "",
    )


def basis_titles() -> dict[str, str]:
    """Return the title of every legal basis by code."""
    return dict(LegalBasis.objects.values_list("code", "title"))


def agency_names(ids: Iterable[UUID]) -> dict[UUID, tuple[str, str]]:
    """Return (world, name) of agencies by key."""
    return {agency.pk: (agency.world, agency.name) for agency in Agency.objects.filter(pk__in=set(ids))}


def correspondents(actor: Actor) -> list[Agency]:
    """Return the agencies this one works with, by the installation's own links: who may stand in a consent. By name."""
    mine = Agency.objects.get(pk=actor.agency_id)
    near = Q(pk__in=[pk for pk in (mine.health_service_id, mine.specialist_service_id) if pk])
    near |= Q(health_service_id=mine.pk) | Q(specialist_service_id=mine.pk)
    # The trust behind the prisons a municipality serves, and the municipalities behind the prisons of a trust.
    near |= Q(pk__in=Agency.objects.filter(health_service_id=mine.pk).values("specialist_service_id"))
    near |= Q(pk__in=Agency.objects.filter(specialist_service_id=mine.pk).values("health_service_id"))
    return list(Agency.objects.filter(near, closed_on=None).exclude(pk=mine.pk).order_by("world", "name"))
