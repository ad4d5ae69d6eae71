"""Sharing on a ground somebody chose: one letter, however often it is sent in the same moment."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from consent import access
from consent.actions.attachments import Enclosure, listed
from consent.actions.letters import send_letter
from consent.letters import LetterKind, identity_of
from consent.models import Letter
from coordination import clock
from coordination.identity import Actor
from coordination.models import Agency

#: Sending twice within this time with the very same content sends one letter.
SAME = timedelta(minutes=10)


def share(
    actor: Actor,
    person: Any,
    recipient: Agency,
    kind: LetterKind,
    *,
    about: str,
    content: str,
    verified: bool,
    files: Sequence[Enclosure],
    ground: dict[str, Any],
) -> UUID:
    """Share on a `ground` as `send_letter` takes it; return the letter. The very same content a moment ago is the same letter.

    Raises `Undelivered`, `Refused`.
    """
    body = {**identity_of(person), "about": about, "content": content}
    before: Letter | None = (
        access.boxed(actor, Letter.Direction.OUT)
        .filter(
            person_id=person.pk,
            kind=kind.code,
            other_agency_id=recipient.pk,
            sender_membership_id=actor.membership_id,
            body=listed(body, files),
            sent_at__gte=clock.now() - SAME,
        )
        .first()
    )
    if before is not None:
        return before.letter_id
    return send_letter(
        actor, kind.code, to=recipient.pk, person=person, body=body, verified=verified, files=files, **ground
    )
