"""Letters as an archive takes them: metadata with the element names of Noark 5's arkivstruktur, and the content as fields. Asks no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from xml.etree import ElementTree

from consent.documents import noark
from consent.documents.letters import name_in, rows_of, sender_of, sides, title_of
from consent.models import Attachment, Letter
from coordination import clock
from coordination.identity import Actor

#: What a letter carries beyond Noark's own: the ground, the receipts, the hash both copies share, and the content as fields. Described by
#: fixtures/letter.xsd, which goes with every file.
OWN = "urn:samvirke:brev:1"
ElementTree.register_namespace("s", OWN)

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
    first = min((row.letter.sent_at for row in letters), default=at)
    title = name_in(letters[0].letter) or title_of(letters[0].letter) if letters else ""
    root, case = noark.archive(actor, key=person_id or letters[0].letter.thread_id, title=title, first=first, at=at)
    for number, row in enumerate(letters, start=1):
        _entry(actor, case, row, number, basis_titles.get(row.letter.basis, row.letter.basis), at)
    return noark.written(root)


def _entry(actor: Actor, case: noark.Element, row: Filed, number: int, basis: str, at: datetime) -> None:
    letter, out = row.letter, row.letter.direction == Letter.Direction.OUT
    entry = noark.under(
        case,
        "registrering",
        systemID=letter.pk,
        opprettetDato=letter.sent_at,
        opprettetAv=sender_of(letter) if out else letter.other_agency.name,
        tittel=title_of(letter),
    )
    (_world, sender), (_other, recipient) = sides(actor, letter)
    for role, name, person in (("Avsender", sender, sender_of(letter)), ("Mottaker", recipient, "")):
        noark.under(entry, "korrespondansepart", korrespondanseparttype=role, korrespondansepartNavn=name, kontaktperson=person)  # fmt: skip
    made: dict[str, Any] = {"by": sender_of(letter), "at": letter.sent_at}
    main = noark.document(entry, letter.letter_id, ("Brev", "Hoveddokument", 1), title_of(letter), **made)
    noark.file(main, "Arkivformat", noark.FORMAT, row.name, row.paper, made_by=actor.signature, at=at)
    for file in row.beside:
        beside = noark.document(entry, file.pk, ("Vedlegg", "Vedlegg", file.number + 1), file.name, **made)
        kind = FORMATS[file.content_type][0]
        # As it was sent: nobody has made it into a format for the ages.
        noark.file(beside, "Produksjonsformat", kind, row.name_beside(file), bytes(file.data), made_by=sender_of(letter), at=letter.sent_at)  # fmt: skip
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
        noark.leaf(entry, name, value)


def _own(entry: noark.Element, letter: Letter, basis: str) -> None:
    """What Noark leaves to the trade: kept under names of our own, in the place it gives for that."""
    own = noark.own_part(entry)
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
        noark.leaf(own, name, value, OWN)
    content = ElementTree.SubElement(own, f"{{{OWN}}}innhold")
    noark.facts(content, ((str(fact["label"]), fact["value"]) for fact in rows_of(letter)), OWN)
