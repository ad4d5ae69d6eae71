"""The verbs of the letterbox. Each is one transaction; what crosses the wall goes through the postman only."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import access
from consent.actions.attachments import MOST, Enclosure, carried, listed
from consent.letters import ATTACHMENTS, KINDS, LetterKind, identity_of
from consent.models import LETTERS, LegalBasis, Letter
from consent.rules import ReasonProblem, reason_problem
from coordination.identity import Actor
from coordination.people.anonymity import require_nameless
from coordination.refusals import Refused, refused_at

#: What the postman says no with, in words a person can act on. The codes are the texts of letterbox._no.
REFUSALS = {
    "nobody acts": gettext_lazy("Du er logget ut. Logg inn og prøv igjen."),
    "recipient": gettext_lazy("Mottakeren kan ikke få brev herfra."),
    "kind": gettext_lazy("Rollen din kan ikke sende denne typen brev til denne mottakeren."),
    "person": gettext_lazy("Personen finnes ikke her."),
    "basis": gettext_lazy("Dette rettsgrunnlaget kan ikke brukes for dette brevet."),
    "basis not in force": gettext_lazy("Rettsgrunnlaget gjelder ikke i dag."),
    "proof": gettext_lazy(
        "Grunnlaget mangler: et gyldig samtykke som dekker mottaker og innhold, eller en begrunnelse på minst 20 tegn."
    ),
    "objection": gettext_lazy(
        "Pasienten har motsatt seg at dette deles. Helsepersonell kan sette motsettelsen til side én gang, med tungtveiende grunner."
    ),
    "reply": gettext_lazy("Brevet du svarer på finnes ikke."),
    "authorisation": gettext_lazy("Bare den fengselslederen har gitt fullmakt, kan be om opplysninger."),
    "answered": gettext_lazy("Anmodningen er allerede besvart."),
    "correction": gettext_lazy("Brevet du retter finnes ikke, eller er rettet før."),
    "body": gettext_lazy("Innholdet i brevet kan ikke leses."),
    "attachment": gettext_lazy("Et vedlegg ble ikke som det skulle. Velg filene på nytt."),
    "receipt": gettext_lazy("Brevet finnes ikke."),
    "superseded": gettext_lazy("Brevet er rettet av et nytt. Bruk det nye."),
    "reader": gettext_lazy("Velg en kollega som kan lese brevet."),
    "reminded": gettext_lazy("Påminnelse kan sendes når fristen er ute, og høyst én gang i døgnet."),
    "reference": gettext_lazy("Skriv saks- eller journalnummeret i eget arkiv, høyst 60 tegn."),
}


#: What is wrong with a written necessity, in words.
REASONS = {
    ReasonProblem.SHORT: gettext_lazy(
        "Skriv hvorfor det er nødvendig å dele akkurat dette, med minst 20 tegn og flere ord."
    ),
    ReasonProblem.OPEN_ENDED: gettext_lazy(
        "Skriv hvilke opplysninger som trengs og hvorfor. «Alle opplysninger», «hele journalen» og lignende er ikke en begrunnelse."
    ),
    ReasonProblem.COPIED: gettext_lazy(
        "Dette er den samme begrunnelsen som i et tidligere brev. Skriv hvorfor det er nødvendig denne gangen, for denne personen."
    ),
}
#: How many of the latest reasons a new one is compared with.
COMPARED = 10


#: What PostgreSQL says of text that cannot be content: not JSON (NaN), or characters no text may hold.
NO_CONTENT = frozenset({"22P02", "22P05", "22021"})


class Undelivered(Refused):
    """The postman refused; nothing was written on either side."""


def postman(sql: str, values: list[Any]) -> Any:
    """Call a postman function inside a savepoint, so that a refusal leaves the transaction usable. Raises `Undelivered`."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            row = cursor.fetchone()
            return row[0] if row else None
    except DatabaseError as error:
        cause = error.__cause__
        state = getattr(cause, "sqlstate", None)
        if state in NO_CONTENT:
            raise Undelivered("body", str(REFUSALS["body"])) from None
        if state != "SV001":
            raise
        code = str(cause.diag.message_primary)  # type: ignore[union-attr]
        name, _colon, field = code.partition(":")
        message = str(REFUSALS.get(name) or _("Feltet «%(field)s» mangler eller har feil innhold.") % {"field": field})
        raise Undelivered(code, message, {field: [message]} if field else None) from None


def check_necessity(actor: Actor, kind: LetterKind, basis: str, person: Any, necessity: str) -> None:
    """Refuse a necessity that says nothing: too short, open-ended, or copied from a letter about somebody else.

    Only grounds that need one are looked at, and a routine notice may give the same reason every time. Raises `Refused` for the field
    `necessity`. (obligation R6.1-a; FOR-2013-09-20-1099 § 5)
    """
    if kind.routine or basis not in kind.bases or person is None:
        return  # what the kind does not permit, and a letter about nobody where one needs somebody, is refused by the postman
    if not LegalBasis.objects.filter(code=basis, needs=LegalBasis.Needs.NECESSITY).exists():
        return
    routine = [known.code for known in KINDS.values() if known.routine]
    # Compared, never shown: the texts alone are read, and no person with them.
    earlier = (
        LETTERS[actor.world]
        ._default_manager.filter(agency_id=actor.agency_id, direction=Letter.Direction.OUT, supersedes=None)
        .exclude(necessity="")
        .exclude(kind__in=routine)
        .exclude(person_id=person.pk)
        .order_by("-sent_at")
        .values_list("necessity", flat=True)[:COMPARED]
    )
    problem = reason_problem(necessity, earlier)
    if problem is not None:
        raise refused_at("necessity", str(REASONS[problem]))


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
    files: Sequence[Enclosure] = (),
) -> UUID:
    """Disclose: hand the postman a letter about the actor's own `person` to agency `to`; return its `letter_id`.

    `person` is None for the kinds that are about nobody: the postman takes those on LB15 alone, and no other without a person.
    `body` holds JSON values by field name as the kind declares. `in_reply_to` and `supersedes` are `letter_id`s. Both copies are
    written, or neither. `consent` is the key of the consent the letter rests on or, where the patient objects, of the decision to set
    that aside once. `files` go with both copies, and only with a kind that takes them. Raises `Undelivered` with the reason, `Refused`
    for a necessity that says nothing.
    (FOR-2013-09-20-1099 § 5; pasientjournalloven § 22 a)
    """
    if kind not in KINDS:
        raise KeyError(kind)
    if person is None:
        require_nameless(actor, _words(KINDS[kind], body))
    if supersedes is None:
        check_necessity(actor, KINDS[kind], basis, person, necessity)
    if consent is None and person is not None:
        # Where the patient objects, the decision that sets this aside for such a letter is taken along; the postman judges it.
        consent = access.override_for(actor, kind, to, person.pk, basis)
    with transaction.atomic():
        letter = postman(
            "SELECT letterbox.deliver(%s, %s, %s::jsonb, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                to,
                kind,
                json.dumps(listed(body, files)),
                person.pk if person is not None else None,
                basis,
                necessity,
                consent,
                inmate_informed,
                verified,
                in_reply_to,
                supersedes,
            ],
        )
        for place, one in enumerate(files, start=1):
            postman("SELECT letterbox.enclose(%s, %s, %s)", [letter, place, one.file.data])
    return UUID(str(letter))


def _words(kind: LetterKind, body: dict[str, Any]) -> dict[str, str]:
    """Return what somebody typed in a letter, by field; keys that a program made are no words."""
    typed = {field.name: body.get(field.name, "") for field in kind.fields if field.type in {"text", "long"}}
    return {name: text for name, text in typed.items() if isinstance(text, str) and name != "reference"}


def mark_read(letter: Letter) -> None:
    """Leave the receipt "read" when a received letter is first opened."""
    if letter.direction == Letter.Direction.IN and letter.read_at is None:
        postman("SELECT letterbox.receipt(%s, 'read')", [letter.letter_id])


def opened(actor: Actor, pk: UUID) -> Letter:
    """Return a letter, marked as read when it was received and is opened for the first time. Raises Http404."""
    row = access.access_letter(actor, pk)
    if row.direction == Letter.Direction.IN and row.read_at is None:
        mark_read(row)
        row = access.access_letter(actor, pk)
    return row


def acknowledge(letter: Letter) -> None:
    """Leave the receipt "acknowledged": somebody has taken it on. Doing it twice changes nothing."""
    postman("SELECT letterbox.receipt(%s, 'acknowledged')", [letter.letter_id])


def file_in_own_journal(letter: Letter, reference: str) -> None:
    """Leave the receipt "filed" with the recipient's own archive reference.

    Raises `Undelivered` when the reference is empty or too long, `Refused` when the letter is filed already: the first reference stands.
    """
    if letter.filed_at is not None:
        raise Refused(
            "filed",
            _("Brevet er allerede journalført med referansen %(reference)s.") % {"reference": letter.filed_reference},
        )
    try:
        postman("SELECT letterbox.receipt(%s, 'filed', %s)", [letter.letter_id, reference])
    except Undelivered as refused:
        if refused.code == "reference":
            refused.errors = {"reference": [str(refused)]}
        raise


@dataclass(frozen=True)
class Corrected:
    """What became of a correction: the letter in place of the one that was opened, and to whom it could not be sent, by name."""

    letter_id: UUID
    untold: tuple[str, ...] = ()


def correct(
    actor: Actor,
    letter: Letter,
    person: Any,
    body: dict[str, Any],
    *,
    drops: Collection[int] = (),
    files: Sequence[Enclosure] = (),
) -> Corrected:
    """Send a corrected letter in place of one's own, to it and to all others who had the very same. The old ones stand, marked.

    Each goes on its own ground and proof. `person` is the one the letter is about, as the own register has them now: identity facts come
    from there, never from a form. Raises `Undelivered`: corrected before, or the ground no longer holds (a consent withdrawn since). One
    of the others that cannot be reached holds up nothing: it is told of. The old letter's files go along but for
    those whose numbers are in `drops`, before new `files`.
    """
    others = access.siblings(actor, letter)
    old = enumerate(carried(actor, letter), start=1)
    files = [*(one for number, one in old if number not in drops), *files]
    if len(files) > MOST:
        raise refused_at("attachments", _("Legg ved høyst %(count)s filer.") % {"count": MOST})
    sent = _in_place(actor, letter, person, body, files)
    untold = []
    for other in others:
        try:
            _in_place(actor, other, person, body, files)
        except Undelivered:
            untold.append(other.other_agency.name)
    return Corrected(sent, tuple(untold))


def _in_place(actor: Actor, letter: Letter, person: Any, body: dict[str, Any], files: Sequence[Enclosure]) -> UUID:
    """Send one letter in place of another."""
    names = {field.name for field in KINDS[letter.kind].fields}
    facts = {name: value for name, value in identity_of(person).items() if name in names}
    return send_letter(
        actor,
        letter.kind,
        to=letter.other_agency_id,
        person=person,
        body={**{name: value for name, value in letter.body.items() if name != ATTACHMENTS.name}, **body, **facts},
        basis=letter.basis,
        necessity=letter.necessity,
        consent=letter.consent_id,
        inmate_informed=letter.inmate_informed,
        verified=letter.verified,
        in_reply_to=letter.in_reply_to,
        supersedes=letter.letter_id,
        files=files,
    )


def attach_person(letter: Letter, person: Any) -> None:
    """Say which of the agency's own people a received letter is about. Can be done once."""
    with transaction.atomic():
        unknown: QuerySet[Any] = type(letter)._default_manager.filter(pk=letter.pk)
        changed = unknown.filter(person=None).update(person=person)
        if changed != 1:
            raise Refused("attached", _("Brevet er allerede knyttet til en person."))
    letter.person = person
