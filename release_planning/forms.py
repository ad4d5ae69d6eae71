"""What people type about a release. No rules: the verbs decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.forms.choices import yes_or_no
from coordination.forms.keyed import KeyedForm
from release_planning.models import LateReason, NoticeStatus, Partner, ReleaseKind


class HiddenDate(forms.DateInput):
    """A date that the page knows and sends back."""

    input_type = "hidden"


class NoticeForm(KeyedForm):
    """The notice to the health service."""

    status = forms.ChoiceField(
        label=_("Hvor sikker er datoen?"),
        choices=[c for c in NoticeStatus.choices if c[0] != NoticeStatus.REMAND],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvor sikker datoen er.")},
    )
    late_reason = forms.ChoiceField(
        label=_("Hvorfor kommer varselet sent?"),
        help_text=_("Det er mindre enn to måneder igjen."),
        choices=[("", _("Velg årsak")), *LateReason.choices],
        error_messages={"required": _("Velg hvorfor varselet kommer sent.")},
    )
    note = forms.CharField(
        label=_("Merknad til helsetjenesten"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    necessity = forms.CharField(
        label=_("Hvorfor helsetjenesten må vite dette"),
        help_text=_("Står i brevet som begrunnelse. Ta ikke med helseopplysninger."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Skriv hvorfor helsetjenesten må vite dette, minst 20 tegn.")},
    )
    inmate_informed = forms.BooleanField(
        label=_("Den innsatte er informert om at helsetjenesten får dette"), required=False
    )
    expected_release_on = forms.DateField(widget=HiddenDate(format="%Y-%m-%d"), input_formats=["%Y-%m-%d"])

    def __init__(self, *args: Any, late: bool, **kwargs: Any) -> None:
        """Ask for the reason only when the notice is `late`."""
        super().__init__(*args, **kwargs)
        if not late:
            del self.fields["late_reason"]


class CooperationForm(forms.Form):
    """How the person is to be released, and who plans it."""

    kind = forms.ChoiceField(label=_("Måte å løslates på"), choices=ReleaseKind.choices)
    partners = forms.MultipleChoiceField(
        label=_("Samarbeidsparter"),
        choices=Partner.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg minst én samarbeidspart.")},
    )
    first_contact = forms.CharField(
        label=_("Første kontakt"),
        help_text=_("Hvem dere har snakket med, når, og hva dere avtalte. Ta ikke med helseopplysninger."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class RemandForm(KeyedForm):
    """The decision at release from remand."""

    release_on = forms.DateField(
        label=_("Løslates"),
        error_messages={
            "required": _("Skriv datoen for løslatelsen, for eksempel 31.12.2026."),
            "invalid": _("Skriv datoen slik: 31.12.2026"),
        },
        widget=forms.DateInput(attrs={"autocomplete": "off"}),
    )
    notify = yes_or_no(
        _("Skal helsetjenesten varsles nå?"), _("Velg om helsetjenesten skal varsles nå."), yes=_("Ja, send varsel nå")
    )
    reason = forms.CharField(
        label=_("Begrunnelse for vurderingen"),
        help_text=_("Blir hos fengselet. Ta ikke med helseopplysninger."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Skriv hvorfor helsetjenesten skal eller ikke skal varsles.")},
    )
    necessity = forms.CharField(
        label=_("Hvorfor helsetjenesten må vite dette"),
        help_text=_("Står i brevet. Trengs bare når dere varsler."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    inmate_informed = forms.BooleanField(
        label=_("Den innsatte er informert om at helsetjenesten får dette"), required=False
    )
