"""The verbs of a letter inside the agency, and of asking again. The postman writes them: what lies beside a letter is as safe as the letter."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from consent import access
from consent.actions.letters import Undelivered, acknowledge, postman
from consent.letters import REQUESTS
from consent.models import Handling, Letter
from coordination.identity import Actor


def _give(letter: Letter, what: Handling.What, member: UUID | None, role: str, note: str) -> None:
    try:
        postman("SELECT letterbox.hand_on(%s, %s, %s, %s, %s)", [letter.pk, what, member, role, note.strip()[:500]])
    except Undelivered as refused:
        refused.errors = {"to": [str(refused)]}
        raise


def assign(letter: Letter, *, to: UUID, note: str = "") -> None:
    """Give a letter to a colleague to do, in place of whoever had it. Raises `Undelivered` for one who cannot read it."""
    _give(letter, Handling.What.ASSIGNED, to, "", note)


def forward(letter: Letter, *, to: UUID | None = None, role: str = "", note: str = "") -> None:
    """Tell a colleague or everybody with a role about a letter. It opens nothing: raises `Undelivered` where none of them can read it."""
    _give(letter, Handling.What.FORWARDED, to, role, note)


def mark_seen(actor: Actor, letter: Letter, rows: Iterable[Handling]) -> bool:
    """Note that the actor has opened what they were given; return whether there was something to note."""
    given = any(
        row.seen_at is None
        and row.ended_at is None
        and (row.to_membership_id == actor.membership_id or row.to_role == actor.role)
        for row in rows
    )
    if given:
        postman("SELECT letterbox.seen(%s)", [letter.pk])
    return given


def remind(letter: Letter) -> None:
    """Ask again, once in 24 hours, for what is overdue: the recipient is alerted anew and both sides see when. Raises `Undelivered`."""
    postman("SELECT letterbox.remind(%s)", [letter.letter_id])


def acknowledge_many(actor: Actor, keys: Iterable[UUID]) -> None:
    """Acknowledge those of some received letters that can be. What became of each stands on the letters."""
    letters: Any = access.inbox(actor).select_related(None).filter(pk__in=list(keys))
    for letter in letters.filter(acknowledged_at=None, superseded_by=None).exclude(kind__in=REQUESTS):
        acknowledge(letter)
