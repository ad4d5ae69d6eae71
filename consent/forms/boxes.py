"""Forms of the boxes: what one looks for, and to whom a letter is given. They read what was typed; the database decides who may read."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.access.boxes import Search
from consent.forms.consents import DATE, capital, rows
from consent.letters import LetterKind
from coordination.models import Membership, Role


class SearchForm(forms.Form):
    """What somebody looks for in a box. Nothing must be filled in; what cannot be read is said and left out."""

    type = forms.ChoiceField(label=gettext_lazy("Type brev"), required=False)
    navn = forms.CharField(label=gettext_lazy("Etternavnet begynner med"), required=False, max_length=100)
    fra = forms.DateField(label=gettext_lazy("Sendt fra og med"), required=False, error_messages={"invalid": DATE})
    til = forms.DateField(label=gettext_lazy("Sendt til og med"), required=False, error_messages={"invalid": DATE})

    def __init__(self, *args: Any, kinds: Iterable[LetterKind], **kwargs: Any) -> None:
        """Offer the kinds of the box."""
        super().__init__(*args, **kwargs)
        choices = [("", _("Alle typer")), *((kind.code, str(kind.title)) for kind in kinds)]
        self.fields["type"].choices = choices  # type: ignore[attr-defined]

    def search(self) -> Search:
        """Return what was understood."""
        self.is_valid()
        typed = getattr(self, "cleaned_data", {})
        return Search(
            kind=typed.get("type", ""),
            family_name=typed.get("navn", "").strip(),
            first=typed.get("fra"),
            last=typed.get("til"),
        )


class HandOnForm(forms.Form):
    """To which colleague, with which words."""

    to = forms.ChoiceField(
        label=gettext_lazy("Hvem?"),
        help_text=gettext_lazy("Bare kolleger som kan lese brevet, kan velges."),
        error_messages={"required": gettext_lazy("Velg hvem som skal få brevet")},
    )
    note = forms.CharField(label=gettext_lazy("Beskjed"), widget=rows(3), max_length=500, required=False)

    def __init__(self, *args: Any, readers: Iterable[Membership], roles: bool, **kwargs: Any) -> None:
        """Offer colleagues and, where `roles`, everybody of a role among them."""
        super().__init__(*args, **kwargs)
        people = list(readers)
        choices = [("", _("Velg"))]
        choices += [(str(one.pk), f"{one.display_name} ({Role(one.role).label})") for one in people]
        if roles:
            found = dict.fromkeys(sorted(one.role for one in people))
            choices += [(role, _("Alle: %(role)s") % {"role": capital(Role(role).label)}) for role in found]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]

    def target(self) -> dict[str, Any]:
        """Return the chosen colleague or role; call when valid."""
        chosen = self.cleaned_data["to"]
        return {"role": chosen} if chosen in Role.values else {"to": UUID(chosen)}
