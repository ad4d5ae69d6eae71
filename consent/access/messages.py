"""Practical messages between services for an actor: to whom, and which wait for an answer. Writes nothing."""

from uuid import UUID

from django.http import Http404

from consent.access.letters import access_received, correspondents, letters_for, reads_content
from consent.letters import PRACTICAL_MESSAGE
from consent.models import Letter
from coordination.identity import Actor
from coordination.models import Agency


def message_partners(actor: Actor) -> list[Agency]:
    """Return the services of the other worlds that this one works with; raises Http404 for a role that sends no message."""
    reads_content(actor)
    if actor.role not in PRACTICAL_MESSAGE.sender_roles:
        raise Http404
    return [agency for agency in correspondents(actor) if agency.world != actor.world]


def access_message(actor: Actor, pk: UUID) -> Letter:
    """Return a practical message that came here and whose answer the actor may write, or raise Http404."""
    letter = access_received(actor, pk)
    if letter.kind != PRACTICAL_MESSAGE.code or actor.role not in PRACTICAL_MESSAGE.sender_roles:
        raise Http404
    return letter


def message_sent_before(actor: Actor, kind: str, key: UUID) -> Letter | None:
    """Return the message a form sent before has become, or None."""
    found: Letter | None = letters_for(actor).filter(kind=kind, body__reference=str(key)).first()
    return found
