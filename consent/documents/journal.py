"""A journal as plain values: on the page, as text to copy, on paper, and as XML for an archive. Asks no database."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from consent.documents import noark
from consent.models import JournalReference
from coordination import clock, formats
from coordination.identity import Actor
from coordination.journal import Entry
from coordination.models.people import Named
from coordination.worlds import World

#: What an entry carries beyond Noark's own; described by fixtures/journal.xsd, which goes with every file.
OWN = "urn:samvirke:journal:1"
ElementTree.register_namespace("j", OWN)
References = Mapping[UUID, JournalReference]


@dataclass(frozen=True)
class Filed:
    """Some entries and the document of them: its title, its name in the archive, and its bytes."""

    entries: list[Entry]
    title: str
    name: str
    paper: bytes


def title_of(entries: list[Entry]) -> str:
    """Return the title of a document: of one record its own, else the journal's. Names nobody."""
    return entries[0].title if len(entries) == 1 and entries[0].row is not None else _("Journal")


def one_by_one(actor: Actor) -> bool:
    """Return whether every entry gets a document of its own: a health service's records are kept one by one, a prison's journal is one."""
    return actor.world is not World.CUSTODY


def rows(entries: Iterable[Entry], references: References) -> Iterator[dict[str, Any]]:
    """Return each entry as a page or a paper shows it, with the reference that holds."""
    for entry in entries:
        late = entry.recorded_at
        yield {
            "entry": entry,
            "late": _("skrevet inn %(moment)s") % {"moment": formats.datetime_no(late)} if late else "",
            "filed": references.get(entry.mark),
        }


def text_of(entries: Iterable[Entry]) -> str:
    """Return entries as text to copy into another system: one paragraph each, with when and who. (obligation RM8-e)"""
    return "\n\n".join(_paragraph(entry) for entry in entries)


def _paragraph(entry: Entry) -> str:
    head = f"{formats.datetime_no(entry.at)}: {entry.title}"
    if entry.recorded_at is not None:
        head = f"{head} ({_('skrevet inn %(moment)s') % {'moment': formats.datetime_no(entry.recorded_at)}})"
    facts = [f"{label}: {value}" if label else value for label, value in entry.facts]
    return "\n".join(line for line in (head, *facts, entry.who) if line)


def paper(actor: Actor, person: Named, entries: list[Entry], references: References, at: datetime) -> dict[str, Any]:
    """Return the context of a journal on paper, or of one record of it."""
    return {
        "agency_name": actor.agency_name,
        "printed_by": actor.display_name,
        "printed_at": at,
        "heading": title_of(entries),
        "person": {"name": str(person), "born": formats.shortdate(person.birth_date)},
        "health": one_by_one(actor),
        "rows": list(rows(entries, references)),
        "first": entries[0].at if entries else None,
        "last": entries[-1].at if entries else None,
    }


def structure(actor: Actor, person: Named, filed: list[Filed], references: References, *, at: datetime) -> bytes:
    """Return the XML of a journal: one Noark registration for each document, and its entries field by field."""
    first = min((entry.at for row in filed for entry in row.entries), default=at)
    root, case = noark.archive(actor, key=person.pk, title=str(person), first=first, at=at)
    for row in filed:
        began = min((entry.at for entry in row.entries), default=at)
        by = row.entries[0].who if len(row.entries) == 1 else actor.signature
        key = row.entries[0].mark if len(row.entries) == 1 else person.pk
        entry = noark.under(
            case, "registrering", systemID=key, opprettetDato=began, opprettetAv=by, tittel=row.title
        )  # fmt: skip
        described = noark.document(entry, key, ("Journal", "Hoveddokument", 1), row.title, by=by, at=began)
        noark.file(described, "Arkivformat", noark.FORMAT, row.name, row.paper, made_by=actor.signature, at=at)
        _own(noark.own_part(entry), row.entries, references)
        kind = "Organinternt dokument uten oppfølging"
        for name, value in (("journalposttype", kind), ("dokumentetsDato", clock.local_date(began))):
            noark.leaf(entry, name, value)
    return noark.written(root)


def _own(place: noark.Element, entries: list[Entry], references: References) -> None:
    """Add the entries under names of our own, in the order and form of the schema."""
    journal = ElementTree.SubElement(place, f"{{{OWN}}}journal")
    for entry in entries:
        told = ElementTree.SubElement(journal, f"{{{OWN}}}innfoersel")
        filed = references.get(entry.mark)
        for name, value in (
            ("merke", entry.mark),
            ("tidspunkt", entry.at),
            ("skrevetInn", entry.recorded_at),
            ("tittel", entry.title),
            ("signertAv", entry.who),
            ("retterEllerUtfyller", entry.adds_to),
        ):
            noark.leaf(told, name, value, OWN)
        noark.facts(told, entry.facts, OWN)
        if filed is not None:
            noark.leaf(told, "foertSystem", filed.system, OWN)
            noark.leaf(told, "foertReferanse", filed.reference, OWN)
            noark.leaf(told, "foertTidspunkt", filed.recorded_at, OWN)
            noark.leaf(told, "foertAv", filed.by_name, OWN)
