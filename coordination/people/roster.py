"""The verbs about a roster file: keep what was read until somebody says yes, then do all of it in one transaction. Parses no file."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from coordination import clock, formats, national_id
from coordination.identity import Actor, signed
from coordination.models import LegalStatus, Person, RosterImport, SecurityLevel, Stay, Unit
from coordination.people import access, actions, stays
from coordination.people.checks import NUMBER_REASONS, birth_date_problem
from coordination.people.identifiers import lookup_hash, seal, unseal
from coordination.refusals import Refused
from coordination.roster import Line
from coordination.worlds import World

LABELS = {
    "family_name": "Etternavn",
    "given_name": "Fornavn",
    "birth_date": "Fødselsdato",
    "national_id": "Fødselsnummer",
    "unit": "Avdeling",
    "cell": "Celle",
    "language": "Språk",
    "interpreter_needed": "Tolk",
    "legal_status": "Grunnlag",
    "security_level": "Sikkerhetsnivå",
    "expected_release_on": "Løslatelse",
    "stay": "Opphold",
}
OF_PERSON = ("family_name", "given_name", "birth_date", "cell", "language", "interpreter_needed")
OF_STAY = ("legal_status", "security_level")


@dataclass
class Found:
    """One line beside what the prison has: what it would do. `kind` is new, changed, same or wrong."""

    line: int
    name: str
    number: str
    kind: str
    texts: list[str] = field(default_factory=list)


@dataclass
class Known:
    """What the prison has already, by the number it uses itself."""

    people: dict[str, Person]
    stays: dict[UUID, Stay]
    units: dict[str, Unit]


def known_to(actor: Actor, rows: list[dict[str, Any]], *, lock: bool = False) -> Known:
    """Read those the rows speak of, in three queries whatever their number."""
    numbers = [row["values"].get("number", "") for row in rows]
    people = Person.objects.filter(agency_id=actor.agency_id, number__in=numbers)
    if lock:
        people = people.select_for_update().order_by("id")
    by_number = {person.number: person for person in people}
    keys = [person.pk for person in by_number.values()]
    open_stays = Stay.objects.filter(agency_id=actor.agency_id, person_id__in=keys, ended_at=None)
    return Known(
        by_number,
        {stay.person_id: stay for stay in open_stays},
        {unit.name.lower(): unit for unit in access.units_of(actor)},
    )


def keep(actor: Actor, lines: list[Line], *, at: datetime) -> RosterImport:
    """Keep what was read, with every person number encrypted, and return the row. Nothing about any person is saved yet."""
    _require_leader(actor)
    rows = [_kept(line) for line in lines]
    found = compare(actor, rows, at=at)
    row = RosterImport(
        rows=rows,
        new=sum(one.kind == "new" for one in found),
        changed=sum(one.kind == "changed" for one in found),
        wrong=sum(one.kind == "wrong" for one in found),
        **signed(actor, at),
    )
    row.save(force_insert=True)
    return row


def _require_leader(actor: Actor) -> None:
    if not access.is_leader(actor) or actor.world is not World.CUSTODY:
        raise Refused("role", _("Rollen din kan ikke lese inn lister."))


def _kept(line: Line) -> dict[str, Any]:
    """Return a line as plain JSON; the person number is checked now and kept sealed."""
    errors = list(line.errors)
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in line.values.items()}
    typed = str(values.pop("national_id", ""))
    values["sealed"] = ""
    if typed:
        try:
            values["sealed"] = seal(national_id.parse(typed, allow_synthetic=settings.ALLOW_SYNTHETIC_IDS).number)
        except national_id.InvalidNationalId as refused:
            errors.append(f"{LABELS['national_id']}: {NUMBER_REASONS[refused.reason]}")
    return {"line": line.number, "values": values, "errors": errors}


def compare(actor: Actor, rows: list[dict[str, Any]], *, at: datetime, known: Known | None = None) -> list[Found]:
    """Return what each line would do, in order."""
    known = known or known_to(actor, rows)
    return [_compare_one(row, known, at) for row in rows]


def _compare_one(row: dict[str, Any], known: Known, at: datetime) -> Found:
    values = row["values"]
    name = ", ".join(part for part in (values.get("family_name", ""), values.get("given_name", "")) if part)
    found = Found(row["line"], name, values.get("number", ""), "wrong", [*row["errors"], *_wrong(values, known, at)])
    if found.texts:
        return found
    person = known.people.get(found.number)
    if person is None:
        found.kind = "new"
        return found
    found.texts = [
        f"{LABELS[what]}: {old} → {new}" if old else f"{LABELS[what]}: {new}"
        for what, old, new in _changes(values, person, known)
    ]
    found.kind = "changed" if found.texts else "same"
    return found


def _wrong(values: dict[str, Any], known: Known, at: datetime) -> list[str]:
    """Return what only the prison's own facts can tell is wrong."""
    texts = []
    if values.get("unit") and values["unit"].lower() not in known.units:
        texts.append(_("Avdelingen finnes ikke her."))
    if values.get("birth_date"):
        problem = birth_date_problem(date.fromisoformat(values["birth_date"]), clock.local_date(at))
        texts += [problem] if problem else []
    if values.get("admitted_at"):
        admitted = datetime.fromisoformat(values["admitted_at"])
        release = values.get("expected_release_on")
        if admitted > at:
            texts.append(_("Innsatt dato kan ikke være fram i tid."))
        if release and date.fromisoformat(release) < clock.local_date(admitted):
            texts.append(_("Løslatelsen kan ikke være før innsettelsen."))
    return texts


def _changes(values: dict[str, Any], person: Person, known: Known) -> list[tuple[str, str, str]]:
    """Return (what, old, new) in words. A column the file does not have changes nothing, nor does an empty cell of one it may leave out."""
    changes = []
    for what in OF_PERSON:
        if (
            what in values
            and (new := _value(what, values[what])) != getattr(person, what)
            and (new != "" or what == "cell")
        ):
            changes.append((what, _shown(what, getattr(person, what)), _shown(what, new)))
    unit = known.units[values["unit"].lower()]
    if unit.pk != person.unit_id:
        changes.append(("unit", "", str(unit)))
    if values["sealed"] and lookup_hash(unseal(values["sealed"]), World.CUSTODY) != bytes(
        person.national_id_lookup or b""
    ):
        changes.append(("national_id", "", _("nytt nummer")))
    stay = known.stays.get(person.pk)
    if stay is None:
        return [*changes, ("stay", "", _("settes inn på nytt"))]
    for what in OF_STAY:
        if values.get(what) and values[what] != getattr(stay, what):
            changes.append((what, _shown(what, getattr(stay, what)), _shown(what, values[what])))
    if values.get("expected_release_on"):
        new_date = date.fromisoformat(values["expected_release_on"])
        if new_date != stay.expected_release_on:
            changes.append(
                (
                    "expected_release_on",
                    _shown("expected_release_on", stay.expected_release_on),
                    _shown("expected_release_on", new_date),
                )
            )
    return changes


def _value(what: str, value: Any) -> Any:
    return date.fromisoformat(value) if what == "birth_date" else value


def _shown(what: str, value: Any) -> str:
    if isinstance(value, date):
        return formats.shortdate(value)
    if isinstance(value, bool):
        return _("ja") if value else _("nei")
    if what == "legal_status":
        return str(LegalStatus(value).label)
    if what == "security_level":
        return str(SecurityLevel(value).label)
    return str(value) if value else _("tomt")


def discard(actor: Actor, row: RosterImport, *, at: datetime) -> None:
    """Throw away what was read. Raises `Refused` when it is answered already, `StaleWrite`."""
    _must_wait(row)
    row.rows, row.discarded_at = [], at
    row.save_changes(["rows", "discarded_at"])


def confirm(actor: Actor, row: RosterImport, *, at: datetime) -> tuple[int, int]:
    """Do every line that is not wrong, all or nothing, and return how many were new and changed.

    Compared anew: the prison's facts may have moved since the preview. Raises `Refused` with the line that could not be done.
    """
    _require_leader(actor)
    _must_wait(row)
    new = changed = 0
    with transaction.atomic():
        known = known_to(actor, row.rows, lock=True)
        by_line = {kept["line"]: kept["values"] for kept in row.rows}
        for found in compare(actor, row.rows, at=at, known=known):
            try:
                if found.kind == "new":
                    _add(actor, by_line[found.line], known, at)
                    new += 1
                elif found.kind == "changed":
                    _change(actor, by_line[found.line], known, at)
                    changed += 1
            except Refused as refused:
                text = _("Linje %(line)s: %(reason)s Ingenting er lagret.") % {"line": found.line, "reason": refused}
                raise Refused(refused.code, text) from None
        row.rows, row.confirmed_at, row.new, row.changed = [], at, new, changed
        row.save_changes(["rows", "confirmed_at", "new", "changed"])
    return new, changed


def _must_wait(row: RosterImport) -> None:
    if row.confirmed_at is not None or row.discarded_at is not None:
        raise Refused("answered", _("Listen er allerede lest inn eller forkastet."))


def _stay_of(values: dict[str, Any]) -> dict[str, Any]:
    release = values.get("expected_release_on")
    return {
        "legal_status": values["legal_status"],
        "security_level": values.get("security_level") or SecurityLevel.HIGH,
        "admitted_at": datetime.fromisoformat(values["admitted_at"]),
        "expected_release_on": date.fromisoformat(release) if release else None,
    }


def _add(actor: Actor, values: dict[str, Any], known: Known, at: datetime) -> None:
    person = actions.register_person(
        actor,
        unit=known.units[values["unit"].lower()],
        number=values["number"],
        family_name=values["family_name"],
        given_name=values["given_name"],
        birth_date=date.fromisoformat(values["birth_date"]),
        national_id=unseal(values["sealed"]),
        cell=values.get("cell", ""),
        language=values.get("language", ""),
        interpreter_needed=values.get("interpreter_needed", False),
        at=at,
    )
    actions.admit(actor, person, **_stay_of(values), at=at)


def _change(actor: Actor, values: dict[str, Any], known: Known, at: datetime) -> None:
    person = known.people[values["number"]]
    what = {name for name, _old, _new in _changes(values, person, known)}
    unit = known.units[values["unit"].lower()]
    facts = {name: _value(name, values[name]) for name in OF_PERSON if name in what}
    if facts or "national_id" in what:
        number = unseal(values["sealed"]) if "national_id" in what else ""
        stays.edit_person(actor, person, version=person.version, national_id=number, **facts)
    if "stay" in what:
        actions.admit_again(actor, person, unit=unit, cell=person.cell, **_stay_of(values), at=at)
        return
    if "unit" in what:
        actions.move_to_unit(actor, person, unit, cell=person.cell, at=at)
    stay = known.stays[person.pk]
    if what & set(OF_STAY):
        now = {name: values.get(name) or getattr(stay, name) for name in OF_STAY}
        restrictions = stay.remand_restrictions
        stays.edit_stay(actor, person, stay, version=stay.version, remand_restrictions=restrictions, at=at, **now)
    if "expected_release_on" in what:
        on = date.fromisoformat(values["expected_release_on"])
        stays.set_expected_release(actor, person, stay, on=on, version=stay.version, at=at)
