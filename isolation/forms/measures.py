"""What a decision, its length and its end ask for. What is lawful is decided by the verbs."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.forms.keyed import KeyedForm
from isolation.forms.base import YES_NO, MomentMixin, choice, text_area
from isolation.letters import GROUND_WORDS
from isolation.models import CourtOrder, EndReason, Measure
from isolation.models.measures import Extent, Vulnerability
from isolation.rules.kinds import COERCIVE, EXCLUSIONS, Kind, grounds_for


class DecisionForm(MomentMixin, KeyedForm):
    """A decision of one kind, with only what that kind asks for."""

    effective_at: datetime | None = None

    ends_at: datetime | None = None

    def __init__(
        self, data: Any = None, *, kind: Kind, minor: bool, at: datetime, act_2026: bool = False, **more: Any
    ) -> None:
        """`minor` narrows the grounds to those the law has for people under 18; `act_2026` is which law holds today."""
        super().__init__(data, **more)
        exclusion, court = kind not in COERCIVE, kind is Kind.COURT_ISOLATION
        grounds: Any = grounds_for(kind, minor=minor, act_2026=act_2026)
        fields = self.fields
        fields["replaces"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        fields["proposal"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        self.add_moment(
            "effective", at, day_label=_("Dato da tiltaket startet"), clock_label=_("Klokkeslett da tiltaket startet")
        )
        if court:
            self._add_court(at)
        if exclusion:
            fields["extent"] = choice(
                _("Er isolasjonen fullstendig eller delvis?") if court else _("Er utelukkelsen hel eller delvis?"),
                Extent.choices,
                _("Velg om utelukkelsen er hel eller delvis."),
                help_text="" if court else _("Velg delvis hvis det er nok."),
            )
        if len(grounds) == 1:
            fields["grounds"] = forms.MultipleChoiceField(
                choices=[(g.value, GROUND_WORDS[g]) for g in grounds],
                widget=forms.MultipleHiddenInput,
                initial=[grounds[0].value],
            )
        else:
            fields["grounds"] = forms.MultipleChoiceField(
                label=_("Grunnlag i loven"),
                choices=[(g.value, GROUND_WORDS[g]) for g in grounds],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Velg minst ett grunnlag.")},
            )
        fields["necessity"] = text_area(
            _("Hva har retten lagt vekt på?") if court else _("Hvorfor er tiltaket nødvendig?"),
            _("Skriv hvorfor tiltaket er nødvendig."),
        )
        if not court:
            fields["less_intrusive"] = text_area(
                _("Hvilke mildere tiltak har dere vurdert eller prøvd?"),
                _("Skriv hvilke mildere tiltak dere har vurdert eller prøvd."),
            )
        if exclusion and not court:
            fields["partial_considered"] = text_area(
                _("Hvis hel: Hvorfor er ikke delvis utelukkelse nok?"),
                rows=2,
            )
        if minor:
            self._add_minor(team=kind in EXCLUSIONS)
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
            if exclusion and kind is not Kind.IMMEDIATE_EXCLUSION
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

    def _add_minor(self, *, team: bool) -> None:
        """Ask for what the law asks for about a child (straffegjennomføringsforskriften §§ 3-1 b, 3-35)."""
        self.fields["best_interests"] = text_area(
            _("Hva er best for barnet, og hvordan har dere lagt vekt på det?"),
            _("Skriv hva som er best for barnet, og hvordan dere har lagt vekt på det."),
        )
        if team:
            self.fields["team_statement"] = choice(
                _("Har det tverretatlige teamet uttalt seg?"),
                Measure.TeamStatement.choices,
                _("Velg om det tverretatlige teamet har uttalt seg."),
            )
            self.fields["team_text"] = text_area(
                _("Hva mener teamet, eller hvorfor var det ikke tid til å spørre?"),
                _("Skriv hva teamet mener, eller hvorfor det ikke var tid til å spørre."),
                rows=2,
            )

    def _add_court(self, at: datetime) -> None:
        """Ask for the order itself."""
        add_order(self, at)

    def clean(self) -> dict[str, Any]:
        """Read the instants."""
        self.effective_at = self.moment("effective")
        if "ends_on" in self.fields:
            self.ends_at = self.moment("ends")
        return self.cleaned_data


def add_order(form: MomentMixin, at: datetime) -> None:
    """Add what a court order says to a form (strpl § 186 a)."""
    fields = form.fields
    fields["court"] = forms.CharField(
        label=_("Domstol"),
        max_length=120,
        error_messages={"required": _("Skriv hvilken domstol som har avsagt kjennelsen.")},
    )
    fields["reference"] = forms.CharField(
        label=_("Saksnummer"), max_length=60, error_messages={"required": _("Skriv saksnummeret.")}
    )
    form.add_moment(
        "ends", at, day_label=_("Kjennelsen gjelder til og med dato"), clock_label=_("Klokkeslett"), now=False
    )
    fields["ends_on"].initial = None
    fields["penalty"] = choice(_("Strafferamme"), CourtOrder.Penalty.choices, _("Velg strafferammen."))
    fields["retest_pointless"] = forms.BooleanField(
        label=_("Retten har funnet at ny prøving etter to uker er uten betydning"), required=False
    )
    fields["weighty_reasons"] = text_area(
        _("Tungtveiende grunner"),
        rows=2,
        help_text=_("Bare når retten går ut over seks uker, eller tolv ved strafferamme over seks år."),
    )


class CourtOrderForm(MomentMixin, KeyedForm):
    """A new order from the court about isolation that goes on."""

    ends_at: datetime | None = None

    def __init__(self, data: Any = None, *, at: datetime, **more: Any) -> None:
        """Empty: the date must be read from the order."""
        super().__init__(data, **more)
        add_order(self, at)

    def clean(self) -> dict[str, Any]:
        """Read the instant."""
        self.ends_at = self.moment("ends")
        return self.cleaned_data


class CloseForm(forms.Form):
    """Closing the protocol."""

    note = text_area(
        gettext_lazy("Merknad"),
        rows=2,
        help_text=gettext_lazy("Mangler noe, skriv hvorfor protokollen lukkes likevel."),
    )


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
