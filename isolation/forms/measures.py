"""What a decision, its length and its end ask for. What is lawful is decided by the verbs."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from isolation.forms.base import KeyForm, MomentMixin, choice, text_area
from isolation.letters import GROUND_WORDS
from isolation.models import EndReason, Measure
from isolation.models.measures import Extent, Vulnerability
from isolation.rules.kinds import CoerciveGround, Kind, exclusion_grounds

YES_NO = [("yes", gettext_lazy("Ja")), ("no", gettext_lazy("Nei"))]


class DecisionForm(MomentMixin, KeyForm):
    """A decision of one kind, with only what that kind asks for."""

    effective_at: datetime | None = None

    def __init__(self, data: Any = None, *, kind: Kind, minor: bool, at: datetime, **more: Any) -> None:
        """`minor` narrows the grounds to those the law has for people under 18."""
        super().__init__(data, **more)
        exclusion = kind is Kind.EXCLUSION
        grounds: Any = exclusion_grounds(minor=minor) if exclusion else tuple(CoerciveGround)
        fields = self.fields
        fields["replaces"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        self.add_moment(
            "effective", at, day_label=_("Dato da tiltaket startet"), clock_label=_("Klokkeslett da tiltaket startet")
        )
        if exclusion:
            fields["extent"] = choice(
                _("Er utelukkelsen hel eller delvis?"),
                Extent.choices,
                _("Velg om utelukkelsen er hel eller delvis."),
                help_text=_("Velg delvis hvis det er nok."),
            )
        fields["grounds"] = forms.MultipleChoiceField(
            label=_("Grunnlag i loven"),
            choices=[(g.value, GROUND_WORDS[g]) for g in grounds],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Velg minst ett grunnlag.")},
        )
        fields["necessity"] = text_area(_("Hvorfor er tiltaket nødvendig?"), _("Skriv hvorfor tiltaket er nødvendig."))
        fields["less_intrusive"] = text_area(
            _("Hvilke mildere tiltak har dere vurdert eller prøvd?"),
            _("Skriv hvilke mildere tiltak dere har vurdert eller prøvd."),
        )
        if not exclusion:
            fields["statement"] = choice(
                _("Har legen uttalt seg på forhånd?"),
                Measure.Statement.choices,
                _("Velg om legen uttalte seg på forhånd."),
            )
            fields["statement_text"] = text_area(
                _("Hva rådet legen til, eller hvorfor fikk dere ikke en uttalelse?"),
                _("Skriv hva legen rådet til, eller hvorfor dere ikke fikk en uttalelse."),
                help_text=_("Bare råd, ingen diagnose. Legen skal ikke godkjenne tiltaket."),
            )
        fields["expected_hours"] = forms.IntegerField(
            label=_("Hvor mange timer regner dere med at det varer?"),
            required=False,
            help_text=_("La feltet stå tomt hvis dere ikke vet. Ved mer enn 72 timer må dere lage en ukeplan.")
            if exclusion
            else _("La feltet stå tomt hvis dere ikke vet."),
            error_messages={"invalid": _("Skriv antall timer, for eksempel 48.")},
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        )
        fields["hours_out_per_day"] = forms.DecimalField(
            label=_("Hvor mange timer i døgnet er den innsatte ute av cella?"),
            max_digits=4,
            decimal_places=2,
            localize=True,
            error_messages={"required": _("Skriv et tall fra 0 til 24."), "invalid": _("Skriv et tall fra 0 til 24.")},
        )
        fields["force_used"] = choice(
            _("Ble det brukt fysisk makt?"),
            YES_NO,
            _("Velg ja eller nei."),
            help_text=_("Hvis ja, ber vi helsetjenesten om tilsyn når du lagrer."),
        )
        fields["force_note"] = text_area(_("Hvordan ble makten brukt?"), rows=2)
        fields["vulnerabilities"] = forms.MultipleChoiceField(
            label=_("Er det noe som gjør den innsatte særlig sårbar?"),
            choices=Vulnerability.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        fields["signs_of_illness"] = forms.BooleanField(
            label=_("Noe tyder på at den innsatte er syk eller trenger legehjelp"),
            required=False,
            help_text=_("Da ber varselet helsetjenesten om å komme snarest."),
        )
        fields["circumstances"] = text_area(
            _("Annet legen bør vite"),
            help_text=_("Det dere har sett: hvordan den innsatte har det, hva som skjedde. Sendes til helsetjenesten."),
        )
        fields["notice_reason"] = text_area(
            _("Hvis tiltaket startet for mer enn fire timer siden: Hvorfor varsles legen først nå?"), rows=2
        )

    def clean(self) -> dict[str, Any]:
        """Read the instant."""
        self.effective_at = self.moment("effective")
        return self.cleaned_data


class EndForm(MomentMixin):
    """When and why a measure ends."""

    ended_at: datetime | None = None

    def __init__(self, data: Any = None, *, at: datetime, **more: Any) -> None:
        """Filled in with now."""
        super().__init__(data, **more)
        self.add_moment("ended", at, clock_label=_("Klokkeslett da tiltaket ble avsluttet"))
        offered = [pair for pair in EndReason.choices if pair[0] not in (EndReason.REPLACED, EndReason.LEFT)]
        self.fields["reason"] = choice(_("Hvorfor avsluttes tiltaket?"), offered, _("Velg hvorfor tiltaket avsluttes."))
        self.fields["note"] = text_area(_("Begrunnelse"), _("Skriv hva som er grunnen til at tiltaket avsluttes."))

    def clean(self) -> dict[str, Any]:
        """Read the instant."""
        self.ended_at = self.moment("ended")
        return self.cleaned_data


class ForecastForm(forms.Form):
    """How long it will last, judged again."""

    expected_hours = forms.IntegerField(
        label=gettext_lazy("Hvor mange timer regner dere nå med, fra start til slutt?"),
        required=False,
        help_text=gettext_lazy("La feltet stå tomt hvis dere ikke vet."),
        error_messages={"invalid": gettext_lazy("Skriv antall timer, for eksempel 48.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    reason = text_area(gettext_lazy("Hva bygger vurderingen på?"), gettext_lazy("Skriv hva vurderingen bygger på."))
