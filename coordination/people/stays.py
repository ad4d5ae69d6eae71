"""The verbs about a person's facts and an open stay: correct, set the release date, end. Each is one transaction; registers nobody."""

from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from coordination import clock
from coordination.identity import Actor
from coordination.models import Person, PersonGrant, Stay
from coordination.people import hooks
from coordination.people.checks import release_problem
from coordination.people.identifiers import store
from coordination.refusals import Refused, refused_at
from coordination.worlds import Reach, World

#: What a court may order for a person on remand (straffeprosessloven §§ 186, 186 a).
REMAND_RESTRICTIONS = ("letters", "visits", "media", "association")


def edit_person(actor: Actor, person: Person, *, version: int, national_id: str = "", **facts: Any) -> None:
    """Correct what the prison knows of a person. `version` is the one the form showed; an empty `national_id` keeps the number.

    Raises `StaleWrite`, `Refused` (code "known"), `InvalidNationalId`.
    """
    fields = list(facts)
    for name, value in facts.items():
        setattr(person, name, value)
    if "family_name" in facts:
        person.family_key = person.family_name.lower()
        fields.append("family_key")
    if national_id:
        store(person, national_id, World.CUSTODY)
        fields += ["national_id_cipher", "national_id_lookup", "national_id_masked", "synthetic"]
    person.version = version
    try:
        with transaction.atomic():
            person.save_changes(fields)
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") != "23505":
            raise
        raise Refused("known", _("Nummeret er allerede registrert.")) from None


def edit_stay(
    actor: Actor,
    person: Person,
    stay: Stay,
    *,
    version: int,
    legal_status: str,
    security_level: str,
    remand_restrictions: list[str],
    at: datetime,
) -> None:
    """Correct the ground, the level and the restrictions of an open stay, and tell those who asked when the ground changed.

    Restrictions hold on remand only. The caller holds the person's lock. Raises `StaleWrite`, `Refused`.
    """
    _must_be_open(stay)
    old = stay.legal_status
    with transaction.atomic():
        stay.legal_status, stay.security_level = legal_status, security_level
        stay.remand_restrictions = remand_restrictions if legal_status == "remand" else []
        stay.version = version
        stay.save_changes(["legal_status", "security_level", "remand_restrictions"])
        if legal_status != old:
            hooks.legal_status_changed(actor, person, stay, old, at)


def set_expected_release(
    actor: Actor, person: Person, stay: Stay, *, on: date | None, version: int, at: datetime
) -> bool:
    """Set, move or take away the expected release date and tell those who asked; return whether it changed.

    Raises `Refused` when the date lies before admission; `StaleWrite`.
    """
    _must_be_open(stay)
    if problem := release_problem(clock.local_date(stay.admitted_at), on):
        raise refused_at("expected_release_on", problem, code="before_admission")
    old = stay.expected_release_on
    if on == old:
        return False
    with transaction.atomic():
        stay.expected_release_on, stay.version = on, version
        stay.save_changes(["expected_release_on"])
        hooks.expected_release_changed(actor, person, stay, old, on, at)
    return True


def end_stay(
    actor: Actor, person: Person, stay: Stay, *, reason: str, ended_at: datetime, version: int, at: datetime
) -> None:
    """End a stay, tell those who asked, and take the need-to-know of every unit away: the relationship is over.

    Needs whole-agency reach. Raises `Refused` when it is ended, or `ended_at` lies before admission or in the future; `StaleWrite`.
    """
    _must_be_open(stay)
    if actor.reach is not Reach.AGENCY:
        raise Refused("reach", _("Vaktleder avslutter opphold."))
    if ended_at < stay.admitted_at or ended_at > at:
        raise refused_at("ended_time", _("Skriv et tidspunkt mellom innsettelsen og nå."), code="ended_at")
    with transaction.atomic():
        stay.ended_at, stay.end_reason, stay.version = ended_at, reason, version
        stay.save_changes(["ended_at", "end_reason"])
        hooks.stay_ended(actor, person, stay, at)
        PersonGrant._base_manager.filter(content_object=person).delete()


def _must_be_open(stay: Stay) -> None:
    if stay.ended_at is not None:
        raise Refused("ended", _("Oppholdet er avsluttet."))
