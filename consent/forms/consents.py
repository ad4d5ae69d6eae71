"""Forms of consents and of what leads to them. They read what was typed; whether it may be done is asked of the actions."""

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import ConsentTalk, Giver
from coordination.reference import ConsentText

YES, NO = "yes", "no"
DATE = gettext_lazy("Skriv datoen slik: 31.12.2026")


def capital(label: Any) -> str:
    """Return a label with a capital first letter and the rest as it was."""
    text = str(label)
    return text[:1].upper() + text[1:]


def rows(count: int) -> forms.Textarea:
    """Return a text area of some rows."""
    return forms.Textarea(attrs={"rows": count, "autocomplete": "off"})


class ChoosingForm(forms.Form):
    """A form with fields for some recipients and some kinds of information."""

    def __init__(
        self, *args: Any, recipients: list[tuple[UUID, str]], categories: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        """Offer some agencies and kinds of information."""
        super().__init__(*args, **kwargs)
        self.fields["recipients"].choices = [(str(pk), name) for pk, name in recipients]  # type: ignore[attr-defined]
        self.fields["categories"].choices = categories  # type: ignore[attr-defined]


class ScopeForm(ChoosingForm):
    """To whom, which information, and until when."""

    recipients = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Hvem kan få opplysningene?"),
        coerce=UUID,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Velg hvem som kan få opplysningene")},
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Hva kan deles?"),
        help_text=gettext_lazy("Del bare det som trengs for formålet."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Velg hva som kan deles")},
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Samtykket gjelder til og med"),
        help_text=gettext_lazy("Dag, måned og år, for eksempel 31.12.2026."),
        error_messages={"required": gettext_lazy("Skriv datoen samtykket gjelder til"), "invalid": DATE},
    )


class TalkForm(ScopeForm):
    """What somebody is asked to agree to, how it was explained, and who answers."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    replaces = forms.UUIDField(widget=forms.HiddenInput, required=False)
    purpose = forms.CharField(
        label=gettext_lazy("Hva skal opplysningene brukes til?"),
        help_text=gettext_lazy("For eksempel: planlegge behandling etter løslatelse."),
        max_length=300,
        error_messages={"required": gettext_lazy("Skriv hva opplysningene skal brukes til")},
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Samtykket gjelder fra og med"),
        error_messages={"required": gettext_lazy("Skriv datoen samtykket gjelder fra"), "invalid": DATE},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Språk i skjemaet"),
        help_text=gettext_lazy("Velg det personen forstår best. Bokmål og nynorsk er likestilte."),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg språk i skjemaet")},
    )
    interpreter = forms.ChoiceField(
        label=gettext_lazy("Tolk"),
        choices=[(value, capital(label)) for value, label in ConsentTalk.Interpreter.choices],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg om det ble brukt tolk")},
    )
    told = forms.MultipleChoiceField(
        label=gettext_lazy("Gå gjennom dette med personen"),
        help_text=gettext_lazy("Kryss av etter hvert. Uten alle punktene er samtykket ikke gyldig."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Gå gjennom alle punktene med personen. Uten det er samtykket ikke gyldig")
        },
    )
    given_by = forms.ChoiceField(
        label=gettext_lazy("Hvem samtykker?"),
        choices=[(value, capital(label)) for value, label in Giver.choices],
        widget=forms.RadioSelect,
        initial=Giver.SELF,
        error_messages={"required": gettext_lazy("Velg hvem som samtykker")},
    )
    giver_name = forms.CharField(
        label=gettext_lazy("Navnet på den som samtykker på vegne av personen"), max_length=120, required=False
    )
    giver_relation = forms.CharField(
        label=gettext_lazy("Tilknytning til personen"),
        help_text=gettext_lazy("For eksempel: mor, oppnevnt verge."),
        max_length=120,
        required=False,
    )
    doubt = forms.BooleanField(
        label=gettext_lazy("Det er tvil om personen forstår hva samtykket betyr"),
        help_text=gettext_lazy("Da avgjør helsepersonell om personen kan samtykke."),
        required=False,
    )

    field_order = (
        *(
            "key",
            "replaces",
            "categories",
            "recipients",
            "purpose",
            "valid_from",
            "valid_to",
            "language",
            "interpreter",
        ),
        *("told", "given_by", "giver_name", "giver_relation", "doubt"),
    )

    def __init__(self, *args: Any, text: ConsentText, today: date, **kwargs: Any) -> None:
        """Offer the text of the day: its languages, and its points in bokmål for the one who explains."""
        kwargs["initial"] = {"key": uuid4(), "valid_from": today, "language": "nb", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = [(code, capital(words.name)) for code, words in text.languages.items()]  # type: ignore[attr-defined]
        self.fields["told"].choices = list(text.languages["nb"].points.items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Check that the period has an end after its beginning."""
        cleaned = super().clean() or {}
        start, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("Sluttdatoen må komme etter startdatoen"))
        return cleaned


class SignForm(forms.Form):
    """How it was signed: the signed form attached, or a name written on the screen."""

    document = forms.FileField(
        label=gettext_lazy("Signert skjema"),
        help_text=gettext_lazy(
            "PDF, PNG eller JPEG, høyst 10 MB. Skriv ut skjemaet, la personen signere, og skann det."
        ),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
        error_messages={"empty": gettext_lazy("Filen er tom. Velg det signerte skjemaet")},
    )
    typed_name = forms.CharField(
        label=gettext_lazy("Eller signer her på skjermen"),
        help_text=gettext_lazy("Den som samtykker, leser skjemaet over og skriver hele navnet sitt selv."),
        max_length=120,
        required=False,
    )
    own_reference = forms.CharField(
        label=gettext_lazy("Saks- eller journalnummer"),
        help_text=gettext_lazy("Der samtykket arkiveres hos dere. Kan føres senere i dag."),
        max_length=60,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one way of signing, and one only."""
        cleaned = super().clean() or {}
        attached, typed = cleaned.get("document"), (cleaned.get("typed_name") or "").strip()
        if not self.errors and bool(attached) == bool(typed):
            self.add_error(
                "typed_name" if attached else "document",
                _("Velg én måte: enten et vedlagt skjema eller navn på skjermen")
                if attached
                else _("Legg ved det signerte skjemaet, eller la den som samtykker skrive navnet sitt"),
            )
        return cleaned


class RefuseForm(forms.Form):
    """A no, in the person's words; nobody must give a reason."""

    note = forms.CharField(label=gettext_lazy("Merknad"), required=False, max_length=300)


class WithdrawForm(forms.Form):
    """Why, in the person's words; nobody must give a reason."""

    note = forms.CharField(label=gettext_lazy("Merknad"), required=False)


class CompetenceForm(forms.Form):
    """The decision of health personnel on competence to consent."""

    competent = forms.ChoiceField(
        label=gettext_lazy("Kan personen samtykke selv i dette?"),
        choices=[
            (YES, gettext_lazy("Ja, personen forstår hva det gjelder")),
            (NO, gettext_lazy("Nei, personen forstår åpenbart ikke hva det gjelder")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg om personen kan samtykke selv")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Begrunnelse"),
        help_text=gettext_lazy("Avgjørelsen skal være skriftlig og begrunnet."),
        widget=rows(4),
        max_length=4000,
        error_messages={"required": gettext_lazy("Skriv begrunnelsen")},
    )


class JournalForm(forms.Form):
    """The reference under which a consent is filed in the agency's own archive."""

    reference = forms.CharField(
        label=gettext_lazy("Saks- eller journalnummer"),
        max_length=60,
        error_messages={
            "required": gettext_lazy("Skriv saks- eller journalnummeret"),
            "max_length": gettext_lazy("Skriv høyst 60 tegn"),
        },
    )


class NarrowForm(ScopeForm):
    """What is left of a consent: nothing can be added, only taken away."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class QuestionForm(forms.Form):
    """Whether consent is needed, and why."""

    needed = forms.ChoiceField(
        label=gettext_lazy("Trengs det samtykke for å utveksle opplysninger?"),
        choices=[(YES, gettext_lazy("Ja")), (NO, gettext_lazy("Nei"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg ja eller nei")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Hvorfor?"),
        help_text=gettext_lazy("For eksempel: personen ønsker at fengselet og helsetjenesten planlegger sammen."),
        widget=rows(3),
        max_length=500,
        error_messages={"required": gettext_lazy("Skriv kort hvorfor")},
    )
