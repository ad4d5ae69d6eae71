"""What happens to a measure from outside or in extent while it lasts: proposals, court orders, easing, and what regions and others do.

Append-only but for the proposal, which has states. Decides nothing; see `isolation.rules`.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Person, Recorded
from coordination.walls.declaration import personal
from coordination.worlds import World
from isolation.models.measures import Extent, Measure, MeasureKind


class Proposal(Recorded):
    """Somebody says that a measure may be needed. Nothing has been done to anybody yet.

    `letter_id` is the request to a doctor for a statement on a cell or bed; the answer is the doctor's own letter in its thread.
    """

    class State(models.TextChoices):
        """How far it has come."""

        PROPOSED = "proposed", _("Foreslått")
        AWAITING_STATEMENT = "awaiting_statement", _("Venter på lege")
        DECIDED = "decided", _("Vedtatt")
        WITHDRAWN = "withdrawn", _("Trukket")

    wall = personal(World.CUSTODY)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=MeasureKind)
    state = models.CharField(max_length=20, choices=State, default=State.PROPOSED)
    reason = models.TextField()
    question = models.TextField(blank=True, help_text="what the doctor was asked; never a diagnosis")
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by_name = models.CharField(max_length=160, blank=True)
    letter_id = models.UUIDField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=160, blank=True)
    closed_note = models.TextField(blank=True)
    measure = models.ForeignKey(Measure, models.PROTECT, null=True, related_name="proposals")
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "person"],
                condition=models.Q(state__in=["proposed", "awaiting_statement"]),
                name="proposal_one_open",
            ),
            models.UniqueConstraint(fields=["agency", "key"], name="proposal_key"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="proposal_reason"),
            models.CheckConstraint(
                condition=models.Q(asked_at=None, letter_id=None, question="")
                | (models.Q(asked_at__isnull=False, letter_id__isnull=False) & ~models.Q(question="")),
                name="proposal_asked",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["proposed", "awaiting_statement"], closed_at=None)
                | (
                    models.Q(state__in=["decided", "withdrawn"], closed_at__isnull=False) & ~models.Q(closed_by_name="")
                ),
                name="proposal_closed",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-recorded_at"], name="proposal_person")]

    def __str__(self) -> str:
        return self.state

    @property
    def is_open(self) -> bool:
        """Return whether it still waits for a decision."""
        return self.state in (self.State.PROPOSED, self.State.AWAITING_STATEMENT)


class CourtOrder(Recorded):
    """An order under strpl § 186 a as the court gave it. A longer one is a new row; the newest says when it must end."""

    class Penalty(models.TextChoices):
        """The heaviest penalty for the charge; it sets how long orders may run in a row."""

        UP_TO_SIX = "up_to_six", _("Seks år eller mindre")
        OVER_SIX = "over_six", _("Mer enn seks år")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="court_orders")
    court = models.CharField(max_length=120)
    reference = models.CharField(max_length=60)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    penalty = models.CharField(max_length=10, choices=Penalty)
    retest_pointless = models.BooleanField(
        default=False, help_text="the court finds a new hearing within two weeks of no use"
    )
    weighty_reasons = models.TextField(blank=True, help_text="why the court goes beyond six or twelve weeks")
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="court_order_key"),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="court_order_period"),
            models.CheckConstraint(condition=~models.Q(court="") & ~models.Q(reference=""), name="court_order_named"),
        ]
        indexes: ClassVar = [models.Index(fields=["agency", "measure", "ends_at"], name="court_order_measure")]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d}–{self.ends_at:%Y-%m-%d}"


class ExtentChange(Recorded):
    """A full exclusion became partial. There is no way back but a new decision."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="extent_changes")
    before = models.CharField(max_length=10, choices=Extent)
    after = models.CharField(max_length=10, choices=Extent)
    changed_at = models.DateTimeField()
    reason = models.TextField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "measure"], name="extent_change_once"),
            models.CheckConstraint(condition=models.Q(before="full", after="partial"), name="extent_change_eases"),
        ]

    def __str__(self) -> str:
        return f"{self.before}–{self.after}"


class AuthorityStep(Recorded):
    """What was sent to, or decided by, somebody above or beside the prison: region, directorate, supervisory board, guardian.

    They are outside Samvirke and there is no basis for a letter to them here: the prison sends in its own way and records it.
    """

    class To(models.TextChoices):
        """Who."""

        REGION = "region", _("regionen")
        DIRECTORATE = "directorate", _("Kriminalomsorgsdirektoratet")
        SUPERVISORY_BOARD = "supervisory_board", _("Tilsynsrådet")
        GUARDIAN = "guardian", _("vergen")

    class Outcome(models.TextChoices):
        """What came of it."""

        SENT = "sent", _("Sendt eller meldt")
        CONTINUE = "continue", _("Tiltaket kan fortsette")
        EXTEND = "extend", _("Tiden er forlenget")
        CHANGE = "change", _("Tiltaket kan fortsette, men endret")
        END = "end", _("Tiltaket skal avsluttes")

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    measure = models.ForeignKey(Measure, models.PROTECT, related_name="authority_steps")
    chain = models.UUIDField()
    rule = models.CharField(max_length=10)
    authority = models.CharField(max_length=20, choices=To)
    outcome = models.CharField(max_length=10, choices=Outcome)
    occurred_at = models.DateTimeField()
    done_by = models.CharField(max_length=160, help_text="who sent it, or who decided")
    reference = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="authority_step_key"),
            models.CheckConstraint(
                condition=models.Q(occurred_at__lte=models.F("recorded_at")), name="authority_step_not_in_future"
            ),
            models.CheckConstraint(condition=~models.Q(done_by=""), name="authority_step_by"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "chain", "occurred_at"], name="authority_step_chain"),
            models.Index(fields=["agency", "measure", "occurred_at"], name="authority_step_measure"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.outcome}"
