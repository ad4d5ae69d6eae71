"""Judging a measure while it lasts: reassessments, the warden's daily look, and what passes between prison and health service.

Holds no health record: an advice is the health service's letter, and only the prison's answer to it is here.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Membership, Person, Recorded
from coordination.walls.declaration import Kind, Wall, personal
from coordination.worlds import World
from isolation.models.measures import Measure


class Reassessment(Recorded):
    """Whether a measure may go on, with reasons in free words, and what was thought of to prevent harm meanwhile."""

    class Outcome(models.TextChoices):
        """What came out of it."""

        KEEP = "keep", _("Tiltaket fortsetter")
        EASE = "ease", _("Tiltaket lettes")
        END = "end", _("Tiltaket avsluttes")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="reassessments")
    outcome = models.CharField(max_length=5, choices=Outcome)
    reason = models.TextField()
    mitigation = models.TextField(help_text="what is done or was considered against the harm of isolation")
    assessed_at = models.DateTimeField()
    same_reason = models.BooleanField(
        default=False, help_text="the reason is the last one again, read anew and confirmed"
    )
    advice_letter = models.UUIDField(null=True, help_text="the newest advice that lay before whoever assessed")
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="reassessment_key"),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(mitigation=""), name="reassessment_reason"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "-assessed_at"], name="reassessment_measure")]

    def __str__(self) -> str:
        return self.outcome


class WardenReview(Recorded):
    """The warden, or a deputy named in advance, made themselves acquainted with the inmate's condition on one local date."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="warden_reviews")
    day = models.DateField()
    note = models.TextField()
    deputy_for = models.CharField(
        max_length=160, blank=True, help_text="the warden who named the deputy, when a deputy signed"
    )
    letters_read = models.PositiveIntegerField(default=0, help_text="how many letters of advice there were to read")

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "measure", "day"], name="warden_review_once"),
            models.CheckConstraint(condition=~models.Q(note=""), name="warden_review_note"),
        ]

    def __str__(self) -> str:
        return str(self.day)


class ReviewDeputy(Recorded):
    """The warden named somebody to do the daily review between two dates. Ended, never deleted."""

    wall = Wall(kind=Kind.AGENCY, world=World.CUSTODY)

    deputy = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    deputy_name = models.CharField(max_length=160)
    first_on = models.DateField()
    last_on = models.DateField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(last_on__gte=models.F("first_on")), name="review_deputy_period")
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "deputy", "last_on"], name="review_deputy_current")]

    def __str__(self) -> str:
        return f"{self.first_on}–{self.last_on}"


class HealthCheckRequest(Recorded):
    """The prison asked health personnel to see the person: after force, at the person's own wish, or because of an injury."""

    class Reason(models.TextChoices):
        """Why."""

        FORCE = "force", _("Det ble brukt fysisk makt")
        WISH = "wish", _("Den innsatte ber om tilsyn")
        INJURY = "injury", _("Synlig skade")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.TextField(blank=True)
    letter_id = models.UUIDField()
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="health_check_key")]
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-recorded_at"], name="health_check_person")]

    def __str__(self) -> str:
        return self.reason


class AdviceAnswer(Recorded):
    """The prison's answer to a letter of advice: followed or not, and why. The advice itself stays in its letter."""

    class Response(models.TextChoices):
        """What the prison did with it."""

        FOLLOWED = "followed", _("Vi følger rådet")
        PARTLY = "partly", _("Vi følger rådet delvis")
        NOT_FOLLOWED = "not_followed", _("Vi følger ikke rådet")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="+")
    advice_letter = models.UUIDField()
    response = models.CharField(max_length=15, choices=Response)
    reason = models.TextField()
    steps = models.TextField(blank=True, help_text="what the prison does about it")
    letter_id = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "advice_letter"], name="advice_answered_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="advice_answer_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "recorded_at"], name="advice_answer_measure")]

    def __str__(self) -> str:
        return self.response
