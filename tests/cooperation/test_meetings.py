"""Meetings of leaders: fixed places with fixed matters, held as often as the circular asks, with minutes all parties read."""

import re
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from cooperation.actions.meetings import hold_meeting
from cooperation.frame import meetings_due
from cooperation.models import Meeting, MeetingForum, MeetingNote
from cooperation.models.meetings import Topic
from cooperation.rules.meetings import Level, intervals, next_meeting_on
from coordination import clock
from coordination.models import Agency, Role
from coordination.worlds import World
from tests.cast import AT, add_member
from tests.cooperation.sharing import DAY, forum, forum_form, planned

FORUMS, MEETINGS = "/samarbeid/moteplasser/", "/samarbeid/moter/"
NAMED = "Blid Fiolin trenger mer tid."


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Let the views read a fixed clock."""
    monkeypatch.setattr(clock, "now", lambda: AT)


def page(cast, who: str, url: str) -> str:
    answer = cast[who].client().get(url)
    assert answer.status_code == 200, (who, url)
    return answer.content.decode()


@pytest.mark.obligation("R8.3-a", "R8.3-b", "R8.3-c", "R8.3-d")
def test_a_warden_sets_up_a_place_to_meet_and_leaders_of_the_others_find_it(cast):
    """With the municipality, the trust and others such as the local emergency service, with its fixed matters, four times a year."""
    topics = ["coordination", "release_preparation", "transfer", "evaluation"]
    parties = [str(cast.agencies[name].pk) for name in ("north_health", "trust")]
    typed = forum_form(cast, parties=parties, topics=topics, others="Prøveby legevakt")
    client = cast["warden"].client()
    first = client.post(FORUMS + "ny/", typed)
    assert first.status_code == 303
    assert client.post(FORUMS + "ny/", typed).url == first.url, "once, however often it is sent"
    for who in ("warden", "duty_leader", "health_leader", "trust_leader"):
        assert "Ledermøte" in page(cast, who, FORUMS)
        seen = page(cast, who, first.url)
        for words in (
            *("Prøveby legevakt", "Fengselshelsetjenesten north", "Prøve sykehus HF", "Hver 3. måned", "23.02.2027"),
            *("Samordning av tjenestene", "Forberedelse av løslatelse", "Evaluering av samarbeidet"),
            "Overføring til elektronisk kontroll eller samfunnet",
        ):
            assert words in seen, (who, words)
    asked = page(cast, "warden", FORUMS + "ny/")
    assert asked.count("valgfritt") == 1, (
        "of the agencies here and others one is needed; the fixed matters are one's choice"
    )
    agenda = page(cast, "warden", first.url + "nytt-mote/")
    assert all(str(topic.label) in agenda for topic in Topic), "the fixed matters stand on every agenda"


def test_a_meeting_is_planned_added_to_held_and_read_by_its_parties(cast):
    row = forum(cast)
    client = cast["warden"].client()
    typed = {"key": str(uuid4()), "held_on": "23.11.2026", "place": "Møterom 1", "agenda": "Fotfølging"}
    url = client.post(f"{FORUMS}{row.pk}/nytt-mote/", typed).url
    assert client.post(f"{FORUMS}{row.pk}/nytt-mote/", typed).url == url
    leader = cast["health_leader"].client()
    assert leader.post(url, {"key": str(uuid4()), "text": "Ta opp åpningstider."}).status_code == 303
    assert "Ta opp åpningstider." in client.get(url).content.decode()
    assert PdfReader(BytesIO(leader.get(url + "pdf/").content)).metadata.title == "Samarbeidsmøte"
    form = client.get(url + "referat/").content.decode()
    version = re.search(r'name="version" value="(\d+)"', form)[1]
    minutes = {
        "version": version,
        "held_on": "23.11.2026",
        "minutes": "Gjennomgått.",
        "decisions": "Prøve i et halvt år.",
    }
    assert client.post(url + "referat/", minutes).status_code == 303
    for who in ("health_leader", "trust_leader", "duty_leader"):
        seen = page(cast, who, url)
        assert "Gjennomgått." in seen
        assert "Prøve i et halvt år." in seen
        assert url + "referat/" not in seen
    paper = PdfReader(BytesIO(leader.get(url + "pdf/").content))
    assert paper.metadata.title == "Referat fra samarbeidsmøte"
    text = " ".join(" ".join(page.extract_text() for page in paper.pages).split())
    for words in (
        "Ledermøte",
        "Gjennomgått.",
        "Prøve i et halvt år.",
        "Ta opp åpningstider.",
        "Fengselshelsetjenesten north",
    ):
        assert words in text, words


def test_minutes_stand_and_a_planned_meeting_does_not(cast):
    meeting = planned(cast, forum(cast).pk)
    with cast["warden"].acting() as actor:
        assert Meeting.objects.filter(pk=meeting.pk).update(agenda="Bemanning") == 1
        hold_meeting(actor, meeting.pk, held_on=DAY, minutes="Gjennomgått.", decisions="", version=1, at=AT)
    with pytest.raises(DatabaseError, match="never changes"), cast["warden"].acting():
        Meeting.objects.filter(pk=meeting.pk).update(minutes="Noe annet.")


def test_a_third_agency_and_whoever_leads_nobody_find_nothing(cast, admin):
    row = forum(cast, to=("north_health",))
    meeting = planned(cast, row.pk)
    for who in ("trust_leader", "south_duty_leader", "region"):
        assert cast[who].client().get(f"{FORUMS}{row.pk}/").status_code == 404
        assert cast[who].client().get(f"{MEETINGS}{meeting.pk}/").status_code == 404
        with cast[who].acting():
            assert [table.objects.count() for table in (MeetingForum, Meeting, MeetingNote)] == [0] * 3
    with cast["health_leader"].acting():
        assert [table.objects.count() for table in (MeetingForum, Meeting)] == [1] * 2
        assert MeetingForum.objects.update(title="Vårt møte") == 0
        assert Meeting.objects.update(minutes="Vårt referat") == 0
    for who in ("officer", "nurse", "trust_clinician"):
        assert cast[who].client().get(FORUMS).status_code == 404
        assert cast[who].client().get(f"{MEETINGS}{meeting.pk}/").status_code == 404
    with pytest.raises(DatabaseError), cast["prison_admin"].acting():
        Meeting.objects.count()
    assert admin.execute("SELECT count(*) FROM cooperation.cooperation_meeting").fetchone() == (1,)


def test_a_party_reads_and_adds_and_changes_nothing(cast):
    row = forum(cast)
    meeting = planned(cast, row.pk)
    leader = cast["health_leader"].client()
    for url in (f"{FORUMS}{row.pk}/endre/", f"{FORUMS}{row.pk}/nytt-mote/"):
        assert leader.get(url).status_code == 404
        assert leader.post(url, {}).status_code == 404
    for verb in ("endre/", "referat/", "avlys/"):
        assert leader.get(f"{MEETINGS}{meeting.pk}/{verb}").status_code == 404
        assert leader.post(f"{MEETINGS}{meeting.pk}/{verb}", {"version": 1}).status_code == 404
    assert cast["warden"].client().get(f"{MEETINGS}{meeting.pk}/slett/").status_code == 404
    assert "Planlegg møte" not in page(cast, "health_leader", f"{FORUMS}{row.pk}/")
    with pytest.raises(DatabaseError), cast["health_leader"].acting() as actor:
        Meeting(
            forum_id=row.pk, held_on=DAY, key=uuid4(), recorded_at=AT, agency_id=actor.agency_id,
            by_id=actor.membership_id, by_name=actor.signature,
        ).save(force_insert=True)  # fmt: skip


def test_two_who_write_at_once_hear_of_each_other(cast):
    row = forum(cast)
    meeting = planned(cast, row.pk)
    client = cast["warden"].client()
    change = {"version": 1, "held_on": "30.11.2026", "place": "Møterom 2", "agenda": "Samordning"}
    assert client.post(f"{MEETINGS}{meeting.pk}/endre/", change).status_code == 303
    assert client.post(f"{MEETINGS}{meeting.pk}/endre/", {**change, "place": "Møterom 3"}).status_code == 409
    minutes = {"version": 2, "held_on": "23.11.2026", "minutes": "Gjennomgått."}
    assert client.post(f"{MEETINGS}{meeting.pk}/referat/", minutes).status_code == 303
    assert client.post(f"{MEETINGS}{meeting.pk}/avlys/", {"version": 3, "cancel_reason": "Sykdom"}).status_code == 409
    edited = forum_form(cast, version=1, title="Nytt navn")
    assert client.post(f"{FORUMS}{row.pk}/endre/", edited).status_code == 303, (
        "minutes are no change of the forum's form"
    )
    assert client.post(f"{FORUMS}{row.pk}/endre/", edited).status_code == 409


@pytest.mark.obligation("R6.2-i")
def test_a_name_is_pointed_out_and_not_saved_in_any_text_of_a_meeting(cast, admin):
    row = forum(cast)
    meeting = planned(cast, row.pk)
    client = cast["warden"].client()
    at = f"{MEETINGS}{meeting.pk}/"
    plan = {"held_on": "23.11.2026", "place": "Rom 1", "agenda": "Samordning"}
    forms = (
        (FORUMS + "ny/", forum_form(cast), ("title", "others")),
        (f"{FORUMS}{row.pk}/endre/", forum_form(cast, version=1), ("title", "others")),
        (f"{FORUMS}{row.pk}/nytt-mote/", {**plan, "key": str(uuid4())}, ("place", "agenda")),
        (at + "endre/", {**plan, "version": 1}, ("place", "agenda")),
        (at, {"key": str(uuid4()), "text": "Åpningstider"}, ("text",)),
        (at + "avlys/", {"version": 2, "cancel_reason": "Sykdom"}, ("cancel_reason",)),
        (at + "referat/", {"version": 2, "held_on": "23.11.2026", "minutes": "x", "decisions": "y"}, ("minutes", "decisions")),
    )  # fmt: skip
    for url, typed, fields in forms:
        shown = client.get(url).content.decode()
        for field in fields:
            assert f"?felt={field}" in shown, (url, field)
            refused = client.post(url, {**typed, field: NAMED})
            assert refused.status_code == 422, (url, field)
            assert "Skriv den uten «Blid Fiolin»" in refused.content.decode()
    tables = ("meetingforum", "meeting", "meetingnote")
    counts = [admin.execute(f"SELECT count(*) FROM cooperation.cooperation_{table}").fetchone()[0] for table in tables]
    assert counts == [1, 1, 0]
    # The same without the name is saved; of cancelling and holding, one.
    for url, typed, _fields in (*forms[:5], forms[6]):
        assert client.post(url, typed).status_code == 303, url


@pytest.mark.obligation("R8.3-a", "R8.3-c")
def test_a_meeting_that_is_due_stands_in_the_leader_s_day_until_it_is_held(cast, monkeypatch):
    """D36: an interval after the last one, or after the place to meet was set up."""
    row = forum(cast, at=AT - timedelta(days=60))
    assert row.next_due_on == date(2026, 12, 24)
    assert "Planlegg neste møte" not in page(cast, "warden", "/")
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=2))
    assert "Planlegg neste møte" in page(cast, "warden", "/"), "a month ahead"
    monkeypatch.setattr(clock, "now", lambda: AT + timedelta(days=32))
    late = page(cast, "warden", "/")
    assert 'data-deadline="overdue"' in late
    meeting = planned(cast, row.pk, held_on=DAY + timedelta(days=31))
    today = page(cast, "warden", "/")
    assert f"{MEETINGS}{meeting.pk}/" in today
    assert "Skriv referat fra møtet" in today
    for who in ("duty_leader", "health_leader", "trust_leader"):
        assert "Ledermøte" not in page(cast, who, "/"), "the owner calls the meeting"
    cancelled = planned(cast, row.pk)
    client = cast["warden"].client()
    client.post(f"{MEETINGS}{cancelled.pk}/avlys/", {"version": 1, "cancel_reason": "Sykdom"})
    assert "Ledermøte" in page(cast, "warden", "/"), "a cancelled meeting is none"
    held = {"version": 1, "held_on": "24.12.2026", "minutes": "Gjennomgått."}
    assert client.post(f"{MEETINGS}{meeting.pk}/referat/", held).status_code == 303
    assert "Ledermøte" not in page(cast, "warden", "/")
    with cast["warden"].acting():
        assert MeetingForum.objects.get().next_due_on == date(2027, 3, 24)


@pytest.mark.obligation("R8.2-a", "R8.2-b")
def test_a_region_meets_the_trusts_and_may_invite_others(cast):
    client = cast["region"].client()
    parties = [str(cast.agencies[name].pk) for name in ("trust", "north")]
    others = "Helse Sør-Øst RHF, Statsforvalteren, KS"
    typed = forum_form(cast, title="Regionalt møte", parties=parties, others=others, interval_months="6")
    url = client.post(FORUMS + "ny/", typed).url
    seen = page(cast, "trust_leader", url)
    assert "Regionalt" in seen
    assert "Helse Sør-Øst RHF, Statsforvalteren, KS" in seen
    assert "Regionalt møte" in page(cast, "region", FORUMS)
    assert client.post(FORUMS + "ny/", forum_form(cast, interval_months="12")).status_code == 422
    assert client.get("/samarbeid/avvik/").status_code == 404
    with cast["region"].acting() as actor:
        assert list(meetings_due(actor, AT + timedelta(days=140))) == []
        assert [task.reason for task in meetings_due(actor, AT + timedelta(days=170))] == ["Regionalt møte"], "D36"


@pytest.mark.obligation("R8.1-e")
def test_the_directorate_meets_the_other_twice_a_year(cast):
    directorate = Agency.objects.using("owner").create(
        kind="directorate", world=World.CUSTODY, name="Prøvedirektoratet"
    )
    add_member(cast, "director", Role.REGION, directorate, None)
    typed = forum_form(
        cast,
        title="Samordningsmøte",
        parties=[str(cast.agencies["region"].pk)],
        others="Helsedirektoratet",
        interval_months="6",
    )
    url = cast["director"].client().post(FORUMS + "ny/", typed).url
    seen = page(cast, "region", url)
    assert "Nasjonalt" in seen
    assert "Helsedirektoratet" in seen
    assert "23.05.2027" in seen
    with cast["director"].acting() as actor:
        assert [task.reason for task in meetings_due(actor, AT + timedelta(days=170))] == ["Samordningsmøte"]


@pytest.mark.parametrize(
    ("last", "months", "due"),
    [
        (date(2026, 11, 23), 3, date(2027, 2, 23)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_the_next_meeting_is_an_interval_of_calendar_months_later(last, months, due):
    assert next_meeting_on(last, months) == due


def test_nobody_meets_more_rarely_than_asked():
    assert [max(intervals(level)) for level in Level] == [3, 6, 6]
    assert intervals(Level.LOCAL) == (1, 2, 3)


def test_an_ended_forum_is_no_longer_listed_or_due_and_takes_in_no_meeting(cast):
    row = forum(cast, at=AT - timedelta(days=400))
    client = cast["warden"].client()
    assert "Ledermøte" in client.get("/").content.decode()
    assert client.post(f"{FORUMS}{row.pk}/endre/", forum_form(cast, version=1, ended="on")).status_code == 303
    assert "Ledermøte" not in client.get("/").content.decode()
    assert "Ledermøte" not in client.get(FORUMS).content.decode()
    assert "Ledermøte" in page(cast, "health_leader", FORUMS + "?vis=avsluttet"), "its minutes are still there"
    own = client.get(f"{FORUMS}{row.pk}/").content.decode()
    assert "<dt>Avsluttet</dt><dd>23.11.2026</dd>" in own
    assert "Frist for neste møte" not in own
    assert client.get(f"{FORUMS}{row.pk}/nytt-mote/").status_code == 404


def test_who_takes_part_is_changed_and_a_shorter_interval_counts_from_the_last_meeting(cast):
    row = forum(cast, to=("north_health",))
    assert cast["trust_leader"].client().get(f"{FORUMS}{row.pk}/").status_code == 404
    typed = forum_form(cast, version=1, interval_months="1", parties=[str(cast.agencies["trust"].pk)])
    assert cast["warden"].client().post(f"{FORUMS}{row.pk}/endre/", typed).status_code == 303
    assert "23.12.2026" in page(cast, "trust_leader", f"{FORUMS}{row.pk}/")
    assert cast["health_leader"].client().get(f"{FORUMS}{row.pk}/").status_code == 404, "whoever is left out"


def test_the_lists_ask_the_same_however_many_there_are(cast):
    client = cast["warden"].client()
    forums, meetings = [], []
    first = forum(cast)
    for number in (1, 29):
        for _each in range(number):
            forum(cast) if number > 1 else None
            planned(cast, first.pk)
        for url, counts in ((FORUMS, forums), (f"{FORUMS}{first.pk}/", meetings)):
            with CaptureQueriesContext(connections["default"]) as captured:
                body = client.get(url).content.decode()
            counts.append(len(captured))
    assert body.count("Åpne møtet") == 30
    assert forums[0] == forums[1] <= 12
    assert meetings[0] == meetings[1] <= 12
