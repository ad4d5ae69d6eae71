"""The verbs of drafts: keep what is typed, and let go of it when it is sent or discarded. Nothing here crosses a wall."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from consent import access
from consent.models import DRAFTS, LetterDraft
from coordination.identity import Actor, signed


def save_draft(
    actor: Actor, person: Any, *, place: str, typed: dict[str, list[str]], at: datetime
) -> LetterDraft | None:
    """Keep what the actor has typed at an address, about a person or nobody (None), in place of what was kept there; None where nothing is written."""
    about = person.pk if person else None
    with transaction.atomic():
        _alone(actor, place)
        row = access.draft_at(actor, about, place)
        if row is None and typed:
            row = DRAFTS[actor.world](person_id=about, place=place, typed=typed, saved_at=at, **signed(actor, at))
            row.save(force_insert=True)
        elif row is not None and not typed:
            discard_draft(row, at=at)
            return None
        elif row is not None and row.typed != typed:
            row.typed, row.saved_at = typed, at
            row.save_changes(["typed", "saved_at"])
        return row


def _alone(actor: Actor, place: str) -> None:
    """Wait for the saving that is under way: two at once must not make two drafts, and a letter that is sent must not meet one half-way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"draft:{actor.membership_id}:{place}"]
        )


def discard_draft(row: LetterDraft, *, at: datetime) -> None:
    """Let go of a draft: that there was one stays, the words are gone."""
    row.typed, row.closed_at = {}, at
    row.save_changes(["typed", "closed_at"])


def close_draft(actor: Actor, person: Any, place: str, *, at: datetime) -> None:
    """Let go of the draft of what was just sent, if there is one."""
    _alone(actor, place)
    row = access.draft_at(actor, person.pk if person else None, place)
    if row is not None:
        discard_draft(row, at=at)
