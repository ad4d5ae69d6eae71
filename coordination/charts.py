"""Figures drawn on the server as SVG with attributes and classes only, so that they pass a strict CSP and print.

Must not query or count: figures come in as plain values. The attributes hold the light colours for paper; in the
browser static/css takes over by class, so dark mode and forced colours work. Every text is escaped here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Literal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coordination import formats

Tone = Literal["main", "past", "bad", "good"]

COLOURS = {
    "main": "#1b4f72",
    "past": "#5b87a8",
    "bad": "#b3261e",
    "good": "#0b6e5b",
    "ground": "#e8eaec",
    "passed": "#c5d5e0",
    "text": "#292c30",
    "grid": "#dfe1e3",
    "axis": "#77797b",
    "goal": "#8a4b00",
    "dot": "#1b4f72",
    "now": "#292c30",
}
HEAT_COLOURS = ("#f1f2f3", "#e3e9ee", "#c5d5e0", "#abbecb", "#1b4f72")
FONT = 'font-family="Inter Variable, Inter, Arial, sans-serif" font-size="12"'


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the text under it and its value, None when there is no figure."""

    label: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar table. `shown` is the value in words ("7", "25 av 31"), `note` a muted addition."""

    label: str
    value: float
    shown: str
    note: str = ""
    tone: Tone = "main"
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Time without a check: from the last check (or the limit) to the next, or to now."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Heat:
    """One square of a heat strip: its label, the figure in it, and a level from 0 to 4."""

    label: str
    shown: str
    level: int


def bar(value: float, maximum: float, *, tone: Tone = "main", goal: float | None = None, title: str = "") -> SafeString:
    """A bar for a table cell beside its number. Hidden from screen readers unless `title` is given: the number is text."""
    ratio = _ratio(value, maximum)
    spoken = f'role="img"><title>{escape(title)}</title>' if title else 'aria-hidden="true" focusable="false">'
    parts = [
        f'<svg class="bar" width="100%" height="14" {spoken}',
        f'<rect class="c-ground" width="100%" height="14" rx="2" fill="{COLOURS["ground"]}"/>',
        f'<rect class="c-{_tone(tone)}" width="{_n(100 * ratio)}%" height="14" rx="2" fill="{COLOURS[tone]}"/>',
    ]
    if goal is not None:
        at = _n(100 * _ratio(goal, maximum))
        parts.append(
            f'<line class="c-goal" x1="{at}%" x2="{at}%" y1="0" y2="14" stroke="{COLOURS["goal"]}" stroke-width="2"/>'
        )
    return _safe([*parts, "</svg>"])


def bars(
    rows: Sequence[Bar],
    *,
    caption: str,
    label_heading: str,
    value_heading: str,
    maximum: float | None = None,
    goal: float | None = None,
) -> SafeString:
    """A table with a bar in each row: real text, so it reads, reflows and prints without an alternative text.

    `maximum` is the full width; the largest value if not given. `colour` of a row is an agency colour name.
    """
    top = maximum if maximum is not None else max([row.value for row in rows] + [goal or 0, 1])
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in (label_heading, _("Stolpe"), value_heading))
    parts = [
        f'<table class="bar-table"><caption class="ds-sr-only">{escape(caption)}</caption>',
        f'<thead class="ds-sr-only"><tr>{head}</tr></thead><tbody>',
    ]
    for row in rows:
        label = escape(row.label)
        if row.colour:
            label = f'<span class="agency-label" data-color="{escape(row.colour)}">{label}</span>'
        note = f' <span class="muted">{escape(row.note)}</span>' if row.note else ""
        parts.append(
            f'<tr><th scope="row">{label}</th><td class="bar-table__bar">{bar(row.value, top, tone=row.tone, goal=goal)}'
            f'</td><td class="number"><strong>{escape(row.shown)}</strong>{note}</td></tr>'
        )
    return _safe([*parts, "</tbody></table>"])


def columns(
    data: Sequence[Column],
    *,
    title: str,
    y_max: float,
    y_min: float = 0,
    goal: float | None = None,
    tone: Tone = "main",
    label_prefix: str = "",
) -> SafeString:
    """Columns over time, the last one strong, in two widths that CSS chooses between.

    Show the same numbers as a table beside it. `label_prefix` ("uke ") stands before the first label only.
    """
    drawn = [_columns(data, title, y_min, y_max, goal, tone, label_prefix, narrow=narrow) for narrow in (False, True)]
    return _safe(drawn)


def _columns(
    data: Sequence[Column],
    title: str,
    y_min: float,
    y_max: float,
    goal: float | None,
    tone: Tone,
    label_prefix: str,
    *,
    narrow: bool,
) -> str:
    width, height, left, right, top, bottom = (340, 220, 34, 8, 14, 26) if narrow else (540, 230, 34, 8, 16, 26)
    span = (y_max - y_min) or 1
    step = (width - left - right) / max(len(data), 1)

    def y(value: float) -> float:
        return top + (height - top - bottom) * (1 - (min(max(value, y_min), y_max) - y_min) / span)

    parts = [_open(title, width, height, narrow=narrow)]
    for tick in _ticks(y_min, y_max):
        parts.append(_line("grid", left, width - right, y(tick), y(tick)))
        parts.append(_text(left - 6, y(tick) + 4, _value(tick), anchor="end"))
    if goal is not None:
        parts.append(_line("goal", left, width - right, y(goal), y(goal), 'stroke-width="2" stroke-dasharray="6 4"'))
    numbers = []
    # As many labels as there is room for, counted from the end so that the newest always has one.
    room = max(30 if narrow else 24, 7 * max((len(column.label) for column in data), default=0))
    every = max(1, math.ceil(len(data) * room / (width - left - right)))
    first_label = True
    for index, column in enumerate(data):
        x = left + step * index
        middle = x + step / 2
        if column.value is not None:
            kind: Tone = tone if index == len(data) - 1 else "past"
            parts.append(
                f'<rect class="c-{_tone(kind)}" x="{_n(x + step * 0.16)}" y="{_n(y(column.value))}" width="{_n(step * 0.68)}"'
                f' height="{_n(y(y_min) - y(column.value))}" rx="2" fill="{COLOURS[kind]}"/>'
            )
            numbers.append(_text(middle, y(column.value) - 4, _value(column.value), halo=True))
        if (len(data) - 1 - index) % every == 0:
            prefix = label_prefix if first_label else ""
            first_label = False
            parts.append(_text(middle, height - 9, f"{prefix}{column.label}"))
    parts.append(_line("axis", left, width - right, y(y_min), y(y_min)))
    return "".join([*parts, *numbers, "</svg>"])


def check_strip(
    checks: Sequence[datetime],
    gaps: Sequence[Gap],
    *,
    start: datetime,
    end: datetime,
    now: datetime,
    title: str = "",
) -> SafeString:
    """A strip of time with a dot per check and a red field per gap, in two widths.

    All arguments are aware instants. Positions follow elapsed time, labels the wall clock in Oslo: the night summer
    time begins has no "02", the night it ends has two. Raises ValueError if `end` is not after `start`.
    """
    if end <= start:
        raise ValueError("The strip must end after it starts")
    # UTC once: aware datetimes that share a zone subtract by wall clock, an hour wrong twice a year.
    start, end, now = (moment.astimezone(UTC) for moment in (start, end, now))
    inside = sorted(check.astimezone(UTC) for check in checks if start <= check <= end)
    fields = [
        Gap(max(gap.start.astimezone(UTC), start), min(gap.end.astimezone(UTC), end))
        for gap in gaps
        if gap.start < end and gap.end > start
    ]
    words = title or _strip_title(inside, fields, start, end)
    return _safe([_strip(inside, fields, start, end, now, words, narrow=narrow) for narrow in (False, True)])


def _strip_title(checks: Sequence[datetime], gaps: Sequence[Gap], start: datetime, end: datetime) -> str:
    parts = [
        _("Fra kl. {start} til kl. {end}").format(start=formats.clock(start), end=formats.clock(end)),
        ngettext("{count} tilsyn", "{count} tilsyn", len(checks)).format(count=len(checks)),
        ngettext("{count} periode uten tilsyn i tide", "{count} perioder uten tilsyn i tide", len(gaps)).format(
            count=len(gaps)
        ),
    ]
    spans = ", ".join(f"{formats.clock(gap.start)}–{formats.clock(gap.end)}" for gap in gaps)
    return ", ".join(parts) + (f": {spans}" if spans else "")


def _strip(
    checks: Sequence[datetime],
    gaps: Sequence[Gap],
    start: datetime,
    end: datetime,
    now: datetime,
    title: str,
    *,
    narrow: bool,
) -> str:
    width, height, edge = (340, 64, 12) if narrow else (720, 64, 14)
    whole = (end - start).total_seconds()

    def x(moment: datetime) -> float:
        return edge + (width - 2 * edge) * (moment - start).total_seconds() / whole

    parts = [
        _open(title, width, height, narrow=narrow, extra=" chart--strip"),
        f'<rect class="c-ground" x="{edge}" y="22" width="{width - 2 * edge}" height="12" rx="6" fill="{COLOURS["ground"]}"/>',
    ]
    passed = min(max(now, start), end)
    if passed > start:
        parts.append(
            f'<rect class="c-passed" x="{edge}" y="22" width="{_n(x(passed) - edge)}" height="12" rx="6"'
            f' fill="{COLOURS["passed"]}"/>'
        )
    for gap in gaps:
        # Three units at least: a gap of a minute must still be seen.
        parts.append(
            f'<rect class="c-bad" x="{_n(x(gap.start))}" y="22" width="{_n(max(3, x(gap.end) - x(gap.start)))}" height="12"'
            f' fill="{COLOURS["bad"]}"/>'
        )
    for moment, label in _hours(start, end, 12 if narrow else 26):
        parts.append(_line("axis", x(moment), x(moment), 36, 41))
        parts.append(_text(x(moment), 55, label))
    for check in checks:
        parts.append(
            f'<circle class="c-dot" cx="{_n(x(check))}" cy="28" r="6" fill="{COLOURS["dot"]}" stroke="#ffffff" stroke-width="2"/>'
        )
    if start <= now <= end:
        parts.append(_line("now", x(now), x(now), 14, 40, 'stroke-width="2"'))
        parts.append(_text(x(now), 10, _("nå"), strong=True))
    return "".join([*parts, "</svg>"])


def _hours(start: datetime, end: datetime, most: int) -> list[tuple[datetime, str]]:
    """Full hours between two UTC instants with their wall clock hour in Oslo, thinned to at most `most`.

    Walks in UTC, where every hour is an hour; Oslo is whole hours from UTC, so a full hour there is one here.
    """
    first = start.replace(minute=0, second=0, microsecond=0)
    if first < start:
        first += timedelta(hours=1)
    count = int((end - first) / timedelta(hours=1)) + 1
    step = max(1, math.ceil(count / most))
    moments = [first + timedelta(hours=offset) for offset in range(0, count, step)]
    return [(moment, formats.clock(moment)[:2]) for moment in moments]


def heat_strip(cells: Sequence[Heat], *, title: str) -> SafeString:
    """A row of squares, darker with the level, each with its figure inside: never colour alone.

    `title` is the text alternative's heading; every label and figure follows it. Two widths: the narrow one breaks
    into rows of seven.
    """
    words = f"{title}: " + ", ".join(f"{cell.label} {cell.shown}" for cell in cells)
    return _safe([_heat(cells, words, narrow=narrow) for narrow in (False, True)])


def _heat(cells: Sequence[Heat], title: str, *, narrow: bool) -> str:
    per_row = 7 if narrow else max(len(cells), 14)
    width = 340 if narrow else 720
    side = (width - 2) / per_row
    tall = min(side, 40)
    rows = max(1, math.ceil(len(cells) / per_row))
    parts = [_open(title, width, math.ceil(rows * (tall + 18)), narrow=narrow, extra=" chart--heat")]
    for index, cell in enumerate(cells):
        row, place = divmod(index, per_row)
        x, y = 1 + side * place, row * (tall + 18)
        level = min(max(cell.level, 0), 4)
        parts.append(
            f'<rect class="c-heat-{level}" x="{_n(x + 1)}" y="{_n(y)}" width="{_n(side - 2)}" height="{_n(tall)}" rx="2"'
            f' fill="{HEAT_COLOURS[level]}"/>'
        )
        # Only the darkest ground needs a light figure.
        kind, fill = ("on-dark", "#ffffff") if level == 4 else ("text", COLOURS["text"])
        parts.append(
            f'<text class="c-{kind}" x="{_n(x + side / 2)}" y="{_n(y + tall / 2 + 4)}" text-anchor="middle" font-weight="600"'
            f' fill="{fill}">{escape(cell.shown)}</text>'
        )
        parts.append(_text(x + side / 2, y + tall + 13, cell.label))
    return "".join([*parts, "</svg>"])


def _open(title: str, width: int, height: int, *, narrow: bool, extra: str = "") -> str:
    size = "narrow" if narrow else "wide"
    return (
        f'<svg class="chart chart--{size}{extra}" role="img" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f" {FONT}><title>{escape(title)}</title>"
    )


def _line(kind: str, x1: float, x2: float, y1: float, y2: float, extra: str = "") -> str:
    return (
        f'<line class="c-{kind}" x1="{_n(x1)}" x2="{_n(x2)}" y1="{_n(y1)}" y2="{_n(y2)}" stroke="{COLOURS[kind]}"'
        f"{' ' + extra if extra else ''}/>"
    )


def _text(x: float, y: float, text: str, *, anchor: str = "middle", strong: bool = False, halo: bool = False) -> str:
    # The halo is CSS only: WeasyPrint paints a stroke over the figures instead of behind them.
    weight = ' font-weight="600"' if strong or halo else ""
    css = "c-text c-halo" if halo else "c-text"
    return (
        f'<text class="{css}" x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}"{weight} fill="{COLOURS["text"]}">'
        f"{escape(str(text))}</text>"
    )


def _ticks(low: float, high: float) -> list[float]:
    """Round steps, at most five lines above the lowest."""
    span = (high - low) or 1
    size = 10 ** math.floor(math.log10(span / 4))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if span / (size * factor) <= 5)
    count = int(span / step + 1e-9)
    return [low + step * index for index in range(count + 1)]


def _ratio(value: float, maximum: float) -> float:
    return min(max(value / maximum, 0), 1) if maximum > 0 else 0


def _tone(tone: str) -> str:
    if tone not in ("main", "past", "bad", "good"):
        raise ValueError(f"Unknown tone: {tone}")
    return tone


def _n(value: float) -> str:
    """A number for an attribute: one decimal, always a point."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _value(value: float) -> str:
    """A number for people: a decimal comma, no needless decimals."""
    return f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")


def _safe(parts: Sequence[str]) -> SafeString:
    # Every piece of text above has gone through escape(); what else is written are numbers and our own names.
    return mark_safe("".join(parts))  # noqa: S308
