"""A report as plain values for screen and paper: key figures, charts and tables, all from what is already safe to publish."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from consent.models import Letter
from cooperation.figures import Published, apart, row_of, share
from cooperation.letters import DAILY, FIRST, HIDDEN
from cooperation.rules.figures import safe_count
from coordination import charts, formats
from coordination.identity import Actor
from coordination.models.deadlines import Strength
from coordination.worlds import World

#: Key figures beside each other; more would not be read.
MOST_KPIS = 4


def period_text(first_on: date, last_on: date) -> str:
    """Return a period in words."""
    return _("%(first)s til %(last)s") % {"first": formats.shortdate(first_on), "last": formats.shortdate(last_on)}


def paper(
    actor: Actor,
    first_on: date,
    last_on: date,
    content: Sequence[Published],
    at: datetime,
    *,
    letter: Letter | None,
    made_at: datetime | None = None,
) -> dict[str, Any]:
    """Return the report for paper, printed at `at`; `letter` holds the health service's figures, if they have come."""
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "lead": f"{actor.agency_name}, {period_text(first_on, last_on)}",
        "made_at": made_at or at,
        "health": from_health(actor, content, letter),
        **(told := shown(content)),
        "pairs": [told["figures"][place : place + 2] for place in range(0, len(told["figures"]), 2)],
    }


def shown(content: Sequence[Published]) -> dict[str, Any]:
    """Return what both screen and paper show of a report."""
    tables = [figure for figure in content if figure["shape"] == "table"]
    return {
        "kpis": list(_kpis(content)),
        "figures": [{"title": t["title"], "note": _chart_note(t), "chart": _chart(t)} for t in tables],
        "tables": [_table(t) for t in tables],
        "facts": [
            {"label": figure["title"], "value": _measured(figure), "note": figure["note"]}
            for figure in content
            if figure["shape"] != "table"
        ],
    }


def visit_texts(content: Sequence[Published], prison: str) -> dict[str, str] | None:
    """Return the counts of visits of one prison as a letter tells them; None for a report that has none by prison."""
    texts: dict[str, str] = {}
    for code, fields in (("visits_first", FIRST), ("visits_daily", DAILY)):
        row = row_of(content, code, prison)
        if row is None or len(row) != len(fields):
            return None
        texts |= {field.name: _count(value) for field, value in zip(fields, row, strict=True)}
    return texts


def from_health(actor: Actor, content: Sequence[Published], letter: Letter | None) -> dict[str, Any] | None:
    """Return the section "Fra helsetjenesten" of a prison's report; None in the other worlds, which count visits themselves.

    What the letter tells of isolations is told in the report too: where one withholds what the other shows, or they differ by a few,
    the first visits are withheld here. Daily visits are counted nowhere else.
    """
    if actor.world is not World.CUSTODY:
        return None
    if letter is None:
        return {"letter": None, "tables": [], "withheld": False}
    first, daily = ([_told(letter, field.name) for field in fields] for fields in (FIRST, DAILY))
    together = apart(first[-1], content, "measures")
    if not together:
        first = [None] * len(first)
    tables = [
        _table(
            {
                "title": title,
                "row_heading": _("Tilsyn"),
                "row_labels": [title],
                "column_labels": columns,
                "cells": [cells],
                "row_totals": [total],
                "shares": [share(cells[0], total)],
                "strength": Strength.MUST,
            }
        )
        for title, columns, (*cells, total) in (
            (_("Første tilsyn"), [*_done(), _("Ikke pålagt eller ikke forfalt")], first),
            (_("Daglige tilsyn"), _done(), daily),
        )
    ]
    return {"letter": letter, "sender": letter.other_agency, "tables": tables, "withheld": not together}


def _done() -> list[str]:
    return [_("I tide"), _("For sent"), _("Ikke gjort")]


def _told(letter: Letter, name: str) -> int | None:
    """Return a count of a letter; None for one withheld, and for a small one whatever the sender did."""
    text = str(letter.body.get(name, ""))
    return safe_count(int(text)) if text.isascii() and text.isdigit() else None


def _kpis(content: Sequence[Published]) -> Iterator[dict[str, Any]]:
    """Shares in time, the binding ones first. Only what is binding has a goal: advice not followed is no breach."""
    told = [figure for figure in content if figure["shape"] == "table" and figure["shares"] is not None]
    told.sort(key=lambda figure: figure["strength"] != Strength.MUST)
    for figure in told[:MOST_KPIS]:
        binding = figure["strength"] == Strength.MUST and figure["share"] is not None
        yield {
            "value": HIDDEN if figure["share"] is None else _percent(figure["share"]),
            "label": figure["title"],
            "reached": figure["all_on_time"] if binding else None,
            "goal": _("Mål 100 %"),
            "note": _why_none(figure)
            if figure["share"] is None
            else f"{figure['column_labels'][0]}. {_of(figure['total'])}",
        }


def _why_none(figure: Published) -> str:
    return _("Ingen i perioden.") if figure["total"] == 0 else _("Tallet er skjult.")


def _of(total: int | None) -> str:
    return "" if total is None else _("%(total)s i alt.") % {"total": total}


def _chart(figure: Published) -> Any:
    """Columns over time, bars otherwise. A withheld figure leaves an empty place, and its row says so."""
    if figure["by_time"] and figure["shares"] is not None:
        pairs = zip(figure["row_labels"], figure["shares"], strict=True)
        return charts.columns(
            [charts.Column(label, share) for label, share in pairs],
            title=_("%(title)s: %(values)s")
            % {
                "title": figure["title"],
                "values": ", ".join(
                    f"{label} {HIDDEN if share is None else _percent(share)}"
                    for label, share in zip(figure["row_labels"], figure["shares"], strict=True)
                ),
            },
            y_max=100,
            goal=100 if figure["strength"] == Strength.MUST else None,
        )
    rows = list(_bars(figure))
    return charts.bars(
        rows,
        caption=figure["title"],
        label_heading=figure["row_heading"],
        value_heading=_("Antall"),
        maximum=max([row.value for row in rows] + [1]),
    )


def _bars(figure: Published) -> Iterator[charts.Bar]:
    """A bar for each row, or for each column where there is one row only."""
    if len(figure["row_labels"]) == 1:
        for label, value in zip(figure["column_labels"], figure["column_totals"], strict=True):
            yield charts.Bar(label, value or 0, _count(value))
        return
    shares = figure["shares"] or [None] * len(figure["row_labels"])
    for label, value, percent in zip(figure["row_labels"], figure["row_totals"], shares, strict=True):
        note = "" if percent is None else f"({_percent(percent)} {figure['column_labels'][0].lower()})"
        yield charts.Bar(label, value or 0, _count(value), note)


def _chart_note(figure: Published) -> str:
    if figure["by_time"] and figure["shares"] is not None:
        return f"{_('Prosent i tide.')} {figure['note']}"
    return str(figure["note"])


def _table(figure: Published) -> dict[str, Any]:
    """The figure as text, with totals; the share in time last."""
    shares = figure["shares"]
    rows: list[dict[str, Any]] = [
        {
            "label": label,
            "cells": [_count(value) for value in [*cells, total]] + _share_cell(shares, place),
            "total": False,
        }
        for place, (label, cells, total) in enumerate(
            zip(figure["row_labels"], figure["cells"], figure["row_totals"], strict=True)
        )
    ]
    if len(rows) > 1:
        last = [_count(value) for value in [*figure["column_totals"], figure["total"]]]
        last += _share_cell([figure["share"]], 0) if shares is not None else []
        rows.append({"label": _("I alt"), "cells": last, "total": True})
    columns = [*figure["column_labels"], _("I alt"), *([_("Andel i tide")] if shares is not None else [])]
    return {
        "title": figure["title"],
        "row_heading": figure["row_heading"],
        "columns": columns,
        # Each cell with its heading: on a phone a row becomes a card.
        "rows": [{**row, "cells": list(zip(columns, row["cells"], strict=True))} for row in rows],
        "advised": figure["strength"] not in ("", Strength.MUST),
    }


def _share_cell(shares: Sequence[int | None] | None, place: int) -> list[str]:
    if shares is None:
        return []
    value = shares[place]
    return [HIDDEN if value is None else _percent(value)]


def _measured(figure: Published) -> str:
    value = figure["value"]
    if value is None:
        return _("For få til å vises")
    if figure["shape"] == "number":
        return str(value)
    words = formats.duration(timedelta(minutes=value))
    return _("inntil %(limit)s") % {"limit": words} if figure["shape"] == "longest" else words


def _count(value: int | None) -> str:
    return HIDDEN if value is None else str(value)


def _percent(value: int) -> str:
    return f"{value} %"
