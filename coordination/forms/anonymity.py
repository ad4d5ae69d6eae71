"""Marks the fields whose text is to be about nobody, so that names are pointed out beside them while one types. Finds no name."""

from typing import Any, TypeVar

from django import forms

F = TypeVar("F", bound=forms.Field)


def about_nobody(field: F) -> F:
    """Return a field whose text is to name nobody; the verb that saves it refuses names (`require_nameless`)."""
    field.about_nobody = True  # type: ignore[attr-defined]
    return field


def names_nobody(form: Any) -> bool:
    """Return whether a form has such a field."""
    return any(getattr(field, "about_nobody", False) for field in getattr(form, "fields", {}).values())
