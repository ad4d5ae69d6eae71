"""How every form field is drawn: the field template, and one class on every visible control.

Must not hold labels, rules or validation: those belong to the forms.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django.forms
from django.forms import Widget
from django.forms.boundfield import BoundField
from django.forms.renderers import BaseRenderer, EngineMixin
from django.template.backends.django import DjangoTemplates
from django.utils.functional import cached_property

OURS = Path(__file__).resolve().parent.parent / "templates"
DJANGOS = Path(django.forms.__file__).resolve().parent / "templates"


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
