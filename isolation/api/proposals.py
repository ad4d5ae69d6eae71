"""Proposals of measures, and the doctor's statement before a cell or bed, for programs. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination import clock
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists, reads
from coordination.api.fields import Instant, PageQuery, PersonPart, Words
from isolation import access
from isolation.actions import proposals
from isolation.api.common import at_person
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


class Proposals(Door):
    """Proposals in the actor's prison."""

    @lists("list_proposals", "Forslag om isolasjon", ProposalLine, query=ProposalQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor, query = actor_in(request), asked(request, ProposalQuery)
        access.require_role(actor, STAFF)
        rows = Proposal.objects.filter(agency_id=actor.agency_id).select_related("person__unit")
        return self.page(request, rows.filter(state__in=proposals.OPEN) if query["waiting"] else rows, ProposalLine)


class OneProposal(Door):
    """One of them."""

    @reads("get_proposal", "Ett forslag", ProposalLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return the proposal."""
        return Response(ProposalLine(proposals.access_proposal(actor_in(request), pk)).data)


class NewProposal(Door):
    """Proposals about one person."""

    @does("propose_measure", "Foreslå isolasjon", ProposalLine, body=ProposalBody, status=201, keyed=True, tag=TAG)
    def post(self, request: Request, pk: UUID) -> Response:
        """Propose; it isolates nobody. A key seen before returns what it proposed then."""
        actor = at_person(request, pk, STAFF)
        key, body = key_in(request), given(request, ProposalBody)
        row = proposals.propose(actor, pk, key=key, at=clock.now(), **body)
        return Response(ProposalLine(proposals.access_proposal(actor, row.pk)).data, status=201)


class Statement(Door):
    """The doctor's statement before a cell or bed."""

    @does("request_statement", "Be lege om uttalelse før celle eller seng", ProposalLine, body=QuestionBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Ask; twice asks once. The decision does not wait for the answer."""
        actor = actor_in(request)
        access.require_role(actor, DECIDERS)
        proposals.access_proposal(actor, pk)
        proposals.request_statement(actor, pk, **given(request, QuestionBody), at=clock.now())
        return Response(ProposalLine(proposals.access_proposal(actor, pk)).data)


class Withdrawal(Door):
    """The end of a proposal that led to nothing."""

    @does("withdraw_proposal", "Trekk et forslag", ProposalLine, body=NoteBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Let it go; twice changes nothing."""
        actor = actor_in(request)
        access.require_role(actor, DECIDERS)
        proposals.access_proposal(actor, pk)
        proposals.withdraw(actor, pk, **given(request, NoteBody), at=clock.now())
        return Response(ProposalLine(proposals.access_proposal(actor, pk)).data)


urlpatterns = [
    path("proposals/", Proposals.as_view(), name="api_proposals"),
    path("proposals/<uuid:pk>/", OneProposal.as_view(), name="api_proposal"),
    path("people/<uuid:pk>/proposals/", NewProposal.as_view(), name="api_propose_measure"),
    path("proposals/<uuid:pk>/statement/", Statement.as_view(), name="api_request_statement"),
    path("proposals/<uuid:pk>/withdrawal/", Withdrawal.as_view(), name="api_withdraw_proposal"),
]
