"""The field where files are chosen. It reads what was chosen; whether a file may go is asked of the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Some files, or none; gives a list."""

    def __init__(self, **options: Any) -> None:
        """Offer what may be attached."""
        super().__init__(
            label=gettext_lazy("Vedlegg"),
            help_text=gettext_lazy(
                "PDF, PNG eller JPEG, høyst 10 MB hver og fem i alt. Må skjemaet rettes, velger du filene på nytt."
            ),
            required=False,
            widget=_Files(attrs={"accept": "application/pdf,image/png,image/jpeg", "multiple": True}),
            error_messages={"empty": gettext_lazy("En av filene er tom. Velg filene på nytt")},
            **options,
        )

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return every chosen file."""
        return [super(AttachmentsField, self).clean(one, initial) for one in data or [] if one]
