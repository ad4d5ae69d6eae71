"""The verb about who a health service's patient is: correct, with what stood before kept. Registers, joins and moves nobody."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from coordination import clock
from coordination.identity import Actor, signed
from coordination.models import (
    Agency,
    MunicipalPatientChange,
    Patient,
    PatientChange,
    Role,
    SpecialistPatientChange,
    StaleWrite,
)
from coordination.people.access import lock_person
from coordination.people.identifiers import lookup_hash, store
from coordination.refusals import refused_at
from coordination.worlds import World

#: What can be corrected besides the identity number, in the order it is told.
FACTS = ("family_name", "given_name", "birth_date", "language", "interpreter_needed", "prison", "place", "present")
NUMBER = "national_id"
CHANGES: dict[World, Any] = {
    World.MUNICIPAL_HEALTH: MunicipalPatientChange,
    World.SPECIALIST_HEALTH: SpecialistPatientChange,
}
EDITORS = (
    *(Role.PRISON_NURSE, Role.PRISON_DOCTOR, Role.HEALTH_LEADER),
    *(Role.TRUST_INTAKE, Role.TRUST_CLINICIAN, Role.TRUST_LEADER),
)


def may_edit(actor: Actor) -> bool:
    """Return whether the actor may correct who a patient is."""
    return actor.world in CHANGES and actor.has_role(*EDITORS)


def prisons_for(actor: Actor, patient: Patient) -> list[Agency]:
    """Return the prisons a patient may be in: those the service serves, and the one that stands on the patient."""
    link = "health_service_id" if actor.world is World.MUNICIPAL_HEALTH else "specialist_service_id"
    served = Agency.objects.filter(kind=Agency.Kind.PRISON, **{link: actor.agency_id})
    found = {prison.pk: prison for prison in served.filter(closed_on=None)}
    if patient.prison is not None:
        found.setdefault(patient.prison.pk, patient.prison)
    return sorted(found.values(), key=lambda prison: prison.name)


def changes_of(actor: Actor, person_id: UUID) -> QuerySet[Any]:
    """Return the corrections of a patient, newest first; none in a world without patients."""
    table = CHANGES.get(actor.world)
    if table is None:
        raise Http404
    rows: QuerySet[Any] = table._default_manager.filter(agency_id=actor.agency_id, person_id=person_id)
    return rows.order_by("-recorded_at", "-id")


def edit_patient(
    actor: Actor, pk: UUID, *, version: int, national_id: str = "", at: datetime, **facts: Any
) -> PatientChange | None:
    """Correct who a patient is and keep what stood before; return the correction, None when nothing differs.

    `facts` are those of `FACTS`, all of them or some; an empty `national_id` keeps the number. `version` is the one the form showed.
    Letters that were sent and received stand as they are. Raises `StaleWrite`, `Refused` ("known", "birth_date"),
    `InvalidNationalId`, Http404.
    """
    if not may_edit(actor):
        raise Http404
    with transaction.atomic():
        patient = lock_person(actor, pk)
        assert isinstance(patient, Patient)
        if patient.version != version:
            raise StaleWrite(type(patient).__name__)
        born = facts.get("birth_date")
        if born is not None and (born > clock.local_date(at) or born.year < 1900):
            raise refused_at(
                "birth_date", _("Kontroller fødselsdatoen. Skriv dag, måned og år, for eksempel 15.05.1991.")
            )
        changes, fields = [], []
        for name in FACTS:
            if name in facts and facts[name] != getattr(patient, name):
                changes.append([name, _kept(getattr(patient, name)), _kept(facts[name])])
                fields.append(name)
                setattr(patient, name, facts[name])
        if "family_name" in fields:
            patient.family_key = patient.family_name.lower()
            fields.append("family_key")
        if national_id and lookup_hash(national_id, actor.world) != bytes(patient.national_id_lookup or b""):
            before = patient.national_id_masked
            store(patient, national_id, actor.world)
            changes.append([NUMBER, before, patient.national_id_masked])
            fields += ["national_id_cipher", "national_id_lookup", "national_id_masked", "synthetic"]
        if not changes:
            return None
        _save(patient, fields)
        row: PatientChange = CHANGES[actor.world](person=patient, changes=changes, **signed(actor, at))
        row.save(force_insert=True)
    return row


def _kept(value: Any) -> str:
    """Return a fact as the history keeps it: text that can be read again whatever becomes of the code."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value or "")


def _save(patient: Patient, fields: list[str]) -> None:
    """Save, and turn a number that another patient of the agency has into one neutral refusal."""
    try:
        with transaction.atomic():
            patient.save_changes(fields)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "23505":
            raise
        raise refused_at(NUMBER, _("Nummeret er allerede registrert."), code="known") from None
