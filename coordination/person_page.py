"""What apps hang on the page of a person: links to do something, and panels with a few facts. Holds no rule of any app."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from coordination.identity import Actor
from coordination.models.people import Named


@dataclass(frozen=True, kw_only=True)
class Link:
    """A button on the person page. `primary` for the one thing most often done."""

    label: str
    url: str
    icon: str = ""
    primary: bool = False


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


LINKS: list[Callable[[Actor, Named], Iterable[Link]]] = []
PANELS: list[Callable[[Actor, Named], Iterable[Panel]]] = []
TAGS: list[Callable[[Actor, Named], Iterable[Tag]]] = []


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


def tags_for(actor: Actor, person: Named) -> list[Tag]:
    """Return the banner's tags, worst first."""
    order = {"danger": 0, "warning": 1, "info": 2}
    return sorted((w for gather in TAGS for w in gather(actor, person)), key=lambda w: order[w.severity])
