"""Every signed record goes out to the service's own record system, stands as it was signed, and gets the reference it was filed under."""

import uuid
from datetime import timedelta
from io import BytesIO
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.db import DatabaseError, connections, transaction
from django.urls import reverse

from consent.actions import journal as actions
from consent.documents.journal import OWN
from consent.documents.noark import NOARK
from consent.models import MunicipalJournalReference
from coordination import clock, jobs
from coordination.identity import signed
from follow_up import supervision
from follow_up.actions import add_to, record_consultation
from follow_up.models import HealthVisit, SpecialistCourse, SpecialistVisit
from tests.cast import AT
from tests.consent.insight import made
from tests.consent.schema import checked, problems
from tests.consent.test_export import text_of
from tests.doors.steps import confirmed, unconfirmed
from tests.follow_up.sending import notice, taken_on
from tests.story import tell

N, J = f"{{{NOARK}}}", f"{{{OWN}}}"
SIGNED = (
    "municipal_health.follow_up_healthvisit",
    "municipal_health.follow_up_healthadmissionconsultation",
    "municipal_health.follow_up_addendum",
    "municipal_health.follow_up_harmreport",
    "municipal_health.follow_up_supervisionconsideration",
    "municipal_health.follow_up_frequencyplan",
    "municipal_health.follow_up_motivationentry",
    "specialist_health.follow_up_specialistvisit",
)


@pytest.fixture
def seen(cast, monkeypatch):
    """Give a patient with a visit, a consultation and something added to the visit, at noon, and the keys of the three."""
    monkeypatch.setattr(jobs.celery_app, "send_task", lambda *args, **more: None)
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
    _letter, patient = taken_on(cast, notice(cast))
    with cast["nurse"].acting() as actor:
        visit = supervision.record_visit(
            actor, patient.pk, key=uuid.uuid4(), done_at=AT - timedelta(minutes=5),
            course=None, facts={"physical": "Skrubbsår på <albuen>", "referral_considered": True}, at=AT,
        )  # fmt: skip
        talk = record_consultation(
            actor, patient.pk, key=uuid.uuid4(), outcome="held", held_at=AT - timedelta(hours=2), facts={"medication": "Paracet"}, at=AT
        )  # fmt: skip
        more = add_to(actor, visit, key=uuid.uuid4(), text="Skal stå: venstre albue.", at=AT)
    return patient.pk, visit.pk, talk.pk, more.pk


def unpacked(answer) -> dict[str, bytes]:
    assert answer.status_code == 200
    assert "Fiolin" not in str(answer.headers)
    with ZipFile(BytesIO(answer.content)) as packed:
        return checked({name: packed.read(name) for name in packed.namelist()})


def entries_in(files: dict[str, bytes]) -> list[ElementTree.Element]:
    """Return the entries of all the journals in an extract."""
    tree = ElementTree.fromstring(files["arkivstruktur.xml"])
    return list(tree.iter(f"{J}innfoersel"))


@pytest.mark.obligation("RM8-b")
def test_one_record_is_a_pdfa_and_xml_by_our_schema_after_the_password(cast, admin, seen):
    patient, visit, _talk, _more = seen
    client = cast["nurse"].client()
    url = reverse("journal_entry_export", args=[patient, visit])
    assert unconfirmed(client).get(url).status_code == 403, "who takes content out says again who they are"
    confirmed(client)
    before = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    files = unpacked(client.get(url))
    assert set(files) == {"arkivstruktur.xml", "journal.xsd", "dokumenter/0001.pdf"}
    text = text_of(files["dokumenter/0001.pdf"])
    assert "Skrubbsår på <albuen>" in text
    assert "Fiolin, Blid" in text
    (entry,) = entries_in(files)
    assert entry.findtext(f"{J}merke") == str(visit)
    with cast["nurse"].acting() as actor:
        assert entry.findtext(f"{J}signertAv") == actor.signature
    facts = {field.get("navn"): field.text for field in entry.findall(f"{J}felt")}
    assert facts["Fysisk helse"] == "Skrubbsår på <albuen>"
    assert facts["Henvisning vurdert"] == "Ja"
    tables = admin.execute("SELECT subject_table FROM audit.entry WHERE seq > %s AND action = 'export' AND %s = ANY (object_ids)", [before, visit]).fetchall()  # fmt: skip
    assert tables == [("follow_up_healthvisit",)]


def read_since(admin, before: int, patient) -> dict[str, set]:
    """Return what the log says was read since, by table, and see that it is about one patient."""
    rows = admin.execute(
        "SELECT subject_table, object_ids, person_ids FROM audit.entry WHERE seq > %s AND action = 'read'", [before]
    ).fetchall()
    found: dict[str, set] = {}
    for table, keys, people in rows:
        found.setdefault(table, set()).update(keys)
        assert set(people) <= {patient}, table
    return found


def test_one_record_leaves_one_record_in_the_log_and_the_whole_journal_all_of_them(cast, admin, seen):
    patient, visit, talk, more = seen
    client = cast["nurse"].client()
    page = client.get(reverse("journal_file", args=[patient]))
    typed = {"key": str(uuid.uuid4()), "marks": str(talk), "reference": "EPJ 1"}
    assert client.post(reverse("journal_file", args=[patient]), typed).status_code == 303
    assert str(visit) in page.context["form"].initial["marks"]
    before = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    unpacked(client.get(reverse("journal_entry_export", args=[patient, visit])))
    assert read_since(admin, before, patient) == {
        "coordination_municipalpatient": {patient}, "follow_up_healthvisit": {visit},
    }  # fmt: skip
    before = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    assert client.get(reverse("journal", args=[patient])).status_code == 200
    whole = read_since(admin, before, patient)
    records = {table.partition(".")[2] for table in SIGNED}
    assert {table: keys for table, keys in whole.items() if table in records} == {
        "follow_up_healthvisit": {visit}, "follow_up_healthadmissionconsultation": {talk}, "follow_up_addendum": {more},
    }  # fmt: skip
    assert "consent_municipaljournalreference" in whole
    # Days that are not asked for are not read either.
    before = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    assert client.get(reverse("journal", args=[patient]), {"fra": "01.01.2020", "til": "02.01.2020"}).status_code == 200
    assert not set(read_since(admin, before, patient)) & records


@pytest.mark.obligation("RM8-b")
def test_a_record_from_before_anybody_was_registered_is_in_the_journal_too(cast, seen):
    patient, _visit, talk, _more = seen
    long_ago = AT - timedelta(days=800)
    with cast["nurse"].acting() as actor:
        old = HealthVisit(
            person_id=patient, key=uuid.uuid4(), done_at=long_ago, physical="Fra papirjournalen", **signed(actor, AT)
        )
        old.save(force_insert=True)
    client = cast["nurse"].client()
    first = client.get(reverse("journal", args=[patient]))
    assert "papirjournalen" not in first.content.decode()
    page = client.get(first.context["whole_url"]).content.decode()
    assert "Fra papirjournalen" in page
    assert "Alt til og med" in page
    assert "Vis hele journalen" not in page
    assert str(old.pk) in client.get(reverse("journal_file", args=[patient]), {"fra": "01.01.2000"}).content.decode()
    assert "Alt til og med" in cast["doctor"].client().get(reverse("journal_export", args=[patient])).content.decode()
    pk = made(cast, "doctor", reverse("journal_export", args=[patient]), actions.KIND)
    entries = entries_in(unpacked(cast["doctor"].client().get(reverse("made_file", args=[pk]))))
    assert [entry.findtext(f"{J}merke") for entry in entries][:2] == [str(old.pk), str(talk)]


def test_a_journal_that_is_wrong_anywhere_is_not_as_the_schema_says(cast, seen):
    patient, visit, _talk, _more = seen
    answer = cast["nurse"].client().get(reverse("journal_entry_export", args=[patient, visit]))
    good = unpacked(answer)["arkivstruktur.xml"].decode()
    for right, wrong in {
        "<j:merke>": "<j:merke>x",
        "<j:tidspunkt>": "<j:tidspunkt>i dag ",
        "<j:tittel>": "<j:overskrift/><j:tittel>",
        "<j:felt navn=": "<j:felt label=",
        "</j:innfoersel>": "<j:foertSystem>KIA</j:foertSystem></j:innfoersel>",
        "<j:journal>": "<j:journal><j:innfoersel/>",
    }.items():
        assert right in good, right
        assert problems(good.replace(right, wrong, 1).encode()) != [], right


@pytest.mark.obligation("RM8-b")
def test_all_of_a_patient_one_document_each_and_what_was_added_says_to_what(cast, admin, seen):
    patient, visit, talk, more = seen
    pk = made(cast, "doctor", reverse("journal_export", args=[patient]), actions.KIND)
    files = unpacked(cast["doctor"].client().get(reverse("made_file", args=[pk])))
    entries = entries_in(files)
    assert [entry.findtext(f"{J}merke") for entry in entries] == [str(talk), str(visit), str(more)], "oldest first"
    assert [entry.findtext(f"{J}retterEllerUtfyller") for entry in entries] == [None, None, str(visit)]
    assert len([name for name in files if name.endswith(".pdf")]) == 3
    assert "venstre albue" in text_of(files["dokumenter/0003.pdf"])
    exported = admin.execute("SELECT object_ids FROM audit.entry WHERE action = 'export' AND purpose = 'job:journal_export' AND subject_table LIKE 'follow_up%%'").fetchall()  # fmt: skip
    assert {key for (keys,) in exported for key in keys} == {visit, talk, more}


@pytest.mark.obligation("RM8-b")
def test_the_reference_of_the_own_journal_is_filed_back(cast, seen):
    patient, visit, _talk, _more = seen
    client = cast["nurse"].client()
    url = reverse("journal_file", args=[patient])
    page = client.get(url)
    assert reverse("journal_entry_export", args=[patient, visit]) in page.content.decode()
    typed = {"key": str(uuid.uuid4()), "marks": page.context["form"].initial["marks"], "reference": "EPJ 77"}
    assert client.post(url, typed).status_code == 303
    with cast["doctor"].acting():
        row = MunicipalJournalReference.objects.get()
        assert (row.system, row.reference, row.recorded_at) == ("egen journal", "EPJ 77", AT)
        assert set(row.marks) == set(seen[1:])
    (entry,) = entries_in(unpacked(client.get(reverse("journal_entry_export", args=[patient, visit]))))
    assert (entry.findtext(f"{J}foertReferanse"), entry.findtext(f"{J}foertAv")) == ("EPJ 77", row.by_name)
    assert "Alt har referanse" in client.get(url).content.decode()


def test_the_journal_is_for_health_personnel_who_follow_the_patient(cast, seen):
    patient, visit, _talk, _more = seen
    for who in ("health_leader", "south_nurse", "officer", "duty_leader", "trust_clinician", "health_admin"):
        client = cast[who].client()
        for url in (reverse("journal", args=[patient]), reverse("journal_entry_export", args=[patient, visit])):
            assert client.get(url).status_code == 404, who
    client = cast["nurse"].client()
    assert "Skrubbsår" in client.get(reverse("journal", args=[patient])).content.decode()
    assert client.get(reverse("journal_export", args=[patient])).status_code == 404, "who sees a part takes no whole"
    assert client.get(reverse("journal_entry_export", args=[patient, uuid.uuid4()])).status_code == 404


@pytest.mark.obligation("RM8-b")
def test_a_trust_s_visits_are_records_too(cast, admin):
    story, now = tell(cast), clock.now()
    with cast["trust_clinician"].acting() as actor:
        course = SpecialistCourse.objects.get(pk=story["specialist_course"])
        visit = SpecialistVisit(person_id=course.person_id, course=course, key=uuid.uuid4(), done_at=now, note="Rolig i dag.", **signed(actor, now))  # fmt: skip
        visit.save(force_insert=True)
    client = cast["trust_clinician"].client()
    (entry,) = entries_in(unpacked(client.get(reverse("journal_entry_export", args=[course.person_id, visit.pk]))))
    assert {field.get("navn"): field.text for field in entry.findall(f"{J}felt")} == {"Notat": "Rolig i dag."}
    assert "Rolig i dag." in client.get(reverse("journal", args=[course.person_id])).content.decode()
    for text in ("UPDATE specialist_health.follow_up_specialistvisit SET note = ''", "DELETE FROM specialist_health.follow_up_specialistvisit"):  # fmt: skip
        with pytest.raises(Exception, match="never changes"):
            admin.execute(text)


@pytest.mark.obligation("RM8-b")
def test_what_was_signed_is_never_changed_or_deleted_by_anybody(cast, admin):
    tell(cast)
    for table in SIGNED:
        rows = admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for text in (f"UPDATE {table} SET by_name = 'En annen'", f"DELETE FROM {table}"):
            if rows:
                with pytest.raises(Exception, match="never changes"):
                    admin.execute(text)
        who = "doctor" if table.startswith("municipal") else "trust_leader"
        for text in (f"UPDATE {table} SET recorded_at = now()", f"DELETE FROM {table}"):
            with cast[who].acting() as actor, connections["default"].cursor() as cursor:
                assert actor
                try:
                    with transaction.atomic():
                        cursor.execute(text)
                        assert cursor.rowcount == 0, (who, text)
                except DatabaseError as refused:
                    assert getattr(refused.__cause__, "sqlstate", "") in ("42501", "P0001"), (who, text)
    filled = [table for table in SIGNED if admin.execute(f"SELECT count(*) FROM {table}").fetchone()[0]]
    assert len(filled) >= 3, "the story has something to change"
    # Beside what was signed, the clock of a report stops when the prison has answered.
    admin.execute("UPDATE municipal_health.follow_up_harmreport SET decided_at = now()")
    kept = {f"{schema}.{table}" for schema, table in admin.execute("SELECT n.nspname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE t.tgname = 'kept'").fetchall()}  # fmt: skip
    assert set(SIGNED) <= kept
