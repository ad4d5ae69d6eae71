"""The municipality's verbs about a referral: write it, send it, send it again with what was missing, take it back.

Each is one transaction. Holds nothing of the trust's side.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent.access import outbox
from consent.actions import Enclosure, carried_by, send_letter
from consent.letters import identity_of
from coordination import clock
from coordination.identity import Actor, signed
from coordination.models import Agency, MunicipalPatient, StaleWrite
from coordination.people.access import lock_person
from coordination.people.identifiers import reveal
from coordination.refusals import Refused, refused_at
from referrals import access
from referrals.letters import REFERRAL
from referrals.models import MunicipalReferral, ServiceType, Urgency, WithdrawnBy
from referrals.rules import State, may_move

CONSENT = "LB02"
COOPERATION = "LB10"
BASES = (COOPERATION, "LB12", CONSENT)
CONTENT = ("service_type", "urgency", "basis", "reason", "question", "medication", "interpreter", "inmate_informed")


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a referral as it is saved. Raises `Refused` where something needed is missing."""
    found = {name: values[name] for name in CONTENT}
    errors: dict[str, list[str]] = {}
    for name, text in (
        ("reason", _("Skriv hvorfor pasienten henvises.")),
        ("question", _("Skriv hva dere ber helseforetaket om.")),
    ):
        found[name] = str(found[name]).strip()
        if not found[name]:
            errors[name] = [text]
    found["medication"] = str(found["medication"]).strip()
    if (
        found["service_type"] not in ServiceType.values
        or found["urgency"] not in Urgency.values
        or found["basis"] not in BASES
    ):
        raise Refused("choice", _("Velg type helsehjelp, hastegrad og rettsgrunnlag."))
    if errors:
        raise Refused("missing", _("Henvisningen er ikke ferdig utfylt."), errors)
    return found


def write(
    actor: Actor, patient: MunicipalPatient, *, trust: Agency, key: UUID, at: datetime, **values: Any
) -> MunicipalReferral:
    """Save a referral as a draft and return it; the same `key` again returns the same. Raises `Refused`."""
    if not access.may_refer(actor):
        raise Http404
    content = _checked(values)
    with transaction.atomic():
        lock_person(actor, patient.pk)
        known = MunicipalReferral.objects.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        row = MunicipalReferral(
            person=patient,
            trust=trust,
            key=key,
            **signed(actor, at),
            **content,
        )
        row.save(force_insert=True)
    return row


def rewrite(actor: Actor, referral: MunicipalReferral, *, trust: Agency, version: int, **values: Any) -> None:
    """Change a draft. Raises `Refused` when it is sent or withdrawn, `StaleWrite` when somebody else changed it."""
    if not access.may_refer(actor):
        raise Http404
    content = _checked(values)
    with transaction.atomic():
        row = _locked(actor, referral)
        if row.stage != MunicipalReferral.Stage.DRAFT:
            raise Refused("sent", _("Henvisningen er ikke lenger et utkast."))
        row.version = version
        row.trust = trust
        for name, value in content.items():
            setattr(row, name, value)
        row.save_changes(["trust", *content])


def _locked(actor: Actor, referral: MunicipalReferral) -> MunicipalReferral:
    """Return the referral as it is now, under its patient's lock."""
    lock_person(actor, referral.person_id)
    return MunicipalReferral.objects.select_related("person", "trust").get(agency_id=actor.agency_id, pk=referral.pk)


def _current(actor: Actor, row: MunicipalReferral) -> access.Sent:
    return access.access_referral(actor, row.pk)


def _must_be_able(state: State, to: State) -> None:
    if not may_move(state, to):
        raise Refused("state", _("Dette kan ikke gjøres med henvisningen slik den står nå. Last siden på nytt."))


def _post(
    actor: Actor,
    row: MunicipalReferral,
    body: dict[str, Any],
    *,
    basis: str,
    supersedes: UUID | None,
    at: datetime,
    files: Sequence[Enclosure] = (),
) -> None:
    """Send a letter of the referral and remember where its exchange lies."""
    consent = None
    if basis == CONSENT:
        consent = access.consent_for(actor, row.person_id, row.trust_id, clock.local_date(at))
        if consent is None:
            message = _(
                "Pasienten har ikke et gyldig samtykke til henvisning til dette helseforetaket. Registrer samtykket, eller velg et annet grunnlag."
            )
            raise refused_at("basis", message, code="consent")
    letter_id = send_letter(
        actor,
        REFERRAL,
        to=row.trust_id,
        person=row.person,
        body={k: v for k, v in body.items() if v != ""},
        basis=basis,
        consent=consent,
        inmate_informed=row.inmate_informed,
        supersedes=supersedes,
        files=files,
    )
    letter = outbox(actor).get(letter_id=letter_id)
    row.letter_id, row.thread_id, row.sent_at = letter.letter_id, letter.thread_id, letter.sent_at


def _body(row: MunicipalReferral) -> dict[str, Any]:
    """Return what the referral tells. The identity number is revealed here and nowhere else: a referral must name its patient surely."""
    patient = row.person
    return {
        **identity_of(patient),
        "national_id": reveal(patient),
        "service_type": row.service_type,
        "urgency": row.urgency,
        "reason": row.reason,
        "question": row.question,
        "medication": row.medication,
        "interpreter": row.interpreter,
        "prison": _prison(row),
    }


def _prison(row: MunicipalReferral) -> str:
    return row.person.prison.name if row.person.prison else str(_("Ikke oppgitt"))


def send(
    actor: Actor, referral: MunicipalReferral, *, at: datetime, files: Sequence[Enclosure] = ()
) -> MunicipalReferral:
    """Send a draft to its trust, with files (obligation R5.2.2-d). Sending twice sends once. Raises `Refused`, `Undelivered`."""
    if not access.may_refer(actor):
        raise Http404
    with transaction.atomic():
        row = _locked(actor, referral)
        if row.stage == MunicipalReferral.Stage.SENT:
            return row
        _must_be_able(_current(actor, row).state, State.SENT)
        _post(actor, row, _body(row), basis=row.basis, supersedes=None, at=at, files=files)
        row.stage = MunicipalReferral.Stage.SENT
        row.save_changes(["stage", "letter_id", "thread_id", "sent_at"])
    return row


def send_again(
    actor: Actor,
    referral: MunicipalReferral,
    *,
    version: int,
    key: UUID,
    at: datetime,
    files: Sequence[Enclosure] = (),
    **values: Any,
) -> MunicipalReferral:
    """Send a returned referral again with what was missing: a new letter in place of the old, and ten new working days.

    The files of the old letter go along, before the new `files`.
    Raises `Refused` in any other state, `StaleWrite`, `Undelivered`. The same `key` again sends once.
    """
    if not access.may_refer(actor):
        raise Http404
    content = _checked(values)
    with transaction.atomic():
        row = _locked(actor, referral)
        if row.key == key:
            return row
        if row.version != version:
            raise StaleWrite("MunicipalReferral")
        current = _current(actor, row)
        if row.letter_id is None:
            raise Refused("draft", _("Henvisningen er ikke sendt ennå."))
        _must_be_able(current.state, State.SENT)
        for name, value in content.items():
            setattr(row, name, value)
        row.key = key
        old = _newest(current)
        sent = carried_by(actor, old) if old else []
        known = {one.file.digest for one in sent}
        files = [*sent, *(one for one in files if one.file.digest not in known)]
        _post(actor, row, _body(row), basis=row.basis, supersedes=old, at=at, files=files)
        row.save_changes([*content, "key", "letter_id", "thread_id", "sent_at"])
    return row


def _newest(current: access.Sent) -> UUID | None:
    return current.letter.letter_id if current.letter else None


def withdraw(actor: Actor, referral: MunicipalReferral, *, by: str, note: str, at: datetime) -> MunicipalReferral:
    """Take a referral back. A sent one is withdrawn by a letter in place of the last, with no more in it than the trust needs.

    Withdrawing twice withdraws once. Raises `Refused` after a denial, which ended it, and without saying who withdraws.
    """
    if not access.may_refer(actor):
        raise Http404
    if by not in WithdrawnBy.values:
        raise refused_at("withdrawn_by", _("Velg hvem som trekker henvisningen."))
    with transaction.atomic():
        row = _locked(actor, referral)
        if row.stage == MunicipalReferral.Stage.WITHDRAWN:
            return row
        current = _current(actor, row)
        _must_be_able(current.state, State.WITHDRAWN)
        if row.letter_id is not None:
            # A consent that ended cannot carry the letter that ends the referral; cooperation between health personnel can.
            held = row.basis != CONSENT or access.consent_for(actor, row.person_id, row.trust_id, clock.local_date(at))
            body = {
                **identity_of(row.person),
                "service_type": row.service_type,
                "urgency": row.urgency,
                "reason": note.strip() or str(WithdrawnBy(by).label),
                "question": str(_("Henvisningen er trukket tilbake.")),
                "interpreter": row.interpreter,
                "prison": _prison(row),
                "withdrawn_by": by,
            }
            _post(actor, row, body, basis=row.basis if held else COOPERATION, supersedes=_newest(current), at=at)
        row.stage, row.withdrawn_by, row.withdrawn_note, row.withdrawn_at = (
            MunicipalReferral.Stage.WITHDRAWN,
            by,
            note.strip(),
            at,
        )
        row.save_changes(
            ["stage", "withdrawn_by", "withdrawn_note", "withdrawn_at", "letter_id", "thread_id", "sent_at"]
        )
    return row
