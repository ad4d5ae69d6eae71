"""What the attention flag asks for: why, until when, and why no longer. What is lawful is decided by the verbs."""

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.models import Criterion

#: What staff may tick themselves; the rest follows from what is registered.
BY_HAND = [pair for pair in Criterion.choices if pair[0] not in {Criterion.KNOWN_RISK, Criterion.LOCKED_IN}]


class RaiseForm(forms.Form):
    """Why somebody needs extra attention."""

    criteria = forms.MultipleChoiceField(
        label=_("Hvorfor trengs ekstra oppmerksomhet?"),
        choices=BY_HAND,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst én grunn."), "invalid_choice": _("Velg fra listen.")},
    )
    note = forms.CharField(
        label=_("Hva har dere sett eller hørt?"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Skriv aldri en diagnose, og ikke noe du har fått vite av helsepersonell."),
    )


class KeepForm(forms.Form):
    """Why the flag still stands, and until when."""

    note = forms.CharField(
        label=_("Hvorfor trengs det fortsatt?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Skriv hvorfor oppmerksomheten fortsatt trengs.")},
    )
    review_on = forms.DateField(
        label=_("Vurderes på nytt"),
        error_messages={"required": _("Skriv datoen slik: 31.12.2026"), "invalid": _("Skriv datoen slik: 31.12.2026")},
    )


class LiftForm(forms.Form):
    """Why the flag is lifted."""

    reason = forms.CharField(
        label=_("Hvorfor trengs det ikke lenger?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Skriv hvorfor ekstra oppmerksomhet ikke lenger trengs.")},
    )
