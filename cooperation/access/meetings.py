"""Forums and meetings for an actor: those of the own agency, and those it takes part in. Writes nothing. Absent and hidden are the same."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from consent.access import correspondents
from cooperation.access.shared import owned_or_shared
from cooperation.models import Meeting, MeetingForum, MeetingNote
from cooperation.rules.meetings import Level
from coordination.identity import Actor
from coordination.models import Agency, Role
from coordination.people.access import one_or_404

#: Who sets up forums and calls meetings; the circular puts this on leaders (obligations R8.3-a, R8.2-a).
HOLDERS = (Role.WARDEN, Role.HEALTH_LEADER, Role.TRUST_LEADER, Role.REGION)
READERS = (*HOLDERS, Role.DUTY_LEADER)
#: The level follows from whose forum it is.
LEVELS = {Agency.Kind.REGION.value: Level.REGIONAL, Agency.Kind.DIRECTORATE.value: Level.NATIONAL}


def level_of(actor: Actor) -> Level:
    """Return the level of the forums an agency sets up."""
    return LEVELS.get(actor.agency_kind, Level.LOCAL)


def may_hold(actor: Actor) -> bool:
    """Return whether the role sets up forums and calls meetings."""
    return actor.role in HOLDERS


def require_holder(actor: Actor) -> None:
    """Raise Http404 unless the role sets up forums and calls meetings."""
    if not may_hold(actor):
        raise Http404


def forums_for(actor: Actor) -> QuerySet[MeetingForum]:
    """Return the agency's forums and those it takes part in; raises Http404 for a role that leads nobody."""
    if actor.role not in READERS:
        raise Http404
    return MeetingForum.objects.filter(owned_or_shared(actor))


def access_forum(actor: Actor, pk: UUID, *, own: bool = False) -> MeetingForum:
    """Return a forum, `own` for one the actor may change and that has not ended, or raise Http404."""
    forum = one_or_404(forums_for(actor).select_related("agency").filter(pk=pk))
    if own and not (holds(actor, forum) and forum.ended_on is None):
        raise Http404
    return forum


def holds(actor: Actor, row: MeetingForum | Meeting) -> bool:
    """Return whether a forum or meeting is the actor's to change."""
    return may_hold(actor) and row.agency_id == actor.agency_id


def meetings_for(actor: Actor) -> QuerySet[Meeting]:
    """Return the meetings of the forums the actor reads."""
    return Meeting.objects.filter(forum__in=forums_for(actor).values("pk")).select_related("forum", "agency")


def access_meeting(actor: Actor, pk: UUID, *, own: bool = False) -> Meeting:
    """Return a meeting, `own` for one that the actor may change, or raise Http404."""
    meeting = one_or_404(meetings_for(actor).filter(pk=pk))
    if own and not holds(actor, meeting):
        raise Http404
    return meeting


def possible_parties(actor: Actor) -> list[Agency]:
    """Return the agencies a forum may take in, by name: those the agency works with, and for those above a prison those below."""
    above = {Level.REGIONAL: Q(region_id=actor.agency_id), Level.NATIONAL: Q(kind=Agency.Kind.PRISON)}
    level = level_of(actor)
    if level is Level.LOCAL:
        mine = Agency.objects.get(pk=actor.agency_id)
        over = [mine.region] if mine.region is not None and mine.region.closed_on is None else []
        return [*correspondents(actor), *over]
    prisons = list(Agency.objects.filter(above[level], closed_on=None))
    near = {
        pk for prison in prisons for pk in (prison.health_service_id, prison.specialist_service_id, prison.region_id)
    }
    wanted = {pk for pk in (*near, *(prison.pk for prison in prisons)) if pk not in {None, actor.agency_id}}
    return list(Agency.objects.filter(pk__in=wanted, closed_on=None).order_by("world", "name"))


def planned_of(forums: Iterable[MeetingForum]) -> dict[UUID, Meeting]:
    """Return the first planned meeting of each forum that has one."""
    rows = Meeting.objects.filter(forum_id__in=[forum.pk for forum in forums], state=Meeting.State.PLANNED)
    return {row.forum_id: row for row in rows.order_by("-held_on", "-pk")}


def notes_of(meeting: Meeting) -> list[MeetingNote]:
    """Return what was added to a meeting, in order."""
    return list(MeetingNote.objects.filter(meeting=meeting).select_related("agency").order_by("recorded_at", "id"))


def due_forums(actor: Actor, before: date) -> QuerySet[MeetingForum]:
    """Return the agency's own forums whose next meeting must have been held before a date (D36); none for who calls no meeting."""
    rows = MeetingForum.objects.filter(agency_id=actor.agency_id, ended_on=None, next_due_on__lt=before)
    return rows if may_hold(actor) else rows.none()
