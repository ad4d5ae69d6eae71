"""What every extract for an agency's own archive shares: the element names of Noark 5's arkivstruktur around it, and files with their hashes.

The names and their order follow Noark 5.5 as far as there is something to say. What only the receiving archive can give (case number, journal
number, classification) is left out, so a file is not a complete extraction and is not validated against the National Archives' schema.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from coordination.identity import Actor

NOARK = "http://www.arkivverket.no/standarder/noark5/arkivstruktur"
FORMAT = "PDF/A-2a"
Element = ElementTree.Element
ElementTree.register_namespace("", NOARK)


def archive(actor: Actor, *, key: UUID, title: str, first: datetime, at: datetime) -> tuple[Element, Element]:
    """Return an archive with one case, and the case: its own key and title, and the instant of the first thing in it."""
    root = element("arkiv", systemID=actor.agency_id, tittel=actor.agency_name, opprettetDato=at)
    part = under(root, "arkivdel", systemID=actor.agency_id, tittel="Samvirke", arkivdelstatus="Aktiv periode", opprettetDato=at)  # fmt: skip
    case = under(part, "mappe", systemID=key, tittel=title, opprettetDato=first, opprettetAv=actor.agency_name)
    return root, case


def written(root: Element) -> bytes:
    """Return an archive as XML."""
    ElementTree.indent(root)
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def document(entry: Element, key: UUID, place: tuple[str, str, int], title: str, *, by: str, at: datetime) -> Element:
    """Add the description of one document. `place` is its type, what it is to the entry, and its number there."""
    kind, part, number = place
    return under(
        entry,
        "dokumentbeskrivelse",
        systemID=key,
        dokumenttype=kind,
        dokumentstatus="Dokumentet er ferdigstilt",
        tittel=title,
        opprettetDato=at,
        opprettetAv=by,
        tilknyttetRegistreringSom=part,
        dokumentnummer=number,
        tilknyttetDato=at,
        tilknyttetAv=by,
    )


def file(described: Element, variant: str, form: str, name: str, data: bytes, *, made_by: str, at: datetime) -> None:
    """Add where the bytes of a document lie, and their hash."""
    under(
        described,
        "dokumentobjekt",
        versjonsnummer=1,
        variantformat=variant,
        format=form,
        opprettetDato=at,
        opprettetAv=made_by,
        referanseDokumentfil=name,
        sjekksum=hashlib.sha256(data).hexdigest(),
        sjekksumAlgoritme="SHA-256",
        filstoerrelse=len(data),
    )


def element(tag: str, **facts: Any) -> Element:
    """Return an element with a leaf for each fact that is not empty."""
    made = ElementTree.Element(f"{{{NOARK}}}{tag}")
    for name, value in facts.items():
        leaf(made, name, value)
    return made


def under(parent: Element, tag: str, **facts: Any) -> Element:
    """Add such an element under another, and return it."""
    made = element(tag, **facts)
    parent.append(made)
    return made


def leaf(parent: Element, name: str, value: Any, space: str = NOARK) -> None:
    """Add one fact; nothing for an empty one."""
    if value not in (None, ""):
        ElementTree.SubElement(parent, f"{{{space}}}{name}").text = clean(_said(value))


def _said(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def own_part(entry: Element) -> Element:
    """Return the place Noark gives to what it leaves to the trade, added to an entry."""
    return ElementTree.SubElement(entry, f"{{{NOARK}}}virksomhetsspesifikkeMetadata")


def facts(parent: Element, rows: Iterable[tuple[str, Any]], own: str) -> None:
    """Add facts under labels, as fields of our own; a list becomes one line."""
    for label, value in rows:
        told = ElementTree.SubElement(parent, f"{{{own}}}felt", {"navn": clean(label)})
        told.text = clean("; ".join(map(str, value)) if isinstance(value, list) else _said(value))


def clean(text: str) -> str:
    """Return text without the control characters that XML 1.0 cannot hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
