"""Meaningful human contact, as it took place and as the weekly plan promises it. Counts nothing; see `isolation.rules.contact`."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Owned, Person, Recorded
from coordination.walls.declaration import personal
from coordination.worlds import World
from isolation.models.measures import Measure


class ContactSession(Recorded):
    """Time spent with somebody, from when to when. With whom is told by category, never by name."""

    class Kind(models.TextChoices):
        """What they did."""

        TALK = "talk", _("Samtale")
        OUTDOORS = "outdoors", _("Luftegård")
        MEAL = "meal", _("Måltid")
        ACTIVITY = "activity", _("Aktivitet")
        WORK = "work", _("Arbeid eller undervisning")
        VISIT = "visit", _("Besøk")
        CALL = "call", _("Video- eller telefonsamtale")

    class WithWhom(models.TextChoices):
        """With whom. No health personnel: what they do is for them to tell."""

        STAFF = "staff", _("ansatte")
        INMATES = "inmates", _("andre innsatte")
        FAMILY = "family", _("familie eller venner")
        CHAPLAIN = "chaplain", _("prest eller annen fra tros- og livssynssamfunn")
        VOLUNTEER = "volunteer", _("frivillige")
        TEACHER = "teacher", _("lærer eller verksbetjent")
        OTHER = "other", _("andre")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=12, choices=Kind)
    with_whom = models.CharField(max_length=12, choices=WithWhom)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    minutes = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="contact_key"),
            models.CheckConstraint(
                condition=models.Q(ended_at__gt=models.F("started_at"), ended_at__lte=models.F("recorded_at")),
                name="contact_instants",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "-started_at"], name="contact_measure")]

    def __str__(self) -> str:
        return f"{self.minutes} min"


class ContactCorrection(Recorded):
    """Contact that should not have been written. It stays readable, and counts for nothing."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="+")
    corrects = models.ForeignKey(ContactSession, models.PROTECT, related_name="corrections")
    reason = models.CharField(max_length=300)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "corrects"], name="contact_corrected_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="contact_correction_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure"], name="contact_correction_measure")]

    def __str__(self) -> str:
        return self.reason


class Mitigation(Recorded):
    """Something against the harm of isolation: offered and what became of it, or considered and why not (R7.1.2-k, -y)."""

    class Kind(models.TextChoices):
        """What was offered or considered."""

        HOURS = "hours", _("Mer enn to timer med andre denne dagen")
        OUTDOORS = "outdoors", _("Mer tid ute i luft")
        TALK = "talk", _("Samtale")
        ACTIVITY = "activity", _("Aktivitet eller noe å gjøre i cella")
        EXERCISE = "exercise", _("Trening eller annen fysisk aktivitet")
        WORK = "work", _("Arbeid eller undervisning")
        COMPANY = "company", _("Samvær med en eller noen få andre innsatte")
        VISIT = "visit", _("Besøk")
        CALL = "call", _("Telefon eller video med familie")
        SUPPORT = "support", _("Prest, besøksvenn eller annen støtte")
        OTHER = "other", _("Annet")

    class Outcome(models.TextChoices):
        """What became of it."""

        ACCEPTED = "accepted", _("Tilbudt, den innsatte tok imot")
        DECLINED = "declined", _("Tilbudt, den innsatte takket nei")
        OFFERED = "offered", _("Tilbudt, ikke besvart ennå")
        NOT_POSSIBLE = "not_possible", _("Vurdert, men lar seg ikke gjøre")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="mitigations")
    kind = models.CharField(max_length=12, choices=Kind)
    outcome = models.CharField(max_length=12, choices=Outcome)
    note = models.TextField(blank=True)
    offered_at = models.DateTimeField()
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="mitigation_key"),
            models.CheckConstraint(
                condition=~models.Q(outcome="not_possible") | ~models.Q(note=""), name="mitigation_why_not"
            ),
            models.CheckConstraint(
                condition=models.Q(offered_at__lte=models.F("recorded_at")), name="mitigation_not_in_future"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "-offered_at"], name="mitigation_measure")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.outcome}"


class WeeklyPlan(Recorded):
    """One version of the plan for up to seven dates. A change is a new version; the newest that covers a date holds for it."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="plans")
    number = models.PositiveIntegerField(help_text="version, counted from 1 within the measure")
    first_on = models.DateField()
    last_on = models.DateField()
    way_out = models.TextField(help_text="what must come about for the measure to end")
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "measure", "number"], name="plan_number"),
            models.UniqueConstraint(fields=["agency", "key"], name="plan_key"),
            models.CheckConstraint(condition=models.Q(last_on__gte=models.F("first_on")), name="plan_period"),
        ]

    def __str__(self) -> str:
        return f"{self.first_on} ({self.number})"


class PlanDay(Owned):
    """What a plan holds for one date, and how many minutes of contact that is."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    plan = models.ForeignKey(WeeklyPlan, models.PROTECT, related_name="days")
    day = models.DateField()
    activities = models.TextField()
    minutes = models.PositiveIntegerField()

    class Meta(Owned.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "plan", "day"], name="plan_day_once")]

    def __str__(self) -> str:
        return f"{self.day}: {self.minutes} min"
