"""Letters as plain values, the same on screen and paper: what they say, on what ground, how they stand. Asks no database."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from consent import wording
from consent.documents.attachments import attachment_rows
from consent.letters import ATTACHMENTS, CONSENT_NOTICE, KINDS, REQUESTS, Field
from consent.models import Letter
from coordination.identity import Actor
from coordination.models import Role

Fact = dict[str, Any]


def title_of(letter: Letter) -> str:
    """Return the title of the kind; a kind that no app sends any more is still shown, by its code."""
    kind = KINDS.get(letter.kind)
    return str(kind.title) if kind else letter.kind


def name_in(letter: Letter) -> str:
    """Return "Etternavn, Fornavn" as the letter says, whatever a register says today; "" when it names nobody."""
    return ", ".join(part for part in (letter.body.get("family_name"), letter.body.get("given_name")) if part)


def sender_of(letter: Letter) -> str:
    """Return role and name of the person who sent it; that nobody acted where nobody did."""
    if not letter.sender_role:
        return _("%(name)s, automatisk") % {"name": letter.sender_name}
    role = Role(letter.sender_role).label if letter.sender_role in Role.values else letter.sender_role
    return f"{str(role).capitalize()} {letter.sender_name}"


def ran_out_on(letter: Letter, today: date) -> date | None:
    """Return the last day of the consent that a received notice tells of, once that Oslo date is over. (obligation R6.3-e)"""
    if letter.kind != CONSENT_NOTICE.code or letter.direction != Letter.Direction.IN or "valid_to" not in letter.body:
        return None
    last = date.fromisoformat(letter.body["valid_to"])
    return last if last < today else None


def shown(kind: str, field: Field, value: Any) -> Any:
    """Return one value as the letter component draws it: typed, codes in words. What cannot be read as its type is shown as sent."""
    if isinstance(value, list):
        return [wording.word(kind, field.name, str(item)) for item in value]
    if isinstance(value, str):
        try:
            if field.type == "date":
                return date.fromisoformat(value)
            if field.type == "instant":
                return datetime.fromisoformat(value)
        except ValueError:
            return value
        return wording.word(kind, field.name, value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_format(Decimal(str(value)).normalize(), use_l10n=True)
    return value


def rows_of(letter: Letter) -> list[Fact]:
    """Return label and value of every fact the letter carries, in the order of its kind. What the sender left out is not in the letter."""
    kind = KINDS.get(letter.kind)
    fields = kind.fields if kind else tuple(Field(name, name) for name in letter.body)
    return [
        {"label": field.label, "value": shown(letter.kind, field, letter.body[field.name])}
        for field in fields
        if letter.body.get(field.name) not in (None, "", []) and field.name != ATTACHMENTS.name
    ]


def sides(actor: Actor, letter: Letter) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return (world, name) of sender and recipient."""
    own, other = (str(actor.world), actor.agency_name), (letter.other_agency.world, letter.other_agency.name)
    return (own, other) if letter.direction == Letter.Direction.OUT else (other, own)


def letter_document(actor: Actor, letter: Letter, basis_titles: Mapping[str, str]) -> Fact:
    """Return what components/letter.html draws."""
    sender, recipient = sides(actor, letter)
    return {
        "title": title_of(letter),
        "sender_kind": sender[0],
        "sender_name": sender[1],
        "recipient_kind": recipient[0],
        "recipient_name": recipient[1],
        "sent_at": letter.sent_at,
        "basis": basis_titles.get(letter.basis, letter.basis),
        "rows": rows_of(letter),
        "attachments": attachment_rows(letter),
    }


def ground_facts(letter: Letter, basis_titles: Mapping[str, str]) -> list[Fact]:
    """Return on what ground the letter was sent, in the words of the law on that day, and with what proof."""
    informed = {True: _("Ja"), False: _("Nei"), None: _("Ikke oppgitt")}[letter.inmate_informed]
    facts = [
        {"label": _("Rettsgrunnlag"), "value": basis_titles.get(letter.basis, letter.basis)},
        {"label": _("Lovhjemmel da brevet ble sendt"), "value": letter.statute},
    ]
    if letter.necessity:
        facts.append({"label": _("Hvorfor det var nødvendig"), "value": letter.necessity})
    facts.append({"label": _("Personen er orientert"), "value": informed})
    facts.append(
        {
            "label": _("Opplysningene er kontrollert"),
            "value": _("Ja") if letter.verified else _("Nei, ikke kontrollert"),
        }
    )
    return facts


def receipt_facts(letter: Letter) -> list[dict[str, Any]]:
    """Return every receipt in order: label, instant or None, and who or where. Both sides see the same, but for a request for
    information: its sender sees that it is answered, and nothing of how the other side went about it."""
    receipts: list[dict[str, Any]] = [
        {"label": _("Sendt"), "at": letter.sent_at, "text": sender_of(letter)},
        # Both copies are written in one transaction: what is sent is delivered.
        {"label": _("Levert"), "at": letter.sent_at, "text": ""},
    ]
    quiet = answer_only(letter)
    if not quiet:
        receipts.append({"label": _("Lest"), "at": letter.read_at, "text": ""})
    if letter.reminded_at:
        receipts.append({"label": _("Påminnet"), "at": letter.reminded_at, "text": ""})
    if (letter.awaits or letter.acknowledged_at) and not quiet:
        receipts.append({"label": _("Kvittert"), "at": letter.acknowledged_at, "text": letter.acknowledged_by})
    if letter.awaits == Letter.Awaits.ANSWER or letter.answered_at:
        receipts.append(
            {"label": _("Besvart"), "at": letter.answered_at, "text": "", "answer": letter.answered_by_letter}
        )
    if not quiet:
        text = letter.filed_reference
        receipts.append({"label": _("Journalført hos mottakeren"), "at": letter.filed_at, "text": text})
    return receipts


def answer_only(letter: Letter) -> bool:
    """Return whether a sent letter tells its sender nothing but the answer: a request for information."""
    return letter.direction == Letter.Direction.OUT and letter.kind in REQUESTS


def may_acknowledge(letter: Letter) -> bool:
    """Return whether a receipt may be left for a letter: a received one that stands, and not a request, whose sender is told the answer only."""
    return (
        letter.direction == Letter.Direction.IN
        and letter.kind not in REQUESTS
        and letter.acknowledged_at is None
        and letter.superseded_by is None
    )


def state_of(letter: Letter) -> dict[str, Any]:
    """Return one line for a list: a word, or a deadline that still runs."""
    if letter.superseded_by:
        return {"word": _("Rettet av nytt brev"), "color": "neutral"}
    if letter.awaits and letter.settled_at is None:
        word = _("Venter på svar") if letter.awaits == Letter.Awaits.ANSWER else _("Venter på kvittering")
        return {"word": word, "due_at": letter.due_at, "color": "warning"}
    if letter.answered_at:
        return {"word": _("Besvart"), "color": "success"}
    if letter.acknowledged_at:
        return {"word": _("Kvittert"), "color": "success"}
    return {"word": _("Lest") if letter.read_at else _("Ikke lest"), "color": "neutral"}


def as_rows(
    actor: Actor, letters: Iterable[Letter], assigned: Mapping[UUID, str] | None = None
) -> list[dict[str, Any]]:
    """Return what a list of letters shows of each; with who has it to do where that is asked."""
    return [
        {
            "pk": letter.pk,
            "sent_at": letter.sent_at,
            "title": title_of(letter),
            "name": name_in(letter),
            "other": letter.other_agency,
            "out": letter.direction == Letter.Direction.OUT,
            "is_new": letter.direction == Letter.Direction.IN
            and letter.read_at is None
            and letter.superseded_by is None,
            "state": state_of(letter),
            "assigned": (assigned or {}).get(letter.pk, ""),
            "may_acknowledge": bool(letter.awaits) and may_acknowledge(letter),
        }
        for letter in letters
    ]


def letter_paper(actor: Actor, letter: Letter, basis_titles: Mapping[str, str], at: datetime) -> dict[str, Any]:
    """Return the context of the printed letter."""
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "letter": letter_document(actor, letter, basis_titles),
        "ground": ground_facts(letter, basis_titles),
        "receipts": receipt_facts(letter),
        "superseded": letter.superseded_by is not None,
        "corrects": letter.supersedes is not None,
    }
