"""The statements of confidentiality by version: what somebody accepts before they act as a membership. Decides nothing about anybody."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coordination.worlds import PERSONAL_WORLDS

from .reading import FIXTURES, Row, among, match, span, stands, text, versions_of

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
    return versions_of(folder, FILE, _statement)


def confidentiality_statement_on(world: str, on: dt.date, folder: Path = FIXTURES) -> ConfidentialityStatement:
    """Return the text that members of a world accept on a date. Raises LookupError where there is none."""
    for row in confidentiality_statements(folder):
        if world in row.worlds and stands(row, on):
            return row
    raise LookupError(f"no statement of confidentiality for {world} stands on {on}")


def _statement(row: Row) -> ConfidentialityStatement:
    found = ConfidentialityStatement(
        match(row["code"], r"[a-z_]+"),
        int(row["version"]),
        tuple(among(world, PERSONAL_WORLDS) for world in row["worlds"]),
        *span(row),
        text(row["title"]),
        text(row["statute"]),
        tuple(text(point) for point in row["points"]),
    )
    if not found.points or not found.worlds:
        raise ValueError("a statement says something to somebody")
    return found
