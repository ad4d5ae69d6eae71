"""The closed list of grounds for leaving a part out of what a person is told about themselves. Decides nothing about a single part."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coordination.worlds import PERSONAL_WORLDS

from .law import LegalVersion, legal_version
from .reading import FIXTURES, Row, among, each, match, stands, text, yaml_rows

FILE = "withholding_grounds.yaml"


@dataclass(frozen=True, slots=True)
class WithholdingGround:
    """One ground, the worlds whose law it is, and its dated references."""

    code: str
    title: str
    worlds: tuple[str, ...]
    versions: tuple[LegalVersion, ...]

    def statute_on(self, on: dt.date) -> str:
        """Return the reference as it reads on a local date, "" where the ground does not hold."""
        return next((version.statute for version in self.versions if stands(version, on)), "")


@cache
def withholding_grounds(folder: Path = FIXTURES) -> tuple[WithholdingGround, ...]:
    """Return every ground. Raises InvalidReference."""
    rows: list[Row] = yaml_rows(folder, FILE)
    return each(FILE, rows, "code", _ground)


def _ground(row: Row) -> WithholdingGround:
    worlds = tuple(among(world, PERSONAL_WORLDS) for world in row["worlds"])
    versions = tuple(legal_version(version) for version in row["versions"])
    if not worlds or not versions:
        raise ValueError("a ground is somebody's and has a reference")
    return WithholdingGround(match(row["code"], r"[a-z_]+"), text(row["title"]), worlds, versions)
