"""The two copies of every letter. Nothing here sends; the postman does."""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.letters import NAMED
from coordination.models import Agency, MunicipalPatient, Owned, Person, SpecialistPatient
from coordination.walls.declaration import Kind, Wall
from coordination.worlds import World


class Letter(Owned):
    """One agency's copy of a disclosure. Content never changes; receipts are added by the postman; `person` may be filled in once.

    `letter_id` is the same on both copies and is the only thing the two worlds share. `due_at` counts from sending and stops at
    `settled_at`, when what the letter awaits has come.
    """

    person: Any
    person_id: UUID | None

    class Direction(models.TextChoices):
        """Which copy."""

        OUT = "out", _("sendt")
        IN = "in", _("mottatt")

    class Awaits(models.TextChoices):
        """What the sender waits for."""

        NOTHING = "", _("ingenting")
        ACKNOWLEDGEMENT = "acknowledgement", _("kvittering")
        ANSWER = "answer", _("svar")

    letter_id = models.UUIDField()
    thread_id = models.UUIDField()
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField(max_length=40)
    other_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    sender_name = models.CharField(max_length=120)
    sender_role = models.CharField(max_length=30)
    sender_membership_id = models.UUIDField(null=True)
    body = models.JSONField()
    digest = models.BinaryField(max_length=32)
    basis = models.CharField(max_length=10)
    statute = models.CharField(max_length=300, help_text="as it read on the day of sending")
    necessity = models.TextField(blank=True)
    consent_id = models.UUIDField(null=True)
    inmate_informed = models.BooleanField(null=True)
    verified = models.BooleanField(default=True)
    in_reply_to = models.UUIDField(null=True)
    supersedes = models.UUIDField(null=True)
    superseded_by = models.UUIDField(null=True)
    desk_group_id = models.IntegerField(null=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_letter = models.UUIDField(null=True)
    filed_at = models.DateTimeField(null=True)
    filed_reference = models.CharField(max_length=60, blank=True)
    awaits = models.CharField(max_length=20, choices=Awaits, blank=True)
    rule = models.CharField(max_length=10, blank=True)
    due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    next_step = models.SmallIntegerField(default=0)
    next_alert_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True, help_text="when the sender last asked again")

    class Meta(Owned.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.direction}"


SWEPT = (
    "id",
    "agency_id",
    "person_id",
    "rule",
    "sent_at",
    "due_at",
    "settled_at",
    "next_step",
    "next_alert_at",
    "desk_group_id",
    "direction",
    "awaits",
)
SWEEP_SETS = ("next_step", "next_alert_at")


def _letter_meta(prefix: str) -> dict[str, Any]:
    waiting = models.Q(settled_at=None) & ~models.Q(awaits="")
    return {
        "constraints": [
            models.UniqueConstraint(fields=["agency", "letter_id", "direction"], name=f"{prefix}_letter_once")
        ],
        "indexes": [
            models.Index(fields=["agency", "direction", "-sent_at"], name=f"{prefix}_letter_box"),
            models.Index(fields=["agency", "person", "-sent_at"], name=f"{prefix}_letter_person"),
            models.Index(fields=["agency", "due_at"], condition=waiting, name=f"{prefix}_letter_waiting"),
            models.Index(fields=["agency", "thread_id"], name=f"{prefix}_letter_thread"),
            models.Index(
                fields=["next_alert_at"],
                condition=waiting & models.Q(next_alert_at__isnull=False),
                name=f"{prefix}_letter_sweep",
            ),
        ],
    }


class CustodyLetter(Letter):
    """A copy in the custody world."""

    wall = Wall(
        kind=Kind.LETTER,
        world=World.CUSTODY,
        person="person_id",
        moves=False,
        sweep=SWEPT,
        sweep_writes=SWEEP_SETS,
        named=NAMED,
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="letters")

    class Meta(Letter.Meta):
        constraints: ClassVar = _letter_meta("custody")["constraints"]
        indexes: ClassVar = _letter_meta("custody")["indexes"]


class MunicipalLetter(Letter):
    """A copy in the municipal health world."""

    wall = Wall(
        kind=Kind.LETTER,
        world=World.MUNICIPAL_HEALTH,
        person="person_id",
        moves=False,
        sweep=SWEPT,
        sweep_writes=SWEEP_SETS,
    )
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, null=True, related_name="letters")

    class Meta(Letter.Meta):
        constraints: ClassVar = _letter_meta("muni")["constraints"]
        indexes: ClassVar = _letter_meta("muni")["indexes"]


class SpecialistLetter(Letter):
    """A copy in the specialist health world."""

    wall = Wall(
        kind=Kind.LETTER,
        world=World.SPECIALIST_HEALTH,
        person="person_id",
        moves=False,
        sweep=SWEPT,
        sweep_writes=SWEEP_SETS,
    )
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, null=True, related_name="letters")

    class Meta(Letter.Meta):
        constraints: ClassVar = _letter_meta("spec")["constraints"]
        indexes: ClassVar = _letter_meta("spec")["indexes"]


LETTERS: dict[World, Any] = {
    World.CUSTODY: CustodyLetter,
    World.MUNICIPAL_HEALTH: MunicipalLetter,
    World.SPECIALIST_HEALTH: SpecialistLetter,
}
