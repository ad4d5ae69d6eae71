"""The form that leaves a part out of what a person is told. It reads what was typed; the action decides."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from consent.forms.consents import DATE, rows
from coordination.forms.keyed import KeyedForm


class WithholdForm(KeyedForm):
    """One letter, or the log of a period, on a ground of the closed list."""

    first_on = forms.DateField(
        label=gettext_lazy("Første dag i loggen"),
        error_messages={"required": gettext_lazy("Skriv første dag i perioden"), "invalid": DATE},
    )
    last_on = forms.DateField(
        label=gettext_lazy("Siste dag i loggen"),
        error_messages={"required": gettext_lazy("Skriv siste dag i perioden"), "invalid": DATE},
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Hjemmel"),
        help_text=gettext_lazy("Hjemmelen står på papiret personen får."),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hjemmel")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor må dette utelates?"),
        help_text=gettext_lazy("Begrunnelsen står bare her, ikke på papiret."),
        widget=rows(4),
        max_length=2000,
        error_messages={"required": gettext_lazy("Skriv hvorfor dette må utelates")},
    )
    until_on = forms.DateField(
        label=gettext_lazy("Utelates til og med"),
        help_text=gettext_lazy("Høyst ett år. Etter denne dagen er delen med igjen, hvis ingen bestemmer noe nytt."),
        error_messages={"required": gettext_lazy("Skriv siste dag dette skal utelates"), "invalid": DATE},
    )

    def __init__(self, *args: Any, grounds: Mapping[str, tuple[str, str]], of_letter: bool, **kwargs: Any) -> None:
        """Offer the grounds that hold today; a letter has no period."""
        super().__init__(*args, **kwargs)
        choices = [(code, f"{title} ({statute})") for code, (title, statute) in grounds.items()]
        self.fields["ground"].choices = choices  # type: ignore[attr-defined]
        if of_letter:
            del self.fields["first_on"], self.fields["last_on"]
