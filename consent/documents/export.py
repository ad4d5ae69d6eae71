"""Letters as an archive takes them: metadata with the element names of Noark 5's arkivstruktur, and the content as fields. Asks no database.

The names and their order follow Noark 5.5 as far as a letter has what they ask for. What only the receiving archive can give (case number,
journal number, classification) is left out, so the file is not a complete extraction and is not validated against the National Archives' schema.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from consent.documents.letters import name_in, rows_of, sender_of, sides, title_of
from consent.models import Attachment, Letter
from coordination import clock
from coordination.identity import Actor

NOARK = "http://www.arkivverket.no/standarder/noark5/arkivstruktur"
#: What a letter carries beyond Noark's own: the ground, the receipts, the hash both copies share, and the content as fields.
OWN = "urn:samvirke:brev:1"
FORMAT = "PDF/A-2a"
Element = ElementTree.Element


#: What a file that went with a letter is called in the archive, and the ending its name gets.
FORMATS = {"application/pdf": ("PDF", "pdf"), "image/png": ("PNG", "png"), "image/jpeg": ("JPEG", "jpg")}


@dataclass(frozen=True)
class Filed:
    """A letter and the document of it: the file's name in the archive, and its bytes. The files that went with it stand beside, by number."""

    letter: Letter
    name: str
    paper: bytes
    beside: tuple[Attachment, ...] = ()

    def files(self) -> list[tuple[str, bytes]]:
        """Return what lies in the archive for this letter: the document first, then what went with it. No name names anybody."""
        return [(self.name, self.paper), *((self.name_beside(row), bytes(row.data)) for row in self.beside)]

    def name_beside(self, row: Attachment) -> str:
        """Return the name in the archive of a file that went with the letter."""
        return f"{self.name.removesuffix('.pdf')}-{row.number}.{FORMATS[row.content_type][1]}"


def structure(
    actor: Actor, filed: Iterable[Filed], basis_titles: dict[str, str], *, person_id: UUID | None, at: datetime
) -> bytes:
    """Return the XML of some letters, one journal entry each, in one case. `person_id` is the case's own key, None for one letter."""
    letters = list(filed)
    root = _element("arkiv", systemID=actor.agency_id, tittel=actor.agency_name, opprettetDato=at)
    part = _under(root, "arkivdel", systemID=actor.agency_id, tittel="Samvirke", arkivdelstatus="Aktiv periode", opprettetDato=at)  # fmt: skip
    first = min((row.letter.sent_at for row in letters), default=at)
    case = _under(
        part,
        "mappe",
        systemID=person_id or letters[0].letter.thread_id,
        tittel=name_in(letters[0].letter) or title_of(letters[0].letter) if letters else "",
        opprettetDato=first,
        opprettetAv=actor.agency_name,
    )
    for number, row in enumerate(letters, start=1):
        _entry(actor, case, row, number, basis_titles.get(row.letter.basis, row.letter.basis), at)
    ElementTree.register_namespace("", NOARK)
    ElementTree.register_namespace("s", OWN)
    ElementTree.indent(root)
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def _entry(actor: Actor, case: Element, row: Filed, number: int, basis: str, at: datetime) -> None:
    letter, out = row.letter, row.letter.direction == Letter.Direction.OUT
    entry = _under(
        case,
        "registrering",
        systemID=letter.pk,
        opprettetDato=letter.sent_at,
        opprettetAv=sender_of(letter) if out else letter.other_agency.name,
        tittel=title_of(letter),
    )
    (_world, sender), (_other, recipient) = sides(actor, letter)
    for role, name, person in (("Avsender", sender, sender_of(letter)), ("Mottaker", recipient, "")):
        _under(entry, "korrespondansepart", korrespondanseparttype=role, korrespondansepartNavn=name, kontaktperson=person)  # fmt: skip
    main = _document(entry, letter, letter.letter_id, ("Brev", "Hoveddokument", 1), title_of(letter))
    _file(main, "Arkivformat", FORMAT, row.name, row.paper, made_by=actor.signature, at=at)
    for file in row.beside:
        beside = _document(entry, letter, file.pk, ("Vedlegg", "Vedlegg", file.number + 1), file.name)
        kind = FORMATS[file.content_type][0]
        # As it was sent: nobody has made it into a format for the ages.
        _file(beside, "Produksjonsformat", kind, row.name_beside(file), bytes(file.data), made_by=sender_of(letter), at=letter.sent_at)  # fmt: skip
    _own(entry, letter, basis)
    day = clock.local_date(letter.sent_at)
    for name, value in (
        ("journalposttype", "Utgående dokument" if out else "Inngående dokument"),
        ("journalstatus", "Journalført" if letter.filed_at else "Ferdigstilt fra saksbehandler"),
        ("journaldato", day),
        ("dokumentetsDato", day),
        ("sendtDato" if out else "mottattDato", day),
        ("antallVedlegg", len(row.beside)),
    ):
        _leaf(entry, name, value)


def _document(entry: Element, letter: Letter, key: UUID, place: tuple[str, str, int], title: str) -> Element:
    """Add the description of one document of a letter. `place` is its type, what it is to the letter, and its number there."""
    kind, part, number = place
    return _under(
        entry,
        "dokumentbeskrivelse",
        systemID=key,
        dokumenttype=kind,
        dokumentstatus="Dokumentet er ferdigstilt",
        tittel=title,
        opprettetDato=letter.sent_at,
        opprettetAv=sender_of(letter),
        tilknyttetRegistreringSom=part,
        dokumentnummer=number,
        tilknyttetDato=letter.sent_at,
        tilknyttetAv=sender_of(letter),
    )


def _file(document: Element, variant: str, form: str, name: str, data: bytes, *, made_by: str, at: datetime) -> None:
    """Add where the bytes of a document lie, and their hash."""
    _under(
        document,
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


def _own(entry: Element, letter: Letter, basis: str) -> None:
    """What Noark leaves to the trade: kept under names of our own, in the place it gives for that."""
    own = ElementTree.SubElement(entry, f"{{{NOARK}}}virksomhetsspesifikkeMetadata")
    for name, value in (
        ("brevId", letter.letter_id),
        ("traadId", letter.thread_id),
        ("type", letter.kind),
        ("innholdSjekksum", bytes(letter.digest).hex()),
        ("innholdSjekksumAlgoritme", "SHA-256"),
        ("rettsgrunnlag", f"{letter.basis} {basis}"),
        ("hjemmel", letter.statute),
        ("begrunnelse", letter.necessity),
        ("samtykke", letter.consent_id),
        ("svarPaa", letter.in_reply_to),
        ("retter", letter.supersedes),
        ("rettetAv", letter.superseded_by),
        ("lest", letter.read_at),
        ("kvittert", letter.acknowledged_at),
        ("kvittertAv", letter.acknowledged_by),
        ("besvart", letter.answered_at),
        ("journalfoert", letter.filed_at),
        ("journalreferanse", letter.filed_reference),
    ):
        _leaf(own, name, value, OWN)
    content = ElementTree.SubElement(own, f"{{{OWN}}}innhold")
    for fact in rows_of(letter):
        value = fact["value"]
        told = ElementTree.SubElement(content, f"{{{OWN}}}felt", {"navn": _clean(str(fact["label"]))})
        told.text = _clean("; ".join(map(str, value)) if isinstance(value, list) else _said(value))


def _element(tag: str, **facts: Any) -> Element:
    element = ElementTree.Element(f"{{{NOARK}}}{tag}")
    for name, value in facts.items():
        _leaf(element, name, value)
    return element


def _under(parent: Element, tag: str, **facts: Any) -> Element:
    element = _element(tag, **facts)
    parent.append(element)
    return element


def _leaf(parent: Element, name: str, value: Any, space: str = NOARK) -> None:
    """Add one fact; nothing for an empty one."""
    if value not in (None, ""):
        ElementTree.SubElement(parent, f"{{{space}}}{name}").text = _clean(_said(value))


def _said(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _clean(text: str) -> str:
    """Return text without the control characters that XML 1.0 cannot hold."""
    return "".join(
        c for c in text if c in "\t\n\r" or "\x20" <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff"
    )
