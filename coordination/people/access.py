"""People and patients for an actor, from one queryset. Writes nothing. Absent and hidden are the same."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from coordination.identity import Actor
from coordination.models import MunicipalPatient, Person, SpecialistPatient, Stay
from coordination.models.people import Named
from coordination.people.identifiers import lookup_hash
from coordination.worlds import World

PEOPLE: dict[World, type[Named]] = {
    World.CUSTODY: Person,
    World.MUNICIPAL_HEALTH: MunicipalPatient,
    World.SPECIALIST_HEALTH: SpecialistPatient,
}


def people_for(actor: Actor) -> QuerySet[Named]:
    """Return the people of the actor's world that the walls let it read, by name."""
    return (
        PEOPLE[actor.world]
        ._default_manager.filter(agency_id=actor.agency_id)
        .select_related("unit")
        .order_by("family_key", "given_name", "id")
    )


def access_person(actor: Actor, pk: UUID) -> Named:
    """Return one person or patient, or raise Http404."""
    person = people_for(actor).filter(pk=pk).first()
    if person is None:
        raise Http404
    return person


def lock_person(actor: Actor, pk: UUID) -> Named:
    """Return one person locked for the rest of the transaction, or raise Http404; taken before anything is decided about them."""
    person = PEOPLE[actor.world]._default_manager.select_for_update().filter(agency_id=actor.agency_id, pk=pk).first()
    if person is None:
        raise Http404
    return person


def search(actor: Actor, text: str, limit: int = 25) -> list[Named]:
    """Return people whose family name begins with `text`, or who have exactly this identity number or prison number.

    A range, not LIKE: under row-level security only leakproof operators may use the index.
    """
    needle = " ".join(text.split())
    digits = needle.replace(" ", "")
    if digits.isdigit() and len(digits) == 11:
        return list(people_for(actor).filter(national_id_lookup=lookup_hash(digits, actor.world))[:limit])
    family, _comma, given = needle.lower().partition(",")
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
    return Stay.objects.filter(agency_id=actor.agency_id, person_id=person_id, ended_at=None).select_related("unit").first()


def stays_for(actor: Actor) -> QuerySet[Stay]:
    """Return the stays that are going on, newest first."""
    return Stay.objects.filter(agency_id=actor.agency_id, ended_at=None).select_related("person", "unit").order_by("-admitted_at", "-id")
