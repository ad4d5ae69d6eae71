"""The roster file: what is read from good and bad files, what the preview says, and that nothing is saved before the yes."""

from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from coordination import national_id, roster
from coordination.models import Person, RosterImport, Stay
from coordination.people import roster as verbs
from coordination.refusals import Refused
from tests.cast import AT

HEADER = "Nummer;Etternavn;Fornavn;Fødselsdato;Avdeling;Grunnlag;Innsatt dato"
LINE = "S-3000;Måke;Tapper;15.05.1991;Avdeling A;varetekt;20.11.2026 13.02"
FNR = national_id.generate_synthetic(date(1991, 5, 15), 77)


def table(*lines: str, header: str = HEADER) -> bytes:
    return "\r\n".join((header, *lines)).encode()


# Reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_files_of_every_spreadsheet_are_read(encoding, delimiter):
    text = f"{HEADER}\n{LINE}\n\n".replace(";", delimiter)
    (line,) = roster.read(text.encode(encoding))
    assert line.errors == []
    assert line.number == 2
    assert line.values["family_name"] == "Måke"
    assert line.values["birth_date"] == date(1991, 5, 15)
    assert line.values["legal_status"] == "remand"
    assert line.values["admitted_at"] == datetime(2026, 11, 20, 12, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "tom"),
        (b"\n \n", "tom"),
        (table(), "ingen linjer"),
        (b"Navn;Alder\nx;y", "Disse mangler: Nummer, Etternavn"),
        (b"PK\x03\x04\x00\x00", "ikke en CSV-fil"),
        ("Nummer".encode("utf-16"), "ikke en CSV-fil"),
        (b"x" * 1_000_001, "for stor"),
        (table(*["a;b"] * 1001), "for mange linjer"),
        (table(header=f"{HEADER};Nummer"), "To kolonner"),
        (table('"S-1;a'), "anførselstegn"),
    ],
)
def test_files_that_are_no_list_are_refused_as_a_whole(content, answer):
    with pytest.raises(roster.UnreadableFile, match=answer):
        roster.read(content)


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("S-1;Måke;;15.05.1991;Avdeling A;dom;20.11.2026", "Fornavn mangler."),
        ("S-1;Måke;T;15.05.91;Avdeling A;dom;20.11.2026", "Fødselsdato må skrives slik: 31.12.2026."),
        ("S-1;Måke;T;31.02.1991;Avdeling A;dom;20.11.2026", "Fødselsdato må skrives slik: 31.12.2026."),
        ("S-1;Måke;T;15.05.1991;Avdeling A;bot;20.11.2026", "Grunnlag må være dom, varetekt eller forvaring."),
        ("S-1;Måke;T;15.05.1991;Avdeling A;dom;20.11.2026 25.00", "Klokkeslett må skrives slik: 13.02."),
        ("S-1;Måke;T;15.05.1991;Avdeling A;dom;28.03.2027 02.30", "klokka ble stilt fram"),
        ("S-1;=HYPERLINK(1);T;15.05.1991;Avdeling A;dom;20.11.2026", "kan ikke begynne med «=»"),
        ("S-1;+47;T;15.05.1991;Avdeling A;dom;20.11.2026", "kan ikke begynne med «+»"),
        ("@S;Måke;T;15.05.1991;Avdeling A;dom;20.11.2026", "kan ikke begynne med «@»"),
        ("S-1;-2+3;T;15.05.1991;Avdeling A;dom;20.11.2026", "kan ikke begynne med «-»"),
        ("S-1;Må\x07ke;T;15.05.1991;Avdeling A;dom;20.11.2026", "tegn som ikke kan leses"),
        (f"S-1;{'x' * 101};T;15.05.1991;Avdeling A;dom;20.11.2026", "for lang"),
        ("S-1;Måke;T;15.05.1991;Avdeling A;dom;20.11.2026;ekstra", "flere kolonner"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(line, answer):
    wrong, right = roster.read(table(line, LINE))
    assert any(answer in error for error in wrong.errors), wrong.errors
    assert right.errors == []


def test_a_number_on_two_lines_is_wrong_on_both():
    first, second, third = roster.read(table(LINE, LINE.replace("Måke", "Ørn"), LINE.replace("S-3000", "S-3001")))
    assert first.errors == second.errors == ["Nummeret står på flere linjer."]
    assert third.errors == []


def test_the_hour_that_comes_twice_is_the_first():
    (line,) = roster.read(table(LINE.replace("20.11.2026 13.02", "25.10.2026 02.30")))
    assert line.values["admitted_at"] == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


# The page


def upload(client, content: bytes):
    return client.post("/personer/liste/", {"file": SimpleUploadedFile("liste.csv", content, "text/csv")})


def counts(cast) -> tuple[int, int]:
    with cast["duty_leader"].acting():
        return Person.objects.count(), Stay.objects.count()


def test_nothing_is_saved_before_the_yes_and_everything_after(cast, noon, admin):
    client = cast["duty_leader"].client()
    before = counts(cast)
    header = f"{HEADER};Fødselsnummer;Løslatelse"
    content = table(
        f"{LINE};{FNR};",
        "S-1000;Fiolin;Blid;15.05.1991;Avdeling B;dom;14.10.2026;;01.02.2027",
        "S-1001;Trompet;Kreativ;29.02.2004;Avdeling B;varetekt;22.11.2026;;",
        "S-9;Feil;Linje;15.05.1991;Avdeling X;dom;20.11.2026;;",
        header=header,
    )
    response = upload(client, content)
    assert response.status_code == 303
    html = client.get(response.url).content.decode()
    for text in (
        "Ingenting er lagret ennå",
        "Ny",
        "Avdeling: Avdeling B",
        "Løslatelse: 23.03.2027 → 01.02.2027",
        "Uendret",
        "Avdelingen finnes ikke her.",
    ):
        assert text in html, text
    assert FNR not in html
    stored = admin.execute("SELECT rows::text FROM custody.coordination_rosterimport").fetchone()[0]
    assert FNR not in stored
    assert counts(cast) == before
    done = client.post(f"{response.url}bekreft/", follow=True)
    assert "1 nye og 1 endret" in done.content.decode()
    assert counts(cast) == (before[0] + 1, before[1] + 1)
    with cast["officer"].acting():
        assert Person.objects.get(number="S-3000").family_name == "Måke"
        assert not Person.objects.filter(number="S-1000").exists()
    with cast["officer_b"].acting():
        assert Stay.objects.get(person__number="S-1000").expected_release_on == date(2027, 2, 1)
    assert admin.execute("SELECT rows FROM custody.coordination_rosterimport").fetchone()[0] == []
    again = client.post(f"{response.url}bekreft/", follow=True)
    assert "1 nye og 1 endret" in again.content.decode()
    assert counts(cast) == (before[0] + 1, before[1] + 1)
    assert "Listen ble lest inn" in client.get(response.url).content.decode()


def test_a_discarded_list_is_gone(cast, noon, admin):
    client = cast["duty_leader"].client()
    page = upload(client, table(LINE)).url
    assert client.post(f"{page}forkast/").status_code == 303
    assert admin.execute("SELECT rows FROM custody.coordination_rosterimport").fetchone()[0] == []
    refused = client.post(f"{page}bekreft/")
    assert refused.status_code == 422
    assert "allerede lest inn eller forkastet" in refused.content.decode()
    with cast["duty_leader"].acting():
        assert not Person.objects.filter(number="S-3000").exists()


def test_all_or_nothing(cast, noon):
    taken = national_id.generate_synthetic(date(2004, 2, 29), 1)  # Trompet's
    client = cast["duty_leader"].client()
    content = table(
        f"{LINE};", f"S-3001;Ørn;Vill;29.02.2004;Avdeling A;dom;20.11.2026;{taken}", header=f"{HEADER};Fødselsnummer"
    )
    page = upload(client, content).url
    refused = client.post(f"{page}bekreft/")
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "Linje 3: Nummeret er allerede registrert. Ingenting er lagret." in html
    with cast["duty_leader"].acting():
        assert not Person.objects.filter(number__in=["S-3000", "S-3001"]).exists()
        assert RosterImport.objects.get().confirmed_at is None
    good = upload(client, table(f"{LINE};", header=f"{HEADER};Fødselsnummer")).url
    assert client.post(f"{good}bekreft/").status_code == 303


def test_bad_files_are_answered_in_the_form(cast, noon):
    client = cast["duty_leader"].client()
    for content, answer in ((b"x" * 1_000_001, "for stor"), (b"a;b\n1;2", "Disse mangler"), (b"", "tom")):
        response = upload(client, content)
        assert response.status_code == 422
        assert answer in response.content.decode()
    assert client.post("/personer/liste/").status_code == 422
    with cast["duty_leader"].acting():
        assert not RosterImport.objects.exists()


def test_bad_numbers_are_said_by_line_and_never_shown(cast, noon):
    client = cast["duty_leader"].client()
    page = upload(client, table(f"{LINE};12345678901", header=f"{HEADER};Fødselsnummer")).url
    html = client.get(page).content.decode()
    assert "Fødselsnummer: Nummeret stemmer ikke" in html
    assert "12345678901" not in html
    assert "bekreft" not in html, "nothing to do"


def test_names_in_a_file_are_shown_as_text(cast, noon):
    client = cast["duty_leader"].client()
    page = upload(client, table(LINE.replace("Måke", "<b>Måke</b>"))).url
    html = client.get(page).content.decode()
    assert "<b>Måke" not in html
    assert "&lt;b&gt;Måke" in html


@pytest.mark.parametrize(
    "who", ["officer", "contact_officer", "nurse", "doctor", "trust_leader", "region", "prison_admin"]
)
def test_others_find_no_door(cast, noon, who):
    page = upload(cast["duty_leader"].client(), table(LINE)).url
    client = cast[who].client()
    assert client.get("/personer/liste/").status_code == 404
    assert upload(client, table(LINE)).status_code == 404
    assert client.get(page).status_code == 404
    assert client.post(f"{page}bekreft/").status_code == 404
    assert client.post(f"{page}forkast/").status_code == 404


def test_another_prison_does_not_see_the_list(cast, noon):
    page = upload(cast["duty_leader"].client(), table(LINE)).url
    client = cast["south_duty_leader"].client()
    assert client.get(page).status_code == 404
    assert client.post(f"{page}bekreft/").status_code == 404
    with cast["south_duty_leader"].acting():
        assert not RosterImport.objects.exists()
    with cast["duty_leader"].acting():
        assert RosterImport.objects.count() == 1


def test_the_same_number_in_another_prison_is_another_person(cast, noon):
    client = cast["south_duty_leader"].client()
    page = upload(client, table("S-1000;Fiolin;Blid;15.05.1991;Avdeling A;dom;20.11.2026")).url
    assert "Ny" in client.get(page).content.decode()
    assert client.post(f"{page}bekreft/").status_code == 303
    with cast["duty_leader"].acting():
        assert Person.objects.get(number="S-1000").agency_id == cast.agencies["north"].pk


def test_the_verb_refuses_need_to_know_roles(cast):
    with cast["officer"].acting() as actor, pytest.raises(Refused):
        verbs.keep(actor, roster.read(table(LINE)), at=AT)


def test_the_preview_costs_the_same_with_one_line_and_with_thirty(cast, noon):
    from django.db import connections
    from django.test.utils import CaptureQueriesContext

    client = cast["duty_leader"].client()
    one = upload(client, table(LINE)).url
    thirty = upload(client, table(*[LINE.replace("S-3000", f"S-{n}") for n in range(4000, 4030)])).url
    with CaptureQueriesContext(connections["default"]) as few:
        client.get(one)
    with CaptureQueriesContext(connections["default"]) as many:
        assert client.get(thirty).content.decode().count("S-40") == 30
    assert len(few) == len(many)


# The command


def run(path, *more: str) -> str:
    out = StringIO()
    call_command("import_roster", str(path), "--agency", "Prøveby fengsel north", *more, stdout=out)
    return out.getvalue()


def test_the_command_does_what_the_page_does(cast, noon, tmp_path, admin):
    path = tmp_path / "liste.csv"
    known = "S-1000;Fiolin;Blid;15.05.1991;Avdeling A;dom;14.10.2026"
    path.write_bytes(table(LINE, "S-9;Feil;;15.05.1991;Avdeling A;dom;20.11.2026", known))
    said = run(path, "--username", "duty_leader")
    assert "2\tny\tS-3000" in said
    assert "Fornavn mangler." in said
    assert "Ingenting er lagret: 1 nye" in said
    with cast["duty_leader"].acting():
        assert not Person.objects.filter(number="S-3000").exists()
    assert "Lest inn: 1 nye, 0 endret, 1 linjer" in run(path, "--username", "duty_leader", "--confirm")
    with cast["officer"].acting():
        assert Person.objects.filter(number="S-3000").exists()
    purposes = {
        row[0] for row in admin.execute("SELECT DISTINCT purpose FROM audit.entry WHERE purpose <> ''").fetchall()
    }
    assert "import_roster" in purposes


@pytest.mark.parametrize("username", ["officer", "nobody", "south_duty_leader", "prison_admin", "nurse"])
def test_the_command_needs_a_membership_that_may(cast, tmp_path, username):
    path = tmp_path / "liste.csv"
    path.write_bytes(table(LINE))
    with pytest.raises(CommandError, match="medlemskap"):
        run(path, "--username", username)


def test_the_command_leaves_no_session_open(cast, noon, tmp_path, admin):
    path = tmp_path / "liste.csv"
    path.write_bytes(table(LINE))
    count = "SELECT count(*) FROM sec.session WHERE revoked_at IS NULL"
    before = admin.execute(count).fetchone()
    run(path, "--username", "duty_leader")
    assert admin.execute(count).fetchone() == before
