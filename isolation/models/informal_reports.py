"""What the region and the directorate were told of somebody who keeps to themself without a decision (rule N05). Append-only."""

from typing import ClassVar

from django.db import models

from coordination.models import Person, Recorded
from coordination.walls.declaration import personal
from coordination.worlds import World
from isolation.models.chain import AuthorityStep
from isolation.models.informal import InformalIsolation


class InformalReport(Recorded):
    """One report, as it was sent outside Samvirke: which limit it meets, to whom, when and by whom."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    informal = models.ForeignKey(InformalIsolation, models.PROTECT, related_name="reports")
    rule = models.CharField(max_length=10)
    authority = models.CharField(max_length=20, choices=AuthorityStep.To)
    occurred_at = models.DateTimeField()
    done_by = models.CharField(max_length=160)
    reference = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="informal_report_key"),
            models.CheckConstraint(
                condition=models.Q(occurred_at__lte=models.F("recorded_at")), name="informal_report_not_in_future"
            ),
            models.CheckConstraint(condition=~models.Q(done_by=""), name="informal_report_by"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "informal", "occurred_at"], name="informal_report_case")]

    def __str__(self) -> str:
        return self.rule
