"""The day the 2026 act takes effect, as an administrator has set it for this installation. Nobody's data; no decision."""

from typing import ClassVar

from django.db import models

from coordination.ids import uuid7
from coordination.walls.declaration import REFERENCE


class LawSwitch(models.Model):
    """One setting of the date. Every change is a new row and the newest holds; `takes_effect_on` None takes the date away again.

    Written by the function base.set_law_date only, which allows no past date and no change once the date has come.
    """

    wall = REFERENCE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    act = models.CharField(max_length=20)
    takes_effect_on = models.DateField(null=True)
    reason = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.UUIDField()
    set_by_name = models.CharField(max_length=160)
    set_by_agency = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~models.Q(reason=""), name="law_switch_reason")]
        indexes: ClassVar = [models.Index(fields=["act", "-set_at"], name="law_switch_newest")]

    def __str__(self) -> str:
        return f"{self.act} {self.takes_effect_on}"
