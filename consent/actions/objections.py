"""The verbs of an objection (helsepersonelloven § 29): registered, lifted, and set aside once with weighty reasons. No duty is ever stopped."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent import access
from consent.letters import CLINICIANS, KINDS
from consent.models import OBJECTIONS, OVERRIDES, REASON_MIN, LegalBasis, Objection, ObjectionOverride
from coordination.identity import Actor, signed
from coordination.models import Agency
from coordination.people.access import lock_person
from coordination.refusals import Refused, refused_at


def register_objection(
    actor: Actor,
    person: Any,
    *,
    recipients: list[UUID],
    categories: list[str],
    source: str,
    words: str,
    objected_at: datetime,
    at: datetime,
    key: UUID | None = None,
) -> Objection:
    """Record that a patient objects to sharing, and return it; the same `key` again returns the first. Empty lists mean all.

    Holds from the next statement on. Raises `Refused`; Http404 outside health. (obligation R6.2-f; helsepersonelloven § 29)
    """
    if actor.world not in OBJECTIONS:
        raise Http404
    if source == Objection.Source.PRESUMED and not words.strip():
        raise refused_at("words", _("Skriv hvorfor det er grunn til å tro at pasienten ville ha motsatt seg det."))
    if objected_at > at:
        raise refused_at("objected_at", _("Tidspunktet kan ikke være fram i tid."))
    with transaction.atomic():
        locked = lock_person(actor, person.pk)
        table = OBJECTIONS[actor.world]
        key = key or uuid4()
        known: Objection | None = table._default_manager.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        row: Objection = table(
            person=locked,
            key=key,
            recipients=recipients,
            categories=categories,
            source=Objection.Source(source),
            words=words.strip(),
            objected_at=objected_at,
            **signed(actor, at),
        )
        row.save(force_insert=True)
        return row


def lift_objection(actor: Actor, objection: Objection, *, note: str, at: datetime) -> None:
    """Record that the patient no longer objects. Raises `Refused` when it is lifted already, `StaleWrite`."""
    if objection.lifted_at is not None:
        raise Refused("lifted", _("Motsettelsen er allerede trukket."))
    objection.lifted_at, objection.lifted_note, objection.lifted_by = at, note.strip()[:300], actor.signature
    objection.save_changes(["lifted_at", "lifted_note", "lifted_by"])


def may_override(actor: Actor) -> bool:
    """Return whether the actor is health personnel, who alone set an objection aside."""
    return actor.has_role(*CLINICIANS)


def override_objection(
    actor: Actor,
    objection: Objection,
    *,
    recipient: Agency,
    kind: str,
    ground: str,
    reason: str,
    at: datetime,
    key: UUID | None = None,
) -> ObjectionOverride:
    """Decide to share once in spite of an objection, with weighty reasons in writing; one letter may rest on it. Return the decision.

    Health personnel only, else Http404. Raises `Refused`. (helsepersonelloven § 29 third paragraph)
    """
    if not may_override(actor):
        raise Http404
    if len(reason.strip()) < REASON_MIN:
        raise refused_at("reason", _("Skriv de tungtveiende grunnene, minst %(count)s tegn.") % {"count": REASON_MIN})
    wanted = KINDS.get(kind)
    if (
        wanted is None
        or actor.role not in wanted.sender_roles
        or recipient.world not in wanted.recipients
        or not LegalBasis.objects.filter(code__in=wanted.bases, blocked_by="objection").exists()
    ):
        raise Refused("kind", _("Velg et brev som motsettelsen stanser."), {"kind": [_("Velg et brev.")]})
    with transaction.atomic():
        lock_person(actor, objection.person_id)
        table = OVERRIDES[actor.world]
        key = key or uuid4()
        known: ObjectionOverride | None = table._default_manager.filter(agency_id=actor.agency_id, key=key).first()
        if known is not None:
            return known
        standing = access.access_objection(actor, objection.pk)
        if standing.lifted_at is not None:
            raise Refused("lifted", _("Motsettelsen er trukket. Da er det ingenting å sette til side."))
        row: ObjectionOverride = table(
            person_id=standing.person_id,
            objection=standing,
            key=key,
            recipient_id=recipient.pk,
            kind=kind,
            ground=ObjectionOverride.Ground(ground),
            reason=reason.strip(),
            **signed(actor, at),
        )
        row.save(force_insert=True)
        return row
