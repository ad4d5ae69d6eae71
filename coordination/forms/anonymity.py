"""Marks the fields whose text is to be about nobody, so that names are pointed out beside them while one types. Finds no name."""

from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext_lazy as _

F = TypeVar("F", bound=forms.Field)
#: What such a field asks of whoever writes.
NAMELESS = _("Skriv ikke navn, fødselsnummer eller noe som gjør at noen kan kjennes igjen.")


def about_nobody(field: F) -> F:
    """Return a field whose text is to name nobody; the verb that saves it refuses names (`require_nameless`)."""
    field.about_nobody = True  # type: ignore[attr-defined]
    return field


def why_field(hint: Any, error: Any) -> forms.CharField:
    """Return the field that asks why something is decided for everybody: shown to many, so it is about nobody."""
    return about_nobody(
        forms.CharField(
            label=_("Hvorfor"),
            help_text=hint,
            max_length=300,
            error_messages={"required": error},
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    )


def names_nobody(form: Any) -> bool:
    """Return whether a form has such a field."""
    return any(getattr(field, "about_nobody", False) for field in getattr(form, "fields", {}).values())
