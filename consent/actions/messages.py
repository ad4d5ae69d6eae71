"""The verbs of practical messages: send one about nobody to a service one works with, and answer. Each is one transaction."""

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent.access import messages as reading
from consent.actions.letters import send_letter
from consent.letters import PRACTICAL_ANSWER, PRACTICAL_MESSAGE, TOPICS, LetterKind
from consent.models import Letter
from coordination.identity import Actor
from coordination.refusals import Refused, refused_at


def send_message(actor: Actor, *, to: UUID, topic: str, text: str, key: UUID) -> UUID:
    """Send a practical message and return its `letter_id`; sent twice with the same `key`, it goes once.

    Raises `Refused` where the text names somebody, `Undelivered`, Http404. (obligation R5.2.1-v, basis LB15)
    """
    if to not in {agency.pk for agency in reading.message_partners(actor)}:
        raise Http404
    if topic not in TOPICS:
        raise refused_at("topic", _("Velg hva meldingen gjelder."))
    return _send(actor, PRACTICAL_MESSAGE, to, {"topic": topic, "text": text.strip()}, key)


def answer_message(actor: Actor, pk: UUID, *, text: str, key: UUID) -> UUID:
    """Answer a practical message once, and return the answer's `letter_id`. Raises `Refused`, `Undelivered`, Http404."""
    letter = reading.access_message(actor, pk)
    if letter.answered_at is not None and reading.message_sent_before(actor, PRACTICAL_ANSWER.code, key) is None:
        raise Refused("answered", _("Meldingen er allerede besvart."))
    return _send(actor, PRACTICAL_ANSWER, letter.other_agency_id, {"text": text.strip()}, key, letter)


def _send(
    actor: Actor, kind: LetterKind, to: UUID, body: dict[str, str], key: UUID, answered: Letter | None = None
) -> UUID:
    with transaction.atomic():
        known = reading.message_sent_before(actor, kind.code, key)
        if known is not None:
            return known.letter_id
        if not body["text"]:
            raise refused_at("text", _("Skriv meldingen."))
        return send_letter(
            actor,
            kind.code,
            to=to,
            person=None,
            body={**body, "reference": str(key)},
            basis="LB15",
            in_reply_to=answered.letter_id if answered else None,
        )
