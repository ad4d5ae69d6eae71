"""How the tests make deviations, forums and meetings, by verb and by form. Holds no test."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from cooperation.actions import deviations, meetings
from cooperation.models import Deviation, Meeting, MeetingForum
from tests.cast import AT, Cast

DAY = AT.date()


def deviation(
    cast: Cast, who: str = "officer", to: tuple[str, ...] = ("north_health", "trust"), **more: Any
) -> Deviation:
    """Register a deviation through the verb."""
    typed: dict[str, Any] = {
        "kind": "escort",
        "severity": "medium",
        "place": "Avdeling A",
        "happened_on": DAY,
        "what": "Framstillingen ble avlyst fordi bilen manglet.",
        "measures": "Ny time er bestilt.",
    }
    with cast[who].acting() as actor:
        parties = [cast.agencies[name].pk for name in to]
        return deviations.register_deviation(actor, **typed | more, parties=parties, key=uuid4(), at=AT)


def forum(
    cast: Cast, who: str = "warden", to: tuple[str, ...] = ("north_health", "trust"), **more: Any
) -> MeetingForum:
    """Set up a forum through the verb."""
    typed: dict[str, Any] = {
        "title": "Ledermøte",
        "interval_months": 3,
        "others": "Legevakten",
        "topics": ["coordination", "release_preparation", "transfer", "evaluation"],
    }
    with cast[who].acting() as actor:
        parties = [cast.agencies[name].pk for name in to]
        return meetings.set_up_forum(actor, **{"at": AT, **typed, **more}, parties=parties, key=uuid4())


def planned(cast: Cast, forum_id: UUID, who: str = "warden", held_on: date = DAY, **more: Any) -> Meeting:
    """Plan a meeting through the verb."""
    typed = {"place": "Møterom 1", "agenda": "Samordning", **more}
    with cast[who].acting() as actor:
        return meetings.plan_meeting(actor, forum_id, held_on=held_on, **typed, key=uuid4(), at=AT)


def deviation_form(cast: Cast, **more: Any) -> dict[str, Any]:
    """Return what the form of a deviation sends."""
    return {
        "key": str(uuid4()),
        "kind": "escort",
        "severity": "high",
        "happened_on": "20.11.2026",
        "place": "Avdeling A",
        "what": "Framstillingen ble avlyst fordi bilen manglet.",
        "measures": "Ny time er bestilt.",
        "parties": [str(cast.agencies["north_health"].pk)],
        **more,
    }


def forum_form(cast: Cast, **more: Any) -> dict[str, Any]:
    """Return what the form of a forum sends."""
    return {
        "key": str(uuid4()),
        "title": "Ledermøte",
        "interval_months": "3",
        "others": "Legevakten",
        "topics": ["coordination"],
        "parties": [str(cast.agencies["north_health"].pk)],
        **more,
    }
