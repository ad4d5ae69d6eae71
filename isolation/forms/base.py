"""What the forms of isolation are made of: free words, choices, and instants as people type them. Holds no form of its own."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import clock, formats
from coordination.clock import AmbiguousTime, Fold, NonexistentTime
from coordination.form_renderer import ClockField

YES_NO = [("yes", gettext_lazy("Ja")), ("no", gettext_lazy("Nei"))]
FOLDS = [
    (Fold.FIRST.value, gettext_lazy("Første gang (sommertid)")),
    (Fold.SECOND.value, gettext_lazy("Andre gang (normaltid)")),
]


def text_area(label: Any, required: Any = None, **more: Any) -> forms.CharField:
    """Return a field for free words; `required` is what to say when it is empty, None makes it optional."""
    errors = {"required": required} if required else {}
    widget = forms.Textarea(attrs={"rows": more.pop("rows", 3)})
    return forms.CharField(
        label=label, required=bool(required), widget=widget, max_length=4000, error_messages=errors, **more
    )


def choice(label: Any, choices: Any, required: Any = None, **more: Any) -> forms.ChoiceField:
    """Return radio buttons."""
    errors = {"required": required, "invalid_choice": required} if required else {}
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect, required=bool(required), error_messages=errors, **more
    )


class MomentMixin(forms.Form):
    """Reads instants that people type as a date and a wall-clock time, also on the two nights the clock changes.

    A moment called `x` has the fields `x_on`, `x_clock` and `x_fold`; the last stays hidden until the time happened twice.
    """

    def add_moment(
        self,
        name: str,
        at: datetime,
        *,
        clock_label: Any,
        day_label: Any = None,
        required: bool = True,
        now: bool = True,
        day: bool = True,
    ) -> None:
        """Add the fields of a moment, filled in with `at` when `now`."""
        local = at.astimezone(clock.OSLO)
        if day:
            self.fields[f"{name}_on"] = forms.DateField(
                label=day_label or _("Dato"),
                initial=local.date(),
                error_messages={
                    "required": _("Skriv datoen slik: 31.12.2026"),
                    "invalid": _("Skriv datoen slik: 31.12.2026"),
                },
            )
        self.fields[f"{name}_clock"] = ClockField(
            label=clock_label,
            required=required,
            initial=formats.clock(at) if now else None,
            error_messages={"required": _("Skriv klokkeslettet slik: 13.02")},
            widget=forms.TimeInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        )
        self.fields[f"{name}_fold"] = forms.ChoiceField(
            label=_("Klokka viste dette tidspunktet to ganger. Hvilken gang?"),
            choices=FOLDS,
            required=False,
            widget=forms.HiddenInput,
        )

    def moment(self, name: str, day: date | None = None) -> datetime | None:
        """Return the instant that was typed, or None with an error on the right field. For `clean()`."""
        day = self.cleaned_data.get(f"{name}_on") if day is None else day
        wall = self.cleaned_data.get(f"{name}_clock")
        if day is None or wall is None:
            return None
        fold = self.cleaned_data.get(f"{name}_fold")
        try:
            return clock.parse_local(day, wall, Fold(fold) if fold else None)
        except NonexistentTime:
            self.add_error(
                f"{name}_clock", _("Klokka ble stilt fram denne natta, så tidspunktet finnes ikke. Skriv et annet.")
            )
        except AmbiguousTime:
            field = forms.ChoiceField(
                label=self.fields[f"{name}_fold"].label, choices=FOLDS, required=False, widget=forms.RadioSelect
            )
            self.fields[f"{name}_fold"] = field
            self._bound_fields_cache.pop(f"{name}_fold", None)  # type: ignore[attr-defined]
            self.add_error(f"{name}_fold", _("Velg om det var før eller etter at klokka ble stilt tilbake."))
        return None
