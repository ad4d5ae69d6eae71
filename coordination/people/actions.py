"""The verbs about people: register, admit, move between units, hand over to another prison. Each is one transaction."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.utils.translation import gettext as _

from coordination.identity import Actor, signed
from coordination.models import (
    CustodyDeadline,
    MunicipalPatient,
    Person,
    PersonGrant,
    SpecialistPatient,
    SpecialistPatientGrant,
    Stay,
    Unit,
    UnitTransfer,
)
from coordination.models.people import Named
from coordination.people import hooks
from coordination.people.access import own_unit_ids
from coordination.people.identifiers import lookup_hash, store
from coordination.refusals import Refused
from coordination.worlds import Reach, World


def _follow(person: Named, unit: Unit) -> None:
    """Give the unit its need-to-know grant on a person nobody follows yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT letterbox.follow_new(%s, %s)", [person.pk, unit.pk])


def register_person(
    actor: Actor,
    *,
    unit: Unit,
    number: str,
    family_name: str,
    given_name: str,
    birth_date: date,
    national_id: str = "",
    cell: str = "",
    language: str = "",
    interpreter_needed: bool = False,
    key: UUID | None = None,
    at: datetime,
) -> Person:
    """Register a person in custody with the unit's grant, and return the row. `key` becomes the row's own, so that twice is once.

    Raises `Refused` (code "known") when the agency already has the number or identity number, "unit" when a need-to-know member
    registers outside its own units; `InvalidNationalId`.
    """
    check_unit(actor, unit)
    person = Person(
        **({"id": key} if key else {}),
        agency_id=actor.agency_id,
        unit=unit,
        number=number,
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        birth_date=birth_date,
        cell=cell,
        language=language,
        interpreter_needed=interpreter_needed,
        created_at=at,
    )
    if national_id:
        store(person, national_id, World.CUSTODY)
    _insert(person)
    _follow(person, unit)
    return person


def check_unit(actor: Actor, unit: Unit) -> None:
    """Raise `Refused` when the actor may not place anybody in a unit: another agency's, a closed one, or not its own."""
    foreign = unit.agency_id != actor.agency_id or unit.closed_on is not None
    if foreign or (actor.reach is Reach.UNIT and actor.world is World.CUSTODY and unit.pk not in own_unit_ids(actor)):
        raise Refused("unit", _("Avdelingen finnes ikke her."), {"unit": [_("Velg en av dine egne avdelinger.")]})


def _insert(person: Named) -> None:
    """Insert in a savepoint and turn a taken number into one neutral refusal, the same whichever row took it."""
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "23505":
            raise
        raise Refused("known", _("Nummeret er allerede registrert.")) from None


def admit(
    actor: Actor,
    person: Person,
    *,
    legal_status: str,
    security_level: str,
    admitted_at: datetime,
    expected_release_on: date | None,
    remand_restrictions: list[str] | None = None,
    at: datetime,
) -> Stay:
    """Open a stay in the person's unit, tell those who asked (`hooks.on_admitted`), and return it. Raises `Refused` when one is open."""
    if Stay.objects.filter(person=person, ended_at=None).exists():
        raise Refused("staying", _("Personen har allerede et opphold som ikke er avsluttet."))
    stay = Stay(
        person=person,
        unit_id=person.unit_id,
        legal_status=legal_status,
        security_level=security_level,
        remand_restrictions=remand_restrictions or [],
        admitted_at=admitted_at,
        expected_release_on=expected_release_on,
        **signed(actor, at),
    )
    stay.save(force_insert=True)
    hooks.admitted(actor, person, stay, at)
    return stay


def admit_again(
    actor: Actor,
    person: Person,
    *,
    unit: Unit,
    cell: str,
    legal_status: str,
    security_level: str,
    admitted_at: datetime,
    expected_release_on: date | None,
    remand_restrictions: list[str] | None = None,
    at: datetime,
) -> Stay:
    """Open a new stay for somebody the prison knows from before, in a unit that then needs to know. Needs whole-agency reach.

    Raises `Refused` when a stay is open or the unit belongs elsewhere; `StaleWrite`.
    """
    check_unit(actor, unit)
    with transaction.atomic():
        person.unit, person.cell = unit, cell
        person.save_changes(["unit", "cell"])
        PersonGrant._base_manager.filter(content_object=person).delete()
        grant(actor, person, unit)
        return admit(
            actor,
            person,
            legal_status=legal_status,
            security_level=security_level,
            admitted_at=admitted_at,
            expected_release_on=expected_release_on,
            remand_restrictions=remand_restrictions,
            at=at,
        )


def move_to_unit(actor: Actor, person: Person, unit: Unit, *, cell: str, at: datetime) -> UnitTransfer:
    """Move a person to another unit of the same prison: the new unit gets the grant and all others lose theirs, in one transaction.

    Those who asked are told (`hooks.on_moved`). Needs whole-agency reach. Raises `Refused` when the unit is the same or belongs
    elsewhere; `StaleWrite`.
    """
    if unit.agency_id != actor.agency_id or unit.closed_on is not None:
        raise Refused("unit", _("Avdelingen finnes ikke her."))
    if unit.pk == person.unit_id:
        raise Refused("same_unit", _("Personen er allerede på denne avdelingen."))
    with transaction.atomic():
        transfer = UnitTransfer(
            person=person,
            from_unit_id=person.unit_id,
            to_unit=unit,
            cell=cell,
            moved_at=at,
            **signed(actor, at),
        )
        transfer.save(force_insert=True)
        person.unit, person.cell = unit, cell
        person.save_changes(["unit", "cell"])
        # What is still to be done about the person is now the new unit's to do, and its people are the ones to be told.
        CustodyDeadline.objects.filter(person=person, closed_at=None).update(unit=unit)
        PersonGrant._base_manager.filter(content_object=person).delete()
        grant(actor, person, unit)
        hooks.moved(actor, person, transfer, at)
    return transfer


def grant(actor: Actor, person: Named, unit: Unit) -> None:
    """Let a unit need to know about a person or patient; once is enough. Needs whole-agency reach."""
    table: Any = {Person: PersonGrant, SpecialistPatient: SpecialistPatientGrant}[type(person)]
    permission = Permission.objects.get(
        codename="follow", content_type__app_label="coordination", content_type__model=type(person).__name__.lower()
    )
    table(agency_id=actor.agency_id, group_id=unit.group_id, permission=permission, content_object_id=person.pk).save(
        force_insert=True
    )


def transfer_to_prison(actor: Actor, person: Person, *, to_unit: Unit, at: datetime) -> int:
    """Let every app finish what ends with a transfer (`hooks.on_handed_over`), then hand over; return how many rows changed owner.

    The stay goes along, open. Open deadlines go along too, in the receiving unit. Raises `Refused`, then nothing has changed.
    """
    with transaction.atomic():
        stay = Stay.objects.filter(agency_id=actor.agency_id, person=person, ended_at=None).first()
        hooks.handed_over(actor, person, stay, at)
        CustodyDeadline.objects.filter(person=person, closed_at=None).update(unit=to_unit)
        return hand_over(actor, person, to_unit=to_unit)


def hand_over(actor: Actor, person: Person, *, to_unit: Unit) -> int:
    """Hand a person with all custody records to another prison, in one verb of the postman; return how many rows changed owner.

    From the commit on the receiving prison reads and the sending one does not; it keeps its letters. Raises `Refused`.
    """
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT letterbox.hand_over(%s, %s, %s)", [person.pk, to_unit.agency_id, to_unit.pk])
            row = cursor.fetchone()
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", "")
        if state == "42501":
            raise Refused("hand_over", _("Du kan ikke overføre denne personen dit.")) from None
        if state == "23505":
            raise Refused(
                "number_taken", _("Mottakerfengselet bruker allerede dette nummeret. Endre nummeret før overføringen.")
            ) from None
        raise
    return int(row[0]) if row else 0


def register_patient(
    actor: Actor,
    *,
    unit: Unit,
    family_name: str,
    given_name: str,
    birth_date: date,
    prison_id: UUID | None,
    place: str = "",
    national_id: str = "",
    at: datetime,
) -> Named:
    """Make the health service's own patient, with its team's grant. Health worlds only; nothing is looked up in another world."""
    table: type[Any] = {World.MUNICIPAL_HEALTH: MunicipalPatient, World.SPECIALIST_HEALTH: SpecialistPatient}[
        actor.world
    ]
    patient = table(
        agency_id=actor.agency_id,
        unit=unit,
        family_name=family_name.strip(),
        given_name=given_name.strip(),
        birth_date=birth_date,
        prison_id=prison_id,
        place=place,
        created_at=at,
    )
    if national_id:
        store(patient, national_id, actor.world)
    _insert(patient)
    _follow(patient, unit)
    return patient  # type: ignore[no-any-return]


def find_by_number(actor: Actor, table: type[Named], number: str) -> Named | None:
    """Return the agency's own person with exactly this identity number, or None."""
    return table._default_manager.filter(
        agency_id=actor.agency_id, national_id_lookup=lookup_hash(number, actor.world)
    ).first()
