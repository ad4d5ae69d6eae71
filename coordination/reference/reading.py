"""Opens the fixtures and judges their rows. Says which file and row is wrong; knows nothing of what the rows mean."""

import csv
import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeVar

import yaml
from stdnum.no import orgnr

FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures"

#: The same loader in C where PyYAML has it: ten times as fast on the register of duties.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Row = dict[str, Any]
T = TypeVar("T")


class InvalidReference(ValueError):
    """A fixture breaks its own rules. `file` is the file name, `row` the line (CSV) or the id or code (YAML)."""

    def __init__(self, file: str, row: str, problem: str) -> None:
        super().__init__(f"{file}, {row}: {problem}")
        self.file = file
        self.row = row


class CsvRows:
    """Walks a CSV file row by row and judges the current one. A row number is the line in the file."""

    def __init__(self, folder: Path, name: str, key: str) -> None:
        self._path = folder / "reference" / name
        self._key = key
        self._row: dict[str, str] = {}
        self._line = 1

    def __iter__(self) -> Iterator[None]:
        seen: set[str] = set()
        with self._path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            for row in reader:
                self._line = reader.line_num
                if None in row or None in row.values():
                    self.fail("wrong number of columns")
                self._row = row
                if self[self._key] in seen:
                    self.fail(f"{self._key} {self[self._key]!r} occurs twice")
                seen.add(self[self._key])
                yield

    def __getitem__(self, column: str) -> str:
        value = self.optional(column)
        if not value:
            self.fail(f"{column} is empty")
        return value

    def optional(self, column: str) -> str:
        if column not in self._row:
            self.fail(f"there is no column {column}")
        return self._row[column].strip()

    def match(self, column: str, pattern: str) -> str:
        try:
            return match(self[column], pattern)
        except ValueError as problem:
            self.fail(str(problem))

    def one_of(self, column: str, allowed: Collection[str]) -> str:
        if self.optional(column) not in allowed:
            self.fail(f"{column} {self.optional(column)!r} is unknown")
        return self.optional(column)

    def org_number(self) -> str:
        if not orgnr.is_valid(self["org_number"]) or len(self["org_number"]) != 9:
            self.fail(f"organisation number {self['org_number']!r} fails the modulus 11 check")
        return self["org_number"]

    def fail(self, problem: str) -> NoReturn:
        raise InvalidReference(self._path.name, f"row {self._line}", problem)


def yaml_rows(folder: Path, name: str) -> Any:
    return yaml.load((folder / name).read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - both loaders are safe ones


def versions_of(folder: Path, name: str, read: Callable[[Row], T]) -> tuple[T, ...]:
    """Read every version of every text of a file; a code and a version occur together once."""
    rows: list[Row] = yaml_rows(folder, name)
    for row in rows:
        row["key"] = f"{row.get('code')}@{row.get('version')}"
    return each(name, rows, "key", read)


def each(file: str, rows: Iterable[Row], key: str, read: Callable[[Row], T]) -> tuple[T, ...]:
    """Read every row, and turn whatever is wrong with one into an InvalidReference that names it."""
    found: dict[str, T] = {}
    for position, row in enumerate(rows, start=1):
        name = str(row.get(key, f"entry {position}"))
        try:
            if name in found:
                raise ValueError(f"{key} occurs twice")
            found[name] = read(row)
        except KeyError as problem:
            raise InvalidReference(file, name, f"{problem} is missing") from problem
        except (ValueError, TypeError) as problem:
            raise InvalidReference(file, name, str(problem)) from problem
    return tuple(found.values())


def among(value: Any, allowed: Collection[str]) -> Any:
    if value not in allowed:
        raise ValueError(
            f"{value!r} is not one of {', '.join(sorted(allowed))}" if len(allowed) < 9 else f"{value!r} is unknown"
        )
    return value


def match(value: str, pattern: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ValueError(f"{value!r} is not of the form {pattern}")
    return value


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"expected a text, got {value!r}")
    return value


def truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"expected true or false, got {value!r}")
    return value


def date(value: Any) -> dt.date:
    if type(value) is not dt.date:
        raise ValueError(f"expected a date, got {value!r}")
    return value


def span(row: Row) -> tuple[dt.date, dt.date | None]:
    """Return from when to when something stands, local dates in Oslo, both inclusive; None is until further notice. Raises ValueError."""
    begins, ends = date(row["valid_from"]), None if row["valid_to"] is None else date(row["valid_to"])
    if ends is not None and ends < begins:
        raise ValueError(f"version from {begins} ends before it begins")
    return begins, ends


class Dated(Protocol):
    """What stands from one date to another."""

    @property
    def valid_from(self) -> dt.date: ...

    @property
    def valid_to(self) -> dt.date | None: ...


def stands(row: Dated, on: dt.date) -> bool:
    """Return whether it stands on a local date."""
    return row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)
