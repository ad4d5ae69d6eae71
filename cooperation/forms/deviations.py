"""What is typed about deviations. No rule: the verbs decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperation.forms.shared import PartiesField, VersionedForm, day, line, words
from cooperation.models import Deviation, DeviationNote
from coordination.forms.anonymity import NAMELESS
from coordination.forms.depending import depends
from coordination.forms.keyed import KeyedForm
from coordination.models import Agency

#: A trust works with many, and what happened in one place is not the matter of all.
FEW = 2


class DeviationForm(KeyedForm):
    """What did not go as agreed, and who is told."""

    kind = forms.ChoiceField(
        label=_("Hva slags avvik?"),
        choices=Deviation.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva slags avvik det er")},
    )
    severity = forms.ChoiceField(
        label=_("Hvor alvorlig?"),
        choices=Deviation.Severity.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hvor alvorlig det er")},
    )
    happened_on = day(_("Når skjedde det?"), _("Skriv datoen det skjedde"))
    place = line(_("Sted eller enhet"), _("Skriv hvor det skjedde"))
    what = words(_("Hva skjedde?"), _("Skriv kort hva som skjedde"), NAMELESS, rows=5)
    measures = words(_("Hva har dere gjort?"))
    parties = PartiesField(
        label=_("Hvem skal få vite det?"), error_messages={"required": _("Velg minst én som skal få vite det.")}
    )

    def __init__(self, *args: Any, possible: Sequence[Agency], **more: Any) -> None:
        """Offer the agencies one works with. A few are all chosen: a deviation is shared unless somebody leaves one out."""
        super().__init__(*args, **more)
        self.fields["parties"].offer(possible)  # type: ignore[attr-defined]
        if len(possible) <= FEW:
            self.fields["parties"].initial = [str(agency.pk) for agency in possible]


#: What one may add, as the person who adds it says it.
ADDING = {
    DeviationNote.Kind.READ: _("Vi har lest avviket"),
    DeviationNote.Kind.COMMENT: _("Kommentar"),
    DeviationNote.Kind.MEASURE: _("Tiltak hos oss"),
    DeviationNote.Kind.CORRECTION: _("Rettelse av det som står"),
}


class DeviationNoteForm(KeyedForm):
    """What an agency adds."""

    kind = forms.ChoiceField(
        label=_("Hva vil du legge til?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Velg hva du vil legge til.")},
    )
    text = depends(words(_("Tekst"), hint=NAMELESS, rows=3))

    def __init__(self, *args: Any, kinds: Sequence[str], **more: Any) -> None:
        """Offer what this agency may add, the likeliest chosen."""
        super().__init__(*args, **more)
        self.fields["kind"].choices = [(kind, ADDING[DeviationNote.Kind(kind)]) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["kind"].initial = kinds[0]


class CloseForm(VersionedForm):
    """What was done."""

    outcome = words(_("Hva er gjort?"), _("Skriv hva som er gjort for at det ikke skal skje igjen"), NAMELESS)
