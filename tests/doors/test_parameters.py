"""The numbers of a unit: tightened by the leader, never loosened, with who, when and why. Read by everybody in the agency."""

from datetime import time, timedelta

import pytest
from django.db import connections
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination import parameters
from coordination.models import Parameter
from coordination.parameter_definitions import DEFINITIONS
from coordination.reference import deadline_rules, obligations
from coordination.refusals import Refused
from intake import rules as intake_rules
from isolation.rules import contact, regimes
from tests.cast import AT


def tighten(cast, key: str, value, unit: str | None = None, who: str = "warden", minutes: int = 0) -> Parameter:
    with cast[who].acting() as actor:
        place = cast.units[unit] if unit else None
        return parameters.tighten(actor, place, key, value, reason="Prøve", at=AT + timedelta(minutes=minutes))


def holds(cast, key: str, unit: str | None = None, who: str = "officer"):
    with cast[who].acting() as actor:
        return parameters.load(actor, cast.units[unit] if unit else None)[key]


def test_defaults_are_those_of_the_rules() -> None:
    ours = {key: d.default for key, d in DEFINITIONS.items()}
    checks = regimes.DEFAULTS
    minutes = {key: timedelta(minutes=value) for key, value in ours.items() if key.endswith("_minutes")}
    assert ours["check_day_start"] == checks.day_starts
    assert ours["check_day_end"] == checks.day_ends
    assert minutes["check_day_minutes"] == checks.day_interval
    assert minutes["check_night_minutes"] == checks.night_interval
    assert minutes["check_cell_minutes"] == checks.cell_interval
    assert minutes["watch_note_minutes"] == checks.note_interval
    assert ours["contact_minutes"] == contact.REQUIRED_MINUTES
    assert timedelta(hours=ours["interview_hours"]) == intake_rules.INTERVIEW_OVERDUE
    assert DEFINITIONS["check_day_start"].mildest == time(8)
    assert DEFINITIONS["check_day_end"].mildest == time(20)


def test_every_number_names_its_duty_and_its_rule() -> None:
    duties, rules = {o.id for o in obligations()}, {r.id for r in deadline_rules()}
    for definition in DEFINITIONS.values():
        if definition.key.startswith("review_"):
            assert (definition.obligation, definition.rule) == ("", "")
            continue
        assert definition.obligation in duties
        assert definition.rule in rules


@pytest.mark.parametrize(
    ("key", "stricter", "limit", "milder"),
    [
        ("check_day_minutes", 30, 60, 61),
        ("check_night_minutes", 60, 180, 240),
        ("check_cell_minutes", 15, 60, 90),
        ("watch_note_minutes", 5, 15, 16),
        ("contact_minutes", 180, 120, 119),
        ("interview_hours", 12, 24, 23 + 2),
        ("check_day_start", time(6), time(8), time(8, 1)),
        ("check_day_end", time(23), time(20), time(19, 59)),
    ],
)
def test_stricter_is_taken_and_milder_is_refused(cast, key: str, stricter, limit, milder) -> None:
    with pytest.raises(Refused) as refused:
        tighten(cast, key, milder)
    assert refused.value.code in {"loosens", "range"}
    tighten(cast, key, stricter)
    assert holds(cast, key) == stricter
    tighten(cast, key, limit, minutes=1)
    assert holds(cast, key) == limit, "back to the rule, not past it"
    with pytest.raises(Refused):
        tighten(cast, key, milder, minutes=2)
    assert holds(cast, key) == limit


@pytest.mark.parametrize("value", [0, -5, 24 * 60 + 1])
def test_nonsense_is_refused(cast, value: int) -> None:
    with pytest.raises(Refused) as refused:
        tighten(cast, "contact_minutes", value)
    assert refused.value.code == "range"


def test_the_same_again_is_refused(cast) -> None:
    with pytest.raises(Refused) as refused:
        tighten(cast, "check_day_minutes", 60)
    assert refused.value.code == "unchanged"


def test_unit_is_bound_by_its_agency_and_stricter_for_itself_only(cast) -> None:
    tighten(cast, "check_day_minutes", 45)
    assert holds(cast, "check_day_minutes", "north_a") == 45
    with pytest.raises(Refused) as refused:
        tighten(cast, "check_day_minutes", 50, "north_a", minutes=1)
    assert "45 minutter" in str(refused.value)
    tighten(cast, "check_day_minutes", 30, "north_a", minutes=1)
    assert holds(cast, "check_day_minutes", "north_a") == 30
    assert holds(cast, "check_day_minutes", "north_b") == 45
    tighten(cast, "check_day_minutes", 20, minutes=2)
    assert holds(cast, "check_day_minutes", "north_a") == 20, "a stricter agency overtakes its unit"


def test_history_is_kept_and_nothing_is_overwritten(cast, admin) -> None:
    tighten(cast, "check_day_minutes", 45)
    tighten(cast, "check_day_minutes", 30, minutes=1)
    with cast["officer"].acting() as actor:
        rows = [(r.value, r.reason, r.set_by_name) for r in parameters.history(actor, None)]
    assert rows == [(30, "Prøve", "Fengselsleder Warden"), (45, "Prøve", "Fengselsleder Warden")]
    wrote = admin.execute(
        "SELECT count(*) FROM audit.entry WHERE subject_table = 'coordination_parameter' AND action = 'insert'"
    ).fetchone()
    assert wrote == (2,)


@pytest.mark.parametrize(
    "who", ["officer", "contact_officer", "duty_leader", "release_caseworker", "prison_admin", "nurse", "health_leader"]
)
def test_nobody_but_the_leader_sets(cast, who: str) -> None:
    with pytest.raises(Http404):
        tighten(cast, "check_day_minutes", 30, who=who)
    url = reverse("change_setting", args=["check_day_minutes"])
    assert cast[who].client().post(url, {"value": "30", "reason": "x"}).status_code == 404
    assert holds(cast, "check_day_minutes") == 60


def test_another_prisons_unit_and_numbers_are_absent(cast) -> None:
    with pytest.raises(Http404):
        tighten(cast, "check_day_minutes", 30, "south_a")
    tighten(cast, "check_day_minutes", 30)
    assert holds(cast, "check_day_minutes", who="south_officer") == 60
    client = cast["warden"].client()
    assert client.get(reverse("unit_settings", args=[cast.units["south_a"].pk])).status_code == 404
    assert client.get(reverse("unit_settings", args=[cast.units["north_a"].pk])).status_code == 200


def test_all_numbers_come_in_one_query(cast) -> None:
    for number, key in enumerate(("check_day_minutes", "check_cell_minutes")):
        tighten(cast, key, 30, minutes=number)
        tighten(cast, key, 20, "north_a", minutes=number)
    with cast["officer"].acting() as actor, CaptureQueriesContext(connections["default"]) as queries:
        numbers = parameters.load(actor, cast.units["north_a"])
    assert len(queries) == 1
    assert numbers.span("check_day_minutes") == timedelta(minutes=20)
    assert numbers.clock("check_day_start") == time(7)
    assert numbers.number("contact_minutes") == 120
    assert numbers.span("interview_hours") == timedelta(hours=24)
    with pytest.raises(TypeError):
        numbers.span("check_day_start")
    with pytest.raises(TypeError):
        numbers.number("check_day_start")
    with pytest.raises(TypeError):
        numbers.clock("contact_minutes")
    with cast["officer"].acting() as actor:
        assert parameters.value(actor.agency_id, cast.units["north_a"].pk, "check_cell_minutes") == 20


def test_a_row_that_is_milder_than_the_rule_of_today_does_not_hold(cast, admin) -> None:
    tighten(cast, "check_day_minutes", 30)
    admin.execute("UPDATE base.coordination_parameter SET value = '90'")
    assert holds(cast, "check_day_minutes") == 60


# The page


def test_warden_tightens_on_the_page_and_others_read_it(cast) -> None:
    client, unit = cast["warden"].client(), cast.units["north_a"]
    url = reverse("change_setting", args=[unit.pk, "check_night_minutes"])
    assert "Høyst 180 minutter." in client.get(url).content.decode()
    refused = client.post(url, {"value": "240", "reason": "Færre folk"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Dette er mildere enn kravet. Grensen her er 180 minutter" in page
    assert 'value="240"' in page
    assert "Færre folk" in page
    assert client.post(url, {"value": "60", "reason": ""}).status_code == 422
    done = client.post(url, {"value": "60", "reason": "Vi har folk nok"})
    assert (done.status_code, done.url) == (303, reverse("unit_settings", args=[unit.pk]))
    for who in ("warden", "duty_leader", "officer"):
        page = cast[who].client().get(done.url).content.decode()
        assert "60 minutter" in page
        assert "180 minutter" in page
        assert "Fengselsleder Warden" in page
        assert "Vi har folk nok" in page
        assert "R7.1.2-h" in page
        assert (url in page) is (who == "warden")


def test_time_of_day_is_written_as_people_write_it(cast) -> None:
    client = cast["warden"].client()
    url = reverse("change_setting", args=["check_day_end"])
    assert "Tidligst kl. 20.00." in client.get(url).content.decode()
    assert client.post(url, {"value": "13", "reason": "x"}).status_code == 422
    assert client.post(url, {"value": "19.00", "reason": "x"}).status_code == 422
    assert client.post(url, {"value": "23.59", "reason": "x"}).status_code == 303
    assert holds(cast, "check_day_end") == time(23, 59)


def test_page_is_absent_for_administrators_and_a_number_that_does_not_exist(cast) -> None:
    assert cast["prison_admin"].client().get(reverse("unit_settings")).status_code == 404
    assert cast["warden"].client().get(reverse("change_setting", args=["finnes_ikke"])).status_code == 404
    assert cast["nurse"].client().get(reverse("unit_settings")).status_code == 200


def test_page_costs_the_same_with_a_long_history(cast) -> None:
    client, counts = cast["officer"].client(), []
    for rows in (1, 30):
        for number in range(rows):
            tighten(cast, "contact_minutes", 121 + rows + number, minutes=number + rows)
        with CaptureQueriesContext(connections["default"]) as queries:
            client.get(reverse("unit_settings"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
