"""The form that takes a roster file. Reads it; saves nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination import roster


class RosterForm(forms.Form):
    """One file. `lines` holds what was read when the form is valid."""

    file = forms.FileField(
        label=_("Fil med innsatte"),
        help_text=_("En CSV-fil fra fagsystemet eller et regneark, høyst 1 MB."),
        error_messages={"required": _("Velg en fil"), "empty": _("Filen er tom."), "missing": _("Velg en fil")},
    )

    lines: list[roster.Line]

    def clean_file(self) -> Any:
        """Read the file; what cannot be read is said in plain words."""
        upload = self.cleaned_data["file"]
        if upload.size > roster.MAX_BYTES:
            raise forms.ValidationError(_("Filen er for stor. Den kan være høyst 1 MB."))
        try:
            self.lines = roster.read(upload.read())
        except roster.UnreadableFile as refused:
            raise forms.ValidationError(str(refused)) from None
        return upload
