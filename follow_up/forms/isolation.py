"""What is asked about patients in isolation: supervision or not, how often, harm, surroundings, who follows up. No leave is given here."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.form_renderer import MomentField
from coordination.formats import shortdate
from coordination.forms.anonymity import about_nobody
from coordination.forms.choices import yes_or_no
from coordination.forms.keyed import KeyedForm
from coordination.models import Agency, SpecialistPatient, Unit
from follow_up.forms.records import AdviceForm
from follow_up.letters import ASPECTS, WORDING
from follow_up.models import HarmReport, MotivationEntry


def must(label: Any, error: Any, hint: Any = "", rows: int = 3) -> forms.CharField:
    """Return a text of some lines that must be written."""
    return forms.CharField(
        label=label,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        max_length=8000,
        error_messages={"required": error},
    )


class ConsiderForm(KeyedForm):
    """Whether somebody isolated without a decision gets supervision."""

    supervise = yes_or_no(
        _("Skal pasienten ha tilsyn?"),
        _("Velg om pasienten skal ha tilsyn"),
        yes=_("Ja, vi følger opp med tilsyn"),
        no=_("Nei, ikke fast tilsyn nå"),
    )
    reason = must(_("Begrunnelse"), _("Skriv hva vurderingen bygger på"), _("Blir i helsetjenestens journal."))


class PlanForm(KeyedForm):
    """A doctor's plan for how often health personnel come, fitted to four things."""

    interval_days = forms.IntegerField(
        label=_("Antall dager mellom tilsyn"),
        min_value=1,
        max_value=31,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": _("Skriv et antall dager fra 1 til 31"),
            "invalid": _("Skriv et antall dager fra 1 til 31"),
            "min_value": _("Skriv et antall dager fra 1 til 31"),
            "max_value": _("Skriv et antall dager fra 1 til 31"),
        },
    )
    health = must(_("Helsetilstand"), _("Skriv hva helsetilstanden tilsier"), rows=2)
    age = must(_("Alder"), _("Skriv hva alderen tilsier"), rows=2)
    wishes = must(_("Pasientens ønsker"), _("Skriv hva pasienten ønsker"), rows=2)
    degree = must(_("Grad av isolasjon"), _("Skriv hva graden av isolasjon tilsier"), rows=2)


class MotivationForm(KeyedForm):
    """That a self-isolating patient was motivated or informed."""

    kind = forms.ChoiceField(
        label=_("Hva er gjort?"),
        choices=MotivationEntry.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva som er gjort")},
    )
    done_at = MomentField(label=_("Når?"), help_text=_("La stå tomt hvis det er nå"), required=False)
    note = forms.CharField(
        label=_("Merknad"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        required=False,
        max_length=8000,
    )


class HarmForm(AdviceForm):
    """A report of harm, or that ending is thought necessary: what the prison is told, and apart from it what was found."""

    recommend = None  # type: ignore[assignment]
    finding = forms.ChoiceField(
        label=_("Hva melder helsetjenesten?"),
        choices=HarmReport.Finding.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva helsetjenesten melder")},
    )
    call = forms.CharField(
        label=_("Telefon fengselet kan ringe"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    found_at = MomentField(label=_("Når ble det vurdert?"), help_text=_("La stå tomt hvis det er nå"), required=False)
    observed = forms.CharField(
        label=_("Hva dere har funnet"),
        help_text=_("Blir i helsetjenestens journal. Sendes ikke til fengselet."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        required=False,
        max_length=8000,
    )
    field_order = ("finding", "advice", "call", "basis", "necessity", "found_at", "observed")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin from wording without a diagnosis."""
        super().__init__(*args, **kwargs)
        self.initial["advice"] = WORDING["harm"]


class EnvironmentForm(KeyedForm):
    """Findings about a place: facts about nobody."""

    prison = forms.ChoiceField(label=_("Fengsel"), error_messages={"required": _("Velg fengsel")})
    place = about_nobody(
        forms.CharField(
            label=_("Sted"),
            help_text=_("Avdeling, celle eller rom. Skriv aldri hvem som er der."),
            max_length=120,
            error_messages={"required": _("Skriv hvilket sted det gjelder")},
        )
    )
    aspects = forms.MultipleChoiceField(
        label=_("Hva gjelder funnet?"),
        choices=list(ASPECTS.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Velg hva funnet gjelder")},
    )
    finding = about_nobody(
        must(_("Hva har dere funnet?"), _("Skriv hva dere har funnet"), _("Fakta om stedet, ikke om pasienter."))
    )
    suggestion = about_nobody(must(_("Hva kan gjøres bedre?"), _("Skriv hva som kan gjøres bedre")))

    def __init__(self, *args: Any, prisons: list[Agency], **kwargs: Any) -> None:
        """Offer the prisons the service serves."""
        super().__init__(*args, **kwargs)
        prison = self.fields["prison"]
        assert isinstance(prison, forms.ChoiceField)
        prison.choices = [(str(row.pk), row.name) for row in prisons]


class ProposeForm(KeyedForm):
    """A proposal that the specialist service follows up."""

    reason = must(
        _("Hvorfor bør spesialisthelsetjenesten følge opp?"), _("Skriv hvorfor spesialisthelsetjenesten bør følge opp")
    )
    basis = forms.ChoiceField(
        label=_("Rettslig grunnlag"),
        choices=[
            ("LB10", _("Samarbeidende helsepersonell, nødvendig for forsvarlig helsehjelp")),
            ("LB12", _("Råd og opplysninger mellom kommune og spesialisthelsetjeneste")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg grunnlaget for å dele opplysninger")},
    )


class ProposalForm(KeyedForm):
    """The trust's answer to a proposal."""

    accept = yes_or_no(_("Følger dere opp pasienten?"), _("Velg ja eller nei"))
    contact = forms.CharField(
        label=_("Hvem skal fengselet ringe?"),
        help_text=_("Navn på enhet og telefon. Sendes til fengselet når avtalen er i kraft."),
        required=False,
        max_length=200,
    )
    reason = forms.CharField(
        label=_("Merknad til kommunen"),
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        required=False,
        max_length=4000,
    )

    def __init__(self, *args: Any, known: list[SpecialistPatient], clinics: Sequence[Unit] = (), **kwargs: Any) -> None:
        """Ask whom it is about only when the trust may have the patient from before, and which clinic where there are several."""
        super().__init__(*args, **kwargs)
        if len(clinics) > 1:
            self.fields["clinic"] = forms.ChoiceField(
                label=_("Hvilken klinikk følger opp?"),
                help_text=_("De som arbeider der, ser pasienten fra dere sier ja."),
                choices=[(str(unit.pk), unit.name) for unit in clinics],
                required=False,
                widget=forms.RadioSelect,
            )
            self.order_fields(["accept", "clinic", "contact", "reason"])
        if known:
            choices = [(str(row.pk), f"{row}, {shortdate(row.birth_date)}") for row in known]
            self.fields["patient"] = forms.ChoiceField(
                label=_("Hvem gjelder forslaget?"),
                help_text=_("Navn og fødselsdato er like. Sjekk før du velger."),
                choices=[*choices, ("new", _("Ny pasient"))],
                widget=forms.RadioSelect,
                error_messages={"required": _("Velg pasienten, eller at det er en ny pasient")},
            )
            self.order_fields(["patient", "accept", "clinic", "contact", "reason"])

    def patient(self) -> UUID | None:
        """Return the chosen patient, None for a new one."""
        chosen = self.cleaned_data.get("patient", "new")
        return None if chosen == "new" else UUID(chosen)

    def clinic(self) -> UUID | None:
        """Return the chosen clinic, None where nothing was asked or chosen."""
        chosen = self.cleaned_data.get("clinic")
        return UUID(chosen) if chosen else None


class TrustVisitForm(KeyedForm):
    """A visit by the trust, made now."""

    tell = forms.BooleanField(
        label=_("Si fra til kommunen at tilsynet er gjort"),
        help_text=_(
            "Kommunen får vite hvem det gjelder og tidspunktet, og kan si fra til fengselet. Ikke noe om helse."
        ),
        required=False,
        initial=True,
    )
    result = forms.ChoiceField(choices=[("done", _("Tilsyn gjennomført")), ("declined", _("Pasienten takket nei"))])
