"""The agencies that meetings and deviations are shared with. Writes nothing."""

from collections.abc import Iterable
from uuid import UUID

from cooperation.models import Deviation, MeetingForum
from coordination.models import Agency


def parties_of(rows: Iterable[MeetingForum | Deviation]) -> dict[UUID, list[Agency]]:
    """Return the agencies that rows are shared with, their owners aside, by row and name."""
    rows = list(rows)
    agencies = Agency.objects.filter(pk__in={pk for row in rows for pk in row.party_ids}).order_by("name")
    found = list(agencies) if rows else []
    return {row.pk: [agency for agency in found if agency.pk in row.party_ids] for row in rows}
