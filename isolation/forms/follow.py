"""What contact, plan, reassessment, the warden's look and the health service ask for. What is lawful is decided by the verbs."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import formats
from coordination.forms.keyed import KeyedForm
from isolation.forms.base import MomentMixin, choice, text_area
from isolation.models import AdviceAnswer, ContactSession, HealthCheckRequest, Reassessment
from isolation.rules.plan import DAYS


class ContactForm(MomentMixin, KeyedForm):
    """Contact that took place. An end before the start is on the next date."""

    started_at: datetime | None = None
    ended_at: datetime | None = None

    def __init__(self, data: Any = None, *, at: datetime, **more: Any) -> None:
        """Filled in with today."""
        super().__init__(data, **more)
        self.fields["kind"] = choice(_("Hva gjorde dere?"), ContactSession.Kind.choices, _("Velg hva dere gjorde."))
        self.fields["with_whom"] = choice(
            _("Med hvem?"), ContactSession.WithWhom.choices, _("Velg hvem den innsatte var sammen med.")
        )
        self.add_moment("started", at, clock_label=_("Fra klokka"), now=False)
        self.add_moment("ended", at, clock_label=_("Til klokka"), day=False)
        self.fields["note"] = text_area(_("Merknad"), rows=2)

    def clean(self) -> dict[str, Any]:
        """Read both instants."""
        data = self.cleaned_data
        self.started_at = self.moment("started")
        day, first, last = data.get("started_on"), data.get("started_clock"), data.get("ended_clock")
        if day and first and last:
            self.ended_at = self.moment("ended", day + timedelta(days=1) if last < first else day)
        return data


class PlanForm(KeyedForm):
    """Seven dates, each with what is planned and how many minutes of contact that is."""

    def __init__(self, data: Any = None, *, first_on: date, exempt: set[date], **more: Any) -> None:
        """`exempt` are dates the measure covers only in part."""
        super().__init__(data, **more)
        self.first_on, self.exempt = first_on, exempt
        self.fields["first_on"] = forms.CharField(widget=forms.HiddenInput(), initial=first_on.isoformat())
        for number, day in enumerate(self.dates):
            name = formats.day(day).capitalize()
            full = day not in exempt
            self.fields[f"activities_{number}"] = text_area(
                _("Hva er planlagt %(day)s?") % {"day": formats.day(day)},
                _("Skriv hva som er planlagt %(day)s.") % {"day": formats.day(day)} if full else None,
                rows=2,
            )
            self.fields[f"minutes_{number}"] = forms.IntegerField(
                label=_("Minutter med andre %(day)s") % {"day": formats.day(day)},
                required=full,
                min_value=0,
                max_value=24 * 60,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
                error_messages={
                    "required": _("%(day)s: Skriv hvor mange minutter som er planlagt.") % {"day": name},
                    "invalid": _("%(day)s: Skriv minuttene med tall, for eksempel 120.") % {"day": name},
                    "max_value": _("%(day)s: Et døgn har 1440 minutter.") % {"day": name},
                    "min_value": _("%(day)s: Skriv 0 eller mer.") % {"day": name},
                },
            )
        self.fields["way_out"] = text_area(
            _("Hva skal til for at tiltaket kan avsluttes?"),
            _("Skriv hva som skal til for at tiltaket kan avsluttes."),
        )

    @property
    def dates(self) -> list[date]:
        """Return the dates of the plan."""
        return [self.first_on + timedelta(days=n) for n in range(DAYS)]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the fields by date, for the page."""
        return [
            {
                "day": day,
                "exempt": day in self.exempt,
                "activities": self[f"activities_{n}"],
                "minutes": self[f"minutes_{n}"],
            }
            for n, day in enumerate(self.dates)
        ]


class ReassessmentForm(KeyedForm):
    """Whether a measure may go on."""

    outcome = choice(
        gettext_lazy("Hva ender vurderingen med?"),
        Reassessment.Outcome.choices,
        gettext_lazy("Velg hva vurderingen ender med."),
    )
    reason = text_area(
        gettext_lazy("Hvorfor?"),
        gettext_lazy("Skriv hvorfor."),
        help_text=gettext_lazy("Er vilkårene fortsatt til stede? Hvordan har den innsatte det? Er noe mildere nok?"),
    )
    same_reason = forms.BooleanField(
        label=gettext_lazy("Jeg har vurdert situasjonen nå, og den samme begrunnelsen er fortsatt dekkende"),
        required=False,
        widget=forms.HiddenInput,
    )
    mitigation = text_area(
        gettext_lazy("Hva gjør dere eller har dere vurdert for å forebygge skade?"),
        gettext_lazy("Skriv hva dere gjør eller har vurdert for å forebygge skade."),
        help_text=gettext_lazy(
            "For eksempel mer tid ute, samtaler, besøk, aktivitet. Skriv også hvorfor noe ikke lar seg gjøre."
        ),
    )

    def point_out_copy(self) -> None:
        """Show the box that confirms a reason that is the last one over again. Never shown before somebody has been told."""
        self.fields["same_reason"].widget = forms.CheckboxInput()
        self._bound_fields_cache.pop("same_reason", None)  # type: ignore[attr-defined]


class ReviewForm(forms.Form):
    """The warden's daily look."""

    note = text_area(
        gettext_lazy("Hva har du gjort deg kjent med, og hva mener du om det?"),
        gettext_lazy("Skriv hva du har gjort deg kjent med, og hva du mener om det."),
        help_text=gettext_lazy("Den innsattes tilstand, tilsynene, og råd fra lege eller annet helsepersonell."),
    )


class DeputyForm(forms.Form):
    """Whom the warden names, and for how long."""

    deputy = forms.ChoiceField(
        label=gettext_lazy("Vaktleder"), error_messages={"required": gettext_lazy("Velg en vaktleder.")}
    )
    first_on = forms.DateField(
        label=gettext_lazy("Fra og med"),
        error_messages={
            "required": gettext_lazy("Skriv datoen slik: 31.12.2026"),
            "invalid": gettext_lazy("Skriv datoen slik: 31.12.2026"),
        },
    )
    last_on = forms.DateField(
        label=gettext_lazy("Til og med"),
        error_messages={
            "required": gettext_lazy("Skriv datoen slik: 31.12.2026"),
            "invalid": gettext_lazy("Skriv datoen slik: 31.12.2026"),
        },
    )

    def __init__(self, data: Any = None, *, deputies: list[tuple[str, str]], **more: Any) -> None:
        """Offer the prison's duty leaders."""
        super().__init__(data, **more)
        self.fields["deputy"].choices = deputies  # type: ignore[attr-defined]


class WishForm(KeyedForm):
    """Ask health personnel to see somebody."""

    reason = choice(
        gettext_lazy("Hvorfor ber dere om tilsyn?"),
        [pair for pair in HealthCheckRequest.Reason.choices if pair[0] != HealthCheckRequest.Reason.FORCE],
        gettext_lazy("Velg hvorfor helsetjenesten skal komme."),
    )
    note = text_area(
        gettext_lazy("Hva har dere sett eller hørt?"),
        help_text=gettext_lazy("Sendes til helsetjenesten. Den innsatte trenger ikke å si hvorfor."),
    )


class AdviceForm(forms.Form):
    """The prison's answer to advice."""

    response = choice(
        gettext_lazy("Følger dere rådet?"), AdviceAnswer.Response.choices, gettext_lazy("Velg om dere følger rådet.")
    )
    reason = text_area(
        gettext_lazy("Begrunnelse"), gettext_lazy("Skriv en begrunnelse. Den sendes til helsetjenesten.")
    )
    steps = text_area(gettext_lazy("Hva gjør dere?"))
