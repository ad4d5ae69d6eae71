"""References in the agency's own case or record system: which entries were taken there, by whom and when. Never changed, only added."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Length, Trim

from coordination.models import MunicipalPatient, Person, Recorded, SpecialistPatient
from coordination.walls.declaration import personal
from coordination.worlds import World

#: The longest reference, and the longest name of a system.
REFERENCE_MAX, SYSTEM_MAX = 100, 60


class JournalReference(Recorded):
    """That some entries stand in the agency's own system under a reference. The newest of an entry holds; older ones stay as they were.

    `system` is what it was called then. `marks` are those of `coordination.journal.Entry`. (obligations RM8-b, RM8-e)
    """

    key = models.UUIDField(help_text="of the form: sent twice, saved once")
    person: Any
    person_id: UUID
    system = models.CharField(max_length=SYSTEM_MAX)
    reference = models.CharField(max_length=REFERENCE_MAX)
    marks = ArrayField(models.UUIDField())

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.reference


def _meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [
            models.UniqueConstraint(fields=["agency", "key"], name=f"{prefix}_journalref_key"),
            models.CheckConstraint(
                condition=models.lookups.GreaterThanOrEqual(Length(Trim("reference")), 1), name=f"{prefix}_journalref_said"
            ),
        ],
        "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name=f"{prefix}_journalref_person")],
    }  # fmt: skip


class CustodyJournalReference(JournalReference):
    """A prison's."""

    wall = personal(World.CUSTODY, appends=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(JournalReference.Meta):
        constraints: ClassVar = _meta("custody")["constraints"]
        indexes: ClassVar = _meta("custody")["indexes"]


class MunicipalJournalReference(JournalReference):
    """A municipal health service's."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")

    class Meta(JournalReference.Meta):
        constraints: ClassVar = _meta("muni")["constraints"]
        indexes: ClassVar = _meta("muni")["indexes"]


class SpecialistJournalReference(JournalReference):
    """A health trust's."""

    wall = personal(World.SPECIALIST_HEALTH, appends=True)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")

    class Meta(JournalReference.Meta):
        constraints: ClassVar = _meta("spec")["constraints"]
        indexes: ClassVar = _meta("spec")["indexes"]


REFERENCES: dict[World, Any] = {
    World.CUSTODY: CustodyJournalReference,
    World.MUNICIPAL_HEALTH: MunicipalJournalReference,
    World.SPECIALIST_HEALTH: SpecialistJournalReference,
}
