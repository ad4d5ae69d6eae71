"""Proposing a measure, asking a doctor for a statement before a cell or bed, and letting a proposal go. Nothing here isolates anybody."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from consent.actions import send_letter
from consent.letters import identity_of
from consent.models import CustodyLetter, Letter
from coordination import clock
from coordination.identity import Actor, signed
from coordination.models import Person
from coordination.people.access import lock_person, must_have_health_service, one_or_404
from coordination.refusals import Refused, refused_at, said
from isolation.access import require_role
from isolation.actions.common import must_stay
from isolation.letters import COERCIVE_BASIS, DECIDERS, STAFF, STATEMENT_REQUEST
from isolation.models import Measure, MeasureKind, Proposal
from isolation.models.measures import COERCIVE_KINDS
from isolation.rules.kinds import Kind
from isolation.rules.states import Move, NoSuchMove, State, moved

OPEN = (Proposal.State.PROPOSED, Proposal.State.AWAITING_STATEMENT)


def open_proposal(actor: Actor, person_id: UUID) -> Proposal | None:
    """Return the proposal about a person that waits, or None."""
    return Proposal.objects.filter(agency_id=actor.agency_id, person_id=person_id, state__in=OPEN).first()


def access_proposal(actor: Actor, pk: UUID) -> Proposal:
    """Return one proposal for those who follow measures, or raise Http404."""
    require_role(actor, STAFF)
    return one_or_404(
        Proposal.objects.filter(agency_id=actor.agency_id, pk=pk).select_related("person", "person__unit")
    )


def proposals_waiting(actor: Actor) -> list[Proposal]:
    """Return every proposal that waits, oldest first."""
    rows = Proposal.objects.filter(agency_id=actor.agency_id, state__in=OPEN)
    return list(rows.select_related("person", "person__unit").order_by("recorded_at", "id"))


def answers_to(proposal: Proposal) -> list[CustodyLetter]:
    """Return what doctors have answered, oldest first."""
    if proposal.letter_id is None:
        return []
    rows = CustodyLetter.objects.filter(
        agency_id=proposal.agency_id, thread_id=proposal.letter_id, direction=Letter.Direction.IN
    )
    return list(rows.order_by("sent_at", "id"))


def propose(actor: Actor, person_id: UUID, *, kind: str, reason: str, key: UUID, at: datetime) -> Proposal:
    """Say that somebody may need to be isolated. One proposal waits at a time; the same `key` is once. Raises `Refused`, Http404."""
    require_role(actor, STAFF)
    person = lock_person(actor, person_id)
    known = Proposal.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    must_stay(actor, person_id)
    if kind not in MeasureKind.values or kind == MeasureKind.COURT_ISOLATION:
        raise refused_at("kind", _("Velg hva du foreslår."))
    if open_proposal(actor, person_id) is not None:
        raise Refused("open", _("Det ligger allerede et forslag om denne personen."))
    row = Proposal(
        **signed(actor, at),
        person_id=person.pk,
        kind=kind,
        reason=said(reason, "reason", _("Skriv hva som har skjedd, og hvorfor du foreslår dette.")),
        key=key,
    )
    row.save(force_insert=True)
    return row


def _locked(actor: Actor, pk: UUID) -> tuple[Proposal, Person]:
    """Return a proposal as it is once its person is locked."""
    require_role(actor, DECIDERS)
    person = lock_person(actor, access_proposal(actor, pk).person_id)
    assert isinstance(person, Person)
    return Proposal.objects.get(agency_id=actor.agency_id, pk=pk), person


def _move(proposal: Proposal, move: Move) -> State:
    try:
        return moved(State(proposal.state), move, Kind(proposal.kind))
    except (NoSuchMove, ValueError):
        raise Refused("state", _("Forslaget er kommet lenger. Åpne siden på nytt.")) from None


def request_statement(actor: Actor, pk: UUID, *, question: str, at: datetime) -> Proposal:
    """Ask a doctor for a statement before a cell or bed, by letter; asking twice changes nothing. (obligation R7.1.2-o, rule D24)

    A statement is advice: nothing is asked to be approved, and the decision does not wait for it. Raises `Refused`, `Undelivered`, Http404.
    """
    row, person = _locked(actor, pk)
    if row.asked_at is not None:
        return row
    if row.kind not in COERCIVE_KINDS:
        raise Refused("kind", _("Legens uttalelse på forhånd gjelder sikkerhetscelle og sikkerhetsseng."))
    state = _move(row, Move.REQUEST_STATEMENT)
    question = said(question, "question", _("Skriv hva dere ber legen uttale seg om."))
    row.letter_id = send_letter(
        actor,
        STATEMENT_REQUEST.code,
        to=must_have_health_service(actor).pk,
        person=person,
        body={
            **identity_of(person),
            "cell": person.cell,
            "unit": person.unit.name,
            "means": row.kind,
            "situation": row.reason,
            "question": question,
            "minor": clock.is_minor(person.birth_date, at),
        },
        basis=COERCIVE_BASIS,
    )
    row.question, row.asked_at, row.asked_by_name, row.state = question, at, actor.signature, state.value
    row.save_changes(["letter_id", "question", "asked_at", "asked_by_name", "state"])
    return row


def withdraw(actor: Actor, pk: UUID, *, note: str, at: datetime) -> Proposal:
    """Let a proposal go: nothing was decided. Twice changes nothing. Raises `Refused`, Http404."""
    row, _person = _locked(actor, pk)
    if row.state == Proposal.State.WITHDRAWN:
        return row
    state = _move(row, Move.WITHDRAW)
    note = said(note, "note", _("Skriv hvorfor det ikke ble noe vedtak."))
    _shut(actor, row, state.value, note, at)
    return row


def decided(actor: Actor, person: Person, measure: Measure, pk: UUID | None, *, at: datetime) -> None:
    """Let the proposal that led to a decision follow it. `pk` None: whatever waits about the person; the caller holds them."""
    row = open_proposal(actor, person.pk)
    if row is None or (pk is not None and row.pk != pk):
        return
    row.measure = measure
    _shut(actor, row, Proposal.State.DECIDED, "", at)


def fall_away(actor: Actor, person: Person, *, at: datetime) -> None:
    """Let the proposal about somebody who leaves go."""
    row = open_proposal(actor, person.pk)
    if row is not None:
        _shut(actor, row, Proposal.State.WITHDRAWN, _("Oppholdet er avsluttet"), at)


def _shut(actor: Actor, row: Proposal, state: str, note: str, at: datetime) -> None:
    row.state, row.closed_at, row.closed_by_name, row.closed_note = state, at, actor.signature, note
    row.save_changes(["state", "closed_at", "closed_by_name", "closed_note", "measure"])
