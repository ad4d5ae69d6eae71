"""Files that go with a letter: judged by content, kept with both copies, handed out to whoever may read the letter and to nobody else."""

import io
import zlib
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from consent.access import access_letter, inbox, outbox
from consent.actions import Enclosure, Undelivered, attach_person, document, enclosures, give_consent, send_letter
from consent.letters import identity_of
from consent.models import CustodyAttachment, MunicipalAttachment
from coordination import clock
from coordination.people.access import access_person
from coordination.refusals import Refused
from tests.cast import Cast
from tests.consent.paper import page_text
from tests.consent.post import denied, patient, refused, run

WHY = "Helsetjenesten må se timeplanen for å legge timene utenom arbeidstiden."
TABLES = (
    "custody.consent_custodyattachment",
    "municipal_health.consent_municipalattachment",
    "specialist_health.consent_specialistattachment",
)


def sheet(**more) -> bytes:
    """Return a quiet PDF of one page."""
    out, writer = io.BytesIO(), PdfWriter()
    writer.add_blank_page(100, 100)
    if more.get("script"):
        act = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
        writer.pages[0][NameObject("/Annots")] = DictionaryObject(act)
    if more.get("file"):
        writer.add_attachment("skjult.txt", b"hei")
    if more.get("locked"):
        writer.encrypt("hemmelig")
    writer.write(out)
    return out.getvalue()


def packed(text: bytes, head: bytes = b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode") -> bytes:
    """Return a PDF whose objects lie in a packed stream."""
    data = zlib.compress(text)
    return b"%PDF-1.7\n1 0 obj\n<<" + head + b">>\nstream\n" + data + b"\nendstream\nendobj\n%%EOF\n"


def picture(kind="PNG") -> bytes:
    """Return a small picture."""
    out = io.BytesIO()
    Image.new("RGB", (30, 20), "white").save(out, kind)
    return out.getvalue()


def chosen(*files: tuple[str, bytes]) -> list[SimpleUploadedFile]:
    """Return files as a browser sends them."""
    return [SimpleUploadedFile(name, data) for name, data in files]


def send(cast: Cast, who="officer", *, files=None, to="north_health"):
    """Share something about Fiolin with files, committed; return the shared key."""
    with cast[who].acting() as actor:
        person = access_person(actor, cast.people["fiolin"])
        return send_letter(
            actor,
            "follow_up_information",
            to=cast.agencies[to].pk,
            person=person,
            body={**identity_of(person), "about": "Timeplan", "content": "Se vedlegget."},
            basis="LB03",
            necessity=f"{WHY} {uuid4()}",
            inmate_informed=True,
            files=enclosures(chosen(*(files or [("timeplan.pdf", sheet())]))),
        )


def copy_of(cast: Cast, who: str, letter):
    """Return the key of somebody's own copy."""
    with cast[who].acting() as actor:
        return (inbox(actor).filter(letter_id=letter).first() or outbox(actor).get(letter_id=letter)).pk


def kept(admin) -> int:
    """Return how many files lie in all three worlds."""
    return sum(admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES)


# What a file may be


@pytest.mark.parametrize(
    ("data", "fine"),
    [
        (sheet(), True),
        (picture(), True),
        (picture("JPEG"), True),
        (packed(b"1 0 <</Type/Catalog>>"), True),
        (sheet(script=True), False),
        (sheet(file=True), False),
        (sheet(locked=True), False),
        (b"%PDF-1.7 <</A<</S/J#61vaScript>>>>\n%%EOF", False),
        (b"%PDF-1.7 <</AA <</O 3 0 R>>>>\n%%EOF", False),
        (b"%PDF-1.7 <</A<</S/Launch/F(cmd.exe)>>>>\n%%EOF", False),
        (packed(b"1 0 <</S/JavaScript/JS(app.alert(1))>>"), False),
        (packed(b"1 0 <</S/J#61vaScript>>", b"/Type /Obj#53tm /N 1 /First 4 /Filter /FlateDecode"), False),
        (
            packed(b"1 0 <<>>", b"/X (endobj) /Type /ObjStm /Filter /FlateDecode"),
            False,
        ),  # written so as not to be found
        (packed(b"1 0 <<>>", b"/Type /ObjStm /Filter /LZWDecode"), False),
        (packed(b"0" * 60_000_000), False),
        (picture("GIF"), False),
        (b"PK\x03\x04 en pakke", False),
    ],
)
def test_a_file_is_judged_by_what_it_holds(data, fine):
    if fine:
        assert document(data).data == data
        return
    with pytest.raises(Refused):
        document(data)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\plan.pdf", "plan.pdf"),
        ("plan\u202efdp.exe\n.pdf", "planfdp.exe.pdf"),
        ("x" * 200 + ".pdf", "x" * 116 + ".pdf"),
        ("\x00", "Vedlegg 1"),
    ],
)
def test_the_name_is_made_fit_to_be_read(given, name):
    upload = SimpleUploadedFile("x", picture())
    upload._name = given
    assert [one.name for one in enclosures([upload])] == [name]


def test_at_most_five_and_the_one_that_is_wrong_is_named():
    assert len(enclosures(chosen(*[("a.png", picture())] * 5))) == 5
    with pytest.raises(Refused):
        enclosures(chosen(*[("a.png", picture())] * 6))
    with pytest.raises(Refused, match=r"program\.pdf: Filen er ikke"):
        enclosures(chosen(("a.png", picture()), ("program.pdf", b"MZ")))


# From the form to the other side


def test_shared_with_a_file_read_on_both_sides_and_printed_as_a_list(cast, admin):
    data, officer = sheet(), cast["officer"].client()
    url = reverse("share", args=[cast.people["fiolin"]])
    url += f"?til={cast.agencies['north_health'].pk}&type=follow_up_information"
    assert 'type="file"' in officer.get(url).content.decode()
    typed = {"basis": "LB03", "necessity": WHY, "about": "Timeplan", "content": "Se vedlegget.", "informed": "yes"}
    bad = officer.post(url, {**typed, "attachments": chosen(("plan.pdf", sheet(script=True)))})
    assert (bad.status_code, kept(admin)) == (422, 0)
    assert "plan.pdf: PDF-filen har innhold som kan kjøres" in page_text(bad)
    assert "Se vedlegget." in bad.content.decode()
    files = {"attachments": chosen(("Timeplan Fiolin.pdf", data), ("bilde.png", picture()))}
    answer = officer.post(url, {**typed, **files})
    assert answer.status_code == 303, page_text(answer)
    with cast["nurse"].acting() as actor:
        came = inbox(actor).get()
    assert kept(admin) == 4
    # The letter's own hash covers the files: it lists theirs.
    assert came.body["attachments"][0].startswith(sha256(data).hexdigest())
    theirs, nurse = reverse("letter_attachment", args=[came.pk, 1]), cast["nurse"].client()
    page = nurse.get(reverse("letter", args=[came.pk]))
    assert "Timeplan Fiolin.pdf (PDF, 1 kB)" in page_text(page)
    assert theirs in page.content.decode()
    paper = PdfReader(io.BytesIO(nurse.get(reverse("letter_pdf", args=[came.pk])).content))
    assert "bilde.png" in " ".join(sheet.extract_text() for sheet in paper.pages)
    got = nurse.get(theirs)
    assert (got.status_code, got.content, got["Content-Type"]) == (200, data, "application/pdf")
    assert "Fiolin" not in str(got.headers)
    assert got["Content-Disposition"].startswith('attachment; filename="samvirke-vedlegg-')
    assert got["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert got["X-Content-Type-Options"] == "nosniff"
    mine = officer.get(reverse("letter_attachment", args=[answer.url.rstrip("/").rpartition("/")[2], 2]))
    assert (mine.content, mine["Content-Type"]) == (picture(), "image/png")
    # Who took it is in the log, by key.
    read = admin.execute(
        "SELECT action FROM audit.entry WHERE subject_table = 'consent_municipalattachment' AND purpose = 'letter_attachment' ORDER BY action"
    ).fetchall()
    assert read == [("print",), ("read",)]
    # Pressed twice: one letter, and its files once.
    for file in files["attachments"]:
        file.seek(0)
    assert officer.post(url, {**typed, **files}).url == answer.url
    assert kept(admin) == 4


@pytest.mark.obligation("R6.1-a", "RM7-b")
def test_only_those_who_read_the_letter_get_its_files(cast, admin):
    letter = send(cast)
    for owner, readers in (
        ("officer", {"officer", "contact_officer", "duty_leader", "release_caseworker", "warden"}),
        ("nurse", {"nurse", "doctor", "health_leader"}),
    ):
        pk = copy_of(cast, owner, letter)
        for name in (
            *readers,
            "officer_b",
            "south_duty_leader",
            "south_nurse",
            "trust_intake",
            "region",
            "prison_admin",
        ):
            for number in (1, 2):
                seen = cast[name].client().get(reverse("letter_attachment", args=[pk, number]))
                assert seen.status_code == (200 if name in readers and number == 1 else 404), (name, number)
    for name, table in (("officer_b", CustodyAttachment), ("south_nurse", MunicipalAttachment)):
        with cast[name].acting():
            assert not table.objects.exists()
    with cast["nurse"].acting(), denied(), transaction.atomic():
        CustodyAttachment.objects.exists()


def test_a_file_follows_the_letter_to_the_person_it_is_about(cast):
    letter, known = send(cast), patient(cast)
    pk = copy_of(cast, "doctor", letter)
    with cast["doctor"].acting() as actor:
        row = access_letter(actor, pk)
        attach_person(row, access_person(actor, known))
    with cast["doctor"].acting():
        assert MunicipalAttachment.objects.get().person_id == known


def test_what_was_sent_stands_and_nobody_writes_past_the_postman(cast, admin):
    letter = send(cast)
    with cast["officer"].acting():
        with denied():
            run("INSERT INTO custody.consent_custodyattachment SELECT * FROM custody.consent_custodyattachment")
        with denied():
            run("UPDATE custody.consent_custodyattachment SET data = ''")
        # Neither again, nor another, nor in a place the letter does not list, nor by anybody else.
        for place, data in ((2, sheet()), (1, picture())):
            with refused("attachment"):
                run("SELECT letterbox.enclose(%s, %s, %s)", letter, place, data)
    with cast["duty_leader"].acting(), refused("attachment"):
        run("SELECT letterbox.enclose(%s, 1, %s)", letter, sheet())
    for change in ("SET data = ''", "SET name = 'x'", "SET person_id = gen_random_uuid()"):
        with pytest.raises(psycopg.Error, match="never changes"):
            admin.execute(f"UPDATE custody.consent_custodyattachment {change}")
    with pytest.raises(psycopg.Error, match="never changes"):
        admin.execute("DELETE FROM custody.consent_custodyattachment")
    assert kept(admin) == 2


def test_a_letter_that_lists_a_file_without_it_is_never_sent(cast, admin, monkeypatch):
    monkeypatch.setattr("consent.actions.letters.postman", _skipping("enclose"))
    with pytest.raises(Exception, match="without its files"):
        send(cast)
    assert (kept(admin), admin.execute("SELECT count(*) FROM custody.consent_custodyletter").fetchone()[0]) == (0, 0)
    monkeypatch.undo()
    send(cast)
    assert kept(admin) == 2


def _skipping(word):
    from consent.actions import letters

    real = letters.postman
    return lambda sql, values: None if word in sql else real(sql, values)


def test_a_kind_that_takes_no_files_gets_none_and_a_withdrawn_consent_carries_none(cast, admin):
    one = Enclosure("a.png", document(picture()))
    now = clock.now()
    with cast["duty_leader"].acting() as actor:
        person = access_person(actor, cast.people["fiolin"])
        consent = give_consent(
            actor, person, recipients=[cast.agencies["north_health"].pk], categories=["recovery"], purpose="Planlegge",
            valid_from=now.date(), valid_to=now.date().replace(year=now.year + 1), reference="", at=now,
        )  # fmt: skip
        body = {**identity_of(person), "about": "Søknad", "content": "Se vedlegget."}
        call = {"to": cast.agencies["north_health"].pk, "person": person, "basis": "LB01", "consent": consent.pk}
        sent = send_letter(actor, "recovery_information", body=body, files=[one], **call)
        with pytest.raises(Undelivered) as no:
            send_letter(actor, "consent_notice", body={**identity_of(person), "event": "given"}, files=[one], **call)
        assert no.value.code == "field:attachments"
    assert kept(admin) == 2
    client, pk = cast["duty_leader"].client(), copy_of(cast, "duty_leader", sent)
    assert client.post(reverse("consent_withdraw", args=[consent.pk])).status_code == 303
    with cast["duty_leader"].acting() as actor, pytest.raises(Undelivered) as no:
        send_letter(actor, "recovery_information", body=body, files=[one], **call)
    assert (no.value.code, kept(admin)) == ("proof", 2)
    # What was sent before stands as the letter does, and can no more be sent anew than it.
    pages = (reverse("letter", args=[pk]), reverse("letter_attachment", args=[pk, 1]))
    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert client.post(reverse("letter_correct", args=[pk]), {"about": "A", "content": "B"}).status_code == 422


def test_a_correction_carries_the_files_along(cast, admin):
    letter = send(cast)
    mine = copy_of(cast, "officer", letter)
    client = cast["officer"].client()
    answer = client.post(reverse("letter_correct", args=[mine]), {"about": "Timeplan", "content": "Rettet."})
    assert answer.status_code == 303, page_text(answer)
    assert kept(admin) == 4
    assert client.get(f"{answer.url}vedlegg/1/").content == sheet()
    # Another in its place: what was wrong is taken away, what is right is added, and both are judged as the first was.
    again = {"about": "Timeplan", "content": "Rettet.", "dropped": "1"}
    wrong = client.post(answer.url + "rett/", {**again, "attachments": chosen(("x.pdf", b"MZ" + bytes(40)))})
    assert (wrong.status_code, "x.pdf:" in page_text(wrong)) == (422, True)
    answer = client.post(answer.url + "rett/", {**again, "attachments": chosen(("ny.png", picture()))})
    assert answer.status_code == 303, page_text(answer)
    assert client.get(f"{answer.url}vedlegg/1/").content == picture()
    assert client.get(f"{answer.url}vedlegg/2/").status_code == 404
    answer = client.post(answer.url + "rett/", again)
    assert (answer.status_code, kept(admin)) == (303, 6)
    assert "Vedlegg" not in page_text(client.get(answer.url)).partition("Opplysninger")[2].partition("Hos oss")[0]
