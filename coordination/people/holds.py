"""Holds that stop the deletion of what is kept about a person: placed and lifted by the leader, each with a reason."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from coordination import clock, parameters
from coordination.identity import Actor, signed
from coordination.models import HOLDS, LegalHold
from coordination.people.access import lock_person, one_or_404, require
from coordination.refusals import refused_at


def may_hold(actor: Actor) -> bool:
    """Return whether stopping a deletion is this membership's decision."""
    return actor.world in HOLDS and parameters.may_set(actor)


def holds_for(actor: Actor) -> QuerySet[Any]:
    """Return the agency's holds, newest first, or raise Http404."""
    require(may_hold(actor))
    rows: QuerySet[Any] = HOLDS[actor.world]._default_manager.filter(agency_id=actor.agency_id)
    return rows.select_related("person").order_by("-recorded_at", "-id")


def standing(actor: Actor, at: datetime) -> list[LegalHold]:
    """Return the holds that stop something now. Raises Http404."""
    return list(holds_for(actor).filter(lifted_at=None, until_on__gte=clock.local_date(at)))


def access_hold(actor: Actor, pk: UUID) -> LegalHold:
    """Return one hold, or raise Http404."""
    hold: LegalHold = one_or_404(holds_for(actor).filter(pk=pk))
    return hold


def place(actor: Actor, person_id: UUID, *, reason: str, until_on: date, at: datetime) -> LegalHold:
    """Stop the deletion of everything the agency holds about a person, to the end of a date. Raises `Refused`, Http404."""
    require(may_hold(actor))
    lock_person(actor, person_id)
    if not reason.strip():
        raise refused_at("reason", _("Skriv hvorfor opplysningene ikke skal slettes."))
    if until_on <= clock.local_date(at):
        raise refused_at("until_on", _("Velg en dato fram i tid."))
    model: Any = HOLDS[actor.world]
    hold: LegalHold = model(**signed(actor, at), person_id=person_id, reason=reason.strip(), until_on=until_on)
    hold.save(force_insert=True)
    return hold


def lift(actor: Actor, pk: UUID, *, reason: str, at: datetime) -> LegalHold:
    """Lift a hold with a reason. Lifting twice changes nothing. Raises `Refused`, Http404, `StaleWrite`."""
    hold = access_hold(actor, pk)
    if hold.lifted_at is not None:
        return hold
    if not reason.strip():
        raise refused_at("reason", _("Skriv hvorfor slettingen kan gå som vanlig."))
    hold.lifted_at, hold.lifted_by_name, hold.lift_reason = at, actor.signature, reason.strip()
    hold.save_changes(["lifted_at", "lifted_by_name", "lift_reason"])
    return hold
