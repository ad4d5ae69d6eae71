"""Forms of requests for information: who may ask, asking, and the health side's answers. They read what was typed; the actions decide."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import wording
from consent.forms.attachments import AttachmentsField
from consent.forms.consents import DATE, NO, YES, rows
from consent.forms.sharing import GroundForm
from consent.letters import DANGER_REQUEST, INFORMATION_REQUEST, MISSING, SOUGHT
from coordination.forms.keyed import KeyedForm
from coordination.models import Agency, Membership

#: Ready words for what a prison should do; nothing about what is wrong with anybody.
READY = ("more_contact", "more_checks", "consider_ending")


class NamingForm(KeyedForm):
    """Who may ask, from when to when, and where the regional director's decision stands."""

    member = forms.ChoiceField(
        label=gettext_lazy("Hvem får fullmakten?"),
        error_messages={"required": gettext_lazy("Velg hvem som får fullmakten")},
    )
    valid_from = forms.DateField(
        label=gettext_lazy("Fra og med"),
        error_messages={"required": gettext_lazy("Skriv datoen fullmakten gjelder fra"), "invalid": DATE},
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Til og med"),
        help_text=gettext_lazy("Dag, måned og år, for eksempel 31.12.2026."),
        error_messages={"required": gettext_lazy("Skriv datoen fullmakten gjelder til"), "invalid": DATE},
    )
    decision = forms.CharField(
        label=gettext_lazy("Regiondirektørens beslutning"),
        help_text=gettext_lazy(
            "Dato eller saksnummer. Regiondirektøren bestemmer hvem som kan be om og motta opplysninger."
        ),
        max_length=120,
        error_messages={"required": gettext_lazy("Skriv dato eller nummer på regiondirektørens beslutning")},
    )

    def __init__(self, *args: Any, members: Iterable[Membership], today: date, **kwargs: Any) -> None:
        """Offer the colleagues who may be named."""
        kwargs["initial"] = {"valid_from": today, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.members = {str(member.pk): member for member in members}
        names = [(pk, f"{m.display_name}, {m.get_role_display()}") for pk, m in self.members.items()]
        self.fields["member"].choices = [("", _("Velg")), *names]  # type: ignore[attr-defined]


class RequestForm(KeyedForm):
    """What is asked, of whom, why it is necessary, and what was tried first."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Hva gjelder anmodningen?"),
        choices=[
            (
                DANGER_REQUEST.code,
                gettext_lazy("Fare for liv og helse for den innsatte, andre innsatte eller tilsatte"),
            ),
            (INFORMATION_REQUEST.code, gettext_lazy("Annet som trengs for fengselets oppgaver")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hva anmodningen gjelder")},
    )
    recipient = forms.ChoiceField(
        label=gettext_lazy("Hvem spør dere?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hvem dere spør")},
    )
    facts = forms.CharField(
        label=gettext_lazy("Hva har skjedd, eller hva består faren i?"),
        help_text=gettext_lazy("Skriv fakta: hva som er sett og sagt, når, og hvem det gjelder."),
        widget=rows(4),
        max_length=4000,
        error_messages={"required": gettext_lazy("Skriv hva som har skjedd")},
    )
    wanted = forms.CharField(
        label=gettext_lazy("Hvilke opplysninger ber dere om?"),
        help_text=gettext_lazy("Bare det som er strengt nødvendig. Det går ikke an å be om alt."),
        widget=rows(3),
        max_length=2000,
        error_messages={"required": gettext_lazy("Skriv hvilke opplysninger dere ber om")},
    )
    necessity = forms.CharField(
        label=gettext_lazy("Hvorfor er opplysningene nødvendige?"),
        widget=rows(3),
        max_length=2000,
        error_messages={"required": gettext_lazy("Skriv hvorfor opplysningene er nødvendige")},
    )
    sought = forms.ChoiceField(
        label=gettext_lazy("Er samtykke eller samarbeid søkt først?"),
        choices=list(SOUGHT.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hva som er gjort først")},
    )
    sought_how = forms.CharField(
        label=gettext_lazy("Hvordan ble det søkt, eller hvorfor var det ikke mulig?"),
        widget=rows(2),
        max_length=1000,
        error_messages={"required": gettext_lazy("Skriv hvordan det ble søkt, eller hvorfor det ikke var mulig")},
    )
    informed = forms.ChoiceField(
        label=gettext_lazy("Har personen fått vite om anmodningen?"),
        choices=[(YES, gettext_lazy("Ja")), (NO, gettext_lazy("Nei"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg om personen har fått vite det")},
    )

    def __init__(self, *args: Any, partners: Iterable[Agency], **kwargs: Any) -> None:
        """Offer the health services one may ask; with one alone there is nothing to choose."""
        super().__init__(*args, **kwargs)
        self.partners = {str(agency.pk): agency for agency in partners}
        self.fields["recipient"].choices = [(pk, agency.name) for pk, agency in self.partners.items()]  # type: ignore[attr-defined]
        if len(self.partners) == 1:
            self.initial.setdefault("recipient", next(iter(self.partners)))


class ReleaseForm(GroundForm):
    """What is released: advice first, and only what else is strictly necessary."""

    advice = forms.CharField(
        label=gettext_lazy("Råd til fengselet"),
        help_text=gettext_lazy("Skriv hva fengselet bør gjøre, ikke diagnoser eller hva pasienten har fortalt."),
        widget=rows(4),
        max_length=4000,
        required=False,
    )
    ready = forms.MultipleChoiceField(
        label=gettext_lazy("Anbefalinger"), widget=forms.CheckboxSelectMultiple, required=False
    )
    facts = forms.CharField(
        label=gettext_lazy("Andre opplysninger som er strengt nødvendige"),
        help_text=gettext_lazy("Én på hver linje. La feltet stå tomt når råd er nok."),
        widget=rows(3),
        max_length=4000,
        required=False,
    )

    attachments = AttachmentsField()

    field_order = ("advice", "ready", "facts", "attachments", "basis", "necessity", "informed", "untold")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer ready words."""
        super().__init__(*args, **kwargs)
        words = [(word, word) for code, word in wording.choices_of("health_advice", "recommend") if code in READY]
        self.fields["ready"].choices = words  # type: ignore[attr-defined]

    def items(self) -> list[str]:
        """Return what is released beside the advice, a line each; call when valid."""
        return [*self.cleaned_data["ready"], *self.cleaned_data["facts"].splitlines()]


class DeclineForm(forms.Form):
    """Why nothing is released; the prison never sees it."""

    reason = forms.CharField(
        label=gettext_lazy("Hvorfor er vilkåret ikke oppfylt?"),
        help_text=gettext_lazy("Lagres hos dere. Fengselet får bare vite «Ikke utlevert»."),
        widget=rows(3),
        max_length=4000,
        required=False,
    )


class MoreForm(forms.Form):
    """What the prison is asked to say more about."""

    missing = forms.MultipleChoiceField(
        label=gettext_lazy("Hva må fengselet skrive mer om?"),
        choices=list(MISSING.items()),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Velg hva fengselet skal skrive mer om")},
    )
