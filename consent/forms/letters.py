"""Forms of letters. They read what was typed; whether it may be done is asked of the actions."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import wording
from consent.forms.attachments import AttachmentsField
from consent.letters import ATTACHMENTS, IDENTITY, Field, LetterKind
from coordination.form_renderer import MomentField

#: Facts that are never typed into a letter: they come from the register of the sender, or are files.
REGISTERED = frozenset({field.name for field in IDENTITY} | {"national_id", ATTACHMENTS.name})
YES, NO = "yes", "no"


class FileForm(forms.Form):
    """The reference under which the recipient has filed a letter."""

    reference = forms.CharField(
        label=gettext_lazy("Saks- eller journalnummer"),
        help_text=gettext_lazy("Nummeret i deres eget arkiv eller journalsystem."),
        max_length=60,
        error_messages={
            "required": gettext_lazy("Skriv saks- eller journalnummeret"),
            "max_length": gettext_lazy("Skriv høyst 60 tegn"),
        },
    )


class CorrectionForm(forms.Form):
    """The content of a letter, built from its kind and filled with what was sent. Who it is about cannot be changed here."""

    def __init__(
        self, kind: LetterKind, body: dict[str, Any], *args: Any, along: Iterable[dict[str, Any]] = (), **kwargs: Any
    ) -> None:
        """Build one control per field. `along` are the files of the letter that is put right (consent.documents.attachment_rows)."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.asked = [field for field in kind.fields if field.name not in REGISTERED]
        for field in self.asked:
            self.fields[field.name] = _control(kind.code, field, body.get(field.name))
        if ATTACHMENTS in kind.fields:
            along = list(along)
            if along:
                self.fields["dropped"] = forms.TypedMultipleChoiceField(
                    label=_("Vedlegg som skal tas bort"),
                    help_text=_("De andre følger med det rettede brevet."),
                    choices=[(row["number"], f"{row['name']} ({row['kind']}, {row['size']})") for row in along],
                    coerce=int,
                    widget=forms.CheckboxSelectMultiple,
                    required=False,
                )
            self.fields[ATTACHMENTS.name] = AttachmentsField()

    def body(self) -> dict[str, Any]:
        """Return the typed content as JSON values; call when valid."""
        return {field.name: _json(field, self.cleaned_data[field.name]) for field in self.asked}


def _control(kind: str, field: Field, value: Any) -> forms.Field:
    """Return the control of one fact, with what was sent in it."""
    common: dict[str, Any] = {
        "label": field.label,
        "required": field.required,
        "error_messages": {"required": _("Fyll ut «%(label)s»") % {"label": field.label}},
    }
    choices = wording.choices_of(kind, field.name)
    if choices:
        sent = value if isinstance(value, list) else [value] if value else []
        choices += [(str(code), str(code)) for code in sent if str(code) not in dict(choices)]
    if field.type == "list" and choices:
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, initial=value, **common)
    if field.type == "list":
        return forms.CharField(
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_("Én på hver linje."),
            initial="\n".join(value or []),
            **common,
        )
    if field.type == "text" and choices:
        blank = [] if field.required else [("", _("Ikke oppgitt"))]
        return forms.ChoiceField(
            choices=blank + choices,
            widget=forms.RadioSelect if len(choices) < 6 else forms.Select,
            initial=value,
            **common,
        )
    if field.type == "boolean":
        initial = {True: YES, False: NO}.get(value)
        return forms.ChoiceField(
            choices=[(YES, _("Ja")), (NO, _("Nei"))], widget=forms.RadioSelect, initial=initial, **common
        )
    if field.type == "date":
        common["error_messages"]["invalid"] = _("Skriv datoen slik: 31.12.2026")
        return forms.DateField(initial=_parsed(date, value), **common)
    if field.type == "instant":
        return MomentField(initial=_parsed(datetime, value), **common)
    if field.type == "number":
        common["error_messages"]["invalid"] = _("Skriv et tall, for eksempel 2,5")
        return forms.FloatField(localize=True, initial=value, **common)
    if field.type == "long":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 6}), initial=value, **common)
    return forms.CharField(max_length=300, initial=value, **common)


def _parsed(kind: type[Any], value: Any) -> Any:
    try:
        return kind.fromisoformat(value) if value else None
    except ValueError:
        return None


def _json(field: Field, value: Any) -> Any:
    """Return a cleaned value as the postman takes it."""
    if value in (None, ""):
        return [] if field.type == "list" else None
    if field.type == "list" and isinstance(value, str):
        return [line.strip() for line in value.splitlines() if line.strip()]
    if field.type == "boolean":
        return value == YES
    if field.type == "instant":
        return value.astimezone(UTC).isoformat()
    if field.type == "date":
        return value.isoformat()
    return value
