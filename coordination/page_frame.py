"""The frame around every page: who acts, the menu, the theme and the clock. Reads nothing of any app."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from coordination import clock, counting
from coordination.identity import Actor
from coordination.models import Role
from coordination.worlds import WITHOUT_CONTENT, World

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True, kw_only=True)
class MenuItem:
    """One entry of the main menu. `roles` empty means every role of the worlds; `count` may show how many are overdue.

    `count` gives a number, or what is to be counted: then every badge of the page is counted in one statement.
    """

    code: str
    label: Any  # text or lazy translation
    icon: str
    url_name: str
    order: int
    worlds: tuple[World, ...]
    roles: tuple[Role, ...] = ()
    count: Callable[[Actor, datetime], counting.Countable] | None = None

    def shown_to(self, actor: Actor) -> bool:
        """Return whether this membership has use for the entry; what it opens is guarded by the walls, not by this."""
        return actor.world in self.worlds and (
            actor.role in self.roles if self.roles else actor.reach not in WITHOUT_CONTENT
        )


MENU: list[MenuItem] = []


def register_menu(*items: MenuItem) -> None:
    """Add entries to the main menu."""
    MENU.extend(items)
    MENU.sort(key=lambda item: item.order)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return what base.html needs (context processor)."""
    actor: Actor | None = getattr(request, "actor", None)
    at = clock.now()
    theme = request.COOKIES.get("theme", "auto")
    match = request.resolver_match
    shown = [item for item in MENU if actor and item.shown_to(actor)]
    badges = iter(counting.together([item.count(actor, at) for item in shown if item.count and actor]))
    return {
        "actor": actor,
        "now": at,
        "theme": theme if theme in THEMES else "auto",
        "active_menu": getattr(match.func, "menu", "") if match else "",
        "menu": [
            {
                "code": item.code,
                "label": item.label,
                "icon": item.icon,
                "url": reverse(item.url_name),
                "count": next(badges) if item.count else None,
            }
            for item in shown
        ],
    }


def in_menu(code: str) -> Callable[[Any], Any]:
    """Mark a view as lying under a menu entry."""

    def mark(view: Any) -> Any:
        view.menu = code
        return view

    return mark
