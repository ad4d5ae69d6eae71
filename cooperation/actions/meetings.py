"""The verbs of meetings: set up a forum, change it, plan a meeting, say what became of it, add to it. Their texts name nobody."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cooperation.access import meetings as access
from cooperation.models import Meeting, MeetingForum, MeetingNote
from cooperation.rules.meetings import intervals, next_meeting_on
from coordination import clock
from coordination.identity import Actor, signed
from coordination.models import StaleWrite
from coordination.people.anonymity import require_nameless
from coordination.refusals import refused_at

State = Meeting.State


def set_up_forum(
    actor: Actor,
    *,
    title: str,
    interval_months: int,
    parties: Iterable[UUID],
    others: str,
    topics: Iterable[str],
    key: UUID,
    at: datetime,
) -> MeetingForum:
    """Set up a fixed place to meet with other agencies, and return it; the same `key` again returns the first.

    The first meeting must have been held an interval from today (D36; obligations R8.3-a, R8.3-c). Raises `Refused`, Http404.
    """
    access.require_holder(actor)
    known = MeetingForum.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    _check_interval(actor, interval_months)
    invited = _invited(actor, parties, others)
    require_nameless(actor, {"title": title, "others": others})
    forum = MeetingForum(
        title=title,
        level=access.level_of(actor),
        interval_months=interval_months,
        party_ids=invited,
        topics=list(dict.fromkeys(topics)),
        others=others,
        next_due_on=next_meeting_on(clock.local_date(at), interval_months),
        key=key,
        **signed(actor, at),
    )
    forum.save(force_insert=True)
    return forum


def change_forum(
    actor: Actor,
    pk: UUID,
    *,
    title: str,
    interval_months: int,
    parties: Iterable[UUID],
    others: str,
    topics: Iterable[str],
    ended: bool,
    version: int,
    at: datetime,
) -> MeetingForum:
    """Change a forum and who takes part in it, or end it. Whoever is left out no longer reads it.

    A changed interval counts from where the last one did. Raises `StaleWrite`, `Refused`, Http404.
    """
    forum = access.access_forum(actor, pk, own=True)
    _check_interval(actor, interval_months)
    invited = _invited(actor, parties, others, forum.party_ids)
    require_nameless(actor, {"title": title, "others": others})
    changed = ["title", "interval_months", "party_ids", "others", "topics", "ended_on"]
    if forum.interval_months != interval_months:
        # Locked as when a meeting is held: minutes saved meanwhile are seen here, or see the new interval.
        MeetingForum.objects.select_for_update().get(pk=pk)
        last = Meeting.objects.filter(forum=forum, state=State.HELD).order_by("-held_on").first()
        since = last.held_on if last is not None else clock.local_date(forum.recorded_at)
        forum.next_due_on = next_meeting_on(since, interval_months)
        changed.append("next_due_on")
    forum.title, forum.interval_months, forum.others = title, interval_months, others
    forum.topics = list(dict.fromkeys(topics))
    forum.party_ids = invited
    forum.ended_on = clock.local_date(at) if ended else None
    forum.version = version
    forum.save_changes(changed)
    return forum


def plan_meeting(
    actor: Actor, forum_id: UUID, *, held_on: date, place: str, agenda: str, key: UUID, at: datetime
) -> Meeting:
    """Plan a meeting of the actor's own forum, and return it; the same `key` again returns the first. Raises `Refused`, Http404."""
    forum = access.access_forum(actor, forum_id, own=True)
    known = Meeting.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    require_nameless(actor, {"place": place, "agenda": agenda})
    meeting = Meeting(forum=forum, held_on=held_on, place=place, agenda=agenda, key=key, **signed(actor, at))
    meeting.save(force_insert=True)
    return meeting


def change_meeting(
    actor: Actor, pk: UUID, *, held_on: date, place: str, agenda: str, version: int, at: datetime
) -> Meeting:
    """Change when, where and about what a planned meeting is. Raises `StaleWrite`, `Refused`, Http404."""
    meeting = _planned(actor, pk)
    require_nameless(actor, {"place": place, "agenda": agenda})
    meeting.held_on, meeting.place, meeting.agenda, meeting.version = held_on, place, agenda, version
    meeting.save_changes(["held_on", "place", "agenda"])
    return meeting


def hold_meeting(
    actor: Actor, pk: UUID, *, held_on: date, minutes: str, decisions: str, version: int, at: datetime
) -> Meeting:
    """Save that a meeting was held, with its minutes; from then on it stands, and the next one is due an interval later (D36).

    Raises `StaleWrite`, `Refused` for a date to come, Http404.
    """
    meeting = _planned(actor, pk)
    if held_on > clock.local_date(at):
        raise refused_at("held_on", _("Skriv datoen møtet ble holdt. Den kan ikke være senere enn i dag."))
    require_nameless(actor, {"minutes": minutes, "decisions": decisions})
    with transaction.atomic():
        _finish(actor, meeting, State.HELD, version, at, held_on=held_on, minutes=minutes, decisions=decisions)
        forum = MeetingForum.objects.select_for_update().get(pk=meeting.forum_id)
        due_on = next_meeting_on(held_on, forum.interval_months)
        if due_on > forum.next_due_on:
            # Not a change of anybody's form: who edits the forum now is not told of a conflict.
            MeetingForum.objects.filter(pk=forum.pk).update(next_due_on=due_on)
    return meeting


def cancel_meeting(actor: Actor, pk: UUID, *, cancel_reason: str, version: int, at: datetime) -> Meeting:
    """Save that a meeting is cancelled and why; the forum's time for a meeting runs on. Raises `StaleWrite`, `Refused`, Http404."""
    meeting = _planned(actor, pk)
    require_nameless(actor, {"cancel_reason": cancel_reason})
    _finish(actor, meeting, State.CANCELLED, version, at, cancel_reason=cancel_reason)
    return meeting


def add_note(actor: Actor, pk: UUID, *, text: str, key: UUID, at: datetime) -> MeetingNote:
    """Add to a meeting as one of those who lead in an agency of its forum; the same `key` again returns the first. Raises `Refused`, Http404."""
    meeting = access.access_meeting(actor, pk)
    known = MeetingNote.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    require_nameless(actor, {"text": text})
    note = MeetingNote(meeting=meeting, text=text, key=key, **signed(actor, at))
    note.save(force_insert=True)
    return note


def _planned(actor: Actor, pk: UUID) -> Meeting:
    """Return an own meeting; one that somebody has written minutes of meanwhile is a conflict."""
    meeting = access.access_meeting(actor, pk, own=True)
    if meeting.state != State.PLANNED:
        raise StaleWrite("Meeting")
    return meeting


def _finish(actor: Actor, meeting: Meeting, state: Meeting.State, version: int, at: datetime, **facts: Any) -> None:
    for name, value in {**facts, "state": state, "finished_at": at, "finished_by_name": actor.signature}.items():
        setattr(meeting, name, value)
    meeting.version = version
    meeting.save_changes([*facts, "state", "finished_at", "finished_by_name"])


def _check_interval(actor: Actor, months: int) -> None:
    if months not in intervals(access.level_of(actor)):
        raise refused_at("interval_months", _("Velg hvor ofte dere skal møtes."))


def _invited(actor: Actor, parties: Iterable[UUID], others: str, there: Iterable[UUID] = ()) -> list[UUID]:
    wanted = set(parties)
    if wanted - {agency.pk for agency in access.possible_parties(actor)} - set(there):
        raise refused_at("parties", _("Velg virksomheter fra listen."))
    if not wanted and not others.strip():
        raise refused_at("parties", _("Velg minst én som skal være med."))
    return sorted(wanted)
