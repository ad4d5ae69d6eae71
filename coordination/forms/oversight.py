"""What oversight asks for: a reason, whom an emergency is about, and what a review came to. What is enough is decided by the verbs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination import national_id
from coordination.forms.depending import depends
from coordination.models import Emergency, HealthOpening, OpeningReason
from coordination.oversight.review import FINDINGS, OWN_REFERENCE_MAX

CHOOSE = {"required": _("Velg en grunn."), "invalid_choice": _("Velg fra listen.")}


def _text(label: Any, *, required: bool = True, missing: Any = "", **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing},
        **more,
    )


class ReasonForm(forms.Form):
    """Why somebody is opened."""

    code = forms.ChoiceField(
        label=_("Hvorfor må du se dette nå?"), choices=OpeningReason.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )  # fmt: skip
    text = _text(
        _("Begrunnelse"),
        help_text=_("Personen det gjelder, kan få lese det du skriver."),
        missing=_("Skriv hvorfor du må se dette."),
    )


class EmergencyForm(forms.Form):
    """Whom it is about and why it cannot wait: an identity number, or family name and birth date."""

    national_id = depends(
        forms.CharField(
            label=_("Fødselsnummer"),
            required=False,
            max_length=20,
            help_text=_("Har du det ikke, skriv etternavn og fødselsdato i stedet."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
    )
    family_name = depends(
        forms.CharField(
            label=_("Etternavn"),
            required=False,
            max_length=100,
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
    )
    birth_date = depends(
        forms.DateField(
            label=_("Fødselsdato"),
            required=False,
            help_text=_("Dag, måned og år, for eksempel 15.05.1991."),
            error_messages={"invalid": _("Skriv datoen slik: 15.05.1991")},
        )
    )
    code = forms.ChoiceField(
        label=_("Hvorfor kan det ikke vente?"), choices=Emergency.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )  # fmt: skip
    text = _text(
        _("Begrunnelse"),
        help_text=_("Lederen din går gjennom den, og pasienten kan få lese den."),
        missing=_("Skriv hvorfor det ikke kan vente."),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one way to find the patient."""
        data = super().clean() or {}
        number = "".join(data.get("national_id", "").split()).replace("-", "")
        data["national_id"] = number
        if number and not (number.isdigit() and len(number) == national_id.LENGTH):
            self.add_error("national_id", _("Et fødselsnummer har elleve sifre."))
        if not number and not (data.get("family_name", "").strip() and data.get("birth_date")):
            self.add_error("national_id", _("Skriv fødselsnummeret, eller etternavn og fødselsdato."))
        return data


class EmergencyReviewForm(forms.Form):
    """What the review of an emergency came to."""

    finding = forms.ChoiceField(
        label=_("Var nødtilgangen i orden?"), choices=HealthOpening.Finding.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )  # fmt: skip
    follow_up = depends(
        _text(
            _("Oppfølging"),
            required=False,
            help_text=_("Må skrives når noe er uklart eller ikke i orden: hva som følges opp, og hvordan."),
        )
    )


class LineForm(forms.Form):
    """What came of one line, and where the officer keeps the case."""

    outcome = forms.ChoiceField(
        label=_("Hva viste det?"), choices=list(FINDINGS.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )
    own_reference = forms.CharField(
        label=_("Din egen referanse"),
        help_text=_("Saksnummeret der du har skrevet om dette, uten navn på innsatte eller pasienter."),
        max_length=OWN_REFERENCE_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Skriv saksnummeret eller en annen referanse, med høyst 60 tegn.")},
    )


class ReferenceForm(forms.Form):
    """A reference as the privacy officer's review shows it."""

    reference = forms.RegexField(
        regex=r"^\s*[0-9A-Fa-f]{8}\s*$",
        label=_("Referanse"),
        help_text=_("Åtte tegn, for eksempel 3F0A91BC."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Skriv referansen du fikk fra personvernombudet."),
            "invalid": _("En referanse har åtte tegn: tall og bokstavene A til F."),
        },
    )


class WeekForm(forms.Form):
    """What the review of a week came to."""

    finding = forms.ChoiceField(
        label=_("Hva viste gjennomgangen?"), choices=list(FINDINGS.items()), widget=forms.RadioSelect, error_messages=CHOOSE
    )  # fmt: skip
    follow_up = _text(
        _("Hva er undersøkt og gjort?"),
        required=False,
        help_text=_("Skriv dette når det var noe å bemerke. Uten navn på innsatte eller pasienter."),
    )
