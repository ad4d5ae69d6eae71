"""Files of letters for an actor: behind the letter's own wall. Writes nothing. Absent and hidden are the same."""

from typing import Any

from django.db.models import QuerySet

from consent.access.letters import reads_content
from consent.models import ATTACHMENTS, Attachment, Letter
from coordination.identity import Actor
from coordination.people.access import one_or_404


def attachments_for(actor: Actor, letter: Letter) -> QuerySet[Any]:
    """Return the files of one copy, in the letter's order, with their bytes: only for whoever opens or sends them."""
    reads_content(actor)
    rows: QuerySet[Any] = ATTACHMENTS[actor.world]._default_manager.filter(agency_id=actor.agency_id, letter=letter)
    return rows.order_by("number")


def access_attachment(actor: Actor, letter: Letter, number: int) -> Attachment:
    """Return one file of a letter the actor has been let to, by its number, or raise Http404."""
    row: Attachment = one_or_404(attachments_for(actor, letter).filter(number=number))
    return row
