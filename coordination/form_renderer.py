"""How every form field is drawn (template, class), and the two fields that read a time as people write it.

Must not hold labels or rules: those belong to the forms.
"""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Any

from django import forms
from django.forms import Widget
from django.forms.boundfield import BoundField
from django.forms.renderers import BaseRenderer, EngineMixin
from django.template.backends.django import DjangoTemplates
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

OURS = Path(__file__).resolve().parent.parent / "templates"
DJANGOS = Path(forms.__file__).resolve().parent / "templates"


class StyledBoundField(BoundField):
    """Gives each visible control the design system's class, so that no form needs to know it."""

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Widget | None = None) -> dict[str, Any]:
        """The widget's attributes with the class `ds-input` added. Hidden widgets stay untouched."""
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if not widget.is_hidden:
            attrs["class"] = " ".join(filter(None, [widget.attrs.get("class"), "ds-input"]))
        return attrs


class Renderer(EngineMixin, BaseRenderer):
    """Set as FORM_RENDERER. Finds templates/django/forms/ first, Django's own widget templates after."""

    backend = DjangoTemplates
    bound_field_class = StyledBoundField

    @cached_property
    def engine(self) -> DjangoTemplates:
        """A template engine of its own: forms look the same whatever the project's engine is set to."""
        return self.backend({"NAME": "forms", "DIRS": [OURS, DJANGOS], "APP_DIRS": False, "OPTIONS": {}})


class ClockField(forms.TimeField):
    """A time of day as people write it: 13.02, 13:02 or 1302. Use it instead of TimeField.

    Django reads 13 as 01.03 and 130 as 13.00 by the format for 1302: a check logged at the wrong time, silently.
    """

    default_error_messages = {"invalid": _("Skriv klokkeslettet slik: 13.02")}

    def to_python(self, value: Any) -> time | None:
        """The time, or None if empty. Raises ValidationError for anything that could mean two times."""
        if isinstance(value, str):
            value = value.strip()
            if value and not re.fullmatch(r"[0-9]{1,2}[.:][0-9]{2}|[0-9]{4}", value):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class MomentField(forms.SplitDateTimeField):
    """A date and a time in two labelled controls; gives an aware instant in the current time zone.

    Refuses the hour that comes twice in October and the one that never comes in March: ask for another time.
    """

    default_error_messages = {
        "invalid_date": _("Skriv datoen slik: 31.12.2026"),
        "invalid_time": _("Skriv klokkeslettet slik: 13.02"),
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.fields = (
            forms.DateField(error_messages={"invalid": self.error_messages["invalid_date"]}, required=False),
            ClockField(error_messages={"invalid": self.error_messages["invalid_time"]}, required=False),
        )
