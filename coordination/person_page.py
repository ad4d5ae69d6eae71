"""What apps hang on the page of a person: links to do something, and panels with a few facts. Holds no rule of any app."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext_lazy

from coordination.identity import Actor
from coordination.models.people import Named, Stay
from coordination.people.access import stays_of

#: The parts of the person page's menu, in their order.
GROUPS = {
    "follow_up": gettext_lazy("Oppfølging"),
    "health": gettext_lazy("Helsetjenesten"),
    "isolation": gettext_lazy("Isolasjon"),
}


@dataclass(frozen=True, kw_only=True)
class Link:
    """A button on the person page. `primary` for the one thing most often done; `group` is a key of `GROUPS`."""

    label: str
    url: str
    icon: str = ""
    primary: bool = False
    group: str = "follow_up"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A box on the person page: a template and what it shows, already cut to the reader."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


@dataclass(frozen=True, kw_only=True)
class Tag:
    """A tag in the person banner; `severity` is danger, warning or info. Only what the own agency knows, never a diagnosis on a prison page."""

    text: str
    severity: str = "warning"
    icon: str = ""


#: Tags of many people in as many queries as of one; for lists. `tags_for` asks these too, so a tag is registered in one place only.
BulkTags = Callable[[Actor, Sequence[Named]], Mapping[UUID, Iterable[Tag]]]

T = TypeVar("T")

LINKS: list[Callable[[Actor, Named], Iterable[Link]]] = []
PANELS: list[Callable[[Actor, Named], Iterable[Panel]]] = []
TAGS: list[Callable[[Actor, Named], Iterable[Tag]]] = []
BULK_TAGS: list[BulkTags] = []


def links(function: Callable[[Actor, Named], Iterable[Link]]) -> Callable[[Actor, Named], Iterable[Link]]:
    """Register a source of links."""
    LINKS.append(function)
    return function


def panels(function: Callable[[Actor, Named], Iterable[Panel]]) -> Callable[[Actor, Named], Iterable[Panel]]:
    """Register a source of panels."""
    PANELS.append(function)
    return function


def tags(function: Callable[[Actor, Named], Iterable[Tag]]) -> Callable[[Actor, Named], Iterable[Tag]]:
    """Register a source of banner tags."""
    TAGS.append(function)
    return function


def bulk_tags(function: BulkTags) -> BulkTags:
    """Register a source of banner tags that reads many people at once; lists such as "I dag" can then show the tag too."""
    BULK_TAGS.append(function)
    return function


def once(actor: Actor, person: Named, read: Callable[[Actor, UUID], T]) -> T:
    """Return what `read` says of a person, asked once however many of a page's sources want it; it lasts as long as this row of them."""
    known: dict[Callable[[Actor, UUID], Any], Any] = person.__dict__.setdefault("_told", {})
    if read not in known:
        known[read] = read(actor, person.pk)
    told: T = known[read]
    return told


def stay_of(actor: Actor, person: Named) -> Stay | None:
    """Return the stay that is going on, or None; from all of them, which the timeline tells anyway."""
    return next((stay for stay in once(actor, person, stays_of) if stay.ended_at is None), None)


ORDER = {"danger": 0, "warning": 1, "info": 2}


def tags_for(actor: Actor, person: Named) -> list[Tag]:
    """Return the banner's tags, worst first."""
    found = [tag for gather in TAGS for tag in gather(actor, person)]
    found += tags_of_many(actor, [person]).get(person.pk, [])
    return sorted(found, key=lambda tag: ORDER[tag.severity])


def tags_of_many(actor: Actor, people: Sequence[Named]) -> dict[UUID, list[Tag]]:
    """Return the tags of the bulk sources for each person, worst first, in a number of queries that does not grow with the people."""
    found: dict[UUID, list[Tag]] = {}
    for gather in BULK_TAGS if people else ():
        for pk, tags in gather(actor, people).items():
            found.setdefault(pk, []).extend(tags)
    return {pk: sorted(tags, key=lambda tag: ORDER[tag.severity]) for pk, tags in found.items()}


def links_for(actor: Actor, person: Named) -> list[Link]:
    """Return the links: the one most often used first, the others by their part of the menu."""
    found = sorted((link for gather in LINKS for link in gather(actor, person)), key=lambda link: not link.primary)
    places = list(GROUPS)
    return found[:1] + sorted(found[1:], key=lambda link: places.index(link.group))


def panels_for(actor: Actor, person: Named) -> list[Panel]:
    """Return the panels in their order."""
    return sorted((panel for gather in PANELS for panel in gather(actor, person)), key=lambda panel: panel.order)
