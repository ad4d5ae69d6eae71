"""The prison's own record of an admission: the interview, the contact with the health service, the decision on an action plan.

Everything here is appended; a correction is a new row that supersedes. No decisions and no sending.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Person, Recorded, Stay
from coordination.walls.declaration import personal
from coordination.worlds import World


class YesNo(models.TextChoices):
    """An answer as the officer ticks it. Unknown is also what is ticked when the person will not answer; it counts as yes."""

    YES = "yes", _("Ja")
    NO = "no", _("Nei")
    UNKNOWN = "uncertain", _("Vet ikke")


class InterpreterUse(models.TextChoices):
    """How the language was bridged."""

    NOT_NEEDED = "not_needed", _("Trenger ikke tolk")
    PRESENT = "present", _("Tolk til stede")
    BY_PHONE = "by_phone", _("Tolk på telefon")
    NOT_FOUND = "needed_not_found", _("Trenger tolk, men fikk ikke tak i noen")


class HealthContactRequest(Recorded):
    """A request to the health service that was sent: the letter exists exactly when this row does (obligation R4.1-c)."""

    class Stage(models.TextChoices):
        """When in the stay."""

        ADMISSION = "admission", _("ved innkomst")
        STAY = "stay", _("under oppholdet")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="health_contacts")
    stay = models.ForeignKey(Stay, models.PROTECT, null=True, related_name="+")
    key = models.UUIDField()
    stage = models.CharField(max_length=10, choices=Stage)
    reasons = ArrayField(models.CharField(max_length=30))
    observation = models.TextField(blank=True)
    urgent = models.BooleanField()
    letter_id = models.UUIDField(help_text="the letter, the same on both copies")

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="health_contact_once"),
            models.UniqueConstraint(fields=["agency", "letter_id"], name="health_contact_letter"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-recorded_at"], name="health_contact_person")]

    def __str__(self) -> str:
        return f"{self.stage} {self.recorded_at:%Y-%m-%d}"


class IntakeInterview(Recorded):
    """What an officer saw and heard at admission; structured observation, never a clinical score (obligations R5.1.1-a, -b).

    The newest of a stay holds. `complete` is false when an interpreter was needed and not found: then it must be held again.
    """

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="intake_interviews")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="+")
    key = models.UUIDField()
    held_at = models.DateTimeField()
    suicide_risk = models.CharField(max_length=10, choices=YesNo)
    self_harm = models.CharField(max_length=10, choices=YesNo)
    detox_need = models.CharField(max_length=10, choices=YesNo)
    illness_signs = models.CharField(max_length=10, choices=YesNo)
    mental_health_worry = models.CharField(max_length=10, choices=YesNo)
    wishes_health_contact = models.CharField(max_length=10, choices=YesNo)
    substance_problem = models.CharField(max_length=10, choices=YesNo)
    minor = models.BooleanField(help_text="under 18 on the day, computed from the birth date")
    observation = models.TextField(blank=True)
    language = models.CharField(max_length=60)
    interpreter = models.CharField(max_length=20, choices=InterpreterUse)
    concerns = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    complete = models.BooleanField()
    # No foreign key: a wall that looks at its own table to write would look at itself for ever.
    supersedes = models.UUIDField(null=True, help_text="the interview this one replaces")
    health_contact = models.ForeignKey(HealthContactRequest, models.PROTECT, null=True, related_name="+")

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="interview_once"),
            models.UniqueConstraint(fields=["agency", "supersedes"], name="interview_superseded_once"),
            # The wall against an unsent concern: the rule decides, the database remembers that it did.
            models.CheckConstraint(
                condition=models.Q(concerns=[]) | models.Q(health_contact__isnull=False),
                name="interview_concern_is_sent",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "stay", "-recorded_at"], name="interview_stay"),
            models.Index(fields=["agency", "person", "-recorded_at"], name="interview_person"),
        ]

    def __str__(self) -> str:
        return f"{self.held_at:%Y-%m-%d %H:%M}"


class ActionPlanDecision(Recorded):
    """Yes or no to an action plan where suicide or self-harm is feared, and what the plan is (obligations R5.1.1-f, -g, R7.2-a).

    Every review is a new row, so it can be told what was known when. The newest of a stay holds.
    """

    class Risk(models.TextChoices):
        """How grave the prison takes it to be; decides when it must look again. Not a clinical assessment."""

        HIGH = "high", _("Høy")
        LOWER = "lower", _("Lavere")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="action_plan_decisions")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="+")
    interview = models.ForeignKey(IntakeInterview, models.PROTECT, null=True, related_name="+")
    key = models.UUIDField()
    decided_at = models.DateTimeField()
    needed = models.BooleanField()
    reason = models.TextField()
    measures = models.TextField(blank=True)
    risk = models.CharField(max_length=10, choices=Risk, blank=True)
    review_at = models.DateTimeField(null=True)
    health_consulted = models.CharField(
        max_length=200, blank=True, help_text="who in the health service was asked, and when"
    )

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="action_plan_once"),
            models.CheckConstraint(
                condition=models.Q(needed=False, review_at=None, risk="", measures="")
                | (models.Q(needed=True, review_at__isnull=False) & ~models.Q(risk="") & ~models.Q(measures="")),
                name="action_plan_is_whole",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "stay", "-recorded_at"], name="action_plan_stay")]

    def __str__(self) -> str:
        return f"{self.decided_at:%Y-%m-%d %H:%M}"


class Area(models.TextChoices):
    """A part of life, as the mapping names needs and resources: a code, and nothing about anybody's health."""

    HOUSING = "housing", _("Bolig")
    WORK = "work", _("Arbeid")
    EDUCATION = "education", _("Utdanning")
    ECONOMY = "economy", _("Økonomi og gjeld")
    FAMILY = "family", _("Familie og nettverk")
    LEISURE = "leisure", _("Fritid og aktivitet")
    LANGUAGE = "language", _("Språk, lesing og skriving")
    PUBLIC = "public", _("Kontakt med det offentlige")
    SUBSTANCE = "substance", _("Rusmidler")
    CONFLICT = "conflict", _("Sinne og konflikter")
    HEALTH = "health", _("Kontakt med helse- og omsorgstjenesten")


class NeedsMapping(Recorded):
    """A mapping of needs and resources (BRIK): offered, answered, done. The prison's own record (obligation R5.2.1-b).

    A no is an answer like another, and a new offer is a new row.
    """

    class State(models.TextChoices):
        """Where it stands."""

        OFFERED = "offered", _("Tilbudt")
        ACCEPTED = "accepted", _("Takket ja")
        DECLINED = "declined", _("Takket nei")
        DONE = "done", _("Gjennomført")

    RUNNING = (State.OFFERED, State.ACCEPTED)

    wall = personal(World.CUSTODY)

    person = models.ForeignKey(Person, models.PROTECT, related_name="needs_mappings")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="+")
    key = models.UUIDField()
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    answered_at = models.DateTimeField(null=True)
    answered_to = models.CharField(max_length=160, blank=True, help_text="who the answer was given to")
    needs = ArrayField(models.CharField(max_length=12, choices=Area), default=list, blank=True)
    resources = ArrayField(models.CharField(max_length=12, choices=Area), default=list, blank=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=160, blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="needs_mapping_once"),
            models.UniqueConstraint(
                fields=["agency", "stay"],
                condition=models.Q(state__in=["offered", "accepted"]),
                name="needs_mapping_one_running",
            ),
            models.CheckConstraint(
                condition=models.Q(state="offered", answered_at=None)
                | (~models.Q(state="offered") & models.Q(answered_at__isnull=False)),
                name="needs_mapping_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(state="done", done_at__isnull=False)
                | (~models.Q(state="done") & models.Q(done_at=None, needs=[], resources=[])),
                name="needs_mapping_done",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-recorded_at"], name="needs_mapping_person")]

    def __str__(self) -> str:
        return self.state

    @property
    def needs_words(self) -> list[str]:
        """Return the needs in words, in the order of the form."""
        return [str(Area(code).label) for code in self.needs]

    @property
    def resources_words(self) -> list[str]:
        """Return the resources in words, in the order of the form."""
        return [str(Area(code).label) for code in self.resources]
