"""Health follow-up behind its walls: no prison, other municipality or trust sees a row or a door, with something there to see."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, connections, transaction
from django.test.utils import CaptureQueriesContext

from coordination.identity import acting
from coordination.models import MunicipalPatient, Person
from coordination.people import actions as people
from follow_up import models
from follow_up.actions import take_on
from tests.cast import AT
from tests.follow_up.sending import copy_of, key, notice, send_notice, taken_on
from tests.follow_up.test_no_say import whole_story

TABLES = (
    models.SupervisionCourse,
    models.HealthVisit,
    models.HealthAdmissionConsultation,
    models.Addendum,
    models.SentAdvice,
    MunicipalPatient,
)
#: Tables that the story leaves empty; closed all the same.
OTHERS = (
    models.LockInChange,
    models.SupervisionConsideration,
    models.FrequencyPlan,
    models.MotivationEntry,
    models.HarmReport,
    models.SupervisionTransfer,
)


pytestmark = pytest.mark.usefixtures("noon")


def test_doors_are_not_there_for_anybody_else(cast):
    doors, _sent = whole_story(cast)
    for persona in (
        "officer",
        "contact_officer",
        "duty_leader",
        "warden",
        "release_caseworker",
        "south_nurse",
        "south_doctor",
        "trust_intake",
        "health_admin",
    ):
        client = cast[persona].client()
        for name, door in doors.items():
            if name == "supervision_list" and persona.startswith("south"):
                assert "Fiolin" not in client.get(door).content.decode()
                continue
            assert client.get(door).status_code in (404, 405), (persona, door)
            assert client.post(door, {"key": key(), "result": "done"}).status_code in (404, 405), (persona, door)


def test_prisons_and_trusts_have_no_privilege_on_the_tables(cast):
    whole_story(cast)
    for persona in ("officer", "duty_leader", "warden", "trust_intake"):
        for table in (*TABLES, *OTHERS):
            with (
                acting(cast[persona].token),
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
            ):
                table.objects.count()


def test_the_trusts_rows_are_closed_to_prison_and_municipality(cast):
    for persona in ("nurse", "doctor", "duty_leader"):
        for table in (models.SpecialistCourse, models.SpecialistVisit):
            with (
                acting(cast[persona].token),
                pytest.raises(DatabaseError, match="permission denied"),
                transaction.atomic(),
            ):
                table.objects.count()
    with cast["trust_intake"].acting():
        assert models.SpecialistCourse.objects.count() == 0


def test_another_municipality_reads_no_row(cast):
    whole_story(cast)
    for persona in ("south_nurse", "south_doctor"):
        with cast[persona].acting():
            assert [table.objects.count() for table in TABLES] == [0] * len(TABLES)
    with cast["doctor"].acting():
        assert all(table.objects.exists() for table in TABLES)


def test_leaders_see_the_clock_and_not_what_was_found(cast):
    doors, _sent = whole_story(cast)
    leader = cast["health_leader"].client()
    assert "Fiolin, Blid" in leader.get("/helsetilsyn/").content.decode()
    page = leader.get(doors["supervision"]).content.decode()
    assert "Neste tilsyn senest" in page
    assert "Blåmerke" not in page
    assert leader.get(doors["visit"]).status_code == 404
    assert leader.get(doors["consultation"]).status_code == 404
    assert leader.post(doors["visit_quick"], {"key": key(), "result": "done"}).status_code == 404
    assert "Skader er beskrevet" in cast["nurse"].client().get(doors["supervision"]).content.decode()


def test_events_stay_in_the_health_world(cast):
    whole_story(cast)
    prison = cast["duty_leader"].client().get(f"/personer/{cast.people['fiolin']}/").content.decode()
    assert "Tilsyn av helsepersonell" not in prison
    assert "Innkomstkonsultasjon" not in prison
    with cast["nurse"].acting():
        patient = MunicipalPatient.objects.get(family_name="Fiolin")
    health = cast["nurse"].client().get(f"/personer/{patient.pk}/").content.decode()
    assert "Tilsyn av helsepersonell" in health
    assert "Innkomstkonsultasjon" in health


def isolate_many(cast, how_many):
    """Isolate more people, each taken on by the nurse; in few transactions, since nothing here is about them."""
    sent = []
    with cast["duty_leader"].acting() as actor:
        for number in range(how_many):
            person = people.register_person(
                actor, unit=cast.units["north_a"], number=f"I-{number}", family_name=f"Isolert{number}", given_name="Rad",
                birth_date=AT.date().replace(year=1990), at=AT,
            )  # fmt: skip
            sent.append(send_notice(cast, actor, person))
    with cast["nurse"].acting() as actor:
        for letter in models.MunicipalLetter.objects.filter(letter_id__in=sent):
            take_on(actor, letter.pk, patient_id=None, at=AT)


def test_the_queue_of_thirty_costs_as_many_queries_as_of_one(cast):
    def queries():
        client = cast["nurse"].client()
        client.get("/helsetilsyn/")
        with CaptureQueriesContext(connections["default"]) as captured:
            page = client.get("/helsetilsyn/").content.decode()
        return len(captured), page.count("gjort/?back=list")

    taken_on(cast, notice(cast))
    few, one = queries()
    isolate_many(cast, 29)
    many, thirty = queries()
    assert (one, thirty) == (1, 30)
    assert few == many


def test_one_course_costs_the_same_with_many_visits(cast):
    taken_on(cast, notice(cast))
    with cast["nurse"].acting():
        course = models.SupervisionCourse.objects.get()
    url, nurse = f"/helsetilsyn/{course.pk}/", cast["nurse"].client()

    def queries():
        nurse.get(url)
        with CaptureQueriesContext(connections["default"]) as captured:
            assert nurse.get(url).status_code == 200
        return len(captured)

    from follow_up.supervision import record_visit

    def visit():
        with cast["nurse"].acting() as actor:
            record_visit(actor, course.person_id, key=uuid4(), done_at=AT, course=course, at=AT)

    visit()
    few = queries()
    for _number in range(29):
        visit()
    assert queries() == few


def test_two_who_take_on_at_once_make_one_patient(cast):
    letter = copy_of(cast, notice(cast))
    first = cast["nurse"].client().post(f"/post/{letter.pk}/pasient/", {"patient": "new"})
    second = cast["doctor"].client().post(f"/post/{letter.pk}/pasient/", {"patient": "new"})
    assert (first.status_code, second.status_code) == (303, 303)
    with cast["doctor"].acting():
        assert MunicipalPatient.objects.count() == 1
    with cast["duty_leader"].acting():
        assert Person.objects.filter(family_name="Fiolin").count() == 1
