"""Forms of an agency's administrator: a member, a unit. They read what was typed; the verbs decide."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from coordination.models import Agency, Role, Unit
from coordination.worlds import Reach


def _role_label(role: Role) -> str:
    """Return the role with what it reads, since that is what the choice is about."""
    reads = {
        Reach.AGENCY: _("ser hele arbeidsstedet"),
        Reach.UNIT: _("ser personer som egne enheter følger"),
        Reach.ADMIN: _("ser ingen personer, styrer brukere og enheter"),
        Reach.LOG: _("ser ingen personer, går gjennom hvem som har åpnet hva"),
    }
    return f"{capfirst(role.label)} – {reads[role.usual_reach]}"


class PlaceForm(forms.Form):
    """Role and units."""

    role = forms.ChoiceField(label=_("Rolle"), error_messages={"required": _("Velg rollen")}, widget=forms.RadioSelect)
    home = forms.ChoiceField(
        label=_("Enheten personen hører til"),
        required=False,
        help_text=_("Trengs for roller som bare ser egne enheter."),
    )
    others = forms.MultipleChoiceField(
        label=_("Andre enheter personen også arbeider i"), required=False, widget=forms.CheckboxSelectMultiple
    )
    email = forms.EmailField(
        label=_("E-post"),
        required=False,
        help_text=_("Får beskjed om at noe venter, aldri om hvem."),
        error_messages={"invalid": _("Skriv e-postadressen slik: navn@etat.no")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, roles: Iterable[Role], units: Iterable[Unit], **kwargs: Any) -> None:
        """Offer the agency's own roles and open units."""
        super().__init__(*args, **kwargs)
        self.units = {str(unit.pk): unit for unit in units if unit.closed_on is None}
        choices = [(key, unit.name) for key, unit in self.units.items()]
        self.fields["role"].choices = [(role.value, _role_label(role)) for role in roles]  # type: ignore[attr-defined]
        self.fields["home"].choices = [("", _("Ingen")), *choices]  # type: ignore[attr-defined]
        self.fields["others"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["others"]

    def place(self) -> dict[str, Any]:
        """Return role, home unit, other units and e-mail as the verbs take them."""
        data = self.cleaned_data
        home = self.units.get(data["home"])
        others = [self.units[key] for key in data.get("others", []) if key != data["home"]]
        return {"role": Role(data["role"]), "home": home, "others": others, "email": data["email"]}


class NewMemberForm(PlaceForm):
    """Who, and where they will work."""

    has_login = forms.ChoiceField(
        label=_("Har personen innlogging fra før?"),
        choices=[("no", _("Nei, lag en ny")), ("yes", _("Ja, fra et annet arbeidssted eller en annen rolle"))],
        error_messages={"required": _("Velg om personen har innlogging fra før")},
        widget=forms.RadioSelect,
    )
    full_name = forms.CharField(
        label=_("Navn"),
        help_text=_("Slik det skal stå på det personen skriver."),
        max_length=120,
        error_messages={"required": _("Skriv navnet")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    username = forms.RegexField(
        r"^\s*[A-Za-z0-9][A-Za-z0-9._@-]{2,149}\s*$",
        label=_("Brukernavn"),
        help_text=_("Bokstaver fra a til z, tall, punktum, strek og @."),
        error_messages={
            "required": _("Skriv brukernavnet"),
            "invalid": _("Bruk minst tre tegn: bokstaver fra a til z, tall, punktum, strek og @."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    field_order = ("has_login", "full_name", "username", "email", "role", "home", "others")


class ChangeMemberForm(PlaceForm):
    """Another role or other units."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("role", "home", "others", "email")


class UnitForm(forms.Form):
    """A unit: kind (when new), name, and for a health unit whose letters come to it."""

    kind = forms.ChoiceField(
        label=_("Slags enhet"), error_messages={"required": _("Velg hva slags enhet det er")}, widget=forms.RadioSelect
    )
    name = forms.CharField(
        label=_("Navn"),
        max_length=200,
        error_messages={"required": _("Skriv navnet på enheten")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    serves = forms.ChoiceField(
        label=_("Fengselet enheten tar imot brev fra"),
        required=False,
        help_text=_("Brev som ennå ikke hører til en pasient, havner her."),
    )

    def __init__(
        self, *args: Any, kinds: Iterable[Unit.Kind] | None, prisons: Iterable[Agency] | None, **kwargs: Any
    ) -> None:
        """Offer the world's kinds (None: keep the kind) and, for health, the prisons (None: no such choice)."""
        super().__init__(*args, **kwargs)
        self.prisons = {str(prison.pk): prison for prison in prisons or ()}
        if kinds is None:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in kinds]  # type: ignore[attr-defined]
        if prisons is None:
            del self.fields["serves"]
        else:
            self.fields["serves"].choices = [("", _("Alle")), *((k, p.name) for k, p in self.prisons.items())]  # type: ignore[attr-defined]

    def serving(self) -> Agency | None:
        """Return the prison, or None."""
        return self.prisons.get(self.cleaned_data.get("serves") or "")
