"""The verbs that take letters out to the agency's own archive: one letter, or all about a person. They read, and leave a trace of it."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.http import Http404

from consent import access, documents
from consent.access import insight as reading
from consent.actions.insight import Step, keep, made_before
from consent.documents import export as archive
from consent.models import Letter, MadeFile
from coordination import audit, formats, pdf, reference
from coordination.identity import Actor
from coordination.jobs import enqueue
from coordination.people.access import is_leader
from coordination.worlds import Reach, World

KIND = "letters_export"
METADATA = "arkivstruktur.xml"
SCHEMA = "letter.xsd"


def may_export_all(actor: Actor) -> bool:
    """Return whether the actor takes all letters about a person out: whoever answers for the whole of the agency's work with them."""
    return is_leader(actor) if actor.world is World.CUSTODY else actor.reach is Reach.AGENCY


def export_letter(actor: Actor, letter: Letter, *, at: datetime) -> bytes:
    """Return one letter the actor may read, as PDF/A with metadata, in a zip file. Logged as an export."""
    return _packed(actor, [_filed(actor, letter, access.basis_titles(), 1, at)], None, at)


def ask_for_export(actor: Actor, person_id: UUID, *, key: UUID) -> UUID:
    """Ask the worker for all letters about a person, and return the job. Raises Http404."""
    if not may_export_all(actor):
        raise Http404
    access.access_subject(actor, person_id)
    return enqueue(KIND, person=str(person_id), key=str(key))


def make_export(actor: Actor, person_id: UUID, *, key: UUID, at: datetime, step: Step) -> MadeFile:
    """Write all letters about a person that the agency has, and keep them for the one who asked; the same `key` again returns the first.

    Oldest first, as a journal has them. Raises Http404.
    """
    if not may_export_all(actor):
        raise Http404
    access.access_subject(actor, person_id)
    known = made_before(actor, key)
    if known is not None:
        return known
    titles = access.basis_titles()
    letters = list(reading.letters_about(actor, person_id).order_by("sent_at", "id"))
    filed = []
    for number, letter in enumerate(letters, start=1):
        filed.append(_filed(actor, letter, titles, number, at))
        step(number, len(letters) + 1)
    data = _packed(actor, filed, person_id, at)
    return keep(actor, person_id, MadeFile.Kind.EXPORT, "application/zip", data, key=key, at=at)


def take_out(actor: Actor, pk: UUID, *, at: datetime) -> MadeFile:
    """Return a file the actor had made, noted as what it is: a paper is printed, letters are exported. Raises Http404."""
    row = reading.access_file(actor, pk, at)
    audit.note("print" if row.kind == MadeFile.Kind.INSIGHT else "export", row)
    return row


def _filed(actor: Actor, letter: Letter, titles: dict[str, str], number: int, at: datetime) -> archive.Filed:
    """Draw a letter for the archive, under a name that names nobody."""
    audit.note("export", letter)
    paper = pdf.render(
        "consent/letter_pdf.html",
        documents.letter_paper(actor, letter, titles, at),
        title=documents.title_of(letter),
        variant=pdf.ARCHIVE,
    )
    beside = tuple(access.attachments_for(actor, letter)) if "attachments" in letter.body else ()
    return archive.Filed(letter, f"dokumenter/{number:04d}.pdf", paper, beside)


def _packed(actor: Actor, filed: Iterable[archive.Filed], person_id: UUID | None, at: datetime) -> bytes:
    rows = list(filed)
    metadata = archive.structure(actor, rows, access.basis_titles(), person_id=person_id, at=at)
    return extract(SCHEMA, metadata, (file for row in rows for file in row.files()), at)


def extract(schema: str, metadata: bytes, files: Iterable[tuple[str, bytes]], at: datetime) -> bytes:
    """Return an extract for an archive as a zip file: the metadata, the schema of what in it is our own, the documents; all dated `at`."""
    data, local = BytesIO(), at.astimezone(formats.OSLO)
    with ZipFile(data, "w", ZIP_DEFLATED) as target:
        for name, content in ((METADATA, metadata), (schema, (reference.FIXTURES / schema).read_bytes()), *files):
            target.writestr(ZipInfo(name, local.timetuple()[:6]), content, ZIP_DEFLATED)
    return data.getvalue()
