"""Deviations: registered by anybody who works there, told to the other side, answered, corrected beside, closed with what was done."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext

from cooperation.actions.deviations import add_note, register_deviation
from cooperation.models import Deviation, DeviationNote
from coordination import clock
from coordination.national_id import generate_synthetic
from tests.cast import AT
from tests.cooperation.sharing import deviation, deviation_form

LIST = "/samarbeid/avvik/"


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Let the views read a fixed clock."""
    monkeypatch.setattr(clock, "now", lambda: AT)


def page(cast, who: str, url: str) -> str:
    answer = cast[who].client().get(url)
    assert answer.status_code == 200, (who, url)
    return answer.content.decode()


@pytest.mark.obligation("R8.4-o", "RM9-a")
def test_a_deviation_goes_from_the_one_who_saw_it_to_the_other_side_and_is_closed(cast):
    """An escort that was cancelled: the officer registers, the health service answers and adds, the warden closes."""
    typed = deviation_form(cast)
    client = cast["officer"].client()
    first = client.post(LIST + "nytt/", typed)
    assert first.status_code == 303
    assert client.post(LIST + "nytt/", typed).url == first.url, "once, however often it is sent"
    url = first.url
    leader = cast["health_leader"].client()
    today = leader.get("/").content.decode()
    assert "Les og svar på avvik: Avlyst helseframstilling" in today
    assert url in today
    seen = leader.get(url).content.decode()
    assert "Framstillingen ble avlyst fordi bilen manglet." in seen
    assert "har ikke svart" in seen
    assert leader.post(url, {"key": str(uuid4()), "kind": "read", "text": ""}).status_code == 303
    assert (
        leader.post(url, {"key": str(uuid4()), "kind": "measure", "text": "Vi ringer før klokka ti."}).status_code
        == 303
    )
    assert url not in leader.get("/").content.decode(), "whoever has answered is not asked again"
    warden = cast["warden"].client()
    own = warden.get(url).content.decode()
    assert "Vi ringer før klokka ti." in own
    assert "har svart" in own
    closing = warden.get(url + "lukk/").content.decode()
    version = re.search(r'name="version" value="(\d+)"', closing)[1]
    assert warden.post(url + "lukk/", {"version": version, "outcome": "Ekstra bil er avtalt."}).status_code == 303
    assert "Ekstra bil er avtalt." in leader.get(url).content.decode()
    assert url not in leader.get(LIST).content.decode()
    assert url in leader.get(LIST + "?vis=lukket").content.decode()


@pytest.mark.obligation("RM9-a")
def test_the_prison_and_the_trust_tell_each_other(cast):
    """Both ways: neither has to wait for the other to ask."""
    for who, to, reader in (("officer", "trust", "trust_leader"), ("trust_clinician", "north", "warden")):
        row = deviation(cast, who, (to,), kind="place", what="Samtalerommet er stengt.")
        assert str(row.pk) in page(cast, reader, "/")
        assert "Samtalerommet er stengt." in page(cast, reader, f"{LIST}{row.pk}/")


def test_a_third_agency_finds_nothing_by_page_or_by_row(cast, admin):
    row = deviation(cast, to=("north_health",))
    with cast["health_leader"].acting() as actor:
        add_note(actor, row.pk, kind="comment", text="Notert.", key=uuid4(), at=AT)
    assert admin.execute("SELECT count(*) FROM cooperation.cooperation_deviation").fetchone() == (1,)
    for who in ("south_officer", "south_doctor", "trust_leader", "other_trust_intake", "region"):
        assert cast[who].client().get(f"{LIST}{row.pk}/").status_code == 404, who
        with cast[who].acting():
            for table in (Deviation, DeviationNote):
                assert table.objects.count() == 0, (who, table)
    for who in ("officer", "nurse"):
        with cast[who].acting():
            assert [table.objects.count() for table in (Deviation, DeviationNote)] == [1, 1]
    with pytest.raises(DatabaseError), cast["prison_admin"].acting():
        Deviation.objects.count()


def test_nobody_writes_another_s_row_and_nothing_shared_changes(cast):
    row = deviation(cast, to=("north_health",))
    with cast["health_leader"].acting():
        assert Deviation.objects.filter(pk=row.pk).update(outcome="Vi lukker for dem.", closed_at=AT) == 0
    with pytest.raises(DatabaseError), cast["warden"].acting():
        Deviation.objects.filter(pk=row.pk).update(what="Noe annet.")
    with cast["warden"].acting():
        assert Deviation.objects.filter(pk=row.pk).update(outcome="Ny bil.", closed_at=AT) == 1
    for who in ("warden", "health_leader", "trust_leader"):
        # Whom it was shared with stands too, whoever asks.
        try:
            with cast[who].acting():
                assert Deviation.objects.update(party_ids=[cast.agencies["trust"].pk]) == 0, who
        except DatabaseError:
            assert who == "warden"


def test_only_the_owner_corrects_only_others_confirm_and_only_leaders_close(cast):
    row = deviation(cast)
    url = f"{LIST}{row.pk}/"
    note = {"key": str(uuid4()), "text": "Det var avdeling B."}
    nurse, officer = cast["nurse"].client(), cast["officer"].client()
    assert nurse.post(url, {**note, "kind": "correction"}).status_code == 422
    assert officer.post(url, {**note, "kind": "read"}).status_code == 422
    assert officer.post(url, {**note, "kind": "correction"}).status_code == 303
    assert "Rettelse" in page(cast, "nurse", url)
    assert "valgfritt" not in page(cast, "nurse", url), "a text is needed unless one only confirms"
    assert nurse.post(url, {"key": str(uuid4()), "kind": "comment", "text": " "}).status_code == 422
    for who in ("officer", "health_leader", "trust_leader"):
        assert cast[who].client().get(url + "lukk/").status_code == 404, who
        assert cast[who].client().post(url + "lukk/", {"version": 1, "outcome": "x"}).status_code == 404, who


def test_two_who_close_at_once_hear_of_each_other(cast):
    row = deviation(cast)
    url = f"{LIST}{row.pk}/lukk/"
    typed = {"version": row.version, "outcome": "Ny bil."}
    assert cast["warden"].client().post(url, typed).status_code == 303
    late = cast["duty_leader"].client().post(url, {**typed, "outcome": "Noe annet."})
    assert late.status_code == 409
    with cast["warden"].acting():
        assert Deviation.objects.get().outcome == "Ny bil."
    assert cast["warden"].client().get(url).status_code == 404


NAMED = "Blid Fiolin fikk ikke reise."


@pytest.mark.obligation("R6.2-i")
@pytest.mark.parametrize("field", ["place", "what", "measures"])
def test_a_name_is_pointed_out_and_not_saved_in_any_text_of_a_deviation(cast, field, admin):
    client = cast["officer"].client()
    form = client.get(LIST + "nytt/").content.decode()
    assert f"?felt={field}" in form
    refused = client.post(LIST + "nytt/", deviation_form(cast, **{field: NAMED}))
    assert refused.status_code == 422
    assert "Skriv den uten «Blid Fiolin»" in refused.content.decode()
    assert admin.execute("SELECT count(*) FROM cooperation.cooperation_deviation").fetchone() == (0,)
    # Somebody of that name is in the prison's register and not in the neighbour's: there it is a word like others.
    other = cast["south_officer"].client()
    parties = [str(cast.agencies["south_health"].pk)]
    assert other.post(LIST + "nytt/", deviation_form(cast, **{field: NAMED}, parties=parties)).status_code == 303


@pytest.mark.obligation("R6.2-i")
def test_a_name_or_number_is_not_saved_in_what_is_added_or_in_the_closing(cast, admin):
    row = deviation(cast)
    url, key = f"{LIST}{row.pk}/", str(uuid4())
    officer, warden = cast["officer"].client(), cast["warden"].client()
    number = generate_synthetic(date(1991, 5, 15), 0)
    assert "?felt=text" in officer.get(url).content.decode()
    assert "?felt=outcome" in warden.get(url + "lukk/").content.decode()
    for text in (NAMED, f"Gjelder {number}."):
        assert officer.post(url, {"key": key, "kind": "comment", "text": text}).status_code == 422
        assert warden.post(url + "lukk/", {"version": 1, "outcome": text}).status_code == 422
    assert admin.execute("SELECT count(*) FROM cooperation.cooperation_deviationnote").fetchone() == (0,)
    assert officer.post(url, {"key": key, "kind": "comment", "text": "Bilen manglet."}).status_code == 303
    assert warden.post(url + "lukk/", {"version": 1, "outcome": "Ny bil."}).status_code == 303


def test_the_list_is_narrowed_searched_and_counted(cast):
    first = deviation(cast, what="Bilen manglet.")
    second = deviation(cast, kind="place", what="Døra til samtalerommet er i stykker.")
    third = deviation(cast, "nurse", ("north",), kind="place", what="Ikke noe varmt vann.")
    client = cast["officer"].client()
    every = client.get(LIST).content.decode()
    assert all(str(row.pk) in every for row in (first, second, third))
    assert re.search(r'Åpne <span class="chips__count">3<', every)
    places = client.get(LIST + "?type=place").content.decode()
    assert str(first.pk) not in places
    assert str(second.pk) in places
    found = client.post(LIST, {"query": "døra samtalerommet"})
    assert str(second.pk) in found.content.decode()
    assert str(third.pk) not in found.content.decode()
    assert "samtalerommet" not in "".join(re.findall(r'(?:href|action)="([^"]*)"', found.content.decode()))
    assert "Ingen avvik her" in client.post(LIST, {"query": "finnes ikke"}).content.decode()
    assert str(second.pk) in client.post(LIST, {"query": "døra\0"}).content.decode(), (
        "what no database can hold is not asked for"
    )


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": ""}, "Velg hva slags avvik det er"),
        ({"happened_on": "24.11.2026"}, "Den kan ikke være senere enn i dag."),
        ({"what": " "}, "Skriv kort hva som skjedde"),
        ({"parties": []}, "Velg minst én som skal få vite det."),
    ],
)
def test_what_is_missing_is_said(cast, more, words):
    answer = cast["officer"].client().post(LIST + "nytt/", deviation_form(cast, **more))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_an_agency_one_does_not_work_with_cannot_be_told(cast):
    parties = [str(cast.agencies["south_health"].pk)]
    assert cast["officer"].client().post(LIST + "nytt/", deviation_form(cast, parties=parties)).status_code == 422


def test_the_list_asks_the_same_however_many_there_are(cast):
    client = cast["officer"].client()
    counts = []
    for number in (1, 29):
        for _each in range(number):
            deviation(cast)
        with CaptureQueriesContext(connections["default"]) as captured:
            body = client.get(LIST).content.decode()
        counts.append(len(captured))
    assert body.count("Avlyst helseframstilling</a>") == 30
    assert counts[0] == counts[1] <= 12


def test_a_long_list_is_turned(cast, monkeypatch):
    monkeypatch.setattr("cooperation.views.deviations.part_of.__kwdefaults__", {"newest": False, "size": 2})
    for hour in range(3):
        with cast["officer"].acting() as actor:
            register_deviation(
                actor, kind="place", severity="low", place=f"Rom {hour}", happened_on=AT.date(), what="Kaldt.",
                measures="", parties=[cast.agencies["trust"].pk], key=uuid4(), at=AT + timedelta(hours=hour),
            )  # fmt: skip
    client = cast["officer"].client()
    first = client.get(LIST).content.decode()
    assert "Rom 2" in first
    assert "Rom 0" not in first
    (following,) = re.findall(r'rel="next" href="([^"]+)"', first)
    assert "Rom 0" in client.get(LIST + following.replace("&amp;", "&")).content.decode()
