"""What is typed about keeping and deleting: years, and why and how long a hold stands. What is lawful is decided by the verbs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.forms.anonymity import why_field

DATE = _("Skriv datoen slik: 31.12.2026")


class YearsForm(forms.Form):
    """How long the agency keeps a patient's record after the last entry."""

    years = forms.IntegerField(
        label=_("Antall år etter siste innføring"),
        help_text=_("Minst 10 år."),
        error_messages={"required": _("Skriv et tall."), "invalid": _("Skriv et helt tall.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    reason = why_field(_("Vises sammen med vedtaket. Skriv ikke om personer."), _("Skriv hvorfor dere velger dette."))


class HoldForm(forms.Form):
    """Why nothing about a person may be deleted, and until when."""

    reason = forms.CharField(
        label=_("Hvorfor skal opplysningene ikke slettes?"),
        help_text=_("For eksempel en klage, en tilsynssak eller en rettssak."),
        max_length=2000,
        error_messages={"required": _("Skriv hvorfor opplysningene ikke skal slettes.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    until_on = forms.DateField(label=_("Til og med"), error_messages={"required": DATE, "invalid": DATE})


class ReleaseForm(forms.Form):
    """Why a hold is lifted."""

    reason = forms.CharField(
        label=_("Hvorfor kan slettingen gå som vanlig?"),
        max_length=2000,
        error_messages={"required": _("Skriv hvorfor slettingen kan gå som vanlig.")},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
