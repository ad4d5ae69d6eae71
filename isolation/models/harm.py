"""The prison's answer to a report of harm, and its questions to the health service. The report itself is the health service's letter."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Person, Recorded
from coordination.walls.declaration import personal
from coordination.worlds import World
from isolation.models.measures import Measure


class HarmDecision(Recorded):
    """What the prison decided after a report of harm, and why. The decision is the prison's alone (obligations R7.1.3-h, -i; rule D31).

    The region reads no person: when the two hours are over it hears that something waits, about nobody. Whoever decides rings its duty
    contact, and writes down that it was done.
    """

    class Outcome(models.TextChoices):
        """What came of it."""

        ENDED = "ended", _("Tiltaket avsluttes")
        EASED = "eased", _("Tiltaket lettes")
        KEPT = "kept", _("Tiltaket fortsetter")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="harm_decisions")
    report_letter = models.UUIDField()
    outcome = models.CharField(max_length=5, choices=Outcome)
    reason = models.TextField()
    steps = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    region_called_at = models.DateTimeField(null=True, help_text="when the region's duty contact was rung")
    region_contact = models.CharField(max_length=120, blank=True)
    letter_id = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "report_letter"], name="harm_decision_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="harm_decision_reason"),
            models.CheckConstraint(
                condition=models.Q(region_called_at=None, region_contact="")
                | (models.Q(region_called_at__isnull=False) & ~models.Q(region_contact="")),
                name="harm_decision_region",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "-decided_at"], name="harm_decision_measure")]

    def __str__(self) -> str:
        return self.outcome


class AdviceRequest(Recorded):
    """A question to the health service before something is decided; the answer is advice, and is answered in turn (obligation R5.2.1-n)."""

    class About(models.TextChoices):
        """What is about to be decided."""

        TRANSFER = "transfer", _("Overføring eller flytting")
        MEASURE = "measure", _("Utelukkelse eller annet tiltak")
        OTHER = "other", _("Annet")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+")
    about = models.CharField(max_length=10, choices=About)
    question = models.TextField()
    key = models.UUIDField()
    letter_id = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="advice_request_key")]

    def __str__(self) -> str:
        return self.about


class MoveAdvice(Recorded):
    """Somebody was moved after the health service was asked about it: which question, and which advice lay before whoever decided."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    request = models.ForeignKey(AdviceRequest, models.PROTECT, related_name="moves")
    advice_letter = models.UUIDField(null=True, help_text="NULL: no answer had come")
    transfer = models.UUIDField(null=True, help_text="the move within the prison; NULL: handed over to another")
    destination = models.CharField(max_length=200)
    moved_at = models.DateTimeField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "request"], name="move_advice_once")]
        indexes: ClassVar = [models.Index(fields=["agency", "person", "moved_at"], name="move_advice_person")]

    def __str__(self) -> str:
        return self.destination
