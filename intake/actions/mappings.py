"""The mapping of needs and resources: offered, answered, done; and the advice to offer it. Each verb is one transaction."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent.access import question_of
from consent.actions import answer_question, ask_if_needed, must_be_answered
from consent.models import ConsentQuestion
from coordination.deadlines import close_deadlines, open_deadline
from coordination.identity import Actor, signed
from coordination.models import Deadline, LegalStatus, Person, Stay
from coordination.refusals import Refused, refused_at
from intake import access
from intake.actions.contacts import lock_mine
from intake.models import Area, NeedsMapping
from intake.rules import mapping_due

OFFER = "D06"
POINT = ConsentQuestion.Point.MAPPING


def expect_mapping(actor: Actor, person: Person, stay: Stay, since: datetime) -> None:
    """Advise that a mapping is offered to who serves a sentence `since` an instant (D06); somebody on remand is owed none."""
    if stay.legal_status == LegalStatus.REMAND:
        reason = _("Personen sitter i varetekt.")
        close_deadlines(actor, [OFFER], stay.pk, at=since, outcome=Deadline.Outcome.CANCELLED, reason=reason)
        return
    offered = NeedsMapping.objects.filter(agency_id=actor.agency_id, stay=stay).exists()
    if not offered:
        open_deadline(
            actor,
            OFFER,
            person=person,
            subject_kind="stay",
            subject_id=stay.pk,
            starts_at=since,
            due_at=mapping_due(since),
        )


def offer_mapping(actor: Actor, stay: Stay, *, answer: str, key: UUID, at: datetime) -> NeedsMapping:
    """Record that a mapping was offered and what was answered: "accepted", "declined", or "" while the person thinks.

    The same `key` again returns the same mapping. Raises `Refused`, Http404. (obligation R5.2.1-b)
    """
    if not access.may_map(actor):
        raise Http404
    with transaction.atomic():
        person = lock_mine(actor, stay.person_id)
        known = access.mappings_for(actor).filter(key=key).first()
        if known is not None:
            return known
        stay = access.access_stay(actor, stay.pk)
        _goes_on(stay)
        if stay.legal_status == LegalStatus.REMAND:
            raise Refused("remand", _("Kartleggingen tilbys den som gjennomfører en dom."))
        if access.mappings_for(actor).filter(stay=stay, state__in=NeedsMapping.RUNNING).exists():
            raise Refused("running", _("Det er allerede tilbudt en kartlegging som ikke er ferdig."))
        row = NeedsMapping(person=person, stay=stay, key=key, **signed(actor, at))
        row.save(force_insert=True)
        close_deadlines(actor, [OFFER], stay.pk, at=at)
        if answer:
            _answer(actor, row, answer, at)
        return row


def answer_mapping(actor: Actor, mapping: NeedsMapping, *, answer: str, version: int, at: datetime) -> NeedsMapping:
    """Record what somebody answered to the offer. Raises `Refused`, `StaleWrite`, Http404."""
    with transaction.atomic():
        row = _mine(actor, mapping, NeedsMapping.State.OFFERED, _("Tilbudet er allerede besvart."))
        row.version = version
        _answer(actor, row, answer, at)
        return row


def _answer(actor: Actor, row: NeedsMapping, answer: str, at: datetime) -> None:
    if answer not in (NeedsMapping.State.ACCEPTED, NeedsMapping.State.DECLINED):
        raise refused_at("answer", _("Velg hva personen svarte."))
    row.state, row.answered_at, row.answered_to = NeedsMapping.State(answer), at, actor.signature
    row.save_changes(["state", "answered_at", "answered_to"])
    if row.state == NeedsMapping.State.ACCEPTED:
        # The mapping itself is held until this is answered, so no clock reminds of it.
        ask_if_needed(actor, row.person, POINT, row.pk, at=at, remind=False)


def finish_mapping(
    actor: Actor,
    mapping: NeedsMapping,
    *,
    needs: Iterable[str],
    resources: Iterable[str],
    consent_needed: bool | None = None,
    consent_reason: str = "",
    version: int,
    at: datetime,
) -> NeedsMapping:
    """Keep what the mapping showed, as codes. Not done before it is answered whether consent is needed (D07, obligation R6.3-a).

    `consent_needed` answers in the same step; None where it was answered before. Raises `Refused`, `StaleWrite`, Http404.
    """
    with transaction.atomic():
        row = _mine(actor, mapping, NeedsMapping.State.ACCEPTED, _("Kartleggingen er ikke i gang."))
        question = question_of(actor, POINT, row.pk)
        if question is not None and question.answered_at is None and consent_needed is not None:
            answer_question(actor, question, needed=consent_needed, reason=consent_reason, at=at)
        must_be_answered(actor, POINT, row.pk)
        shown = [code for code in Area.values if code in set(needs)]
        if not shown:
            raise refused_at("needs", _("Velg minst ett behov."))
        row.version, row.state, row.needs = version, NeedsMapping.State.DONE, shown
        row.resources = [code for code in Area.values if code in set(resources)]
        row.done_at, row.done_by = at, actor.signature
        row.save_changes(["state", "needs", "resources", "done_at", "done_by"])
        return row


def _mine(actor: Actor, mapping: NeedsMapping, state: NeedsMapping.State, otherwise: str) -> NeedsMapping:
    """Return the mapping as it stands with its person locked. Raises `Refused` when it is elsewhere than the verb begins, Http404."""
    if not access.may_map(actor):
        raise Http404
    lock_mine(actor, mapping.person_id)
    row = access.access_mapping(actor, mapping.pk)
    _goes_on(row.stay)
    if row.state != state:
        raise Refused("state", otherwise)
    return row


def _goes_on(stay: Stay) -> None:
    if stay.ended_at is not None:
        raise Refused("no_stay", _("Oppholdet er avsluttet."))
