"""Registering somebody in custody: what the form asks, refuses and saves, by whom and for whom."""

from datetime import UTC, date, datetime

import pytest

from coordination import clock, national_id
from coordination.models import Person, PersonGrant, Stay
from coordination.people import hooks
from tests.cast import AT

FNR = national_id.generate_synthetic(date(1985, 7, 12), 7)


def person_of(cast, who: str, number: str = "S-2001") -> Person | None:
    with cast[who].acting():
        return Person.objects.filter(number=number).first()


def test_registered_person_is_seen_by_own_unit_only(cast, noon, filled):
    response = (
        cast["duty_leader"]
        .client()
        .post("/personer/ny/", filled(national_id=FNR, language="Tigrinja", interpreter_needed="on"))
    )
    assert response.status_code == 303
    person = person_of(cast, "officer")
    assert response.url == f"/personer/{person.pk}/"
    assert person.national_id_masked == f"{FNR[:6]} *****"
    assert FNR.encode() not in bytes(person.national_id_cipher)
    assert person_of(cast, "officer_b") is None
    assert cast["officer"].client().get(response.url).status_code == 200
    assert cast["officer_b"].client().get(response.url).status_code == 404
    for other in ("south_duty_leader", "nurse", "trust_intake", "region"):
        assert cast[other].client().get(response.url).status_code == 404, other
    with cast["officer"].acting():
        stay = Stay.objects.get(person=person)
        assert stay.remand_restrictions == ["letters", "visits"]
        assert stay.admitted_at == datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


def test_same_form_twice_is_one_person(cast, noon, filled):
    data = filled()
    client = cast["duty_leader"].client()
    first, second = client.post("/personer/ny/", data), client.post("/personer/ny/", data)
    assert first.url == second.url
    with cast["duty_leader"].acting():
        assert Person.objects.filter(number="S-2001").count() == 1
        assert Stay.objects.filter(person__number="S-2001").count() == 1


def test_officer_registers_in_own_unit_and_nowhere_else(cast, noon, filled):
    client = cast["officer"].client()
    refused = client.post("/personer/ny/", filled(unit=str(cast.units["north_b"].pk)))
    assert refused.status_code == 422
    assert "Velg en avdeling i listen" in refused.content.decode()
    assert client.post("/personer/ny/", filled()).status_code == 303


def test_the_verb_itself_refuses_another_unit(cast):
    from coordination.people import actions
    from coordination.refusals import Refused

    facts = {"number": "S-3", "family_name": "A", "given_name": "B", "birth_date": date(1990, 1, 1), "at": AT}
    with cast["officer"].acting() as actor:
        with pytest.raises(Refused, match="finnes ikke"):
            actions.register_person(actor, unit=cast.units["north_b"], **facts)
        with pytest.raises(Refused):
            actions.register_person(actor, unit=cast.units["south_a"], **facts)
        assert actions.register_person(actor, unit=cast.units["north_a"], **facts).pk


@pytest.mark.parametrize("who", ["nurse", "doctor", "trust_intake", "region", "prison_admin"])
def test_others_find_no_door(cast, noon, filled, who):
    client = cast[who].client()
    assert client.get("/personer/ny/").status_code == 404
    assert client.post("/personer/ny/", filled()).status_code == 404
    assert person_of(cast, "duty_leader") is None


@pytest.mark.parametrize("who", ["duty_leader", "release_caseworker", "warden", "officer", "contact_officer"])
def test_registrars_find_the_door(cast, noon, who):
    response = cast[who].client().get("/personer/ny/")
    assert response.status_code == 200
    assert "Avdeling A" in response.content.decode()


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("12078", "elleve sifre"),
        ("1207a512345", "bare ha sifre"),
        ("12078512345", "Nummeret stemmer ikke"),
        (f"{FNR[:6]} {FNR[6:]}", None),
    ],
)
def test_national_id_is_checked_in_plain_words(cast, noon, filled, typed, answer):
    response = cast["duty_leader"].client().post("/personer/ny/", filled(national_id=typed))
    if answer is None:
        assert response.status_code == 303
    else:
        assert response.status_code == 422
        assert answer in response.content.decode()


def test_production_refuses_a_test_number(cast, noon, filled, settings):
    settings.ALLOW_SYNTHETIC_IDS = False
    response = cast["duty_leader"].client().post("/personer/ny/", filled(national_id=FNR))
    assert response.status_code == 422
    assert "testnummer" in response.content.decode()


def test_a_number_the_agency_has_is_refused_neutrally_also_when_hidden(cast, noon, filled):
    hidden = national_id.generate_synthetic(date(2004, 2, 29), 1)  # Trompet's, on the other unit
    client = cast["officer"].client()
    by_id = client.post("/personer/ny/", filled(national_id=hidden))
    by_number = client.post("/personer/ny/", filled(number="S-1001"))
    for response in (by_id, by_number):
        assert response.status_code == 422
        html = response.content.decode()
        assert "Nummeret er allerede registrert." in html
        assert "Trompet" not in html
    assert client.post("/personer/ny/", filled()).status_code == 303


def test_two_agencies_may_know_the_same_human_being(cast, noon, filled):
    first = cast["duty_leader"].client().post("/personer/ny/", filled(national_id=FNR))
    second = (
        cast["south_duty_leader"]
        .client()
        .post("/personer/ny/", filled(national_id=FNR, unit=str(cast.units["south_a"].pk)))
    )
    assert (first.status_code, second.status_code) == (303, 303)
    with cast["duty_leader"].acting():
        assert Person.objects.filter(number="S-2001").count() == 1
    with cast["south_duty_leader"].acting():
        assert Person.objects.filter(number="S-2001").count() == 1


def test_missing_fields_keep_what_was_typed(cast, noon, filled):
    response = cast["duty_leader"].client().post("/personer/ny/", filled(family_name="", language="Tigrinja"))
    html = response.content.decode()
    assert response.status_code == 422
    assert "<title>Feil:" in html
    assert "Skriv etternavnet" in html
    assert "Du må rette 1 ting" in html
    assert 'value="Tigrinja"' in html
    assert "Feltet er påkrevd" not in html


@pytest.mark.parametrize(
    ("born", "answer"),
    [
        ("23.11.2011", None),
        ("24.11.2011", "under 15 år"),
        ("01.01.2027", "Kontroller fødselsdatoen"),
        ("12.07.85", "Skriv datoen slik"),
    ],
)
def test_birth_date_must_be_possible(cast, noon, filled, born, answer):
    response = cast["duty_leader"].client().post("/personer/ny/", filled(birth_date=born))
    assert response.status_code == (303 if answer is None else 422)
    if answer:
        assert answer in response.content.decode()


@pytest.mark.parametrize(
    ("born", "said", "tag"),
    [
        ("24.11.2008", "reglene for barn gjelder", "Under 18 år (17)"),
        ("23.11.2008", "under 25 år", "Under 25 år (18)"),
        ("24.11.2001", "under 25 år", "Under 25 år (24)"),
        ("23.11.2001", None, None),
    ],
)
def test_minors_and_the_young_are_shown(cast, noon, filled, born, said, tag):
    client = cast["duty_leader"].client()
    html = client.post("/personer/ny/", filled(birth_date=born), follow=True).content.decode()
    if said:
        assert said in html
        assert tag in html
    else:
        assert "reglene for" not in html
        assert "Under " not in html


def test_restrictions_belong_to_remand(cast, noon, filled):
    client = cast["duty_leader"].client()
    refused = client.post("/personer/ny/", filled(legal_status="convicted"))
    assert refused.status_code == 422
    assert "gjelder bare i varetekt" in refused.content.decode()
    assert client.post("/personer/ny/", filled(legal_status="convicted", remand_restrictions=[])).status_code == 303


def test_a_time_that_never_was_is_refused(cast, filled, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 3, 28, 12, tzinfo=UTC))
    client = cast["duty_leader"].client()
    refused = client.post("/personer/ny/", filled(admitted_on="28.03.2027", admitted_time="02.30"))
    assert refused.status_code == 422
    assert "fantes ikke" in refused.content.decode()
    assert client.post("/personer/ny/", filled(admitted_on="28.03.2027", admitted_time="03.30")).status_code == 303


@pytest.mark.parametrize(("fold", "hour"), [("first", 0), ("second", 1)])
def test_a_time_that_came_twice_is_asked_about(cast, filled, monkeypatch, fold, hour):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 10, 25, 12, tzinfo=UTC))
    client = cast["duty_leader"].client()
    asked = client.post("/personer/ny/", filled(admitted_on="25.10.2026", admitted_time="02.30"))
    html = asked.content.decode()
    assert asked.status_code == 422
    assert "viste 02.30 to ganger" in html
    assert 'type="radio" name="admitted_fold"' in html
    assert (
        client.post(
            "/personer/ny/", filled(admitted_on="25.10.2026", admitted_time="02.30", admitted_fold=fold)
        ).status_code
        == 303
    )
    with cast["duty_leader"].acting():
        stay = Stay.objects.get(person__number="S-2001")
    assert stay.admitted_at == datetime(2026, 10, 25, hour, 30, tzinfo=UTC)


def test_admission_cannot_lie_ahead(cast, noon, filled):
    client = cast["duty_leader"].client()
    refused = client.post("/personer/ny/", filled(admitted_time="12.01"))
    assert refused.status_code == 422
    assert "fram i tid" in refused.content.decode()
    assert client.post("/personer/ny/", filled(admitted_time="12.00")).status_code == 303


def test_release_cannot_come_before_admission(cast, noon, filled):
    client = cast["duty_leader"].client()
    assert client.post("/personer/ny/", filled(expected_release_on="22.11.2026")).status_code == 422
    assert client.post("/personer/ny/", filled(expected_release_on="23.11.2026")).status_code == 303


def test_a_birth_date_that_does_not_fit_the_number_is_said(cast, noon, filled):
    html = (
        cast["duty_leader"]
        .client()
        .post("/personer/ny/", filled(national_id=FNR, birth_date="13.07.1985"), follow=True)
    )
    assert "en annen enn den fødselsnummeret viser" in html.content.decode()


def test_apps_hear_of_it_in_the_same_transaction(cast, noon, filled, monkeypatch):
    from coordination.refusals import Refused

    heard = []
    monkeypatch.setattr(
        hooks, "ADMITTED", [lambda actor, person, stay, at: heard.append((person.number, stay.admitted_at, at))]
    )
    client = cast["duty_leader"].client()
    assert client.post("/personer/ny/", filled()).status_code == 303
    assert heard == [("S-2001", datetime(2026, 11, 23, 8, 30, tzinfo=UTC), AT)]

    def refuses(*_args):
        raise Refused("no", "Kan ikke settes inn her.")

    monkeypatch.setattr(hooks, "ADMITTED", [refuses])
    refused = client.post("/personer/ny/", filled(number="S-2002"))
    assert refused.status_code == 422
    assert "Kan ikke settes inn her." in refused.content.decode()
    assert person_of(cast, "duty_leader", "S-2002") is None
    with cast["duty_leader"].acting():
        assert not PersonGrant.objects.filter(content_object__number="S-2002").exists()
