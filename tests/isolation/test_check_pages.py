"""Checks and watching over HTTP: two presses, worries, late entries with both times, gaps to the minute."""

import re
import uuid
from datetime import timedelta

import pytest

from isolation.actions import checks as check_verbs
from isolation.actions import measures as verbs
from tests.cast import AT
from tests.isolation.helpers import (
    HOUR,
    MINUTE,
    check,
    coercion,
    count,
    deadline,
    decide,
    exclusion,
    oslo,
)
from tests.isolation.reading import key_in, text_of

# Checks


@pytest.mark.obligation("R7.1.2-h")
def test_a_check_in_two_presses_with_receipt_and_undo(cast, admin, now) -> None:
    measure = decide(cast)
    client = cast["officer"].client()
    page = client.get(f"/isolasjon/{measure.pk}/")
    key = key_in(page)
    at = now(AT + 62 * MINUTE + timedelta(seconds=20))
    sent = [client.post(f"/isolasjon/{measure.pk}/tilsyn/", {"key": key, "state": "calm"}) for _ in range(3)]
    assert {answer.status_code for answer in sent} == {303}
    assert len({answer.url for answer in sent}) == 1
    assert count(admin, "check") == 1
    receipt = client.get(sent[0].url)
    assert "Lagret kl. 13.02: Våken, rolig" in text_of(receipt)
    assert "Neste tilsyn senest kl. 14.02." in text_of(receipt)
    assert deadline(admin, measure, "D20")[0] == at + HOUR
    undo = re.search(r'action="(/isolasjon/tilsyn/[^"]+/angre/)"', receipt.content.decode())
    assert undo
    back = client.post(undo.group(1))
    assert back.status_code == 303
    assert "er angret" in text_of(client.get(back.url))
    assert (count(admin, "check"), count(admin, "checkcorrection")) == (1, 1)


def test_the_quick_check_of_today_goes_back_there(cast, admin, now) -> None:
    measure = decide(cast)
    client = cast["officer"].client()
    today = client.get("/").content.decode()
    assert f'action="/isolasjon/{measure.pk}/tilsyn/?back=today"' in today
    answer = client.post(f"/isolasjon/{measure.pk}/tilsyn/?back=today", {"key": str(uuid.uuid4()), "state": "asleep"})
    assert (answer.status_code, answer.url) == (303, "/")
    page = client.get("/")
    assert "Tilsyn lagret kl. 12.00. Neste senest kl. 13.00." in text_of(page)
    assert f"/isolasjon/{measure.pk}/?saved=" in page.content.decode()


@pytest.mark.parametrize("state", ["uneasy", "needs_help"])
def test_a_worry_asks_what_and_who_before_anything_is_saved(cast, admin, now, state) -> None:
    measure = decide(cast)
    client = cast["officer"].client()
    url = f"/isolasjon/{measure.pk}/tilsyn/"
    first = client.post(url, {"key": str(uuid.uuid4()), "state": state})
    assert (first.status_code, first.url) == (303, f"{url}bekymring/?state={state}")
    form = client.get(first.url)
    typed = {
        "key": key_in(form),
        "state": state,
        "occurred_on": "23.11.2026",
        "occurred_clock": "12.00",
        "note": "Slår i veggen.",
    }
    bad = client.post(f"{url}bekymring/", typed)
    assert bad.status_code == 422
    assert "Velg hvem som er varslet." in text_of(bad)
    assert "Slår i veggen." in bad.content.decode()
    assert count(admin, "check") == 0
    good = client.post(f"{url}bekymring/", typed | {"alerted": ["duty_leader", "health_service"]})
    assert good.status_code == 303
    assert "Varslet: Vaktleder, Fengselshelsetjenesten." in text_of(client.get(good.url))
    carried = client.post(url, {"key": str(uuid.uuid4()), "state": state, "note": "Gråter."})
    assert carried.status_code == 200
    assert "Gråter." in carried.content.decode()
    assert count(admin, "check") == 1


@pytest.mark.obligation("R7.1.2-r")
def test_a_late_entry_shows_both_times(cast, admin, now) -> None:
    measure = decide(cast)
    client = cast["officer"].client()
    now(AT + HOUR)
    url = f"/isolasjon/{measure.pk}/tilsyn/"
    for wrong, words in (
        ("13.30", "ikke vært ennå"),
        ("11.30", "før tiltaket startet"),
        ("13", "Skriv klokkeslettet slik"),
    ):
        bad = client.post(
            url, {"key": str(uuid.uuid4()), "state": "calm", "occurred_on": "23.11.2026", "occurred_clock": wrong}
        )
        assert bad.status_code == 422
        assert words in text_of(bad)
        assert f'value="{wrong}"' in bad.content.decode()
    assert count(admin, "check") == 0
    saved = client.post(
        url,
        {
            "key": str(uuid.uuid4()),
            "state": "calm",
            "occurred_on": "23.11.2026",
            "occurred_clock": "12.20",
            "note": "Spiste.",
        },
    )
    page = text_of(client.get(saved.url))
    assert "12.20" in page
    assert "Skrevet kl. 13.00." in page


def test_the_hour_that_comes_twice_is_asked_about_and_the_one_that_never_comes_is_refused(cast, admin, now) -> None:
    start = oslo(10, 24, 20)
    admin.execute("UPDATE custody.coordination_stay SET admitted_at = %s", [start - 24 * HOUR])
    measure = decide(cast, exclusion(start), at=start)
    client = cast["officer"].client()
    now(oslo(10, 25, 6))
    url = f"/isolasjon/{measure.pk}/tilsyn/"
    typed = {"key": str(uuid.uuid4()), "state": "calm", "occurred_on": "25.10.2026", "occurred_clock": "02.30"}
    asked = client.post(url, typed)
    assert asked.status_code == 422
    assert "Første gang (sommertid)" in text_of(asked)
    assert client.post(url, typed | {"occurred_fold": "second"}).status_code == 303
    assert admin.execute("SELECT occurred_at FROM custody.isolation_check").fetchone()[0] == oslo(10, 25, 2, 30, fold=1)
    spring = oslo(3, 27, 20, year=2027)
    with cast["duty_leader"].acting() as actor:
        verbs.end(actor, measure.pk, ended_at=oslo(10, 25, 6), reason="grounds_gone", note="x", at=oslo(10, 25, 6))
    other = decide(cast, exclusion(spring), at=spring)
    now(oslo(3, 28, 8, year=2027))
    gone = client.post(
        f"/isolasjon/{other.pk}/tilsyn/",
        {"key": str(uuid.uuid4()), "state": "calm", "occurred_on": "28.03.2027", "occurred_clock": "02.30"},
    )
    assert gone.status_code == 422
    assert "finnes ikke" in text_of(gone)


@pytest.mark.obligation("R7.1.2-h", "R7.1.2-r")
def test_absence_is_told_to_the_minute(cast, now) -> None:
    measure = decide(cast)
    for minutes in (50, 128, 180):
        check(cast, measure, AT + minutes * MINUTE)
    now(AT + 245 * MINUTE)
    page = text_of(cast["officer"].client().get(f"/isolasjon/{measure.pk}/"))
    assert "78 minutter uten tilsyn" in page
    assert "Fra kl. 12.50 til kl. 14.08. 18 minutter over fristen, som var kl. 13.50." in page
    assert "65 minutter uten tilsyn" in page
    assert "Fra kl. 15.00 til nå. 5 minutter over fristen" in page


def test_a_corrected_check_stays_readable_and_leaves_its_gap(cast, now) -> None:
    measure = decide(cast)
    check(cast, measure, AT + 30 * MINUTE)
    wrong = check(cast, measure, AT + 80 * MINUTE).check
    with cast["officer"].acting() as actor:
        check_verbs.undo_check(actor, wrong.pk, at=AT + 81 * MINUTE)
    now(AT + 100 * MINUTE)
    page = text_of(cast["officer"].client().get(f"/isolasjon/{measure.pk}/"))
    assert "Våken, rolig – angret" in page
    assert "70 minutter uten tilsyn" in page


@pytest.mark.obligation("R7.1.2-i", "R7.1.2-u")
def test_continuous_watch_is_taken_noted_and_handed_over_on_the_page(cast, admin, now) -> None:
    measure = decide(cast, coercion("security_bed"))
    client = cast["officer"].client()
    url = f"/isolasjon/{measure.pk}/"
    now(AT + 5 * MINUTE)
    page = client.get(url)
    assert "Ingen observerer nå." in text_of(page)
    assert client.post(f"{url}observasjon/", {"watch-key": str(uuid.uuid4()), "watch-observer": ""}).status_code == 422
    taken = client.post(
        f"{url}observasjon/", {"watch-key": key_in(page, "watch-key"), "watch-observer": "Betjent Berg"}
    )
    assert taken.status_code == 303
    now(AT + 25 * MINUTE)
    page = client.get(url)
    assert "Betjent Berg har observert siden kl. 12.05." in text_of(page)
    assert "5 minutter uten observatør" in text_of(page)
    client.post(f"{url}observasjon/merknad/", {"note-key": key_in(page, "note-key"), "note-text": "Puster rolig."})
    now(AT + 30 * MINUTE)
    client.post(f"{url}observasjon/", {"watch-key": str(uuid.uuid4()), "watch-observer": "Betjent Lie"})
    page = text_of(client.get(url))
    assert "Puster rolig." in page
    assert "20 minutter uten merknad fra observatøren" in page
    assert "Betjent Lie har observert siden kl. 12.30." in page
    client.post(f"{url}observasjon/slutt/")
    assert "Ingen observerer nå." in text_of(client.get(url))
    assert deadline(admin, measure, "D26")[0] == AT + 30 * MINUTE
