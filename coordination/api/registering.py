"""Who is here, for programs: registered, admitted again, and corrected, people in custody and patients alike. Holds no rule."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from coordination import clock
from coordination.api.declared import Listing, Verb, door
from coordination.api.doors import among
from coordination.api.fields import Day, Instant, Version, Words
from coordination.api.people import PEOPLE, PeopleQuery, PersonLine, StayLine, people
from coordination.forms.people import check_birth_date, check_number
from coordination.identity import Actor
from coordination.models import LegalStatus, Patient, SecurityLevel, StaleWrite, Stay, Unit
from coordination.models.people import Named
from coordination.people import access, actions, patients, stays
from coordination.people.checks import future_problem, release_problem, restrictions_problem
from coordination.refusals import Refused
from coordination.worlds import World


def _born(born: date) -> None:
    check_birth_date(born, clock.local_date(clock.now()))


def _checked(number: str) -> None:
    check_number(number)


def _number() -> serializers.CharField:
    return serializers.CharField(
        required=False, max_length=20, write_only=True, validators=[_checked], help_text="Left out where it is not known."
    )  # fmt: skip


class PlacedBody(serializers.Serializer[Any]):
    """Where somebody is placed, on what ground, and since when."""

    unit = serializers.UUIDField(help_text="One of the actor's own.")
    cell = Words(max_length=20)
    legal_status = serializers.ChoiceField(choices=LegalStatus.values)
    security_level = serializers.ChoiceField(choices=SecurityLevel.values)
    remand_restrictions = serializers.ListField(
        child=serializers.ChoiceField(choices=stays.REMAND_RESTRICTIONS), max_length=4, required=False, default=list
    )
    admitted_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    expected_release_on = Day(required=False, allow_null=True, default=None)


class AdmissionBody(PlacedBody):
    """A new stay for somebody the prison knows from before."""

    version = Version(help_text="Of the person.")


class RegisterBody(PlacedBody):
    """Somebody new in custody, with the stay that begins."""

    family_name = serializers.CharField(max_length=100)
    given_name = serializers.CharField(max_length=100)
    birth_date = Day(validators=[_born])
    national_id = _number()
    number = serializers.CharField(max_length=30, help_text="The prison's own.")
    language = Words(max_length=60)
    interpreter_needed = serializers.BooleanField(required=False, default=False)


class FactsBody(serializers.Serializer[Any]):
    """What is corrected; what is not named stands. The number in clear is never told, so leave it out to keep it."""

    family_name = serializers.CharField(max_length=100, required=False)
    given_name = serializers.CharField(max_length=100, required=False)
    birth_date = Day(required=False)
    national_id = _number()
    language = serializers.CharField(max_length=60, required=False, allow_blank=True)
    interpreter_needed = serializers.BooleanField(required=False)
    version = Version(help_text="Of the person or patient.")


class PersonFactsBody(FactsBody):
    """Of a person in custody."""

    birth_date = Day(required=False, validators=[_born])
    number = serializers.CharField(max_length=30, required=False, help_text="The prison's own.")
    cell = serializers.CharField(max_length=20, required=False, allow_blank=True)


class PatientFactsBody(FactsBody):
    """Of a patient."""

    prison = serializers.UUIDField(required=False, allow_null=True, help_text="One that the health service serves.")
    place = serializers.CharField(max_length=60, required=False, allow_blank=True)
    present = serializers.BooleanField(required=False)


def _stay_of(said: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Return what a stay begins with. Raises `Refused` for what no stay can have."""
    admitted = said["admitted_at"] or at
    problems = {
        "remand_restrictions": restrictions_problem(said["legal_status"], said["remand_restrictions"]),
        "admitted_at": future_problem(admitted, at),
        "expected_release_on": release_problem(clock.local_date(admitted), said["expected_release_on"]),
    }
    if errors := {name: [words] for name, words in problems.items() if words}:
        raise Refused("stay", next(iter(errors.values()))[0], errors)
    names = ("legal_status", "security_level", "remand_restrictions", "expected_release_on")
    return {"admitted_at": admitted, **{name: said[name] for name in names}}


def _unit(actor: Actor, pk: UUID) -> Unit:
    units = {unit.pk: unit for unit in access.units_of(actor)}
    return units[among(pk, units, "unit")]


def _registrar(actor: Actor) -> None:
    access.require(actor.world is World.CUSTODY and access.is_registrar(actor))


def _register(actor: Actor, _nobody: None, *, unit: UUID, key: UUID, at: datetime, **said: Any) -> Named:
    """Return the person. The key becomes the person's own: a UUIDv7 keeps the order."""
    known: Named | None = access.people_for(actor).filter(pk=key).first()
    if known is not None:
        return known
    stay = _stay_of(said, at)
    names = ("number", "family_name", "given_name", "birth_date", "cell", "language", "interpreter_needed")
    who = {name: said[name] for name in names} | {"national_id": said.get("national_id", "")}
    person = actions.register_person(actor, unit=_unit(actor, unit), **who, key=key, at=at)
    actions.admit(actor, person, **stay, at=at)
    return person


def _custody(allowed: Callable[[Actor], bool]) -> Callable[..., Named]:
    """Return what finds a person in custody, locked, for those who may."""

    def find(actor: Actor, pk: UUID) -> Named:
        access.require(actor.world is World.CUSTODY and allowed(actor))
        return access.lock_person(actor, pk)

    return find


def _admit(actor: Actor, person: Any, *, at: datetime, **said: Any) -> Stay:
    unit, stay = _unit(actor, said["unit"]), _stay_of(said, at)
    person.version = said["version"]
    return actions.admit_again(actor, person, unit=unit, cell=said["cell"], **stay, at=at)


def _correct(actor: Actor, person: Any, *, at: datetime, version: int, **said: Any) -> Named:
    if person.version != version:
        raise StaleWrite(type(person).__name__)
    stays.edit_person(actor, person, version=version, **said)
    return access.access_person(actor, person.pk)


def _patient(actor: Actor, pk: UUID) -> Patient:
    access.require(patients.may_edit(actor))
    patient = access.access_person(actor, pk)
    assert isinstance(patient, Patient)
    return patient


def _correct_patient(actor: Actor, patient: Patient, *, at: datetime, **said: Any) -> Named:
    if said.get("prison") is not None:
        prisons = {prison.pk: prison for prison in patients.prisons_for(actor, patient)}
        said["prison"] = prisons[among(said["prison"], prisons, "prison")]
    patients.edit_patient(actor, patient.pk, at=at, **said)
    return access.access_person(actor, patient.pk)


urlpatterns = [
    path(
        "people/",
        door(
            PEOPLE,
            get=Listing(
                "list_people", "Personer eller pasienter, de sist registrerte først", PersonLine, people, PeopleQuery
            ),
            post=Verb(
                "register_person",
                "Registrer en person med oppholdet som begynner",
                PersonLine,
                may=_registrar,
                do=_register,
                body=RegisterBody,
                more="Register and admit, or neither; a key seen before returns the person. It becomes the person's own: a UUIDv7 keeps "
                "the order.",
            ),
        ),
        name="api_people",
    ),
    path(
        "people/<uuid:pk>/admission/",
        door(
            PEOPLE,
            put=Verb(
                "admit_again",
                "Sett inn på nytt",
                StayLine,
                may=_custody(access.is_leader),
                do=_admit,
                body=AdmissionBody,
            ),
        ),
        name="api_admit_again",
    ),
    path(
        "people/<uuid:pk>/facts/",
        door(
            PEOPLE,
            put=Verb(
                "correct_person",
                "Endre opplysninger om en person",
                PersonLine,
                may=_custody(access.is_registrar),
                do=_correct,
                body=PersonFactsBody,
            ),
        ),
        name="api_correct_person",
    ),
    path(
        "patients/<uuid:pk>/facts/",
        door(
            PEOPLE,
            put=Verb(
                "correct_patient",
                "Endre opplysninger om en pasient",
                PersonLine,
                may=_patient,
                do=_correct_patient,
                body=PatientFactsBody,
            ),
        ),
        name="api_correct_patient",
    ),
]
