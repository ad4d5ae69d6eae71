"""Objections and the grounds one may choose from, for an actor. Writes nothing. Absent and hidden are the same."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from consent.access.consents import in_force
from consent.access.letters import correspondents, letters_for, reads_content
from consent.documents import Offer
from consent.letters import KINDS, LetterKind, sent_from
from consent.models import OBJECTIONS, OVERRIDES, LegalBasis, Letter, Objection
from consent.rules import Ground, verdict
from coordination.identity import Actor
from coordination.models import Agency
from coordination.people.access import one_or_404


def objections_for(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return a patient's objections, newest first. A prison keeps none: Http404."""
    reads_content(actor)
    if actor.world not in OBJECTIONS:
        raise Http404
    objections: QuerySet[Any] = OBJECTIONS[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, person_id=person_id
    )
    return objections.order_by("-recorded_at", "-id")


def access_objection(actor: Actor, pk: UUID) -> Objection:
    """Return one objection, or raise Http404."""
    reads_content(actor)
    if actor.world not in OBJECTIONS:
        raise Http404
    objections: QuerySet[Any] = OBJECTIONS[actor.world]._default_manager.select_related("person")
    objection: Objection = one_or_404(objections.filter(agency_id=actor.agency_id, pk=pk))
    return objection


def overrides_for(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return the decisions that set a patient's objections aside, newest first."""
    overrides: QuerySet[Any] = OVERRIDES[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, person_id=person_id
    )
    return overrides.order_by("-recorded_at", "-id")


def used(actor: Actor, overrides: list[Any]) -> dict[UUID, UUID]:
    """Return the letter that rests on each used override, by the override's key; by the key of the agency's own copy."""
    sent = letters_for(actor).select_related(None).filter(direction=Letter.Direction.OUT)
    return {row.consent_id: row.pk for row in sent.filter(consent_id__in=[row.pk for row in overrides])}


def standing_against(actor: Actor, person_id: UUID, recipient: UUID, category: str) -> list[Objection]:
    """Return the objections that stand against a recipient and a kind of information. None in a prison."""
    if actor.world not in OBJECTIONS:
        return []
    rows = objections_for(actor, person_id).filter(lifted_at=None)
    rows = rows.filter(Q(recipients=[]) | Q(recipients__contains=[recipient]))
    return list(rows.filter(Q(categories=[]) | Q(categories__contains=[category])))


def unused_override(actor: Actor, person_id: UUID, recipient: UUID, kind: str, since: Any) -> UUID | None:
    """Return the newest decision that lets one letter of a kind go to a recipient and that nothing rests on yet, or None."""
    rows = list(overrides_for(actor, person_id).filter(recipient_id=recipient, kind=kind, recorded_at__gte=since))
    taken = used(actor, rows) if rows else {}
    return next((row.pk for row in rows if row.pk not in taken), None)


def override_for(actor: Actor, kind: str, recipient: UUID, person_id: UUID, basis: str) -> UUID | None:
    """Return the unused decision a letter may rest on where an objection stands against its ground, or None."""
    if actor.world not in OBJECTIONS or not LegalBasis.objects.filter(code=basis, blocked_by="objection").exists():
        return None
    against = standing_against(actor, person_id, recipient, KINDS[kind].category)
    if not against:
        return None
    return unused_override(actor, person_id, recipient, kind, max(row.recorded_at for row in against))


def may_share(actor: Actor) -> list[LetterKind]:
    """Return the kinds of information the actor's role may share on a ground somebody chooses, by title."""
    return [kind for kind in sent_from(actor.world) if kind.shared and actor.role in kind.sender_roles]


def share_partners(actor: Actor) -> list[Agency]:
    """Return the agencies one may share with: those this one works with."""
    worlds = {world for kind in may_share(actor) for world in kind.recipients}
    return [agency for agency in correspondents(actor) if agency.world in worlds]


def offers(
    actor: Actor, kind: LetterKind, recipient: Agency, person_id: UUID, on: date, *, answers: bool = False
) -> list[Offer]:
    """Return the lawful grounds for a letter to a recipient about a person, each with whether it can be used on an Oslo date.

    Only grounds of the closed list that the kind permits and that hold between these two worlds; others do not exist here.
    `answers` says that the letter answers one of theirs. (obligation RM7-g; legal_bases.yaml)
    """
    bases = LegalBasis.objects.filter(
        code__in=kind.bases, senders__contains=[actor.world], recipients__contains=[recipient.world]
    ).prefetch_related("versions")
    route = f"{actor.world}>{recipient.world}"
    lawful = [basis for basis in bases if not basis.routes or route in basis.routes]
    against = standing_against(actor, person_id, recipient.pk, kind.category)
    override = None
    if against:
        since = max(row.recorded_at for row in against)
        override = unused_override(actor, person_id, recipient.pk, kind.code, since)
    wanted = any(basis.needs == LegalBasis.Needs.CONSENT for basis in lawful)
    consents = in_force(actor, person_id, recipient=recipient.pk, category=kind.category, on=on) if wanted else []
    found = []
    for basis in lawful:
        versions = [v for v in basis.versions.all() if v.valid_from <= on and (v.valid_to is None or on <= v.valid_to)]
        ground = Ground(
            needs=basis.needs,
            blocked_by=basis.blocked_by,
            duty=basis.duty,
            on_request=basis.on_request,
            in_force=bool(versions),
        )
        how = verdict(
            ground, answers=answers, consented=bool(consents), objected=bool(against), overridden=override is not None
        )
        found.append(
            Offer(
                basis=basis,
                statute=versions[0].statute if versions else "",
                verdict=how,
                consent=consents[0] if consents and basis.needs == LegalBasis.Needs.CONSENT else None,
                override=override,
            )
        )
    return found


def blockable(actor: Actor) -> list[LetterKind]:
    """Return the kinds the actor's role sends that an objection can stop, by title."""
    met = set(LegalBasis.objects.filter(blocked_by="objection").values_list("code", flat=True))
    return [kind for kind in sent_from(actor.world) if actor.role in kind.sender_roles and met & set(kind.bases)]


def overridable(actor: Actor, objection: Objection) -> tuple[list[LetterKind], list[Agency]]:
    """Return the letters an objection stops that the actor's role sends, and whom of those it concerns one may send them to."""
    kinds = [k for k in blockable(actor) if not objection.categories or k.category in objection.categories]
    worlds = {world for kind in kinds for world in kind.recipients}
    return kinds, [
        agency
        for agency in correspondents(actor)
        if agency.world in worlds and (not objection.recipients or agency.pk in objection.recipients)
    ]


def objectionable(actor: Actor) -> list[str]:
    """Return the kinds of information one may object to sharing, by category."""
    met = set(LegalBasis.objects.filter(blocked_by="objection").values_list("code", flat=True))
    kinds = [kind for kind in KINDS.values() if actor.world in kind.senders and met & set(kind.bases)]
    return list(dict.fromkeys(kind.category for kind in kinds))
