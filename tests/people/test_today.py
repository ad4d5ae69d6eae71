"""The first page: groups, order, filter, what is done, and what it costs."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from coordination import person_page, worklist
from coordination.deadlines import RULES, close_deadlines, open_deadline
from coordination.models import Person
from coordination.views.today import group_of
from coordination.worklist import Task
from tests.cast import AT


def task(minutes: float | None, **more) -> Task:
    return Task(due_at=None if minutes is None else AT + timedelta(minutes=minutes), title="x", **more)


@pytest.mark.parametrize(
    ("one", "group"),
    [
        (task(-1), "overdue"),
        (task(0), "soon"),
        (task(60), "soon"),
        (task(61), "later"),
        (task(12 * 60 - 1), "later"),
        (task(12 * 60), "coming"),
        (task(-600, strength="bør"), "advised"),
        (task(-3000, strength="anbefalt"), "advised"),
        (task(5, strength="anbefalt"), "later"),
        (task(5, waiting=True), "waiting"),
        (task(5000, waiting=True), "waiting"),
        (task(-5, waiting=True), "overdue"),
        (task(-5, waiting=True, strength="bør"), "waiting"),
        (task(None), "later"),
        (task(None, waiting=True), "waiting"),
    ],
)
def test_groups(one, group):
    assert group_of(one, AT) == group


def test_the_day_ends_at_midnight_in_oslo_on_both_clock_nights():
    spring = datetime(2027, 3, 27, 22, 0, tzinfo=UTC)  # 23.00 in winter time, an hour before the day of the change
    assert group_of(Task(due_at=datetime(2027, 3, 28, 0, 1, tzinfo=UTC), title=""), spring) == "coming"
    autumn = datetime(2026, 10, 24, 23, 30, tzinfo=UTC)  # 01.30 on the night with 25 hours
    assert group_of(Task(due_at=datetime(2026, 10, 25, 22, 59, tzinfo=UTC), title=""), autumn) == "later"
    assert group_of(Task(due_at=datetime(2026, 10, 25, 23, 0, tzinfo=UTC), title=""), autumn) == "coming"


def test_the_page_shows_groups_tiles_and_the_way_to_do_it(cast, noon, due):
    due("fiolin", minutes=-12)
    due("ung", minutes=18)
    due("fiolin", "T2", hours=-30)
    html = cast["officer"].client().get("/").content.decode()
    assert "12 min over fristen" in html
    assert "Om 18 min" in html
    assert html.index('id="overdue"') < html.index('id="soon"') < html.index('id="advised"')
    assert 'id="later"' not in html, "advice whose time has passed is not for later today"
    assert "Bør gjøres" in html
    assert "Anbefalt innen 22. nov" in html
    assert html.count('class="deadline" data-deadline="overdue"') == 1, "advice is never a breach"
    assert f'href="/personer/{cast.people["fiolin"]}/"' in html
    assert '<span class="menu__count">1' in html


def test_others_see_their_own_only(cast, noon, due):
    due("fiolin", minutes=-12)
    due("trompet", minutes=-12)
    due("sjiraff", who="south_duty_leader", minutes=-12)
    shows = {
        "officer": {"Fiolin"},
        "officer_b": {"Trompet"},
        "duty_leader": {"Fiolin", "Trompet"},
        "south_officer": {"Sjiraff"},
        "warden": set(),  # not an owner of the rule
        "nurse": set(),
        "trust_intake": set(),
        "region": set(),
    }
    for who, names in shows.items():
        html = cast[who].client().get("/").content.decode()
        assert {name for name in ("Fiolin", "Trompet", "Sjiraff") if name in html} == names, who


def test_administrators_are_sent_on(cast):
    response = cast["prison_admin"].client().get("/")
    assert response.status_code == 302
    assert response.url == "/administrasjon/"


def test_strangers_are_sent_to_the_login(client, cast):
    assert client.get("/").status_code == 302


def test_the_filter_narrows_and_an_unknown_one_does_not(cast, noon, due):
    due("fiolin", minutes=-12)
    due("trompet", minutes=-12)
    client = cast["duty_leader"].client()
    only_b = client.get("/", {"unit": str(cast.units["north_b"].pk)}).content.decode()
    assert "Trompet" in only_b
    assert "Fiolin" not in only_b
    for value in ("tull", str(cast.units["south_a"].pk), str(uuid.uuid4())):
        html = client.get("/", {"unit": value}).content.decode()
        assert "Trompet" in html
        assert "Fiolin" in html
    assert "Hele fengselet" in only_b
    assert '<select class="ds-input" id="unit"' not in cast["officer"].client().get("/").content.decode()


def test_own_units_of_a_whole_agency_role(cast, noon, due):
    from coordination.models import MembershipUnit

    due("fiolin", minutes=-12)
    due("trompet", minutes=-12)
    home = MembershipUnit(
        agency=cast.agencies["north"], membership=cast["duty_leader"].membership, unit=cast.units["north_b"]
    )
    home.save(using="owner", force_insert=True)
    html = cast["duty_leader"].client().get("/", {"unit": "mine"}).content.decode()
    assert "Bare mine avdelinger" in html
    assert "Trompet" in html
    assert "Fiolin" not in html


def test_a_source_without_a_scope_is_narrowed_too(cast, noon, rules, monkeypatch):
    tasks = [
        Task(due_at=AT, title="Felles", unit_id=None),
        Task(due_at=AT, title="Hos A", unit_id=cast.units["north_a"].pk),
        Task(due_at=AT, title="Hos B", unit_id=cast.units["north_b"].pk),
    ]
    monkeypatch.setattr(worklist, "SOURCES", [lambda actor, at: tasks])
    html = cast["duty_leader"].client().get("/", {"unit": str(cast.units["north_b"].pk)}).content.decode()
    assert "Felles" in html
    assert "Hos B" in html
    assert "Hos A" not in html


def test_empty_says_when_the_next_thing_is(cast, noon, due):
    html = cast["officer"].client().get("/").content.decode()
    assert "Ingen oppgaver nå" in html
    assert "Ingenting har frist" in html
    due("fiolin", days=1, hours=1)
    html = cast["officer"].client().get("/").content.decode()
    assert "Neste frist er tirsdag 24. november kl. 13.00: «Tilsyn hver time»" in html


def test_done_today_is_folded_away(cast, noon, due):
    due("fiolin", minutes=-12)
    with cast["duty_leader"].acting() as actor:
        assert close_deadlines(actor, ["T1"], cast.people["fiolin"], at=AT - timedelta(minutes=5)) == 1
    html = cast["officer"].client().get("/").content.decode()
    assert "Gjort i dag (1 siste)" in html
    assert "Gjort 11.55" in html
    assert 'data-deadline="overdue"' not in html
    assert "Fiolin" not in cast["officer_b"].client().get("/").content.decode()


def test_a_rule_without_its_page_does_not_take_the_day_away(cast, noon, due, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(RULES, "T1", replace(RULES["T1"], doing="no_such_page"))
    due("fiolin", minutes=-12)
    html = cast["officer"].client().get("/").content.decode()
    assert "Fiolin, Blid" in html


def test_quick_forms_stand_in_place_with_danger(cast, noon, due, monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(RULES, "T1", replace(RULES["T1"], quick="coordination/people/_test_quick.html"))
    seen = []

    def tags(actor, people):
        seen.append(len(people))
        return {p.pk: [person_page.Tag(text="Selvskading", severity="danger")] for p in people}

    monkeypatch.setattr(person_page, "BULK_TAGS", [tags])
    from django.template import engines

    real = engines["django"].engine.get_template
    monkeypatch.setattr(
        engines["django"].engine,
        "get_template",
        lambda name: (
            engines["django"].engine.from_string("QUICK {{ task.key }} {{ task.alerts.0.text }} {{ task.subject_id }}")
            if name.endswith("_test_quick.html")
            else real(name)
        ),
    )
    monkeypatch.setattr(
        engines["django"].engine,
        "select_template",
        lambda names: engines["django"].engine.get_template(names[0]),
    )
    due("fiolin", minutes=-12)
    due("ung", minutes=-12)
    html = cast["officer"].client().get("/").content.decode()
    assert html.count("QUICK ") == 2
    assert "Selvskading" in html
    assert seen == [2], "one question for all rows"


def test_supervision_comes_first_within_the_same_instant(cast, rules, monkeypatch):
    tasks = [
        Task(due_at=AT, title="b", person_name="A"),
        Task(due_at=AT, title="a", person_name="Å", supervision=True),
        Task(due_at=AT - timedelta(minutes=1), title="c", person_name="B"),
        Task(due_at=None, title="d"),
    ]
    monkeypatch.setattr(worklist, "SOURCES", [lambda actor, at: tasks])
    with cast["officer"].acting() as actor:
        assert [t.title for t in worklist.tasks_for(actor, AT)] == ["c", "a", "b", "d"]


def test_whom_to_look_to_stands_above_papers_and_one_persons_papers_together(cast, rules, noon, monkeypatch):
    """The cell door comes first, and among checks the latest; a letter that has lain for days waits below them."""
    one, other = cast.people["fiolin"], cast.people["ung"]
    tasks = [
        Task(due_at=AT - timedelta(days=4), title="Brevet", person_id=one),
        Task(due_at=AT - timedelta(hours=3), title="En annens brev", person_id=other),
        Task(due_at=AT - timedelta(hours=1), title="Svaret", person_id=one),
        Task(due_at=AT - timedelta(minutes=31), title="Tilsyn nå", supervision=True, person_id=other),
        Task(due_at=AT - timedelta(minutes=2), title="Tilsyn straks", supervision=True, person_id=one),
        Task(due_at=AT + timedelta(minutes=5), title="Neste tilsyn", supervision=True, person_id=one),
    ]
    monkeypatch.setattr(worklist, "SOURCES", [lambda actor, at: tasks])
    html = cast["officer"].client().get("/").content.decode()
    order = ("Tilsyn nå", "Tilsyn straks", "Brevet", "Svaret", "En annens brev", "Neste tilsyn")
    places = [html.index(title) for title in order]
    assert places == sorted(places)


def test_who_must_be_watched_without_a_pause_counts_as_looked_to():
    assert {code for code, rule in RULES.items() if rule.watch} == {"D21", "D26"}


def test_the_page_costs_the_same_with_one_row_and_with_thirty(cast, noon, due):
    due("fiolin", minutes=-12)
    client = cast["duty_leader"].client()
    client.get("/")
    with CaptureQueriesContext(connections["default"]) as one:
        assert client.get("/").status_code == 200
    with cast["duty_leader"].acting() as actor:
        person = Person.objects.get(pk=cast.people["ung"])
        for minute in range(30):
            open_deadline(
                actor,
                "T1" if minute % 2 else "T2",
                person=person,
                subject_kind="test",
                subject_id=uuid.uuid4(),
                starts_at=AT,
                due_at=AT + timedelta(minutes=minute),
            )
    with CaptureQueriesContext(connections["default"]) as thirty:
        assert client.get("/").content.decode().count("Ung, Lys") >= 30
    assert len(one) == len(thirty)
