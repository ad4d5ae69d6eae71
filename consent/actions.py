"""The verbs of the letterbox and of consents. Each is one transaction; what crosses the wall goes through the postman only."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from consent.letters import KINDS
from consent.models import CONSENTS, Consent, Letter
from coordination.identity import Actor
from coordination.refusals import Refused

#: What the postman says no with, in words a person can act on. The codes are the texts of letterbox._no.
REFUSALS = {
    "nobody acts": "Du er logget ut. Logg inn og prøv igjen.",
    "recipient": "Mottakeren kan ikke få brev herfra.",
    "kind": "Rollen din kan ikke sende denne typen brev til denne mottakeren.",
    "person": "Personen finnes ikke her.",
    "basis": "Dette rettsgrunnlaget kan ikke brukes for dette brevet.",
    "basis not in force": "Rettsgrunnlaget gjelder ikke i dag.",
    "proof": "Grunnlaget mangler: et gyldig samtykke som dekker mottaker og innhold, eller en begrunnelse på minst 20 tegn.",
    "reply": "Brevet du svarer på finnes ikke.",
    "correction": "Brevet du retter finnes ikke, eller er rettet før.",
    "body": "Innholdet i brevet kan ikke leses.",
    "receipt": "Brevet finnes ikke.",
    "reference": "Skriv saks- eller journalnummeret i eget arkiv, høyst 60 tegn.",
}


class Undelivered(Refused):
    """The postman refused; nothing was written on either side."""


def _postman(sql: str, values: list[Any]) -> Any:
    """Call a postman function inside a savepoint, so that a refusal leaves the transaction usable. Raises `Undelivered`."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
            return row[0] if row else None
    except DatabaseError as error:
        cause = error.__cause__
        if getattr(cause, "sqlstate", None) != "SV001":
            raise
        code = str(cause.diag.message_primary)  # type: ignore[union-attr]
        name, _colon, field = code.partition(":")
        message = REFUSALS.get(name) or _("Feltet «%(field)s» mangler eller har feil innhold.") % {"field": field}
        raise Undelivered(code, message, {field: [message]} if field else None) from None


def send_letter(
    actor: Actor,
    kind: str,
    *,
    to: UUID,
    person: Any,
    body: dict[str, Any],
    basis: str,
    necessity: str = "",
    consent: UUID | None = None,
    inmate_informed: bool | None = None,
    verified: bool = True,
    in_reply_to: UUID | None = None,
    supersedes: UUID | None = None,
) -> UUID:
    """Disclose: hand the postman a letter about the actor's own `person` to agency `to`; return its `letter_id`.

    `body` holds JSON values by field name as the kind declares. `in_reply_to` and `supersedes` are `letter_id`s. Both copies are
    written, or neither. Raises `Undelivered` with the reason. (FOR-2013-09-20-1099 § 5; pasientjournalloven § 22 a)
    """
    if kind not in KINDS:
        raise KeyError(kind)
    letter = _postman(
        "SELECT letterbox.deliver(%s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s, %s)",
        [to, kind, json.dumps(body), person.pk, basis, necessity, consent, inmate_informed, verified, in_reply_to, supersedes],
    )
    return UUID(str(letter))


def mark_read(letter: Letter) -> None:
    """Leave the receipt "read" when a received letter is first opened."""
    if letter.direction == Letter.Direction.IN and letter.read_at is None:
        _postman("SELECT letterbox.receipt(%s, 'read')", [letter.letter_id])


def acknowledge(letter: Letter) -> None:
    """Leave the receipt "acknowledged": somebody has taken it on. Doing it twice changes nothing."""
    _postman("SELECT letterbox.receipt(%s, 'acknowledged')", [letter.letter_id])


def file_in_own_journal(letter: Letter, reference: str) -> None:
    """Leave the receipt "filed" with the recipient's own archive reference. Raises `Undelivered` when the reference is empty."""
    _postman("SELECT letterbox.receipt(%s, 'filed', %s)", [letter.letter_id, reference])


def attach_person(letter: Letter, person: Any) -> None:
    """Say which of the agency's own people a received letter is about. Can be done once."""
    with transaction.atomic():
        changed = type(letter)._default_manager.filter(pk=letter.pk, person=None).update(person=person)
        if changed != 1:
            raise Refused("attached", _("Brevet er allerede knyttet til en person."))
    letter.person = person  # type: ignore[attr-defined]


def give_consent(
    actor: Actor, person: Any, *, recipients: list[UUID], categories: list[str], purpose: str, valid_from: date, valid_to: date, reference: str, at: datetime
) -> Consent:
    """Record a signed consent and return it. Raises `Refused` when scope or period says nothing."""
    if not recipients or not categories:
        raise Refused("scope", _("Velg minst én mottaker og én type opplysninger."))
    if valid_to < valid_from:
        raise Refused("period", _("Sluttdatoen må komme etter startdatoen."), {"valid_to": [_("Sluttdatoen må komme etter startdatoen.")]})
    row = CONSENTS[actor.world](
        agency_id=actor.agency_id,
        person=person,
        recipients=recipients,
        categories=categories,
        purpose=purpose,
        valid_from=valid_from,
        valid_to=valid_to,
        signed_at=at,
        own_reference=reference,
        recorded_at=at,
        by_id=actor.membership_id,
        by_name=actor.signature,
    )
    row.save(force_insert=True)
    return row


def withdraw_consent(consent: Consent, *, note: str, at: datetime) -> None:
    """Withdraw: from the next statement on nothing can be sent on it. What was sent stands. Raises `StaleWrite`, `Refused`."""
    if consent.withdrawn_at is not None:
        raise Refused("withdrawn", _("Samtykket er allerede trukket tilbake."))
    consent.withdrawn_at, consent.withdrawn_note = at, note
    consent.save_changes(["withdrawn_at", "withdrawn_note"])
