"""What is asked for after a report of harm, after findings about a place, and when the prison wants advice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from coordination.form_renderer import MomentField
from coordination.forms.anonymity import about_nobody
from coordination.forms.keyed import KeyedForm
from isolation.forms.base import choice, text_area
from isolation.models import AdviceRequest, HarmDecision

REASON = gettext_lazy("Skriv en begrunnelse. Den sendes til helsetjenesten.")


class HarmForm(forms.Form):
    """The prison's decision after a report of harm."""

    outcome = choice(
        gettext_lazy("Hva bestemmer fengselet?"),
        HarmDecision.Outcome.choices,
        gettext_lazy("Velg hva fengselet bestemmer."),
    )
    reason = text_area(gettext_lazy("Begrunnelse"), REASON, help_text=gettext_lazy("Sendes til helsetjenesten."))
    steps = text_area(gettext_lazy("Hva gjør dere for å hindre skade?"))
    region_contact = forms.CharField(
        label=gettext_lazy("Hvem i regionen er ringt?"),
        help_text=gettext_lazy("Skal fylles ut når det er mer enn to timer siden meldingen kom."),
        required=False,
        max_length=120,
    )
    region_called_at = MomentField(label=gettext_lazy("Når ble regionens vakt ringt?"), required=False)


class FindingsForm(forms.Form):
    """The answer to findings about a place."""

    response = choice(gettext_lazy("Hva gjør dere med det?"), (), gettext_lazy("Velg et svar."))
    reason = about_nobody(text_area(gettext_lazy("Begrunnelse"), REASON))
    steps = about_nobody(text_area(gettext_lazy("Hva er gjort eller planlagt?")))

    def __init__(self, data: Any = None, *, responses: list[tuple[str, Any]], **more: Any) -> None:
        """Offer the answers the letter knows."""
        super().__init__(data, **more)
        self.fields["response"].choices = responses  # type: ignore[attr-defined]


class AdviceRequestForm(KeyedForm):
    """A question to the health service before something is decided."""

    about = choice(
        gettext_lazy("Hva skal dere bestemme?"),
        AdviceRequest.About.choices,
        gettext_lazy("Velg hva spørsmålet gjelder."),
    )
    question = text_area(
        gettext_lazy("Hva trenger dere råd om?"),
        gettext_lazy("Skriv hva dere trenger råd om."),
        help_text=gettext_lazy("Svaret er råd, og dere skal svare på hvordan rådet er brukt. Spør ikke om diagnoser."),
    )
