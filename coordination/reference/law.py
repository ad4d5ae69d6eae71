"""The closed list of legal bases for a disclosure, with dated references. Decides nothing about a single disclosure."""

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from coordination.worlds import PERSONAL_WORLDS

from .reading import FIXTURES, Row, among, each, match, span, text, truth, yaml_rows

#: A recipient outside Samvirke: police, a general practitioner, a municipality that does not use it, the inmate.
EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class LegalVersion:
    """How a basis is cited from `valid_from` to `valid_to`, local dates in Oslo, both inclusive; None is until further notice."""

    statute: str
    valid_from: dt.date
    valid_to: dt.date | None
    note: str


@dataclass(frozen=True, slots=True)
class PendingLaw:
    """Adopted law that had no date yet when the list was last checked."""

    statute: str
    act: str
    note: str


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """One row of the closed list of disclosure bases. The fields are explained at the top of legal_bases.yaml."""

    code: str
    key: str
    title: str
    senders: tuple[str, ...]
    recipients: tuple[str, ...]
    routes: tuple[tuple[str, str], ...]
    needs: Literal["none", "consent", "necessity"]
    blocked_by: Literal["none", "refusal", "objection"]
    duty: bool
    inform_inmate: Literal["yes", "no", "recommended"]
    within: tuple[str, ...]
    on_request: bool
    verify: bool
    conditions: str
    content: str
    note: str
    source: str
    versions: tuple[LegalVersion, ...]
    pending: tuple[PendingLaw, ...]


@cache
def legal_bases(folder: Path = FIXTURES) -> tuple[LegalBasis, ...]:
    """The closed list of disclosure bases with their dated references. Raises InvalidReference."""
    rows: list[Row] = yaml_rows(folder, "legal_bases.yaml")
    codes = {row.get("code", "") for row in rows}
    found = each("legal_bases.yaml", rows, "code", lambda row: _legal_basis(row, codes))
    each("legal_bases.yaml", rows, "key", lambda row: row)  # unique as well
    return found


def _legal_basis(row: Row, codes: set[str]) -> LegalBasis:
    senders = tuple(among(world, PERSONAL_WORLDS) for world in row["senders"])
    recipients = tuple(among(world, (*PERSONAL_WORLDS, EXTERNAL)) for world in row["recipients"])
    product = tuple((s, r) for s in senders for r in recipients)
    routes = tuple((s, r) for s, r in row.get("routes", product))
    if (
        not set(routes) <= set(product)
        or {s for s, _ in routes} != set(senders)
        or {r for _, r in routes} != set(recipients)
    ):
        raise ValueError("routes do not agree with senders and recipients")
    basis = LegalBasis(
        code=match(row["code"], r"LB\d\d"),
        key=match(row["key"], r"[a-z_]+"),
        title=text(row["title"]),
        senders=senders,
        recipients=recipients,
        routes=routes,
        needs=among(row["needs"], ("none", "consent", "necessity")),
        blocked_by=among(row["blocked_by"], ("none", "refusal", "objection")),
        duty=truth(row["duty"]),
        inform_inmate=among(row["inform_inmate"], ("yes", "no", "recommended")),
        within=tuple(among(code, codes) for code in row.get("within", ())),
        on_request=truth(row.get("on_request", False)),
        verify=truth(row.get("verify", False)),
        conditions=text(row["conditions"]),
        content=text(row["content"]),
        note=row["note"],
        source=text(row["source"]),
        versions=tuple(legal_version(version) for version in row["versions"]),
        pending=tuple(PendingLaw(text(p["statute"]), text(p["act"]), p["note"]) for p in row.get("pending", ())),
    )
    # A refused consent must never be able to stop an alert about illness, exclusion or danger.
    if basis.duty and (basis.blocked_by != "none" or basis.needs == "consent"):
        raise ValueError("a duty cannot be blocked, and cannot need consent")
    if (basis.needs == "consent") != (basis.blocked_by == "refusal"):
        raise ValueError("a refusal blocks what needs consent, and nothing else")
    if not basis.versions:
        raise ValueError("at least one version is needed")
    for earlier, later in zip(basis.versions, basis.versions[1:], strict=False):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            raise ValueError(f"version from {later.valid_from} overlaps the one before, or is out of order")
    return basis


def legal_version(row: Row) -> LegalVersion:
    """Read one dated reference. Raises ValueError."""
    return LegalVersion(text(row["statute"]), *span(row), row["note"])
