"""What is kept of a form while it is written, which page it belongs to, and how it is filled again. Reads no database."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import Resolver404, resolve

from consent.letters import KINDS

#: What is never kept: it belongs to one showing of the form, or is a file.
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "key", "draft", "version", "attachments", "verb"})
MOST_FIELDS, MOST_LETTERS, PLACE_MAX = 80, 40_000, 160


def title_at(place: str) -> str | None:
    """Return what a draft at an address is called, or None for an address whose page keeps none."""
    path, _mark, query = place.partition("?")
    try:
        view: Any = resolve(path).func
    except Resolver404:
        return None
    title = getattr(view, "draft_title", None)
    if title is None or len(place) > PLACE_MAX:
        return None
    # Where one page writes many kinds, the address says which.
    kind = KINDS.get(str(QueryDict(query).get("type", "")))
    return str(kind.title if kind else title)


def typed_in(data: QueryDict) -> dict[str, list[str]] | None:
    """Return what is kept of a form: nothing where nothing was written, and None where it is too much to keep."""
    typed = {
        name: [value.replace("\0", "") for value in values] for name, values in data.lists() if name not in NOT_KEPT
    }
    whole = sum(len(value) for values in typed.values() for value in values)
    if len(typed) > MOST_FIELDS or whole > MOST_LETTERS:
        return None
    return typed if whole else {}


def refill(form: forms.Form, typed: dict[str, list[str]]) -> None:
    """Fill a form that was not sent with what was typed before. What the form does not ask is left out."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    for name, field in form.fields.items():
        if name not in NOT_KEPT and not field.widget.is_hidden:
            form.initial[name] = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
