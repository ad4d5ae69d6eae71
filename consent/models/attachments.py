"""Files that went with a letter: one copy with each copy of the letter, byte by byte. Nothing here sends; the postman does."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from consent.models.document import Document
from consent.models.letters import CustodyLetter, MunicipalLetter, SpecialistLetter
from coordination.models import MunicipalPatient, Owned, Person, SpecialistPatient
from coordination.walls.declaration import Kind, Wall
from coordination.worlds import World


def with_letter(world: World, **more: Any) -> Wall:
    """Return the wall of what lies with a letter: whoever may read the copy may read this, and only the postman writes it."""
    # In a prison some letters are read by those alone who are named, and so is what lies with them.
    behind = "letter_id" if world is World.CUSTODY else ""
    return Wall(kind=Kind.LETTER, world=world, person="person_id", moves=False, behind=behind, **more)


class Beside(Owned):
    """Something that lies beside one copy of a letter. The person and the desk are the copy's, kept in step by the postman."""

    person: Any
    person_id: UUID | None
    letter: Any
    letter_id: UUID
    desk_group_id = models.IntegerField(null=True)

    class Meta(Owned.Meta):
        abstract = True


class Attachment(Document, Beside):
    """One file. What the letter lists under its number is its hash, so that the letter's own hash covers it."""

    number = models.SmallIntegerField()
    name = models.CharField(max_length=120)

    class Meta(Beside.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.content_type


def _once(prefix: str) -> list[Any]:
    return [models.UniqueConstraint(fields=["agency", "letter", "number"], name=f"{prefix}_attachment_once")]


class CustodyAttachment(Attachment):
    """A file in the custody world."""

    wall = with_letter(World.CUSTODY)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(CustodyLetter, models.PROTECT, related_name="attachments")

    class Meta(Attachment.Meta):
        constraints: ClassVar = _once("custody")


class MunicipalAttachment(Attachment):
    """A file in the municipal health world."""

    wall = with_letter(World.MUNICIPAL_HEALTH)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(MunicipalLetter, models.PROTECT, related_name="attachments")

    class Meta(Attachment.Meta):
        constraints: ClassVar = _once("muni")


class SpecialistAttachment(Attachment):
    """A file in the specialist health world."""

    wall = with_letter(World.SPECIALIST_HEALTH)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(SpecialistLetter, models.PROTECT, related_name="attachments")

    class Meta(Attachment.Meta):
        constraints: ClassVar = _once("spec")


ATTACHMENTS: dict[World, Any] = {
    World.CUSTODY: CustodyAttachment,
    World.MUNICIPAL_HEALTH: MunicipalAttachment,
    World.SPECIALIST_HEALTH: SpecialistAttachment,
}
