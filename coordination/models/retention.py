"""How long something is kept, and the holds that stop a deletion. Deletes nothing."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models.deadlines import Strength
from coordination.models.owned import Recorded
from coordination.models.people import MunicipalPatient, Person, SpecialistPatient
from coordination.walls.declaration import REFERENCE, personal
from coordination.worlds import World


class RetentionRule(models.Model):
    """A rule of how long something is kept, as the database reads it; written from fixtures/retention.yaml, where the fields are explained."""

    class Starts(models.TextChoices):
        """What the time is counted from."""

        SENTENCE_END = "sentence_end", _("fra siste opphold ble avsluttet")
        SENT = "sent", _("fra brevet ble sendt")
        LAST_ENTRY = "last_entry", _("fra siste innføring, når pasienten ikke er her lenger")
        ENTRY = "entry", _("fra innføringen")

    wall = REFERENCE

    code = models.CharField(primary_key=True, max_length=10)
    world = models.CharField(max_length=30)
    subject = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    starts = models.CharField(max_length=20, choices=Starts)
    months = models.PositiveSmallIntegerField(null=True)
    least_months = models.PositiveSmallIntegerField(null=True)
    strength = models.CharField(max_length=10, choices=Strength)
    source = models.CharField(max_length=120)
    note = models.CharField(max_length=300)
    verify = models.BooleanField()

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(months=None, least_months__isnull=False)
                | models.Q(months__isnull=False, least_months=None),
                name="retention_statute_or_decision",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class LegalHold(Recorded):
    """Stops the deletion of everything an agency holds about one person, until a date or until it is lifted."""

    person: Any  # the foreign key to the people of its own world

    reason = models.TextField()
    until_on = models.DateField(help_text="the last day it holds")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_name = models.CharField(max_length=160, blank=True)
    lift_reason = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.until_on}"


#: What the retention's own role reads of a hold; never why.
HELD = ("until_on", "lifted_at")


def _hold_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_by_name="", lift_reason="")
                | (models.Q(lifted_at__isnull=False) & ~models.Q(lifted_by_name="") & ~models.Q(lift_reason="")),
                name=f"{prefix}_hold_lifted_why",
            )
        ],
        "indexes": [
            models.Index(fields=["person", "until_on"], condition=models.Q(lifted_at=None), name=f"{prefix}_hold_open"),
            models.Index(fields=["agency", "-recorded_at"], name=f"{prefix}_hold_newest"),
        ],
    }


class CustodyLegalHold(LegalHold):
    """A hold of a prison."""

    wall = personal(World.CUSTODY, retention=HELD)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(LegalHold.Meta):
        constraints: ClassVar = _hold_meta("custody")["constraints"]
        indexes: ClassVar = _hold_meta("custody")["indexes"]


class MunicipalLegalHold(LegalHold):
    """A hold of a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH, retention=HELD)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")

    class Meta(LegalHold.Meta):
        constraints: ClassVar = _hold_meta("muni")["constraints"]
        indexes: ClassVar = _hold_meta("muni")["indexes"]


class SpecialistLegalHold(LegalHold):
    """A hold of a health trust."""

    wall = personal(World.SPECIALIST_HEALTH, retention=HELD)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")

    class Meta(LegalHold.Meta):
        constraints: ClassVar = _hold_meta("spec")["constraints"]
        indexes: ClassVar = _hold_meta("spec")["indexes"]


HOLDS: dict[World, type[LegalHold]] = {
    World.CUSTODY: CustodyLegalHold,
    World.MUNICIPAL_HEALTH: MunicipalLegalHold,
    World.SPECIALIST_HEALTH: SpecialistLegalHold,
}
