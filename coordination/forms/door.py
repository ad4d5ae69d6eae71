"""Forms of the login page and of one's own login. They read what was typed; the verbs decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class PasswordInput(forms.PasswordInput):
    """A password control; browsers' password managers are welcome, and nothing typed is ever sent back."""

    def __init__(self, autocomplete: str) -> None:
        """Say which password it is: `current-password` or `new-password`."""
        super().__init__(attrs={"autocomplete": autocomplete})


def current_password() -> forms.CharField:
    """Return the field for the password somebody has; spaces in it count."""
    return forms.CharField(
        label=_("Passord"),
        max_length=1024,
        strip=False,
        error_messages={"required": _("Skriv passordet ditt")},
        widget=PasswordInput("current-password"),
    )


class LoginForm(forms.Form):
    """Name and password, and the page to return to."""

    username = forms.CharField(
        label=_("Brukernavn"),
        max_length=150,
        error_messages={"required": _("Skriv brukernavnet ditt")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = current_password()
    next = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)


class CodeForm(forms.Form):
    """A code from the authenticator app."""

    code = forms.RegexField(
        r"^\s*[0-9]{3}\s?[0-9]{3}\s*$",
        label=_("Kode"),
        help_text=_("Seks sifre fra appen på telefonen."),
        error_messages={
            "required": _("Skriv koden fra appen"),
            "invalid": _("Koden har seks sifre. Skriv den som i appen."),
        },
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class ConfirmForm(forms.Form):
    """Password, and the code where an app is joined to the login, once more before what is dangerous."""

    password = current_password()

    def __init__(self, *args: Any, coded: bool, **kwargs: Any) -> None:
        """Ask for a code too where there is one to give."""
        super().__init__(*args, **kwargs)
        if coded:
            self.fields["code"] = CodeForm().fields["code"]


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    new = forms.CharField(
        label=_("Nytt passord"),
        help_text=_(
            "Minst 15 tegn. En setning du husker, er både enklere og sikrere enn et kort passord med rare tegn."
        ),
        max_length=1024,
        strip=False,
        error_messages={"required": _("Skriv det nye passordet")},
        widget=PasswordInput("new-password"),
    )
    again = forms.CharField(
        label=_("Nytt passord en gang til"),
        max_length=1024,
        strip=False,
        error_messages={"required": _("Skriv det nye passordet en gang til")},
        widget=PasswordInput("new-password"),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ."""
        data = super().clean() or {}
        if "new" in data and "again" in data and data["new"] != data["again"]:
            self.add_error("again", _("De to passordene er ikke like. Skriv det nye passordet to ganger."))
        return data


class OwnPasswordForm(NewPasswordForm):
    """The same, with the password of now first."""

    current = forms.CharField(
        label=_("Passordet du bruker nå"),
        max_length=1024,
        strip=False,
        error_messages={"required": _("Skriv passordet du bruker nå")},
        widget=PasswordInput("current-password"),
    )
    field_order = ("current", "new", "again")


class ConfidentialityForm(forms.Form):
    """That somebody has read the statement, in the version the page showed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    accept = forms.BooleanField(
        label=_("Jeg har lest dette og vil følge det"),
        error_messages={"required": _("Kryss av for at du har lest erklæringen og vil følge den")},
    )
