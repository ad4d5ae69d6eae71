"""Two reports of one agency cannot be subtracted: no day is counted twice. And what happened is judged by what was asked then."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from cooperation.figures import gather, publish
from coordination import clock, jobs, parameters
from coordination.figures import Period, Table
from coordination.models import Unit
from coordination.refusals import Refused
from isolation import figures as isolation
from tests.cast import AT
from tests.cooperation.making import FIRST, LAST, ask, choice, clone, made, period, work
from tests.isolation.helpers import HOUR, MINUTE, check, decide

LATER = AT + timedelta(days=400)


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Let the views and the worker read a fixed clock, and let messages stay."""
    monkeypatch.setattr(clock, "now", lambda: AT + 6 * HOUR)
    monkeypatch.setattr(jobs.celery_app, "send_task", lambda *args, **more: None)


def at_later(monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)


def measures(cast, admin, days) -> None:
    """Let there be exclusions that began so many days before the noon of the tests, each of an hour."""
    first = decide(cast)
    for before in days:
        began = AT - timedelta(days=before)
        clone(
            admin, "custody.isolation_measure", first.pk, key=uuid4(), notice_letter=uuid4(), decided_at=began, effective_at=began,
            recorded_at=began, forecast_at=began, ended_at=began + HOUR, end_reason="grounds_gone", ended_by_name="x",
        )  # fmt: skip


def told(cast, first: date, last: date) -> int | None:
    """Return how many measures a report of a period would tell, whatever has been counted before."""
    with cast["warden"].acting() as actor:
        found = {f["code"]: f for f in publish(gather(actor, Period(first, last, LATER), lambda _done, _all: None))}
    return found["measures"]["total"]


def stored(admin, pk) -> dict:
    content = admin.execute("SELECT content FROM custody.cooperation_custodyreport WHERE id = %s", [pk]).fetchone()[0]
    return {figure["code"]: figure for figure in content}


def refused(cast, first: str, last: str, who: str = "warden") -> None:
    answer = cast[who].client().post("/rapporter/ny/", choice(first=first, last=last))
    assert answer.status_code == 422
    assert "Noen av dagene er talt før" in answer.content.decode()


@pytest.mark.obligation("R6.2-i")
def test_the_attack_by_subtraction(cast, admin, monkeypatch):
    """Ten in October, two in the first days of November. Each report hides nothing, and their difference would be the two."""
    at_later(monkeypatch)
    measures(cast, admin, [*range(30, 40), 20, 21])
    october, a_little_more = (date(2026, 10, 1), date(2026, 10, 31)), (date(2026, 10, 1), date(2026, 11, 10))
    assert (told(cast, *october), told(cast, *a_little_more)) == (10, 12), "the difference is a count of two"
    assert told(cast, date(2026, 11, 1), date(2026, 11, 10)) is None, "which nobody is told"
    first = made(cast, first="01.10.2026", last="31.10.2026")
    assert stored(admin, first)["measures"]["total"] == 10
    refused(cast, "01.10.2026", "10.11.2026")
    # A year less its months, a period inside another, and one day in common are the same attack.
    for one, other in (("01.01.2026", "31.12.2026"), ("02.10.2026", "30.10.2026"), ("31.10.2026", "30.11.2026")):
        refused(cast, one, other)
    for one, other in (("01.11.2026", "30.11.2026"), ("01.09.2026", "30.09.2026")):
        assert made(cast, first=one, last=other)
    assert admin.execute("SELECT count(*) FROM custody.cooperation_custodyreport").fetchone() == (3,)


@pytest.mark.obligation("R6.2-i")
def test_the_same_period_again_is_the_same_report_whatever_was_written_since(cast, admin, monkeypatch):
    at_later(monkeypatch)
    measures(cast, admin, range(30, 40))
    days = {"first": "01.10.2026", "last": "31.10.2026"}
    first = made(cast, **days)
    measures_before = stored(admin, first)
    clone_of = admin.execute("SELECT id FROM custody.isolation_measure WHERE ended_at IS NOT NULL LIMIT 1").fetchone()[
        0
    ]
    clone(admin, "custody.isolation_measure", clone_of, key=uuid4(), notice_letter=uuid4())
    assert told(cast, date(2026, 10, 1), date(2026, 10, 31)) == 11, "counted again, it would tell of one more"
    assert made(cast, **days) == first
    assert stored(admin, first) == measures_before


def test_a_report_asked_for_before_another_was_made_is_not_made_after_it(cast, admin, monkeypatch):
    """Both were asked for while neither stood; the worker is where it is decided."""
    at_later(monkeypatch)
    one = ask(cast, first="01.10.2026", last="31.10.2026")
    other = ask(cast, first="01.10.2026", last="10.11.2026")
    assert work(one)
    with pytest.raises(Refused):
        work(other)
    assert admin.execute("SELECT count(*) FROM custody.cooperation_custodyreport").fetchone() == (1,)


def test_another_agency_counts_its_own_days(cast, admin):
    made(cast)
    assert made(cast, "health_leader")
    assert made(cast, "trust_leader")
    refused(cast, "02.10.2026", "23.11.2026", "health_leader")


def test_the_form_tells_which_days_are_counted(cast):
    client = cast["warden"].client()
    assert "Dager som er talt før" not in client.get("/rapporter/ny/").content.decode()
    made(cast)
    page = client.get("/rapporter/ny/").content.decode()
    assert "01.10.2026 til 23.11.2026" in page
    assert "01.10.2026 til 23.11.2026" not in cast["health_leader"].client().get("/rapporter/ny/").content.decode()


# The numbers that held at the time


def checks_of(cast, at=AT + 12 * HOUR) -> tuple[int, ...]:
    with cast["warden"].acting() as actor:
        found = {figure.code: figure for figure in isolation.count(actor, period(at, FIRST, LAST))}
    table = found["checks"]
    assert isinstance(table, Table)
    return tuple(sum(column) for column in zip(*table.counts, strict=True))


def tighten(cast, minutes: int, at, unit: str | None = "north_a") -> None:
    with cast["warden"].acting() as actor:
        row = Unit.objects.get(pk=cast.units[unit].pk) if unit else None
        parameters.tighten(actor, row, "check_day_minutes", minutes, reason="Uro på avdelingen.", at=at)


@pytest.mark.parametrize("unit", ["north_a", None])
def test_looks_are_judged_by_the_number_that_held_and_not_by_todays(cast, admin, unit):
    """A look each 50 minutes, in time by the hour that held; after the unit asked for one each 30, late by 20."""
    measure = decide(cast)
    for n in (1, 2, 3):
        check(cast, measure, AT + n * 50 * MINUTE)
    assert checks_of(cast, AT + 150 * MINUTE) == (3, 0, 0, 0)
    tighten(cast, 30, AT + 151 * MINUTE, unit)
    assert checks_of(cast, AT + 152 * MINUTE) == (3, 0, 0, 0), "nobody is late by a rule made afterwards"
    for n in (4, 5):
        check(cast, measure, AT + n * 50 * MINUTE)
    # The fourth was due by the number that held at the third; the fifth by the new one.
    assert checks_of(cast, AT + 250 * MINUTE) == (4, 0, 1, 0)


def test_a_number_set_for_another_unit_or_later_changes_nothing(cast, admin):
    measure = decide(cast)
    for n in (1, 2, 3):
        check(cast, measure, AT + n * 50 * MINUTE)
    tighten(cast, 30, AT - 5 * HOUR, "north_b")
    tighten(cast, 15, AT + timedelta(days=30))
    assert checks_of(cast, AT + 150 * MINUTE) == (3, 0, 0, 0)


def test_what_held_is_told_from_when_it_held(cast, admin):
    tighten(cast, 45, AT - HOUR, None)
    tighten(cast, 30, AT)
    with cast["warden"].acting() as actor:
        found = parameters.load_through(actor, cast.units["north_a"], AT + HOUR)
        assert [(at, held["check_day_minutes"]) for at, held in found] == [
            (parameters.ALWAYS, 60), (AT - HOUR, 45), (AT, 30),
        ]  # fmt: skip
        assert len(parameters.load_through(actor, cast.units["north_a"], AT)) == 2
        assert [
            held["check_day_minutes"] for _at, held in parameters.load_through(actor, cast.units["north_b"], AT + HOUR)
        ] == [60, 45]
