"""What people type about recovery units. No rules: the verbs decide."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.forms.consents import NO, YES, rows
from coordination.forms.keyed import KeyedForm
from coordination.models import Unit
from recovery_units.models import RecoveryApplication


class OfferForm(KeyedForm):
    """That somebody was informed and offered a place, and in which unit."""

    unit = forms.ChoiceField(
        label=_("Rusmestringsenhet"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg rusmestringsenheten")},
    )
    told = forms.CharField(
        label=_("Hva er personen informert om?"),
        help_text=_("For eksempel hva enheten tilbyr, og hvordan man søker. Skriv ikke helseopplysninger."),
        widget=rows(3),
        max_length=2000,
        error_messages={"required": _("Skriv hva personen er informert om")},
    )

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        """Offer the prison's own recovery units."""
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [(pk, unit.name) for pk, unit in self.units.items()]  # type: ignore[attr-defined]
        if len(self.units) == 1:
            self.initial["unit"] = next(iter(self.units))


class AnswerForm(forms.Form):
    """What somebody answered to the offer."""

    applies = forms.ChoiceField(
        label=_("Hva svarte personen?"),
        choices=[(YES, _("Søker om plass")), (NO, _("Takker nei"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva personen svarte")},
    )
    wish = forms.CharField(
        label=_("Hva ønsker personen selv?"),
        help_text=_("Med personens egne ord. Trengs bare når personen søker."),
        widget=rows(3),
        max_length=2000,
        required=False,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PlaceForm(forms.Form):
    """Where in the order an application stands."""

    group = forms.ChoiceField(
        label=_("Plass i rekkefølgen"),
        choices=[("", _("Som vanlig: domfelte først")), *RecoveryApplication.Group.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    group_reason = forms.CharField(label=_("Hvorfor et annet sted enn vanlig?"), max_length=500, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class DecisionForm(forms.Form):
    """Approved or declined, on which letters, and why."""

    outcome = forms.ChoiceField(
        label=_("Avgjørelsen"),
        choices=[(YES, _("Innvilget")), (NO, _("Avslått"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg om søknaden er innvilget eller avslått")},
    )
    specialist_letter = forms.TypedChoiceField(
        label=_("Brevet med spesialisthelsetjenestens konklusjon"),
        coerce=UUID,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    conclusion = forms.ChoiceField(
        label=_("Hva konkluderer spesialisthelsetjenesten med?"),
        help_text=_("Trengs når det er et brev. Bare konklusjonen, ikke helseopplysninger fra brevet."),
        choices=RecoveryApplication.Conclusion.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    why_alone = forms.CharField(
        label=_("Hvorfor er ikke spesialisthelsetjenesten med på avgjørelsen?"),
        help_text=_("Trengs bare når det ikke er noe brev, for eksempel fordi personen sa nei til samtykke."),
        widget=rows(3),
        max_length=2000,
        required=False,
    )
    municipal_letter = forms.TypedChoiceField(
        label=_("Brev fra helsetjenesten i fengselet, der den er med på avgjørelsen"),
        coerce=UUID,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    reason = forms.CharField(
        label=_("Begrunnelse"),
        help_text=_("Skriv ikke helseopplysninger."),
        widget=rows(4),
        max_length=4000,
        error_messages={"required": _("Skriv begrunnelsen for avgjørelsen")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, specialist: list[tuple[UUID, str]], municipal: list[tuple[UUID, str]], **kwargs: Any
    ) -> None:
        """Offer the letters that have come; without any there is nothing to choose."""
        super().__init__(*args, **kwargs)
        for name, letters in (("specialist_letter", specialist), ("municipal_letter", municipal)):
            if letters:
                self.fields[name].choices = [("", _("Ikke noe brev")), *((str(pk), text) for pk, text in letters)]  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        if not specialist:
            del self.fields["conclusion"]

    def facts(self) -> dict[str, Any]:
        """Return what the verb takes."""
        data = dict(self.cleaned_data)
        return {"approve": data.pop("outcome") == YES, **data}


class WithdrawForm(forms.Form):
    """That the application is taken back."""

    version = forms.IntegerField(widget=forms.HiddenInput)
