"""Correcting, moving, handing over and ending: the walls before and after, conflicts, and who may."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from coordination.models import CustodyDeadline, Person, PersonGrant, Stay, UnitTransfer
from coordination.people import actions, hooks, stays
from coordination.refusals import Refused
from tests.cast import AT


def version_of(cast, key: str, table=Person) -> int:
    with cast["duty_leader"].acting():
        rows = (
            table.objects.filter(pk=cast.people[key])
            if table is Person
            else table.objects.filter(person_id=cast.people[key])
        )
        return rows.get().version


def edit_data(cast, key: str = "fiolin", **more) -> dict[str, object]:
    return {
        "family_name": "Fiolin",
        "given_name": "Blid",
        "birth_date": "15.05.1991",
        "national_id": "",
        "number": "S-1000",
        "cell": "A-300",
        "language": "Polsk",
        "version": version_of(cast, key),
        **more,
    }


def url(cast, key: str, door: str = "") -> str:
    return f"/personer/{cast.people[key]}/{door}"


# Correcting


def test_facts_are_corrected_and_the_number_kept(cast, noon):
    response = cast["officer"].client().post(url(cast, "fiolin", "endre/"), edit_data(cast, interpreter_needed="on"))
    assert response.status_code == 303
    with cast["officer"].acting():
        person = Person.objects.get(pk=cast.people["fiolin"])
    assert (person.cell, person.language, person.interpreter_needed) == ("A-300", "Polsk", True)
    assert person.national_id_masked
    assert "Tolk: polsk" in cast["officer"].client().get(url(cast, "fiolin")).content.decode()


def test_a_new_name_is_found_by_search(cast, noon):
    client = cast["officer"].client()
    client.post(url(cast, "fiolin", "endre/"), edit_data(cast, family_name="Ålesund"))
    assert "Ålesund, Blid" in client.post("/personer/sok/", {"query": "åle"}).content.decode()


def test_two_at_once_give_the_conflict_page(cast, noon):
    data = edit_data(cast)
    assert cast["officer"].client().post(url(cast, "fiolin", "endre/"), data).status_code == 303
    late = cast["duty_leader"].client().post(url(cast, "fiolin", "endre/"), data | {"cell": "B-1"})
    assert late.status_code == 409
    assert "Noen andre har endret" in late.content.decode()
    with cast["officer"].acting():
        assert Person.objects.get(pk=cast.people["fiolin"]).cell == "A-300"


def test_a_taken_number_is_refused_and_nothing_is_lost(cast, noon):
    response = (
        cast["officer"].client().post(url(cast, "fiolin", "endre/"), edit_data(cast, number="S-1001", language="Polsk"))
    )
    html = response.content.decode()
    assert response.status_code == 422
    assert "Nummeret er allerede registrert." in html
    assert 'value="Polsk"' in html
    assert "Nr. S-1000" in html, "the banner still shows what is saved"


@pytest.mark.parametrize("door", ["endre/", "opphold/", "loslatelsesdato/", "avslutt/", "flytt/", "overfor/"])
@pytest.mark.parametrize(
    "who", ["officer_b", "south_duty_leader", "nurse", "doctor", "trust_intake", "region", "prison_admin"]
)
def test_hidden_people_have_no_doors(cast, noon, door, who):
    client = cast[who].client()
    assert client.get(url(cast, "fiolin", door)).status_code == 404
    assert client.post(url(cast, "fiolin", door), {"version": "1"}).status_code == 404


@pytest.mark.parametrize("door", ["avslutt/", "flytt/", "overfor/"])
def test_officers_do_not_move_or_end(cast, noon, door):
    assert cast["officer"].client().get(url(cast, "fiolin", door)).status_code == 404
    assert cast["duty_leader"].client().get(url(cast, "fiolin", door)).status_code == 200


def test_the_stay_is_corrected(cast, noon):
    data = {
        "legal_status": "remand",
        "remand_restrictions": ["media"],
        "security_level": "low",
        "version": version_of(cast, "fiolin", Stay),
    }
    client = cast["duty_leader"].client()
    assert client.post(url(cast, "fiolin", "opphold/"), data).status_code == 303
    html = client.get(url(cast, "fiolin")).content.decode()
    assert "Medieforbud" in html
    assert "Lavere sikkerhetsnivå" in html
    assert client.post(url(cast, "fiolin", "opphold/"), data).status_code == 409


# The release date


def test_the_release_date_is_set_moved_and_taken_away_and_apps_hear(cast, noon, monkeypatch):
    heard = []
    monkeypatch.setattr(
        hooks, "EXPECTED_RELEASE_CHANGED", [lambda actor, person, stay, old, new, at: heard.append((old, new, at))]
    )
    client = cast["release_caseworker"].client()
    for typed in ("01.02.2027", "01.02.2027", "15.03.2027", ""):
        data = {"expected_release_on": typed, "version": version_of(cast, "fiolin", Stay)}
        assert client.post(url(cast, "fiolin", "loslatelsesdato/"), data).status_code == 303
    first, second, third = date(2027, 3, 23), date(2027, 2, 1), date(2027, 3, 15)
    assert heard == [(first, second, AT), (second, third, AT), (third, None, AT)]


def test_the_release_date_cannot_come_before_admission(cast, noon):
    client = cast["duty_leader"].client()
    data = {"expected_release_on": "13.10.2026", "version": version_of(cast, "fiolin", Stay)}
    refused = client.post(url(cast, "fiolin", "loslatelsesdato/"), data)
    assert refused.status_code == 422
    assert "Datoen kan ikke være før innsettelsen." in refused.content.decode()
    assert (
        client.post(url(cast, "fiolin", "loslatelsesdato/"), data | {"expected_release_on": "14.10.2026"}).status_code
        == 303
    )


def test_a_stale_release_date_conflicts(cast, noon):
    data = {"expected_release_on": "01.02.2027", "version": version_of(cast, "fiolin", Stay)}
    assert cast["duty_leader"].client().post(url(cast, "fiolin", "loslatelsesdato/"), data).status_code == 303
    late = (
        cast["warden"]
        .client()
        .post(url(cast, "fiolin", "loslatelsesdato/"), data | {"expected_release_on": "02.02.2027"})
    )
    assert late.status_code == 409


# Ending and coming back


def end_data(cast, key: str = "fiolin", **more) -> dict[str, object]:
    return {
        "reason": "released",
        "ended_on": "23.11.2026",
        "ended_time": "11.00",
        "ended_fold": "",
        "version": version_of(cast, key, Stay),
        **more,
    }


def test_an_ended_stay_ends_the_need_to_know(cast, noon, monkeypatch):
    heard = []
    monkeypatch.setattr(
        hooks, "STAY_ENDED", [lambda actor, person, stay, at: heard.append((stay.end_reason, stay.ended_at))]
    )
    client = cast["duty_leader"].client()
    assert cast["officer"].client().get(url(cast, "fiolin")).status_code == 200
    assert client.post(url(cast, "fiolin", "avslutt/"), end_data(cast)).status_code == 303
    assert heard == [("released", datetime(2026, 11, 23, 10, tzinfo=UTC))]
    assert cast["officer"].client().get(url(cast, "fiolin")).status_code == 404
    page = client.get(url(cast, "fiolin")).content.decode()
    assert "Har ikke noe opphold her nå." in page
    assert "Oppholdet er avsluttet: løslatt" in page
    assert client.get(url(cast, "fiolin", "avslutt/")).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"ended_time": "12.01"}, {"ended_on": "13.10.2026"}, {"reason": ""}, {"ended_on": ""}]
)
def test_an_end_must_lie_between_admission_and_now(cast, noon, wrong):
    client = cast["duty_leader"].client()
    assert client.post(url(cast, "fiolin", "avslutt/"), end_data(cast, **wrong)).status_code == 422
    assert client.post(url(cast, "fiolin", "avslutt/"), end_data(cast)).status_code == 303


def test_what_an_app_refuses_ends_nothing(cast, noon, monkeypatch):
    def refuses(*_args):
        raise Refused("undecided", "Vurder varsel til pårørende først.")

    monkeypatch.setattr(hooks, "STAY_ENDED", [refuses])
    response = cast["duty_leader"].client().post(url(cast, "fiolin", "avslutt/"), end_data(cast))
    assert response.status_code == 422
    assert "Vurder varsel til pårørende først." in response.content.decode()
    assert cast["officer"].client().get(url(cast, "fiolin")).status_code == 200
    with cast["officer"].acting():
        assert Stay.objects.get(person_id=cast.people["fiolin"]).ended_at is None


def test_somebody_who_comes_back_is_admitted_again(cast, noon):
    client = cast["duty_leader"].client()
    data = {
        "unit": str(cast.units["north_b"].pk),
        "cell": "B-9",
        "legal_status": "convicted",
        "security_level": "high",
        "admitted_on": "23.11.2026",
        "admitted_time": "11.30",
        "admitted_fold": "",
        "expected_release_on": "",
        "version": "",
    }
    refused = client.post(url(cast, "fiolin", "ny-innsettelse/"), data)
    assert refused.status_code == 422
    assert "ikke er avsluttet" in refused.content.decode()
    client.post(url(cast, "fiolin", "avslutt/"), end_data(cast))
    assert client.post(url(cast, "fiolin", "ny-innsettelse/"), data).status_code == 303
    assert cast["officer"].client().get(url(cast, "fiolin")).status_code == 404
    assert cast["officer_b"].client().get(url(cast, "fiolin")).status_code == 200
    assert cast["officer"].client().get(url(cast, "ung", "ny-innsettelse/")).status_code == 404


# Moving


def move_data(cast, key: str, unit: str, **more) -> dict[str, object]:
    return {"unit": str(cast.units[unit].pk), "cell": "B-7", "version": version_of(cast, key), **more}


def test_a_move_is_explained_before_it_is_done(cast, noon, due):
    due("fiolin", minutes=30)
    client = cast["duty_leader"].client()
    told = client.post(url(cast, "fiolin", "flytt/"), move_data(cast, "fiolin", "north_b"))
    assert told.status_code == 200
    assert "Avdeling A ser det ikke lenger" in told.content.decode()
    assert cast["officer"].client().get(url(cast, "fiolin")).status_code == 200, "nothing has happened yet"
    done = client.post(url(cast, "fiolin", "flytt/"), move_data(cast, "fiolin", "north_b", confirmed="1"))
    assert done.status_code == 303
    assert cast["officer"].client().get(url(cast, "fiolin")).status_code == 404
    page = cast["officer_b"].client().get(url(cast, "fiolin")).content.decode()
    assert "Flyttet fra Avdeling A til Avdeling B" in page
    assert "B-7" in page
    with cast["officer"].acting():
        for table in (Person, Stay, UnitTransfer, CustodyDeadline, PersonGrant):
            name = "content_object_id" if table is PersonGrant else ("pk" if table is Person else "person_id")
            assert not table.objects.filter(**{name: cast.people["fiolin"]}).exists(), table
    with cast["officer_b"].acting():
        row = CustodyDeadline.objects.get(person_id=cast.people["fiolin"], rule="T1")
        assert row.unit_id == cast.units["north_b"].pk


def test_a_move_elsewhere_is_refused(cast, noon):
    client = cast["duty_leader"].client()
    for unit in ("south_a", "north_a", "north_team"):
        response = client.post(url(cast, "fiolin", "flytt/"), move_data(cast, "fiolin", unit, confirmed="1"))
        assert response.status_code == 422, unit
    assert (
        client.post(url(cast, "fiolin", "flytt/"), move_data(cast, "fiolin", "north_b", confirmed="1")).status_code
        == 303
    )


def test_a_move_on_an_old_page_conflicts(cast, noon):
    client = cast["duty_leader"].client()
    data = move_data(cast, "fiolin", "north_b", confirmed="1")
    assert client.post(url(cast, "fiolin", "flytt/"), data).status_code == 303
    assert client.post(url(cast, "fiolin", "flytt/"), data | {"unit": str(cast.units["north_a"].pk)}).status_code == 409


# Handing over


def over_data(cast, key: str = "fiolin", **more) -> dict[str, object]:
    return {"unit": str(cast.units["south_a"].pk), "version": version_of(cast, key), **more}


def test_a_hand_over_closes_the_door_behind_itself(cast, noon, due, monkeypatch):
    heard = []
    monkeypatch.setattr(
        hooks, "HANDED_OVER", [lambda actor, person, stay, at: heard.append((person.agency_id, stay.legal_status))]
    )
    due("fiolin", minutes=30)
    client = cast["duty_leader"].client()
    told = client.post(url(cast, "fiolin", "overfor/"), over_data(cast))
    assert told.status_code == 200
    assert "kan ikke lenger åpne personen" in told.content.decode()
    assert cast["south_duty_leader"].client().get(url(cast, "fiolin")).status_code == 404
    done = client.post(url(cast, "fiolin", "overfor/"), over_data(cast, confirmed="1"))
    assert done.status_code == 303
    assert done.url == "/personer/"
    assert heard == [(cast.agencies["north"].pk, "convicted")], "told while the sender still owned the rows"
    for who in ("duty_leader", "warden", "officer", "contact_officer", "officer_b"):
        assert cast[who].client().get(url(cast, "fiolin")).status_code == 404, who
        with cast[who].acting():
            assert not Person.objects.filter(pk=cast.people["fiolin"]).exists()
            assert not Stay.objects.filter(person_id=cast.people["fiolin"]).exists()
            assert not CustodyDeadline.objects.filter(person_id=cast.people["fiolin"]).exists()
    for who in ("south_duty_leader", "south_officer"):
        page = cast[who].client().get(url(cast, "fiolin"))
        assert page.status_code == 200, who
        assert "Dom" in page.content.decode()
        with cast[who].acting():
            row = CustodyDeadline.objects.get(person_id=cast.people["fiolin"], rule="T1")
            assert row.unit_id == cast.units["south_a"].pk
    today = cast["south_officer"].client().get("/").content.decode()
    assert "Fiolin, Blid" in today


def test_a_hand_over_to_oneself_or_to_health_is_refused(cast, noon):
    client = cast["duty_leader"].client()
    for unit in ("north_b", "north_team", "trust_desk"):
        data = over_data(cast, confirmed="1", unit=str(cast.units[unit].pk))
        assert client.post(url(cast, "fiolin", "overfor/"), data).status_code == 422, unit
    absent = over_data(cast, confirmed="1", unit=str(uuid.uuid4()))
    assert client.post(url(cast, "fiolin", "overfor/"), absent).status_code == 422
    assert client.post(url(cast, "fiolin", "overfor/"), over_data(cast, confirmed="1")).status_code == 303


def test_a_number_the_receiver_uses_stops_the_hand_over(cast, noon):
    with cast["south_duty_leader"].acting() as actor:
        actions.register_person(
            actor,
            unit=cast.units["south_a"],
            number="S-1000",
            family_name="X",
            given_name="Y",
            birth_date=date(1990, 1, 1),
            at=AT,
        )
    client = cast["duty_leader"].client()
    refused = client.post(url(cast, "fiolin", "overfor/"), over_data(cast, confirmed="1"))
    assert refused.status_code == 422
    assert "bruker allerede dette nummeret" in refused.content.decode()
    assert client.get(url(cast, "fiolin")).status_code == 200
    client.post(url(cast, "fiolin", "endre/"), edit_data(cast, number="S-9000"))
    assert client.post(url(cast, "fiolin", "overfor/"), over_data(cast, confirmed="1")).status_code == 303


def test_what_an_app_refuses_hands_nothing_over(cast, noon, monkeypatch):
    def refuses(*_args):
        raise Refused("measure", "Et tiltak må avsluttes først.")

    monkeypatch.setattr(hooks, "HANDED_OVER", [refuses])
    client = cast["duty_leader"].client()
    refused = client.post(url(cast, "fiolin", "overfor/"), over_data(cast, confirmed="1"))
    assert refused.status_code == 422
    assert "Et tiltak må avsluttes først." in refused.content.decode()
    assert client.get(url(cast, "fiolin")).status_code == 200


def test_the_verbs_refuse_an_ended_stay(cast):
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["fiolin"])
        stay = Stay.objects.get(person=person)
        stays.end_stay(actor, person, stay, reason="released", ended_at=AT, version=stay.version, at=AT)
        with pytest.raises(Refused, match="avsluttet"):
            stays.set_expected_release(actor, person, stay, on=date(2027, 1, 1), version=stay.version, at=AT)
        with pytest.raises(Refused, match="avsluttet"):
            stays.end_stay(
                actor, person, stay, reason="released", ended_at=AT + timedelta(hours=1), version=stay.version, at=AT
            )
