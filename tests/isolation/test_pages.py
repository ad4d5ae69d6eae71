"""The pages over HTTP, with real commits: what is saved, what is refused with everything typed kept, and what it costs in queries."""

import re
import uuid

import pytest
from django.db import ProgrammingError, connections
from django.test.utils import CaptureQueriesContext

from isolation.models import Measure
from tests.cast import AT
from tests.isolation.helpers import (
    HOUR,
    MINUTE,
    check,
    coercion,
    count,
    decide,
    exclusion,
    letters,
    open_rules,
)
from tests.isolation.reading import key_in, text_of
from tests.isolation.test_follow_up import advise, contact, plan, week
from tests.isolation.test_health_visits import followed, visit

DECISION = {
    "effective_on": "23.11.2026",
    "effective_clock": "12.00",
    "extent": "full",
    "grounds": ["harm_or_violence"],
    "necessity": "Slo mot en medinnsatt.",
    "less_intrusive": "Samtale er prøvd.",
    "partial_considered": "Delvis er prøvd uten virkning.",
    "hours_out_per_day": "2",
    "force_used": "no",
}


# The decision


def test_a_decision_from_the_chooser_to_the_measure(cast, admin, now) -> None:
    client, person = cast["duty_leader"].client(), cast.people["fiolin"]
    chooser = client.get(f"/isolasjon/person/{person}/vedtak/")
    assert "Sikkerhetsseng" in text_of(chooser)
    url = f"/isolasjon/person/{person}/vedtak/?kind=exclusion"
    key = key_in(client.get(url))
    bad = client.post(url, DECISION | {"key": key, "necessity": "", "expected_hours": "73"})
    assert bad.status_code == 422
    assert "Skriv hvorfor tiltaket er nødvendig." in text_of(bad)
    assert "Samtale er prøvd." in text_of(bad)
    assert "<title>Feil:" in bad.content.decode()
    assert count(admin, "measure") == 0
    good = client.post(url, DECISION | {"key": key, "expected_hours": "73"})
    assert good.status_code == 303
    again = client.post(url, DECISION | {"key": key, "expected_hours": "73"})
    assert again.url == good.url
    assert (count(admin, "measure"), len(letters(admin, "exclusion_notice"))) == (1, 1)
    page = text_of(client.get(good.url))
    assert "legen er varslet" in page
    assert "Lag ukeplan" in page


def test_a_refusal_of_the_verb_stands_beside_its_field(cast, admin, now) -> None:
    client = cast["duty_leader"].client()
    url = f"/isolasjon/person/{cast.people['fiolin']}/vedtak/?kind=exclusion"
    answer = client.post(url, DECISION | {"key": str(uuid.uuid4()), "force_used": "yes", "effective_clock": "12.01"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'id="id_force_note_error"' in page
    assert 'id="id_effective_clock_error"' in page
    assert count(admin, "measure") == 0


def test_the_minors_page_has_only_the_lawful_grounds(cast, now) -> None:
    client = cast["duty_leader"].client()
    adult = client.get(f"/isolasjon/person/{cast.people['fiolin']}/vedtak/?kind=exclusion").content.decode()
    minor = client.get(f"/isolasjon/person/{cast.people['ung']}/vedtak/?kind=exclusion").content.decode()
    assert 'value="negative_influence"' in adult
    assert 'value="negative_influence"' not in minor
    assert "Under 18 år" in minor


def test_ending_asks_for_the_protocol(cast, admin, now) -> None:
    measure = decide(cast)
    client = cast["duty_leader"].client()
    now(AT + 2 * HOUR)
    assert f"/isolasjon/{measure.pk}/avslutt/" in client.get(f"/isolasjon/{measure.pk}/").content.decode()
    form = {"ended_on": "23.11.2026", "ended_clock": "14.00", "reason": "grounds_gone", "note": ""}
    assert client.post(f"/isolasjon/{measure.pk}/avslutt/", form).status_code == 422
    done = client.post(f"/isolasjon/{measure.pk}/avslutt/", form | {"note": "Rolig i to timer."})
    assert done.status_code == 303
    page = client.get(done.url)
    assert "Skriv ut protokollen" in text_of(page)
    assert "Logg tilsyn" not in text_of(page)
    assert open_rules(admin, measure) == set()


# Walls


@pytest.mark.parametrize(
    "who",
    ["officer_b", "south_officer", "south_duty_leader", "nurse", "doctor", "trust_clinician", "region", "prison_admin"],
)
def test_nobody_else_sees_or_touches_a_measure(cast, admin, now, who) -> None:
    measure = decide(cast, exclusion(expected_hours=100))
    made = check(cast, measure, AT + MINUTE).check
    plan(cast, measure, week())
    client = cast[who].client()
    base = f"/isolasjon/{measure.pk}/"
    doors = [
        "",
        "protokoll/",
        "ukeplan/",
        "ukeplan/pdf/",
        "kontakt/",
        "vurdering/",
        "varighet/",
        "avslutt/",
        "gjennomgang/",
        "tilsyn/annet/",
        "tilsyn/bekymring/?state=uneasy",
    ]
    assert {client.get(base + door).status_code for door in doors} == {404}
    posts = {
        "tilsyn/": {"key": str(uuid.uuid4()), "state": "calm"},
        "observasjon/": {"watch-key": str(uuid.uuid4()), "watch-observer": "x"},
        "avslutt/": {"ended_on": "23.11.2026", "ended_clock": "12.00", "reason": "grounds_gone", "note": "x"},
        "kontakt/": {"key": str(uuid.uuid4()), "kind": "talk"},
    }
    assert {client.post(base + door, data).status_code for door, data in posts.items()} == {404}
    assert client.post(f"/isolasjon/tilsyn/{made.pk}/angre/").status_code == 404
    board = client.get("/isolasjon/")
    assert board.status_code == 404 or "Fiolin" not in text_of(board)
    with cast[who].acting():
        if cast[who].membership.agency.world == "custody" and who != "prison_admin":
            assert Measure.objects.count() == 0
        else:
            with pytest.raises(ProgrammingError):
                Measure.objects.count()
            connections["default"].close()
    assert count(admin, "check") == 1
    assert cast["officer"].client().get(base).status_code == 200


def test_hidden_and_absent_answer_alike(cast, now) -> None:
    measure = decide(cast)
    client = cast["officer_b"].client()
    nobody = uuid.uuid4()
    hidden, absent = client.get(f"/isolasjon/{measure.pk}/"), client.get(f"/isolasjon/{nobody}/")
    strip = re.compile(rb'data-now="[^"]+"|[0-9.]+ kl. [0-9.]+|value="[^"]{64}"')
    assert hidden.status_code == absent.status_code == 404
    assert strip.sub(b"", hidden.content).replace(str(measure.pk).encode(), b"") == strip.sub(
        b"", absent.content
    ).replace(str(nobody).encode(), b"")


# Plan, contact, advice


@pytest.mark.obligation("R7.1.2-l", "R7.1.2-m")
def test_the_plan_page_says_which_day_is_short(cast, admin, now) -> None:
    measure = decide(cast, exclusion(expected_hours=100))
    client = cast["duty_leader"].client()
    url = f"/isolasjon/{measure.pk}/ukeplan/"
    page = client.get(url)
    assert "unntatt fra kravet" in text_of(page)
    form = {"key": key_in(page), "first_on": "2026-11-23", "way_out": "Tre rolige dager."}
    form |= {f"activities_{n}": "Luftegård" for n in range(7)} | {f"minutes_{n}": "120" for n in range(7)}
    bad = client.post(url, form | {"minutes_2": "90"})
    assert bad.status_code == 422
    assert "Onsdag 25. november har 90 minutter. Planlegg minst 120." in text_of(bad)
    assert 'id="id_minutes_2_error"' in bad.content.decode()
    assert 'value="90"' in bad.content.decode()
    assert count(admin, "weeklyplan") == 0
    assert client.post(url, form).status_code == 303
    assert client.post(url, form).status_code == 303
    assert count(admin, "weeklyplan") == 1
    page = text_of(client.get(f"/isolasjon/{measure.pk}/"))
    assert "Tre rolige dager." in page
    assert "120 min med andre" in page
    assert "120" in client.get(url).content.decode()


@pytest.mark.obligation("R7.1.2-m")
def test_contact_is_written_down_and_summed(cast, admin, now) -> None:
    measure = decide(cast, exclusion(AT - 24 * HOUR), at=AT - 24 * HOUR)
    client = cast["officer"].client()
    url = f"/isolasjon/{measure.pk}/kontakt/"
    page = client.get(url)
    assert "Ikke en hel dag, teller ikke" in text_of(page)
    form = {
        "key": key_in(page),
        "kind": "outdoors",
        "with_whom": "inmates",
        "started_on": "23.11.2026",
        "started_clock": "10.00",
        "ended_clock": "10.50",
    }
    assert client.post(url, form | {"ended_clock": ""}).status_code == 422
    assert client.post(url, form | {"ended_clock": "12.30"}).status_code == 422
    assert client.post(url, form).status_code == 303
    page = text_of(client.get(f"/isolasjon/{measure.pk}/"))
    assert "50 min av minst 2 timer" in page
    assert "50 minutter: luftegård med andre innsatte" in page


@pytest.mark.obligation("R7.1.2-g", "R7.1.2-z")
def test_advice_is_read_answered_and_leads_on_to_a_reassessment(cast, admin, now) -> None:
    measure = decide(cast, coercion())
    letter = advise(cast, admin, measure)
    officer, leader, warden = cast["officer"].client(), cast["duty_leader"].client(), cast["warden"].client()
    page = text_of(officer.get(f"/isolasjon/{measure.pk}/"))
    assert "Helsetjenesten kvitterte" in page
    assert "Vurder å avslutte tiltaket" in page
    assert officer.get(f"/isolasjon/rad/{letter}/").status_code == 404
    assert "Mer tid ute." in text_of(warden.get(f"/isolasjon/{measure.pk}/gjennomgang/"))
    assert "Svar på rådet" in text_of(leader.get(f"/post/{letter}/"))
    assert "Mer tid ute." in text_of(leader.get(f"/isolasjon/rad/{letter}/"))
    assert leader.post(f"/isolasjon/rad/{letter}/", {"response": "followed", "reason": ""}).status_code == 422
    done = leader.post(
        f"/isolasjon/rad/{letter}/", {"response": "followed", "reason": "Vi er enige.", "steps": "Luftegård."}
    )
    assert (done.status_code, done.url) == (303, f"/isolasjon/{measure.pk}/vurdering/")
    form = {"key": str(uuid.uuid4()), "outcome": "end", "reason": "Rolig nå.", "mitigation": "Mer tid ute."}
    assert leader.post(done.url, form).url == f"/isolasjon/{measure.pk}/?ended=1"
    assert "Svar på råd: Vi følger rådet" in text_of(officer.get(f"/isolasjon/{measure.pk}/"))


@pytest.mark.obligation("R7.1.2-z")
def test_the_wardens_list_shows_what_was_missed(cast, now) -> None:
    measure = decide(cast, coercion())
    now(AT + 48 * HOUR)
    client = cast["warden"].client()
    page = text_of(client.get("/isolasjon/gjennomgang/"))
    assert "mandag 23. november, tirsdag 24. november" in page
    assert client.post(f"/isolasjon/{measure.pk}/gjennomgang/", {"note": ""}).status_code == 422
    assert client.post(f"/isolasjon/{measure.pk}/gjennomgang/", {"note": "Rolig."}).status_code == 303
    assert "Gjort 12.00" in text_of(client.get("/isolasjon/gjennomgang/"))
    leader = cast["duty_leader"].client()
    assert leader.get("/isolasjon/gjennomgang/").status_code == 200
    assert leader.get("/isolasjon/gjennomgang/stedfortreder/").status_code == 404
    named = client.post(
        "/isolasjon/gjennomgang/stedfortreder/",
        {"deputy": str(cast["duty_leader"].membership.pk), "first_on": "26.11.2026", "last_on": "27.11.2026"},
    )
    assert named.status_code == 303
    assert "Duty Leader, 26.11.2026–27.11.2026" in text_of(client.get("/isolasjon/gjennomgang/"))


@pytest.mark.obligation("R7.1.2-f")
def test_a_wish_over_http(cast, admin, now) -> None:
    client = cast["officer"].client()
    url = f"/isolasjon/person/{cast.people['fiolin']}/helsetilsyn/"
    assert f'href="{url}"' in client.get(f"/personer/{cast.people['fiolin']}/").content.decode()
    key = key_in(client.get(url))
    assert client.post(url, {"key": key}).status_code == 422
    assert client.post(url, {"key": key, "reason": "wish"}).status_code == 303
    assert len(letters(admin, "health_check_request")) == 1


def test_the_person_page_and_the_menu_know(cast, now) -> None:
    measure = decide(cast)
    page = cast["officer"].client().get(f"/personer/{cast.people['fiolin']}/")
    assert "Utelukket fra fellesskapet" in text_of(page)
    assert f"/isolasjon/{measure.pk}/" in page.content.decode()
    assert "Vedtak: Hel utelukkelse fra fellesskapet" in text_of(page)
    assert 'href="/isolasjon/"' in page.content.decode()
    assert 'href="/isolasjon/"' not in cast["nurse"].client().get("/").content.decode()


# What it costs


def queries(client, url, **post) -> int:
    """Return how many queries the acting connection makes for a page, warmed up."""
    send = (lambda: client.post(url, post)) if post else (lambda: client.get(url))
    send()
    with CaptureQueriesContext(connections["default"]) as captured:
        assert send().status_code in (200, 303)
    return len(captured)


def test_logging_a_check_is_cheap(cast, now) -> None:
    measure = decide(cast)
    client = cast["officer"].client()
    url = f"/isolasjon/{measure.pk}/tilsyn/"
    client.post(url, {"key": str(uuid.uuid4()), "state": "calm"})
    now(AT + 10 * MINUTE)
    with CaptureQueriesContext(connections["default"]) as captured:
        assert client.post(url, {"key": str(uuid.uuid4()), "state": "calm"}).status_code == 303
    spent = [q["sql"] for q in captured if not q["sql"].startswith(("BEGIN", "COMMIT"))]
    assert len(spent) <= 12, "\n".join(spent)


def test_the_page_costs_the_same_with_thirty_checks(cast, now) -> None:
    measure = decide(cast)
    check(cast, measure, AT + MINUTE)
    now(AT + 40 * MINUTE)
    client = cast["officer"].client()
    few = queries(client, f"/isolasjon/{measure.pk}/")
    for minute in range(2, 31):
        check(cast, measure, AT + minute * MINUTE)
    assert queries(client, f"/isolasjon/{measure.pk}/") == few


#: How the rows of one measure become those of a hundred: the table, whose rows, how many more of each, and what differs.
MANY = (
    ("coordination_person", "id = %(person)s", 1, "'id', md5('p' || n)::uuid, 'number', 'X-' || n, 'family_name', 'Fugl' || n, 'family_key', 'fugl' || n, 'national_id_lookup', null"),
    ("isolation_measure", "id = %(measure)s", 1, "'id', md5('m' || n)::uuid, 'person_id', md5('p' || n)::uuid, 'notice_letter', md5('l' || n)::uuid, 'key', gen_random_uuid()"),
    ("coordination_custodydeadline", "subject_id = %(measure)s AND rule = 'D25'", 1, "'id', gen_random_uuid(), 'subject_id', md5('m' || n)::uuid, 'person_id', md5('p' || n)::uuid, 'due_at', due_at + n * interval '1 minute'"),
    ("isolation_check", "measure_id = %(measure)s", 101, "'id', gen_random_uuid(), 'measure_id', md5('m' || n)::uuid, 'person_id', md5('p' || n)::uuid, 'key', gen_random_uuid(), 'occurred_at', occurred_at - k * interval '30 seconds'"),
    ("consent_custodyletter", "kind = 'supervision_visit'", 20, "'id', gen_random_uuid(), 'letter_id', gen_random_uuid(), 'thread_id', md5('l' || n)::uuid, 'person_id', md5('p' || n)::uuid"),
)  # fmt: skip


def make_many(admin, measure) -> None:
    """Make a hundred measures of one, with ten thousand checks and two thousand visits told, behind the walls."""
    admin.execute("SET session_replication_role = replica")
    for table, whose, each, changes in MANY:
        admin.execute(
            f"INSERT INTO custody.{table} SELECT (jsonb_populate_record(t, jsonb_build_object({changes}))).*"
            f" FROM custody.{table} t, generate_series(1, 99) n, generate_series(1, {each}) k WHERE {whose}",
            {"person": measure.person_id, "measure": measure.pk},
        )
    admin.execute("RESET session_replication_role")


def test_the_board_costs_the_same_with_a_hundred_measures_and_ten_thousand_checks(cast, admin, now) -> None:
    measure = decide(cast, coercion())
    _patient, course = followed(cast, measure)
    visit(cast, course, AT)
    check(cast, measure, AT + 2 * MINUTE)
    client = cast["duty_leader"].client()
    few = queries(client, "/isolasjon/")
    make_many(admin, measure)
    assert count(admin, "check") == 10_000
    now(AT + HOUR)
    assert queries(client, "/isolasjon/") == few
    page = text_of(client.get("/isolasjon/"))
    assert "100 tiltak pågår" in page
    assert page.count("kl. 12.00") >= 100, "the last visit stands on every row"
    assert page.index("Fiolin, Blid") < page.index("Fugl1, ") < page.index("Fugl98, "), "the one to look after first on top"  # fmt: skip


def test_contact_helper_is_used(cast) -> None:
    assert contact(cast, decide(cast), AT, 30).minutes == 30
