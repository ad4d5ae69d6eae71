"""A consent is signed, through HTTP: the text in its languages, the document and its hash, filed by both sides."""

import io
from datetime import date
from hashlib import sha256

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pypdf import PdfReader

from consent.access import inbox
from consent.actions import document, give_consent
from coordination import clock
from coordination.people.access import access_person
from coordination.reference import consent_text_on, consent_texts
from coordination.refusals import Refused
from tests.consent.paper import page_text
from tests.consent.signing import png, signed, somebody, talk_of


@pytest.fixture
def about(cast, monkeypatch):
    """Give a patient of the nurse's team."""
    return somebody(cast, monkeypatch)


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
    today = date(2026, 11, 23)
    assert consent_text_on("sharing", today).valid_from <= today
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
