"""Consents and what led to them, for an actor, from one queryset each. Writes nothing. Absent and hidden are the same."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from consent.access.letters import letters_for, reads_content
from consent.letters import CONSENT_NOTICE
from consent.models import (
    CONSENTS,
    EVENTS,
    PAPERS,
    QUESTIONS,
    TALKS,
    Consent,
    ConsentPaper,
    ConsentQuestion,
    ConsentTalk,
    Letter,
)
from consent.rules import Standing, standing
from coordination.identity import Actor
from coordination.models.people import Named
from coordination.people.access import access_person, one_or_404


def consents_for(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return the consents about a person, newest first."""
    reads_content(actor)
    consents: QuerySet[Any] = CONSENTS[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, person_id=person_id
    )
    return consents.order_by("-signed_at", "-id")


def access_subject(actor: Actor, pk: UUID) -> Named:
    """Return one person or patient for the pages of consents, or raise Http404."""
    reads_content(actor)
    return access_person(actor, pk)


def access_consent(actor: Actor, pk: UUID) -> Consent:
    """Return one consent, or raise Http404."""
    reads_content(actor)
    consents: QuerySet[Any] = CONSENTS[actor.world]._default_manager.select_related("person")
    consent: Consent = one_or_404(consents.filter(agency_id=actor.agency_id, pk=pk))
    return consent


def in_force(actor: Actor, person_id: UUID, *, category: str, on: date, recipient: UUID | None = None) -> list[Consent]:
    """Return the consents that let something of a kind go to a recipient on an Oslo date, newest first; the postman asks again.

    Without a recipient those that name anybody.
    """
    return [
        row
        for row in consents_for(actor, person_id)
        if standing(row.valid_from, row.valid_to, row.withdrawn_at, on, row.superseded_at) is Standing.IN_FORCE
        and (recipient is None or recipient in row.recipients)
        and category in row.categories
    ]


def events_for(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return what happened to a person's consents, newest first."""
    reads_content(actor)
    events: QuerySet[Any] = EVENTS[actor.world]._default_manager.filter(agency_id=actor.agency_id, person_id=person_id)
    return events.order_by("-recorded_at", "-id")


def talks_for(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return the talks with a person, newest first."""
    reads_content(actor)
    talks: QuerySet[Any] = TALKS[actor.world]._default_manager.filter(agency_id=actor.agency_id, person_id=person_id)
    return talks.order_by("-recorded_at", "-id")


def access_talk(actor: Actor, pk: UUID) -> ConsentTalk:
    """Return one talk, or raise Http404."""
    reads_content(actor)
    talks: QuerySet[Any] = TALKS[actor.world]._default_manager.select_related("person")
    talk: ConsentTalk = one_or_404(talks.filter(agency_id=actor.agency_id, pk=pk))
    return talk


def access_paper(actor: Actor, consent: Consent) -> ConsentPaper:
    """Return the signed document of a consent, or raise Http404 where none was attached."""
    papers: QuerySet[Any] = PAPERS[actor.world]._default_manager.filter(agency_id=actor.agency_id)
    paper: ConsentPaper = one_or_404(papers.filter(consent_id=consent.pk))
    return paper


def notices_for(actor: Actor, consent: Consent) -> QuerySet[Any]:
    """Return the notices sent about a consent, oldest first."""
    return (
        letters_for(actor)
        .select_related(None)
        .select_related("other_agency")
        .filter(direction=Letter.Direction.OUT, kind=CONSENT_NOTICE.code, consent_id=consent.pk)
        .order_by("sent_at")
    )


def questions_for(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return where it was asked whether consent is needed, newest first."""
    reads_content(actor)
    questions: QuerySet[Any] = QUESTIONS[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, person_id=person_id
    )
    return questions.order_by("-recorded_at", "-id")


def question_of(actor: Actor, point: str, subject_id: UUID) -> ConsentQuestion | None:
    """Return the question asked at one step of the work, or None where it was not asked."""
    questions: QuerySet[Any] = QUESTIONS[actor.world]._default_manager.filter(agency_id=actor.agency_id)
    question: ConsentQuestion | None = questions.filter(point=point, subject_id=subject_id).first()
    return question


def access_question(actor: Actor, pk: UUID) -> ConsentQuestion:
    """Return one question, or raise Http404."""
    reads_content(actor)
    questions: QuerySet[Any] = QUESTIONS[actor.world]._default_manager.select_related("person")
    question: ConsentQuestion = one_or_404(questions.filter(agency_id=actor.agency_id, pk=pk))
    return question
