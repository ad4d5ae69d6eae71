"""The list, the page of one person, and search: what is shown, to whom, and what it costs. Hidden and absent answer alike."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from coordination import national_id, timeline
from coordination.models import Person
from coordination.people import actions
from tests.cast import AT

TROMPETS = national_id.generate_synthetic(date(2004, 2, 29), 1)


def add_people(cast, count: int, *, family: str = "Rad", who: str = "duty_leader", unit: str = "north_a") -> None:
    with cast[who].acting() as actor:
        for number in range(count):
            person = actions.register_person(
                actor,
                unit=cast.units[unit],
                number=f"X-{family}-{number}",
                family_name=family,
                given_name=f"Nr {number:02}",
                birth_date=date(1990, 1, 1),
                at=AT,
            )
            actions.admit(
                actor,
                person,
                legal_status="convicted",
                security_level="high",
                admitted_at=AT - timedelta(days=1),
                expected_release_on=None,
                at=AT,
            )


def names(html: str) -> list[str]:
    import re

    return re.findall(r'<th scope="row"><a class="ds-link" href="[^"]+">([^<]+)</a>', html)


@pytest.mark.obligation("R6.1-a", "RM7-a")
@pytest.mark.obligation("RM7-b")
def test_each_sees_their_own(cast, noon):
    expected = {
        "officer": ["Fiolin, Blid", "Ung, Lys"],
        "officer_b": ["Trompet, Kreativ"],
        "duty_leader": ["Fiolin, Blid", "Trompet, Kreativ", "Ung, Lys"],
        "south_duty_leader": ["Sjiraff, Ivrig"],
        "nurse": [],
        "trust_leader": [],
    }
    for who, found in expected.items():
        response = cast[who].client().get("/personer/")
        assert response.status_code == 200
        assert names(response.content.decode()) == found, who
    for who in ("region", "prison_admin"):
        assert cast[who].client().get("/personer/").status_code == 404


def test_pages_turn_both_ways_by_key_and_never_by_name(cast, noon):
    add_people(cast, 60)
    client = cast["duty_leader"].client()
    seen, url, pages = [], "/personer/", []
    while url:
        html = client.get(url).content.decode()
        seen += names(html)
        pages.append(names(html))
        link = html.partition('rel="next" href="')[2].partition('"')[0]
        assert "Rad" not in link
        url = f"/personer/{link}".replace("&amp;", "&") if link else ""
    assert len(seen) == len(set(seen)) == 63
    assert seen == sorted(seen)
    back = html.partition('rel="prev" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert names(client.get(f"/personer/{back}").content.decode()) == pages[-2]


def test_a_cursor_to_somebody_hidden_gives_the_first_page(cast, noon):
    client = cast["officer"].client()
    plain = names(client.get("/personer/").content.decode())
    for key in (cast.people["sjiraff"], cast.people["trompet"], uuid.uuid4(), "tull"):
        assert names(client.get("/personer/", {"after": str(key)}).content.decode()) == plain


def test_the_list_narrows_to_a_unit_and_to_those_here(cast, noon):
    from coordination.models import Stay
    from coordination.people import stays

    client = cast["duty_leader"].client()
    assert names(client.get("/personer/", {"unit": str(cast.units["north_b"].pk)}).content.decode()) == [
        "Trompet, Kreativ"
    ]
    with cast["duty_leader"].acting() as actor:
        stay = Stay.objects.get(person_id=cast.people["fiolin"])
        person = Person.objects.get(pk=cast.people["fiolin"])
        stays.end_stay(actor, person, stay, reason="released", ended_at=AT, version=stay.version, at=AT)
    assert "Fiolin, Blid" not in names(client.get("/personer/").content.decode())
    assert "Fiolin, Blid" in names(client.get("/personer/", {"vis": "alle"}).content.decode())


def test_the_list_costs_the_same_with_one_row_and_with_thirty(cast, noon):
    client = cast["officer_b"].client()
    client.get("/personer/")
    with CaptureQueriesContext(connections["default"]) as one:
        assert len(names(client.get("/personer/").content.decode())) == 1
    add_people(cast, 24, unit="north_b")
    with CaptureQueriesContext(connections["default"]) as many:
        assert len(names(client.get("/personer/").content.decode())) == 25
    assert len(one) == len(many)


# One person


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("officer", 200),
        ("contact_officer", 200),
        ("duty_leader", 200),
        ("warden", 200),
        ("officer_b", 404),
        ("south_officer", 404),
        ("south_duty_leader", 404),
        ("nurse", 404),
        ("doctor", 404),
        ("trust_intake", 404),
        ("region", 404),
        ("prison_admin", 404),
    ],
)
def test_the_page_opens_for_those_who_need_to_know(cast, noon, text_of, who, status):
    client = cast[who].client()
    response = client.get(f"/personer/{cast.people['fiolin']}/")
    assert response.status_code == status
    if status == 404:
        absent = client.get(f"/personer/{uuid.uuid4()}/")
        assert text_of(absent).replace(str(absent.request["PATH_INFO"]), "") == text_of(response).replace(
            str(response.request["PATH_INFO"]), ""
        )


def test_the_page_shows_facts_of_the_stay(cast, noon):
    html = cast["officer"].client().get(f"/personer/{cast.people['fiolin']}/").content.decode()
    for text in (
        "Fiolin, Blid",
        "A-200",
        "Født 1991",
        "Nr. S-1000",
        "Dom",
        "Høyt sikkerhetsnivå",
        "23.03.2027 (om 120 dager)",
        "dag 41",
        "****",
    ):
        assert text in html, text
    assert national_id.generate_synthetic(date(1991, 5, 15), 0) not in html
    young = cast["officer"].client().get(f"/personer/{cast.people['ung']}/").content.decode()
    assert "Under 18 år (17)" in young
    assert "Restriksjoner" in young


@pytest.mark.parametrize(
    ("who", "sees", "not_sees"),
    [
        (
            "officer",
            ["Endre opplysninger", "Sett dato for løslatelse"],
            ["Flytt til en annen", "Overfør til", "Avslutt opphold"],
        ),
        (
            "duty_leader",
            ["Endre opplysninger", "Flytt til en annen", "Overfør til", "Avslutt opphold"],
            ["Sett inn på nytt"],
        ),
    ],
)
def test_the_page_offers_what_the_role_may_do(cast, noon, who, sees, not_sees):
    html = cast[who].client().get(f"/personer/{cast.people['fiolin']}/").content.decode()
    assert [text for text in sees if text not in html] == []
    assert [text for text in not_sees if text in html] == []


@pytest.mark.obligation("RM8-h")
def test_a_patient_has_a_page_in_health_and_none_in_custody(cast, noon):
    with cast["doctor"].acting() as actor:
        patient = actions.register_patient(
            actor,
            unit=cast.units["north_team"],
            family_name="Fiolin",
            given_name="Blid",
            birth_date=date(1991, 5, 15),
            prison_id=cast.agencies["north"].pk,
            place="A-214",
            at=AT,
        )
    url = f"/personer/{patient.pk}/"
    html = cast["nurse"].client().get(url).content.decode()
    for text in ("Fiolin, Blid", "Prøveby fengsel north", "A-214", "Team nord"):
        assert text in html
    assert "Grunnlag" not in html
    assert names(cast["nurse"].client().get("/personer/").content.decode()) == ["Fiolin, Blid"]
    for who in ("officer", "duty_leader", "south_nurse", "south_doctor", "trust_intake"):
        assert cast[who].client().get(url).status_code == 404
    for door in ("endre", "opphold", "flytt", "overfor", "avslutt", "loslatelsesdato"):
        assert cast["doctor"].client().get(f"{url}{door}/").status_code == 404


def test_the_timeline_shows_the_last_days_and_older_on_demand(cast, noon, monkeypatch):
    def source(actor, person, since):
        for days in (1, 20):
            at = AT - timedelta(days=days)
            if at >= since:
                yield timeline.Event(at=at, kind="check", title=f"For {days} dager siden", recorded_at=AT)

    monkeypatch.setattr(timeline, "SOURCES", [*timeline.SOURCES, source])
    client = cast["officer"].client()
    url = f"/personer/{cast.people['fiolin']}/"
    html = client.get(url).content.decode()
    assert "For 1 dager siden" in html
    assert "Skrevet inn 23.11.2026 kl. 12.00" in html
    assert "For 20 dager siden" not in html
    assert "Siste 14 dager" in html
    older = client.get(url, {"days": "42"}).content.decode()
    assert "For 20 dager siden" in older
    assert "Satt inn" in older, "the stay began 40 days ago"
    for odd in ("-1", "x", "999999999999"):
        assert client.get(url, {"days": odd}).status_code == 200


def test_the_page_costs_the_same_whatever_happened(cast, noon):
    client = cast["duty_leader"].client()
    url = f"/personer/{cast.people['fiolin']}/"
    client.get(url)
    with CaptureQueriesContext(connections["default"]) as before:
        client.get(url)
    for number in range(6):
        with cast["duty_leader"].acting() as actor:
            person = Person.objects.get(pk=cast.people["fiolin"])
            unit = cast.units["north_b" if number % 2 == 0 else "north_a"]
            actions.move_to_unit(actor, person, unit, cell=f"C-{number}", at=AT - timedelta(hours=number))
    with CaptureQueriesContext(connections["default"]) as after:
        assert client.get(url).content.decode().count("Flyttet fra") == 6
    assert len(before) == len(after)


# Search


def find(client, text: str):
    return client.post("/personer/sok/", {"query": text})


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Fiolin", ["Fiolin, Blid"]),
        ("fio", ["Fiolin, Blid"]),
        ("  FIOLIN , bl ", ["Fiolin, Blid"]),
        ("Fiolin, Annen", []),
        ("S-1001", ["Trompet, Kreativ"]),
        (TROMPETS, ["Trompet, Kreativ"]),
        (f"{TROMPETS[:6]} {TROMPETS[6:]}", ["Trompet, Kreativ"]),
        ("12345678901", []),
        ("Sjiraff", []),
        ("%", []),
        ("_", []),
    ],
)
def test_search_finds_by_name_and_number(cast, noon, query, found):
    response = find(cast["duty_leader"].client(), query)
    assert response.status_code == 200
    assert names(response.content.decode()) == found


@pytest.mark.obligation("R6.1-a")
@pytest.mark.parametrize("hidden", ["Trompet", "Sjiraff", "S-1001", "S-1003", TROMPETS])
def test_hidden_and_absent_give_the_same_answer(cast, noon, text_of, hidden):
    client = cast["officer"].client()
    absent = text_of(find(client, "Finnesikke")).replace("Finnesikke", "?")
    assert text_of(find(client, hidden)).replace(hidden, "?") == absent
    assert "Ingen treff" in absent


def test_search_is_by_post_and_needs_a_word(cast, noon):
    client = cast["duty_leader"].client()
    page = client.get("/personer/sok/", {"query": "Fiolin"})
    assert page.status_code == 200
    assert "Fiolin" not in page.content.decode()
    empty = find(client, "   ")
    assert empty.status_code == 422
    assert "Skriv et navn eller et nummer" in empty.content.decode()


def test_search_leaves_a_trace_with_and_without_hits(cast, noon, admin):
    def traces() -> list[tuple[str, list[uuid.UUID]]]:
        rows = admin.execute(
            "SELECT action, person_ids FROM audit.entry WHERE purpose LIKE 'search:%' ORDER BY seq"
        ).fetchall()
        return [(action, persons or []) for action, persons in rows]

    find(cast["officer"].client(), "Trompet")
    assert traces() == [("search", [])]
    find(cast["officer"].client(), "Fiolin")
    found = traces()
    assert ("search", [cast.people["fiolin"]]) in found[1:]
    assert any(action == "read" and cast.people["fiolin"] in persons for action, persons in found)
    texts = admin.execute("SELECT e::text FROM audit.entry e WHERE purpose LIKE 'search:%'").fetchall()
    assert len(texts) > 1
    assert all("Fiolin" not in row[0] and "Trompet" not in row[0] for row in texts)


def test_many_hits_are_cut_and_said(cast, noon):
    add_people(cast, 30)
    html = find(cast["duty_leader"].client(), "rad").content.decode()
    assert len(names(html)) == 25
    assert "Det finnes flere" in html


def test_search_costs_the_same_with_one_hit_and_many(cast, noon):
    client = cast["duty_leader"].client()
    add_people(cast, 1, family="En")
    add_people(cast, 20, family="Mange")
    find(client, "En")
    with CaptureQueriesContext(connections["default"]) as one:
        assert len(names(find(client, "En").content.decode())) == 1
    with CaptureQueriesContext(connections["default"]) as many:
        assert len(names(find(client, "Mange").content.decode())) == 20
    assert len(one) == len(many)
