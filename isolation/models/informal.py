"""Isolation without a decision: somebody stays away by own choice, or is in fact locked in most of the day. No measure, no force.

Holds no health record: what the health service thinks of it is its own. Nothing in it is undone, only followed.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Person, Recorded, Unit
from coordination.walls.declaration import personal
from coordination.worlds import World


class InformalIsolation(Recorded):
    """One stretch of isolation without a decision, from when it was seen until the person joins others or a decision takes over."""

    class Kind(models.TextChoices):
        """Whose doing it is."""

        SELF_ISOLATION = "self_isolation", _("Holder seg unna fellesskapet etter eget ønske")
        DE_FACTO = "de_facto", _("Innelåst uten vedtak")

    class Source(models.TextChoices):
        """Who saw it."""

        STAFF = "staff", _("ansatte")
        SYSTEM = "system", _("ført tid ute av cella")

    class State(models.TextChoices):
        """How far it has come; see `isolation.rules.informal` for the moves."""

        FLAGGED = "flagged", _("Venter på vurdering")
        FOLLOWED = "followed", _("Følges opp")
        DISMISSED = "dismissed", _("Vurdert, følges ikke opp")
        ENDED = "ended", _("Avsluttet")

    class EndReason(models.TextChoices):
        """Why it ended."""

        JOINED = "joined", _("Er med i fellesskapet igjen")
        DECISION = "decision", _("Det er fattet vedtak")
        LEFT = "left", _("Er ikke lenger i fengselet")

    wall = personal(World.CUSTODY)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind)
    source = models.CharField(max_length=10, choices=Source)
    state = models.CharField(max_length=10, choices=State, default=State.FLAGGED)
    since_on = models.DateField()
    flagged_at = models.DateTimeField()
    hours_out = models.DecimalField(
        max_digits=4, decimal_places=2, help_text="hours out of the cell a day, as last known"
    )
    description = models.TextField(blank=True, help_text="what staff saw; never a diagnosis")
    state_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, choices=EndReason, blank=True)
    end_note = models.TextField(blank=True)
    ended_by_name = models.CharField(max_length=160, blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "person"],
                condition=models.Q(state__in=["flagged", "followed"]),
                name="informal_one_open",
            ),
            models.UniqueConstraint(fields=["agency", "key"], name="informal_key"),
            models.CheckConstraint(
                condition=(~models.Q(state="ended") & models.Q(ended_at=None, end_reason="", ended_by_name=""))
                | (models.Q(state="ended", ended_at__gte=models.F("flagged_at")) & ~models.Q(end_reason="")),
                name="informal_end",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "state", "flagged_at"], name="informal_open"),
            models.Index(fields=["agency", "person", "-flagged_at"], name="informal_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.since_on}"

    @property
    def is_open(self) -> bool:
        """Return whether somebody still has something to do about it."""
        return self.state in (self.State.FLAGGED, self.State.FOLLOWED)


class SupervisionConsideration(Recorded):
    """The duty leader considered whether the person needs supervision and follow-up. The health service considers it for itself."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    informal = models.ForeignKey(InformalIsolation, models.PROTECT, related_name="considerations")
    supervision = models.BooleanField()
    reason = models.TextField()
    considered_at = models.DateTimeField()
    letter_id = models.UUIDField(null=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="consideration_key"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="consideration_reason"),
            # Supervision that the health service was not told of would be half of it.
            models.CheckConstraint(
                condition=models.Q(supervision=False) | models.Q(letter_id__isnull=False), name="consideration_told"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "informal", "considered_at"], name="consideration_case")]

    def __str__(self) -> str:
        return f"{self.considered_at:%Y-%m-%d}"


class Motivation(Recorded):
    """Staff tried to motivate the person to join others, or told them what isolation can do (R7.1.1-b, -c)."""

    class Kind(models.TextChoices):
        """What was done."""

        MOTIVATED = "motivated", _("Motiverte til å være med i fellesskapet")
        INFORMED = "informed", _("Informerte om hva isolasjon kan gjøre med en")
        BOTH = "both", _("Begge deler")

    class Answer(models.TextChoices):
        """How the person took it."""

        WILLING = "willing", _("Vil prøve")
        THINKING = "thinking", _("Vil tenke på det")
        UNWILLING = "unwilling", _("Vil ikke nå")
        NO_ANSWER = "no_answer", _("Svarte ikke")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    informal = models.ForeignKey(InformalIsolation, models.PROTECT, related_name="motivations")
    kind = models.CharField(max_length=10, choices=Kind)
    answer = models.CharField(max_length=10, choices=Answer)
    note = models.TextField(blank=True)
    done_at = models.DateTimeField()
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="motivation_key"),
            models.CheckConstraint(
                condition=models.Q(done_at__lte=models.F("recorded_at")), name="motivation_not_in_future"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "informal", "done_at"], name="motivation_case")]

    def __str__(self) -> str:
        return f"{self.kind} {self.done_at:%Y-%m-%d}"


class ActivityPlan(Recorded):
    """What is planned each weekday for somebody who is locked in much of the day. A change is a new version; the newest holds (R5.2.4-j)."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    informal = models.ForeignKey(InformalIsolation, models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField()
    activities = ArrayField(models.CharField(max_length=300, blank=True), size=7, help_text="Monday first")
    minutes = ArrayField(models.PositiveIntegerField(), size=7)
    routines = models.TextField(blank=True, help_text="how it fits the routines of the unit")
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "informal", "number"], name="activity_plan_number"),
            models.UniqueConstraint(fields=["agency", "key"], name="activity_plan_key"),
        ]

    def __str__(self) -> str:
        return str(self.number)
