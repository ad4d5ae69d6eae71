"""Deviations, forums and meetings for programs: lists, one, and the verbs. Texts name nobody here either. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from cooperation.access import deviations, meetings
from cooperation.actions import deviations as deviating
from cooperation.actions import meetings as meeting
from cooperation.models import Deviation, DeviationNote, Meeting, MeetingForum, MeetingNote
from cooperation.models.meetings import Topic
from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.fields import Instant, Version, Words
from coordination.identity import Actor

TAG = "Samarbeid"
#: What the verbs call the agencies that the bodies call by what is done with them.
NAMES = {"parties": "shared_with"}


class DeviationLine(serializers.Serializer[Deviation]):
    """A deviation. `agency_id` registered it, and those in `shared_with` read it too. What was registered never changes."""

    id = serializers.UUIDField()
    agency_id = serializers.UUIDField()
    shared_with = serializers.ListField(child=serializers.UUIDField(), source="party_ids")
    kind = serializers.CharField()
    severity = serializers.CharField()
    place = serializers.CharField()
    happened_on = serializers.DateField()
    what = serializers.CharField()
    measures = serializers.CharField()
    recorded_at = Instant()
    by_name = serializers.CharField()
    closed_at = Instant(allow_null=True)
    closed_by_name = serializers.CharField()
    outcome = serializers.CharField()
    version = serializers.IntegerField()


class DeviationNoteLine(serializers.Serializer[DeviationNote]):
    """What an agency added to a deviation."""

    id = serializers.UUIDField()
    agency_id = serializers.UUIDField()
    kind = serializers.CharField()
    text = serializers.CharField()
    recorded_at = Instant()
    by_name = serializers.CharField()


class DeviationWhole(DeviationLine):
    """A deviation with what was added to it, in order."""

    notes = DeviationNoteLine(many=True, source="added")


class DeviationBody(serializers.Serializer[Any]):
    """What did not go as agreed, and which agencies are told. No text may name anybody."""

    kind = serializers.ChoiceField(choices=Deviation.Kind.values)
    severity = serializers.ChoiceField(choices=Deviation.Severity.values)
    place = serializers.CharField(max_length=160)
    happened_on = serializers.DateField()
    what = serializers.CharField(max_length=8000)
    measures = Words()
    shared_with = serializers.ListField(child=serializers.UUIDField(), max_length=50)


class DeviationNoteBody(serializers.Serializer[Any]):
    """What is added; only the owner corrects, and only others confirm that they have read, without a text or with one."""

    kind = serializers.ChoiceField(choices=DeviationNote.Kind.values)
    text = Words()


class DeviationClosingBody(serializers.Serializer[Any]):
    """What was done."""

    outcome = serializers.CharField(max_length=8000)
    version = Version()


class ForumLine(serializers.Serializer[MeetingForum]):
    """A fixed place to meet. `agency_id` calls the meetings; the next must have been held by `next_due_on`."""

    id = serializers.UUIDField()
    agency_id = serializers.UUIDField()
    shared_with = serializers.ListField(child=serializers.UUIDField(), source="party_ids")
    title = serializers.CharField()
    level = serializers.CharField()
    interval_months = serializers.IntegerField()
    topics = serializers.ListField(child=serializers.CharField())
    others = serializers.CharField()
    next_due_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    version = serializers.IntegerField()


class ForumBody(serializers.Serializer[Any]):
    """A place to meet, with whom, and how often."""

    title = serializers.CharField(max_length=120)
    interval_months = serializers.IntegerField(min_value=1, max_value=12)
    shared_with = serializers.ListField(child=serializers.UUIDField(), max_length=50)
    others = Words(max_length=500)
    topics = serializers.ListField(child=serializers.ChoiceField(choices=Topic.values), default=list)


class MeetingLine(serializers.Serializer[Meeting]):
    """A meeting: planned, held or cancelled; what was held or cancelled stands."""

    id = serializers.UUIDField()
    agency_id = serializers.UUIDField()
    forum_id = serializers.UUIDField()
    held_on = serializers.DateField()
    place = serializers.CharField()
    agenda = serializers.CharField()
    state = serializers.CharField()
    minutes = serializers.CharField()
    decisions = serializers.CharField()
    cancel_reason = serializers.CharField()
    finished_at = Instant(allow_null=True)
    finished_by_name = serializers.CharField()
    version = serializers.IntegerField()


class MeetingNoteLine(serializers.Serializer[MeetingNote]):
    """What one of those in a forum added to a meeting."""

    id = serializers.UUIDField()
    agency_id = serializers.UUIDField()
    text = serializers.CharField()
    recorded_at = Instant()
    by_name = serializers.CharField()


class MeetingWhole(MeetingLine):
    """A meeting with what was added to it, in order."""

    notes = MeetingNoteLine(many=True, source="added")


class MeetingBody(serializers.Serializer[Any]):
    """When, where and about what."""

    held_on = serializers.DateField()
    place = Words(max_length=160)
    agenda = Words()


class MinutesBody(serializers.Serializer[Any]):
    """What was said and decided."""

    held_on = serializers.DateField()
    minutes = serializers.CharField(max_length=8000)
    decisions = Words()
    version = Version()


class MeetingNoteBody(serializers.Serializer[Any]):
    """What is added."""

    text = serializers.CharField(max_length=8000)


def _with_notes(access: Any, row: Any) -> Any:
    row.added = access.notes_of(row)
    return row


def _register(actor: Actor, _about: None, *, shared_with: list[UUID], **said: Any) -> Deviation:
    return deviating.register_deviation(actor, parties=shared_with, **said)


def _set_up(actor: Actor, _about: None, *, shared_with: list[UUID], **said: Any) -> MeetingForum:
    return meeting.set_up_forum(actor, parties=shared_with, **said)


def _plan(actor: Actor, forum: MeetingForum, *, at: datetime, **said: Any) -> Meeting:
    return meeting.plan_meeting(actor, forum.pk, at=at, **said)


urlpatterns = [
    path(
        "deviations/",
        door(
            TAG,
            get=Listing("list_deviations", "Avvik, egne og de vi får vite om", DeviationLine, deviations.deviations_for),
            post=Verb(
                "register_deviation", "Registrer et avvik og del det", DeviationLine, deviations.require_staff, _register,
                DeviationBody, NAMES,
            ),
        ),
        name="api_deviations",
    ),
    path(
        "deviations/<uuid:pk>/",
        door(
            TAG,
            get=Reading(
                "get_deviation", "Ett avvik med svar og tillegg", DeviationWhole,
                lambda actor, pk: _with_notes(deviations, deviations.access_deviation(actor, pk)),
            ),
        ),
        name="api_deviation",
    ),
    path(
        "deviations/<uuid:pk>/notes/",
        door(
            TAG,
            post=Verb(
                "add_deviation_note", "Svar på et avvik, eller legg til noe", DeviationNoteLine, deviations.access_deviation,
                lambda actor, row, **said: deviating.add_note(actor, row.pk, **said), DeviationNoteBody,
            ),
        ),
        name="api_deviation_notes",
    ),
    path(
        "deviations/<uuid:pk>/closing/",
        door(
            TAG,
            put=Verb(
                "close_deviation", "Lukk et avvik", DeviationLine,
                lambda actor, pk: deviations.access_deviation(actor, pk, closing=True),
                lambda actor, row, **said: deviating.close_deviation(actor, row.pk, **said), DeviationClosingBody,
            ),
        ),
        name="api_deviation_closing",
    ),
    path(
        "forums/",
        door(
            TAG,
            get=Listing("list_forums", "Møteplasser", ForumLine, meetings.forums_for),
            post=Verb(
                "set_up_forum", "Lag en møteplass", ForumLine, meetings.require_holder, _set_up, ForumBody, NAMES
            ),
        ),
        name="api_forums",
    ),
    path(
        "forums/<uuid:pk>/meetings/",
        door(
            TAG,
            post=Verb(
                "plan_meeting", "Planlegg et møte", MeetingLine,
                lambda actor, pk: meetings.access_forum(actor, pk, own=True), _plan, MeetingBody,
            ),
        ),
        name="api_forum_meetings",
    ),
    path(
        "meetings/",
        door(TAG, get=Listing("list_meetings", "Møter, planlagte og tidligere", MeetingLine, meetings.meetings_for)),
        name="api_meetings",
    ),
    path(
        "meetings/<uuid:pk>/",
        door(
            TAG,
            get=Reading(
                "get_meeting", "Ett møte med innspill", MeetingWhole,
                lambda actor, pk: _with_notes(meetings, meetings.access_meeting(actor, pk)),
            ),
        ),
        name="api_meeting",
    ),
    path(
        "meetings/<uuid:pk>/notes/",
        door(
            TAG,
            post=Verb(
                "add_meeting_note", "Meld inn en sak, eller legg til noe i referatet", MeetingNoteLine,
                meetings.access_meeting, lambda actor, row, **said: meeting.add_note(actor, row.pk, **said), MeetingNoteBody,
            ),
        ),
        name="api_meeting_notes",
    ),
    path(
        "meetings/<uuid:pk>/minutes/",
        door(
            TAG,
            put=Verb(
                "hold_meeting", "Skriv referat fra et møte", MeetingLine,
                lambda actor, pk: meetings.access_meeting(actor, pk, own=True),
                lambda actor, row, **said: meeting.hold_meeting(actor, row.pk, **said), MinutesBody,
            ),
        ),
        name="api_meeting_minutes",
    ),
]  # fmt: skip
