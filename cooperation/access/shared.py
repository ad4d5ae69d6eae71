"""Whose meetings and deviations are, and the agencies they are shared with. Writes nothing."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from cooperation.models import Deviation, MeetingForum
from coordination.identity import Actor
from coordination.models import Agency


def owned_or_shared(actor: Actor) -> Q:
    """Return the condition of rows that are the agency's own or shared with it, as the wall says it too."""
    return Q(agency_id=actor.agency_id) | Q(party_ids__contains=[actor.agency_id])


def parties_of(rows: Iterable[MeetingForum | Deviation]) -> dict[UUID, list[Agency]]:
    """Return the agencies that rows are shared with, their owners aside, by row and name."""
    rows = list(rows)
    agencies = Agency.objects.filter(pk__in={pk for row in rows for pk in row.party_ids}).order_by("name")
    found = list(agencies) if rows else []
    return {row.pk: [agency for agency in found if agency.pk in row.party_ids] for row in rows}
