"""Forms for sharing on a ground somebody chooses, and of objections. They read what was typed; the actions decide."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.documents import Offer
from consent.forms.attachments import AttachmentsField
from consent.forms.consents import NO, YES, ChoosingForm, capital, rows
from consent.letters import LetterKind
from consent.models import Objection, ObjectionOverride
from coordination.form_renderer import MomentField
from coordination.forms.keyed import KeyedForm
from coordination.models import Agency

#: The fewest characters that say why somebody was not told.
UNTOLD_MIN = 10


class ChooseForm(forms.Form):
    """With whom, and what."""

    til = forms.ChoiceField(
        label=gettext_lazy("Hvem skal få opplysningene?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg mottaker")},
    )
    type = forms.ChoiceField(
        label=gettext_lazy("Hva gjelder det?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hva det gjelder")},
    )

    def __init__(self, *args: Any, partners: Iterable[Agency], kinds: Iterable[LetterKind], **kwargs: Any) -> None:
        """Offer the agencies one works with and the kinds one's role sends."""
        super().__init__(*args, **kwargs)
        self.partners = {str(agency.pk): agency for agency in partners}
        self.kinds = {kind.code: kind for kind in kinds}
        self.fields["til"].choices = [(pk, agency.name) for pk, agency in self.partners.items()]  # type: ignore[attr-defined]
        self.fields["type"].choices = [(code, str(kind.title)) for code, kind in self.kinds.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check that this kind goes to this recipient."""
        cleaned = super().clean() or {}
        agency, kind = self.partners.get(cleaned.get("til", "")), self.kinds.get(cleaned.get("type", ""))
        if agency and kind and agency.world not in kind.recipients:
            self.add_error("til", _("Denne mottakeren kan ikke få slike opplysninger. Velg en annen"))
        return cleaned


class GroundForm(forms.Form):
    """The ground of a letter: only lawful ones that can be used now, with what each asks for."""

    basis = forms.ChoiceField(
        label=gettext_lazy("Rettsgrunnlag"),
        help_text=gettext_lazy("Bare grunnlag som kan brukes nå, kan velges."),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg rettsgrunnlag")},
    )
    necessity = forms.CharField(
        label=gettext_lazy("Hvorfor er det nødvendig å dele akkurat dette?"),
        help_text=gettext_lazy(
            "Må fylles ut når grunnlaget krever det. Skriv hva mottakeren trenger det til, for denne personen."
        ),
        widget=rows(3),
        max_length=2000,
        required=False,
    )
    informed = forms.ChoiceField(
        label=gettext_lazy("Har personen fått vite at dette deles?"),
        choices=[(YES, gettext_lazy("Ja")), (NO, gettext_lazy("Nei"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg om personen har fått vite det")},
    )
    untold = forms.CharField(
        label=gettext_lazy("Hvorfor har personen ikke fått vite det?"),
        help_text=gettext_lazy("Må fylles ut når personen skal få vite det, men ikke har fått det."),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, offers: Iterable[Offer], **kwargs: Any) -> None:
        """Offer the grounds that can be used now."""
        super().__init__(*args, **kwargs)
        self.usable = {offer.basis.code: offer for offer in offers if offer.verdict.usable}
        choices = [(code, f"{offer.basis.title} ({offer.statute})") for code, offer in self.usable.items()]
        self.fields["basis"].choices = choices  # type: ignore[attr-defined]
        self.fields["basis"].error_messages["invalid_choice"] = _(
            "Dette grunnlaget kan ikke brukes lenger. Se oversikten, og velg et annet"
        )
        if len(choices) == 1:
            self.initial.setdefault("basis", choices[0][0])

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen ground asks for."""
        cleaned = super().clean() or {}
        offer = self.usable.get(cleaned.get("basis", ""))
        must = offer is not None and offer.basis.inform_inmate == "yes" and cleaned.get("informed") == NO
        if must and len((cleaned.get("untold") or "").strip()) < UNTOLD_MIN:
            self.add_error("untold", _("Skriv hvorfor personen ikke har fått vite det"))
        return cleaned

    def ground(self) -> dict[str, Any]:
        """Return what `send_letter` takes of a ground; call when valid."""
        typed = self.cleaned_data
        offer = self.usable[typed["basis"]]
        necessity = typed["necessity"].strip() if offer.basis.needs == "necessity" else ""
        if typed["informed"] == NO and typed["untold"].strip():
            untold = _("Personen er ikke orientert: %(why)s") % {"why": typed["untold"].strip()}
            necessity = f"{necessity}\n{untold}".strip()
        return {
            "basis": offer.basis.code,
            "consent": offer.proof,
            "necessity": necessity,
            "inmate_informed": typed["informed"] == YES,
        }


class ShareForm(GroundForm):
    """Information shared with one recipient on one ground."""

    about = forms.CharField(
        label=gettext_lazy("Hva gjelder det?"),
        max_length=300,
        error_messages={"required": gettext_lazy("Skriv kort hva det gjelder")},
    )
    content = forms.CharField(
        label=gettext_lazy("Opplysninger"),
        help_text=gettext_lazy("Bare det mottakeren trenger."),
        widget=rows(8),
        max_length=8000,
        error_messages={"required": gettext_lazy("Skriv opplysningene som skal deles")},
    )
    attachments = AttachmentsField()
    verified = forms.BooleanField(label=gettext_lazy("Opplysningene er kontrollert"), required=False)

    field_order = ("basis", "necessity", "about", "content", "attachments", "verified", "informed", "untold")


class ObjectionForm(ChoosingForm, KeyedForm):
    """A patient objects: to whom, to what, and how it is known."""

    recipients = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Hvem skal ikke få opplysninger?"),
        help_text=gettext_lazy("Velger du ingen, gjelder det alle."),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Hva skal ikke deles?"),
        help_text=gettext_lazy("Velger du ingenting, gjelder det alt pasienten kan motsette seg."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Hvordan vet dere det?"),
        choices=[(value, capital(label)) for value, label in Objection.Source.choices],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hvordan dere vet det")},
    )
    words = forms.CharField(
        label=gettext_lazy("Hva sa pasienten, eller hvorfor er det grunn til å tro det?"),
        widget=rows(3),
        max_length=500,
        required=False,
    )
    objected_at = MomentField(
        label=gettext_lazy("Når?"), error_messages={"required": gettext_lazy("Skriv når pasienten motsatte seg det")}
    )


class OverrideForm(KeyedForm):
    """An objection set aside for one letter."""

    recipient = forms.ChoiceField(
        label=gettext_lazy("Hvem skal få brevet?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg mottaker")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Hvilket brev?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg brev")},
    )
    ground = forms.ChoiceField(
        label=gettext_lazy("Hvorfor må det deles?"),
        choices=[(value, capital(label)) for value, label in ObjectionOverride.Ground.choices],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hvorfor det må deles")},
    )
    reason = forms.CharField(
        label=gettext_lazy("De tungtveiende grunnene"),
        help_text=gettext_lazy(
            "Skriv hva som skjer hvis opplysningene ikke deles, og hvorfor det veier tyngre enn pasientens ønske."
        ),
        widget=rows(4),
        max_length=4000,
        error_messages={"required": gettext_lazy("Skriv de tungtveiende grunnene")},
    )

    def __init__(self, *args: Any, partners: Iterable[Agency], kinds: Iterable[LetterKind], **kwargs: Any) -> None:
        """Offer recipients and the letters an objection stops."""
        super().__init__(*args, **kwargs)
        self.partners = {str(agency.pk): agency for agency in partners}
        self.fields["recipient"].choices = [(pk, agency.name) for pk, agency in self.partners.items()]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [(kind.code, str(kind.title)) for kind in kinds]  # type: ignore[attr-defined]
