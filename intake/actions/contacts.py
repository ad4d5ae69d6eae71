"""Contact with the health service: sent and kept in one step, or neither. There is no way to keep a concern without its letter."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import cast
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent.access import letters_for
from consent.actions import Undelivered, send_letter
from consent.letters import identity_of
from consent.models import Letter
from coordination import clock
from coordination.identity import Actor, signed
from coordination.models import Agency, Person, Stay
from coordination.people.access import lock_person, must_have_health_service, open_stay
from coordination.people.identifiers import reveal
from coordination.refusals import Refused, refused_at
from intake import access
from intake.actions.plans import expect_decision
from intake.models import HealthContactRequest
from intake.rules import EMERGENCY_CLINIC_PHONE, Concern, OpeningHours, is_urgent


def hours_of(service: Agency) -> OpeningHours:
    """Return the opening hours of a health service as the rules read them; no times means always open."""
    always = ((time.min, time.min),)
    if service.opens_at is None or service.closes_at is None:
        return OpeningHours(weekly=dict.fromkeys(range(7), always), open_on_holidays=True)
    return OpeningHours(
        weekly=dict.fromkeys(service.open_weekdays or range(7), ((service.opens_at, service.closes_at),))
    )


def lock_mine(actor: Actor, pk: UUID) -> Person:
    """Return the person locked; the first thing every verb does."""
    access.require_custody(actor)
    return cast(Person, lock_person(actor, pk))


def send_contact(
    actor: Actor,
    person: Person,
    stay: Stay | None,
    *,
    key: UUID,
    stage: HealthContactRequest.Stage,
    reasons: Iterable[Concern],
    observation: str,
    language: str,
    interpreter: bool,
    minor: bool,
    supersedes: UUID | None,
    at: datetime,
) -> HealthContactRequest:
    """Send the letter and keep that it was sent. Consent plays no part (obligation R6.1-d). Raises `Undelivered`, `Refused`."""
    codes = [reason.value for reason in reasons]
    urgent = is_urgent(reasons)
    body = {
        **identity_of(person),
        "national_id": reveal(person),
        "cell": person.cell,
        "unit": person.unit.name,
        "stage": stage.value,
        "reasons": codes,
        "observation": observation,
        "wish": Concern.WISH_FOR_CONTACT.value in codes,
        "urgent": urgent,
        "minor": minor,
        "language": language,
        "interpreter": interpreter,
    }
    try:
        to = must_have_health_service(actor).pk
        letter = send_letter(
            actor, "health_contact", to=to, person=person, body=body, basis="LB04", supersedes=supersedes
        )
    except Refused as no:
        words = _(
            "Ingenting er lagret, fordi brevet til helsetjenesten ikke kunne sendes. %(why)s Ring helsetjenesten, eller legevakten på %(phone)s."
        )
        raise Undelivered(no.code, words % {"why": no, "phone": EMERGENCY_CLINIC_PHONE}) from None
    row = HealthContactRequest(
        person=person,
        stay=stay,
        key=key,
        stage=stage,
        reasons=codes,
        observation=observation,
        urgent=urgent,
        letter_id=letter,
        **signed(actor, at),
    )
    row.save(force_insert=True)
    return row


def standing_letter(actor: Actor, contact: HealthContactRequest) -> UUID:
    """Return the letter of a request that stands today: its own, or the one that corrected it."""
    letter_id = contact.letter_id
    sent = letters_for(actor).filter(direction=Letter.Direction.OUT)
    while (row := sent.filter(letter_id=letter_id).first()) is not None and row.superseded_by is not None:
        letter_id = row.superseded_by
    return letter_id


def contact_health(
    actor: Actor, person_id: UUID, *, key: UUID, reasons: Iterable[Concern], observation: str, at: datetime
) -> HealthContactRequest:
    """Put an inmate in touch with the health service during the stay: sent at once, or not saved (obligations R4.1-c, R5.2.1-a).

    Raises `Refused`, `Undelivered`.
    """
    if not access.may_contact(actor):
        raise Http404
    chosen = [concern for concern in Concern if concern in set(reasons)]
    with transaction.atomic():
        person = lock_mine(actor, person_id)
        if (before := access.contacts_for(actor).filter(key=key).first()) is not None:
            return before
        if not chosen:
            raise refused_at("reasons", _("Velg hvorfor helsetjenesten skal kontaktes"))
        if is_urgent(chosen) and not observation.strip():
            raise refused_at("observation", _("Skriv hva du så eller hørte"))
        stay = open_stay(actor, person.pk)
        minor = clock.is_minor(person.birth_date, at)
        row = send_contact(
            actor,
            person,
            stay,
            key=key,
            stage=HealthContactRequest.Stage.STAY,
            reasons=chosen,
            observation=observation.strip(),
            language=person.language,
            interpreter=person.interpreter_needed,
            minor=minor,
            supersedes=None,
            at=at,
        )
        if stay is not None and not {Concern.SUICIDE_RISK, Concern.SELF_HARM}.isdisjoint(chosen):
            expect_decision(actor, person, stay, at=at)
        return row
