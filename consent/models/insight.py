"""What is left out when a person is told about themselves, and the files made about a person: papers of insight, exports. Nothing decides."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.db.models.functions import Length, Trim
from django.utils.translation import gettext_lazy as _

from consent.models.document import Document
from consent.models.letters import CustodyLetter, MunicipalLetter, SpecialistLetter
from coordination.models import MunicipalPatient, Person, Recorded, SpecialistPatient
from coordination.walls.declaration import Kind, Wall
from coordination.worlds import World

#: The fewest characters of a reason that leaves something out.
WITHHOLDING_REASON_MIN = 30


class Withholding(Recorded):
    """One letter, or the log of a period, that a person is not told of, on a statutory ground and until a day. Ended, never deleted.

    `statute` is the ground's reference as it read when it was decided. The reason is the agency's own and is never on the paper.
    Whether it still holds is asked when the paper is made.
    """

    key = models.UUIDField(help_text="of the form: sent twice, saved once")
    person: Any
    person_id: UUID
    letter: Any
    letter_id: UUID | None
    first_on = models.DateField(null=True, help_text="of the period in the log; none for a letter")
    last_on = models.DateField(null=True)
    ground = models.CharField(max_length=40)
    statute = models.CharField(max_length=300)
    reason = models.TextField()
    until_on = models.DateField(help_text="the last day it holds: then it is considered anew")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=160, blank=True)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.ground


class MadeFile(Document, Recorded):
    """A file the worker made about a person: what was printed or exported is what was read. Never changed."""

    class Kind(models.TextChoices):
        """What it is."""

        INSIGHT = "insight", _("Innsyn")
        EXPORT = "export", _("Brev til eget arkiv")
        JOURNAL = "journal", _("Journal")

    key = models.UUIDField(help_text="of the request: asked twice, made once")
    person: Any
    person_id: UUID
    kind = models.CharField(max_length=10, choices=Kind)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.kind


def _withholding_meta(prefix: str) -> dict[str, Any]:
    log = models.Q(letter=None, first_on__isnull=False, last_on__gte=models.F("first_on"))
    letter = models.Q(letter__isnull=False, first_on=None, last_on=None)
    return {
        "constraints": [
            models.UniqueConstraint(fields=["agency", "key"], name=f"{prefix}_withholding_key"),
            models.CheckConstraint(condition=log | letter, name=f"{prefix}_withholding_of"),
            models.CheckConstraint(
                condition=models.lookups.GreaterThanOrEqual(Length(Trim("reason")), WITHHOLDING_REASON_MIN),
                name=f"{prefix}_withholding_reason",
            ),
        ],
        "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name=f"{prefix}_withholding_person")],
    }


def _file_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [models.UniqueConstraint(fields=["agency", "key"], name=f"{prefix}_madefile_key")],
        "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name=f"{prefix}_madefile_person")],
    }


def _leaders(world: World, *, appends: bool = False) -> Wall:
    """Return the wall of rows for those who see the whole agency: who looked is not for each officer to read."""
    return Wall(kind=Kind.AGENCY, world=world, person="person_id", unit_reads=False, appends=appends)


class CustodyWithholding(Withholding):
    """A prison's."""

    wall = _leaders(World.CUSTODY)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    letter = models.ForeignKey(CustodyLetter, models.PROTECT, null=True, related_name="+")

    class Meta(Withholding.Meta):
        constraints: ClassVar = _withholding_meta("custody")["constraints"]
        indexes: ClassVar = _withholding_meta("custody")["indexes"]


class MunicipalWithholding(Withholding):
    """A municipal health service's."""

    wall = _leaders(World.MUNICIPAL_HEALTH)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    letter = models.ForeignKey(MunicipalLetter, models.PROTECT, null=True, related_name="+")

    class Meta(Withholding.Meta):
        constraints: ClassVar = _withholding_meta("muni")["constraints"]
        indexes: ClassVar = _withholding_meta("muni")["indexes"]


class SpecialistWithholding(Withholding):
    """A health trust's."""

    wall = _leaders(World.SPECIALIST_HEALTH)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")
    letter = models.ForeignKey(SpecialistLetter, models.PROTECT, null=True, related_name="+")

    class Meta(Withholding.Meta):
        constraints: ClassVar = _withholding_meta("spec")["constraints"]
        indexes: ClassVar = _withholding_meta("spec")["indexes"]


class CustodyMadeFile(MadeFile):
    """A prison's."""

    wall = _leaders(World.CUSTODY, appends=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(MadeFile.Meta):
        constraints: ClassVar = _file_meta("custody")["constraints"]
        indexes: ClassVar = _file_meta("custody")["indexes"]


class MunicipalMadeFile(MadeFile):
    """A municipal health service's."""

    wall = _leaders(World.MUNICIPAL_HEALTH, appends=True)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")

    class Meta(MadeFile.Meta):
        constraints: ClassVar = _file_meta("muni")["constraints"]
        indexes: ClassVar = _file_meta("muni")["indexes"]


class SpecialistMadeFile(MadeFile):
    """A health trust's."""

    wall = _leaders(World.SPECIALIST_HEALTH, appends=True)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")

    class Meta(MadeFile.Meta):
        constraints: ClassVar = _file_meta("spec")["constraints"]
        indexes: ClassVar = _file_meta("spec")["indexes"]


WITHHOLDINGS: dict[World, Any] = {
    World.CUSTODY: CustodyWithholding,
    World.MUNICIPAL_HEALTH: MunicipalWithholding,
    World.SPECIALIST_HEALTH: SpecialistWithholding,
}
FILES: dict[World, Any] = {
    World.CUSTODY: CustodyMadeFile,
    World.MUNICIPAL_HEALTH: MunicipalMadeFile,
    World.SPECIALIST_HEALTH: SpecialistMadeFile,
}
