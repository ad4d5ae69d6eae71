"""How long each controller keeps what, with the source. Deletes nothing; the database does, by these rows."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from coordination.worlds import PERSONAL_WORLDS

from .reading import FIXTURES, Row, among, each, match, text, truth, yaml_rows

FILE = "retention.yaml"
SUBJECTS = ("person", "letter_unverified", "letter_unknown", "letter_left", "log")
STARTS = ("sentence_end", "sent", "last_entry", "entry")


@dataclass(frozen=True, slots=True)
class RetentionPeriod:
    """One row of how long something is kept. The fields are explained at the top of retention.yaml."""

    code: str
    world: str
    subject: str
    title: str
    starts: str
    months: int | None
    least_months: int | None
    strength: Literal["skal", "bør", "anbefalt"]
    source: str
    note: str
    verify: bool


@cache
def retention_periods(folder: Path = FIXTURES) -> tuple[RetentionPeriod, ...]:
    """Every rule of how long something is kept. Raises InvalidReference."""
    rows: list[Row] = yaml_rows(folder, FILE)
    return each(FILE, rows, "code", _period)


def _period(row: Row) -> RetentionPeriod:
    period = RetentionPeriod(
        code=match(row["code"], r"RT\d\d"),
        world=among(row["world"], PERSONAL_WORLDS),
        subject=among(row["subject"], SUBJECTS),
        title=text(row["title"]),
        starts=among(row["starts"], STARTS),
        months=_months(row["months"]),
        least_months=_months(row["least_months"]),
        strength=among(row["strength"], ("skal", "bør", "anbefalt")),
        source=text(row["source"]),
        note=text(row["note"]),
        verify=truth(row["verify"]),
    )
    # The statute's number is nobody's to decide; where there is none somebody must, and there is a least.
    if (period.months is None) == (period.least_months is None):
        raise ValueError("either the statute gives the number, or the controller decides one above a least")
    return period


def _months(value: object) -> int | None:
    if value is not None and (type(value) is not int or value < 1):
        raise ValueError(f"expected whole months, got {value!r}")
    return value if isinstance(value, int) else None
