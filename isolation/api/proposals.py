"""Proposals of measures, and the doctor's statement before a cell or bed, for programs. Holds no rule."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.fields import Instant, PageQuery, PersonPart, Words
from coordination.identity import Actor
from coordination.people.access import access_person
from isolation import access
from isolation.actions import proposals
from isolation.api.common import those
from isolation.api.measures import TAG
from isolation.letters import DECIDERS, STAFF
from isolation.models import MeasureKind, Proposal


class ProposalLine(serializers.Serializer[Proposal]):
    """A proposal, and how far it has come."""

    id = serializers.UUIDField()
    person = PersonPart()
    kind = serializers.CharField()
    state = serializers.CharField()
    reason = serializers.CharField()
    question = serializers.CharField(allow_blank=True)
    asked_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)
    closed_note = serializers.CharField(allow_blank=True)
    measure_id = serializers.UUIDField(allow_null=True)
    recorded_at = Instant()
    by_name = serializers.CharField()


class ProposalQuery(PageQuery):
    """Which proposals."""

    waiting = serializers.BooleanField(required=False, default=False, help_text="Only those nobody has decided.")


class ProposalBody(serializers.Serializer[Any]):
    """What is proposed, and what has happened."""

    kind = serializers.ChoiceField(choices=[kind for kind in MeasureKind.values if kind != MeasureKind.COURT_ISOLATION])
    reason = Words()


class QuestionBody(serializers.Serializer[Any]):
    """What the doctor is asked; never a diagnosis."""

    question = Words()


class NoteBody(serializers.Serializer[Any]):
    """Why."""

    note = Words()


def _proposals(actor: Actor, *, waiting: bool) -> QuerySet[Proposal]:
    access.require_role(actor, STAFF)
    rows = Proposal.objects.filter(agency_id=actor.agency_id).select_related("person__unit")
    return rows.filter(state__in=proposals.OPEN) if waiting else rows


def _verb(name: str, summary: str, **told: Any) -> Verb:
    """Return a verb that answers with the proposal as it then stands."""
    return Verb(name, summary, ProposalLine, again=proposals.access_proposal, **told)


_DECIDES = those(DECIDERS, proposals.access_proposal)

urlpatterns = [
    path(
        "proposals/",
        door(TAG, get=Listing("list_proposals", "Forslag om isolasjon", ProposalLine, _proposals, ProposalQuery)),
        name="api_proposals",
    ),
    path(
        "proposals/<uuid:pk>/",
        door(TAG, get=Reading("get_proposal", "Ett forslag", ProposalLine, proposals.access_proposal)),
        name="api_proposal",
    ),
    path(
        "people/<uuid:pk>/proposals/",
        door(
            TAG,
            post=_verb(
                "propose_measure",
                "Foreslå isolasjon",
                may=those(STAFF, access_person),
                do=proposals.propose,
                body=ProposalBody,
                more="Propose; it isolates nobody.",
            ),
        ),
        name="api_propose_measure",
    ),
    path(
        "proposals/<uuid:pk>/statement/",
        door(
            TAG,
            put=_verb(
                "request_statement",
                "Be lege om uttalelse før celle eller seng",
                may=_DECIDES,
                do=proposals.request_statement,
                body=QuestionBody,
                more="Ask; twice asks once. The decision does not wait for the answer.",
            ),
        ),
        name="api_request_statement",
    ),
    path(
        "proposals/<uuid:pk>/withdrawal/",
        door(
            TAG,
            put=_verb("withdraw_proposal", "Trekk et forslag", may=_DECIDES, do=proposals.withdraw, body=NoteBody),
        ),
        name="api_withdraw_proposal",
    ),
]
