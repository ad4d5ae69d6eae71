"""The minutes of a meeting for paper. Asks no table."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cooperation.models import Meeting, MeetingNote
from cooperation.models.meetings import Topic
from coordination.identity import Actor
from coordination.models import Agency


def topics_of(codes: Sequence[str]) -> list[str]:
    """Return what a forum takes up every time, in words."""
    return [str(topic.label) for topic in Topic if topic.value in codes]


def minutes(
    actor: Actor, meeting: Meeting, parties: Sequence[Agency], notes: Sequence[MeetingNote], at: datetime
) -> dict[str, Any]:
    """Return a meeting for paper, printed at `at`: forum, who is in it, agenda, minutes, decisions, what was added."""
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "meeting": meeting,
        "owner": meeting.agency.name,
        "parties": [agency.name for agency in parties],
        "topics": topics_of(meeting.forum.topics),
        "notes": notes,
    }
