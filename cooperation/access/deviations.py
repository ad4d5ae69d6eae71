"""Deviations for an actor: those of the own agency, and those it is told of. Writes nothing. Absent and hidden are the same."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from consent.access import correspondents
from cooperation.access.shared import owned_or_shared
from cooperation.models import Deviation, DeviationNote
from coordination.identity import Actor
from coordination.models import Agency, Role
from coordination.people.access import one_or_404
from coordination.worlds import WITHOUT_CONTENT

#: Who answers for what an agency hears, and closes what it registered.
LEADERS = (Role.WARDEN, Role.DUTY_LEADER, Role.HEALTH_LEADER, Role.TRUST_LEADER)
#: Everybody who works where things happen.
STAFF = tuple(role for role in Role if role.usual_reach not in WITHOUT_CONTENT and role is not Role.REGION)


def require_staff(actor: Actor) -> None:
    """Raise Http404 unless the role works where deviations happen."""
    if actor.role not in STAFF:
        raise Http404


def leads(actor: Actor) -> bool:
    """Return whether the role answers for what the agency hears of."""
    return actor.role in LEADERS


def deviations_for(actor: Actor) -> QuerySet[Deviation]:
    """Return the agency's deviations and those it is told of."""
    require_staff(actor)
    return Deviation.objects.filter(owned_or_shared(actor)).select_related("agency")


def access_deviation(actor: Actor, pk: UUID, *, closing: bool = False) -> Deviation:
    """Return a deviation, `closing` for one whose closing is the actor's matter, or raise Http404."""
    row = one_or_404(deviations_for(actor).filter(pk=pk))
    if closing and not closes(actor, row):
        raise Http404
    return row


def closes(actor: Actor, row: Deviation) -> bool:
    """Return whether it is the actor's matter to close a deviation: a leader's of the agency that registered it."""
    return leads(actor) and row.agency_id == actor.agency_id


def searched(rows: QuerySet[Deviation], text: str) -> QuerySet[Deviation]:
    """Return those whose place or words hold every word of a search."""
    for word in text.split()[:8]:
        rows = rows.filter(
            Q(place__icontains=word)
            | Q(what__icontains=word)
            | Q(measures__icontains=word)
            | Q(outcome__icontains=word)
        )
    return rows


def possible_parties(actor: Actor) -> list[Agency]:
    """Return the agencies that may be told of a deviation: those of other worlds that the agency works with."""
    return [agency for agency in correspondents(actor) if agency.world != actor.world]


def notes_of(row: Deviation) -> list[DeviationNote]:
    """Return what was added to a deviation, in order."""
    return list(DeviationNote.objects.filter(deviation=row).select_related("agency").order_by("recorded_at", "id"))


def unanswered(actor: Actor) -> QuerySet[Deviation]:
    """Return the open deviations others have told the agency of and to which nobody here has said a word; none for who leads nobody."""
    if not leads(actor):
        return Deviation.objects.none()
    said = DeviationNote.objects.filter(deviation=OuterRef("pk"), agency_id=actor.agency_id)
    rows = deviations_for(actor).exclude(agency_id=actor.agency_id)
    return rows.filter(~Exists(said), closed_at=None)
