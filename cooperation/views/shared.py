"""What the doors of meetings and deviations share: the way between them, and the neighbouring parts of a list. Decides nothing."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperation.access import deviations, meetings
from coordination.identity import Actor
from coordination.paging import Part


def tabs(actor: Actor, here: str) -> list[dict[str, Any]]:
    """Return the ways between deviations and meetings that this role has; none where there is one only."""
    found = [
        {"label": label, "url": reverse(url), "current": url == here}
        for url, label, roles in (
            ("deviation_list", _("Avvik"), deviations.STAFF),
            ("forum_list", _("Møter"), meetings.READERS),
        )
        if actor.role in roles
    ]
    return found if len(found) > 1 else []


def address(request: HttpRequest, **change: str) -> str:
    """Return the address of the same list with some of its choices changed; what was searched for is never in it."""
    kept = {name: value for name, value in request.GET.items() if name in {"vis", "type"}}
    return "?" + urlencode({name: value for name, value in {**kept, **change}.items() if value})


def turns(request: HttpRequest, part: Part) -> dict[str, str]:
    """Return the addresses of the neighbouring parts of a list."""
    places = (("previous_url", part.before), ("next_url", part.after))
    return {side: address(request, side=turn) for side, turn in places if turn}


def crumbs(url: str, label: str, here: str) -> list[dict[str, str]]:
    """Return the way to a page."""
    return [{"label": label, "url": reverse(url)}, {"label": here, "url": ""}]
