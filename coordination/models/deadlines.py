"""Deadlines, the alerts they raise and the mail that says "look". One table of deadlines and alerts per world.

A deadline is computed from an agency's own rows, so even its existence tells nobody else anything.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.ids import uuid7
from coordination.models.agencies import Membership, Unit
from coordination.models.owned import Owned
from coordination.models.people import MunicipalPatient, Person, SpecialistPatient
from coordination.walls.declaration import REFERENCE, Kind, Wall, personal
from coordination.worlds import World


class Strength(models.TextChoices):
    """How binding the source is. Only `skal` can be breached."""

    MUST = "skal", _("skal")
    SHOULD = "bør", _("bør")
    RECOMMENDED = "anbefalt", _("anbefalt")


class Deadline(Owned):
    """One thing to do before an instant, about one person, in one agency.

    `due_at` is an instant; rolling rules move it. `next_alert_at` is when the sweeper must look again, NULL when never.
    """

    person: Any  # the foreign key to the people of its own world
    person_id: UUID

    class Outcome(models.TextChoices):
        """How a deadline was closed."""

        MET = "met", _("gjort")
        CANCELLED = "cancelled", _("falt bort")
        EXEMPT = "exempt", _("unntatt")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    rule = models.CharField(max_length=10)
    strength = models.CharField(max_length=10, choices=Strength)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    starts_at = models.DateTimeField()
    due_at = models.DateTimeField()
    next_step = models.SmallIntegerField(default=0)
    next_alert_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta(Owned.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.rule} {self.due_at:%Y-%m-%d %H:%M}"


SWEPT = (
    *("id", "agency_id", "unit_id", "person_id", "rule", "strength", "subject_id"),
    *("starts_at", "due_at", "next_step", "next_alert_at", "closed_at"),
)


#: What the log's own functions may see: that there was something to do about a person at the time.
JUDGED = ("agency_id", "person_id", "starts_at", "closed_at")


def _deadline_meta(prefix: str) -> dict[str, Any]:
    still_open = models.Q(closed_at=None)
    return {
        "constraints": [
            models.UniqueConstraint(
                fields=["agency", "rule", "subject_id"], condition=still_open, name=f"{prefix}_deadline_once"
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, outcome="")
                | (models.Q(closed_at__isnull=False) & ~models.Q(outcome="")),
                name=f"{prefix}_deadline_outcome",
            ),
        ],
        "indexes": [
            models.Index(fields=["agency", "due_at"], condition=still_open, name=f"{prefix}_deadline_open"),
            models.Index(
                fields=["next_alert_at"],
                condition=still_open & models.Q(next_alert_at__isnull=False),
                name=f"{prefix}_deadline_sweep",
            ),
            models.Index(fields=["agency", "subject_id"], name=f"{prefix}_deadline_subject"),
            models.Index(fields=["agency", "-closed_at"], condition=~still_open, name=f"{prefix}_deadline_done"),
        ],
    }


class CustodyDeadline(Deadline):
    """A deadline of a prison."""

    wall = personal(World.CUSTODY, sweep=SWEPT, sweep_writes=("next_step", "next_alert_at"), audit=JUDGED)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(Deadline.Meta):
        constraints: ClassVar = _deadline_meta("custody")["constraints"]
        indexes: ClassVar = _deadline_meta("custody")["indexes"]


class MunicipalDeadline(Deadline):
    """A deadline of a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH, sweep=SWEPT, sweep_writes=("next_step", "next_alert_at"), audit=JUDGED)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")

    class Meta(Deadline.Meta):
        constraints: ClassVar = _deadline_meta("muni")["constraints"]
        indexes: ClassVar = _deadline_meta("muni")["indexes"]


class SpecialistDeadline(Deadline):
    """A deadline of a health trust."""

    wall = personal(World.SPECIALIST_HEALTH, sweep=SWEPT, sweep_writes=("next_step", "next_alert_at"), audit=JUDGED)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")

    class Meta(Deadline.Meta):
        constraints: ClassVar = _deadline_meta("spec")["constraints"]
        indexes: ClassVar = _deadline_meta("spec")["indexes"]


class Alert(Owned):
    """A step of a deadline that came: for whom, how grave, since when. Raised once, whatever crashes."""

    person: Any
    person_id: UUID | None

    class Severity(models.TextChoices):
        """How grave."""

        INFO = "info", _("til orientering")
        WARNING = "warning", _("nær fristen")
        OVERDUE = "overdue", _("over fristen")

    # NULL person: a letter about somebody this agency does not know yet; it lies on the desk of `unit`, NULL where no desk is found.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    deadline_id = models.UUIDField()
    rule = models.CharField(max_length=10)
    step = models.SmallIntegerField()
    severity = models.CharField(max_length=10, choices=Severity)
    audience = ArrayField(models.CharField(max_length=30))
    due_at = models.DateTimeField()
    raised_at = models.DateTimeField()
    dedup_key = models.CharField(max_length=120)

    class Meta(Owned.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.dedup_key


ALERTED = (
    *("id", "agency_id", "unit_id", "person_id", "deadline_id", "rule", "step", "severity"),
    *("audience", "due_at", "raised_at", "dedup_key", "version"),
)


def _alert_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [models.UniqueConstraint(fields=["agency", "dedup_key"], name=f"{prefix}_alert_once")],
        "indexes": [
            models.Index(fields=["agency", "-raised_at"], name=f"{prefix}_alert_newest"),
            # Few rows: what somebody asked about again, for the mails.
            models.Index(fields=["raised_at"], condition=models.Q(step=-1), name=f"{prefix}_alert_reminder"),
        ],
    }


class CustodyAlert(Alert):
    """An alert of a prison."""

    wall = personal(
        World.CUSTODY, appends=True, desk="unit_id", sweep=ALERTED, sweep_writes=("severity",), postman_adds=True
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta(Alert.Meta):
        constraints: ClassVar = _alert_meta("custody")["constraints"]
        indexes: ClassVar = _alert_meta("custody")["indexes"]


class MunicipalAlert(Alert):
    """An alert of a municipality's prison health service."""

    wall = personal(
        World.MUNICIPAL_HEALTH,
        appends=True,
        desk="unit_id",
        sweep=ALERTED,
        sweep_writes=("severity",),
        postman_adds=True,
    )
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, null=True, related_name="+")

    class Meta(Alert.Meta):
        constraints: ClassVar = _alert_meta("muni")["constraints"]
        indexes: ClassVar = _alert_meta("muni")["indexes"]


class SpecialistAlert(Alert):
    """An alert of a health trust."""

    wall = personal(
        World.SPECIALIST_HEALTH,
        appends=True,
        desk="unit_id",
        sweep=ALERTED,
        sweep_writes=("severity",),
        postman_adds=True,
    )
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, null=True, related_name="+")

    class Meta(Alert.Meta):
        constraints: ClassVar = _alert_meta("spec")["constraints"]
        indexes: ClassVar = _alert_meta("spec")["indexes"]


class DeadlineStep(models.Model):
    """One step of a deadline rule as the set-based sweep reads it; written from the rules in code by `manage.py setup_database`."""

    wall = REFERENCE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.CharField(max_length=10)
    step = models.SmallIntegerField()
    from_start = models.BooleanField(help_text="offset counts from starts_at, otherwise from due_at")
    offset_seconds = models.IntegerField()
    audience = ArrayField(models.CharField(max_length=30))
    severity = models.CharField(max_length=10, choices=Alert.Severity)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["rule", "step"], name="deadline_step_once")]

    def __str__(self) -> str:
        return f"{self.rule}/{self.step}"


class OutboxMail(models.Model):
    """A mail that says "you have something in Samvirke" and nothing else. Claimed with a lease, then sent or dropped, and marked."""

    class Dropped(models.TextChoices):
        """Why a mail was never sent."""

        ENDED = "ended", _("arbeidsforholdet er avsluttet")
        NO_ADDRESS = "no_address", _("mangler e-postadresse")
        REFUSED = "refused", _("adressen ble avvist")
        SETTLED = "settled", _("fristen ventet ikke lenger")

    wall = Wall(kind=Kind.SYSTEM)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    alert_id = models.UUIDField()
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    queued_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    dropped_why = models.CharField(max_length=12, choices=Dropped, blank=True)
    digest = models.UUIDField(
        null=True, blank=True, help_text="the mail that carried it; its Message-ID is made of this"
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["alert_id", "membership"], name="outbox_once")]
        indexes: ClassVar = [
            models.Index(
                fields=["membership", "queued_at"],
                condition=models.Q(sent_at=None, dropped_at=None),
                name="outbox_waiting",
            ),
            models.Index(
                fields=["membership", "-sent_at"], condition=models.Q(sent_at__isnull=False), name="outbox_newest"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Heartbeat(models.Model):
    """When the sweep last finished. The health page turns red when it is old."""

    wall = Wall(kind=Kind.SYSTEM)

    name = models.CharField(primary_key=True, max_length=30)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
