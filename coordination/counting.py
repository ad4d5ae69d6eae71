"""Counts several things in one statement. The walls decide what counts, as in any other; nothing is read, so nothing is noted."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import QuerySet

#: A number that is known, rows to be counted, or several of these that count as one.
Countable = int | QuerySet[Any] | Sequence["Countable"]


def together(wanted: Sequence[Countable]) -> list[int]:
    """Return the counts, in order, with at most one question to the database."""
    flat = [(place, each) for place, one in enumerate(wanted) for each in _parts(one)]
    counts = [0] * len(wanted)
    places, texts, values = [], [], []
    for place, each in flat:
        if isinstance(each, int):
            counts[place] += each
            continue
        try:
            text, parameters = each.order_by().values("pk").query.get_compiler("default").as_sql()
        except EmptyResultSet:
            continue
        places.append(place)
        texts.append(f"(SELECT count(*) FROM ({text}) counted)")  # noqa: S608 - as Django wrote it
        values.append(parameters)
    if texts:
        with connections["default"].cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(texts)}", list(chain.from_iterable(values)))
            row = cursor.fetchone()
        for place, count in zip(places, row, strict=True):
            counts[place] += count
    return counts


def _parts(one: Countable) -> list[int | QuerySet[Any]]:
    """Return the numbers and rows that one count is the sum of."""
    if isinstance(one, int | QuerySet):
        return [one]
    return [part for each in one for part in _parts(each)]
