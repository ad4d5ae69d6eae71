"""People and patients for an actor, from one queryset. Writes nothing. Absent and hidden are the same."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from coordination.identity import Actor
from coordination.models import (
    Agency,
    MembershipUnit,
    MunicipalPatient,
    Person,
    Role,
    RosterImport,
    SpecialistPatient,
    Stay,
    Unit,
    UnitTransfer,
)
from coordination.models.people import Named
from coordination.people.identifiers import lookup_hash
from coordination.refusals import Refused
from coordination.worlds import Reach, World

PEOPLE: dict[World, Any] = {
    World.CUSTODY: Person,
    World.MUNICIPAL_HEALTH: MunicipalPatient,
    World.SPECIALIST_HEALTH: SpecialistPatient,
}

#: Who registers people in custody: officers in their own units, the others in the whole prison.
LEADERS = (Role.DUTY_LEADER, Role.RELEASE_CASEWORKER, Role.WARDEN)
OFFICERS = (Role.OFFICER, Role.CONTACT_OFFICER)
REGISTRARS = (*LEADERS, *OFFICERS)


def is_leader(actor: Actor) -> bool:
    """Return whether the actor may move, hand over and end: verbs that take grants away and so need the whole agency."""
    return actor.has_role(*LEADERS) and actor.reach is Reach.AGENCY


def is_registrar(actor: Actor) -> bool:
    """Return whether the actor may register people and change what the prison knows about them."""
    return actor.has_role(*REGISTRARS)


def require(allowed: bool) -> None:
    """Raise Http404 unless allowed: a door one may not use looks like a door that is not there."""
    if not allowed:
        raise Http404


M = TypeVar("M", bound=Model)


def one_or_404(rows: QuerySet[M]) -> M:
    """Return the row there is, or raise Http404: what is hidden looks like what is absent."""
    row = rows.first()
    if row is None:
        raise Http404
    return row


def people_for(actor: Actor) -> QuerySet[Any]:
    """Return the people of the actor's world that the walls let it read, by name."""
    people: QuerySet[Any] = PEOPLE[actor.world]._default_manager.filter(agency_id=actor.agency_id)
    return people.select_related("unit").order_by("family_key", "given_name", "id")


def namesakes(actor: Actor, family: str, given: str, born: Any, limit: int = 10) -> list[Named]:
    """Return the people of the actor's world with exactly this name and birth date: whom somebody else's words may be about."""
    found = people_for(actor).filter(
        family_key=family.strip().lower(), given_name__iexact=given.strip(), birth_date=born
    )
    return list(found[:limit])


def access_person(actor: Actor, pk: UUID) -> Named:
    """Return one person or patient, or raise Http404."""
    person: Named = one_or_404(people_for(actor).filter(pk=pk))
    return person


def lock_person(actor: Actor, pk: UUID) -> Named:
    """Return one person locked for the rest of the transaction, or raise Http404; taken before anything is decided about them."""
    # no_key: rows that point at the person may be written meanwhile; a key lock and the sweep's alerts could wait for each other.
    person: Named | None = (
        PEOPLE[actor.world]
        ._default_manager.select_for_update(no_key=True)
        .filter(agency_id=actor.agency_id, pk=pk)
        .first()
    )
    if person is None:
        raise Http404
    return person


def search(actor: Actor, text: str, limit: int = 25) -> list[Named]:
    """Return people whose family name begins with `text`, or who have exactly this identity number or prison number.

    A range, not LIKE: under row-level security only leakproof operators may use the index.
    """
    needle = " ".join(text.split())
    digits = needle.replace(" ", "").replace("-", "")
    if digits.isdigit() and len(digits) == 11:
        return list(people_for(actor).filter(national_id_lookup=lookup_hash(digits, actor.world))[:limit])
    family, _comma, given = needle.lower().partition(",")
    family = family.strip()
    if not family:
        return []
    found = people_for(actor).filter(family_key__gte=family, family_key__lt=family + "\U0010ffff")
    if given.strip():
        found = found.filter(given_name__istartswith=given.strip())
    rows = list(found[:limit])
    if not rows and actor.world is World.CUSTODY:
        rows = list(people_for(actor).filter(number=needle)[:limit])
    return rows


def open_stay(actor: Actor, person_id: UUID) -> Stay | None:
    """Return the stay that is going on, or None."""
    return (
        Stay.objects.filter(agency_id=actor.agency_id, person_id=person_id, ended_at=None)
        .select_related("unit")
        .first()
    )


def access_open_stay(actor: Actor, person_id: UUID) -> Stay:
    """Return the stay that is going on of a person the actor may know of, or raise Http404."""
    stay = open_stay(actor, access_person(actor, person_id).pk)
    if stay is None:
        raise Http404
    return stay


def health_service_of(actor: Actor) -> Agency | None:
    """Return the municipal health service beside the actor's prison, or None where the installation has named none."""
    return Agency.objects.select_related("health_service").get(pk=actor.agency_id).health_service


def must_have_health_service(actor: Actor) -> Agency:
    """Return the health service a prison writes to. Raises `Refused` when it has none."""
    service = health_service_of(actor)
    if service is None:
        raise Refused(
            "no_health_service",
            _("Fengselet har ingen helsetjeneste i Samvirke. Be administratoren om å legge den inn."),
        )
    return service


def stays_for(actor: Actor) -> QuerySet[Stay]:
    """Return the stays that are going on, newest first."""
    return (
        Stay.objects.filter(agency_id=actor.agency_id, ended_at=None)
        .select_related("person", "unit")
        .order_by("-admitted_at", "-id")
    )


@dataclass(frozen=True)
class Page:
    """One page of people and the keys to turn it by: the page before ends before `before`, the next begins after `after`."""

    rows: list[Named]
    before: UUID | None
    after: UUID | None


def page_of(people: QuerySet[Any], *, after: UUID | None, before: UUID | None, size: int = 25) -> Page:
    """Return one page by name. A cursor is a person's key, never a name: it stands in an address. An unknown one gives the first page."""
    cursor = after or before
    place = people.filter(pk=cursor).first() if cursor else None
    if place is None:
        after = before = None
    rows = people
    if place is not None:
        rows = _beside(rows, place, forward=after is not None)
    if before:
        rows = rows.reverse()
    found = list(rows[: size + 1])
    more, found = len(found) > size, found[:size]
    if before:
        found.reverse()
    if not found:
        return Page([], None, None)
    has_newer, has_older = (more, True) if before else (place is not None, more)
    return Page(found, found[0].pk if has_newer else None, found[-1].pk if has_older else None)


def _beside(people: QuerySet[Named], place: Named, *, forward: bool) -> QuerySet[Any]:
    """Return the people on one side of a place in the order by name; the first condition alone lets the index begin there."""
    side = "gt" if forward else "lt"
    key, given, pk = place.family_key, place.given_name, place.pk
    return people.filter(**{f"family_key__{side}e": key}).filter(
        Q(**{f"family_key__{side}": key})
        | Q(family_key=key, **{f"given_name__{side}": given})
        | Q(family_key=key, given_name=given, **{f"id__{side}": pk})
    )


def present_only(actor: Actor, people: QuerySet[Any]) -> QuerySet[Any]:
    """Narrow to those who are here now: with a stay that is going on, or a patient marked present."""
    if actor.world is World.CUSTODY:
        return people.filter(
            Exists(Stay.objects.filter(agency_id=actor.agency_id, person_id=OuterRef("pk"), ended_at=None))
        )
    return people.filter(present=True)


def units_of(actor: Actor) -> list[Unit]:
    """Return the units the actor may choose between: its own, or every open one of the agency for whole-agency reach."""
    units = Unit.objects.filter(agency_id=actor.agency_id, closed_on=None)
    if actor.reach is not Reach.AGENCY:
        units = units.filter(pk__in=_own(actor))
    return list(units)


def own_unit_ids(actor: Actor) -> frozenset[UUID]:
    """Return the keys of the units the membership works in; empty when it works in no one in particular."""
    return frozenset(_own(actor))


def _own(actor: Actor) -> QuerySet[MembershipUnit, UUID]:
    return MembershipUnit.objects.filter(
        agency_id=actor.agency_id, membership_id=actor.membership_id, ended_at=None
    ).values_list("unit_id", flat=True)


def other_prison_units(actor: Actor) -> QuerySet[Unit]:
    """Return the units of other prisons a person can be handed over to; agencies and units are no secret."""
    return (
        Unit.objects.filter(agency__kind=Agency.Kind.PRISON, agency__closed_on=None, closed_on=None)
        .exclude(agency_id=actor.agency_id)
        .select_related("agency")
        .order_by("agency__name", "name")
    )


def stays_of(actor: Actor, person_id: UUID) -> QuerySet[Stay]:
    """Return every stay of a person, newest first."""
    return (
        Stay.objects.filter(agency_id=actor.agency_id, person_id=person_id)
        .select_related("unit")
        .order_by("-admitted_at", "-id")
    )


def transfers_of(actor: Actor, person_id: UUID, since: datetime) -> QuerySet[UnitTransfer]:
    """Return the moves between units since an instant, newest first."""
    return (
        UnitTransfer.objects.filter(agency_id=actor.agency_id, person_id=person_id, moved_at__gte=since)
        .select_related("from_unit", "to_unit")
        .order_by("-moved_at")
    )


def access_roster(actor: Actor, pk: UUID) -> RosterImport:
    """Return one roster that was read, locked, or raise Http404."""
    return one_or_404(RosterImport.objects.select_for_update().filter(agency_id=actor.agency_id, pk=pk))
