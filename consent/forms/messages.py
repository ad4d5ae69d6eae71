"""Forms of practical messages between services. They read what was typed; that nobody is named is asked of the action."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.forms.consents import rows
from consent.letters import TOPICS
from coordination.forms.anonymity import NAMELESS, about_nobody
from coordination.forms.keyed import KeyedForm
from coordination.models import Agency


class AnswerForm(KeyedForm):
    """What is said, about nobody."""

    text = about_nobody(
        forms.CharField(
            label=gettext_lazy("Melding"),
            help_text=NAMELESS,
            widget=rows(6),
            max_length=4000,
            error_messages={"required": gettext_lazy("Skriv meldingen")},
        )
    )


class MessageForm(AnswerForm):
    """To which service, and about what."""

    to = forms.ChoiceField(label=gettext_lazy("Til"), error_messages={"required": gettext_lazy("Velg mottaker")})
    topic = forms.ChoiceField(
        label=gettext_lazy("Hva gjelder meldingen?"),
        choices=list(TOPICS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Velg hva meldingen gjelder")},
    )
    field_order = ("to", "topic", "text")

    def __init__(self, *args: Any, partners: list[Agency], **kwargs: Any) -> None:
        """Offer the services one works with."""
        super().__init__(*args, **kwargs)
        choices = [("", _("Velg")), *((str(agency.pk), agency.name) for agency in partners)]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
