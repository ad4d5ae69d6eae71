"""Reads a roster file: bytes in, lines out, each with what it says or why it cannot be used. Pure; knows no database and saves nothing.

Semicolon, comma or tab; UTF-8 with or without byte order mark, or Latin-1; header names in Norwegian in any order.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

from coordination import clock

MAX_BYTES = 1_000_000
MAX_LINES = 1_000
#: A cell that begins so runs as a formula when somebody opens an export in a spreadsheet.
FORMULA = ("=", "+", "-", "@")
YES, NO = frozenset({"ja", "j", "x", "1", "sant"}), frozenset({"", "nei", "n", "0", "usant"})

T = TypeVar("T")
#: header as people write it (lower case, letters only) → field
HEADERS = {
    "nummer": "number",
    "nr": "number",
    "innsattnr": "number",
    "innsattnummer": "number",
    "etternavn": "family_name",
    "fornavn": "given_name",
    "fødselsdato": "birth_date",
    "født": "birth_date",
    "fødselsnummer": "national_id",
    "fødselsnr": "national_id",
    "personnummer": "national_id",
    "avdeling": "unit",
    "celle": "cell",
    "grunnlag": "legal_status",
    "status": "legal_status",
    "sikkerhetsnivå": "security_level",
    "nivå": "security_level",
    "innsatt": "admitted_on",
    "innsattdato": "admitted_on",
    "innkomst": "admitted_on",
    "innkomstdato": "admitted_on",
    "klokkeslett": "admitted_time",
    "innsattkl": "admitted_time",
    "løslatelse": "expected_release_on",
    "løslatelsesdato": "expected_release_on",
    "forventetløslatelse": "expected_release_on",
    "språk": "language",
    "tolk": "interpreter_needed",
}
NAMES = {
    "number": "Nummer",
    "family_name": "Etternavn",
    "given_name": "Fornavn",
    "birth_date": "Fødselsdato",
    "unit": "Avdeling",
    "legal_status": "Grunnlag",
    "admitted_on": "Innsatt dato",
}
REQUIRED = tuple(NAMES)
STATUSES = {
    "dom": "convicted",
    "domfelt": "convicted",
    "soning": "convicted",
    "varetekt": "remand",
    "forvaring": "preventive_detention",
}
LEVELS = {
    "": "high",
    "høyt": "high",
    "høy": "high",
    "høytsikkerhetsnivå": "high",
    "lavere": "low",
    "lavt": "low",
    "lav": "low",
    "laveresikkerhetsnivå": "low",
    "overgangsbolig": "halfway",
}
LENGTHS = {"number": 30, "family_name": 100, "given_name": 100, "unit": 200, "cell": 20, "language": 60}


class UnreadableFile(ValueError):
    """The file as a whole cannot be used; the message says what to do, in Norwegian."""


@dataclass
class Line:
    """One line of the file: its number as a spreadsheet shows it, its values by field, and what is wrong with it."""

    number: int
    values: dict[str, object] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return a text value, "" when it is missing."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else ""


def read(content: bytes) -> list[Line]:
    """Return the lines of a file in order. Raises `UnreadableFile` when it is too large, empty, or no such list at all."""
    if len(content) > MAX_BYTES:
        raise UnreadableFile("Filen er for stor. Den kan være høyst 1 MB.")
    text = _decode(content)
    first = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        # strict: a quote that never closes would swallow the rest of the file in silence.
        table = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        raise UnreadableFile("Filen kan ikke leses. Et anførselstegn mangler kanskje sin make.") from None
    while table and not any(cell.strip() for cell in table[0]):
        table.pop(0)
    if not table:
        raise UnreadableFile("Filen er tom.")
    header = [HEADERS.get(_plain(cell), "") for cell in table[0]]
    missing = [NAMES[name] for name in REQUIRED if name not in header]
    if missing:
        raise UnreadableFile(f"Første linje må ha kolonnenavn. Disse mangler: {', '.join(missing)}.")
    doubled = {name for name in header if name and header.count(name) > 1}
    if doubled:
        raise UnreadableFile("To kolonner har samme innhold. Fjern den ene.")
    rows = [(number, row) for number, row in enumerate(table[1:], start=2) if any(cell.strip() for cell in row)]
    if not rows:
        raise UnreadableFile("Filen har kolonnenavn, men ingen linjer under.")
    if len(rows) > MAX_LINES:
        raise UnreadableFile("Filen har for mange linjer. Den kan ha høyst 1000.")
    return _without_doubles([_line(number, header, row) for number, row in rows])


def _decode(content: bytes) -> str:
    if b"\x00" in content:
        raise UnreadableFile("Filen er ikke en CSV-fil. Velg «Lagre som» og «CSV UTF-8» i regnearket.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What an older Norwegian spreadsheet writes; every byte means something in it, so this cannot fail.
        return content.decode("cp1252", errors="replace") if b"\x81" not in content else content.decode("latin-1")


def _plain(cell: str) -> str:
    """Return a header or code word in lower case with letters only."""
    return re.sub(r"[^a-zæøå]", "", cell.lower())


def _line(number: int, header: list[str], row: list[str]) -> Line:
    line = Line(number)
    if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
        line.errors.append("Linjen har flere kolonner enn overskriften.")
    raw = {name: " ".join(cell.split()) for name, cell in zip(header, row, strict=False) if name}
    for name in REQUIRED:
        if not raw.get(name):
            line.errors.append(f"{NAMES[name]} mangler.")
    for name, longest in LENGTHS.items():
        if name in raw:
            line.values[name] = _text(line, name, raw[name], longest)
    line.values["national_id"] = raw.get("national_id", "")
    _dates(line, raw)
    _codes(line, raw)
    return line


def _text(line: Line, name: str, value: str, longest: int) -> str:
    label = NAMES.get(name) or {"cell": "Celle", "language": "Språk"}[name]
    if value.startswith(FORMULA):
        line.errors.append(f"{label} kan ikke begynne med «{value[0]}».")
    elif any(ord(letter) < 32 or letter == "\ufffd" for letter in value):
        line.errors.append(f"{label} har tegn som ikke kan leses.")
    elif len(value) > longest:
        line.errors.append(f"{label} er for lang. Høyst {longest} tegn.")
    return value[:longest]


def _dates(line: Line, raw: dict[str, str]) -> None:
    for name, label in (("birth_date", "Fødselsdato"), ("expected_release_on", "Løslatelse")):
        if raw.get(name):
            line.values[name] = _parsed(line, raw[name], read_date, f"{label} må skrives slik: 31.12.2026.")
    day_text, _space, time_text = raw.get("admitted_on", "").replace(" kl. ", " ").replace("T", " ").partition(" ")
    time_text = raw.get("admitted_time") or time_text
    if not day_text:
        return
    day = _parsed(line, day_text, read_date, "Innsatt dato må skrives slik: 31.12.2026.")
    wall = _parsed(line, time_text, read_time, "Klokkeslett må skrives slik: 13.02.") if time_text else time(12)
    if day is None or wall is None:
        return
    line.values["admitted_on"] = day
    try:
        # Nobody can be asked here: in the hour that comes twice the first is meant.
        line.values["admitted_at"] = clock.parse_local(day, wall, clock.Fold.FIRST)
    except clock.NonexistentTime:
        line.errors.append("Klokkeslettet fantes ikke denne natten: klokka ble stilt fram.")


def _codes(line: Line, raw: dict[str, str]) -> None:
    if raw.get("legal_status"):
        line.values["legal_status"] = STATUSES.get(_plain(raw["legal_status"]), "")
        if not line.values["legal_status"]:
            line.errors.append("Grunnlag må være dom, varetekt eller forvaring.")
    if "security_level" in raw:
        line.values["security_level"] = LEVELS.get(_plain(raw["security_level"]), "")
        if not line.values["security_level"]:
            line.errors.append("Sikkerhetsnivå må være høyt, lavere eller overgangsbolig.")
    if "interpreter_needed" in raw:
        answer = raw["interpreter_needed"].lower()
        line.values["interpreter_needed"] = answer in YES
        if answer not in YES | NO:
            line.errors.append("Tolk må være ja eller nei.")


def _parsed(line: Line, text: str, parse: Callable[[str], T | None], error: str) -> T | None:
    value = parse(text)
    if value is None:
        line.errors.append(error)
    return value


def read_date(text: str) -> date | None:
    """Return a date written 31.12.2026, 31/12/2026 or 2026-12-31, or None."""
    for form in ("%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d"):
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007 - a date on the wall has no zone
        except ValueError:
            continue
        return found if found.year >= 1900 else None
    return None


def read_time(text: str) -> time | None:
    """Return a time written 13.02, 13:02 or 13:02:00, or None."""
    match = re.fullmatch(r"(\d{1,2})[.:](\d{2})(?::\d{2})?", text)
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return time(int(match[1]), int(match[2]))


def _without_doubles(lines: list[Line]) -> list[Line]:
    """Mark a number that stands on two lines: nobody can know which is right."""
    seen: dict[str, Line] = {}
    for line in lines:
        number = line.text("number")
        if number and number in seen:
            for one in (seen[number], line):
                if (text := "Nummeret står på flere linjer.") not in one.errors:
                    one.errors.append(text)
        seen.setdefault(number, line)
    return lines
