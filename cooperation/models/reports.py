"""Finished reports. They hold only what may leave the agency: every figure in them was made safe before it came here."""

from typing import Any, ClassVar

from django.db import models

from coordination.models import Recorded
from coordination.walls.declaration import Kind, Wall
from coordination.worlds import World


class Report(Recorded):
    """One collaboration report about a period, as it was when made: never changed, for what is printed must stay what was counted.

    `content` is what `cooperation.figures.publish` returned; `paper` the same as PDF; `digest` the SHA-256 of the content.
    """

    first_on = models.DateField()
    last_on = models.DateField()
    content = models.JSONField()
    paper = models.BinaryField()
    digest = models.BinaryField(max_length=32)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.first_on}–{self.last_on}"


def _report_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [
            models.UniqueConstraint(fields=["agency", "key"], name=f"{prefix}_report_once"),
            models.CheckConstraint(
                condition=models.Q(first_on__lte=models.F("last_on")), name=f"{prefix}_report_period"
            ),
        ],
        "indexes": [models.Index(fields=["agency", "-recorded_at"], name=f"{prefix}_report_newest")],
    }


class CustodyReport(Report):
    """A prison's report."""

    wall = Wall(kind=Kind.AGENCY, world=World.CUSTODY, appends=True, unit_reads=False)

    class Meta(Report.Meta):
        constraints: ClassVar = _report_meta("custody")["constraints"]
        indexes: ClassVar = _report_meta("custody")["indexes"]


class MunicipalReport(Report):
    """A report of a municipality's prison health service."""

    wall = Wall(kind=Kind.AGENCY, world=World.MUNICIPAL_HEALTH, appends=True, unit_reads=False)

    class Meta(Report.Meta):
        constraints: ClassVar = _report_meta("muni")["constraints"]
        indexes: ClassVar = _report_meta("muni")["indexes"]


class SpecialistReport(Report):
    """A health trust's report."""

    wall = Wall(kind=Kind.AGENCY, world=World.SPECIALIST_HEALTH, appends=True, unit_reads=False)

    class Meta(Report.Meta):
        constraints: ClassVar = _report_meta("spec")["constraints"]
        indexes: ClassVar = _report_meta("spec")["indexes"]


REPORTS: dict[World, type[Report]] = {
    World.CUSTODY: CustodyReport,
    World.MUNICIPAL_HEALTH: MunicipalReport,
    World.SPECIALIST_HEALTH: SpecialistReport,
}
