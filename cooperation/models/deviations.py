"""What did not go as agreed between agencies: deviations, and what each agency adds. About no inmate."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Recorded
from coordination.walls.declaration import shared


class Deviation(Recorded):
    """One deviation, and the agencies that are told of it. What was registered stands.

    Only that it is closed, and with what, is written later (obligation R8.4-o).
    """

    class Kind(models.TextChoices):
        """What it was about, the cancelled escort first: the circular names it."""

        ESCORT = "escort", _("Avlyst helseframstilling")
        LATE = "late", _("Frist som ikke ble holdt")
        INFORMATION = "information", _("Opplysninger som ikke kom fram")
        ACCESS = "access", _("Helsepersonell slapp ikke til")
        STAFFING = "staffing", _("For lite bemanning")
        PLACE = "place", _("Lokaler eller utstyr")
        OTHER = "other", _("Noe annet")

    class Severity(models.TextChoices):
        """How grave."""

        LOW = "low", _("Liten betydning")
        MEDIUM = "medium", _("Middels alvorlig")
        HIGH = "high", _("Alvorlig")

    wall = shared(parties="party_ids")

    party_ids = ArrayField(models.UUIDField(), default=list)
    kind = models.CharField(max_length=20, choices=Kind)
    severity = models.CharField(max_length=10, choices=Severity)
    place = models.CharField(max_length=160)
    happened_on = models.DateField()
    what = models.TextField()
    measures = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=160, blank=True)
    outcome = models.TextField(blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="deviation_once"),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, outcome="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="")),
                name="deviation_closed",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "-recorded_at"], name="deviation_newest"),
            GinIndex(fields=["party_ids"], name="deviation_parties"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}"


class DeviationNote(Recorded):
    """What an agency adds: that it has read, a comment, what it does about it; and the owner, what it got wrong. Stands."""

    class Kind(models.TextChoices):
        """What sort. Only the owner corrects."""

        READ = "read", _("Lest")
        COMMENT = "comment", _("Kommentar")
        MEASURE = "measure", _("Tiltak")
        CORRECTION = "correction", _("Rettelse")

    wall = shared(behind="deviation_id", joins=True, appends=True)

    deviation = models.ForeignKey(Deviation, models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind)
    text = models.TextField(blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="deviation_note_once"),
            models.CheckConstraint(
                condition=models.Q(kind="read") | ~models.Q(text=""), name="deviation_note_says_something"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["deviation", "recorded_at"], name="deviation_note_order")]

    def __str__(self) -> str:
        return str(self.pk)
