"""A measure that isolates somebody: the decision, its grounds, and from when to when. Nothing in it is undone, only followed.

Must not hold what happened while it lasted; see the other modules of this package.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.ids import uuid7
from coordination.models import Person, Recorded, Unit
from coordination.walls.declaration import personal
from coordination.worlds import World


class MeasureKind(models.TextChoices):
    """The measures with a decision behind them: the prison's own, or the court's (which the prison registers)."""

    EXCLUSION = "exclusion", _("Utelukkelse fra fellesskapet")
    IMMEDIATE_EXCLUSION = "immediate_exclusion", _("Umiddelbar utelukkelse")
    COURT_ISOLATION = "court_isolation", _("Isolasjon etter rettens kjennelse")
    SECURITY_CELL = "security_cell", _("Sikkerhetscelle")
    SECURITY_BED = "security_bed", _("Sikkerhetsseng")


#: Kinds to which § 38 applies.
COERCIVE_KINDS = (MeasureKind.SECURITY_CELL, MeasureKind.SECURITY_BED)


class Extent(models.TextChoices):
    """How far an exclusion goes."""

    PARTIAL = "partial", _("Delvis")
    FULL = "full", _("Hel")


class Vulnerability(models.TextChoices):
    """What an officer can see that calls for particular attention. Observations only, never a diagnosis."""

    YOUNG = "young", _("Ung alder")
    LANGUAGE = "language", _("Forstår lite norsk eller trenger tolk")
    UNDERSTANDING = "understanding", _("Har tydelig vansker med å forstå eller orientere seg")
    DISTRESS = "distress", _("Virker redd, svært urolig eller innesluttet")
    FIRST_TIME = "first_time", _("Er i fengsel for første gang")
    HARM_FEARED = "harm_feared", _("Vi frykter skade ved gjennomføringen")


class EndReason(models.TextChoices):
    """Why a measure ended."""

    GROUNDS_GONE = "grounds_gone", _("Vilkårene er ikke lenger til stede")
    ADVICE = "advice", _("Etter råd fra helsetjenesten")
    REPLACED = "replaced", _("Avløst av et annet tiltak")
    TIME_LIMIT = "time_limit", _("Lengste tillatte tid er nådd")
    OVERRULED = "overruled", _("Opphevet etter klage eller av overordnet")
    LEFT = "left", _("Den innsatte er ikke lenger i fengselet")


class Measure(Recorded):
    """One decision about one person, from when it took effect until it ended.

    `by_name` decided it. `unit` and `cell` are where it happened and never change. `forecast_at` is when `expected_hours` (counted from
    the start) was last judged. `notice_letter` is the doctor's notice: the measure cannot exist without one. `replaces` is the
    measure this one took over from. `chain` is the same for measures that follow each other within 24 hours; some limits count them
    together. `closed_at` is when the protocol of an ended measure was closed.
    """

    class Statement(models.TextChoices):
        """Whether a doctor's statement was had before a cell or bed was used."""

        OBTAINED = "obtained", _("Ja, legen uttalte seg på forhånd")
        NOT_OBTAINED = "not_obtained", _("Nei")

    class TeamStatement(models.TextChoices):
        """Whether the interagency team has given a statement about a minor."""

        OBTAINED = "obtained", _("Ja, teamet har uttalt seg")
        NOT_OBTAINED = "not_obtained", _("Nei, det var ikke tid")

    wall = personal(World.CUSTODY)

    person = models.ForeignKey(Person, models.PROTECT, related_name="measures")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    cell = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=20, choices=MeasureKind)
    extent = models.CharField(max_length=10, choices=Extent, blank=True)
    grounds = ArrayField(models.CharField(max_length=30))
    necessity = models.TextField()
    less_intrusive = models.TextField(help_text="less intrusive means that were considered or tried")
    circumstances = models.TextField(blank=True, help_text="what the doctor was told; never a diagnosis")
    signs_of_illness = models.BooleanField(default=False)
    vulnerabilities = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    expected_hours = models.PositiveIntegerField(null=True, blank=True)
    forecast_at = models.DateTimeField()
    hours_out_per_day = models.DecimalField(max_digits=4, decimal_places=2)
    force_used = models.BooleanField()
    force_note = models.TextField(blank=True)
    statement = models.CharField(max_length=15, choices=Statement, blank=True)
    statement_text = models.TextField(blank=True, help_text="the doctor's advice, or why none was had")
    partial_considered = models.TextField(blank=True, help_text="why a partial exclusion is not enough")
    best_interests = models.TextField(
        blank=True, help_text="under 18: what is best for the child, and how it was weighed"
    )
    team_statement = models.CharField(max_length=15, choices=TeamStatement, blank=True)
    team_text = models.TextField(
        blank=True, help_text="under 18: what the interagency team said, or why it was not asked"
    )
    decided_at = models.DateTimeField()
    effective_at = models.DateTimeField()
    notice_reason = models.TextField(
        blank=True, help_text="why the doctor was told later than four hours after the start"
    )
    notice_letter = models.UUIDField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=15, choices=EndReason, blank=True)
    end_note = models.TextField(blank=True)
    ended_by_name = models.CharField(max_length=160, blank=True)
    # A key without a foreign key: a policy that looks into its own table to see what a row points at would never end.
    replaces = models.UUIDField(null=True)
    chain = models.UUIDField(default=uuid7)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=160, blank=True)
    close_note = models.TextField(blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "person"], condition=models.Q(ended_at=None), name="measure_one_running"
            ),
            models.UniqueConstraint(fields=["agency", "key"], name="measure_key"),
            models.UniqueConstraint(fields=["agency", "notice_letter"], name="measure_notice"),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, end_reason="", ended_by_name="")
                | (
                    models.Q(ended_at__gte=models.F("effective_at"))
                    & ~models.Q(end_reason="")
                    & ~models.Q(ended_by_name="")
                ),
                name="measure_end",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__lte=models.F("effective_at"), effective_at__lte=models.F("recorded_at")),
                name="measure_instants",
            ),
            models.CheckConstraint(
                condition=(
                    ~models.Q(kind__in=["security_cell", "security_bed"])
                    & ~models.Q(extent="")
                    & models.Q(statement="")
                )
                | (
                    models.Q(kind__in=["security_cell", "security_bed"])
                    & models.Q(extent="")
                    & ~models.Q(statement="")
                    & ~models.Q(statement_text="")
                ),
                name="measure_kind_facts",
            ),
            models.CheckConstraint(
                condition=~models.Q(necessity="")
                & ~models.Q(grounds=[])
                & (~models.Q(less_intrusive="") | models.Q(kind=MeasureKind.COURT_ISOLATION)),
                name="measure_reasons",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by_name="")
                | (
                    models.Q(ended_at__isnull=False, closed_at__gte=models.F("ended_at")) & ~models.Q(closed_by_name="")
                ),
                name="measure_closed",
            ),
            models.CheckConstraint(
                condition=models.Q(force_used=False) | ~models.Q(force_note=""), name="measure_force"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "effective_at"], condition=models.Q(ended_at=None), name="measure_running"),
            models.Index(fields=["agency", "person", "-effective_at"], name="measure_person"),
            models.Index(fields=["agency", "chain", "effective_at"], name="measure_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_at:%Y-%m-%d %H:%M}"

    @property
    def is_coercive(self) -> bool:
        """Return whether § 38 holds: security cell or bed."""
        return self.kind in COERCIVE_KINDS


class Forecast(Recorded):
    """A new judgement of how long a measure will last; the newest stands on the measure itself."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="forecasts")
    expected_hours = models.PositiveIntegerField(null=True)
    reason = models.TextField()

    class Meta(Recorded.Meta):
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "recorded_at"], name="forecast_measure")]

    def __str__(self) -> str:
        return f"{self.expected_hours} h"
