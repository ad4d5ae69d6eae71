"""Court-ordered isolation: registered with its order, alerted before it runs out, extended by the court, never under 18."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.http import Http404

from coordination import clock
from coordination.refusals import Refused
from coordination.sweep import sweep
from isolation.actions import law as law_verbs
from isolation.actions import measures as verbs
from tests.cast import AT
from tests.isolation.helpers import HOUR, count, deadline, exclusion, for_minor, letters, open_rules

DAY = timedelta(days=1)
ORDER = verbs.Order(court="Oslo tingrett", reference="26-123456", ends_at=AT + 14 * DAY, penalty="up_to_six")


def register(cast, order=ORDER, *, person="fiolin", who="duty_leader", **changes):
    facts = exclusion(
        kind="court_isolation", grounds=["court_order"], less_intrusive="", partial_considered="", **changes
    )
    if person == "ung":
        facts = for_minor(facts)
    with cast[who].acting() as actor:
        return verbs.decide(actor, cast.people[person], facts=facts, order=order, key=uuid.uuid4(), at=AT)


def extend(cast, measure, order, *, at, who="duty_leader", key=None):
    with cast[who].acting() as actor:
        return law_verbs.register_order(actor, measure.pk, order=order, key=key or uuid.uuid4(), at=at)


@pytest.mark.obligation("R7.1.1-e")
def test_court_isolation_has_the_duties_of_exclusion_and_the_orders_own_end(cast, admin) -> None:
    measure = register(cast)
    rules = open_rules(admin, measure)
    assert {"D20", "D22", "D27", "B15", "B15M", "B16"} <= rules
    assert "B01" not in rules, "the limits of section 37 are not the court's"
    assert deadline(admin, measure, "B15")[0] == AT + 14 * DAY
    assert deadline(admin, measure, "B15M")[0] == AT + 42 * DAY
    alert = admin.execute(
        "SELECT next_alert_at FROM custody.coordination_custodydeadline WHERE subject_id = %s AND rule = 'B15'",
        [measure.pk],
    ).fetchone()
    assert alert == (AT + 12 * DAY,), "48 hours before"
    ((body, _, _, _, basis, _),) = letters(admin, "exclusion_notice")
    assert (body["kind"], body["grounds"], basis) == ("court_isolation", ["court_order"], "LB07")


def test_it_is_refused_under_18_and_without_an_order(cast, admin) -> None:
    with pytest.raises(Refused) as refused:
        register(cast, person="ung")
    assert "18 år" in refused.value.errors["kind"][0]
    with pytest.raises(Refused) as refused:
        register(cast, None)
    assert list(refused.value.errors) == ["court"]
    assert count(admin, "measure") == 0
    register(cast)
    assert count(admin, "courtorder") == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"court": " "}, "court"),
        ({"reference": ""}, "reference"),
        ({"penalty": "life"}, "penalty"),
        ({"ends_at": AT + 15 * DAY}, "ends"),
        ({"ends_at": AT - HOUR}, "ends"),
    ],
)
def test_what_an_order_must_say(cast, admin, change, field) -> None:
    with pytest.raises(Refused) as refused:
        register(cast, replace(ORDER, **change))
    assert list(refused.value.errors) == [field]
    assert count(admin, "measure") == 0
    assert register(cast, replace(ORDER, ends_at=AT + 28 * DAY, retest_pointless=True)).kind == "court_isolation"


def test_the_court_extends_and_the_alert_moves(cast, admin) -> None:
    measure = register(cast)
    at = AT + 13 * DAY
    longer = replace(ORDER, ends_at=AT + 28 * DAY)
    with pytest.raises(Http404):
        extend(cast, measure, longer, at=at, who="officer")
    with pytest.raises(Refused) as refused:
        extend(cast, measure, replace(ORDER, ends_at=AT + 10 * DAY), at=at)
    assert list(refused.value.errors) == ["ends"]
    key = uuid.uuid4()
    one, two = (extend(cast, measure, longer, at=at, key=key) for _ in range(2))
    assert one.pk == two.pk
    assert one.starts_at == AT + 14 * DAY
    assert deadline(admin, measure, "B15")[0] == AT + 28 * DAY
    extend(cast, measure, replace(ORDER, ends_at=AT + 42 * DAY), at=AT + 28 * DAY)
    with pytest.raises(Refused) as refused:
        extend(cast, measure, replace(ORDER, ends_at=AT + 43 * DAY), at=AT + 41 * DAY)
    assert "tungtveiende" in refused.value.errors["ends"][0]
    beyond = replace(ORDER, ends_at=AT + 43 * DAY, weighty_reasons="Bevisforspillelse i en stor sak.")
    extend(cast, measure, beyond, at=AT + 41 * DAY)
    assert deadline(admin, measure, "B15")[0] == AT + 43 * DAY
    assert deadline(admin, measure, "B15M") is None


def test_48_hours_before_the_order_runs_out_the_leaders_are_told_and_again_after_an_extension(cast, admin) -> None:
    """All the way: the deadline, the sweep, the alert, the mail, and the line on the page."""
    measure = register(cast)

    def told() -> list:
        rows = admin.execute(
            "SELECT a.severity, a.audience, a.due_at, array(SELECT o.membership_id FROM base.coordination_outboxmail o WHERE o.alert_id = a.id)"
            " FROM custody.coordination_custodyalert a WHERE a.rule = 'B15' ORDER BY a.raised_at, a.step"
        ).fetchall()
        return [(severity, audience, due_at - AT, set(mails)) for severity, audience, due_at, mails in rows]

    leaders = {cast[name].membership.pk for name in ("duty_leader", "warden")}
    warned = ("warning", ["duty_leader", "warden"], 14 * DAY, leaders)
    sweep(AT + 12 * DAY - timedelta(microseconds=1))
    assert told() == []
    sweep(AT + 12 * DAY)
    sweep(AT + 12 * DAY + HOUR)
    assert told() == [warned]
    extend(cast, measure, replace(ORDER, ends_at=AT + 28 * DAY), at=AT + 13 * DAY)
    sweep(AT + 26 * DAY - HOUR)
    assert told() == [warned], "an order that was extended does not run out"
    sweep(AT + 28 * DAY)
    assert [(severity, due) for severity, _audience, due, _mails in told()] == [
        ("warning", 14 * DAY),
        ("warning", 28 * DAY),
        ("overdue", 28 * DAY),
    ]


def test_only_court_isolation_has_orders(cast) -> None:
    with cast["duty_leader"].acting() as actor:
        measure = verbs.decide(actor, cast.people["fiolin"], facts=exclusion(), key=uuid.uuid4(), at=AT)
    with pytest.raises(Http404):
        extend(cast, measure, replace(ORDER, ends_at=AT + 20 * DAY), at=AT + DAY)


def test_the_pages_of_the_court(cast, monkeypatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
    client, person = cast["duty_leader"].client(), cast.people["fiolin"]
    assert "§ 186 a" in client.get(f"/isolasjon/person/{person}/vedtak/").content.decode()
    assert "§ 186 a" not in client.get(f"/isolasjon/person/{cast.people['ung']}/vedtak/").content.decode()
    typed = {
        "key": str(uuid.uuid4()),
        "effective_on": "23.11.2026",
        "effective_clock": "12.00",
        "court": "Oslo tingrett",
        "reference": "26-123456",
        "ends_on": "10.12.2026",
        "ends_clock": "12.00",
        "penalty": "up_to_six",
        "extent": "full",
        "grounds": ["court_order"],
        "necessity": "Fare for bevisforspillelse.",
        "hours_out_per_day": "1",
        "force_used": "no",
    }
    url = f"/isolasjon/person/{person}/vedtak/?kind=court_isolation"
    wrong = client.post(url, typed)
    assert wrong.status_code == 422
    assert "to uker" in wrong.content.decode()
    saved = client.post(url, typed | {"ends_on": "07.12.2026"})
    assert saved.status_code == 303
    pk = saved["Location"].split("/")[2]
    page = client.get(f"/isolasjon/{pk}/kjennelse/")
    assert "07.12.2026" in page.content.decode()
    fields = ("court", "reference", "ends_clock", "penalty")
    longer = {name: typed[name] for name in fields} | {"ends_on": "07.12.2026", "key": str(uuid.uuid4())}
    assert client.post(f"/isolasjon/{pk}/kjennelse/", longer).status_code == 422
    monkeypatch.setattr(clock, "now", lambda: AT + 12 * DAY)
    assert client.post(f"/isolasjon/{pk}/kjennelse/", longer | {"ends_on": "18.12.2026"}).status_code == 303
    assert cast["officer"].client().get(f"/isolasjon/{pk}/kjennelse/").status_code == 404
