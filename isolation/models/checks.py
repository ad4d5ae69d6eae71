"""Checks and continuous watch: who saw the person, when, and how they were. Append-only; what was wrong is corrected by a row of its own.

Must not decide how often somebody must be seen; see `isolation.rules`.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Person, Recorded
from coordination.walls.declaration import personal
from coordination.worlds import World
from isolation.models.measures import Measure


class Check(Recorded):
    """An officer saw the person at `occurred_at` and wrote it down at `recorded_at`."""

    class State(models.TextChoices):
        """What the officer saw."""

        CALM = "calm", _("Våken, rolig")
        ASLEEP = "asleep", _("Sover – ser pust")
        UNEASY = "uneasy", _("Urolig")
        NEEDS_HELP = "needs_help", _("Trenger hjelp")

    class Alerted(models.TextChoices):
        """Who was told at once."""

        DUTY_LEADER = "duty_leader", _("Vaktleder")
        HEALTH_SERVICE = "health_service", _("Fengselshelsetjenesten")
        OUT_OF_HOURS = "out_of_hours", _("Legevakten (116 117)")
        EMERGENCY = "emergency", _("Nødtelefonen (113)")

    #: States that cannot be saved without words and without somebody having been told.
    WORRYING: ClassVar = (State.UNEASY, State.NEEDS_HELP)

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="checks")
    occurred_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State)
    note = models.TextField(blank=True)
    alerted = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    observer_name = models.CharField(max_length=160)
    on_device = models.BooleanField(
        default=False, help_text="made without network, kept on the device and sent when it was back"
    )
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="check_key"),
            models.CheckConstraint(
                condition=models.Q(occurred_at__lte=models.F("recorded_at")), name="check_not_in_future"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["calm", "asleep"]) | (~models.Q(note="") & ~models.Q(alerted=[])),
                name="check_worry_told",
            ),
            models.CheckConstraint(condition=~models.Q(observer_name=""), name="check_observer"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "-occurred_at"], name="check_measure")]

    def __str__(self) -> str:
        return f"{self.state} {self.occurred_at:%Y-%m-%d %H:%M}"


class CheckCorrection(Recorded):
    """A check that should not have been written. It stays readable, and counts for nothing."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    # Not named "check": a model has a method of that name.
    corrects = models.ForeignKey(Check, models.PROTECT, related_name="corrections")
    reason = models.CharField(max_length=300)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "corrects"], name="check_corrected_once")]
        indexes: ClassVar = [models.Index(fields=["agency", "measure"], name="check_correction_measure")]

    def __str__(self) -> str:
        return self.reason


class WatchOrder(Recorded):
    """An officer in charge decided that one person is seen more often than the rule asks, until it is lifted.

    `interval_minutes` None is continuous watch. One of each may hold at a time; the stricter rules.
    """

    wall = personal(World.CUSTODY)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="watch_orders")
    reason = models.TextField()
    interval_minutes = models.PositiveIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=160, blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "measure"],
                condition=models.Q(ended_at=None, interval_minutes=None),
                name="watch_order_one",
            ),
            models.UniqueConstraint(
                fields=["agency", "measure"],
                condition=models.Q(ended_at=None, interval_minutes__isnull=False),
                name="interval_order_one",
            ),
            models.CheckConstraint(
                condition=models.Q(interval_minutes=None) | models.Q(interval_minutes__gt=0), name="interval_order_some"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, ended_by_name="")
                | (models.Q(ended_at__gte=models.F("started_at")) & ~models.Q(ended_by_name="")),
                name="watch_order_end",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "started_at"], name="watch_order_measure")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class ContinuousWatch(Recorded):
    """One named observer's stretch of watching. The next begins in the instant this one ends, when it is handed over."""

    wall = personal(World.CUSTODY)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="watches")
    observer_name = models.CharField(max_length=160)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "measure"], condition=models.Q(ended_at=None), name="watch_one_open"
            ),
            models.UniqueConstraint(fields=["agency", "key"], name="watch_key"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) | models.Q(ended_at__gte=models.F("started_at")),
                name="watch_interval",
            ),
            models.CheckConstraint(condition=~models.Q(observer_name=""), name="watch_observer"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "started_at"], name="watch_measure")]

    def __str__(self) -> str:
        return f"{self.started_at:%Y-%m-%d %H:%M}"


class WatchNote(Recorded):
    """What the observer saw, at least every fifteen minutes."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    watch = models.ForeignKey(ContinuousWatch, models.PROTECT, related_name="notes")
    noted_at = models.DateTimeField()
    text = models.TextField()
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="watch_note_key"),
            models.CheckConstraint(
                condition=models.Q(noted_at__lte=models.F("recorded_at")), name="watch_note_not_in_future"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "noted_at"], name="watch_note_measure")]

    def __str__(self) -> str:
        return f"{self.noted_at:%Y-%m-%d %H:%M}"
