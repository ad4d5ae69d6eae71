"""What recording a step of somebody outside, proposing a measure, asking a doctor and setting the law's date ask for. No rule is here."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.forms.keyed import KeyedForm
from isolation.forms.base import MomentMixin, choice, text_area
from isolation.law.words import TASKS
from isolation.models import AuthorityStep, MeasureKind
from isolation.rules.limits import Due


class AuthorityForm(MomentMixin, KeyedForm):
    """What was sent or decided, by whom, when, and what came of it."""

    occurred_at: datetime | None = None

    def __init__(self, data: Any = None, *, limits: list[Due], at: datetime, **more: Any) -> None:
        """Offer the limits that somebody outside takes part in, and the outcomes those can have."""
        super().__init__(data, **more)
        labels = [(d.limit.code, TASKS[d.limit.code]) for d in limits]
        outcomes = {o.value for d in limits for o in d.limit.outcomes}
        offered = [pair for pair in AuthorityStep.Outcome.choices if pair[0] in outcomes]
        self.fields["limit"] = choice(_("Hva gjelder det?"), labels, _("Velg hva dette gjelder."))
        self.add_moment("occurred", at, clock_label=_("Klokkeslett da det skjedde"))
        self.fields["outcome"] = choice(
            _("Hva ble resultatet?"),
            offered,
            _("Velg hva som ble resultatet."),
            help_text=_("Den som bare skal ha beskjed: velg «Sendt eller meldt»."),
        )
        self.fields["done_by"] = forms.CharField(
            label=_("Hvem meldte eller avgjorde?"),
            max_length=160,
            help_text=_("Navn og arbeidssted."),
            error_messages={"required": _("Skriv hvem som meldte eller avgjorde.")},
        )
        self.fields["reference"] = forms.CharField(
            label=_("Saksnummer eller annen referanse"), max_length=60, required=False
        )
        self.fields["note"] = text_area(_("Merknad"), rows=2, help_text=_("Hva som ble bestemt, hvis noe ble bestemt."))

    def clean(self) -> dict[str, Any]:
        """Read the instant."""
        self.occurred_at = self.moment("occurred")
        return self.cleaned_data


class ProposalForm(KeyedForm):
    """Which measure somebody proposes, and why."""

    kind = choice(
        gettext_lazy("Hva foreslår du?"),
        [pair for pair in MeasureKind.choices if pair[0] != MeasureKind.COURT_ISOLATION],
        gettext_lazy("Velg hva du foreslår."),
    )
    reason = text_area(
        gettext_lazy("Hva har skjedd, og hvorfor foreslår du dette?"),
        gettext_lazy("Skriv hva som har skjedd, og hvorfor du foreslår dette."),
        help_text=gettext_lazy("Vaktleder og fengselsleder ser det. Spør de legen, går det med i brevet."),
    )


class StatementForm(forms.Form):
    """What a doctor is asked before a cell or bed."""

    question = text_area(
        gettext_lazy("Hva ber dere legen uttale seg om?"),
        gettext_lazy("Skriv hva dere ber legen uttale seg om."),
        help_text=gettext_lazy(
            "Legen gir råd, og skal ikke godkjenne tiltaket. Haster det, ring også. Dere kan vedta uten svar hvis det må til."
        ),
        initial=gettext_lazy("Er det helsemessige forhold vi bør ta hensyn til, og hva råder du oss til?"),
    )


class WithdrawForm(forms.Form):
    """Why nothing was decided."""

    note = text_area(
        gettext_lazy("Hvorfor blir det ikke noe vedtak?"),
        gettext_lazy("Skriv hvorfor det ikke ble noe vedtak."),
        rows=2,
    )


class LawDateForm(forms.Form):
    """The day an adopted act takes effect."""

    day = forms.DateField(
        label=gettext_lazy("Loven trer i kraft"),
        required=False,
        help_text=gettext_lazy("Skriv datoen slik: 31.12.2026. La feltet stå tomt for å ta datoen bort."),
        error_messages={"invalid": gettext_lazy("Skriv datoen slik: 31.12.2026")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Hva bygger datoen på?"),
        help_text=gettext_lazy("For eksempel kongelig resolusjon med dato. Vises sammen med endringen."),
        max_length=300,
        error_messages={"required": gettext_lazy("Skriv hva datoen bygger på, for eksempel ikraftsettingsvedtaket.")},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
