"""Who reads a letter with every filter of the application taken away: the two agencies, and in them whoever needs to know."""

from datetime import date

import pytest
from django.db import DatabaseError, connections

from consent.models import CustodyLetter, MunicipalLetter, SpecialistLetter
from coordination.models import Role
from coordination.people import actions as people
from coordination.people.access import access_person
from coordination.reference_data import make_unit
from tests.cast import AT, PERSONAS, add_member
from tests.consent.post import (
    advice,
    body,
    deliver,
    notice,
    patient,
    receipt,
    refused,
    register_kinds,
    run,
    sent_notice,
)

LETTERS = {"custody": CustodyLetter, "municipal_health": MunicipalLetter, "specialist_health": SpecialistLetter}
READERS = [name for name, (role, *_rest) in PERSONAS.items() if role is not Role.ADMINISTRATOR]


@pytest.fixture(autouse=True)
def _kinds(cast, admin):
    register_kinds(admin)


def seen_by(cast, name: str) -> set:
    """Return the letter_ids somebody reads with no filter at all."""
    with cast[name].acting() as actor:
        return set(LETTERS[actor.world]._base_manager.values_list("letter_id", flat=True))


@pytest.mark.obligation("R6.1-i", "RM8-h", "RM7-c", "R6.2-a")
def test_a_letter_is_readable_by_exactly_the_two_agencies(cast):
    about = patient(cast, "south_nurse", "south_team")
    letter = sent_notice(cast)
    with cast["south_nurse"].acting():
        referral = deliver(
            recipient=cast.agencies["trust"].pk, what="t_referral", body=body(), about=about, ground="LB12"
        )
    readers = {letter: set(), referral: set()}
    for name in READERS:
        for seen in seen_by(cast, name):
            readers[seen].add(name)
    assert readers[letter] == {
        "officer",
        "contact_officer",
        "duty_leader",
        "release_caseworker",
        "warden",
        "nurse",
        "doctor",
        "health_leader",
    }
    # The trust's clinic has no desk; its reception, its leader and intake see what comes in.
    assert readers[referral] == {"south_nurse", "south_doctor", "trust_intake", "trust_leader"}


@pytest.mark.obligation("RM7-b")
def test_a_desk_sees_its_own_letters_only(cast, admin):
    health = cast.agencies["north_health"]
    second = make_unit(health, "Team to", "team", serves=cast.agencies["south"])
    add_member(cast, "nurse_two", Role.PRISON_NURSE, health, second)
    try:
        letter = sent_notice(cast)
        assert seen_by(cast, "nurse") == {letter}
        assert seen_by(cast, "nurse_two") == set()
        assert seen_by(cast, "doctor") == {letter}
        with cast["nurse_two"].acting():
            with refused("receipt"):
                receipt(letter, "acknowledged")
            mine = people_patient(cast, second)
            with refused("reply"):  # whoever may not read a letter may not answer it either
                deliver(**advice(cast, mine, reply_to=letter))
            assert run("UPDATE consent_municipalletter SET person_id = %s", mine) == 0
        with cast["nurse"].acting():
            receipt(letter, "acknowledged")
        # Known now, it follows the patient and leaves the desk.
        about = patient(cast)
        with cast["nurse"].acting():
            assert run("UPDATE consent_municipalletter SET person_id = %s WHERE letter_id = %s", about, letter) == 1
        assert seen_by(cast, "nurse") == {letter}
        with cast["nurse"].acting(), pytest.raises(DatabaseError):
            run("UPDATE consent_municipalletter SET person_id = NULL WHERE letter_id = %s", letter)
    finally:
        cast.members.pop("nurse_two")


def people_patient(cast, unit):
    """Register a patient of a unit inside the running transaction."""
    made = people.register_patient(
        connections["default"].actor,
        unit=unit,
        family_name="Obo",
        given_name="Rask",
        birth_date=date(1990, 1, 1),
        prison_id=None,
        at=AT,
    )
    return made.pk


def test_a_letter_to_a_prison_about_nobody_known_lies_on_no_departments_desk(cast):
    about = patient(cast)
    with cast["nurse"].acting():
        letter = deliver(**advice(cast, about))
    assert seen_by(cast, "officer") == seen_by(cast, "officer_b") == set()
    assert seen_by(cast, "duty_leader") == {letter}
    with cast["officer"].acting(), refused("receipt"):
        receipt(letter, "read")


@pytest.mark.obligation("R6.1-a", "RM7-a")
def test_letters_follow_the_person_to_the_new_unit(cast):
    letter = sent_notice(cast)
    assert seen_by(cast, "officer") == {letter}
    assert seen_by(cast, "officer_b") == set()
    with cast["duty_leader"].acting() as actor:
        people.move_to_unit(
            actor, access_person(actor, cast.people["fiolin"]), cast.units["north_b"], cell="B-1", at=AT
        )
    assert seen_by(cast, "officer") == set()
    assert seen_by(cast, "officer_b") == {letter}


def test_after_a_hand_over_the_sender_keeps_its_letters_and_the_receiver_reads_none(cast):
    letter = sent_notice(cast)
    with cast["duty_leader"].acting() as actor:
        people.hand_over(actor, access_person(actor, cast.people["fiolin"]), to_unit=cast.units["south_a"])
    assert seen_by(cast, "duty_leader") == {letter}
    assert seen_by(cast, "officer") == seen_by(cast, "south_officer") == seen_by(cast, "south_duty_leader") == set()
    with cast["officer"].acting(), refused("person"):
        deliver(**notice(cast))
    with cast["south_officer"].acting(), refused("correction"):
        deliver(**notice(cast, corrects=letter))
