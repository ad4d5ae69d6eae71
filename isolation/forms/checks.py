"""What logging a check and watching somebody ask for. What is lawful is decided by the verbs."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.forms.keyed import KeyedForm
from isolation.forms.base import MomentMixin, choice, text_area
from isolation.models import Check


class CheckForm(MomentMixin, KeyedForm):
    """A check with words: another time than now, a note, and who was told."""

    occurred_at: datetime | None = None

    def __init__(self, data: Any = None, *, at: datetime, fixed: str = "", **more: Any) -> None:
        """`fixed` is a state already chosen by a button."""
        super().__init__(data, **more)
        worry = fixed in Check.WORRYING
        states = (
            forms.CharField(widget=forms.HiddenInput, initial=fixed)
            if fixed
            else choice(_("Hva ser du?"), Check.State.choices, _("Velg hva du ser."))
        )
        self.fields["state"] = states
        self.add_moment("occurred", at, clock_label=_("Klokkeslett"))
        self.fields["note"] = text_area(
            _("Hva ser du?") if worry else _("Merknad"),
            _("Skriv hva du ser.") if worry else None,
            help_text=_("Skriv det du ser og hører. Ikke skriv helseopplysninger du har fått av helsepersonell."),
        )
        if worry or not fixed:
            self.fields["alerted"] = forms.MultipleChoiceField(
                label=_("Hvem er varslet?"),
                choices=Check.Alerted.choices,
                widget=forms.CheckboxSelectMultiple,
                required=worry,
                help_text="" if worry else _("Må fylles ut når den innsatte er urolig eller trenger hjelp."),
                error_messages={"required": _("Velg hvem som er varslet.")},
            )
        # What was seen comes first; the time is mostly now.
        self.order_fields(["state", "note", "alerted"] if worry else ["state"])

    def clean(self) -> dict[str, Any]:
        """Read the time."""
        self.occurred_at = self.moment("occurred")
        return self.cleaned_data


class QuickCheckForm(MomentMixin):
    """What the state buttons send: perhaps another time or a note, both folded away."""

    occurred_at: datetime | None = None
    note = forms.CharField(
        label=gettext_lazy("Merknad"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, at: datetime, **more: Any) -> None:
        """The time is empty: empty means now."""
        super().__init__(data, **more)
        self.add_moment("occurred", at, clock_label=_("Klokkeslett, hvis ikke nå"), required=False, now=False)
        self.fields["occurred_on"].required = False
        self.order_fields(["occurred_on", "occurred_clock", "occurred_fold", "note"])

    def clean(self) -> dict[str, Any]:
        """Read the time; the date alone means nothing."""
        self.occurred_at = self.moment("occurred")
        return self.cleaned_data


class WatchForm(KeyedForm):
    """Who watches from now on."""

    observer = forms.CharField(
        label=gettext_lazy("Hvem observerer fra nå?"),
        max_length=160,
        error_messages={"required": gettext_lazy("Skriv hvem som observerer.")},
    )


class WatchNoteForm(KeyedForm):
    """What the observer sees."""

    text = text_area(gettext_lazy("Hva ser du nå?"), gettext_lazy("Skriv hva du ser."), rows=2)


class OrderForm(forms.Form):
    """Why somebody must be watched all the time."""

    reason = text_area(
        gettext_lazy("Hvorfor trengs det kontinuerlig tilsyn?"),
        gettext_lazy("Skriv hvorfor det trengs kontinuerlig tilsyn."),
        rows=2,
    )
