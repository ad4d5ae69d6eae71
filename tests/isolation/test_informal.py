"""Isolation without a decision: registered, considered, told to the health service, followed with talks and a plan, ended."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import Http404
from django.urls import reverse

from consent.access import inbox
from coordination import clock
from coordination.deadlines import RULES as REGISTERED
from coordination.models.deadlines import Alert, Strength
from coordination.refusals import Refused
from isolation.actions import informal as verbs
from isolation.models import InformalIsolation, Motivation
from tests.cast import AT
from tests.isolation.helpers import HOUR, count, deadline, decide, letters

RULES = pytest.mark.obligation
TODAY = date(2026, 11, 23)


def register(cast, *, who="officer", person="fiolin", at=AT, **more):
    facts = {
        "kind": "self_isolation",
        "since_on": TODAY,
        "hours_out": Decimal("1.5"),
        "description": "Vil ikke ut til de andre. Sier at det er bråk.",
        "key": uuid.uuid4(),
    }
    with cast[who].acting() as actor:
        return verbs.register(actor, cast.people[person], **(facts | more), at=at)


def consider(cast, row, *, at=AT + HOUR, who="duty_leader", **more):
    facts = {"supervision": True, "reason": "Spiser lite og er alene hele dagen.", "key": uuid.uuid4()}
    with cast[who].acting() as actor:
        return verbs.consider(actor, row.pk, **(facts | more), at=at)


def talk(cast, row, at, *, who="officer", **more):
    facts = {"kind": "both", "answer": "thinking", "note": "", "key": uuid.uuid4()}
    with cast[who].acting() as actor:
        return verbs.talk(actor, row.pk, **(facts | more), done_at=at, at=at)


@RULES("R7.1.1-b")
@RULES("R7.1.1-c")
def test_the_self_isolated_is_motivated_and_informed_at_the_start_on_day_three_and_weekly(cast, admin):
    row = register(cast)
    assert deadline(admin, row, "D27b")[0] == AT
    talk(cast, row, AT + HOUR)
    assert deadline(admin, row, "D27b")[0] == AT + timedelta(days=3)
    talk(cast, row, AT + timedelta(days=3), kind="motivated", answer="unwilling")
    assert deadline(admin, row, "D27b")[0] == AT + timedelta(days=10)
    with cast["officer"].acting():
        assert Motivation.objects.filter(kind="both").count() == 1
    rule = REGISTERED["D27b"]
    assert rule.strength == Strength.RECOMMENDED
    assert {step.severity for step in rule.steps} == {Alert.Severity.INFO}


@RULES("R7.1.1-c")
def test_the_page_of_a_talk_says_what_isolation_can_do(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT + HOUR)
    row = register(cast)
    client, url = cast["officer"].client(), reverse("informal_talk", args=[row.pk])
    assert "vansker med å sove" in client.get(url).content.decode()
    form = {
        "key": str(uuid.uuid4()), "kind": "informed", "answer": "willing", "note": "Vil prøve luftegården.",
        "done_on": "23.11.2026", "done_clock": "12.30",
    }  # fmt: skip
    assert client.post(url, form | {"kind": ""}).status_code == 422
    assert client.post(url, form).status_code == 303
    assert "Vil prøve luftegården." in client.get(reverse("informal", args=[row.pk])).content.decode()


@RULES("R7.1.1-d")
def test_the_duty_leader_considers_and_the_health_service_is_told(cast, admin):
    row = register(cast, kind="de_facto")
    made = consider(cast, row, wish=True)
    body, role, _reply, _thread, basis, letter_id = letters(admin, "lock_in_notice")[0]
    assert (role, basis, letter_id) == ("duty_leader", "LB03", made.letter_id)
    assert {k: body[k] for k in ("unit", "kind", "since", "hours_out", "wish")} == {
        "unit": "Avdeling A", "kind": "de_facto", "since": "2026-11-23", "hours_out": 1.5, "wish": True,
    }  # fmt: skip
    assert deadline(admin, row, "D32C") is None
    with cast["nurse"].acting() as actor:
        letter = inbox(actor).get(kind="lock_in_notice")
        assert (letter.awaits, letter.due_at - letter.sent_at) == ("acknowledgement", timedelta(hours=24))
    for code in ("D32C", "D32S", "D32R"):
        assert REGISTERED[code].strength == Strength.SHOULD
        assert {step.severity for step in REGISTERED[code].steps} == {Alert.Severity.INFO}


def test_signs_of_illness_are_told_on_their_own_basis(cast, admin):
    consider(cast, register(cast), signs_of_illness=True)
    assert letters(admin, "lock_in_notice")[0][4] == "LB04"


def test_no_tells_nobody_and_ends_the_matter(cast, admin):
    row = register(cast)
    consider(cast, row, supervision=False, reason="Leser til eksamen, og er ute flere timer.")
    assert letters(admin, "lock_in_notice") == []
    with cast["duty_leader"].acting():
        row.refresh_from_db()
        assert row.state == "dismissed"
    assert deadline(admin, row, "D27b") is None
    with pytest.raises(Refused) as refused:
        consider(cast, row, at=AT + 2 * HOUR)
    assert refused.value.code == "state"


def test_considering_again_sends_no_second_letter(cast, admin):
    row = register(cast)
    first = consider(cast, row)
    again = consider(cast, row, at=AT + 30 * HOUR, reason="Fortsatt alene.")
    assert again.letter_id == first.letter_id
    assert len(letters(admin, "lock_in_notice")) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"since_on": TODAY + timedelta(days=1)}, "since"),
        ({"hours_out": Decimal(25)}, "hours"),
        ({"kind": "exclusion"}, "kind"),
        ({"description": " "}, "missing"),
        ({}, None),
    ],
)
def test_what_registering_asks_for(cast, change, code):
    if code is None:
        assert register(cast).state == "flagged"
        return
    with pytest.raises(Refused) as refused:
        register(cast, **change)
    assert refused.value.code == code


def test_one_at_a_time_and_not_beside_a_measure(cast):
    key = uuid.uuid4()
    first = register(cast, key=key)
    assert register(cast, key=key).pk == first.pk
    with pytest.raises(Refused) as refused:
        register(cast)
    assert refused.value.code == "open"
    decide(cast, at=AT + HOUR)
    with pytest.raises(Refused) as refused:
        register(cast, at=AT + 2 * HOUR)
    assert refused.value.code == "measure"


def test_a_decision_takes_over_and_closes_what_was_to_be_done(cast, admin):
    row = register(cast)
    decide(cast, at=AT + HOUR)
    with cast["officer"].acting():
        row.refresh_from_db()
        assert (row.state, row.end_reason) == ("ended", "decision")
    assert deadline(admin, row, "D32C") is None


def test_it_ends_when_the_person_joins_again(cast):
    row = register(cast)
    consider(cast, row)
    with cast["officer"].acting() as actor:
        with pytest.raises(Refused):
            verbs.end(actor, row.pk, note=" ", at=AT + 5 * HOUR)
        assert verbs.end(actor, row.pk, note="Spiste med de andre.", at=AT + 5 * HOUR).state == "ended"
    with cast["officer"].acting() as actor:
        assert verbs.end(actor, row.pk, note="En gang til.", at=AT + 6 * HOUR).end_note == "Spiste med de andre."


@RULES("R5.2.1-h")
@RULES("R5.2.4-j")
def test_a_plan_of_activity_is_made_for_somebody_locked_in(cast, monkeypatch, admin):
    monkeypatch.setattr(clock, "now", lambda: AT + HOUR)
    row = register(cast)
    client, url = cast["contact_officer"].client(), reverse("informal_plan", args=[row.pk])
    form = {"key": str(uuid.uuid4()), "routines": "Etter frokost, når fløya er rolig."}
    assert client.post(url, form).status_code == 422
    form |= {"activities_0": "Treningsrommet", "minutes_0": "60", "activities_3": "Verkstedet", "minutes_3": "120"}
    assert client.post(url, form).status_code == 303
    page = client.get(reverse("informal", args=[row.pk])).content.decode()
    assert "Treningsrommet" in page
    assert "Torsdag, 120 min" in page
    assert "når fløya er rolig" in page
    assert client.post(url, form | {"key": str(uuid.uuid4()), "activities_0": "Biblioteket"}).status_code == 303
    assert count(admin, "activityplan") == 2
    assert "Treningsrommet" not in client.get(reverse("informal", args=[row.pk])).content.decode()


def test_who_may_do_what(cast):
    row = register(cast)
    for who in ("officer", "contact_officer", "release_caseworker", "nurse", "south_duty_leader"):
        with pytest.raises(Http404):
            consider(cast, row, who=who)
    for who in ("officer_b", "south_officer", "nurse"):
        with pytest.raises(Http404):
            talk(cast, row, AT + HOUR, who=who)
    for who, rows in (("officer", 1), ("officer_b", 0), ("south_duty_leader", 0)):
        with cast[who].acting():
            assert InformalIsolation.objects.count() == rows, who
    with cast["nurse"].acting() as actor:
        assert not inbox(actor).filter(kind="lock_in_notice").exists()


def test_the_whole_way_through_the_pages(cast, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: AT + HOUR)
    officer, leader = cast["officer"].client(), cast["duty_leader"].client()
    form = {
        "key": str(uuid.uuid4()), "kind": "self_isolation", "since_on": "22.11.2026", "hours_out": "1,5",
        "description": "Blir på cella.",
    }  # fmt: skip
    new = reverse("informal_new", args=[cast.people["fiolin"]])
    assert officer.post(new, form | {"hours_out": "mye"}).status_code == 422
    answer = officer.post(new, form)
    assert answer.status_code == 303
    assert "Venter på vurdering" in officer.get(reverse("informal_list")).content.decode()
    person = officer.get(reverse("person", args=[cast.people["fiolin"]])).content.decode()
    assert answer.url in person
    assert "Blir på cella." in person  # on the timeline
    assert person.count("Holder seg unna fellesskapet etter eget ønske") >= 2  # and in the banner
    url = answer.url + "vurdering/"
    assert leader.post(url, {"key": str(uuid.uuid4()), "supervision": "yes", "reason": ""}).status_code == 422
    assert leader.post(url, {"key": str(uuid.uuid4()), "supervision": "yes", "reason": "Alene."}).status_code == 303
    assert "helsetjenesten har fått beskjed" in leader.get(answer.url).content.decode()
    assert officer.post(answer.url + "slutt/", {"note": "Var med på middag."}).status_code == 303
    assert "Avsluttet" in officer.get(answer.url).content.decode()
