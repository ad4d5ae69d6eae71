"""What people type about a referral, on either side. No rules: the verbs decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consent.forms.attachments import AttachmentsField
from coordination.forms.keyed import KeyedForm
from coordination.models import Agency, Unit
from referrals.models import ReferralState, ServiceType, Urgency, WithdrawnBy
from referrals.rules import OUTCOMES

BASIS_CHOICES = [
    ("LB10", _("Samarbeid om helsehjelpen: opplysningene er nødvendige for forsvarlig helsehjelp")),
    ("LB12", _("Råd og opplysninger mellom kommunen og spesialisthelsetjenesten")),
    ("LB02", _("Pasienten har samtykket skriftlig, og samtykket er registrert")),
]
DATE_ERRORS = {"invalid": _("Skriv datoen slik: 31.12.2026")}


def text_area(rows: int = 4) -> forms.Textarea:
    """Return a text area of some rows."""
    return forms.Textarea(attrs={"rows": rows})


class ReferralForm(KeyedForm):
    """A referral as its sender writes it."""

    trust = forms.ModelChoiceField(
        label=_("Helseforetak"),
        queryset=Agency.objects.none(),
        empty_label=None,
        error_messages={"required": _("Velg helseforetak.")},
    )
    service_type = forms.ChoiceField(
        label=_("Hva henvises det til?"),
        choices=ServiceType.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva det henvises til.")},
    )
    urgency = forms.ChoiceField(
        label=_("Hvor raskt trengs vurderingen?"),
        choices=Urgency.choices,
        widget=forms.RadioSelect,
        initial=Urgency.ORDINARY,
    )
    reason = forms.CharField(
        label=_("Bakgrunn for henvisningen"),
        help_text=_("Problemet, det som er prøvd, og det dere har funnet."),
        max_length=8000,
        widget=text_area(6),
        error_messages={"required": _("Skriv hvorfor pasienten henvises.")},
    )
    question = forms.CharField(
        label=_("Hva ber dere om?"),
        max_length=4000,
        widget=text_area(3),
        error_messages={"required": _("Skriv hva dere ber helseforetaket om.")},
    )
    medication = forms.CharField(label=_("Legemidler nå"), required=False, max_length=4000, widget=text_area(3))
    attachments = AttachmentsField()
    interpreter = forms.BooleanField(label=_("Pasienten trenger tolk"), required=False)
    basis = forms.ChoiceField(
        label=_("Rettsgrunnlag"),
        help_text=_("Pasienten kan motsette seg de to første. Har pasienten sagt nei, trengs samtykke."),
        choices=BASIS_CHOICES,
        widget=forms.RadioSelect,
        initial="LB10",
    )
    inmate_informed = forms.BooleanField(
        label=_("Pasienten er informert om henvisningen og kan motsette seg den"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, trusts: list[Agency], **kwargs: Any) -> None:
        """Offer the trusts, the agency's own first."""
        super().__init__(*args, **kwargs)
        field = self.fields["trust"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Agency.objects.filter(pk__in=[trust.pk for trust in trusts])
        field.choices = [(trust.pk, trust.name) for trust in trusts]


class WithdrawForm(forms.Form):
    """Taking a referral back."""

    withdrawn_by = forms.ChoiceField(
        label=_("Hvem trekker henvisningen?"),
        choices=WithdrawnBy.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvem som trekker henvisningen.")},
    )
    note = forms.CharField(label=_("Merknad til helseforetaket"), required=False, max_length=2000, widget=text_area(2))


class ReceiptForm(forms.Form):
    """Registering receipt: whose referral it is, and who assesses it."""

    patient = forms.ChoiceField(
        label=_("Hvem gjelder henvisningen?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvem henvisningen gjelder.")},
    )
    clinic = forms.ModelChoiceField(
        label=_("Klinikk som vurderer"), queryset=Unit.objects.none(), required=False, empty_label=_("Bestemmes senere")
    )

    def __init__(self, *args: Any, patients: list[tuple[str, str]], clinics: Any, **kwargs: Any) -> None:
        """Offer the own trust's patients the letter may be about, and its clinics."""
        super().__init__(*args, **kwargs)
        self.fields["clinic"].queryset = clinics  # type: ignore[attr-defined]
        if patients:
            self.fields["patient"].choices = patients  # type: ignore[attr-defined]
        else:
            del self.fields["patient"]


class ClinicForm(forms.Form):
    """Which clinic assesses."""

    clinic = forms.ModelChoiceField(
        label=_("Klinikk som vurderer"), queryset=Unit.objects.none(), error_messages={"required": _("Velg klinikk.")}
    )

    def __init__(self, *args: Any, clinics: Any, **kwargs: Any) -> None:
        """Offer the own trust's clinics."""
        super().__init__(*args, **kwargs)
        self.fields["clinic"].queryset = clinics  # type: ignore[attr-defined]


class DecisionForm(KeyedForm):
    """The outcome of the assessment. Which fields are needed follows from the outcome; the verb says which are missing."""

    outcome = forms.ChoiceField(
        label=_("Avgjørelse"),
        choices=[(s.value, s.label) for s in ReferralState if s.value in {o.value for o in OUTCOMES}],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg avgjørelse.")},
    )
    reason = forms.CharField(
        label=_("Begrunnelse"),
        max_length=8000,
        widget=text_area(),
        error_messages={"required": _("Skriv begrunnelsen.")},
    )
    treatment_deadline_on = forms.DateField(
        label=_("Frist for å starte helsehjelp"),
        help_text=_("Ved rett til helsehjelp."),
        required=False,
        error_messages=DATE_ERRORS,
    )
    start_on = forms.DateField(
        label=_("Oppstart"), help_text=_("Ved rett til helsehjelp."), required=False, error_messages=DATE_ERRORS
    )
    appeal_information = forms.CharField(
        label=_("Hvordan pasienten kan klage"),
        help_text=_("Ved avslag."),
        required=False,
        max_length=4000,
        widget=text_area(3),
    )
    information_wanted = forms.CharField(
        label=_("Opplysninger som mangler"),
        help_text=_("Når henvisningen returneres."),
        required=False,
        max_length=4000,
        widget=text_area(3),
    )
    new_recipient = forms.CharField(
        label=_("Vist videre til"),
        help_text=_(
            "Når et annet sted skal vurdere. Samvirke sender ikke henvisningen dit: henviseren får svaret og henviser på nytt."
        ),
        required=False,
        max_length=200,
    )
    patient_informed = forms.BooleanField(label=_("Pasienten er informert om avgjørelsen"), required=False)
    attachments = AttachmentsField()
    basis = forms.ChoiceField(
        label=_("Rettsgrunnlag for svaret"), choices=BASIS_CHOICES[:2], widget=forms.RadioSelect, initial="LB12"
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
