"""The verbs of deviations: register one and tell the others, answer, add, correct, close. Their texts name nobody."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from cooperation.access import deviations as access
from cooperation.models import Deviation, DeviationNote
from coordination import clock
from coordination.identity import Actor, signed
from coordination.models import StaleWrite
from coordination.people.anonymity import require_nameless
from coordination.refusals import refused_at

Kind = DeviationNote.Kind


def register_deviation(
    actor: Actor,
    *,
    kind: str,
    severity: str,
    place: str,
    happened_on: date,
    what: str,
    measures: str,
    parties: Iterable[UUID],
    key: UUID,
    at: datetime,
) -> Deviation:
    """Register a deviation and share it with other agencies, who see it in "I dag"; the same `key` again returns the first.

    From then on it stands: what is wrong in it is corrected beside it (obligations R8.4-o, RM9-a). Raises `Refused`, Http404.
    """
    access.require_staff(actor)
    known = Deviation.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    if happened_on > clock.local_date(at):
        raise refused_at("happened_on", _("Skriv datoen det skjedde. Den kan ikke være senere enn i dag."))
    told, possible = set(parties), {agency.pk for agency in access.possible_parties(actor)}
    if not told or told - possible:
        raise refused_at("parties", _("Velg minst én som skal få vite det."))
    require_nameless(actor, {"place": place, "what": what, "measures": measures})
    row = Deviation(
        party_ids=sorted(told),
        kind=kind,
        severity=severity,
        place=place,
        happened_on=happened_on,
        what=what,
        measures=measures,
        key=key,
        **signed(actor, at),
    )
    row.save(force_insert=True)
    return row


def add_note(actor: Actor, pk: UUID, *, kind: str, text: str, key: UUID, at: datetime) -> DeviationNote:
    """Add to a deviation; the same `key` again returns the first. Any word of an agency tells that it has read.

    Only the owner corrects, and only others confirm that they have read. Raises `Refused`, Http404.
    """
    row = access.access_deviation(actor, pk)
    known = DeviationNote.objects.filter(agency_id=actor.agency_id, key=key).first()
    if known is not None:
        return known
    if kind not in kinds_for(actor, row):
        raise refused_at("kind", _("Velg hva du vil legge til."))
    if kind != Kind.READ and not text.strip():
        raise refused_at("text", _("Skriv det du vil legge til."))
    require_nameless(actor, {"text": text})
    note = DeviationNote(deviation=row, kind=kind, text=text, key=key, **signed(actor, at))
    note.save(force_insert=True)
    return note


def kinds_for(actor: Actor, row: Deviation) -> list[str]:
    """Return what the actor may add to a deviation, the likeliest first."""
    if row.agency_id == actor.agency_id:
        return [Kind.COMMENT, Kind.MEASURE, Kind.CORRECTION]
    return [Kind.READ, Kind.COMMENT, Kind.MEASURE]


def close_deviation(actor: Actor, pk: UUID, *, outcome: str, version: int, at: datetime) -> Deviation:
    """Close a deviation of the own agency with what was done. Raises `StaleWrite`, `Refused`, Http404."""
    row = access.access_deviation(actor, pk, closing=True)
    if row.closed_at is not None:
        raise StaleWrite("Deviation")
    require_nameless(actor, {"outcome": outcome})
    row.outcome, row.closed_at, row.closed_by_name, row.version = outcome, at, actor.signature, version
    row.save_changes(["outcome", "closed_at", "closed_by_name"])
    return row
