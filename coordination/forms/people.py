"""Forms about people in custody: register, correct, place, release date, end. They read what was typed; the verbs decide.

A time is asked for as a date and a clock; the hour that comes twice in October is asked about, the one that never comes is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from coordination import clock, formats, national_id
from coordination.form_renderer import ClockField
from coordination.ids import uuid7
from coordination.models import LegalStatus, Person, SecurityLevel, Stay, Unit
from coordination.people.checks import (
    NUMBER_REASONS,
    birth_date_problem,
    future_problem,
    release_problem,
    restrictions_problem,
)
from coordination.people.stays import REMAND_RESTRICTIONS

DATE = {"invalid": _("Skriv datoen slik: 31.12.2026")}
FOLDS = [(clock.Fold.FIRST.value, _("Første gang (sommertid)")), (clock.Fold.SECOND.value, _("Andre gang (normaltid)"))]
RESTRICTIONS = {
    "letters": _("Brevkontroll"),
    "visits": _("Besøksforbud eller besøkskontroll"),
    "media": _("Medieforbud"),
    "association": _("Isolasjon etter kjennelse fra retten"),
}
assert tuple(RESTRICTIONS) == REMAND_RESTRICTIONS


def check_number(value: str) -> str:
    """Return the number's digits. Raises ValidationError with the reason in plain words."""
    try:
        return national_id.parse(value, allow_synthetic=settings.ALLOW_SYNTHETIC_IDS).number
    except national_id.InvalidNationalId as refused:
        raise forms.ValidationError(NUMBER_REASONS[refused.reason], code=refused.reason.value) from None


def check_birth_date(born: date, today: date) -> date:
    """Return a birth date somebody in custody can have. Raises ValidationError."""
    problem = birth_date_problem(born, today)
    if problem:
        raise forms.ValidationError(problem)
    return born


class MomentForm(forms.Form):
    """A form with moments: each is three fields `<name>_on`, `<name>_time` and `<name>_fold`, the last shown only when it must be asked."""

    moments: tuple[str, ...] = ()

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        """Keep the instant of the request: nothing can have happened after it."""
        super().__init__(*args, **kwargs)
        self.at = at
        for name in self.moments:
            self.fields[f"{name}_fold"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """Make an instant of each moment, under its own name."""
        data: dict[str, Any] = super().clean() or {}
        for name in self.moments:
            data[f"{name}_at"] = self._moment(name, data)
        return data

    def _moment(self, name: str, data: dict[str, Any]) -> datetime | None:
        day, wall, fold = data.get(f"{name}_on"), data.get(f"{name}_time"), data.get(f"{name}_fold")
        if day is None or wall is None:
            return None
        try:
            moment = clock.parse_local(day, wall, clock.Fold(fold) if fold else None)
        except clock.NonexistentTime:
            text = _("Klokka ble stilt fram denne natten, så dette klokkeslettet fantes ikke. Skriv et annet.")
            self.add_error(f"{name}_time", forms.ValidationError(text, code="nonexistent"))
            return None
        except clock.AmbiguousTime:
            self._ask_which(name, wall.strftime("%H.%M"))
            return None
        if problem := future_problem(moment, self.at):
            self.add_error(f"{name}_time", forms.ValidationError(problem, code="future"))
        return moment

    def _ask_which(self, name: str, shown: str) -> None:
        """Show the question that is hidden on every other night of the year."""
        field = self.fields[f"{name}_fold"]
        field.widget = forms.RadioSelect(choices=FOLDS)
        text = _("Klokka viste %(time)s to ganger denne natten. Velg hvilken.") % {"time": shown}
        self.add_error(f"{name}_fold", forms.ValidationError(text, code="ambiguous"))


def moment_fields(day: Any, wall: Any, which: Any) -> tuple[forms.DateField, ClockField, forms.ChoiceField]:
    """Return the three fields of a moment with their labels."""
    return (
        forms.DateField(
            label=day,
            help_text=_("Dag, måned og år, for eksempel 23.11.2026."),
            error_messages={**DATE, "required": _("Skriv datoen")},
        ),
        ClockField(
            label=wall,
            help_text=_("Timer og minutter, for eksempel 13.02."),
            error_messages={"required": _("Skriv klokkeslettet")},
        ),
        forms.ChoiceField(label=which, choices=FOLDS, required=False),
    )


class IdentityFields(forms.Form):
    """Who somebody is."""

    family_name = forms.CharField(
        label=_("Etternavn"), max_length=100, error_messages={"required": _("Skriv etternavnet")}
    )
    given_name = forms.CharField(label=_("Fornavn"), max_length=100, error_messages={"required": _("Skriv fornavnet")})
    birth_date = forms.DateField(
        label=_("Fødselsdato"),
        help_text=_("Dag, måned og år, for eksempel 15.05.1991."),
        error_messages={**DATE, "required": _("Skriv fødselsdatoen")},
    )
    national_id = forms.CharField(
        label=_("Fødselsnummer eller D-nummer"),
        required=False,
        max_length=20,
        help_text=_("Elleve sifre. La stå tomt hvis nummeret ikke er kjent."),
    )
    number = forms.CharField(
        label=_("Nummer i fengselet"), max_length=30, error_messages={"required": _("Skriv nummeret fengselet bruker")}
    )
    language = forms.CharField(
        label=_("Språk"), required=False, max_length=60, help_text=_("Språket personen forstår best.")
    )
    interpreter_needed = forms.BooleanField(label=_("Trenger tolk"), required=False)

    def clean_national_id(self) -> str:
        """Check the digits; empty is allowed."""
        typed = self.cleaned_data["national_id"]
        return check_number(typed) if typed else ""


def capital(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return choices as they stand alone in a form, with a capital letter."""
    return [(value, capfirst(label)) for value, label in choices]


class StayFields(forms.Form):
    """On what ground somebody is here."""

    legal_status = forms.ChoiceField(
        label=_("Grunnlag"),
        choices=capital(LegalStatus.choices),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg grunnlaget for oppholdet")},
    )
    remand_restrictions = forms.MultipleChoiceField(
        label=_("Restriksjoner i varetekt"),
        choices=list(RESTRICTIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Bare det retten har bestemt."),
    )
    security_level = forms.ChoiceField(
        label=_("Sikkerhetsnivå"),
        choices=capital(SecurityLevel.choices),
        widget=forms.RadioSelect,
        initial=SecurityLevel.HIGH,
        error_messages={"required": _("Velg sikkerhetsnivå")},
    )

    def clean(self) -> dict[str, Any]:
        """Refuse restrictions without remand: a court orders them for that only."""
        data: dict[str, Any] = super().clean() or {}
        ground = data.get("legal_status")
        if ground and (problem := restrictions_problem(ground, data.get("remand_restrictions", ()))):
            self.add_error("remand_restrictions", problem)
        return data


def unit_field(label: Any) -> forms.ChoiceField:
    """Return an empty choice of units; `offer_units` fills it."""
    return forms.ChoiceField(
        label=label, error_messages={"required": _("Velg avdeling"), "invalid_choice": _("Velg en avdeling i listen")}
    )


def offer_units(form: forms.Form, units: Iterable[Unit], *, with_agency: bool = False) -> None:
    """Fill the choice of units; a single one is chosen beforehand."""
    rows = [(str(unit.pk), f"{unit.agency}, {unit}" if with_agency else str(unit)) for unit in units]
    field = form.fields["unit"]
    assert isinstance(field, forms.ChoiceField)
    field.choices = rows if len(rows) == 1 else [("", _("Velg")), *rows]


RELEASE = {
    "label": _("Forventet løslatelse"),
    "required": False,
    "help_text": _("Dag, måned og år. La stå tomt hvis datoen ikke er kjent."),
    "error_messages": DATE,
}
CELL = {"label": _("Celle"), "required": False, "max_length": 20}


class AdmitForm(StayFields, MomentForm):
    """A new stay for somebody the prison knows from before."""

    moments = ("admitted",)
    order: tuple[str, ...] = (
        "unit",
        "cell",
        "legal_status",
        "remand_restrictions",
        "security_level",
        "admitted_on",
        "admitted_time",
        "admitted_fold",
        "expected_release_on",
    )

    unit = unit_field(_("Avdeling"))
    cell = forms.CharField(**CELL)  # type: ignore[arg-type]
    admitted_on, admitted_time, admitted_fold = moment_fields(
        _("Satt inn, dato"), _("Satt inn, klokkeslett"), _("Hvilken gang?")
    )
    expected_release_on = forms.DateField(**RELEASE)  # type: ignore[arg-type]
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: Iterable[Unit], **kwargs: Any) -> None:
        """Offer the units the actor may choose, and this moment."""
        super().__init__(*args, **kwargs)
        offer_units(self, units)
        self.fields["admitted_on"].initial = formats.shortdate(self.at)
        self.order_fields([*self.order])

    def clean(self) -> dict[str, Any]:
        """Refuse a release before the admission."""
        data = super().clean()
        admitted, release = data.get("admitted_on"), data.get("expected_release_on")
        if admitted and (problem := release_problem(admitted, release)):
            self.add_error("expected_release_on", problem)
        return data


class RegisterForm(IdentityFields, AdmitForm):
    """Somebody new in custody, with the stay. `key` makes a second press find what the first one made."""

    who = ("family_name", "given_name", "birth_date", "national_id", "number", "language", "interpreter_needed")
    order = (*who, *AdmitForm.order)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Give every new form a key of its own."""
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid7()

    def clean_birth_date(self) -> date:
        """Check that it can be true."""
        return check_birth_date(self.cleaned_data["birth_date"], clock.local_date(self.at))


class EditPersonForm(IdentityFields):
    """What the prison knows of somebody. The number in clear is never shown: an empty field keeps it."""

    cell = forms.CharField(**CELL)  # type: ignore[arg-type]
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, person: Person, today: date, **kwargs: Any) -> None:
        """Begin with what is known now."""
        fields = ("family_name", "given_name", "number", "cell", "language", "interpreter_needed", "version")
        known = {name: getattr(person, name) for name in fields} | {"birth_date": formats.shortdate(person.birth_date)}
        super().__init__(*args, **{"initial": known, **kwargs})
        self.today = today
        if person.national_id_masked:
            self.fields["national_id"].help_text = _("La stå tomt for å beholde %(masked)s.") % {
                "masked": person.national_id_masked
            }

    def clean_birth_date(self) -> date:
        """Check that it can be true."""
        return check_birth_date(self.cleaned_data["birth_date"], self.today)


class EditStayForm(StayFields):
    """The ground, the level and the restrictions of the stay that is going on."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, stay: Stay, **kwargs: Any) -> None:
        """Begin with what holds now."""
        fields = ("legal_status", "security_level", "remand_restrictions", "version")
        super().__init__(*args, **{"initial": {name: getattr(stay, name) for name in fields}, **kwargs})


class ExpectedReleaseForm(forms.Form):
    """When release is expected."""

    expected_release_on = forms.DateField(**RELEASE)  # type: ignore[arg-type]
    version = forms.IntegerField(widget=forms.HiddenInput)


class EndStayForm(MomentForm):
    """How and when the stay ended."""

    moments = ("ended",)

    reason = forms.ChoiceField(
        label=_("Hvorfor er oppholdet slutt?"),
        # A transfer inside Samvirke is a hand-over and keeps the stay open; this one is to a prison that does not use it.
        choices=[
            (Stay.EndReason.RELEASED.value, _("Løslatt")),
            (Stay.EndReason.SECTION_12.value, _("Gjennomføring i institusjon etter § 12")),
            (Stay.EndReason.TRANSFERRED.value, _("Overført til et fengsel som ikke bruker Samvirke")),
            (Stay.EndReason.DIED.value, _("Død")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvorfor oppholdet er slutt")},
    )
    ended_on, ended_time, ended_fold = moment_fields(_("Dato"), _("Klokkeslett"), _("Hvilken gang?"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer today."""
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = formats.shortdate(self.at)


class PlaceForm(forms.Form):
    """A unit, and the cell there: of the same prison, or of another one."""

    unit = unit_field(_("Til avdeling"))
    cell = forms.CharField(**CELL)  # type: ignore[arg-type]
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, units: Iterable[Unit], abroad: bool = False, **kwargs: Any) -> None:
        """Offer the units; with `abroad` those of other prisons, where the receiver decides the cell."""
        super().__init__(*args, **kwargs)
        if abroad:
            self.fields["unit"].label = _("Til fengsel og avdeling")
            del self.fields["cell"]
        offer_units(self, units, with_agency=abroad)
