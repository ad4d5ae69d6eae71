"""Where those who lead meet: forums and their meetings, and what a party adds. On shared ground, about no inmate."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperation.rules.meetings import Level
from coordination.models import Recorded
from coordination.walls.declaration import shared


class Topic(models.TextChoices):
    """What a forum takes up every time (obligation R8.3-d)."""

    COORDINATION = "coordination", _("Samordning av tjenestene")
    RELEASE = "release_preparation", _("Forberedelse av løslatelse")
    TRANSFER = "transfer", _("Overføring til elektronisk kontroll eller samfunnet")
    EVALUATION = "evaluation", _("Evaluering av samarbeidet")


class MeetingForum(Recorded):
    """A fixed place to meet, and the agencies that take part and read it. `next_due_on` is the last date for the next meeting (D36), moved when one is held."""

    class Levels(models.TextChoices):
        """In words."""

        LOCAL = Level.LOCAL.value, _("lokalt")
        REGIONAL = Level.REGIONAL.value, _("regionalt")
        NATIONAL = Level.NATIONAL.value, _("nasjonalt")

    wall = shared(parties="party_ids")

    title = models.CharField(max_length=120)
    level = models.CharField(max_length=10, choices=Levels)
    interval_months = models.PositiveSmallIntegerField()
    party_ids = ArrayField(models.UUIDField(), default=list)
    topics = ArrayField(models.CharField(max_length=20, choices=Topic), default=list)
    others = models.CharField(max_length=500, blank=True, help_text="who takes part and has no agency here")
    next_due_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="forum_once")]
        indexes: ClassVar = [
            models.Index(fields=["agency", "next_due_on"], condition=models.Q(ended_on=None), name="forum_due"),
            GinIndex(fields=["party_ids"], name="forum_parties"),
        ]

    def __str__(self) -> str:
        return self.title


class Meeting(Recorded):
    """One meeting of a forum. Changed while it is planned; when it was held or cancelled it stands."""

    class State(models.TextChoices):
        """What has become of it."""

        PLANNED = "planned", _("planlagt")
        HELD = "held", _("holdt")
        CANCELLED = "cancelled", _("avlyst")

    wall = shared(behind="forum_id")

    forum = models.ForeignKey(MeetingForum, models.PROTECT, related_name="meetings")
    held_on = models.DateField(help_text="planned, and then the date it was held")
    place = models.CharField(max_length=160, blank=True)
    agenda = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    minutes = models.TextField(blank=True)
    decisions = models.TextField(blank=True)
    cancel_reason = models.CharField(max_length=500, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by_name = models.CharField(max_length=160, blank=True)
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="meeting_once"),
            models.CheckConstraint(
                condition=models.Q(state="planned", finished_at=None)
                | (~models.Q(state="planned") & models.Q(finished_at__isnull=False)),
                name="meeting_finished",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["forum", "-held_on"], name="meeting_newest")]

    def __str__(self) -> str:
        return f"{self.forum_id} {self.held_on}"


class MeetingNote(Recorded):
    """What anybody in a forum adds to a meeting: before it, what to take up; after it, what the minutes should have said. Stands."""

    wall = shared(behind="meeting_id", joins=True, appends=True)

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="notes")
    text = models.TextField()
    key = models.UUIDField()

    class Meta(Recorded.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "key"], name="meeting_note_once")]
        indexes: ClassVar = [models.Index(fields=["meeting", "recorded_at"], name="meeting_note_order")]

    def __str__(self) -> str:
        return str(self.pk)
