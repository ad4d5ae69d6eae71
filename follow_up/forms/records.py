"""The forms of health follow-up: words and typed values. No field lets, stops or ends a measure; health assesses and advises."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from consent import wording
from consent.models import Consent, Letter
from coordination.form_renderer import MomentField
from coordination.formats import shortdate
from coordination.forms.choices import yes_or_no
from coordination.forms.keyed import KeyedForm
from coordination.models import MunicipalPatient
from follow_up.letters import ON_COERCIVE_MEANS, WORDING, advice_about
from follow_up.models import Condition, HealthAdmissionConsultation


def long(label: Any, hint: Any = "", rows: int = 3) -> forms.CharField:
    """Return an optional text of some lines."""
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        required=False,
        max_length=8000,
    )


def tell_box() -> forms.BooleanField:
    """Return the box that lets the prison know of a visit, ticked, with all that crosses in its words."""
    return forms.BooleanField(
        label=_("Si fra til fengselet at tilsynet er gjort"),
        help_text=_("Fengselet får vite hvem det gjelder og tidspunktet, ikke noe om helse."),
        required=False,
        initial=True,
    )


class QuickVisitForm(KeyedForm):
    """A visit made now, in two taps: what it found is added after."""

    tell = tell_box()
    result = forms.ChoiceField(choices=[("done", _("Tilsyn gjennomført")), ("declined", _("Pasienten takket nei"))])


CONDITIONS = {
    "hygiene": _("Hygiene og renhold"),
    "temperature": _("Temperatur"),
    "noise": _("Støy"),
    "light": _("Lys"),
    "ventilation": _("Ventilasjon"),
    "activity": _("Mulighet for fysisk aktivitet"),
}


class VisitForm(KeyedForm):
    """A visit with what was found: body, mind, injuries, surroundings."""

    result = forms.ChoiceField(
        label=_("Tilsynet"),
        choices=[("done", _("Tilsyn gjennomført")), ("declined", _("Tilbudt, pasienten takket nei"))],
        widget=forms.RadioSelect,
        initial="done",
    )
    done_at = MomentField(label=_("Når ble tilsynet gjort?"), help_text=_("La stå tomt hvis det er nå"), required=False)
    physical = long(_("Fysisk helse"))
    mental = long(_("Psykisk helse"))
    injuries = long(
        _("Skader"), _("Skader som kan ha oppstått da tiltaket ble satt i verk: hva, hvor, og hva pasienten sier")
    )
    hygiene = forms.ChoiceField()
    temperature = forms.ChoiceField()
    noise = forms.ChoiceField()
    light = forms.ChoiceField()
    ventilation = forms.ChoiceField()
    activity = forms.ChoiceField()
    environment_note = long(_("Merknad til omgivelsene"), rows=2)
    referral_considered = yes_or_no(_("Er behov for henvisning til spesialisthelsetjenesten vurdert?"))
    notes = long(_("Annet"))
    tell = tell_box()

    FINDINGS = ("result", "done_at", "physical", "mental", "injuries")
    SURROUNDINGS = (*CONDITIONS, "environment_note")
    LAST = ("referral_considered", "notes", "tell")

    def __init__(self, *args: Any, tells: bool, **kwargs: Any) -> None:
        """Give the six sides of the surroundings the same three answers; `tells` says whether there is a ground for telling the prison."""
        super().__init__(*args, **kwargs)
        if not tells:
            del self.fields["tell"]
        for name, label in CONDITIONS.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=Condition.choices,
                initial=Condition.NOT_LOOKED,
                widget=forms.RadioSelect,
                required=False,
            )

    def facts(self) -> dict[str, Any]:
        """Return what was seen, by the record's fields."""
        names = ("physical", "mental", "injuries", "environment_note", "referral_considered", "notes")
        facts = {name: self.cleaned_data[name] for name in names}
        return facts | {name: self.cleaned_data[name] or Condition.NOT_LOOKED for name in CONDITIONS}


class ConsultationForm(KeyedForm):
    """The admission consultation, after the circular's list (5.1.2)."""

    outcome = forms.ChoiceField(
        label=_("Konsultasjonen"),
        choices=HealthAdmissionConsultation.Outcome.choices,
        widget=forms.RadioSelect,
        initial="held",
    )
    held_at = MomentField(label=_("Når?"), help_text=_("La stå tomt hvis det er nå"), required=False)
    suicide_danger = forms.ChoiceField(
        label=_("Fare for selvmord"),
        choices=HealthAdmissionConsultation.Danger.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    suicide_note = long(_("Vurdering av selvmordsfare og selvskading"))
    needs = long(_("Behov for helse- og omsorgstjenester"))
    mental_health = long(_("Psykisk helse"))
    substance_use = long(_("Rusmidler, også sammen med psykisk lidelse"))
    detoxification = long(_("Behov for avrusning"))
    treatment_before = long(_("Behandling før innsettelsen: hvor og hva"))
    wants_to_continue = yes_or_no(_("Ønsker pasienten å fortsette behandlingen?"))
    medication = long(_("Legemidler"))
    notes = long(_("Annet"))

    def facts(self) -> dict[str, Any]:
        """Return what was found, by the record's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "outcome", "held_at")}


class AddendumForm(KeyedForm):
    """Something added to a signed record."""

    text = forms.CharField(
        label=_("Tillegg"),
        help_text=_("Det som står skrevet fra før, blir stående."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        max_length=8000,
        error_messages={"required": _("Skriv det du vil legge til")},
    )


class PatientForm(forms.Form):
    """Whom a letter is about: one of the own patients, or a new one."""

    patient = forms.ChoiceField(
        label=_("Hvem gjelder brevet?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg pasienten, eller at det er en ny pasient")},
    )

    def __init__(self, *args: Any, known: list[MunicipalPatient], certain: bool, **kwargs: Any) -> None:
        """Offer the own patients who may be meant; `certain` when the number says so, and then no new one."""
        super().__init__(*args, **kwargs)
        choices = [
            (
                str(row.pk),
                _("%(name)s, født %(born)s (pasient fra før)") % {"name": row, "born": shortdate(row.birth_date)},
            )
            for row in known
        ]
        if not certain:
            choices.append(("new", str(_("Ny pasient"))))
        patient = self.fields["patient"]
        assert isinstance(patient, forms.ChoiceField)
        patient.choices = choices
        self.initial.setdefault("patient", choices[0][0] if certain or not known else "")


class AdviceForm(KeyedForm):
    """Advice to the prison. The basis is chosen among those that can hold for this letter."""

    recommend = forms.ChoiceField(
        label=_("Hva anbefaler helsetjenesten?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva helsetjenesten anbefaler")},
    )
    advice = forms.CharField(
        label=_("Rådet til fengselet"),
        help_text=_("Skriv hva fengselet bør gjøre, ikke diagnoser eller hva pasienten har fortalt."),
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        max_length=8000,
        error_messages={"required": _("Skriv rådet til fengselet")},
    )
    basis = forms.ChoiceField(
        label=_("Rettslig grunnlag"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg grunnlaget for å gi rådet")},
    )
    necessity = forms.CharField(
        label=_("Hvorfor er det nødvendig uten samtykke?"),
        help_text=_("Skriv minst 20 tegn når grunnlaget er tungtveiende interesser."),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args: Any, letter: Letter, consents: list[Consent], **kwargs: Any) -> None:
        """Offer the bases that can hold: consent only when there is one, the statement on coercive means only for those."""
        super().__init__(*args, **kwargs)
        bases: list[tuple[str, Any]] = []
        if letter.kind in ON_COERCIVE_MEANS:
            bases.append(
                ("LB08", _("Uttalelse om sikkerhetscelle og sikkerhetsseng: bare råd, ingen opplysninger om pasienten"))
            )
        for row in consents:
            words = _("Pasientens samtykke til %(date)s: %(purpose)s") % {
                "date": shortdate(row.valid_to),
                "purpose": row.purpose,
            }
            bases.append((f"LB02:{row.pk}", words))
        bases.append(("LB11", _("Tungtveiende interesser, normalt fare for liv eller helse")))
        basis, recommend = self.fields["basis"], self.fields.get("recommend")
        assert isinstance(basis, forms.ChoiceField)
        basis.choices = bases
        if isinstance(recommend, forms.ChoiceField):
            recommend.choices = wording.choices_of("health_advice", "recommend")
        self.initial.setdefault("advice", WORDING[advice_about(letter.kind)])

    def clean(self) -> dict[str, Any]:
        """Ask for the necessity where it is the proof; the postman asks again."""
        data = super().clean() or self.cleaned_data
        if data.get("basis") == "LB11" and len((data.get("necessity") or "").strip()) < 20:
            self.add_error("necessity", _("Skriv hvorfor det er nødvendig, minst 20 tegn"))
        return data

    def ground(self) -> tuple[str, str | None]:
        """Return the basis and the consent it rests on."""
        code, _colon, consent = str(self.cleaned_data["basis"]).partition(":")
        return code, consent or None
