"""The flag that says a person in custody needs extra attention: ask the health service. Why, as the prison itself knows it.

Never a diagnosis, and nothing a health service has told: a criterion is what staff saw, or what the person said to staff.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models.owned import Recorded
from coordination.models.people import Person
from coordination.walls.declaration import personal
from coordination.worlds import World


class Criterion(models.TextChoices):
    """Why somebody needs extra attention."""

    YOUNG = "young", _("Ung, under 25 år")
    LANGUAGE = "language", _("Trenger tolk eller forstår lite norsk")
    UNDERSTANDING = "understanding", _("Har vansker med å forstå eller orientere seg")
    DISTRESS = "distress", _("Virker redd, svært urolig eller innesluttet")
    KNOWN_RISK = "known_risk", _("Fare for liv eller helse tatt opp ved innkomst")
    WORRY = "worry", _("Bekymring for den psykiske helsen, fortalt til fengselet")
    SUBSTANCE = "substance", _("Rusproblem, fortalt til fengselet")
    FIRST_TIME = "first_time", _("I fengsel for første gang")
    LOCKED_IN = "locked_in", _("Innelåst store deler av døgnet")
    OTHER = "other", _("Annet, se merknaden")


class Attention(Recorded):
    """One flag about one person, from when it was raised until it is lifted with a reason. `review_on` is when it is looked at again."""

    wall = personal(World.CUSTODY)

    person = models.ForeignKey(Person, models.PROTECT, related_name="attention")
    raised_at = models.DateTimeField()
    review_on = models.DateField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_name = models.CharField(max_length=160, blank=True)
    lift_reason = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "person"], condition=models.Q(lifted_at=None), name="attention_one"
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_at=None, lifted_by_name="", lift_reason="")
                | (
                    models.Q(lifted_at__gte=models.F("raised_at"))
                    & ~models.Q(lifted_by_name="")
                    & ~models.Q(lift_reason="")
                ),
                name="attention_lifted_why",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-raised_at"], name="attention_person")]

    def __str__(self) -> str:
        return f"{self.raised_at:%Y-%m-%d}"


class AttentionReason(Recorded):
    """Why the flag stands, or that it was looked at again and kept; appended, each with its source."""

    class Source(models.TextChoices):
        """Where it comes from."""

        INTAKE = "intake", _("innkomstsamtalen")
        ISOLATION = "isolation", _("vedtak om isolasjon")
        STAFF = "staff", _("ansatte")
        REVIEW = "review", _("ny vurdering")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    attention = models.ForeignKey(Attention, models.PROTECT, related_name="reasons")
    # Empty: the flag was looked at again and kept.
    criterion = models.CharField(max_length=15, choices=Criterion, blank=True)
    source = models.CharField(max_length=10, choices=Source)
    note = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "attention", "criterion", "source"],
                condition=~models.Q(criterion="") & ~models.Q(criterion="other"),
                name="attention_reason_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(criterion__in=["", "other"]) | ~models.Q(note=""), name="attention_reason_words"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "attention", "recorded_at"], name="attention_reason_flag")]

    def __str__(self) -> str:
        return self.criterion or self.source
