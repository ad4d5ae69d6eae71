"""A letter on paper and in the log, and the two copies as the database has them."""

import io

from django.urls import reverse

from consent.access import access_letter
from consent.models import CustodyLetter, MunicipalLetter
from tests.consent.paper import _kinds, own, send  # noqa: F401 - the fixture of the kinds

# Paper


def test_the_paper_says_the_same_and_its_shell_names_nobody(cast, admin):
    from pypdf import PdfReader

    pk = own(cast, "nurse", send(cast))
    response = cast["nurse"].client().get(reverse("letter_pdf", args=[pk]))
    assert response["Content-Type"] == "application/pdf"
    assert "no-store" in response["Cache-Control"]
    reader = PdfReader(io.BytesIO(response.content))
    shell = f"{response['Content-Disposition']} {dict(reader.metadata)} {reader.xmp_metadata.stream.get_data().decode() if reader.xmp_metadata else ''}"
    for name in ("Fiolin", "Blid", "1991", "Nurse", "fiolin"):
        assert name not in shell
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Fiolin" in text
    assert "straffegjennomføringsforskriften § 3-16" in text
    assert "Skrevet ut av Nurse" in text
    prints = admin.execute(
        "SELECT count(*) FROM audit.entry WHERE action = 'print' AND %s = ANY (object_ids)", [pk]
    ).fetchone()[0]
    assert prints == 1


def test_what_a_page_of_letters_showed_is_in_the_audit_log(cast, admin):
    letter = send(cast)
    pk = own(cast, "nurse", letter)
    before = admin.execute("SELECT coalesce(max(seq), 0) FROM audit.entry").fetchone()[0]
    cast["nurse"].client().get(reverse("inbox"))
    read = admin.execute(
        "SELECT purpose FROM audit.entry WHERE seq > %s AND action = 'read' AND %s = ANY (object_ids)", [before, pk]
    ).fetchall()
    assert read == [("inbox",)]


def test_models_agree_on_the_two_copies(cast):
    letter = send(cast)
    with cast["officer"].acting() as actor:
        mine = access_letter(actor, CustodyLetter.objects.get(letter_id=letter).pk)
        digest = bytes(mine.digest)
    with cast["nurse"].acting():
        assert bytes(MunicipalLetter.objects.get(letter_id=letter).digest) == digest
