"""Raw figures in, what may be published out: the one gate. Nothing behind it holds a count of 1 to 4, or one that leads to it.

Shares and key figures are worked out from what is published, never from the raw counts: then they can tell nothing new.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from cooperation.rules.figures import SafeTable, may_stand_beside, safe_count, safe_longest, safe_median, safe_tables
from coordination.figures import Figure, Longest, Median, Number, Period, Table, counters_for
from coordination.identity import Actor

#: What a published figure is, as JSON.
Published = dict[str, Any]


def gather(actor: Actor, period: Period, step: Callable[[int, int], None]) -> list[Figure]:
    """Return every raw figure of the acting agency; `step` hears how many apps of how many have counted."""
    counters = counters_for(actor.world)
    found: list[Figure] = []
    for done, count in enumerate(counters, 1):
        found += count(actor, period)
        step(done, len(counters))
    return found


def publish(found: Iterable[Figure]) -> list[Published]:
    """Return figures as they may leave the agency, as JSON values; None is withheld. Raises ValueError when two have one code."""
    figures = list(found)
    if len({figure.code for figure in figures}) != len(figures):
        raise ValueError("two figures have one code")
    tables = [figure for figure in figures if isinstance(figure, Table)]
    safe = dict(
        zip((t.code for t in tables), safe_tables([(t.counts, t.links, t.shared) for t in tables]), strict=True)
    )
    return [_published(figure, safe) for figure in figures]


def _published(figure: Figure, safe: dict[str, SafeTable | None]) -> Published:
    same: Published = {"code": figure.code, "title": str(figure.title), "note": str(figure.note)}
    if isinstance(figure, Number):
        return {**same, "shape": "number", "value": safe_count(figure.count)}
    if isinstance(figure, Median):
        median = safe_median(figure.minutes)
        return {**same, "shape": "median", "value": None if median is None else round(median)}
    if isinstance(figure, Longest):
        return {**same, "shape": "longest", "value": safe_longest(figure.minutes, figure.step)}
    return {**same, **_published_table(figure, safe[figure.code])}


def _published_table(figure: Table, safe: SafeTable | None) -> Published:
    rows, columns = len(figure.row_labels), len(figure.column_labels)
    cells: Sequence[Sequence[int | None]] = safe.cells if safe else [[None] * columns] * rows
    row_totals: Sequence[int | None] = safe.row_totals if safe else [None] * rows
    column_totals: Sequence[int | None] = safe.column_totals if safe else [None] * columns
    total = safe.total if safe else None
    place = figure.on_time
    return {
        "shape": "table",
        "row_heading": str(figure.row_heading),
        "row_labels": [str(label) for label in figure.row_labels],
        "column_labels": [str(label) for label in figure.column_labels],
        "cells": [list(row) for row in cells],
        "row_totals": list(row_totals),
        "column_totals": list(column_totals),
        "total": total,
        "strength": str(figure.strength) if figure.strength else "",
        "by_time": figure.by_time,
        "shares": None
        if place is None
        else [share(row[place], whole) for row, whole in zip(cells, row_totals, strict=True)],
        "share": None if place is None else share(column_totals[place], total),
        # Told apart from 100 per cent that was only rounded to.
        "all_on_time": place is not None and total is not None and total > 0 and column_totals[place] == total,
    }


def share(part: int | None, whole: int | None) -> int | None:
    """Return a published part of a published whole in whole per cent; None when either is withheld, or there is no whole.

    Rounds down to 99 and up to 1, so that neither all nor none is claimed where it is not so.
    """
    if part is None or whole is None or whole == 0:
        return None
    percent = (200 * part + whole) // (2 * whole)
    if percent == 100 and part < whole:
        return 99
    return 1 if percent == 0 and part > 0 else percent


def row_of(content: Iterable[Published], code: str, label: str) -> list[int | None] | None:
    """Return a row of a published table with its total last; None when the table has no such row, or more than one.

    With its total withheld everything in the row is: whom it is told to knows how many there were, and would need only that.
    """
    for figure in content:
        if figure["code"] == code and figure["shape"] == "table" and figure["row_labels"].count(label) == 1:
            place = figure["row_labels"].index(label)
            total = figure["row_totals"][place]
            cells = figure["cells"][place]
            return [None] * (len(cells) + 1) if total is None else [*cells, total]
    return None


def apart(told: int | None, content: Iterable[Published], code: str) -> bool:
    """Return whether the total of a table, and the same thing told by somebody else, can stand beside each other.

    As within one report: both are shown, and they are the same or far apart. Otherwise one gives away what the other withholds.
    """
    own = next((figure["total"] for figure in content if figure["code"] == code and figure["shape"] == "table"), None)
    return may_stand_beside(told, own)
