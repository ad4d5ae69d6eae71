"""Letters and consents for an actor, from one queryset each. Writes nothing."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from consent.models import CONSENTS, LETTERS, Consent, LegalBasis, Letter
from coordination.identity import Actor


def letters_for(actor: Actor) -> QuerySet[Letter]:
    """Return the copies the actor may read: the walls decide, this narrows to the acting world and orders newest first."""
    return (
        LETTERS[actor.world]
        ._default_manager.filter(agency_id=actor.agency_id)
        .select_related("person", "other_agency")
        .order_by("-sent_at", "-id")
    )


def inbox(actor: Actor) -> QuerySet[Letter]:
    """Return received copies, newest first."""
    return letters_for(actor).filter(direction=Letter.Direction.IN)


def outbox(actor: Actor) -> QuerySet[Letter]:
    """Return sent copies, newest first."""
    return letters_for(actor).filter(direction=Letter.Direction.OUT)


def waiting(actor: Actor) -> QuerySet[Letter]:
    """Return copies that wait for a receipt or an answer, soonest first."""
    return letters_for(actor).filter(settled_at=None).exclude(awaits="").order_by("due_at")


def access_letter(actor: Actor, pk: UUID) -> Letter:
    """Return one copy by its own key, or raise Http404 for hidden and absent alike."""
    letter = letters_for(actor).filter(pk=pk).first()
    if letter is None:
        raise Http404
    return letter


def thread_of(actor: Actor, letter: Letter) -> QuerySet[Letter]:
    """Return every copy of the same exchange, oldest first."""
    return letters_for(actor).filter(thread_id=letter.thread_id).order_by("sent_at")


def consents_for(actor: Actor, person_id: UUID) -> QuerySet[Consent]:
    """Return the consents about a person, newest first."""
    return CONSENTS[actor.world]._default_manager.filter(agency_id=actor.agency_id, person_id=person_id).order_by("-signed_at")


def access_consent(actor: Actor, pk: UUID) -> Consent:
    """Return one consent, or raise Http404."""
    consent = CONSENTS[actor.world]._default_manager.select_related("person").filter(agency_id=actor.agency_id, pk=pk).first()
    if consent is None:
        raise Http404
    return consent


def basis_titles() -> dict[str, str]:
    """Return the title of every legal basis by code."""
    return dict(LegalBasis.objects.values_list("code", "title"))
