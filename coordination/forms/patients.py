"""The form about who a health service's patient is. It reads what was typed; the verb decides."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination import formats
from coordination.forms.people import IdentityFields
from coordination.models import Agency, Patient

SHOWN = ("family_name", "given_name", "language", "interpreter_needed", "place", "present", "version")


class EditPatientForm(IdentityFields):
    """Who a patient is, and where to find them. The identity number in clear is never shown: an empty field keeps it."""

    number = None  # type: ignore[assignment]  # a health service knows no number of the prison's
    prison = forms.ChoiceField(
        label=_("Fengsel"),
        required=False,
        error_messages={"invalid_choice": _("Velg et fengsel i listen, eller «Ikke oppgitt»")},
    )
    place = forms.CharField(
        label=_("Sted i fengselet"), required=False, max_length=60, help_text=_("Celle eller avdeling.")
    )
    present = forms.BooleanField(label=_("Er i fengselet nå"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    field_order = (
        *("family_name", "given_name", "birth_date", "national_id", "prison", "place", "present"),
        *("language", "interpreter_needed"),
    )

    def __init__(self, *args: Any, patient: Patient, prisons: Iterable[Agency], **kwargs: Any) -> None:
        """Begin with what is known now."""
        known = {name: getattr(patient, name) for name in SHOWN}
        known |= {"birth_date": formats.shortdate(patient.birth_date), "prison": str(patient.prison_id or "")}
        super().__init__(*args, **{"initial": known, **kwargs})
        self.prisons = {str(prison.pk): prison for prison in prisons}
        field = self.fields["prison"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("Ikke oppgitt")), *((pk, prison.name) for pk, prison in self.prisons.items())]
        if patient.national_id_masked:
            self.fields["national_id"].help_text = _("La stå tomt for å beholde %(masked)s.") % {
                "masked": patient.national_id_masked
            }

    def clean_prison(self) -> Agency | None:
        """Return the prison itself, None where it is not known."""
        return self.prisons.get(self.cleaned_data["prison"])

    def clean_birth_date(self) -> date:
        """Return the date; whether it can be true is the verb's to say."""
        born: date = self.cleaned_data["birth_date"]
        return born
