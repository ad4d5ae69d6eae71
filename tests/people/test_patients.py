"""Correcting who a patient is: by page, with conflict, history, walls and the checked identity number."""

from datetime import date

import pytest

from coordination import national_id
from coordination.models import (
    MunicipalPatient,
    MunicipalPatientChange,
    Role,
    SpecialistPatient,
    SpecialistPatientChange,
)
from coordination.people import actions as people
from coordination.people.identifiers import reveal
from coordination.reference_data import make_unit
from tests.cast import AT, Cast, add_member

BORN = date(1991, 5, 15)
NUMBER = national_id.generate_synthetic(BORN, 71)
OTHER = national_id.generate_synthetic(BORN, 72)


@pytest.fixture
def patient(cast: Cast, noon):
    """Give the municipality a patient of its northern team."""
    return _registered(cast, "doctor", "north_team", NUMBER)


def _registered(cast, who, unit, number="", family="Fiolin"):
    with cast[who].acting() as actor:
        return people.register_patient(
            actor, unit=cast.units[unit], family_name=family, given_name="Blid", birth_date=BORN,
            prison_id=cast.agencies["north"].pk, place="A-201", national_id=number, at=AT,
        ).pk  # fmt: skip


def url(pk) -> str:
    return f"/personer/{pk}/pasient/"


def typed(cast, version: int = 1, **more) -> dict[str, object]:
    return {
        "family_name": "Fiolin",
        "given_name": "Blid",
        "birth_date": "15.05.1991",
        "national_id": "",
        "prison": str(cast.agencies["north"].pk),
        "place": "A-201",
        "present": "on",
        "language": "",
        "version": version,
        **more,
    }


def test_a_patient_is_corrected_and_the_history_tells_who_changed_what(cast, patient):
    client = cast["nurse"].client()
    page = client.get(url(patient)).content.decode()
    assert 'value="Fiolin"' in page
    assert NUMBER not in page
    data = typed(
        cast, family_name="Ålesund", birth_date="16.05.1991", language="Polsk", interpreter_needed="on", place="B-1"
    )
    assert client.post(url(patient), data).status_code == 303
    with cast["nurse"].acting():
        row = MunicipalPatient.objects.get(pk=patient)
        assert (row.family_name, row.birth_date, row.language, row.interpreter_needed, row.place, row.version) == (
            "Ålesund", date(1991, 5, 16), "Polsk", True, "B-1", 2,
        )  # fmt: skip
        assert reveal(row) == NUMBER
        change = MunicipalPatientChange.objects.get()
    assert change.changes == [
        ["family_name", "Fiolin", "Ålesund"],
        ["birth_date", "1991-05-15", "1991-05-16"],
        ["language", "", "Polsk"],
        ["interpreter_needed", "no", "yes"],
        ["place", "A-201", "B-1"],
    ]
    text = client.get(f"/personer/{patient}/").content.decode()
    assert "Etternavn: fra Fiolin til Ålesund." in text
    assert "Fødselsdato: fra 15.05.1991 til 16.05.1991." in text
    assert "Språk: fra ikke oppgitt til Polsk." in text
    assert change.by_name in text
    assert "Ålesund, Blid" in client.post("/personer/sok/", {"query": "åle"}).content.decode()


def test_two_at_once_give_the_conflict_page(cast, patient):
    assert cast["nurse"].client().post(url(patient), typed(cast, place="B-1")).status_code == 303
    for data in (typed(cast, place="B-2"), typed(cast, place="B-1")):
        late = cast["doctor"].client().post(url(patient), data)
        assert late.status_code == 409
        assert "Noen andre har endret" in late.content.decode()
    with cast["doctor"].acting():
        assert MunicipalPatient.objects.get(pk=patient).place == "B-1"
        assert MunicipalPatientChange.objects.count() == 1
    assert cast["doctor"].client().post(url(patient), typed(cast, version=2, place="B-2")).status_code == 303


def test_nothing_changed_writes_no_history(cast, patient):
    assert cast["nurse"].client().post(url(patient), typed(cast)).status_code == 303
    # The number it has already is no change either.
    assert cast["nurse"].client().post(url(patient), typed(cast, national_id=NUMBER)).status_code == 303
    with cast["nurse"].acting():
        assert MunicipalPatient.objects.get(pk=patient).version == 1
        assert not MunicipalPatientChange.objects.exists()


def test_the_identity_number_is_checked_and_only_its_mask_is_kept_in_the_history(cast, patient):
    client = cast["nurse"].client()
    wrong = client.post(
        url(patient), typed(cast, national_id=NUMBER[:-1] + str((int(NUMBER[-1]) + 1) % 10), place="C-9")
    )
    assert wrong.status_code == 422
    assert 'value="C-9"' in wrong.content.decode()
    assert client.post(url(patient), typed(cast, national_id=OTHER)).status_code == 303
    with cast["nurse"].acting():
        row = MunicipalPatient.objects.get(pk=patient)
        assert reveal(row) == OTHER
        ((what, before, after),) = MunicipalPatientChange.objects.get().changes
    assert what == "national_id"
    assert after == row.national_id_masked
    assert NUMBER not in (before, after)
    assert OTHER not in client.get(f"/personer/{patient}/").content.decode()


def test_a_number_another_patient_has_is_refused_and_nothing_is_lost(cast, patient):
    _registered(cast, "doctor", "north_team", OTHER, "Trompet")
    answer = cast["nurse"].client().post(url(patient), typed(cast, national_id=OTHER, language="Polsk"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nummeret er allerede registrert." in page
    assert 'value="Polsk"' in page
    with cast["nurse"].acting():
        assert MunicipalPatient.objects.get(pk=patient).language == ""


@pytest.mark.parametrize("born", ["24.11.2026", "01.01.1899", "31.02.1990"])
def test_a_birth_date_that_cannot_be_is_refused(cast, patient, born):
    assert cast["nurse"].client().post(url(patient), typed(cast, birth_date=born)).status_code == 422
    assert cast["nurse"].client().post(url(patient), typed(cast, birth_date="23.11.1960")).status_code == 303


def test_only_prisons_the_service_works_with_can_be_chosen(cast, patient):
    foreign = cast["nurse"].client().post(url(patient), typed(cast, prison=str(cast.agencies["south"].pk)))
    assert foreign.status_code == 422
    assert cast["nurse"].client().post(url(patient), typed(cast, prison="")).status_code == 303
    with cast["nurse"].acting():
        assert MunicipalPatient.objects.get(pk=patient).prison_id is None


def test_a_patient_who_has_left_is_no_longer_among_those_who_are_here(cast, patient):
    assert "Fiolin" in cast["nurse"].client().get("/personer/").content.decode()
    cast["nurse"].client().post(url(patient), typed(cast, present=""))
    assert "Fiolin" not in cast["nurse"].client().get("/personer/").content.decode()
    assert "Fiolin" in cast["nurse"].client().get("/personer/?vis=alle").content.decode()


def test_a_trust_corrects_its_own_patient(cast, noon):
    pk = _registered(cast, "trust_intake", "trust_clinic", NUMBER)
    for place, who in enumerate(("trust_intake", "trust_clinician", "trust_leader")):
        answer = cast[who].client().post(url(pk), typed(cast, version=place + 1, place=f"T-{place}"))
        assert answer.status_code == 303, who
    with cast["trust_leader"].acting():
        assert SpecialistPatient.objects.get(pk=pk).place == "T-2"
        assert SpecialistPatientChange.objects.count() == 3


def test_who_does_not_follow_the_patient_finds_neither_page_nor_history(cast, patient):
    agency = cast.agencies["north_health"]
    add_member(cast, "night_nurse", Role.PRISON_NURSE, agency, make_unit(agency, "Team natt", "team"))
    cast["nurse"].client().post(url(patient), typed(cast, place="B-1"))
    for name in ("night_nurse", "south_nurse", "officer", "warden", "trust_intake", "health_admin", "region"):
        for method in ("get", "post"):
            assert getattr(cast[name].client(), method)(url(patient), typed(cast, version=2)).status_code == 404, name
    with cast["night_nurse"].acting():
        assert not MunicipalPatientChange.objects.exists()
    with cast["nurse"].acting():
        assert MunicipalPatientChange.objects.exists()
