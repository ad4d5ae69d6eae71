"""The release plan of a stay, the dates it went through, what health was told, and the decision at release from remand.

Columns and constraints only. What happened is appended; only the plan itself changes.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Agency, Person, Recorded, Stay
from coordination.walls.declaration import personal
from coordination.worlds import World


class ReleaseKind(models.TextChoices):
    """How a person is expected to leave the prison (obligations R4.1-f, R5.2.1-o)."""

    RELEASE = "release", _("løslatelse ved full tid")
    PAROLE = "parole", _("prøveløslatelse")
    EARLY = "early", _("framskutt løslatelse")
    SECTION_12 = "section_12", _("institusjon (§ 12)")
    SECTION_16 = "section_16", _("utenfor fengsel (§ 16)")
    SECTION_16A = "section_16a", _("utenfor fengsel (§ 16 a)")
    REMAND_HOME = "remand_home", _("varetekt med elektronisk kontroll")

    @property
    def outside(self) -> bool:
        """Return whether the sentence goes on outside prison: notice is then advised, not required (D12)."""
        return self in (ReleaseKind.SECTION_12, ReleaseKind.SECTION_16, ReleaseKind.SECTION_16A)


class Partner(models.TextChoices):
    """Who the prison plans a release with."""

    MUNICIPAL_HEALTH = "municipal_health", _("kommunal helse- og omsorgstjeneste")
    SPECIALIST_HEALTH = "specialist_health", _("spesialisthelsetjenesten")
    NAV = "nav", _("Nav")
    HOUSING = "housing", _("kommunal boligtjeneste")
    SCHOOL = "school", _("skole")
    PROBATION = "probation", _("friomsorgen")
    VOLUNTARY = "voluntary", _("frivillig organisasjon")
    OTHER = "other", _("andre")


class LateReason(models.TextChoices):
    """Why notice came less than two months ahead; the codes of `rules.LateReason` in Norwegian."""

    SHORT_STAY = "short_stay", _("Oppholdet er kortere enn to måneder")
    DATE_KNOWN_LATE = "date_known_late", _("Datoen ble kjent sent")
    DATE_MOVED_EARLIER = "date_moved_earlier", _("Datoen ble flyttet fram")
    COURT_DECISION = "court_decision", _("Avgjørelse i retten eller hos påtalemyndigheten")
    ARRIVED_LATE = "arrived_late", _("Overført hit med mindre enn to måneder igjen")
    OVERLOOKED = "overlooked", _("Varselet ble glemt")
    OTHER = "other", _("Annet (forklar i merknaden)")


class NoticeStatus(models.TextChoices):
    """How certain the date in a notice is."""

    EXPECTED = "expected", _("Forventet dato")
    DECIDED = "decided", _("Datoen er bestemt")
    REMAND = "remand", _("Besluttet løslatt fra varetekt")


class ReleasePlan(Recorded):
    """The plan for one stay, opened when a release date is first known. Always the prison's own (R5.3.4-b)."""

    wall = personal(World.CUSTODY)

    person = models.ForeignKey(Person, models.PROTECT, related_name="release_plans")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ReleaseKind, default=ReleaseKind.RELEASE)
    started_at = models.DateTimeField(null=True, blank=True, help_text="when cooperation with others began")
    started_by_name = models.CharField(max_length=160, blank=True)
    partners = ArrayField(models.CharField(max_length=20, choices=Partner), default=list, blank=True)
    first_contact = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "stay"], name="release_plan_once"),
            models.CheckConstraint(
                condition=models.Q(started_at=None, partners=[])
                | (models.Q(started_at__isnull=False) & ~models.Q(partners=[])),
                name="release_plan_partners",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "person", "-recorded_at"], name="release_plan_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.recorded_at:%Y-%m-%d}"


class ReleaseDate(Recorded):
    """One expected release date as it became known; none when it was taken away."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    plan = models.ForeignKey(ReleasePlan, models.PROTECT, related_name="dates")
    expected_release_on = models.DateField(null=True, blank=True)

    class Meta(Recorded.Meta):
        indexes: ClassVar = [models.Index(fields=["agency", "plan", "-recorded_at"], name="release_date_plan")]

    def __str__(self) -> str:
        return str(self.expected_release_on)


class ReleaseNotice(Recorded):
    """What a health service was told, when, and why late. The letter itself lies in the letterbox."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    plan = models.ForeignKey(ReleasePlan, models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    told_on = models.DateField(help_text="the release date that was told")
    status = models.CharField(max_length=20, choices=NoticeStatus)
    letter_id = models.UUIDField()
    late_reason = models.CharField(max_length=30, choices=LateReason, blank=True)
    note = models.TextField(blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="release_notice_once")]
        indexes: ClassVar = [models.Index(fields=["agency", "plan", "-recorded_at"], name="release_notice_plan")]

    def __str__(self) -> str:
        return f"{self.told_on}"


class RemandReleaseAssessment(Recorded):
    """Whether health should be told at once when somebody is ordered released from remand. A no needs its reason too (R5.3.1-e)."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="+")
    release_on = models.DateField()
    notify = models.BooleanField()
    reason = models.TextField()
    letter_id = models.UUIDField(null=True, blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="remand_assessment_once"),
            models.CheckConstraint(
                condition=models.Q(notify=True, letter_id__isnull=False) | models.Q(notify=False, letter_id=None),
                name="remand_assessment_letter",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="remand_assessment_reason"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "stay", "-recorded_at"], name="remand_assessment_stay")]

    def __str__(self) -> str:
        return f"{self.release_on} {self.notify}"
