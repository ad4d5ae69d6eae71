"""What the health service decides for itself about patients locked in: whether and how often it comes, and what it tells them.

Appended, never rewritten. Nothing here says anything about whether the lock-in may go on; that is the prison's.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import MunicipalPatient, Recorded
from coordination.walls.declaration import personal
from coordination.worlds import World
from follow_up.models.records import SupervisionCourse


class LockInChange(Recorded):
    """One letter that said how much of the day the patient is locked in now, and what followed for the visits (its instant is the prison's)."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    course = models.ForeignKey(SupervisionCourse, models.PROTECT, related_name="lock_in_changes")
    letter_id = models.UUIDField()
    changed_at = models.DateTimeField()
    hours_out = models.FloatField(null=True)
    regime_before = models.CharField(max_length=10, choices=SupervisionCourse.Regime)
    regime_after = models.CharField(max_length=10, choices=SupervisionCourse.Regime)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "letter_id"], name="lock_in_change_once")]
        indexes: ClassVar = [models.Index(fields=["agency", "course", "changed_at"], name="lock_in_change_course")]

    def __str__(self) -> str:
        return f"{self.regime_before}-{self.regime_after} {self.changed_at:%Y-%m-%d %H:%M}"


class SupervisionConsideration(Recorded):
    """Whether somebody isolated without a decision gets supervision, and why (obligations R7.1.1-d, R5.2.2-i)."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    course = models.ForeignKey(SupervisionCourse, models.PROTECT, related_name="considerations")
    key = models.UUIDField()
    supervise = models.BooleanField()
    reason = models.TextField()
    considered_at = models.DateTimeField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="consideration_once")]
        indexes: ClassVar = [models.Index(fields=["agency", "course", "-considered_at"], name="consideration_course")]

    def __str__(self) -> str:
        return f"{self.supervise} {self.considered_at:%Y-%m-%d}"


class FrequencyPlan(Recorded):
    """A doctor's plan for how often health personnel come, fitted to four things (obligations R7.1.3-m, -n). The newest holds."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    course = models.ForeignKey(SupervisionCourse, models.PROTECT, related_name="frequency_plans")
    key = models.UUIDField()
    planned_at = models.DateTimeField()
    interval_days = models.PositiveSmallIntegerField()
    health = models.TextField(help_text="what the state of health says for the frequency")
    age = models.TextField(help_text="what the age says")
    wishes = models.TextField(help_text="what the patient wishes")
    degree = models.TextField(help_text="what the degree of isolation says")
    review_at = models.DateTimeField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="frequency_plan_once"),
            models.CheckConstraint(condition=models.Q(interval_days__range=(1, 31)), name="frequency_plan_interval"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "course", "-planned_at"], name="frequency_plan_course")]

    def __str__(self) -> str:
        return f"{self.interval_days} d {self.planned_at:%Y-%m-%d}"


class MotivationEntry(Recorded):
    """That health personnel motivated a patient to leave isolation, or told of its possible harms (obligations R7.1.1-b, -c)."""

    class Kind(models.TextChoices):
        """What was done."""

        MOTIVATED = "motivated", _("Motivert til samvær med andre")
        INFORMED = "informed", _("Informert om mulige skader av isolasjon")

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    course = models.ForeignKey(SupervisionCourse, models.PROTECT, related_name="motivations")
    key = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind)
    done_at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="motivation_once")]
        indexes: ClassVar = [models.Index(fields=["agency", "course", "-done_at"], name="motivation_course")]

    def __str__(self) -> str:
        return f"{self.kind} {self.done_at:%Y-%m-%d}"
