"""That harm was reported to the prison. What the prison got is in the letter; what was found stays in the own record."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import MunicipalPatient, Recorded
from coordination.walls.declaration import personal
from coordination.worlds import World
from follow_up.models.records import SupervisionCourse


class HarmReport(Recorded):
    """A report of harm, or that ending is thought necessary for health, sent in the step that saved it (obligations R7.1.3-h, -i)."""

    class Finding(models.TextChoices):
        """What the warden is told: that there is harm, never which."""

        HARM = "harm", _("Tiltaket gir skadevirkninger")
        END = "end", _("Av hensyn til helsen bør tiltaket ta slutt")

    wall = personal(World.MUNICIPAL_HEALTH)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="harm_reports")
    course = models.ForeignKey(SupervisionCourse, models.PROTECT, null=True, related_name="harm_reports")
    key = models.UUIDField()
    letter_id = models.UUIDField()
    finding = models.CharField(max_length=10, choices=Finding)
    found_at = models.DateTimeField()
    observed = models.TextField(blank=True, help_text="clinical words of the own record; never in the letter")
    decided_at = models.DateTimeField(null=True, help_text="when the prison's answer was seen; stops the own clock")

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="harm_report_once")]
        indexes: ClassVar = [
            models.Index(fields=["agency", "person", "-found_at"], name="harm_report_person"),
            models.Index(fields=["agency", "found_at"], condition=models.Q(decided_at=None), name="harm_report_open"),
        ]

    def __str__(self) -> str:
        return f"{self.finding} {self.found_at:%Y-%m-%d %H:%M}"
