"""The verbs of a journal: take it out for the agency's own system, whole or one record, and say under which reference it stands there."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from consent.access import journal as reading
from consent.access.journal import Period
from consent.actions.export import extract
from consent.actions.insight import Step, keep, made_before
from consent.documents import journal as telling
from consent.models import REFERENCE_MAX, REFERENCES, JournalReference, MadeFile
from coordination import audit, pdf
from coordination.identity import Actor, signed
from coordination.jobs import enqueue
from coordination.journal import Entry
from coordination.models.people import Named
from coordination.people.access import is_leader, lock_person
from coordination.refusals import Refused, refused_at
from coordination.worlds import Reach, World

KIND = "journal_export"
SCHEMA = "journal.xsd"


def system_of(actor: Actor) -> str:
    """Return what the agency's own system is called: the prisons' as the installation says."""
    return str(settings.CASE_SYSTEM) if actor.world is World.CUSTODY else _("egen journal")


def may_export_journal(actor: Actor) -> bool:
    """Return whether the actor takes a whole journal out: leaders of a prison, and health personnel who see the whole agency."""
    return reading.may_journal(actor) and (
        is_leader(actor) if actor.world is World.CUSTODY else actor.reach is Reach.AGENCY
    )


def note_taken(entries: Iterable[Entry], person: Named) -> None:
    """Note in the log that entries leave Samvirke: each signed record by its key, events by whom they are about. (obligation RM8-g)"""
    audit.note("export", person)
    for entry in entries:
        if entry.row is not None:
            audit.note("export", entry.row)


def file_entries(
    actor: Actor, person_id: UUID, period: Period, *, marks: set[UUID], text: str, key: UUID, at: datetime
) -> JournalReference:
    """Say that entries stand in the agency's own system under a reference; return the row, the first one for the same `key`.

    `marks` are those that were shown: one that is no longer in the period as it was then is refused, so that nobody answers for words they
    have not seen. Raises `Refused`, Http404. (obligations RM8-b, RM8-e)
    """
    reading.access_journaled(actor, person_id)
    text = text.strip()
    if not text:
        raise refused_at("reference", _("Skriv referansen fra %(system)s.") % {"system": system_of(actor)})
    if len(text) > REFERENCE_MAX:
        raise refused_at("reference", _("Skriv høyst %(count)s tegn.") % {"count": REFERENCE_MAX})
    with transaction.atomic():
        person = lock_person(actor, person_id)
        known = reading.filed_before(actor, key)
        if known is not None:
            return known
        shown = {entry.mark for entry in reading.entries(actor, person, period)}
        if not marks or not marks <= shown:
            raise Refused("changed", _("Journalen er endret siden du åpnet siden. Se over teksten og lagre på nytt."))
        row: JournalReference = REFERENCES[actor.world](
            person=person, system=system_of(actor), reference=text, marks=sorted(marks), key=key, **signed(actor, at)
        )
        row.save(force_insert=True)
        return row


# Taking it out


def export_entry(actor: Actor, person: Named, entry: Entry, *, at: datetime) -> bytes:
    """Return one signed record as PDF/A with metadata, in a zip file. Logged as an export. (obligation RM8-b)"""
    return _packed(actor, person, [[entry]], at, lambda _done, _total: None)


def ask_for_journal(actor: Actor, person_id: UUID, period: Period, *, key: UUID) -> UUID:
    """Ask the worker for a journal, and return the job. Raises Http404."""
    if not may_export_journal(actor):
        raise Http404
    reading.access_journaled(actor, person_id)
    return enqueue(
        KIND,
        person=str(person_id),
        key=str(key),
        stay=str(period.stay.pk) if period.stay else None,
        first=period.first.isoformat(),
        last=period.last.isoformat(),
    )


def make_journal(
    actor: Actor,
    person_id: UUID,
    *,
    stay: str | None,
    first: str,
    last: str,
    key: UUID,
    at: datetime,
    step: Step,
) -> MadeFile:
    """Write a journal and keep it for the one who asked; the same `key` again returns the first. Raises Http404.

    A prison's is one document of the whole; a health service's is one for each record, as an own journal takes them.
    """
    if not may_export_journal(actor):
        raise Http404
    person = reading.access_journaled(actor, person_id)
    known = made_before(actor, key)
    if known is not None:
        return known
    stays = reading.stays_in(actor, person)
    days = {"first": date.fromisoformat(first), "last": date.fromisoformat(last)}
    found = reading.entries(actor, person, reading.period_of(stays, at, stay=UUID(stay) if stay else None, **days))
    papers = [[entry] for entry in found] if telling.one_by_one(actor) else [found]
    data = _packed(actor, person, papers, at, step)
    return keep(actor, person_id, MadeFile.Kind.JOURNAL, "application/zip", data, key=key, at=at)


def _packed(actor: Actor, person: Named, papers: list[list[Entry]], at: datetime, step: Step) -> bytes:
    only = papers[0][0].mark if len(papers) == 1 and len(papers[0]) == 1 else None
    references = reading.references_of(actor, person, only)
    filed = []
    for number, entries in enumerate(papers, start=1):
        note_taken(entries, person)
        title = telling.title_of(entries)
        paper = pdf.render(
            "consent/journal_pdf.html",
            telling.paper(actor, person, entries, references, at),
            title=title,
            variant=pdf.ARCHIVE,
        )
        filed.append(telling.Filed(entries, title, f"dokumenter/{number:04d}.pdf", paper))
        step(number, len(papers) + 1)
    metadata = telling.structure(actor, person, filed, references, at=at)
    return extract(SCHEMA, metadata, ((row.name, row.paper) for row in filed), at)
