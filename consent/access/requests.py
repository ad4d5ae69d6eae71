"""Requests for information: the letters that ask, whom they may be about, and the grounds of an answer. Writes nothing."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404

from consent.access.letters import access_received, correspondents
from consent.access.objections import offers
from consent.documents import Offer
from consent.letters import (
    CLINICIANS,
    DANGER_REQUEST,
    HEALTH,
    IDENTITY,
    INFORMATION_ANSWER,
    INFORMATION_QUESTION,
    REQUESTS,
)
from consent.models import DECLINED, Letter
from coordination.identity import Actor
from coordination.models import Agency
from coordination.models.people import Named
from coordination.people.access import namesakes


def request_partners(actor: Actor) -> list[Agency]:
    """Return the health services a prison may ask."""
    return [agency for agency in correspondents(actor) if agency.world in HEALTH]


def may_answer(actor: Actor) -> bool:
    """Return whether the actor is health personnel, who alone judge what is released."""
    return actor.world in DECLINED and actor.has_role(*CLINICIANS)


def access_request(actor: Actor, pk: UUID) -> Letter:
    """Return a received request for health personnel to answer, or raise Http404: nobody on the asking side ever gets here."""
    if not may_answer(actor):
        raise Http404
    letter = access_received(actor, pk)
    if letter.kind not in REQUESTS:
        raise Http404
    return letter


def access_question_back(actor: Actor, pk: UUID) -> Letter:
    """Return a received question from the health service that a request led to, or raise Http404."""
    letter = access_received(actor, pk)
    if letter.kind != INFORMATION_QUESTION.code:
        raise Http404
    return letter


def asked_about(actor: Actor, letter: Letter) -> list[Named]:
    """Return the own patients a request may be about, by the name and birth date it carries. Nothing outside the own agency is looked at."""
    family, given, born = (str(letter.body.get(field.name, "")) for field in IDENTITY)
    return namesakes(actor, family, given, born)


def answer_offers(actor: Actor, letter: Letter, patient: Any, on: date) -> list[Offer]:
    """Return the grounds on which something may be released: danger only where danger was the reason to ask. (obligation R6.1-h)"""
    found = offers(actor, INFORMATION_ANSWER, letter.other_agency, patient.pk, on, answers=True)
    return [offer for offer in found if offer.basis.code != "LB09" or letter.kind == DANGER_REQUEST.code]
