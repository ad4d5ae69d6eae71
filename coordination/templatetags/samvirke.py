"""Template tags and filters for the whole house: icons, deadline badges, agency labels, and how time reads.

Must not query, decide or read the clock: the page puts `now` in the context once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.forms import BaseForm, BoundField
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import normalize_newlines
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import formats
from coordination.forms.anonymity import names_nobody

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent.parent / "templates" / "icons"

# World or outside body -> the name of its colour scale in frontend/designsystemet.config.json.
AGENCY_COLOURS = {
    "custody": "krim",
    "municipal_health": "kommune",
    "specialist_health": "spesialist",
    "nav": "nav",
    "police": "politi",
    "voluntary": "frivillig",
}

EVENT_TYPES = {
    "check": ("Eye", gettext_lazy("Tilsyn")),
    "health": ("Stethoscope", gettext_lazy("Helse")),
    "contact": ("PersonGroup", gettext_lazy("Kontakt")),
    "decision": ("Gavel", gettext_lazy("Vedtak")),
    "plan": ("Tasklist", gettext_lazy("Plan")),
    "gap": ("ExclamationmarkTriangleFill", gettext_lazy("Brudd")),
    "letter": ("EnvelopeClosed", gettext_lazy("Brev")),
    "stay": ("Door", gettext_lazy("Opphold")),
    "access": ("KeyVertical", gettext_lazy("Tilgang")),
}

SEVERITY_ORDER = ("danger", "warning", "info", "neutral")
SEVERITY_ICONS = {
    "danger": "XMarkOctagonFill",
    "warning": "ExclamationmarkTriangleFill",
    "info": "InformationSquareFill",
    "neutral": "InformationSquare",
}


@cache
def _icon(name: str) -> SafeString:
    if not name.isalnum():
        raise template.TemplateSyntaxError(f"Not an icon name: {name!r}")
    try:
        svg = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise template.TemplateSyntaxError(
            f"No icon {name}: add it to frontend/icons.txt and run frontend/build.py"
        ) from None
    return mark_safe(svg)  # noqa: S308 - our own build output, and the name is letters and digits only


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon drawn inline, hidden from screen readers: always put words beside it."""
    return _icon(name)


@register.simple_tag(takes_context=True)
def deadline(
    context: template.Context,
    due_at: datetime | date | None,
    done_at: datetime | date | None = None,
    strength: str = "skal",
) -> SafeString:
    """The badge of a deadline, counted from the context's `now`. Nothing if there is no deadline.

    `strength` "bør" or "anbefalt" never turns red. Raises KeyError if the context has no `now`.
    """
    if not due_at:
        return SafeString("")
    shown = formats.badge(due_at, now=context["now"], done=done_at or None, strength=strength or "skal")
    return format_html(
        '<time class="deadline" data-deadline="{}" datetime="{}">{}<span>{}</span></time>',
        shown.state,
        formats.iso(done_at or due_at),
        _icon(shown.icon),
        shown.text,
    )


@register.simple_tag(takes_context=True)
def panel(context: template.Context, shown: Any) -> SafeString:
    """A panel of the person page: its template, with what the panel holds on top of the page's own context."""
    assert context.template is not None
    with context.push(**shown.context):
        return SafeString(context.template.engine.get_template(shown.template).render(context))


@register.simple_tag
def agency_label(kind: str, name: str) -> SafeString:
    """An agency's name with its colour. An unknown kind gets the neutral colour; the name always carries the meaning."""
    colour = AGENCY_COLOURS.get(str(kind), "neutral")
    return format_html('<span class="agency-label" data-color="{}">{}</span>', colour, name)


@register.filter
def fields(form: Any, names: str) -> list[BoundField]:
    """The visible fields of a form that are called one of `names` (separated by spaces), in that order; a form may lack some."""
    found = [form[name] for name in names.split() if name in form.fields]
    return [field for field in found if not field.is_hidden]


@register.filter
def other_fields(form: Any, names: str) -> list[BoundField]:
    """The visible fields of a form that are not called one of `names`, so that a page with parts never loses a field."""
    return [field for field in form.visible_fields() if field.name not in names.split()]


@register.filter
def before_comma(name: object) -> str:
    """The first part of an agency's name, for a phone's header: "Prøveby kommune" of "Prøveby kommune, fengselshelsetjenesten"."""
    return str(name or "").partition(",")[0]


@register.filter
def event_icon(kind: str) -> SafeString:
    """The icon of a timeline event type."""
    return _icon(EVENT_TYPES[kind][0])


@register.filter
def event_word(kind: str) -> str:
    """The type of a timeline event in words, so that the icon is never alone."""
    return str(EVENT_TYPES[kind][1])


@register.filter
def worst_first(alerts: Iterable[Any]) -> list[Any]:
    """Alerts sorted by severity (danger, warning, info), keeping the given order within each."""
    return sorted(alerts, key=lambda alert: _rank(_severity(alert)))


@register.filter
def severity_icon(severity: str) -> SafeString:
    """The icon that goes with a severity."""
    return _icon(SEVERITY_ICONS.get(severity, "InformationSquare"))


@register.filter
def tag_color(severity: str) -> str:
    """The design system's colour for a severity: unknown words become neutral."""
    return severity if severity in SEVERITY_ORDER else "neutral"


def _severity(alert: Any) -> str:
    return str(alert["severity"] if isinstance(alert, Mapping) else alert.severity)


def _rank(severity: str) -> int:
    return SEVERITY_ORDER.index(severity) if severity in SEVERITY_ORDER else len(SEVERITY_ORDER)


@register.filter
def clock(value: datetime | None) -> str:
    """ "13.02" """
    return formats.clock(value) if value else ""


@register.filter
def day(value: datetime | date | None) -> str:
    """ "mandag 23. november" """
    return formats.day(value) if value else ""


@register.filter
def shortdate(value: datetime | date | None) -> str:
    """ "23.11.2026" """
    return formats.shortdate(value) if value else ""


@register.filter
def datetime_no(value: datetime | None) -> str:
    """ "23.11.2026 kl. 13.02" """
    return formats.datetime_no(value) if value else ""


@register.filter
def duration(value: timedelta | int | float | None) -> str:
    """ "14 t 47 min", from a timedelta or minutes."""
    return "" if value is None or value == "" else formats.duration(value)


@register.filter
def iso(value: datetime | date | None) -> str:
    """For the datetime attribute of <time>."""
    return formats.iso(value) if value else ""


@register.filter
def typed(value: object) -> SafeString | str:
    """A letter's value by its type: yes or no, instant, date, span, list, text with its line breaks. Always escaped."""
    if value is None or value == "":
        return _("Ikke oppgitt")
    if isinstance(value, bool):
        return _("Ja") if value else _("Nei")
    if isinstance(value, datetime):
        return formats.datetime_no(value)
    if isinstance(value, date):
        return formats.shortdate(value)
    if isinstance(value, timedelta):
        return formats.duration(value)
    if isinstance(value, list | tuple | set | frozenset):
        if not value:
            return _("Ingen")
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((typed(item),) for item in value)))
    # escape() also escapes what claims to be safe: everything a letter carries was typed by someone.
    return mark_safe(escape(normalize_newlines(str(value))).replace("\n", "<br>"))  # noqa: S308


def _question(label: Any) -> str:
    """Return a label as it begins a line; one with markup, such as a name and a cell, stays safe."""
    said = str(label)
    return said if isinstance(said, SafeString) else said.rstrip("?:.")


@register.filter
def error_lines(form: BaseForm) -> list[tuple[str, str]]:
    """Return what must be put right in the fields one sees: the id to go to, and the words, with the question where many have the same."""
    found = [(field, str(error)) for field in form.visible_fields() for error in field.errors]
    said = Counter(error for _field, error in found)
    return [
        (
            f"{field.auto_id}_0" if field.use_fieldset else field.auto_id,
            format_html("{}: {}", _question(field.label), error) if said[error] > 1 else error,
        )
        for field, error in found
    ]


register.filter("names_nobody", names_nobody)
