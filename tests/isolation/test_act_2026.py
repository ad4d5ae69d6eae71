"""The act of 12 May 2026: the day it takes effect, which measures are under it, and its clocks (N01 to N11)."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection
from django.http import Http404

from coordination import clock
from coordination.refusals import Refused
from isolation.actions import contact as contact_verbs
from isolation.actions import informal as informal_verbs
from isolation.actions import informal_reports as report_verbs
from isolation.actions import law as law_verbs
from isolation.models import InformalIsolation
from tests.cast import AT
from tests.isolation.helpers import (
    HOUR,
    MINUTE,
    coercion,
    count,
    deadline,
    decide,
    exclusion,
    open_rules,
    oslo,
    switch_on,
)
from tests.isolation.reading import text_of
from tests.isolation.test_follow_up import contact
from tests.isolation.test_informal import consider, register
from tests.isolation.test_limits import judge
from tests.isolation.test_time_out import record

DAY = timedelta(days=1)


def set_date(cast, day, *, who="prison_admin", reason="Kgl.res. 1. desember 2026", at=AT) -> None:
    with cast[who].acting() as actor:
        law_verbs.set_act_date(actor, day=day, reason=reason, at=at)


# The date of the act. The database reads its own clock, so dates are far from any present.

FAR = date(2199, 1, 1)


def test_the_date_is_set_by_an_administrator_kept_and_moved(cast, admin) -> None:
    assert law_verbs.act_date() is None
    set_date(cast, FAR)
    set_date(cast, date(2199, 7, 1), reason="Utsatt.")
    set_date(cast, None, reason="Trukket.")
    rows = admin.execute(
        "SELECT takes_effect_on, reason, set_by_name, set_by_agency FROM base.isolation_lawswitch ORDER BY set_at"
    ).fetchall()
    assert [row[0] for row in rows] == [FAR, date(2199, 7, 1), None]
    assert rows[1][1:] == ("Utsatt.", "Administrator Prison Admin", "Prøveby fengsel north")
    with cast["officer"].acting():
        assert law_verbs.act_date() is None
    set_date(cast, FAR)
    with cast["nurse"].acting():
        assert law_verbs.act_date() == FAR, "it holds for the whole installation"


@pytest.mark.parametrize(
    ("day", "reason", "code"),
    [(AT.date(), "Nå.", "past"), (AT.date() - DAY, "Før.", "past"), (FAR, "  ", "missing"), (None, "x", "unchanged")],
)
def test_the_date_is_in_the_future_and_reasoned(cast, admin, day, reason, code) -> None:
    with pytest.raises(Refused) as refused:
        set_date(cast, day, reason=reason)
    assert refused.value.code == code
    assert count_switches(admin) == 0


def count_switches(admin) -> int:
    return admin.execute("SELECT count(*) FROM base.isolation_lawswitch").fetchone()[0]


@pytest.mark.parametrize("who", ["warden", "duty_leader", "region", "health_admin", "officer", "trust_intake"])
def test_nobody_else_sets_it_not_even_past_the_application(cast, admin, who) -> None:
    with pytest.raises(Http404):
        set_date(cast, FAR, who=who)
    with cast[who].acting(), pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute("SELECT base.set_law_date('act_2026', %s, 'x', 'x', 'x')", [FAR])
    assert count_switches(admin) == 0


def test_the_database_itself_refuses_a_past_date_and_a_change_once_it_holds(cast, admin) -> None:
    def call(day) -> None:
        with cast["prison_admin"].acting(), connection.cursor() as cursor:
            cursor.execute("SELECT base.set_law_date('act_2026', %s, 'x', 'x', 'x')", [day])

    with pytest.raises(DatabaseError):
        call(date(2020, 1, 1))
    admin.execute(
        "INSERT INTO base.isolation_lawswitch (id, act, takes_effect_on, reason, set_at, set_by, set_by_name, set_by_agency)"
        " VALUES (gen_random_uuid(), 'act_2026', '2020-01-01', 'x', '2019-01-01', gen_random_uuid(), 'x', 'x')"
    )
    with pytest.raises(DatabaseError):
        call(FAR)
    with pytest.raises(Refused) as refused:
        set_date(cast, FAR)
    assert refused.value.code == "in_force"


def test_a_measure_keeps_the_law_it_began_under(cast, admin) -> None:
    before = decide(cast)
    switch_on(admin, AT.date() + DAY)
    assert {"B01", "B02"} <= open_rules(admin, before)
    judge(cast, before, at=AT + 3 * DAY)
    assert {"B01", "B02"} <= open_rules(admin, before)
    assert not any(code.startswith("N") for code in open_rules(admin, before))
    after = decide(cast, exclusion(AT + 2 * DAY), at=AT + 2 * DAY, person="trompet")
    rules = open_rules(admin, after)
    assert {"N01A", "N01B", "N01C", "N01D", "N06", "B16"} <= rules
    assert not any(code.startswith("B0") for code in rules)


def test_under_the_act_some_measures_and_grounds_are_gone(cast, admin) -> None:
    switch_on(admin, AT.date())
    for facts, person, field in (
        (exclusion(kind="immediate_exclusion", grounds=["breach_likely"]), "fiolin", "kind"),
        (coercion("security_bed"), "ung", "kind"),
        (exclusion(grounds=["own_wish"]), "fiolin", "grounds"),
    ):
        with pytest.raises(Refused) as refused:
            decide(cast, facts, person=person)
        assert field in refused.value.errors
    measure = decide(cast, exclusion(grounds=["intake"]))
    assert "N03" in open_rules(admin, measure)


def test_a_new_decision_each_day_is_a_reassessment(cast, admin) -> None:
    switch_on(admin, AT.date())
    cell = decide(cast, coercion())
    judge(cast, cell, at=AT + 20 * HOUR)
    due = admin.execute(
        "SELECT due_at FROM custody.coordination_custodydeadline WHERE subject_id = %s AND rule = 'N07A' AND closed_at IS NULL",
        [cell.pk],
    ).fetchone()
    assert due == (AT + 44 * HOUR,)


def test_the_page_of_the_date(cast, admin, now) -> None:
    client = cast["prison_admin"].client()
    assert "ikke satt noen dato" in text_of(client.get("/isolasjon/lov/"))
    assert client.post("/isolasjon/lov/", {"day": "01.01.2020", "reason": "Kgl.res."}).status_code == 422
    wrong = client.post("/isolasjon/lov/", {"day": "01.01.2199", "reason": ""})
    assert wrong.status_code == 422
    assert "01.01.2199" in wrong.content.decode()
    assert client.post("/isolasjon/lov/", {"day": "01.01.2199", "reason": "Kgl.res."}).status_code == 303
    page = text_of(client.get("/isolasjon/lov/"))
    assert "Satt til å gjelde fra 01.01.2199" in page
    assert "Administrator Prison Admin" in page
    for who in ("warden", "officer", "health_admin", "region"):
        assert cast[who].client().get("/isolasjon/lov/").status_code == 404


# Keeping to oneself is registered (N05)


def tell(cast, row, limit, at, *, who="duty_leader", key=None, **more):
    """Write down that somebody above was told."""
    with cast[who].acting() as actor:
        facts = {"occurred_at": at, "done_by": "Vaktleder", "key": key or uuid.uuid4()} | more
        return report_verbs.record_report(actor, row.pk, limit=limit, at=at, **facts)


def test_keeping_to_oneself_is_reported_after_14_and_30_days_and_then_every_14(cast, admin) -> None:
    switch_on(admin, AT.date())
    row = register(cast)
    assert (deadline(admin, row, "N05A")[0], deadline(admin, row, "N05B")[0]) == (AT + 14 * DAY, AT + 30 * DAY)
    key = uuid.uuid4()
    assert tell(cast, row, "N05A", AT + 13 * DAY, key=key).pk == tell(cast, row, "N05A", AT + 13 * DAY, key=key).pk
    assert "N05A" not in open_rules(admin, row)
    assert tell(cast, row, "N05B", AT + 30 * DAY).authority == "directorate"
    assert deadline(admin, row, "N05B")[0] == AT + 44 * DAY
    with cast["officer"].acting() as actor:
        informal_verbs.end(actor, row.pk, note="Spiste middag med de andre.", at=AT + 31 * DAY)
    assert open_rules(admin, row) == set()


def test_before_the_act_or_locked_in_by_others_nothing_is_reported(cast, admin) -> None:
    row = register(cast)
    assert not {"N05A", "N05B"} & open_rules(admin, row)
    switch_on(admin, AT.date())
    with pytest.raises(Refused) as refused:
        tell(cast, register(cast_free(cast, row), kind="de_facto", at=AT + HOUR), "N05A", AT + 2 * HOUR)
    assert refused.value.code == "limit"
    assert count(admin, "informalreport") == 0


def cast_free(cast, row):
    """End what is registered, so that something else may be."""
    with cast["officer"].acting() as actor:
        informal_verbs.end(actor, row.pk, note="Ute igjen.", at=AT + MINUTE)
    return cast


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"done_by": " "}, "done_by"),
        ({"occurred_at": AT - DAY}, "occurred"),
        ({"occurred_at": AT + 90 * DAY}, "occurred"),
    ],
)
def test_a_report_says_when_and_by_whom(cast, admin, change, field) -> None:
    switch_on(admin, AT.date())
    row = register(cast)
    with pytest.raises(Refused) as refused:
        tell(cast, row, "N05A", AT + DAY, **change)
    assert list(refused.value.errors) == [field]
    with pytest.raises(Http404):
        tell(cast, row, "N05A", AT + DAY, who="officer")
    assert count(admin, "informalreport") == 0


def test_no_supervision_does_not_end_a_registered_abstention(cast, admin) -> None:
    switch_on(admin, AT.date())
    row = register(cast)
    consider(cast, row, supervision=False, reason="Har det fint.")
    with cast["duty_leader"].acting():
        assert InformalIsolation.objects.get(pk=row.pk).is_open
    assert {"N05A", "N05B", "D27b"} <= open_rules(admin, row)
    assert "D32C" not in open_rules(admin, row)


def test_the_page_of_an_abstention_says_what_is_reported_and_takes_it(cast, admin, now) -> None:
    switch_on(admin, AT.date())
    row = register(cast)
    client = cast["duty_leader"].client()
    assert "strgjfl § 37 d" in text_of(client.get(f"/isolasjon/uten-vedtak/{row.pk}/"))
    url = f"/isolasjon/uten-vedtak/{row.pk}/melding/"
    typed = {
        "key": str(uuid.uuid4()), "limit": "N05A", "occurred_on": "23.11.2026", "occurred_clock": "12.00", "outcome": "sent", "done_by": "",
    }  # fmt: skip
    assert client.post(url, typed).status_code == 422
    for _ in range(2):
        assert client.post(url, typed | {"done_by": "Vaktleder Kari"}).status_code == 303
    assert count(admin, "informalreport") == 1
    assert "Vaktleder Kari" in text_of(client.get(f"/isolasjon/uten-vedtak/{row.pk}/"))


# More than two hours with others, offered every day (N10)


def offer(cast, measure, at, outcome="declined", kind="hours"):
    """Write down what was offered."""
    with cast["officer"].acting() as actor:
        return contact_verbs.offer_mitigation(
            actor, measure.pk, kind=kind, outcome=outcome, note="Ingen ansatte ledig.", offered_at=at, key=uuid.uuid4(), at=at,
        )  # fmt: skip


def test_more_than_two_hours_with_others_is_offered_every_whole_date(cast, admin) -> None:
    switch_on(admin, AT.date())
    measure = decide(cast)
    assert deadline(admin, measure, "N10")[0] == clock.end_of_local_day(date(2026, 11, 24)), (
        "the rest of the first date is exempt"
    )
    morning = oslo(11, 24, 9)
    offer(cast, measure, morning, kind="talk")
    offer(cast, measure, morning, "not_possible")
    assert deadline(admin, measure, "N10")[0] == clock.end_of_local_day(date(2026, 11, 24))
    offer(cast, measure, morning)
    assert deadline(admin, measure, "N10")[0] == clock.end_of_local_day(date(2026, 11, 25)), "declined is offered"


def test_two_hours_exactly_are_not_more_than_two_and_a_date_that_went_by_is_closed_unmet(cast, admin) -> None:
    switch_on(admin, AT.date())
    measure = decide(cast)
    contact(cast, measure, oslo(11, 24, 9), 120)
    assert deadline(admin, measure, "N10")[0] == clock.end_of_local_day(date(2026, 11, 24))
    session = contact(cast, measure, oslo(11, 24, 12), 1)
    assert deadline(admin, measure, "N10")[0] == clock.end_of_local_day(date(2026, 11, 25))
    with cast["officer"].acting() as actor:
        contact_verbs.strike_contact(actor, session.pk, reason="Feil person.", at=oslo(11, 24, 13))
    assert deadline(admin, measure, "N10")[0] == clock.end_of_local_day(date(2026, 11, 24))
    judge(cast, measure, at=oslo(11, 26, 10))
    assert deadline(admin, measure, "N10")[0] == clock.end_of_local_day(date(2026, 11, 26))
    row = admin.execute(
        "SELECT outcome, reason FROM custody.coordination_custodydeadline WHERE subject_id = %s AND rule = 'N10' AND closed_at = %s",
        [measure.pk, oslo(11, 26, 10)],
    ).fetchone()
    assert row == ("cancelled", "120 minutter ble ført")


def test_without_the_act_nothing_is_offered_by_law(cast, admin) -> None:
    measure = decide(cast)
    offer(cast, measure, AT + HOUR)
    assert "N10" not in open_rules(admin, measure)


def test_under_the_act_less_than_four_hours_out_is_locked_in_without_a_decision(cast, admin) -> None:
    def out(day, minutes, at) -> int:
        record(cast, day, minutes, at=at)
        return count(admin, "informalisolation")

    tuesday = AT.date() + DAY
    assert out(tuesday - DAY, 200, AT + DAY) == 0
    switch_on(admin, tuesday)
    assert out(tuesday, 240, AT + 2 * DAY) == 0
    assert out(tuesday + DAY, 239, AT + 3 * DAY) == 1
