"""Asking health personnel to see somebody, and answering their advice. Nothing here asks anybody to approve a measure."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from consent.actions import send_letter
from consent.letters import identity_of
from consent.models import Letter
from coordination.identity import Actor, signed
from coordination.models import Person
from coordination.people.access import lock_person, must_have_health_service
from coordination.refusals import refused_at, said
from isolation.access import access_addressed, measure_of_thread, open_deadlines, require_role, running_for
from isolation.actions.common import Open, basis_of, put
from isolation.letters import (
    ADVICE_ANSWER,
    GENERAL_BASIS,
    HEALTH_CHECK,
    ILLNESS_BASIS,
    STAFF,
)
from isolation.models import AdviceAnswer, HealthCheckRequest, Measure
from isolation.rules.kinds import Kind
from isolation.rules.reassessment import due_after_advice, reassessment_due

ADVICE = "health_advice"


def request_health_check(
    actor: Actor, person: Person, *, reason: str, note: str, measure: Measure | None, key: UUID, at: datetime
) -> HealthCheckRequest:
    """Ask health personnel to see a person, at once; the caller holds the person. (obligations R7.1.2-e, -f)"""
    body = {
        **identity_of(person),
        "cell": person.cell,
        "unit": person.unit.name,
        "reason": reason,
        "note": note.strip(),
    }
    letter_id = send_letter(
        actor,
        HEALTH_CHECK.code,
        to=must_have_health_service(actor).pk,
        person=person,
        body=body,
        basis=ILLNESS_BASIS,
        in_reply_to=measure.notice_letter if measure else None,
    )
    row = HealthCheckRequest(
        **signed(actor, at),
        person=person,
        measure=measure,
        reason=reason,
        note=note.strip(),
        letter_id=letter_id,
        key=key,
    )
    row.save(force_insert=True)
    return row


def pass_on_wish(
    actor: Actor, person_id: UUID, *, reason: str, note: str, key: UUID, at: datetime
) -> HealthCheckRequest:
    """Pass on an inmate's wish to be seen, or ask because of an injury. The same `key` again returns the same row.

    Raises `Refused`, `Undelivered`, Http404. (rule D19)
    """
    require_role(actor, STAFF)
    person = lock_person(actor, person_id)
    assert isinstance(person, Person)
    known = HealthCheckRequest.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    if reason not in (HealthCheckRequest.Reason.WISH, HealthCheckRequest.Reason.INJURY):
        raise refused_at("reason", _("Velg hvorfor helsetjenesten skal komme."))
    if reason == HealthCheckRequest.Reason.INJURY:
        note = said(note, "note", _("Skriv hva dere ser."))
    return request_health_check(
        actor, person, reason=reason, note=note, measure=running_for(actor, person_id), key=key, at=at
    )


def access_advice(actor: Actor, pk: UUID) -> Letter:
    """Return a received letter of advice about somebody the prison knows, or raise Http404."""
    return access_addressed(actor, pk, ADVICE)


def answer_advice(actor: Actor, pk: UUID, *, response: str, reason: str, steps: str, at: datetime) -> AdviceAnswer:
    """Answer a letter of advice: followed, in part or not, and why. Stops the letter's clock and calls for a reassessment (D27).

    Answering twice returns the first answer. Raises `Refused`, `Undelivered`, Http404. (obligations R7.1.2-g, -s)
    """
    letter = access_advice(actor, pk)
    assert letter.person_id is not None  # access_advice has asked
    person = lock_person(actor, letter.person_id)
    known = AdviceAnswer.objects.filter(agency_id=actor.agency_id, advice_letter=letter.letter_id).first()
    if known is not None:
        return known
    if response not in AdviceAnswer.Response.values:
        raise refused_at("response", _("Velg om dere følger rådet."))
    reason = said(reason, "reason", _("Skriv en begrunnelse. Den sendes til helsetjenesten."))
    measure = measure_of_thread(actor, letter.thread_id)
    letter_id = send_letter(
        actor,
        ADVICE_ANSWER.code,
        to=letter.other_agency_id,
        person=person,
        body={**identity_of(person), "response": response, "reason": reason, "measures": steps.strip()},
        basis=answer_basis(measure),
        necessity="" if measure else _("Helsetjenesten må få vite hvordan fengselet følger opp rådet den har gitt."),
        in_reply_to=letter.letter_id,
    )
    answer = AdviceAnswer(
        **signed(actor, at),
        person_id=person.pk,
        measure=measure,
        advice_letter=letter.letter_id,
        response=response,
        reason=reason,
        steps=steps.strip(),
        letter_id=letter_id,
    )
    answer.save(force_insert=True)
    if measure is not None and measure.ended_at is None:
        measure.person = person  # type: ignore[assignment]
        rows: Open = open_deadlines(measure)
        standing = rows["D27"].due_at if "D27" in rows else reassessment_due(Kind(measure.kind), at)
        put(actor, measure, rows, "D27", starts_at=at, due_at=due_after_advice(at, standing))
    return answer


def answer_basis(measure: Measure | None) -> str:
    """Return the legal basis of an answer: the measure's own, or the general one, which wants its necessity in writing."""
    return GENERAL_BASIS if measure is None else basis_of(measure)
