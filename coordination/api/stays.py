"""Where somebody in custody is, on what ground, and for how long, for programs: corrected, moved, handed over, ended. Holds no rule."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Verb, door
from coordination.api.doors import among
from coordination.api.fields import Day, Instant, Version, Words
from coordination.api.people import PEOPLE, PersonLine, StayLine
from coordination.identity import Actor
from coordination.models import LegalStatus, Person, SecurityLevel, StaleWrite, Stay, Unit
from coordination.people import access, actions, stays
from coordination.worlds import World


class UnitLine(serializers.Serializer[Unit]):
    """A unit of a prison."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    agency = serializers.CharField(source="agency.name")


class StayBody(serializers.Serializer[Any]):
    """Ground and level. Restrictions hold on remand only."""

    legal_status = serializers.ChoiceField(choices=LegalStatus.values)
    security_level = serializers.ChoiceField(choices=SecurityLevel.values)
    remand_restrictions = serializers.ListField(
        child=serializers.ChoiceField(choices=stays.REMAND_RESTRICTIONS), max_length=4, required=False, default=list
    )
    version = Version(help_text="Of the stay.")


class ReleaseBody(serializers.Serializer[Any]):
    """The date release is expected; null takes it away."""

    expected_release_on = Day(allow_null=True)
    version = Version(help_text="Of the stay.")


class StayEndBody(serializers.Serializer[Any]):
    """Why and when. A transfer to a prison that uses Samvirke is a hand-over instead."""

    reason = serializers.ChoiceField(choices=Stay.EndReason.values)
    ended_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    version = Version(help_text="Of the stay.")


class EndedStayLine(StayLine):
    """A stay that has ended."""

    ended_at = Instant()
    end_reason = serializers.CharField()


class PlaceBody(serializers.Serializer[Any]):
    """To which unit, and which cell there."""

    unit = serializers.UUIDField()
    cell = Words(max_length=20)
    version = Version(help_text="Of the person.")


class HandOverBody(serializers.Serializer[Any]):
    """To which unit of another prison. The sender cannot open the person afterwards, and cannot undo it."""

    unit = serializers.UUIDField()
    version = Version(help_text="Of the person.")


def _staying(allowed: Callable[[Actor], bool]) -> Callable[..., tuple[Person, Stay]]:
    """Return what finds a person and the stay that is going on, the person locked, for those who may."""

    def find(actor: Actor, pk: UUID) -> tuple[Person, Stay]:
        access.require(actor.world is World.CUSTODY and allowed(actor))
        person: Any = access.lock_person(actor, pk)
        stay = access.open_stay(actor, pk)
        if stay is None:
            raise Http404
        stay.person = person
        return person, stay

    return find


def _units(actor: Actor) -> Any:
    access.require(actor.world is World.CUSTODY and access.is_registrar(actor))
    return Unit.objects.filter(pk__in=[unit.pk for unit in access.units_of(actor)]).select_related("agency")


def _receiving(actor: Actor) -> Any:
    access.require(actor.world is World.CUSTODY and access.is_leader(actor))
    return access.other_prison_units(actor)


def _edit(actor: Actor, about: tuple[Person, Stay], **said: Any) -> Stay:
    person, stay = about
    stays.edit_stay(actor, person, stay, **said)
    return stay


def _expect(actor: Actor, about: tuple[Person, Stay], *, expected_release_on: date | None, **said: Any) -> Stay:
    person, stay = about
    stays.set_expected_release(actor, person, stay, on=expected_release_on, **said)
    return stay


def _end(actor: Actor, about: tuple[Person, Stay], **said: Any) -> Stay:
    person, stay = about
    stays.end_stay(actor, person, stay, **said)
    return stay


def _chosen(offered: Any, person: Person, unit: UUID, version: int) -> Unit:
    """Return a unit that is offered. Raises ValidationError, and `StaleWrite` when the person has changed since."""
    found: Unit = {one.pk: one for one in offered}[among(unit, {one.pk for one in offered}, "unit")]
    if person.version != version:
        raise StaleWrite(type(person).__name__)
    return found


def _move(actor: Actor, about: tuple[Person, Stay], *, unit: UUID, cell: str, version: int, at: datetime) -> Person:
    person, _stay = about
    actions.move_to_unit(actor, person, _chosen(access.units_of(actor), person, unit, version), cell=cell, at=at)
    return person


def _hand_over(actor: Actor, about: tuple[Person, Stay], *, unit: UUID, version: int, at: datetime) -> Unit:
    person, _stay = about
    to_unit = _chosen(access.other_prison_units(actor), person, unit, version)
    actions.transfer_to_prison(actor, person, to_unit=to_unit, at=at)
    return to_unit


urlpatterns = [
    path("units/", door(PEOPLE, get=Listing("list_units", "Egne avdelinger", UnitLine, _units)), name="api_units"),
    path(
        "receiving-units/",
        door(PEOPLE, get=Listing("list_receiving_units", "Avdelinger i andre fengsler", UnitLine, _receiving)),
        name="api_receiving_units",
    ),
    path(
        "people/<uuid:pk>/stay/",
        door(
            PEOPLE,
            put=Verb(
                "change_stay",
                "Endre grunnlag, sikkerhetsnivå og restriksjoner",
                StayLine,
                may=_staying(access.is_registrar),
                do=_edit,
                body=StayBody,
            ),
        ),
        name="api_change_stay",
    ),
    path(
        "people/<uuid:pk>/expected-release/",
        door(
            PEOPLE,
            put=Verb(
                "set_expected_release",
                "Sett, flytt eller fjern forventet løslatelse",
                StayLine,
                may=_staying(access.is_registrar),
                do=_expect,
                body=ReleaseBody,
                more="Set the date; the same date again changes nothing.",
            ),
        ),
        name="api_expected_release",
    ),
    path(
        "people/<uuid:pk>/stay/end/",
        door(
            PEOPLE,
            put=Verb(
                "end_stay",
                "Avslutt oppholdet",
                EndedStayLine,
                may=_staying(access.is_leader),
                do=_end,
                body=StayEndBody,
                now="ended_at",
                names={"ended_time": "ended_at"},
            ),
        ),
        name="api_end_stay",
    ),
    path(
        "people/<uuid:pk>/unit/",
        door(
            PEOPLE,
            put=Verb(
                "move_person",
                "Flytt til en annen avdeling",
                PersonLine,
                may=_staying(access.is_leader),
                do=_move,
                body=PlaceBody,
            ),
        ),
        name="api_move_person",
    ),
    path(
        "people/<uuid:pk>/hand-over/",
        door(
            PEOPLE,
            put=Verb(
                "hand_over",
                "Overfør til et annet fengsel",
                UnitLine,
                may=_staying(access.is_leader),
                do=_hand_over,
                body=HandOverBody,
            ),
        ),
        name="api_hand_over",
    ),
]
