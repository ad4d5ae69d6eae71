"""Inbox, outbox and the page of a letter, through HTTP with real commits: what each persona sees and does, and what stays hidden."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from consent.actions import send_letter
from consent.letters import identity_of
from coordination.models import Role
from coordination.people.access import access_person
from tests.cast import PERSONAS
from tests.consent.paper import CONTENT, _kinds, own, page_text, queries, send  # noqa: F401 - the fixture of the kinds
from tests.consent.post import patient

# Boxes


def test_a_sent_letter_lies_in_the_outbox_and_the_inbox_and_says_who_and_what(cast):
    send(cast)
    sent = page_text(cast["officer"].client().get(reverse("outbox")))
    assert "Prøvevarsel" in sent
    assert "Fiolin, Blid" in sent
    assert "Fengselshelsetjenesten north" in sent
    assert "Venter på kvittering" in sent
    got = cast["nurse"].client().get(reverse("inbox"))
    assert "Prøvevarsel" in page_text(got)
    assert "Prøveby fengsel north" in page_text(got)
    assert "(ikke lest)" in page_text(got)
    assert 'class="menu__count">1' in got.content.decode()


@pytest.mark.parametrize("name", PERSONAS)
def test_every_persona_opens_the_boxes_and_sees_only_their_own(cast, name):
    letter = send(cast)
    mine = {"officer", "contact_officer", "duty_leader", "release_caseworker", "warden"}
    theirs = {"nurse", "doctor", "health_leader"}
    client = cast[name].client()
    if PERSONAS[name][0] is Role.ADMINISTRATOR:
        hidden = client.get(reverse("letter", args=[uuid4()]))
        assert [client.get(reverse(box)).status_code for box in ("inbox", "outbox")] == [404, 404]
        assert hidden.status_code == 404
        return
    for box, readers in (("outbox", mine), ("inbox", theirs)):
        response = client.get(reverse(box))
        assert response.status_code == 200
        assert ("Fiolin" in page_text(response)) == (name in readers)
    for owner in ("officer", "nurse"):
        pk = own(cast, owner, letter)
        seen = client.get(reverse("letter", args=[pk]))
        readers = mine if owner == "officer" else theirs
        assert seen.status_code == (200 if name in readers else 404)


@pytest.mark.parametrize("action", ["letter", "letter_pdf", "letter_correct", "letter_acknowledge", "letter_file"])
def test_hidden_and_absent_are_the_same(cast, action):
    letter = send(cast)
    hidden, absent = own(cast, "nurse", letter), uuid4()
    for name in ("south_nurse", "officer", "trust_intake", "south_duty_leader"):
        client = cast[name].client()
        answers = [
            client.post(reverse(action, args=[pk]), {"reference": "1"})
            if action in {"letter_acknowledge", "letter_file"}
            else client.get(reverse(action, args=[pk]))
            for pk in (hidden, absent)
        ]
        bodies = [
            re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", a.content.decode())
            .replace(str(pk), "")
            .replace(" ", "")
            for a, pk in zip(answers, (hidden, absent), strict=True)
        ]
        assert [a.status_code for a in answers] == [404, 404]
        # The frame repeats the address in its theme form; all else is the same to the byte, the clock aside.
        assert len({re.sub(r'data-now="[^"]*"|\d\d\.\d\d', "", b) for b in bodies}) == 1


def test_filters_and_pages(cast):
    first = send(cast, observation="Den første")
    for _turn in range(29):
        send(cast)
    client = cast["nurse"].client()
    client.post(reverse("letter_acknowledge", args=[own(cast, "nurse", first)]))
    newest = client.get(reverse("inbox"))
    assert newest.content.decode().count("<tr>") == 26
    older = client.get(
        re.search(r'href="([^"]+)"[^>]*>Eldre|rel="next" href="([^"]+)"', newest.content.decode())
        .group(2)
        .replace("&amp;", "&")
    )
    assert older.content.decode().count("<tr>") == 6
    newer = client.get(re.search(r'rel="prev" href="([^"]+)"', older.content.decode()).group(1).replace("&amp;", "&"))
    assert newer.content.decode().count("<tr>") == 26
    assert client.get(reverse("inbox"), {"vis": "venter"}).content.decode().count("Venter på kvittering") == 25
    assert "Ingen brev passer" in page_text(client.get(reverse("inbox"), {"type": "health_contact"}))
    assert client.get(reverse("inbox"), {"vis": "venter", "type": "t_paper"}).content.decode().count("<tr>") == 26
    for cursor in ("x", "1_2", "99999999999999999999_" + str(uuid4()), "-1_" + str(uuid4())):
        assert client.get(reverse("inbox"), {"eldre": cursor}).status_code == 200
        assert client.get(reverse("inbox"), {"nyere": cursor}).status_code == 200


def test_boxes_ask_the_same_number_of_questions_for_one_and_for_thirty(cast):
    letter = send(cast)
    clients = {name: cast[name].client() for name in ("nurse", "officer")}
    pages = {
        "inbox": ("nurse", reverse("inbox")),
        "outbox": ("officer", reverse("outbox")),
        "letter": ("nurse", reverse("letter", args=[own(cast, "nurse", letter)])),
        "today": ("nurse", reverse("today")),
        "consents": ("officer", reverse("consents", args=[cast.people["fiolin"]])),
    }
    one = {page: queries(clients[name], url) for page, (name, url) in pages.items()}
    for _turn in range(29):
        send(cast)
    thirty = {page: queries(clients[name], url) for page, (name, url) in pages.items()}
    assert one == thirty
    assert max(one.values()) < 40


# One letter


def test_the_letter_says_what_was_sent_on_what_ground_and_in_words(cast):
    pk = own(cast, "nurse", send(cast))
    response = cast["nurse"].client().get(reverse("letter", args=[pk]))
    text = page_text(response)
    for words in (
        "Etternavn Fiolin",
        "Fødselsdato 15.05.1991",
        "Haster Ja",
        "Timer 2,5",
        "Siden 20.11.2026",
        "Startet 20.11.2026 kl. 13.30",
        "alpha beta",
        "Varsel ved tegn til sykdom",
        "straffegjennomføringsforskriften § 3-16",
        "Personen er orientert Ja",
        "Betjent Officer",
    ):
        assert words in text, words
    assert "&lt;b&gt;Ikke sovet&lt;/b&gt;" in response.content.decode()


def test_opening_leaves_the_receipt_once_and_only_by_the_recipient(cast, admin):
    letter = send(cast)
    mine, theirs = own(cast, "officer", letter), own(cast, "nurse", letter)

    def read_at():
        return admin.execute("SELECT read_at FROM custody.consent_custodyletter").fetchone()[0]

    cast["officer"].client().get(reverse("letter", args=[mine]))
    cast["officer"].client().get(reverse("letter_pdf", args=[mine]))
    assert read_at() is None
    cast["nurse"].client().get(reverse("letter", args=[theirs]))
    first = read_at()
    assert first is not None
    cast["doctor"].client().get(reverse("letter", args=[theirs]))
    assert read_at() == first
    assert "Lest" in page_text(cast["officer"].client().get(reverse("letter", args=[mine])))


def test_acknowledging_is_seen_by_the_sender_and_takes_the_task_away(cast):
    letter = send(cast)
    mine, theirs = own(cast, "officer", letter), own(cast, "nurse", letter)
    nurse, officer = cast["nurse"].client(), cast["officer"].client()
    assert "Kvitter for: Prøvevarsel" in page_text(nurse.get(reverse("today")))
    assert "Ring 116117" in page_text(officer.get(reverse("today")))
    answer = nurse.post(reverse("letter_acknowledge", args=[theirs]))
    assert (answer.status_code, answer.url) == (303, reverse("letter", args=[theirs]))
    nurse.post(reverse("letter_acknowledge", args=[theirs]))
    text = page_text(officer.get(reverse("letter", args=[mine])))
    assert re.search(r"Kvittert \d\d\.\d\d\.\d{4} kl\. \d\d\.\d\d Nurse", text)
    assert "Prøvevarsel" not in page_text(nurse.get(reverse("today")))
    assert "Prøvevarsel" not in page_text(officer.get(reverse("today")))
    # The sender cannot acknowledge for the recipient.
    assert officer.post(reverse("letter_acknowledge", args=[mine])).status_code == 404
    assert nurse.get(reverse("letter_acknowledge", args=[theirs])).status_code == 405


def test_filing_keeps_the_reference_and_shows_it_to_the_sender(cast):
    letter = send(cast)
    mine, theirs = own(cast, "officer", letter), own(cast, "nurse", letter)
    nurse = cast["nurse"].client()
    empty = nurse.post(reverse("letter_file", args=[theirs]), {"reference": "  "})
    assert empty.status_code == 422
    assert "Skriv saks- eller journalnummeret" in page_text(empty)
    assert "<title>Feil:" in empty.content.decode()
    long = nurse.post(reverse("letter_file", args=[theirs]), {"reference": "x" * 61})
    assert long.status_code == 422
    assert "x" * 61 in long.content.decode()
    assert nurse.post(reverse("letter_file", args=[theirs]), {"reference": "2026/44-1"}).status_code == 303
    assert "2026/44-1" in page_text(cast["officer"].client().get(reverse("letter", args=[mine])))
    again = nurse.post(reverse("letter_file", args=[theirs]), {"reference": "2026/99"})
    assert again.status_code == 422
    assert "allerede journalført med referansen 2026/44-1" in page_text(again)


def answers(form_page) -> dict[str, str]:
    """Return what a correction form is filled with."""
    form = form_page.context["form"]
    values = {}
    for field in form:
        value = field.value()
        if field.name == "started":
            values["started_0"], values["started_1"] = "20.11.2026", "13.30"
        else:
            values[field.name] = "" if value is None else value
    values["hours"], values["since"] = "2,5", "20.11.2026"
    return values


def test_a_correction_is_a_new_letter_and_the_old_one_stands(cast, admin):
    letter = send(cast)
    mine, theirs = own(cast, "officer", letter), own(cast, "nurse", letter)
    officer = cast["officer"].client()
    shown = officer.get(reverse("letter_correct", args=[mine]))
    values = answers(shown)
    assert "family_name" not in values
    blank = officer.post(reverse("letter_correct", args=[mine]), {**values, "observation": ""})
    assert blank.status_code == 422
    assert "Fyll ut «Hva er sett»" in page_text(blank)
    sent = officer.post(
        reverse("letter_correct", args=[mine]), {**values, "observation": "Rolig i natt.", "family_name": "Trompet"}
    )
    assert sent.status_code == 303
    again = officer.post(reverse("letter_correct", args=[mine]), {**values, "observation": "Rolig i natt."})
    assert (again.status_code, again.url) == (302, sent.url)
    rows = admin.execute(
        "SELECT body, superseded_by IS NOT NULL FROM municipal_health.consent_municipalletter ORDER BY sent_at"
    ).fetchall()
    assert [(row[0]["observation"], row[0]["family_name"], row[1]) for row in rows] == [
        (CONTENT["observation"], "Fiolin", True),
        ("Rolig i natt.", "Fiolin", False),
    ]
    kept = {name: value for name, value in rows[0][0].items() if name != "observation"}
    assert kept == {name: value for name, value in rows[1][0].items() if name != "observation"}
    old = cast["nurse"].client().get(reverse("letter", args=[theirs]))
    assert "Rettet av nytt brev." in page_text(old)
    assert "Dette brevet retter et tidligere brev." in page_text(officer.get(sent.url))
    # Neither the recipient nor somebody who may not send this kind corrects it.
    assert cast["nurse"].client().get(reverse("letter_correct", args=[theirs])).status_code == 404
    assert (
        cast["warden"].client().get(reverse("letter_correct", args=[own(cast, "officer", send(cast))])).status_code
        == 404
    )


def test_an_answer_is_found_from_the_letter_it_answers(cast):
    letter = send(cast)
    about = patient(cast)
    with cast["nurse"].acting() as actor:
        person = access_person(actor, about)
        body = {**identity_of(person), "advice": "Se til personen."}
        reply = send_letter(
            actor, "t_reply", to=cast.agencies["north"].pk, person=person, body=body, basis="LB08", in_reply_to=letter
        )
    mine = own(cast, "officer", letter)
    page = cast["officer"].client().get(reverse("letter", args=[mine]))
    assert reverse("letter", args=[own(cast, "officer", reply)]) in page.content.decode()
    assert "Brev i samme sak" in page_text(page)
    assert "Svar på: Prøvesvar" in page_text(cast["officer"].client().get(reverse("today")))


def test_another_units_officer_finds_neither_letter_nor_task(cast):
    letter = send(cast)
    client = cast["officer_b"].client()
    assert client.get(reverse("letter", args=[own(cast, "officer", letter)])).status_code == 404
    assert "Fiolin" not in page_text(client.get(reverse("today")))


def test_a_letter_stands_on_the_timeline_of_the_person(cast):
    letter = send(cast)
    page = cast["officer"].client().get(reverse("person", args=[cast.people["fiolin"]]))
    assert reverse("letter", args=[own(cast, "officer", letter)]) in page.content.decode()
    assert "Samtykke og deling" in page_text(page)


def test_a_letter_about_somebody_handed_over_is_still_read(cast):
    from coordination.people import actions as people

    letter = send(cast)
    mine = own(cast, "duty_leader", letter)
    with cast["duty_leader"].acting() as actor:
        people.hand_over(actor, access_person(actor, cast.people["fiolin"]), to_unit=cast.units["south_a"])
    page = cast["duty_leader"].client().get(reverse("letter", args=[mine]))
    assert page.status_code == 200
    assert "Fiolin, Blid" in page_text(page)
    assert reverse("person", args=[cast.people["fiolin"]]) not in page.content.decode()
    assert cast["duty_leader"].client().get(reverse("letter_correct", args=[mine])).status_code == 404
    assert cast["officer"].client().get(reverse("letter", args=[mine])).status_code == 404
