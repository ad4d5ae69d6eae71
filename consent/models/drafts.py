"""What somebody has typed and not sent. It belongs to its author, and never leaves the agency; sent or discarded, the words are gone."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from coordination.models import MunicipalPatient, Person, Recorded, SpecialistPatient
from coordination.walls.declaration import personal
from coordination.worlds import World


class LetterDraft(Recorded):
    """A form as it stood when it was last saved. One open draft per author, person (or nobody) and place; `by` alone reads it."""

    person: Any
    person_id: UUID | None
    place = models.CharField(max_length=160, help_text="which form, and what stands in its address")
    typed = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.place.partition(":")[0]


def _one(prefix: str) -> list[Any]:
    return [
        models.UniqueConstraint(
            fields=["agency", "by", "person", "place"],
            condition=models.Q(closed_at=None),
            nulls_distinct=False,
            name=f"{prefix}_draft_one",
        ),
        # What is closed holds no words any more.
        models.CheckConstraint(condition=models.Q(closed_at=None) | models.Q(typed={}), name=f"{prefix}_draft_empty"),
    ]


class CustodyLetterDraft(LetterDraft):
    """A draft in a prison."""

    wall = personal(World.CUSTODY, moves=False, author="by_id", nobody=True, retention=("saved_at",))
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta(LetterDraft.Meta):
        constraints: ClassVar = _one("custody")


class MunicipalLetterDraft(LetterDraft):
    """A draft in a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH, author="by_id", nobody=True, retention=("saved_at",))
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, null=True, related_name="+")

    class Meta(LetterDraft.Meta):
        constraints: ClassVar = _one("muni")


class SpecialistLetterDraft(LetterDraft):
    """A draft in a health trust."""

    wall = personal(World.SPECIALIST_HEALTH, author="by_id", nobody=True, retention=("saved_at",))
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, null=True, related_name="+")

    class Meta(LetterDraft.Meta):
        constraints: ClassVar = _one("spec")


DRAFTS: dict[World, Any] = {
    World.CUSTODY: CustodyLetterDraft,
    World.MUNICIPAL_HEALTH: MunicipalLetterDraft,
    World.SPECIALIST_HEALTH: SpecialistLetterDraft,
}
