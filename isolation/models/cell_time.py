"""Time out of the cell, as it was written down, and when a measure went from one side of two hours to the other. Counts nothing.

Somebody need not be isolated by a measure to have rows here: that is how lock-in without a decision is found.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Person, Recorded, Unit
from coordination.walls.declaration import personal
from coordination.worlds import World
from isolation.models.measures import Measure


class TimeOut(Recorded):
    """Time out of the cell: a period from when to when, or the sum of a whole local date. What is newest about a date holds.

    A sum counts for everything written earlier about its date; periods written later are added to it.
    """

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    # Where it was; never changes, so figures stay with the place.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    day = models.DateField()
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveIntegerField(null=True, blank=True, help_text="the sum of the date; empty for a period")
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="time_out_key"),
            models.CheckConstraint(
                condition=models.Q(started_at=None, ended_at=None, minutes__isnull=False, minutes__lte=1500)
                | models.Q(
                    minutes=None,
                    started_at__isnull=False,
                    ended_at__gt=models.F("started_at"),
                    ended_at__lte=models.F("recorded_at"),
                ),
                name="time_out_sum_or_period",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "person", "-day"], name="time_out_person"),
            models.Index(fields=["agency", "unit", "-day"], name="time_out_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.day}"


class LockInSwitch(Recorded):
    """A measure went from under two hours out of the cell to two or more, or back; the health service was told in the notice's thread."""

    class Side(models.TextChoices):
        """Which rules for health follow-up hold from `changed_at` on."""

        LOCKED = "locked", _("Under to timer ute av cella")
        OUT = "out", _("To timer eller mer ute av cella")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="lock_in_switches")
    side = models.CharField(max_length=8, choices=Side)
    day = models.DateField(help_text="the local date whose time out of the cell made it so")
    minutes = models.PositiveIntegerField()
    changed_at = models.DateTimeField()
    letter_id = models.UUIDField()

    class Meta(Recorded.Meta):
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "changed_at"], name="lock_in_switch_measure")]

    def __str__(self) -> str:
        return f"{self.side} {self.day}"
