"""A consent from the talk to its end, through HTTP: explained, signed, filed by both sides, narrowed, withdrawn, superseded, refused."""

import io
from datetime import date, timedelta
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from consent import actions
from consent.access import access_consent, consents_for, inbox, outbox
from consent.actions import Undelivered, document, give_consent
from consent.rules import GiverProblem, NarrowProblem, giver_problem, narrow_problem
from coordination import clock, timeline
from coordination.people.access import access_person
from coordination.reference import consent_text_on, consent_texts
from coordination.refusals import Refused
from tests.consent.post import patient
from tests.consent.test_consents import advise, typed
from tests.consent.test_letters import page_text


@pytest.fixture
def about(cast, monkeypatch):
    """Give a patient of the nurse's team; the test kind of the nurse's letter is known."""
    from consent import letters
    from consent.reference_data import load_kinds
    from tests.consent.test_letters import REPLY

    monkeypatch.setitem(letters.KINDS, REPLY.code, REPLY)
    load_kinds()
    return patient(cast)


def png() -> bytes:
    """Return a small picture of a signed page."""
    out = io.BytesIO()
    Image.new("RGB", (40, 60), "white").save(out, "PNG")
    return out.getvalue()


def talk_of(cast, about, who="nurse", **more):
    """Explain, and return the path of the talk."""
    answer = cast[who].client().post(reverse("consent_new", args=[about]), typed(cast, **more))
    assert answer.status_code == 303, page_text(answer)
    return answer.url


def signed(cast, about, who="nurse", **more):
    """Explain and sign on the screen; return the key of the consent."""
    client = cast[who].client()
    answer = client.post(talk_of(cast, about, who, **more) + "signer/", {"typed_name": "Blid Fiolin"})
    assert answer.status_code == 303, page_text(answer)
    return answer.url.rstrip("/").rpartition("/")[2]


# Rules

BORN = date(2000, 1, 1)
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("born", "giver", "doubt", "competent", "problem"),
    [
        (BORN, "self", False, None, None),
        (BORN, "parents", False, None, GiverProblem.OLD_ENOUGH),
        (BORN, "next_of_kin", False, None, GiverProblem.OLD_ENOUGH),
        (BORN, "self", True, None, GiverProblem.UNDECIDED),
        (BORN, "self", True, True, None),
        (BORN, "next_of_kin", True, True, GiverProblem.OLD_ENOUGH),
        (BORN, "self", True, False, GiverProblem.NOT_COMPETENT),
        (BORN, "next_of_kin", True, False, None),
        (BORN, "guardian", True, False, None),
        (BORN, "parents", True, False, GiverProblem.OLD_ENOUGH),
        (date(2009, 3, 29), "self", False, None, None),  # 17
        (date(2009, 3, 29), "parents", True, False, None),
        (date(2010, 11, 24), "self", False, None, GiverProblem.TOO_YOUNG),  # 16 tomorrow
        (date(2010, 11, 23), "self", False, None, None),  # 16 today
        (date(2010, 11, 24), "parents", False, None, None),
        (date(2010, 11, 24), "child_welfare", False, None, None),
        (date(2010, 11, 24), "next_of_kin", False, None, GiverProblem.TOO_YOUNG),
    ],
)
def test_who_gives_a_consent(born, giver, doubt, competent, problem):
    named = (
        {"giver_name": "Rolig Hav", "giver_relation": "mor"}
        if giver != "self"
        else {"giver_name": "", "giver_relation": ""}
    )
    assert giver_problem(born, TODAY, given_by=giver, doubt=doubt, competent=competent, **named) is problem


def test_a_representative_has_a_name():
    facts = {"given_by": "parents", "giver_relation": "mor", "doubt": False, "competent": None}
    born = date(2011, 1, 1)
    assert giver_problem(born, TODAY, giver_name=" ", **facts) is GiverProblem.NO_NAME
    assert giver_problem(born, TODAY, giver_name="Rolig Hav", **facts) is None


@pytest.mark.parametrize(
    ("new", "problem"),
    [
        (({1}, {"a", "b"}, TODAY), None),
        (({1, 2}, {"a"}, TODAY), None),
        (({1, 2}, {"a", "b"}, TODAY - timedelta(1)), None),
        (({1, 2}, {"a", "b"}, TODAY), NarrowProblem.NOTHING),
        (({1, 2, 3}, {"a"}, TODAY), NarrowProblem.WIDER),
        (({1}, {"a", "c"}, TODAY), NarrowProblem.WIDER),
        (({1}, {"a"}, TODAY + timedelta(1)), NarrowProblem.WIDER),
        ((set(), {"a"}, TODAY), NarrowProblem.EMPTY),
        (({1}, set(), TODAY), NarrowProblem.EMPTY),
    ],
)
def test_a_consent_only_shrinks(new, problem):
    assert narrow_problem(({1, 2}, {"a", "b"}, TODAY), new) is problem


# The text


@pytest.mark.obligation("RM7-f")
def test_the_form_stands_in_bokmal_and_nynorsk_at_the_same_time_and_in_english_and_plain_words(cast):
    client = cast["officer"].client()
    for text in (one for one in consent_texts() if one.code == "sharing"):
        assert {"nb", "nn", "en", "nb-enkel"} <= set(text.languages)
        for code, words in text.languages.items():
            answer = client.get(reverse("consent_blank_pdf", args=[code]))
            printed = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
            assert words.title in " ".join(printed.split())
            assert words.labels["signature"] in printed
    assert client.get(reverse("consent_blank_pdf", args=["fi"])).status_code == 404
    assert cast["prison_admin"].client().get(reverse("consent_blank_pdf", args=["nb"])).status_code == 404


def test_the_text_of_the_day():
    assert consent_text_on("sharing", TODAY).valid_from <= TODAY
    with pytest.raises(LookupError):
        consent_text_on("sharing", date(2024, 12, 31))


# Signing


@pytest.mark.obligation("R6.3-b", "R6.3-c", "RM7-f")
def test_signed_on_the_screen_keeps_a_pdf_of_exactly_that(cast, about, admin):
    path = talk_of(cast, about, language="nn", interpreter="phone")
    client = cast["nurse"].client()
    page = page_text(client.get(path))
    assert "Eg har fått informasjonen ovanfor" in page
    form = client.get(path + "pdf/")
    assert "Underskrift" in PdfReader(io.BytesIO(form.content)).pages[0].extract_text()
    answer = client.post(path + "signer/", {"typed_name": "Blid Fiolin"})
    paper = client.get(answer.url + "dokument/")
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"].startswith("attachment")
    assert paper["X-Content-Type-Options"] == "nosniff"
    assert "Fiolin" not in paper["Content-Disposition"]
    printed = " ".join(" ".join(p.extract_text() for p in PdfReader(io.BytesIO(paper.content)).pages).split())
    for words in (
        "Samtykke til deling av opplysningar",
        "Blid Fiolin",
        "Planlegge oppfølging",
        "sharing@1",
        "Sykepleier Nurse",
    ):
        assert words in printed
    digest = sha256(paper.content).hexdigest()
    assert digest in page_text(client.get(answer.url)).replace(" ", "")
    kept = admin.execute("SELECT digest, sha256(data) FROM municipal_health.consent_municipalconsentpaper").fetchone()
    assert kept[0] == kept[1] == bytes.fromhex(digest)
    # What was signed stands, also against whoever holds the database role of the agency.
    for sql in (
        "UPDATE municipal_health.consent_municipalconsentpaper SET data = '\\x00'",
        "DELETE FROM municipal_health.consent_municipalconsentpaper",
    ):
        with pytest.raises(psycopg.Error):
            admin.execute(sql)


@pytest.mark.parametrize(
    ("name", "data", "fine"),
    [
        ("skann.png", png(), True),
        ("skjema.pdf", b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", True),
        ("skann.pdf", png(), True),  # judged by content: it is a picture, and kept as one
        ("skjema.pdf", b"MZ\x90\x00 program", False),
        ("skjema.pdf", b"<html><script>alert(1)</script></html>", False),
        ("skjema.pdf", b"%PDF-1.7 <</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>\n%%EOF", False),
        ("skjema.pdf", b"%PDF-1.7 half a file", False),
        ("skann.png", png()[:60], False),
        ("skann.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", False),
        ("stor.pdf", b"%PDF-1.7" + b"0" * (10 * 1024 * 1024) + b"%%EOF", False),
    ],
)
def test_a_signed_form_is_judged_by_its_content(cast, about, name, data, fine):
    if fine:
        assert document(data).data == data
        return
    with pytest.raises(Refused) as refused:
        document(data)
    assert refused.value.errors["document"]


def test_a_signed_form_is_attached_and_given_back_byte_by_byte(cast, about):
    client, path, data = cast["nurse"].client(), talk_of(cast, about), png()
    bad = client.post(path + "signer/", {"document": SimpleUploadedFile("signert.pdf", b"MZ program")})
    assert bad.status_code == 422
    assert "ikke en PDF, PNG eller JPEG" in page_text(bad)
    both = client.post(path + "signer/", {"document": SimpleUploadedFile("a.png", data), "typed_name": "Blid Fiolin"})
    assert "Velg én måte" in page_text(both)
    answer = client.post(
        path + "signer/", {"document": SimpleUploadedFile("Fiolin.pdf", data), "own_reference": "26/1"}
    )
    assert answer.status_code == 303
    paper = client.get(answer.url + "dokument/")
    assert (paper["Content-Type"], paper.content) == ("image/png", data)
    assert paper["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


# Both sides


@pytest.mark.obligation("R6.3-d", "R6.3-e", "RM7-f")
def test_both_sides_file_it_with_their_own_reference(cast, about):
    nurse, leader = cast["nurse"].client(), cast["duty_leader"].client()
    pk = signed(cast, about)
    page = reverse("consent", args=[pk])
    assert "Ikke ennå" in page_text(nurse.get(page))
    today = page_text(nurse.get(reverse("today")))
    assert "Journalfør samtykket" in today
    assert f'href="{page}"' in nurse.get(reverse("today")).content.decode()
    with cast["duty_leader"].acting() as actor:
        letter = inbox(actor).get(kind="consent_notice")
        body = letter.body
    assert body["event"] == "given"
    assert body["purpose"] == "Planlegge oppfølging"
    assert {"recipients", "note", "language"}.isdisjoint(body)
    assert leader.post(reverse("letter_file", args=[letter.pk]), {"reference": "KIA 2026/55"}).status_code == 303
    assert "KIA 2026/55" in page_text(nurse.get(page))
    empty = nurse.post(page + "journalfor/", {"reference": " "})
    assert empty.status_code == 422
    assert nurse.post(page + "journalfor/", {"reference": "EPJ 7"}).status_code == 303
    assert "referanse EPJ 7" in page_text(nurse.get(page))
    assert f'href="{page}"' not in nurse.get(reverse("today")).content.decode()
    again = nurse.post(page + "journalfor/", {"reference": "EPJ 8"})
    assert again.status_code == 422
    assert "allerede journalført med referansen EPJ 7" in page_text(again)


@pytest.mark.obligation("R5.2.1-c", "R6.3-d")
def test_the_prison_gets_consent_to_share_the_mapping_and_then_shares_it(cast):
    officer, pk = cast["contact_officer"].client(), cast.people["fiolin"]
    health = cast.agencies["north_health"].pk
    url = f"{reverse('share', args=[pk])}?til={health}&type=needs_summary"
    letter = {"about": "Behov", "content": "Trenger hjelp til tannlege.", "basis": "LB01", "informed": "yes"}
    before = officer.get(url)
    assert "ingen gyldige samtykker omfatter" in page_text(before)
    assert officer.post(url, letter).status_code == 422
    signed(cast, pk, "contact_officer", recipients=[str(health)], categories=["needs_mapping"])
    assert "personen har samtykket til dette til og med" in page_text(officer.get(url))
    assert officer.post(url, letter).status_code == 303
    with cast["nurse"].acting() as actor:
        got = inbox(actor).get(kind="needs_summary")
        assert (got.basis, got.statute, got.inmate_informed) == (
            "LB01",
            "forvaltningsloven § 13 a nr. 1; FOR-2013-09-20-1099 § 5",
            True,
        )


# Less, over, another


def test_narrowed_holds_from_the_next_statement_on_and_the_others_are_told_neutrally(cast, about, admin):
    trust, north = cast.agencies["trust"].pk, cast.agencies["north"].pk
    pk = signed(cast, about, recipients=[str(north), str(trust)])
    advise(cast, "nurse", about, pk)
    nurse = cast["nurse"].client()
    url = reverse("consent_narrow", args=[pk])
    today = clock.local_date(clock.now())
    form = {"categories": ["test"], "valid_to": f"{today + timedelta(days=90):%d.%m.%Y}", "version": "1"}
    assert "Ingenting er endret" in page_text(nurse.post(url, {**form, "recipients": [str(north), str(trust)]}))
    wider = nurse.post(url, {**form, "recipients": [str(trust)], "valid_to": f"{today + timedelta(days=91):%d.%m.%Y}"})
    assert "bare gjøres mindre" in page_text(wider)
    assert nurse.post(url, {**form, "recipients": [str(trust)]}).status_code == 303
    with pytest.raises(Undelivered) as refused:
        advise(cast, "nurse", about, pk)
    assert refused.value.code == "proof"
    with cast["duty_leader"].acting() as actor:
        first, last = inbox(actor).filter(kind="consent_notice").order_by("sent_at")
        assert (first.body["event"], last.body["event"], last.thread_id) == ("given", "ended", first.thread_id)
        assert set(last.body) == {"family_name", "given_name", "birth_date", "event"}
    with cast["trust_intake"].acting() as actor:
        # Who still stands in it is not told that somebody else does not.
        assert [row.body["event"] for row in inbox(actor).filter(kind="consent_notice")] == ["given"]
    text = page_text(nurse.get(reverse("consent", args=[pk])))
    assert "Innsnevret" in text
    assert "Ikke lenger til Prøveby fengsel north." in text
    # An old tab: somebody narrowed it meanwhile.
    stale = nurse.post(url, {**form, "recipients": [str(trust)], "valid_to": f"{today + timedelta(days=5):%d.%m.%Y}"})
    assert stale.status_code == 409
    # Widening is refused by the database itself.
    for column, value in (
        ("recipients", f"ARRAY['{north}', '{trust}']::uuid[]"),
        ("valid_to", "valid_to + 400"),
        ("categories", "ARRAY['test', 'x']"),
    ):
        with pytest.raises(psycopg.Error, match="never changes"):
            admin.execute(
                f"UPDATE municipal_health.consent_municipalconsent SET {column} = {value} WHERE id = %s", [pk]
            )


def test_less_information_is_told_to_those_who_remain(cast, about):
    pk = signed(cast, about, categories=["test", "health_information"])
    with cast["nurse"].acting() as actor:
        row = access_consent(actor, pk)
        actions.narrow_consent(
            actor,
            row,
            recipients=row.recipients,
            categories=["health_information"],
            valid_to=row.valid_to,
            at=clock.now(),
        )
    with cast["duty_leader"].acting() as actor:
        last = inbox(actor).filter(kind="consent_notice").order_by("-sent_at")[0]
        assert last.body["event"] == "narrowed"
        assert last.body["categories"] == ["Helseopplysninger som trengs for oppfølgingen"]
    with pytest.raises(Undelivered):
        advise(cast, "nurse", about, pk)


@pytest.mark.obligation("R6.2-e")
def test_withdrawn_is_told_without_the_reason_and_stops_an_open_tab(cast, about):
    pk = signed(cast, about, categories=["test", "health_information"])
    client, north = cast["nurse"].client(), cast.agencies["north"].pk
    url = f"{reverse('share', args=[about])}?til={north}&type=health_information"
    letter = {"about": "Plan", "content": "Trenger ro om kvelden.", "basis": "LB02", "informed": "yes"}
    tab = client.get(url)
    assert 'value="LB02"' in tab.content.decode()
    assert client.post(reverse("consent_withdraw", args=[pk]), {"note": "Stoler ikke på betjent X"}).status_code == 303
    late = client.post(url, letter)
    assert late.status_code == 422
    assert "kan ikke brukes lenger" in page_text(late)
    assert "Trenger ro om kvelden." in late.content.decode()
    with cast["duty_leader"].acting() as actor:
        assert inbox(actor).filter(kind="health_information").count() == 0
        last = inbox(actor).filter(kind="consent_notice").order_by("-sent_at")[0]
        assert set(last.body) == {"family_name", "given_name", "birth_date", "event"}
        assert last.body["event"] == "ended"
    with cast["nurse"].acting() as actor:
        titles = [
            e.title for e in timeline.events_for(actor, access_person(actor, about), clock.now() - timedelta(days=1))
        ]
        assert {"Samtykke gitt", "Samtykke trukket tilbake"} <= set(titles)


def test_a_letter_already_sent_can_still_be_printed_after_the_withdrawal_but_not_corrected(cast, about):
    pk = signed(cast, about)
    advise(cast, "nurse", about, pk)
    client = cast["nurse"].client()
    with cast["nurse"].acting() as actor:
        sent = outbox(actor).exclude(kind="consent_notice").get()
    client.post(reverse("consent_withdraw", args=[pk]))
    assert client.get(reverse("letter_pdf", args=[sent.pk])).status_code == 200
    refused = client.post(reverse("letter_correct", args=[sent.pk]), {"advice": "Nytt råd."})
    assert refused.status_code == 422


def test_run_out_is_an_event_though_no_job_ever_ran(cast, about, monkeypatch):
    pk = signed(cast, about)
    later = clock.now() + timedelta(days=120)
    monkeypatch.setattr(clock, "now", lambda: later)
    with cast["nurse"].acting() as actor:
        person = access_person(actor, about)
        events = {e.title: e for e in timeline.events_for(actor, person, later - timedelta(days=200))}
        ended = clock.end_of_local_day(access_consent(actor, pk).valid_to)
        assert events["Samtykke utløpt"].at == ended


def test_a_new_one_supersedes_the_old_in_one_step(cast, about, admin):
    north, trust = cast.agencies["north"].pk, cast.agencies["trust"].pk
    old = signed(cast, about, recipients=[str(north), str(trust)])
    client = cast["nurse"].client()
    page = client.get(f"{reverse('consent_new', args=[about])}?erstatter={old}")
    assert old in page.content.decode()
    new = signed(cast, about, replaces=old, recipients=[str(trust)])
    with pytest.raises(Undelivered) as refused:
        advise(cast, "nurse", about, old)
    assert refused.value.code == "proof"
    assert "Erstattet av nytt samtykke" in page_text(client.get(reverse("consent", args=[old])))
    with cast["duty_leader"].acting() as actor:
        assert [row.body["event"] for row in inbox(actor).filter(kind="consent_notice").order_by("sent_at")] == [
            "given",
            "ended",
        ]
    with pytest.raises(psycopg.Error, match="never changes"):
        admin.execute("UPDATE municipal_health.consent_municipalconsent SET superseded_at = NULL WHERE id = %s", [old])
    # The twin: the new one carries what it names.
    with cast["nurse"].acting() as actor:
        assert access_consent(actor, new).superseded_at is None


def test_a_consent_of_somebody_else_is_never_replaced(cast, about):
    other = patient(cast, family="Tromme")
    old = signed(cast, other)
    client = cast["nurse"].client()
    assert client.get(f"{reverse('consent_new', args=[about])}?erstatter={old}").status_code == 404
    path = talk_of(cast, about, replaces=old)
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 422
    assert client.get(f"{reverse('consent_new', args=[about])}?erstatter={uuid4()}").status_code == 404


@pytest.mark.obligation("R6.3-b")
def test_a_no_is_kept_and_nothing_follows(cast, about):
    client, path = cast["nurse"].client(), talk_of(cast, about)
    assert client.post(path + "nei/", {"note": "Vil ikke"}).status_code == 303
    assert "sa nei" in page_text(client.get(reverse("consents", args=[about])))
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 422
    assert client.post(path + "nei/").status_code == 422
    with cast["nurse"].acting() as actor:
        assert consents_for(actor, about).count() == 0
        assert outbox(actor).count() == 0


# Who answers


def test_under_sixteen_others_answer(cast, admin):
    pk = patient(cast)
    admin.execute(
        "UPDATE municipal_health.coordination_municipalpatient SET birth_date = current_date - 5400 WHERE id = %s", [pk]
    )
    client, url = cast["nurse"].client(), reverse("consent_new", args=[pk])
    form = typed(cast, categories=["health_information"])
    assert "Personen er under 16 år" in page_text(client.post(url, form))
    assert "Skriv navn og tilknytning" in page_text(client.post(url, {**form, "given_by": "parents"}))
    answer = client.post(url, {**form, "given_by": "parents", "giver_name": "Rolig Hav", "giver_relation": "mor"})
    assert answer.status_code == 303
    done = client.post(answer.url + "signer/", {"typed_name": "Rolig Hav"})
    assert "Gitt av Rolig Hav (foreldre eller andre med foreldreansvar, mor)" in page_text(client.get(done.url))


def test_doubt_about_competence_is_decided_by_health_personnel_in_writing(cast, about):
    client, path = cast["nurse"].client(), talk_of(cast, about, doubt="on")
    assert "Helsepersonell må avgjøre den" in page_text(client.get(path))
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 422
    assert (
        cast["health_leader"]
        .client()
        .post(path + "kompetanse/", {"k-competent": "yes", "k-reason": "x" * 30})
        .status_code
        == 404
    )
    assert "minst 20 tegn" in page_text(client.post(path + "kompetanse/", {"k-competent": "yes", "k-reason": "Kort"}))
    reason = "Forklarte med egne ord hva samtykket betyr og hva som følger."
    assert client.post(path + "kompetanse/", {"k-competent": "yes", "k-reason": reason}).status_code == 303
    assert reason in page_text(client.get(path))
    assert client.post(path + "kompetanse/", {"k-competent": "no", "k-reason": reason}).status_code == 422
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 303


def test_who_lacks_competence_does_not_sign_and_the_next_of_kin_does(cast, about):
    client = cast["nurse"].client()
    path = talk_of(cast, about, doubt="on", given_by="self")
    reason = "Akutt forvirret, forstår ikke hvem som får opplysningene."
    assert client.post(path + "kompetanse/", {"k-competent": "no", "k-reason": reason}).status_code == 303
    assert "mangler samtykkekompetanse" in page_text(client.post(path + "signer/", {"typed_name": "Blid Fiolin"}))
    kin = talk_of(cast, about, doubt="on", given_by="next_of_kin", giver_name="Rolig Hav", giver_relation="søster")
    assert client.post(kin + "kompetanse/", {"k-competent": "no", "k-reason": reason}).status_code == 303
    assert client.post(kin + "signer/", {"typed_name": "Rolig Hav"}).status_code == 303


def test_a_prison_decides_no_competence(cast):
    client = cast["duty_leader"].client()
    health = [str(cast.agencies["north_health"].pk)]
    path = talk_of(
        cast, cast.people["fiolin"], "duty_leader", doubt="on", recipients=health, categories=["needs_mapping"]
    )
    assert client.post(path + "kompetanse/", {"k-competent": "yes", "k-reason": "x" * 40}).status_code == 404
    assert client.post(path + "signer/", {"typed_name": "Blid Fiolin"}).status_code == 422


def test_who_needs_an_interpreter_gets_one(cast, about, admin):
    admin.execute(
        "UPDATE municipal_health.coordination_municipalpatient SET interpreter_needed = true WHERE id = %s", [about]
    )
    client, url = cast["nurse"].client(), reverse("consent_new", args=[about])
    refused = client.post(url, typed(cast))
    assert refused.status_code == 422
    assert "registrert med behov for tolk" in page_text(refused)
    assert client.post(url, typed(cast, interpreter="present")).status_code == 303


# Is it needed?


@pytest.mark.obligation("R6.3-a")
def test_the_question_is_asked_once_a_step_answered_with_a_reason_and_holds_the_step(cast, about):
    step = uuid4()
    with cast["nurse"].acting() as actor:
        person = access_person(actor, about)
        first = actions.ask_if_needed(actor, person, "recovery", step, at=clock.now())
        assert actions.ask_if_needed(actor, person, "recovery", step, at=clock.now()).pk == first.pk
        with pytest.raises(Refused) as held:
            actions.must_be_answered(actor, "recovery", step)
        assert held.value.code == "consent_question"
    client = cast["nurse"].client()
    assert "Vurder om det trengs samtykke" in page_text(client.get(reverse("today")))
    assert "ved søknad til rusmestringsenhet" in page_text(client.get(reverse("consents", args=[about])))
    url = reverse("consent_question", args=[first.pk])
    assert f'href="{url}"' in client.get(reverse("today")).content.decode()
    assert client.post(url, {"needed": "yes"}).status_code == 422
    answer = client.post(url, {"needed": "yes", "reason": "Skal planlegge sammen."})
    assert (answer.status_code, answer.url) == (303, reverse("consent_new", args=[about]))
    assert client.post(url, {"needed": "no", "reason": "Angret"}).status_code == 422
    assert "Skal planlegge sammen." in page_text(client.get(reverse("consents", args=[about])))
    assert f'href="{url}"' not in client.get(reverse("today")).content.decode()
    with cast["nurse"].acting() as actor:
        actions.must_be_answered(actor, "recovery", step)


# The wall


def test_nobody_else_sees_talks_papers_or_questions(cast, about):
    pk = signed(cast, about)
    path = talk_of(cast, about)
    doors = [
        path,
        path + "pdf/",
        *(reverse(n, args=[pk]) for n in ("consent", "consent_document_pdf", "consent_narrow")),
    ]
    for who in (
        "officer",
        "duty_leader",
        "south_nurse",
        "south_doctor",
        "trust_intake",
        "health_admin",
        "prison_admin",
    ):
        client = cast[who].client()
        assert {client.get(door).status_code for door in doors} == {404}, who
    assert {cast["doctor"].client().get(door).status_code for door in doors} == {200}


def test_direct_registration_still_says_what_was_signed(cast, about):
    today = clock.local_date(clock.now())
    with cast["nurse"].acting() as actor:
        row = give_consent(
            actor, access_person(actor, about), recipients=[cast.agencies["north"].pk], categories=["test"], purpose="P",
            valid_from=today, valid_to=today, reference="1", at=clock.now(),
        )  # fmt: skip
        assert not row.narrowed
        assert row.signed_scope["categories"] == ["test"]
    assert cast["nurse"].client().get(reverse("consent_document_pdf", args=[row.pk])).status_code == 404
