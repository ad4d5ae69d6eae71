"""What the forms of meetings and deviations share: texts about nobody, dates, the agencies to choose from. Must not hold rules."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.forms.anonymity import about_nobody
from coordination.models import Agency


def words(label: Any, error: Any = "", hint: Any = "", *, rows: int = 4) -> forms.CharField:
    """Return a text of some lines about nobody; without an `error` it may be empty."""
    return about_nobody(
        forms.CharField(
            label=label,
            help_text=hint,
            required=bool(error),
            widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
            max_length=8000,
            error_messages={"required": error},
        )
    )


def line(label: Any, error: Any = "", hint: Any = "", *, longest: int = 160) -> forms.CharField:
    """Return a text of one line about nobody; without an `error` it may be empty."""
    return about_nobody(
        forms.CharField(
            label=label,
            help_text=hint,
            required=bool(error),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
            max_length=longest,
            error_messages={"required": error},
        )
    )


def day(label: Any, error: Any) -> forms.DateField:
    """Return a date that must be given."""
    return forms.DateField(
        label=label, error_messages={"required": error, "invalid": _("Skriv datoen slik: 31.12.2026")}
    )


class VersionedForm(forms.Form):
    """A form about what somebody else may change meanwhile."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class PartiesField(forms.TypedMultipleChoiceField):
    """Some of the agencies one works with. The form gives the agencies."""

    def __init__(self, **options: Any) -> None:
        """Read keys."""
        super().__init__(coerce=UUID, widget=forms.CheckboxSelectMultiple, **options)

    def offer(self, agencies: Iterable[Agency]) -> None:
        """Offer these."""
        self.choices = [(str(agency.pk), agency.name) for agency in agencies]
