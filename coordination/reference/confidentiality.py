"""The statements of confidentiality by version: what somebody accepts before they act as a membership. Decides nothing about anybody."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coordination.worlds import PERSONAL_WORLDS

from .reading import FIXTURES, Row, among, date, each, match, text, yaml_rows

FILE = "confidentiality.yaml"


@dataclass(frozen=True, slots=True)
class ConfidentialityStatement:
    """One version of one text. Local dates in Oslo, both inclusive; None is until further notice."""

    code: str
    version: int
    worlds: tuple[str, ...]
    valid_from: dt.date
    valid_to: dt.date | None
    title: str
    statute: str
    points: tuple[str, ...]


@cache
def confidentiality_statements(folder: Path = FIXTURES) -> tuple[ConfidentialityStatement, ...]:
    """Return every version of every text. Raises InvalidReference."""
    rows: list[Row] = yaml_rows(folder, FILE)
    for row in rows:
        row["key"] = f"{row.get('code')}@{row.get('version')}"
    return each(FILE, rows, "key", _statement)


def confidentiality_statement_on(world: str, on: dt.date, folder: Path = FIXTURES) -> ConfidentialityStatement:
    """Return the text that members of a world accept on a date. Raises LookupError where there is none."""
    for row in confidentiality_statements(folder):
        if world in row.worlds and row.valid_from <= on and (row.valid_to is None or on <= row.valid_to):
            return row
    raise LookupError(f"no statement of confidentiality for {world} stands on {on}")


def _statement(row: Row) -> ConfidentialityStatement:
    ends = None if row["valid_to"] is None else date(row["valid_to"])
    found = ConfidentialityStatement(
        match(row["code"], r"[a-z_]+"),
        int(row["version"]),
        tuple(among(world, PERSONAL_WORLDS) for world in row["worlds"]),
        date(row["valid_from"]),
        ends,
        text(row["title"]),
        text(row["statute"]),
        tuple(text(point) for point in row["points"]),
    )
    if not found.points or not found.worlds:
        raise ValueError("a statement says something to somebody")
    if ends is not None and ends < found.valid_from:
        raise ValueError("the version ends before it begins")
    return found
