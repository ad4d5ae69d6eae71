"""The question that has two answers, asked as radio buttons. Knows nothing of what is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

YES, NO = _("Ja"), _("Nei")


def yes_or_no(label: Any, choose: Any = None, *, yes: Any = YES, no: Any = NO) -> forms.TypedChoiceField:
    """Return the field: True, False, or None where nothing is chosen. `choose` is what to say then; without it nothing need be."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("yes", yes), ("no", no)],
        coerce=lambda value: value == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        required=choose is not None,
        error_messages={"required": choose} if choose else {},
    )
