"""The municipality's own records of a patient in prison: courses of supervision, visits, admission consultations, advice sent.

What somebody wrote down is appended and corrected by addition. Nothing here decides, lets or ends anything in the prison.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models import MunicipalLetter
from coordination.models import Agency, MunicipalPatient, Recorded
from coordination.walls.declaration import personal
from coordination.worlds import World


class SupervisionCourse(Recorded):
    """The supervision that a notice of isolation sets going, counted from the notice's own instant (obligations R7.1.3-a, -d).

    Facts about the measure are the notice's, kept as the prison wrote them. `required` says whether daily visits are a duty.
    `planned_at` is when a visit is advised, by the doctor's plan or by recommendation: never a breach (obligations R7.1.3-l, -m).
    """

    class Regime(models.TextChoices):
        """What decides how often the patient is seen."""

        DUTY = "duty", _("Hvert døgn")
        ADVISED = "advised", _("Hvert døgn anbefales")
        PLAN = "plan", _("Etter legens plan")
        NONE = "none", _("Ikke fast tilsyn")

    wall = personal(World.MUNICIPAL_HEALTH)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="supervision_courses")
    notice = models.ForeignKey(MunicipalLetter, models.PROTECT, related_name="+")
    thread_id = models.UUIDField()
    prison = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    urgent = models.BooleanField(help_text="force was used, or cell or bed: the first visit has the short target")
    required = models.BooleanField()
    regime = models.CharField(max_length=10, choices=Regime, default=Regime.DUTY)
    hours_out = models.FloatField(null=True, help_text="hours out of the cell a day, as the prison last wrote")
    supervise = models.BooleanField(
        null=True, help_text="what was considered for somebody isolated without a decision; NULL: not considered yet"
    )
    planned_at = models.DateTimeField(null=True, help_text="when a visit is advised; never a breach")
    handed_over_at = models.DateTimeField(null=True, help_text="from when the specialist service follows up instead")
    effective_at = models.DateTimeField()
    first_target_at = models.DateTimeField()
    due_at = models.DateTimeField(
        null=True, help_text="when the next visit is overdue; NULL where no daily visit is a duty"
    )
    last_visit_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, help_text="when the prison says the measure ended")

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "thread_id"], name="supervision_once")]
        indexes: ClassVar = [
            models.Index(fields=["agency", "due_at"], condition=models.Q(ended_at=None), name="supervision_running"),
            models.Index(fields=["agency", "person", "-effective_at"], name="supervision_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.effective_at:%Y-%m-%d %H:%M}"


class Condition(models.TextChoices):
    """How one side of the surroundings was found (obligation R7.1.3-p)."""

    FINE = "fine", _("I orden")
    LACKING = "lacking", _("Mangelfullt")
    NOT_LOOKED = "not_looked", _("Ikke undersøkt")


def _condition() -> "models.CharField[str, str]":
    return models.CharField(max_length=10, choices=Condition, default=Condition.NOT_LOOKED)


class HealthVisit(Recorded):
    """One visit to somebody isolated. `done_at` is when, `recorded_at` when it was written down; far apart, both are shown.

    A patient who says no thanks has been offered the visit, and that is the visit's record.
    """

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="health_visits")
    course = models.ForeignKey(SupervisionCourse, models.PROTECT, null=True, related_name="visits")
    letter = models.ForeignKey(
        MunicipalLetter, models.PROTECT, null=True, related_name="+", help_text="the request it answers"
    )
    key = models.UUIDField()
    done_at = models.DateTimeField()
    declined = models.BooleanField(default=False)
    physical = models.TextField(blank=True)
    mental = models.TextField(blank=True)
    injuries = models.TextField(blank=True)
    hygiene = _condition()
    temperature = _condition()
    noise = _condition()
    light = _condition()
    ventilation = _condition()
    activity = _condition()
    environment_note = models.TextField(blank=True)
    referral_considered = models.BooleanField(null=True)
    notes = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="health_visit_once")]
        indexes: ClassVar = [
            models.Index(fields=["agency", "course", "-done_at"], name="health_visit_course"),
            models.Index(fields=["agency", "person", "-done_at"], name="health_visit_person"),
        ]

    def __str__(self) -> str:
        return f"{self.done_at:%Y-%m-%d %H:%M}"


class HealthAdmissionConsultation(Recorded):
    """The health service's own admission consultation (circular 5.1.2), offered, held or declined by the patient."""

    class Outcome(models.TextChoices):
        """What came of the offer."""

        HELD = "held", _("Gjennomført")
        DECLINED = "declined", _("Pasienten takket nei")
        LATER = "later", _("Tilbudt, gjøres senere")

    class Danger(models.TextChoices):
        """The clinician's own assessment of the danger of suicide; never sent to the prison as such (obligation R5.1.2-e)."""

        NOT_ASSESSED = "", _("Ikke vurdert")
        NONE_FOUND = "none_found", _("Ikke funnet tegn til fare")
        UNCERTAIN = "uncertain", _("Usikkert, følges opp")
        PRESENT = "present", _("Fare for selvmord")

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="admission_consultations")
    key = models.UUIDField()
    outcome = models.CharField(max_length=10, choices=Outcome)
    held_at = models.DateTimeField()
    needs = models.TextField(blank=True)
    suicide_danger = models.CharField(max_length=12, choices=Danger, blank=True)
    suicide_note = models.TextField(blank=True)
    mental_health = models.TextField(blank=True)
    substance_use = models.TextField(blank=True)
    detoxification = models.TextField(blank=True)
    treatment_before = models.TextField(blank=True)
    wants_to_continue = models.BooleanField(null=True)
    medication = models.TextField(blank=True)
    notes = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="consultation_once")]
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-held_at"], name="consultation_person")]

    def __str__(self) -> str:
        return f"{self.outcome} {self.held_at:%Y-%m-%d}"


class Addendum(Recorded):
    """Something added to a signed record, which itself stands (pasientjournalforskriften § 15)."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    visit = models.ForeignKey(HealthVisit, models.PROTECT, null=True, related_name="addenda")
    consultation = models.ForeignKey(HealthAdmissionConsultation, models.PROTECT, null=True, related_name="addenda")
    key = models.UUIDField()
    text = models.TextField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="addendum_once"),
            models.CheckConstraint(
                condition=models.Q(visit=None, consultation__isnull=False)
                | models.Q(visit__isnull=False, consultation=None),
                name="addendum_to_one",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "visit"], name="addendum_visit"),
            models.Index(fields=["agency", "consultation"], name="addendum_consultation"),
        ]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M}"


class SentAdvice(Recorded):
    """That advice was sent in reply to a letter from the prison; what it said is in the letter's own copy."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    course = models.ForeignKey(SupervisionCourse, models.PROTECT, null=True, related_name="advice")
    key = models.UUIDField()
    letter_id = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="sent_advice_once")]
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-recorded_at"], name="sent_advice_person")]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M}"
