"""That the specialist service follows up a patient in isolation: the municipality's row, the trust's row, the trust's visits.

The rows share no key; letters join them. Exactly one service is responsible at any time: the municipal one until it is in force.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Agency, MunicipalPatient, Recorded, SpecialistPatient
from coordination.walls.declaration import personal
from coordination.worlds import World
from follow_up.models.records import SupervisionCourse


class TransferState(models.TextChoices):
    """How far an agreement has come."""

    PROPOSED = "proposed", _("Foreslått")
    AGREED = "agreed", _("Spesialisthelsetjenesten har sagt ja")
    DECLINED = "declined", _("Spesialisthelsetjenesten har sagt nei")
    IN_FORCE = "in_force", _("Spesialisthelsetjenesten følger opp")
    ENDED = "ended", _("Tilbake hos kommunen")


class SupervisionTransfer(Recorded):
    """An agreement as the municipality keeps it (obligations R7.1.3-b, -c; rule D33)."""

    wall = personal(World.MUNICIPAL_HEALTH)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    course = models.ForeignKey(SupervisionCourse, models.PROTECT, related_name="transfers")
    trust = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    key = models.UUIDField()
    basis = models.CharField(max_length=10)
    letter_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=TransferState, default=TransferState.PROPOSED)
    contact = models.CharField(max_length=200, blank=True, help_text="whom the prison calls, as the trust wrote it")
    answered_at = models.DateTimeField(null=True)
    in_force_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="transfer_once"),
            models.UniqueConstraint(
                fields=["agency", "course"],
                condition=models.Q(state__in=["proposed", "agreed", "in_force"]),
                name="transfer_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="in_force") | models.Q(answered_at__isnull=False, in_force_at__isnull=False),
                name="transfer_agreed_first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.recorded_at:%Y-%m-%d}"


class SpecialistCourse(Recorded):
    """The follow-up as the trust keeps it, from its answer to the proposal. `due_at` runs only while it is in force and daily."""

    wall = personal(World.SPECIALIST_HEALTH)

    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="supervision_courses")
    municipality = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    thread_id = models.UUIDField()
    letter_id = models.UUIDField()
    key = models.UUIDField()
    state = models.CharField(max_length=10, choices=TransferState)
    daily = models.BooleanField(help_text="the patient is locked in so that daily visits are a duty")
    contact = models.CharField(max_length=200, blank=True)
    reason = models.TextField(blank=True)
    in_force_at = models.DateTimeField(null=True)
    last_visit_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "thread_id"], name="spec_course_once"),
            models.CheckConstraint(
                condition=~models.Q(state="in_force") | models.Q(in_force_at__isnull=False), name="spec_course_in_force"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "due_at"], name="spec_course_due")]

    def __str__(self) -> str:
        return f"{self.state} {self.recorded_at:%Y-%m-%d}"


class SpecialistVisit(Recorded):
    """One visit by the trust; what was found stands in the trust's own record."""

    wall = personal(World.SPECIALIST_HEALTH, appends=True)

    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")
    course = models.ForeignKey(SpecialistCourse, models.PROTECT, related_name="visits")
    key = models.UUIDField()
    done_at = models.DateTimeField()
    declined = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="spec_visit_once")]
        indexes: ClassVar = [models.Index(fields=["agency", "course", "-done_at"], name="spec_visit_course")]

    def __str__(self) -> str:
        return f"{self.done_at:%Y-%m-%d %H:%M}"
