"""Forms whose words are kept while they are written: which, what is kept of them, and how they are filled again. Reads no database."""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from consent.letters import KINDS

#: The URL names of the forms that keep a draft, each called with the key of a person, and what a draft of it is called.
PLACES: dict[str, Callable[[QueryDict], str]] = {}
#: What is never kept: it belongs to one showing of the form, or is a file.
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "key", "draft", "version", "attachments"})
MOST_FIELDS, MOST_LETTERS, PLACE_MAX = 60, 40_000, 160


def register_place(url_name: str, title: Callable[[QueryDict], str]) -> None:
    """Let a form keep drafts."""
    PLACES[url_name] = title


def _shared(query: QueryDict) -> str:
    kind = KINDS.get(str(query.get("type", "")))
    return str(kind.title) if kind else _("Del opplysninger")


register_place("share", _shared)


def title_at(place: str, person: UUID) -> str | None:
    """Return what a draft at an address is called, or None for an address that keeps none about this person."""
    path, _mark, query = place.partition("?")
    try:
        found = resolve(path)
    except Resolver404:
        return None
    if found.url_name not in PLACES or found.kwargs.get("pk") != person or len(place) > PLACE_MAX:
        return None
    return PLACES[found.url_name](QueryDict(query))


def typed_in(data: QueryDict) -> dict[str, list[str]]:
    """Return what is kept of a form; nothing where nothing was written."""
    typed = {name: values for name, values in data.lists() if name not in NOT_KEPT}
    whole = sum(len(value) for values in typed.values() for value in values)
    if len(typed) > MOST_FIELDS or whole > MOST_LETTERS or not whole:
        return {}
    return {name: [value.replace("\0", "") for value in values] for name, values in typed.items()}


def refill(form: forms.Form, typed: dict[str, list[str]]) -> None:
    """Fill a form that was not sent with what was typed before. What the form does not ask is left out."""
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    for name, field in form.fields.items():
        if name not in NOT_KEPT and not field.widget.is_hidden:
            form.initial[name] = field.widget.value_from_datadict(data, {}, form.add_prefix(name))
