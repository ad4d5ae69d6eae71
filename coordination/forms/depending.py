"""Marks the fields that are needed after some answers and not after others. Decides nothing: the form or the verb does."""

from typing import TypeVar

from django import forms

F = TypeVar("F", bound=forms.Field)


def depends(field: F) -> F:
    """Return a field of which it depends on the other answers whether it is needed; the field template does not call it optional."""
    field.depends = True  # type: ignore[attr-defined]
    return field
