"""Forms of a journal: which days, and the reference in the agency's own system. They read what was typed; the action decides."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.forms.consents import DATE
from consent.models import REFERENCE_MAX
from coordination import formats
from coordination.forms.keyed import KeyedForm
from coordination.models import Stay


class PeriodForm(forms.Form):
    """Which stay and which days. Nothing must be filled in; what cannot be read is said and left out."""

    # The words say not what was typed: it may be the key of another person's stay.
    opphold = forms.ChoiceField(
        label=gettext_lazy("Opphold"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Velg et opphold.")},
    )
    fra = forms.DateField(label=gettext_lazy("Fra og med"), required=False, error_messages={"invalid": DATE})
    til = forms.DateField(label=gettext_lazy("Til og med"), required=False, error_messages={"invalid": DATE})

    def __init__(self, *args: Any, stays: list[Stay], **kwargs: Any) -> None:
        """Offer the stays where there is more than one."""
        super().__init__(*args, **kwargs)
        choices = [("", _("Det nyeste"))]
        for stay in stays:
            ended = formats.shortdate(stay.ended_at) if stay.ended_at else ""
            choices.append((str(stay.pk), f"{formats.shortdate(stay.admitted_at)} – {ended}"))
        self.fields["opphold"].choices = choices  # type: ignore[attr-defined]
        if len(stays) < 2:
            del self.fields["opphold"]

    def asked(self) -> dict[str, Any]:
        """Return what was understood."""
        self.is_valid()
        typed = self.cleaned_data
        stay = typed.get("opphold")
        return {"stay": UUID(stay) if stay else None, "first": typed.get("fra"), "last": typed.get("til")}


class ReferenceForm(KeyedForm):
    """The reference, and the marks of the entries that were shown beside it."""

    marks = forms.CharField(widget=forms.HiddenInput)
    reference = forms.CharField(
        label=gettext_lazy("Referanse"),
        help_text=gettext_lazy("Saksnummer, dokumentnummer eller det som ellers finner innførselen igjen."),
        max_length=REFERENCE_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Skriv referansen")},
    )

    def clean_marks(self) -> set[UUID]:
        """Return the marks. Raises ValidationError where something else was sent."""
        try:
            return {UUID(mark) for mark in self.cleaned_data["marks"].split()}
        except ValueError:
            raise forms.ValidationError(_("Åpne siden på nytt.")) from None
