"""Drafts for their author. Writes nothing. Those of others are absent."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from consent.access.letters import reads_content
from consent.models import DRAFTS, LetterDraft
from coordination.identity import Actor
from coordination.people.access import one_or_404


def drafts_for(actor: Actor) -> QuerySet[Any]:
    """Return what the actor has typed and not sent, newest first."""
    reads_content(actor)
    drafts: QuerySet[Any] = DRAFTS[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, by_id=actor.membership_id, closed_at=None
    )
    return drafts.select_related("person").order_by("-saved_at", "-id")


def draft_at(actor: Actor, person_id: UUID | None, place: str) -> LetterDraft | None:
    """Return the actor's draft about a person, or nobody, at an address, or None."""
    draft: LetterDraft | None = drafts_for(actor).select_related(None).filter(person_id=person_id, place=place).first()
    return draft


def access_draft(actor: Actor, pk: UUID) -> LetterDraft:
    """Return one of the actor's drafts, or raise Http404."""
    draft: LetterDraft = one_or_404(drafts_for(actor).filter(pk=pk))
    return draft
