"""A person's right to know: what the agency tells, what it leaves out and says so, and that nobody else's log is in it."""

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from consent import tasks
from consent.access import insight as reading
from consent.access import outbox
from consent.actions import insight as actions
from consent.documents.insight import letter_years, what_words, year_lines
from consent.rules import covered, withholds
from coordination import clock, jobs, reference
from coordination.oversight import openings
from coordination.refusals import Refused
from tests.cast import AT
from tests.consent.insight import made, send, typed
from tests.consent.post import given, patient
from tests.cooperation.making import worker

REASON = "Opplysningene kan avsløre hvem som har varslet."


pytestmark = pytest.mark.usefixtures("still")


def page(cast, who: str = "warden", about: str = "fiolin", query: str = "") -> str:
    answer = cast[who].client().get(reverse("insight", args=[cast.people[about]]) + query)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def letter_key(cast, who: str = "warden"):
    with cast[who].acting() as actor:
        return outbox(actor).filter(person_id=cast.people["fiolin"]).first().pk


def text_of(cast, pk: str, who: str = "warden") -> str:
    answer = cast[who].client().get(reverse("made_file", args=[pk]))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/pdf"
    assert "Fiolin" not in str(answer.headers)
    return " ".join(" ".join(p.extract_text() for p in PdfReader(BytesIO(answer.content)).pages).split())


def test_a_part_is_left_out_to_the_end_of_its_last_day_unless_ended():
    day = AT.date()
    assert withholds(day, None, day)
    assert not withholds(day, None, day + timedelta(days=1))
    assert not withholds(day, AT, day)
    assert covered(day, [(day, day)])
    assert not covered(day, [(day + timedelta(days=1), day + timedelta(days=2))])


def test_grounds_are_each_somebodys_and_cite_what_stands_that_day():
    grounds = {ground.code: ground for ground in reference.withholding_grounds()}
    assert "custody" not in grounds["patient_danger"].worlds
    assert grounds["custody_limits"].statute_on(AT.date()) == "straffegjennomføringsloven § 7 c"
    assert grounds["custody_limits"].statute_on(AT.date().replace(year=2020)) == ""


def test_the_log_in_words():
    assert what_words(["read", "update", "insert"], ["isolation_check", "consent_custodyletter"]) == (
        "Leste, skrev: brev, isolasjon"
    )
    assert what_words(["refuse"], ["coordination_person"]) == "Ble avvist: hvem personen er"
    assert what_words(["vist"], ["noe"]) == "Brukte"


def test_the_log_of_years_names_each_member_once_a_year_with_the_days_and_leaves_out_what_is_withheld():
    anna, odd = uuid4(), uuid4()
    looked = [
        SimpleNamespace(day=date(year, month, day), membership_id=member)
        for year, month, day, member in (
            (2026, 2, 3, odd), (2026, 1, 9, anna), (2026, 1, 3, anna), (2026, 1, 2, anna), (2026, 1, 1, anna), (2026, 1, 1, odd), (2025, 12, 31, anna),
        )
    ]  # fmt: skip
    names = {anna: "Lege Anna", odd: "Sykepleier Odd"}
    told = [
        (row["year"], [(line["who"], line["days"].replace("\xa0", " ")) for line in row["people"]])
        for row in year_lines(looked, names, [])
    ]
    assert told == [
        (2026, [("Lege Anna", "Januar: 1–3, 9."), ("Sykepleier Odd", "Januar: 1. Februar: 3.")]),
        (2025, [("Lege Anna", "Desember: 31.")]),
    ]
    left_out = SimpleNamespace(first_on=date(2026, 1, 1), last_on=date(2026, 1, 2))
    assert year_lines(looked, names, [left_out])[0]["people"][0]["days"].replace("\xa0", " ") == "Januar: 3, 9."


def test_letters_of_years_stand_once_for_each_ground_with_the_days_of_each_sender():
    def letter(day: int, who: str = "A", **more):
        facts = {"out": True, "title": "Brev", "name": "Helse", "basis": "Plikt", "statute": "§ 1", "who": who}
        return {"at": datetime(2026, 3, day, 22, 30, tzinfo=UTC), "withheld": None, **facts, **more}

    hidden = {"at": datetime(2025, 12, 31, 23, 30, tzinfo=UTC), "withheld": True, "said": "Utelatt, hjemmel: § 7 c"}
    told = letter_years([letter(9), letter(8, "B"), letter(7), letter(7), letter(6, statute="§ 2"), hidden])
    assert [row["year"] for row in told] == [2026], "years are those of Oslo"
    assert [(row.get("statute"), row["days"].replace("\xa0", " ")) for row in told[0]["rows"]] == [
        ("§ 1", "8. mars av B; 7. mars, 7. mars, 9. mars av A"),
        ("§ 2", "6. mars av A"),
        (None, "1. januar"),
    ]


def test_the_page_tells_consents_letters_and_who_looked_and_stops_at_the_agency(cast, admin):
    send(cast, text="HEMMELIG INNHOLD")
    given(cast, cast.people["fiolin"], "duty_leader", recipients=[cast.agencies["north_health"].pk], purpose="Planlegge løslatelse")  # fmt: skip
    cast["officer_b"].client().get("/")
    # Behind the wall: another agency that has touched the very same key.
    admin.execute(
        "INSERT INTO audit.entry (user_id, membership_id, agency_id, action, subject_table, object_ids, person_ids, purpose, leaf) "
        "SELECT user_id, id, agency_id, 'read', 'coordination_person', '{}', %s, 'person', '' FROM base.coordination_membership WHERE id = %s",
        [[cast.people["fiolin"]], cast["south_officer"].membership.pk],
    )
    told = page(cast)
    for words in ("Planlegge løslatelse", "t_notice", "Fengselshelsetjenesten north", "helse- og omsorgstjenesteloven", "Betjent Officer", "Vaktleder Duty Leader"):  # fmt: skip
        assert words in told or words.startswith("helse"), words
    assert "South Officer" not in told
    assert "HEMMELIG" not in told
    assert "Trompet" not in told
    with cast["warden"].acting() as actor:
        rows = list(
            reading.looked_at(actor, cast.people["fiolin"], before=clock.local_date(clock.now()) + timedelta(days=1))
        )
    mine = {cast[name].membership.pk for name in ("officer", "duty_leader", "warden")}
    assert {row.membership_id for row in rows} == mine
    theirs = admin.execute("SELECT count(*) FROM audit.entry WHERE person_ids @> %s AND membership_id = %s", [[cast.people["fiolin"]], cast["south_officer"].membership.pk]).fetchone()  # fmt: skip
    assert theirs == (1,), "there is something behind the wall"


@pytest.mark.parametrize("who", ["officer", "duty_leader", "release_caseworker", "region", "nurse", "health_leader", "trust_leader", "prison_admin", "south_duty_leader"])  # fmt: skip
def test_only_those_who_answer_for_the_agency_get_in(cast, who):
    client = cast[who].client()
    for door in ("insight", "withhold"):
        path = reverse(door, args=[cast.people["fiolin"]])
        assert (client.get(path).status_code, client.post(path).status_code) == (404, 404)


@pytest.mark.parametrize("who", ["duty_leader", "region", "doctor", "trust_intake", "officer"])
def test_the_database_tells_nobody_else_whatever_the_code_asks(cast, who):
    def ask() -> list:
        with cast[who].acting(), transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("SELECT * FROM audit.about(%s, '2030-01-01', 100)", [cast.people["fiolin"]])
            return cursor.fetchall()

    with pytest.raises(DatabaseError) as caught:
        ask()
    assert getattr(caught.value.__cause__, "sqlstate", "") == "42501"


def test_another_agencys_leader_gets_their_own_entries_only(cast):
    send(cast)
    with cast["health_leader"].acting() as actor:
        assert list(reading.looked_at(actor, cast.people["fiolin"], before=AT.date() + timedelta(days=4000))) == []


def test_a_withheld_letter_is_marked_with_its_ground_and_told_again_when_ended(cast, admin):
    send(cast)
    path = f"{reverse('withhold', args=[cast.people['fiolin']])}?brev={letter_key(cast)}"
    client = cast["warden"].client()
    assert "straffegjennomføringsloven § 7 c" in client.get(path).content.decode()
    wrong = client.post(path, typed(key=uuid4(), reason="kort"))
    assert wrong.status_code == 422
    assert "minst 30 tegn" in wrong.content.decode()
    key = str(uuid4())
    assert client.post(path, typed(key=key)).status_code == 303
    assert client.post(path, typed(key=key)).status_code == 303, "the same form again is the same decision"
    assert "allerede utelatt" in client.post(path, typed(key=uuid4())).content.decode()
    told = page(cast)
    assert "Utelatt Hjemmel: straffegjennomføringsloven § 7 c" in told
    for_programs = client.get(f"/api/v1/people/{cast.people['fiolin']}/insight/").json()
    assert [(row["left_out"], row["title"], row["sent"]) for row in for_programs["letters"]] == [
        ("straffegjennomføringsloven § 7 c", "", None)
    ]
    assert "Betjent Officer" in {row["who"] for row in for_programs["log"]}
    paper = text_of(cast, made(cast, "warden", reverse("insight", args=[cast.people["fiolin"]]), actions.KIND))
    assert "Utelatt, hjemmel: straffegjennomføringsloven § 7 c" in paper
    assert "t_notice" not in paper
    assert "varslet" not in paper, "the reason is the agency's own"
    (pk,) = admin.execute("SELECT id FROM custody.consent_custodywithholding").fetchone()
    ends = reverse("withholding_end", args=[pk])
    assert cast["duty_leader"].client().post(ends).status_code == 404
    assert client.post(ends).status_code == 303
    told = page(cast)
    assert "t_notice" in told
    assert "Gjelder ikke lenger" in told
    with pytest.raises(psycopg.errors.RaiseException, match="never changes"):
        admin.execute(
            "UPDATE custody.consent_custodywithholding SET reason = 'noe helt annet, mer enn tretti tegn langt'"
        )


def test_a_period_of_the_log_is_left_out_by_days(cast):
    send(cast)
    path = reverse("withhold", args=[cast.people["fiolin"]])
    client = cast["warden"].client()
    assert "Betjent Officer" in page(cast)
    today = f"{clock.local_date(clock.now()):%d.%m.%Y}"
    assert client.post(path, typed(key=uuid4(), first_on=today, last_on="01.01.2020")).status_code == 422
    assert client.post(path, typed(key=uuid4(), first_on=today, last_on=today)).status_code == 303
    told = page(cast)
    assert "Betjent Officer" not in told.partition("Hvem som har sett")[2].partition("Bestemt utelatt")[0]
    assert f"Fra {today} til og med {today}. Utelatt, hjemmel: straffegjennomføringsloven § 7 c" in told


def test_why_somebody_opened_without_a_task_is_told_unless_the_day_is_left_out(cast):
    fiolin, now = cast.people["fiolin"], clock.now()
    for who, about, text in (
        ("duty_leader", fiolin, "Klagen fra august skal besvares."),
        ("duty_leader", cast.people["trompet"], "Gjelder en helt annen sak."),
        ("health_leader", patient(cast), "Tilsynet spør om journalen."),
    ):
        with cast[who].acting() as actor:
            openings.give_reason(actor, about, code="complaint", text=text, at=now)
    path = reverse("insight", args=[fiolin])
    shown = page(cast).partition("Hvorfor de åpnet")[2]
    assert "Vaktleder Duty Leader" in shown
    assert "Klage, tilsyn eller erstatningssak Klagen fra august skal besvares." in shown
    paper = text_of(cast, made(cast, "warden", path, actions.KIND))
    assert "Klagen fra august skal besvares." in paper
    for text in ("en helt annen sak", "Tilsynet spør"):
        assert text not in shown + paper
    (told,) = cast["warden"].client().get(f"/api/v1/people/{fiolin}/insight/").json()["reasons"]
    assert (told["who"], told["emergency"]) == ("Vaktleder Duty Leader", False)
    today = f"{clock.local_date(now):%d.%m.%Y}"
    client = cast["warden"].client()
    left_out = typed(key=uuid4(), first_on=today, last_on=today)
    assert client.post(reverse("withhold", args=[fiolin]), left_out).status_code == 303
    assert "Klagen fra august" not in page(cast)
    assert "Klagen fra august" not in text_of(cast, made(cast, "warden", path, actions.KIND))


def test_what_cannot_be_left_out(cast):
    send(cast)
    today = clock.local_date(clock.now())
    asked = {"letter": None, "first_on": today, "last_on": today, "ground": "custody_limits", "reason": REASON, "until_on": today, "key": uuid4(), "at": clock.now()}  # fmt: skip
    for code, wrong in (
        ("ground", {"ground": "patient_danger"}),
        ("until_on", {"until_on": today + timedelta(days=400)}),
        ("until_on", {"until_on": today - timedelta(days=1)}),
        ("first_on", {"first_on": None}),
        ("last_on", {"last_on": today - timedelta(days=1)}),
    ):
        with cast["warden"].acting() as actor, pytest.raises(Refused) as caught:
            actions.withhold(actor, cast.people["fiolin"], **{**asked, **wrong})
        assert caught.value.code == code
    with cast["warden"].acting() as actor:
        row = actions.withhold(actor, cast.people["fiolin"], **asked)
        assert actions.withhold(actor, cast.people["fiolin"], **asked).pk == row.pk
    other = f"?brev={letter_key(cast)}"
    assert cast["warden"].client().get(reverse("withhold", args=[cast.people["trompet"]]) + other).status_code == 404


def test_the_paper_is_made_by_the_worker_for_the_one_who_asked_and_leaves_a_trace(cast, admin):
    send(cast)
    pk = made(cast, "warden", reverse("insight", args=[cast.people["fiolin"]]), actions.KIND)
    before = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    text = text_of(cast, pk)
    for words in (
        "Innsyn i egne opplysninger",
        "Om Blid Fiolin, født 15.05.1991",
        "t_notice",
        "Betjent Officer",
        "Side 1 av",
    ):
        assert words in text, words
    traces = admin.execute(
        "SELECT action, person_ids FROM audit.entry WHERE seq > %s AND subject_table = 'consent_custodymadefile'",
        [before],
    ).fetchall()
    assert ("print", [cast.people["fiolin"]]) in traces
    asked = admin.execute("SELECT count(*) FROM audit.entry WHERE purpose = 'job:insight_paper' AND %s = ANY (person_ids)", [cast.people["fiolin"]]).fetchone()  # fmt: skip
    assert asked[0] > 0
    for who in ("duty_leader", "officer", "health_leader", "trust_leader", "south_duty_leader"):
        assert cast[who].client().get(reverse("made_file", args=[pk])).status_code == 404
    admin.execute("ALTER TABLE custody.consent_custodymadefile DISABLE TRIGGER kept")
    admin.execute("UPDATE custody.consent_custodymadefile SET recorded_at = recorded_at - interval '8 days'")
    admin.execute("ALTER TABLE custody.consent_custodymadefile ENABLE TRIGGER kept")
    assert cast["warden"].client().get(reverse("made_file", args=[pk])).status_code == 404


def test_the_page_that_waits_for_a_paper_looks_again_by_itself_and_by_a_button(cast):
    client, back = cast["warden"].client(), reverse("insight", args=[cast.people["fiolin"]])
    url = client.post(back).url
    waiting = client.get(url).content.decode()
    assert "Arbeidet står i kø." in waiting
    assert "every 2s" in waiting
    assert "vendor/htmx.min.js" in waiting, "what looks again is on the page"
    assert "Se om den er klar" in waiting
    assert str(cast.people["fiolin"]) not in waiting, "it looks often, and leaves no trace"
    with worker():
        assert jobs.run(actions.KIND, UUID(url.rstrip("/").rsplit("/", 1)[1]), tasks.make_insight)
    ready = client.get(url).content.decode()
    assert "Papiret er klart" in ready
    assert f'href="{back}"' in ready


def test_a_paper_that_waits_in_the_queue_while_a_consent_is_withdrawn_does_not_tell_of_it(cast):
    north_health = cast.agencies["north_health"].pk
    consent = given(
        cast, cast.people["fiolin"], "duty_leader", recipients=[north_health], purpose="Planlegge løslatelse"
    )
    path = reverse("insight", args=[cast.people["fiolin"]])
    assert "Planlegge løslatelse" in text_of(cast, made(cast, "warden", path, actions.KIND))

    def withdraw() -> None:
        assert cast["duty_leader"].client().post(reverse("consent_withdraw", args=[consent])).status_code == 303

    assert "Planlegge løslatelse" not in text_of(cast, made(cast, "warden", path, actions.KIND, withdraw))


def test_a_health_service_tells_its_patient_what_it_knows_itself(cast):
    about = patient(cast)
    answer = cast["health_leader"].client().get(reverse("insight", args=[about]))
    assert answer.status_code == 200
    assert "Sykepleier Nurse" in answer.content.decode()
    assert cast["warden"].client().get(reverse("insight", args=[about])).status_code == 404
    assert cast["health_leader"].client().get(reverse("insight", args=[cast.people["fiolin"]])).status_code == 404


def test_the_log_turns_by_whole_days_and_costs_the_same_with_ten_years(cast, admin):
    member, person = cast["officer"].membership, cast.people["fiolin"]
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            "INSERT INTO audit.entry (seq, at, user_id, membership_id, agency_id, action, subject_table, object_ids, person_ids, purpose, leaf) "
            "OVERRIDING SYSTEM VALUE SELECT -d, now() - d * interval '1 day', %s, %s, %s, 'read', 'coordination_person', '{}', %s, 'person', '' FROM generate_series(1, 100) d",
            [member.user_id, member.pk, member.agency_id, [person]],
        )
    with cast["warden"].acting() as actor:
        today = clock.local_date(clock.now())
        first = reading.log_page(actor, person, before=today + timedelta(days=1))
        days = [row.day for row in first.rows]
        assert days == sorted(days, reverse=True)
        assert first.older == days[-1]
    client = cast["warden"].client()
    counts = []
    for query in ("", f"?logg={first.older}"):
        with CaptureQueriesContext(connections["default"]) as queries:
            body = client.get(reverse("insight", args=[person]) + query).content.decode()
        counts.append(len(queries))
        assert "Eldre" in body
    assert "Nyeste" in body
    assert counts[0] == counts[1]
