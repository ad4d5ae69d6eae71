"""What is typed to get a report: which period. No rules: the verb decides what a period may be."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.forms.keyed import KeyedForm

QUARTER = "quarter"
THIS_YEAR = "this_year"
LAST_YEAR = "last_year"
OWN = "own"
CHOICES = [
    (QUARTER, gettext_lazy("Forrige kvartal")),
    (THIS_YEAR, gettext_lazy("Hittil i år")),
    (LAST_YEAR, gettext_lazy("I fjor")),
    (OWN, gettext_lazy("Egne datoer")),
]
DATE_ERRORS = {"invalid": gettext_lazy("Skriv datoen slik: 31.12.2026")}


def period_of(choice: str, today: date) -> tuple[date, date]:
    """Return the dates of a ready-made choice, seen from a date. Quarters and years stand still, so that no day is counted twice."""
    if choice == QUARTER:
        last = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1) - timedelta(days=1)
        return date(last.year, last.month - 2, 1), last
    if choice == THIS_YEAR:
        return today.replace(month=1, day=1), today
    return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)


class PeriodForm(KeyedForm):
    """Which period."""

    period = forms.ChoiceField(
        label=gettext_lazy("Hvilken periode?"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        initial=QUARTER,
        error_messages={"required": gettext_lazy("Velg en periode.")},
    )
    first_on = forms.DateField(
        label=gettext_lazy("Første dag"),
        help_text=gettext_lazy("Bare når du velger egne datoer."),
        required=False,
        error_messages=DATE_ERRORS,
    )
    last_on = forms.DateField(
        label=gettext_lazy("Siste dag"),
        help_text=gettext_lazy("Bare når du velger egne datoer."),
        required=False,
        error_messages=DATE_ERRORS,
    )

    def __init__(self, data: Any = None, *, today: date, **more: Any) -> None:
        """Know the day, for the choices that are ready-made."""
        super().__init__(data, **more)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Put the dates of a ready-made choice in place; ask for those that are missing."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("period") == OWN:
            if not values.get("first_on") and "first_on" not in self.errors:
                self.add_error("first_on", _("Skriv den første dagen rapporten gjelder."))
            if not values.get("last_on") and "last_on" not in self.errors:
                self.add_error("last_on", _("Skriv den siste dagen rapporten gjelder."))
        elif values.get("period"):
            values["first_on"], values["last_on"] = period_of(values["period"], self.today)
        return values
