"""Counties, municipalities, health trusts, regions and prisons. Holds no rule about who may do what."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .reading import FIXTURES, CsvRows


@dataclass(frozen=True, slots=True)
class County:
    number: str
    name: str
    official_name: str


@dataclass(frozen=True, slots=True)
class Municipality:
    """`name` is not unique in Norway (Herøy, Våler); `number` is."""

    number: str
    name: str
    official_name: str
    county: str


@dataclass(frozen=True, slots=True)
class HealthAuthority:
    """A regional health authority (RHF)."""

    org_number: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class HealthTrust:
    """A health trust (HF); `authority` is the organisation number of its RHF."""

    org_number: str
    name: str
    authority: str


@dataclass(frozen=True, slots=True)
class Region:
    """A region of the correctional service; `covers` holds county names."""

    code: str
    name: str
    covers: tuple[str, ...]
    seat: str


@dataclass(frozen=True, slots=True)
class Prison:
    """Demo data, to be edited by whoever installs: no official list was found. `health_trust` is an organisation number, or empty."""

    name: str
    parent: str
    region: str
    kind: str
    security_level: str
    group: str
    municipality: str
    health_trust: str
    special_unit: str
    confidence: str
    note: str


@cache
def counties(folder: Path = FIXTURES) -> tuple[County, ...]:
    """The 15 counties, by number. Raises InvalidReference."""
    file = CsvRows(folder, "counties.csv", key="number")
    return tuple(County(file.match("number", r"\d\d"), file["name"], file["official_name"]) for _ in file)


@cache
def municipalities(folder: Path = FIXTURES) -> tuple[Municipality, ...]:
    """The 357 municipalities of 2024, by number. Raises InvalidReference."""
    known = {c.number for c in counties(folder)}
    file = CsvRows(folder, "municipalities.csv", key="number")
    return tuple(
        Municipality(file.match("number", r"\d{4}"), file["name"], file["official_name"], file.one_of("county", known))
        for _ in file
    )


@cache
def health_authorities(folder: Path = FIXTURES) -> tuple[HealthAuthority, ...]:
    """The four regional health authorities. Raises InvalidReference."""
    file = CsvRows(folder, "health_authorities.csv", key="org_number")
    return tuple(HealthAuthority(file.org_number(), file["name"], file["short_name"]) for _ in file)


@cache
def health_trusts(folder: Path = FIXTURES) -> tuple[HealthTrust, ...]:
    """The health trusts that treat patients. Raises InvalidReference."""
    known = {a.org_number for a in health_authorities(folder)}
    file = CsvRows(folder, "health_trusts.csv", key="org_number")
    return tuple(HealthTrust(file.org_number(), file["name"], file.one_of("authority", known)) for _ in file)


@cache
def regions(folder: Path = FIXTURES) -> tuple[Region, ...]:
    """The regions of the correctional service; together they cover every county once. Raises InvalidReference."""
    names = {c.name for c in counties(folder)}
    file = CsvRows(folder, "regions.csv", key="code")
    taken: set[str] = set()
    found = []
    for _ in file:
        covers = tuple(part.strip() for part in file["covers"].split(","))
        for county in covers:
            if county not in names or county in taken:
                file.fail(f"county {county!r} is unknown or covered twice")
            taken.add(county)
        found.append(Region(file["code"], file["name"], covers, file.optional("seat")))
    return tuple(found)


@cache
def prisons(folder: Path = FIXTURES) -> tuple[Prison, ...]:
    """Prisons and departments, as editable demo data. Raises InvalidReference."""
    hosts = {m.number: m.name for m in municipalities(folder)}
    trusts = {t.org_number for t in health_trusts(folder)} | {""}
    codes = {r.code for r in regions(folder)}
    file = CsvRows(folder, "prisons.csv", key="name")
    found = []
    for _ in file:
        if hosts.get(file["municipality"]) != file["host_municipality"]:
            file.fail(f"municipality {file['municipality']} is not {file['host_municipality']}")
        found.append(
            Prison(
                name=file["name"],
                parent=file.optional("parent"),
                region=file.one_of("region", codes),
                kind=file.one_of("kind", {"prison", "preventive_detention", "department", "youth", "halfway_house"}),
                security_level=file.one_of("security_level", {"high", "low", "high_and_low", "halfway_house", ""}),
                group=file.one_of("group", {"women", "minors", ""}),
                municipality=file["municipality"],
                health_trust=file.one_of("health_trust", trusts),
                special_unit=file.one_of("special_unit", {"recovery_unit", "stifinner", ""}),
                confidence=file.one_of("confidence", {"high", "medium", "low"}),
                note=file.optional("note"),
            )
        )
    return tuple(found)
