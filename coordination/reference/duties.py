"""The duties of the circulars and the deadline rules, as their sources word them. Computes no deadline."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from .law import legal_bases
from .reading import FIXTURES, Row, among, each, match, text, truth, yaml_rows


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty from the circulars. `build` is True when the software must carry it, and a test must prove it."""

    id: str
    source_section: str
    group: str
    agency: str
    role: str
    duty: str
    wording: str
    strength: Literal["skal", "bør", "anbefalt", "kan"]
    trigger: str
    legal_reference: str
    legal_bases: tuple[str, ...]
    deadlines: tuple[str, ...]
    build: bool
    what: str
    same_build_as: str | None


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """A deadline as its source words it. `family` is circular (D), statute (B) or pending (N, adopted without a date)."""

    id: str
    family: Literal["circular", "statute", "pending"]
    name: str
    starts_at: str
    wording: str
    due: str
    repeats: str
    recipient: str
    escalation: str
    source: str
    obligations: tuple[str, ...]
    ambiguous: bool
    choice: str
    in_force: bool
    note: str


@cache
def obligations(folder: Path = FIXTURES) -> tuple[Obligation, ...]:
    """The register of duties, in the order of the circulars. Raises InvalidReference."""
    rows: list[Row] = yaml_rows(folder, "obligations.yaml")
    ids = {row.get("id", "") for row in rows}
    bases = {basis.code for basis in legal_bases(folder)}
    return each("obligations.yaml", rows, "id", lambda row: _obligation(row, ids, bases))


@cache
def deadline_rules(folder: Path = FIXTURES) -> tuple[DeadlineRule, ...]:
    """The deadline rules of the circulars and the statutes. Raises InvalidReference."""
    parts = yaml_rows(folder, "deadlines.yaml")
    known = {duty.id for duty in obligations(folder)}
    rows: list[Row] = [*parts["circular"], *parts["beyond_circulars"]]
    return each("deadlines.yaml", rows, "id", lambda row: _deadline_rule(row, known))


def _obligation(row: Row, ids: set[str], bases: set[str]) -> Obligation:
    software = row["software"]
    cited = (code for flow in row["information_flow"] for code in flow["legal_basis"])
    same = software["same_build_as"]
    return Obligation(
        id=match(row["id"], r"R(M\d|\d(\.\d)*)-[a-z]"),
        source_section=text(row["source_section"]),
        group=text(row["group"]),
        agency=text(row["agency"]),
        role=row["role"] or "",
        duty=text(row["duty"]),
        wording=row["wording"] or "",
        strength=among(row["strength"], ("skal", "bør", "anbefalt", "kan")),
        trigger=row["trigger"] or "",
        legal_reference=row["legal_reference"] or "",
        legal_bases=tuple(dict.fromkeys(among(code, bases) for code in cited)),
        deadlines=tuple(dict.fromkeys(re.findall(r"\b[DBN]\d\d[a-z]?\b", row["deadline"] or ""))),
        build=among(software["disposition"], ("build", "policy_only")) == "build",
        what=text(software["what"]),
        same_build_as=None if same is None else among(same, ids),
    )


def _deadline_rule(row: Row, known: set[str]) -> DeadlineRule:
    families: dict[str, Literal["circular", "statute", "pending"]] = {"D": "circular", "B": "statute", "N": "pending"}
    family = families[match(row["id"], r"[DBN]\d\d[a-z]?")[0]]
    return DeadlineRule(
        id=row["id"],
        family=family,
        name=text(row["name"]),
        starts_at=text(row["starts_at"]),
        wording=row.get("wording", ""),
        due=text(row["due"]),
        repeats=row.get("repeats", ""),
        recipient=row["recipient"],
        escalation=row.get("escalation", ""),
        source=text(row["source"]),
        obligations=tuple(among(duty, known) for duty in row.get("obligations", ())),
        ambiguous=truth(row.get("ambiguous", False)),
        choice=row.get("recommended_choice", ""),
        in_force=truth(row.get("in_force", True)),
        note=row.get("note", ""),
    )
