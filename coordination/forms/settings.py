"""The form that tightens one number. It reads what was typed; the verb decides."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.form_renderer import ClockField
from coordination.forms.anonymity import why_field
from coordination.parameter_definitions import Definition, Measure

LABELS = {
    Measure.MINUTES: _("Antall minutter"),
    Measure.HOURS: _("Antall timer"),
    Measure.MONTHS: _("Antall måneder"),
    Measure.COUNT: _("Antall"),
    Measure.CLOCK: _("Klokkeslett"),
}


class ParameterForm(forms.Form):
    """A value of the number's own kind, and why."""

    value: forms.Field
    reason = why_field(_("Vises sammen med endringen. Skriv ikke om personer."), _("Skriv hvorfor kravet endres"))
    field_order = ("value", "reason")

    def __init__(self, *args: Any, definition: Definition, limit: str, **kwargs: Any) -> None:
        """Ask for a time of day or a count; `limit` says how mild it may be, in words."""
        super().__init__(*args, **kwargs)
        options: dict[str, Any] = {"label": LABELS[definition.measure], "help_text": limit}
        if definition.measure is Measure.CLOCK:
            missing = {"required": _("Skriv klokkeslettet slik: 07.00")}
            self.fields["value"] = ClockField(
                error_messages=missing, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **options
            )
        else:
            errors = {"required": _("Skriv et tall"), "invalid": _("Skriv et helt tall.")}
            widget = forms.TextInput(attrs={"inputmode": "numeric"})
            self.fields["value"] = forms.IntegerField(error_messages=errors, widget=widget, **options)
        self.order_fields(self.field_order)
