"""A person's journal: what is in it, who reads it, what is taken to the agency's own system and under which reference it stands there."""

import hashlib
from datetime import timedelta
from io import BytesIO
from uuid import uuid4
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from consent.access import journal as reading
from consent.actions import journal as actions
from consent.documents.journal import OWN
from consent.documents.noark import NOARK
from consent.models import CustodyJournalReference
from coordination import clock, retention
from coordination.models import Stay
from coordination.refusals import Refused
from tests.consent.insight import made, send
from tests.consent.schema import checked
from tests.consent.test_export import text_of

N, J = f"{{{NOARK}}}", f"{{{OWN}}}"


pytestmark = pytest.mark.usefixtures("still")


def door(cast, name: str, who: str = "fiolin") -> str:
    return reverse(name, args=[cast.people[who]])


def whole(cast, member: str = "officer", who: str = "fiolin"):
    """Return actor-less facts of a whole stay: its entries."""
    with cast[member].acting() as actor:
        person = reading.access_journaled(actor, cast.people[who])
        stays = reading.stays_in(actor, person)
        period = reading.whole_of(reading.period_of(stays, clock.now(), stay=None, first=None, last=None))
        return reading.entries(actor, person, period)


def exported(admin, since: int) -> list[tuple]:
    return admin.execute(
        "SELECT subject_table, purpose FROM audit.entry WHERE seq > %s AND action = 'export'", [since]
    ).fetchall()


def newest(admin) -> int:
    return admin.execute("SELECT coalesce(max(seq), 0) FROM audit.entry").fetchone()[0]


@pytest.mark.obligation("RM8-d")
def test_the_journal_of_a_stay_tells_in_order_what_the_prison_has_written_and_sent(cast, admin):
    send(cast, text="Det første")
    send(cast, text="Det andre")
    send(cast, "duty_leader", "trompet", text="OM EN ANNEN")
    before = newest(admin)
    client = cast["officer"].client()
    page = client.get(door(cast, "journal"), {"fra": "01.01.2020"}).content.decode()
    assert page.count("t_notice") >= 2
    assert page.index("Satt inn") < page.index("t_notice"), "oldest first"
    titles = [entry.title for entry in whole(cast)]
    assert titles[0] == "Satt inn"
    assert titles.count("t_notice") == 2, "of this person only"
    read = admin.execute(
        "SELECT DISTINCT subject_table FROM audit.entry WHERE seq > %s AND action = 'read' AND purpose = 'journal' AND %s = ANY (person_ids)",
        [before, cast.people["fiolin"]],
    ).fetchall()
    assert {("coordination_person",), ("coordination_stay",), ("consent_custodyletter",)} <= set(read)
    # The days asked for, and none before.
    later = (clock.local_date(clock.now()) + timedelta(days=1)).strftime("%d.%m.%Y")
    yesterday = (clock.local_date(clock.now()) - timedelta(days=1)).strftime("%d.%m.%Y")
    assert "Satt inn" not in client.get(door(cast, "journal"), {"fra": yesterday, "til": later}).content.decode()
    assert "t_notice" not in client.get(door(cast, "journal"), {"fra": "01.01.2020", "til": yesterday}).content.decode()
    assert "Skriv datoen slik" in client.get(door(cast, "journal"), {"fra": "i går"}).content.decode()


@pytest.mark.parametrize(
    "who", ["officer_b", "region", "nurse", "prison_admin", "south_duty_leader", "trust_clinician"]
)
def test_who_does_not_follow_the_person_reads_no_journal(cast, who):
    client = cast[who].client()
    for name in ("journal", "journal_pdf", "journal_file", "journal_export"):
        assert client.get(door(cast, name)).status_code == 404, name
    assert client.post(door(cast, "journal_file"), {"reference": "1", "marks": str(uuid4()), "key": str(uuid4())}).status_code == 404  # fmt: skip


def test_a_stay_that_is_over_has_a_journal_of_its_own(cast, admin):
    with cast["duty_leader"].acting() as actor:
        old = Stay.objects.filter(person_id=cast.people["fiolin"]).get()
        stays = reading.stays_in(actor, reading.access_journaled(actor, cast.people["fiolin"]))
        assert [row.pk for row in stays] == [old.pk]
    client = cast["duty_leader"].client()
    assert client.get(door(cast, "journal"), {"opphold": str(old.pk)}).status_code == 200
    # Another person's stay is no stay of this one: nothing of it is told, not even that it is there.
    other = admin.execute("SELECT id FROM custody.coordination_stay WHERE person_id = %s", [cast.people["trompet"]]).fetchone()[0]  # fmt: skip
    for key in (other, uuid4()):
        assert client.get(door(cast, "journal"), {"opphold": str(key)}).context["period"].stay.pk == old.pk


@pytest.mark.obligation("RM8-d")
def test_every_entry_is_in_some_journal_whatever_its_date(cast, admin):
    """Before the oldest stay, between two, and after the last: each with the stay it came before or after."""
    fiolin, now = cast.people["fiolin"], clock.now()
    oldest, newest_stay = now - timedelta(days=300), now - timedelta(days=100)
    stay = admin.execute("SELECT id FROM custody.coordination_stay WHERE person_id = %s", [fiolin]).fetchone()[0]
    admin.execute("UPDATE custody.coordination_stay SET admitted_at = %s, ended_at = %s, end_reason = 'released' WHERE id = %s", [oldest, oldest + timedelta(days=50), stay])  # fmt: skip
    columns = "agency_id, person_id, unit_id, recorded_at, by_id, by_name, version, security_level, legal_status, remand_restrictions"
    later = admin.execute(
        f"INSERT INTO custody.coordination_stay (id, {columns}, admitted_at, ended_at, end_reason) SELECT gen_random_uuid(), {columns}, %s, %s, 'released' "
        "FROM custody.coordination_stay WHERE id = %s RETURNING id",
        [newest_stay, newest_stay + timedelta(days=10), stay],
    ).fetchone()[0]
    letters = {}
    for name, days in (("before", 900), ("between", 150), ("after", 20)):
        letters[name] = admin.execute("SELECT id FROM custody.consent_custodyletter WHERE letter_id = %s", [send(cast)]).fetchone()[0]  # fmt: skip
        admin.execute("SET session_replication_role = replica")
        admin.execute("UPDATE custody.consent_custodyletter SET sent_at = %s WHERE id = %s", [now - timedelta(days=days), letters[name]])  # fmt: skip
        admin.execute("SET session_replication_role = origin")

    def told(chosen) -> set[str]:
        with cast["duty_leader"].acting() as actor:
            person = reading.access_journaled(actor, fiolin)
            stays = reading.stays_in(actor, person)
            period = reading.period_of(stays, now, stay=chosen, first=None, last=None)
            found = reading.entries(actor, person, reading.whole_of(period))
            shown = clock.local_date(newest_stay if chosen == later else oldest + timedelta(days=40))
            assert period.last == shown + timedelta(days=10), "its own last days are shown first"
            return {name for name, pk in letters.items() if any(str(pk) in entry.url for entry in found)}

    assert told(stay) == {"before", "between"}
    assert told(later) == {"after"}


def test_the_journal_asks_the_database_as_often_for_many_letters_as_for_one(cast):
    client, counts = cast["officer"].client(), []
    for more in (1, 12):
        for _number in range(more):
            send(cast)
        with CaptureQueriesContext(connections["default"]) as queries:
            assert client.get(door(cast, "journal")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.obligation("RM8-e")
def test_what_was_copied_gets_the_reference_and_who_wrote_it_when(cast, admin, settings):
    settings.CASE_SYSTEM = "Nytt system"
    send(cast, text="Det første")
    client = cast["officer"].client()
    url = door(cast, "journal_file") + "?fra=01.01.2020"
    before = newest(admin)
    page = client.get(url)
    assert "Før i Nytt system" in page.content.decode()
    assert [row[1] for row in exported(admin, before)] == ["journal_file"], "words that are copied out leave a trace"
    marks = page.context["form"].initial["marks"]
    entries = whole(cast)
    assert set(marks.split()) == {str(entry.mark) for entry in entries}
    assert all(entry.title in page.context["text"] for entry in entries)
    typed = {"key": str(uuid4()), "marks": marks, "reference": "KIA 2026/88"}
    assert client.post(url, {**typed, "reference": ""}).status_code == 422
    assert client.post(url, {**typed, "marks": "x"}).status_code == 422
    assert client.post(url, typed).status_code == 303
    assert client.post(url, typed).status_code == 303, "sent twice, saved once"
    with cast["officer"].acting() as actor:
        row = CustodyJournalReference.objects.get()
        assert (row.system, row.reference, row.by_name) == ("Nytt system", "KIA 2026/88", actor.signature)
    shown = cast["warden"].client().get(door(cast, "journal"), {"fra": "01.01.2020"}).content.decode()
    assert "KIA 2026/88" in shown
    assert row.by_name in shown
    # What comes later has none, and can be listed alone.
    send(cast, text="Det andre")
    page = client.get(door(cast, "journal"), {"fra": "01.01.2020", "vis": "uten"}).content.decode()
    assert "KIA 2026/88" not in page
    assert page.count("Ikke ført") == 1
    assert len(client.get(url).context["form"].initial["marks"].split()) == 1
    # A slip is put right by a new reference; the old one stands where it was.
    assert client.post(f"{url}&vis=alle", {**typed, "key": str(uuid4()), "reference": "KIA 2026/89"}).status_code == 303
    assert "KIA 2026/89" in client.get(door(cast, "journal"), {"fra": "01.01.2020"}).content.decode()
    assert admin.execute("SELECT count(*) FROM custody.consent_custodyjournalreference").fetchone() == (2,)
    for text in ("UPDATE custody.consent_custodyjournalreference SET reference = 'x'", "DELETE FROM custody.consent_custodyjournalreference"):  # fmt: skip
        with pytest.raises(Exception, match="never changes"):
            admin.execute(text)


def test_nobody_answers_for_words_they_have_not_seen(cast):
    send(cast)
    with cast["officer"].acting() as actor:
        person = reading.access_journaled(actor, cast.people["fiolin"])
        period = reading.period_of(reading.stays_in(actor, person), clock.now(), stay=None, first=None, last=None)  # fmt: skip
        seen = {entry.mark for entry in reading.entries(actor, person, period)}
        for marks in (set(), seen | {uuid4()}):
            with pytest.raises(Refused, match="endret"):
                actions.file_entries(actor, person.pk, period, marks=marks, text="1", key=uuid4(), at=clock.now())
        assert actions.file_entries(actor, person.pk, period, marks=seen, text="1", key=uuid4(), at=clock.now())


@pytest.mark.obligation("RM8-d", "RM8-g")
def test_the_whole_stay_is_taken_out_as_one_document_with_metadata_and_a_trace(cast, admin):
    send(cast, text="Det første")
    before = newest(admin)
    pk = made(cast, "duty_leader", door(cast, "journal_export"), actions.KIND)
    assert exported(admin, before) == [("coordination_person", "job:journal_export")]
    before = newest(admin)
    answer = cast["duty_leader"].client().get(reverse("made_file", args=[pk]))
    assert exported(admin, before) == [("consent_custodymadefile", "made_file")]
    with ZipFile(BytesIO(answer.content)) as packed:
        files = checked({name: packed.read(name) for name in packed.namelist()})
    assert set(files) == {"arkivstruktur.xml", "journal.xsd", "dokumenter/0001.pdf"}
    paper = text_of(files["dokumenter/0001.pdf"])
    assert "Satt inn" in paper
    assert "ARBEIDSKOPI" not in paper.upper(), "what goes to an archive is no working copy"
    tree = ElementTree.fromstring(files["arkivstruktur.xml"])
    of = tree.find(f".//{N}dokumentobjekt")
    assert of.findtext(f"{N}sjekksum") == hashlib.sha256(files["dokumenter/0001.pdf"]).hexdigest()
    assert next(row.findtext(f"{J}tittel") for row in tree.iter(f"{J}innfoersel")) == "Satt inn"
    for who in ("warden", "officer"):
        assert cast[who].client().get(reverse("made_file", args=[pk])).status_code == 404
    assert cast["officer"].client().get(door(cast, "journal_export")).status_code == 404, (
        "who sees a part takes no whole"
    )


@pytest.mark.obligation("RM8-g")
def test_paper_is_marked_a_working_copy_with_who_and_when(cast, admin):
    before = newest(admin)
    answer = cast["officer"].client().get(door(cast, "journal_pdf"))
    text = text_of(answer.content)
    assert "ARBEIDSKOPI" in text.upper()
    assert "Skrevet ut av Officer" in text
    assert "Fiolin" not in str(answer.headers)
    assert admin.execute("SELECT count(*) FROM audit.entry WHERE seq > %s AND action = 'print' AND purpose = 'journal_pdf'", [before]).fetchone() == (1,)  # fmt: skip
    # So is every other paper about somebody; a letter stands for them all, since the mark is the frame's.
    sent = send(cast)
    with cast["officer"].acting():
        key = admin.execute("SELECT id FROM custody.consent_custodyletter WHERE letter_id = %s", [sent]).fetchone()[0]
    assert "ARBEIDSKOPI" in text_of(cast["officer"].client().get(reverse("letter_pdf", args=[key])).content).upper()


@pytest.mark.obligation("RM8-g")
def test_files_to_be_fetched_are_gone_after_a_week_whoever_forgot_them(cast, admin):
    old = made(cast, "duty_leader", door(cast, "journal_export"), actions.KIND)
    new = made(cast, "warden", door(cast, "journal_export"), actions.KIND)
    assert retention.purge_files() == 0, "a fresh one stays"
    aged = admin.execute(
        "SELECT (lpad(to_hex(((extract(epoch FROM clock_timestamp() - interval '7 days 1 minute')) * 1000)::bigint), 12, '0') || substr(replace(%s::text, '-', ''), 13))::uuid",
        [old],
    ).fetchone()[0]
    admin.execute("ALTER TABLE custody.consent_custodymadefile DISABLE TRIGGER kept")
    admin.execute("UPDATE custody.consent_custodymadefile SET id = %s WHERE id = %s", [aged, old])
    admin.execute("ALTER TABLE custody.consent_custodymadefile ENABLE TRIGGER kept")
    assert retention.purge_files() == 1
    left = admin.execute("SELECT id::text FROM custody.consent_custodymadefile").fetchall()
    assert left == [(new,)]
    gone = admin.execute("SELECT object_ids, person_ids, purpose FROM audit.entry WHERE action = 'delete' AND subject_table = 'consent_custodymadefile' AND purpose <> ''").fetchall()  # fmt: skip
    assert gone == [([aged], [cast.people["fiolin"]], "Uttrekk slettes etter sju dager")]
    with cast["duty_leader"].acting(), pytest.raises(DatabaseError), connections["default"].cursor() as cursor:
        cursor.execute("SELECT retention.purge_files(now() + interval '1 year')")
