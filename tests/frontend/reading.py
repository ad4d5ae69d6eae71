"""Helpers: draw a piece of a template, and read a page as a reader would. Must not hold tests."""

from __future__ import annotations

from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from django.template import engines

from coordination import formats
from tests.frontend import gallery


def oslo(*parts: int, fold: int = 0) -> datetime:
    """A wall clock time in Oslo."""
    return datetime(*parts, tzinfo=formats.OSLO, fold=fold)  # type: ignore[misc]


def draw(source: str, **context: Any) -> str:
    """A template source with our tags loaded, drawn at the gallery's time."""
    with gallery.gallery_urls():
        template = engines["django"].from_string("{% load samvirke i18n %}" + source)
        return str(template.render({"now": gallery.NOW, "csrf_token": "token", **context}))


class Page(HTMLParser):
    """Ids, references and controls of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, name: str, tag: str = "") -> list[str]:
        return [attrs[name] for found, attrs in self.elements if name in attrs and (not tag or found == tag)]

    def words(self) -> str:
        return " ".join("".join(self.text).split())
