"""What time out of the cell, measures against harm, ordered intervals and isolation without a decision ask for. The verbs decide."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import formats
from coordination.forms.keyed import KeyedForm
from coordination.models import Person
from isolation.forms.base import YES_NO, MomentMixin, choice, text_area
from isolation.models import InformalIsolation, Mitigation, Motivation

DATE = {
    "required": gettext_lazy("Skriv datoen slik: 31.12.2026"),
    "invalid": gettext_lazy("Skriv datoen slik: 31.12.2026"),
}


def minutes_field(label: Any, required: Any = None, most: int = 1500, **more: Any) -> forms.IntegerField:
    """Return a field for whole minutes."""
    wrong = _("Skriv minuttene med tall, for eksempel 90.")
    return forms.IntegerField(
        label=label,
        required=bool(required),
        min_value=0,
        max_value=most,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": required or wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong},
        **more,
    )


class IntervalForm(forms.Form):
    """How often one person must be seen, and why."""

    minutes = forms.IntegerField(
        label=gettext_lazy("Høyst hvor mange minutter mellom tilsyn?"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Skriv antall minutter, for eksempel 30."),
            "invalid": gettext_lazy("Skriv antall minutter med tall, for eksempel 30."),
        },
        help_text=gettext_lazy("Gjelder hele døgnet, til beslutningen oppheves."),
    )
    reason = text_area(
        gettext_lazy("Hvorfor trengs det hyppigere tilsyn?"),
        gettext_lazy("Skriv hvorfor det trengs hyppigere tilsyn."),
        rows=2,
    )


class StrikeForm(forms.Form):
    """Why contact is struck."""

    reason = forms.CharField(
        label=gettext_lazy("Hvorfor strykes kontakten?"),
        max_length=300,
        error_messages={"required": gettext_lazy("Skriv hvorfor kontakten strykes.")},
        help_text=gettext_lazy("Det som er ført, blir stående i protokollen, men teller ikke."),
    )


class MitigationForm(MomentMixin, KeyedForm):
    """Something offered or considered against the harm of isolation."""

    offered_at: datetime | None = None

    def __init__(self, data: Any = None, *, at: datetime, **more: Any) -> None:
        """Filled in with now."""
        super().__init__(data, **more)
        self.fields["kind"] = choice(
            _("Hva har dere tilbudt eller vurdert?"),
            Mitigation.Kind.choices,
            _("Velg hva dere har tilbudt eller vurdert."),
        )
        self.fields["outcome"] = choice(_("Hva ble det til?"), Mitigation.Outcome.choices, _("Velg hva det ble til."))
        self.fields["note"] = text_area(_("Merknad"), help_text=_("Skriv hvorfor når noe ikke lar seg gjøre."), rows=2)
        self.add_moment("offered", at, clock_label=_("Klokkeslett"))

    def clean(self) -> dict[str, Any]:
        """Read the time."""
        self.offered_at = self.moment("offered")
        return self.cleaned_data


class TimeOutForm(MomentMixin, KeyedForm):
    """Time out of the cell: from when to when, or the sum of a date. An end before the start is on the next date."""

    started_at: datetime | None = None
    ended_at: datetime | None = None

    def __init__(self, data: Any = None, *, at: datetime, **more: Any) -> None:
        """Filled in with today."""
        super().__init__(data, **more)
        self.add_moment("started", at, clock_label=_("Fra klokka"), now=False, required=False)
        self.add_moment("ended", at, clock_label=_("Til klokka"), now=False, day=False, required=False)
        self.fields["minutes"] = minutes_field(
            _("Eller: minutter ute av cella denne dagen, til sammen"),
            help_text=_("Erstatter det som er ført om dagen fra før."),
        )

    def clean(self) -> dict[str, Any]:
        """Ask for one of the two ways."""
        data = self.cleaned_data
        first, last, total = data.get("started_clock"), data.get("ended_clock"), data.get("minutes")
        if total is not None and (first or last):
            self.add_error("minutes", _("Skriv enten klokkeslett eller minutter, ikke begge."))
        elif total is None and "minutes" not in self.errors and not (first and last):
            self.add_error(
                "started_clock" if not first else "ended_clock", _("Skriv fra og til klokka, eller minutter.")
            )
        elif total is None and first and last:
            day = data.get("started_on")
            self.started_at = self.moment("started")
            if day:
                self.ended_at = self.moment("ended", day + timedelta(days=1) if last <= first else day)
        return data


class UnitTimeForm(KeyedForm):
    """One date for everybody in a unit; empty lines are left out."""

    def __init__(self, data: Any = None, *, people: Sequence[Person], day: date, **more: Any) -> None:
        """Give one field per person, named by key."""
        super().__init__(data, **more)
        self.people = list(people)
        self.fields["day"] = forms.DateField(label=_("Dato"), initial=day, error_messages=dict(DATE))
        for person in self.people:
            label = format_html('{} <span class="place">{}</span>', person, person.cell) if person.cell else str(person)
            self.fields[f"p_{person.pk.hex}"] = minutes_field(label)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return person and field, for the page."""
        return [{"person": person, "field": self[f"p_{person.pk.hex}"]} for person in self.people]

    @property
    def minutes(self) -> dict[Any, int]:
        """Return what was typed, by person."""
        found = {person.pk: self.cleaned_data.get(f"p_{person.pk.hex}") for person in self.people}
        return {pk: minutes for pk, minutes in found.items() if minutes is not None}


class InformalForm(KeyedForm):
    """Somebody stays away from others, or is in fact locked in."""

    kind = choice(
        gettext_lazy("Hva gjelder det?"), InformalIsolation.Kind.choices, gettext_lazy("Velg hva det gjelder.")
    )
    since_on = forms.DateField(label=gettext_lazy("Siden"), error_messages=DATE)
    hours_out = forms.DecimalField(
        label=gettext_lazy("Timer ute av cella per døgn nå"),
        max_digits=4,
        decimal_places=2,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        error_messages={
            "required": gettext_lazy("Skriv omtrent hvor mange timer, for eksempel 1,5."),
            "invalid": gettext_lazy("Skriv et tall, for eksempel 1,5."),
        },
    )
    description = text_area(
        gettext_lazy("Hva ser dere, og hva sier den innsatte selv?"),
        gettext_lazy("Skriv hva dere ser."),
        help_text=gettext_lazy("Ikke skriv helseopplysninger du har fått av helsepersonell."),
    )


class ConsiderForm(KeyedForm):
    """Whether somebody locked in without a decision needs supervision and follow-up."""

    supervision = choice(
        gettext_lazy("Trenger den innsatte tilsyn og oppfølging?"), YES_NO, gettext_lazy("Svar ja eller nei.")
    )
    reason = text_area(
        gettext_lazy("Hvorfor?"),
        gettext_lazy("Skriv hvorfor."),
        help_text=gettext_lazy("Ved ja sendes begrunnelsen til helsetjenesten, som vurderer oppfølging selv."),
    )
    wish = forms.BooleanField(label=gettext_lazy("Den innsatte ønsker selv kontakt med helsetjenesten"), required=False)
    signs_of_illness = forms.BooleanField(label=gettext_lazy("Den innsatte viser tegn til sykdom"), required=False)


class TalkForm(MomentMixin, KeyedForm):
    """A talk that motivates or informs."""

    done_at: datetime | None = None

    def __init__(self, data: Any = None, *, at: datetime, **more: Any) -> None:
        """Filled in with now."""
        super().__init__(data, **more)
        self.fields["kind"] = choice(_("Hva gjorde dere?"), Motivation.Kind.choices, _("Velg hva dere gjorde."))
        self.fields["answer"] = choice(
            _("Hva svarte den innsatte?"), Motivation.Answer.choices, _("Velg hva den innsatte svarte.")
        )
        self.fields["note"] = text_area(_("Merknad"), rows=2)
        self.add_moment("done", at, clock_label=_("Klokkeslett"))

    def clean(self) -> dict[str, Any]:
        """Read the time."""
        self.done_at = self.moment("done")
        return self.cleaned_data


class ActivityPlanForm(KeyedForm):
    """What is planned each weekday."""

    def __init__(self, data: Any = None, **more: Any) -> None:
        """Give two fields per weekday."""
        super().__init__(data, **more)
        self.names = formats.weekdays()
        for number, name in enumerate(self.names):
            self.fields[f"activities_{number}"] = forms.CharField(
                label=_("Hva er planlagt %(day)s?") % {"day": name.lower()}, max_length=300, required=False
            )
            self.fields[f"minutes_{number}"] = minutes_field(_("Minutter %(day)s") % {"day": name.lower()})
        self.fields["routines"] = text_area(_("Hvordan passer det med rutinene på avdelingen?"), rows=2)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Return the fields by weekday, for the page."""
        return [
            {"name": name, "activities": self[f"activities_{n}"], "minutes": self[f"minutes_{n}"]}
            for n, name in enumerate(self.names)
        ]


class EndInformalForm(forms.Form):
    """What has changed."""

    note = text_area(gettext_lazy("Hva har endret seg?"), gettext_lazy("Skriv hva som har endret seg."), rows=2)
