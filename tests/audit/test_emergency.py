"""Emergency access inside health: four hours for one patient of the own service, told and reviewed. There is none in custody."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from coordination.identity import signed
from coordination.models import (
    Alert,
    MunicipalAlert,
    MunicipalDeadline,
    MunicipalOpening,
    MunicipalPatient,
    SpecialistOpening,
)
from coordination.oversight import openings
from coordination.refusals import Refused
from coordination.sweep import sweep
from tests.audit.patients import BORN, make_patient
from tests.cast import AT

TEXT = "Pasienten er funnet bevisstløs, og jeg er alene på vakt."
WHO = {"family_name": "Nordlys", "birth_date": BORN, "national_id": "", "code": "life", "text": TEXT, "at": AT}
FORM = {"family_name": "nordlys", "birth_date": BORN.strftime("%d.%m.%Y"), "code": "life", "text": TEXT}


@pytest.fixture
def patient(cast, admin, monkeypatch):
    """Give a patient of the northern service whom the nurse does not follow, and one of the same name in the south."""
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    make_patient(admin, cast, "south_team")
    return make_patient(admin, cast, "north_team")


def grants(admin):
    return admin.execute(
        "SELECT content_object_id, valid_until - clock_timestamp() FROM municipal_health.coordination_municipalpatientgrant WHERE valid_until IS NOT NULL"
    ).fetchall()


def test_a_clinician_opens_one_patient_for_four_hours(cast, admin, patient):
    client = cast["nurse"].client()
    url = reverse("person", args=[patient])
    assert client.get(url).status_code == 404
    answer = client.post(reverse("emergency_open"), FORM)
    assert (answer.status_code, answer.url) == (303, url)
    page = client.get(url).content.decode()
    assert "Nordlys" in page
    assert "Nødtilgang til kl. 16.00" in page, "the banner says that this ends"
    assert "Åpnet med nødtilgang" in page, "and the timeline that it was done"
    assert "Vedtak:" not in page, "nobody decided anything formally"
    ((whom, left),) = grants(admin)
    assert whom == patient
    assert timedelta(hours=3, minutes=50) < left < timedelta(hours=4)
    entries = admin.execute(
        "SELECT person_ids, purpose, agency_id FROM audit.entry WHERE action = 'emergency'"
    ).fetchall()
    assert entries == [([patient], "emergency:life", cast.agencies["north_health"].pk)]


@pytest.mark.obligation("RM8-a")
def test_it_ends_by_itself_in_the_middle_of_a_transaction(cast, admin, patient):
    with cast["nurse"].acting() as actor:
        openings.open_in_emergency(actor, **WHO)
    with cast["nurse"].acting():
        assert MunicipalPatient.objects.filter(pk=patient).exists()
        admin.execute(
            "UPDATE municipal_health.coordination_municipalpatientgrant SET valid_until = clock_timestamp() WHERE content_object_id = %s",
            [patient],
        )
        assert not MunicipalPatient.objects.filter(pk=patient).exists()
        assert not MunicipalOpening.objects.exists()
    assert cast["nurse"].client().get(reverse("person", args=[patient])).status_code == 404
    assert cast["doctor"].client().get(reverse("person", args=[patient])).status_code == 200
    with cast["nurse"].acting() as actor:
        assert openings.open_in_emergency(actor, **WHO) is not None, "it may be asked for anew"
    assert len(grants(admin)) == 1


def test_the_others_of_the_unit_and_of_other_services_get_nothing(cast, admin, patient):
    with cast["nurse"].acting() as actor:
        openings.open_in_emergency(actor, **WHO)
        nurse = actor.membership_id
    second = admin.execute("SELECT group_id FROM base.coordination_membership WHERE id = %s", [nurse]).fetchone()[0]
    assert second is not None
    assert second != cast.units["north_team"].group_id
    assert cast["south_nurse"].client().get(reverse("person", args=[patient])).status_code == 404


def test_nobody_is_found_elsewhere_and_the_attempt_stays_in_the_log(cast, admin, patient):
    client = cast["south_nurse"].client()
    admin.execute(
        "UPDATE municipal_health.coordination_municipalpatient SET birth_date = '1970-01-01' WHERE agency_id = %s",
        [cast.agencies["south_health"].pk],
    )
    bodies = []
    for name in ("nordlys", "finnesikke"):
        answer = client.post(reverse("emergency_open"), {**FORM, "family_name": name})
        assert answer.status_code == 422
        bodies.append("Fant ikke én pasient her" in answer.content.decode())
    assert bodies == [True, True], "another service's patient and nobody at all look alike"
    tried = admin.execute(
        "SELECT count(*) FROM audit.entry WHERE action = 'refuse' AND subject_table = 'emergency'"
    ).fetchone()
    assert tried == (2,)
    assert grants(admin) == []


def test_two_of_one_name_and_birth_date_are_not_guessed_between(cast, admin, patient):
    make_patient(admin, cast, "north_team")
    with cast["nurse"].acting() as actor:
        assert openings.open_in_emergency(actor, **WHO) is None
    assert grants(admin) == []


def test_whom_one_follows_already_needs_no_emergency(cast, admin, patient):
    with cast["nurse"].acting() as actor:
        openings.open_in_emergency(actor, **WHO)
    with cast["nurse"].acting() as actor, pytest.raises(Refused) as refused:
        openings.open_in_emergency(actor, **WHO)
    assert refused.value.code == "followed"


WITHOUT = ("officer", "warden", "region", "prison_admin", "doctor", "health_leader", "trust_intake")


def test_there_is_none_in_custody_and_none_where_it_is_not_needed(cast, admin, patient):
    def by_injection(who: str, role: str) -> None:
        with cast[who].acting(), connection.cursor() as cursor:
            if role:
                cursor.execute(f"SET LOCAL ROLE {role}")
            cursor.execute("SELECT letterbox.open_emergency('Nordlys', %s, NULL, 'life')", [BORN])

    for who in WITHOUT:
        client = cast[who].client()
        assert client.get(reverse("emergency_open")).status_code == 404, who
        assert client.post(reverse("emergency_open"), FORM).status_code == 404, who
        for role in ("", "samvirke_municipal_health_unit", "samvirke_specialist_health_unit"):
            with pytest.raises(DatabaseError) as refused:
                by_injection(who, role)
            assert refused.value.__cause__.sqlstate == "42501", (who, role)
    assert grants(admin) == []


def test_what_is_missing_is_said_and_nothing_is_opened(cast, admin, patient):
    client = cast["nurse"].client()
    assert "valgfritt" not in client.get(reverse("emergency_open")).content.decode(), (
        "one way to find somebody is needed"
    )
    for change in ({"text": "fort"}, {"code": ""}, {"family_name": ""}, {"national_id": "123"}):
        assert client.post(reverse("emergency_open"), {**FORM, **change}).status_code == 422, change
    assert grants(admin) == []


def test_the_leader_is_told_and_must_review(cast, admin, patient):
    with cast["nurse"].acting() as actor:
        row = openings.open_in_emergency(actor, **WHO)
    sweep(AT + timedelta(minutes=1))
    sweep(AT + timedelta(hours=73))
    with cast["health_leader"].acting():
        assert [a.severity for a in MunicipalAlert.objects.filter(rule="EA1").order_by("step")] == [
            Alert.Severity.INFO,
            Alert.Severity.WARNING,
            Alert.Severity.OVERDUE,
        ]
    leader = cast["health_leader"].client()
    url = reverse("emergency_review", args=[row.pk])
    assert "Gå gjennom en nødtilgang" in leader.get("/").content.decode()
    assert TEXT in leader.get(url).content.decode()
    listed = leader.get(reverse("emergency_list")).content.decode()
    assert "Venter" in listed
    assert "26. nov" in listed, "by when, three days on"
    assert "Gjennomgås innen" in leader.get(url).content.decode()
    for stranger in ("nurse", "doctor", "south_doctor", "trust_leader", "warden"):
        assert cast[stranger].client().get(url).status_code == 404
    assert leader.post(url, {"finding": "wrong"}).status_code == 422
    assert (
        leader.post(url, {"finding": "wrong", "follow_up": "Snakket med sykepleieren, avvik er meldt."}).status_code
        == 303
    )
    assert leader.post(url, {"finding": "right"}).status_code == 422, "once"
    # Of two the one that waits stands first, though it is older.
    with cast["nurse"].acting() as actor:
        waits = openings.OPENINGS[actor.world](person_id=patient, code="acute", text=TEXT, emergency=True, valid_until=AT, **signed(actor, AT - timedelta(days=2)))  # fmt: skip
        waits.save(force_insert=True)
    listed = leader.get(reverse("emergency_list")).content.decode()
    assert listed.index(str(waits.pk)) < listed.index(str(row.pk))
    with cast["health_leader"].acting():
        done = MunicipalOpening.objects.get(pk=row.pk)
        assert done.finding == "wrong"
        assert done.reviewed_by_name
        assert MunicipalDeadline.objects.get(subject_id=row.pk).outcome == "met"


def test_a_trust_has_its_own(cast, admin, patient):
    whom = make_patient(admin, cast, "trust_clinic", "Bris")
    with cast["trust_clinician"].acting() as actor:
        row = openings.open_in_emergency(actor, **{**WHO, "family_name": "Bris"})
        assert row.person_id == whom
    with cast["trust_leader"].acting() as actor:
        openings.review_emergency(actor, row.pk, finding="right", follow_up="", at=AT)
        assert SpecialistOpening.objects.get().finding == "right"
