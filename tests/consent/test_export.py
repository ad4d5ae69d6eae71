"""Letters taken out to the agency's own archive: PDF/A and Noark-shaped metadata, of the agency's own copies and no other's."""

import hashlib
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.urls import reverse
from pypdf import PdfReader

from consent.access import letters_for, outbox
from consent.actions import export as actions
from consent.documents.export import OWN
from consent.documents.noark import NOARK
from tests.consent.insight import made, send
from tests.consent.post import advice, deliver, patient
from tests.consent.schema import checked, problems
from tests.consent.test_attachments import copy_of, picture, sheet
from tests.consent.test_attachments import send as with_files
from tests.doors.steps import unconfirmed

N, S = f"{{{NOARK}}}", f"{{{OWN}}}"


pytestmark = pytest.mark.usefixtures("still")


def unpacked(answer) -> dict[str, bytes]:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Fiolin" not in str(answer.headers)
    with ZipFile(BytesIO(answer.content)) as file:
        assert file.testzip() is None
        return checked({name: file.read(name) for name in file.namelist()})


def text_of(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())


def test_one_letter_is_a_pdfa_and_metadata_that_fits_it(cast, admin):
    sent = send(cast, text="Hilsen & <b>takk</b>", codes=["a", "b"])
    with cast["officer"].acting() as actor:
        letter = outbox(actor).get(letter_id=sent)
    before = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    files = unpacked(cast["officer"].client().get(reverse("letter_export", args=[letter.pk])))
    assert set(files) == {"arkivstruktur.xml", "letter.xsd", "dokumenter/0001.pdf"}
    paper = files["dokumenter/0001.pdf"]
    # Said in the file itself, as an archive reads it (ISO 19005-2): part and level, fonts and colours inside, tagged.
    root = PdfReader(BytesIO(paper)).trailer["/Root"]
    said = root["/Metadata"].get_object().get_data().decode()
    assert 'pdfaid:part="2"' in said or "<pdfaid:part>2<" in said
    assert 'pdfaid:conformance="A"' in said or "<pdfaid:conformance>A<" in said
    assert root["/OutputIntents"]
    assert root["/MarkInfo"]["/Marked"]
    assert "Fiolin" not in said
    assert "Hilsen & <b>takk</b>" in text_of(paper)
    tree = ElementTree.fromstring(files["arkivstruktur.xml"])
    entry = tree.find(f"{N}arkivdel/{N}mappe/{N}registrering")
    assert entry.findtext(f"{N}systemID") == str(letter.pk)
    assert entry.findtext(f"{N}journalposttype") == "Utgående dokument"
    parts = {p.findtext(f"{N}korrespondanseparttype"): p.findtext(f"{N}korrespondansepartNavn") for p in entry.findall(f"{N}korrespondansepart")}  # fmt: skip
    assert parts == {"Avsender": "Prøveby fengsel north", "Mottaker": "Fengselshelsetjenesten north"}
    of = entry.find(f"{N}dokumentbeskrivelse/{N}dokumentobjekt")
    assert of.findtext(f"{N}referanseDokumentfil") == "dokumenter/0001.pdf"
    assert (of.findtext(f"{N}sjekksumAlgoritme"), of.findtext(f"{N}filstoerrelse")) == ("SHA-256", str(len(paper)))
    assert of.findtext(f"{N}sjekksum") == hashlib.sha256(paper).hexdigest()
    own = entry.find(f"{N}virksomhetsspesifikkeMetadata")
    assert own.findtext(f"{S}innholdSjekksum") == bytes(letter.digest).hex()
    assert own.findtext(f"{S}hjemmel") == letter.statute
    facts = {f.get("navn"): f.text for f in own.findall(f"{S}innhold/{S}felt")}
    assert facts["text"] == "Hilsen & <b>takk</b>"
    assert facts["codes"] == "a; b"
    traces = admin.execute("SELECT subject_table FROM audit.entry WHERE seq > %s AND action = 'export' AND %s = ANY (object_ids)", [before, letter.pk]).fetchall()  # fmt: skip
    assert traces == [("consent_custodyletter",)]


#: What stands in an extract of a letter → the same, wrong.
WRONG = {
    "<tittel>Samvirke</tittel>": "",
    "<arkivdelstatus>Aktiv periode": "<arkivdelstatus>Avsluttet",
    "<sjekksum>": "<sjekksum>0",
    "<dokumentnummer>1<": "<dokumentnummer>en<",
    "<registrering>": '<registrering art="brev">',
    "<s:brevId>": "<s:brevid>x</s:brevid><s:brevId>",
    "<s:type>t_notice<": "<s:type>et varsel<",
    "<s:innholdSjekksum>": "<s:innholdSjekksum>x",
    '<s:felt navn="text">': "<s:felt>",
    "</s:innhold>": "<s:felt/></s:innhold>",
    "</virksomhetsspesifikkeMetadata>": "<s:lest>2026-11-23</s:lest></virksomhetsspesifikkeMetadata>",
    "<journaldato>": "<journaldato>0",
}


def test_an_extract_that_is_wrong_anywhere_is_not_as_the_schemas_say(cast):
    key = send(cast)
    with cast["officer"].acting() as actor:
        pk = outbox(actor).get(letter_id=key).pk
    good = unpacked(cast["officer"].client().get(reverse("letter_export", args=[pk])))["arkivstruktur.xml"].decode()
    assert problems(good.encode()) == []
    for right, wrong in WRONG.items():
        assert right in good
        assert problems(good.replace(right, wrong, 1).encode()) != [], right


def test_a_letter_somebody_else_reads_is_not_there(cast):
    sent = send(cast)
    with cast["officer"].acting() as actor:
        pk = outbox(actor).get(letter_id=sent).pk
    for who in ("officer_b", "south_duty_leader", "nurse", "region", "prison_admin"):
        assert cast[who].client().get(reverse("letter_export", args=[pk])).status_code == 404
    with cast["nurse"].acting() as actor:
        theirs = letters_for(actor).get(letter_id=sent)
    files = unpacked(cast["nurse"].client().get(reverse("letter_export", args=[theirs.pk])))
    assert b"Inng\xc3\xa5ende dokument" in files["arkivstruktur.xml"]
    with cast["officer"].acting() as actor:
        assert outbox(actor).get(letter_id=sent).read_at is not None, "who takes a received letter out has opened it"


@pytest.mark.obligation("RM8-f")
def test_a_prison_files_what_it_got_and_takes_it_out_with_the_reference(cast):
    about = patient(cast)
    with cast["doctor"].acting():
        sent = deliver(**advice(cast, about))
    client = cast["duty_leader"].client()
    with cast["duty_leader"].acting() as actor:
        pk = letters_for(actor).get(letter_id=sent).pk
    assert client.post(reverse("letter_file", args=[pk]), {"reference": "2026/17"}).status_code == 303
    files = unpacked(client.get(reverse("letter_export", args=[pk])))
    entry = ElementTree.fromstring(files["arkivstruktur.xml"]).find(f".//{N}registrering")
    assert entry.findtext(f"{N}journalstatus") == "Journalført"
    assert entry.findtext(f"{N}virksomhetsspesifikkeMetadata/{S}journalreferanse") == "2026/17"
    assert "2026/17" in text_of(files["dokumenter/0001.pdf"])


def test_all_letters_about_a_person_and_about_nobody_else(cast, admin):
    first, second = send(cast, text="Det første"), send(cast, text="Det andre\x0b")
    other = send(cast, "duty_leader", "trompet", text="OM EN ANNEN")
    path = reverse("person_export", args=[cast.people["fiolin"]])
    page = cast["duty_leader"].client().get(path).content.decode()
    assert "Filen får 2 brev" in page
    pk = made(cast, "duty_leader", path, actions.KIND)
    before = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    files = unpacked(cast["duty_leader"].client().get(reverse("made_file", args=[pk])))
    assert set(files) == {"arkivstruktur.xml", "letter.xsd", "dokumenter/0001.pdf", "dokumenter/0002.pdf"}
    xml = files["arkivstruktur.xml"].decode()
    assert [str(key) in xml for key in (first, second, other)] == [True, True, False]
    assert "OM EN ANNEN" not in xml + text_of(files["dokumenter/0001.pdf"]) + text_of(files["dokumenter/0002.pdf"])
    assert "Det første" in text_of(files["dokumenter/0001.pdf"]), "oldest first"
    tree = ElementTree.fromstring(xml.encode())
    for of in tree.iter(f"{N}dokumentobjekt"):
        assert of.findtext(f"{N}sjekksum") == hashlib.sha256(files[of.findtext(f"{N}referanseDokumentfil")]).hexdigest()
    exported = admin.execute("SELECT count(*) FROM audit.entry WHERE action = 'export' AND purpose = 'job:letters_export' AND %s = ANY (person_ids)", [cast.people["fiolin"]]).fetchone()  # fmt: skip
    assert exported == (1,)
    fetched = admin.execute(
        "SELECT person_ids FROM audit.entry WHERE seq > %s AND action = 'export'", [before]
    ).fetchall()
    assert fetched == [([cast.people["fiolin"]],)]
    assert "Brev til eget arkiv," in cast["duty_leader"].client().get(path).content.decode()
    for who in ("warden", "officer", "doctor", "south_duty_leader"):
        assert cast[who].client().get(reverse("made_file", args=[pk])).status_code == 404


@pytest.mark.parametrize("who", ["officer", "contact_officer", "region", "nurse", "doctor", "south_duty_leader", "prison_admin"])  # fmt: skip
def test_who_sees_only_a_part_takes_nothing_whole_out(cast, who):
    path = reverse("person_export", args=[cast.people["fiolin"]])
    client = cast[who].client()
    assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)


def test_what_went_with_a_letter_goes_along_with_its_hash(cast):
    picked = [("timeplan.pdf", sheet()), ("skisse.png", picture())]
    key = copy_of(cast, "officer", with_files(cast, files=picked))
    files = unpacked(cast["officer"].client().get(reverse("letter_export", args=[key])))
    assert files["dokumenter/0001-1.pdf"] == picked[0][1]
    assert files["dokumenter/0001-2.png"] == picked[1][1]
    entry = ElementTree.fromstring(files["arkivstruktur.xml"]).find(f"{N}arkivdel/{N}mappe/{N}registrering")
    assert entry.findtext(f"{N}antallVedlegg") == "2"
    beside = [one for one in entry.findall(f"{N}dokumentbeskrivelse") if one.findtext(f"{N}dokumenttype") == "Vedlegg"]
    assert [one.findtext(f"{N}tittel") for one in beside] == ["timeplan.pdf", "skisse.png"]
    for one, (_name, data) in zip(beside, picked, strict=True):
        assert one.findtext(f"{N}dokumentobjekt/{N}sjekksum") == hashlib.sha256(data).hexdigest()


def test_taking_letters_out_asks_for_the_password_again(cast):
    key = copy_of(cast, "officer", with_files(cast))
    client = unconfirmed(cast["officer"].client())
    asked = client.get(reverse("letter_export", args=[key]))
    assert asked.status_code == 403
    assert asked.templates[0].name == "coordination/door/step_up.html"
    warden = unconfirmed(cast["warden"].client())
    assert warden.post(reverse("person_export", args=[cast.people["fiolin"]])).status_code == 403
