"""An individual decision on more frequent checks, continuous watch without a gap, and checks from a device that had no network."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connections
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coordination import clock, parameters
from coordination.refusals import Refused
from isolation.access import access_measure, check_history
from isolation.actions import checks as verbs
from isolation.actions.measures import end
from isolation.history import events, read
from isolation.models import Check
from tests.cast import AT
from tests.isolation.helpers import HOUR, MINUTE, check, coercion, count, deadline, decide

RULES = pytest.mark.obligation
NOON = AT + 3 * HOUR


@pytest.fixture
def noon(monkeypatch):
    """Let the doors read a clock of our own."""
    monkeypatch.setattr(clock, "now", lambda: NOON)


@RULES("R7.1.2-j")
@RULES("R7.1.2-t")
def test_an_order_moves_the_next_check_and_lifting_it_gives_the_rule_back(cast, admin):
    measure = decide(cast)
    check(cast, measure, AT + 10 * MINUTE)
    with cast["duty_leader"].acting() as actor:
        order = verbs.order_interval(actor, measure.pk, minutes=20, reason="Svært urolig i dag.", at=AT + 11 * MINUTE)
    # The interval counts from when somebody last looked.
    assert deadline(admin, measure, "D20")[0] == AT + 30 * MINUTE
    logged = check(cast, measure, AT + 25 * MINUTE)
    assert logged.next.due_at == AT + 45 * MINUTE
    with cast["duty_leader"].acting() as actor:
        again = verbs.order_interval(actor, measure.pk, minutes=20, reason="Samme.", at=AT + 26 * MINUTE)
        assert again.pk == order.pk
        closer = verbs.order_interval(actor, measure.pk, minutes=10, reason="Verre.", at=AT + 27 * MINUTE)
        assert closer.pk != order.pk
    assert deadline(admin, measure, "D20")[0] == AT + 35 * MINUTE
    with cast["warden"].acting() as actor:
        verbs.lift_interval(actor, measure.pk, at=AT + 30 * MINUTE)
    assert deadline(admin, measure, "D20")[0] == AT + 85 * MINUTE
    with cast["duty_leader"].acting() as actor:
        told = events(read(access_measure(actor, measure.pk)), AT + HOUR, check_history(actor, measure.unit, NOON))
    titles = [event.title for event in told]
    assert "Tilsyn minst hvert 10. minutt besluttet" in titles
    assert "Beslutningen om tilsyn minst hvert 10. minutt er opphevet" in titles


@RULES("R7.1.2-h")
def test_a_gap_is_told_by_the_interval_that_was_ordered(cast):
    measure = decide(cast)
    with cast["duty_leader"].acting() as actor:
        verbs.order_interval(actor, measure.pk, minutes=15, reason="Urolig.", at=AT + MINUTE)
    check(cast, measure, AT + 40 * MINUTE)
    with cast["duty_leader"].acting() as actor:
        history = read(access_measure(actor, measure.pk))
        gaps = history.gaps(AT + 41 * MINUTE, check_history(actor, measure.unit, NOON))
    assert [(gap.due_at, gap.overdue_minutes) for gap in gaps] == [(AT + 15 * MINUTE, 25)]


@pytest.mark.parametrize(("minutes", "code"), [(4, "interval"), (180, "interval"), (30, None)])
def test_an_order_is_never_milder_than_the_rule(cast, minutes, code):
    measure = decide(cast)
    with cast["duty_leader"].acting() as actor:
        if code is None:
            assert (
                verbs.order_interval(actor, measure.pk, minutes=minutes, reason="Urolig.", at=AT).interval_minutes == 30
            )
        else:
            with pytest.raises(Refused) as refused:
                verbs.order_interval(actor, measure.pk, minutes=minutes, reason="Urolig.", at=AT)
            assert refused.value.code == code
            assert "minutes" in refused.value.errors


def test_an_order_wants_a_reason_and_somebody_who_decides(cast):
    measure = decide(cast)
    with cast["duty_leader"].acting() as actor, pytest.raises(Refused):
        verbs.order_interval(actor, measure.pk, minutes=30, reason=" ", at=AT)
    for who in ("officer", "south_duty_leader", "nurse", "release_caseworker"):
        with cast[who].acting() as actor, pytest.raises(Http404):
            verbs.order_interval(actor, measure.pk, minutes=30, reason="Urolig.", at=AT)


def test_an_order_ends_with_the_measure(cast):
    measure = decide(cast)
    with cast["duty_leader"].acting() as actor:
        order = verbs.order_interval(actor, measure.pk, minutes=30, reason="Urolig.", at=AT)
        end(actor, measure.pk, ended_at=AT + HOUR, reason="grounds_gone", note="Rolig.", at=AT + HOUR)
        order.refresh_from_db()
        assert order.ended_at == AT + HOUR


@RULES("R7.1.2-u")
@RULES("R7.1.2-i")
def test_watch_is_handed_over_without_a_gap_and_a_note_is_due_every_fifteen_minutes(cast, admin):
    """The one who takes over begins in the very instant the other stops; a late note is a gap to the minute."""
    measure = decide(cast, coercion("security_bed"))
    with cast["officer"].acting() as actor:
        first = verbs.take_watch(actor, measure.pk, observer="Betjent En", key=uuid.uuid4(), at=AT)
    assert deadline(admin, measure, "D26")[0] == AT + 15 * MINUTE
    with cast["officer"].acting() as actor:
        verbs.note_watch(actor, measure.pk, text="Rolig.", key=uuid.uuid4(), at=AT + 10 * MINUTE)
    assert deadline(admin, measure, "D26")[0] == AT + 25 * MINUTE
    with cast["contact_officer"].acting() as actor:
        second = verbs.take_watch(actor, measure.pk, observer="Betjent To", key=uuid.uuid4(), at=AT + 20 * MINUTE)
        first.refresh_from_db()
        assert first.ended_at == second.started_at
        verbs.note_watch(actor, measure.pk, text="Sover.", key=uuid.uuid4(), at=AT + 40 * MINUTE)
        history, params = read(access_measure(actor, measure.pk)), check_history(actor, measure.unit, NOON)
        assert history.gaps(AT + 45 * MINUTE, params) == []
        assert [gap.overdue_minutes for gap in history.note_gaps(AT + 45 * MINUTE, params)] == [5]


# From a device


def _send(client, measure, at, **more):
    data = {"state": "calm", "key": uuid.uuid4(), "occurred_at": at.isoformat()} | more
    return client.post(reverse("check_late", args=[measure.pk]), data)


@RULES("R7.1.2-r")
def test_a_check_from_a_device_is_kept_with_both_times_and_sent_twice_is_one(cast, admin, noon):
    measure = decide(cast, at=NOON - 3 * HOUR)
    client, key = cast["officer"].client(), uuid.uuid4()
    for _again in range(2):
        assert _send(client, measure, NOON - HOUR, key=key).status_code == 204
    assert count(admin, "check") == 1
    with cast["officer"].acting() as actor:
        row = Check.objects.get(key=key)
        assert (row.on_device, row.occurred_at) == (True, NOON - HOUR)
        assert row.recorded_at >= NOON
        told = events(read(access_measure(actor, measure.pk)), NOON, check_history(actor, measure.unit, NOON))
    line = next(event for event in told if event.type == "check")
    assert line.recorded_at == row.recorded_at
    assert "Skrevet uten nett. Skrevet kl." in line.text


@pytest.mark.parametrize(
    ("back", "status"), [(timedelta(hours=11, minutes=50), 204), (timedelta(hours=12, minutes=10), 422), (-HOUR, 422)]
)
def test_what_is_older_than_a_shift_or_has_not_been_is_refused(cast, noon, back, status):
    measure = decide(cast, at=NOON - 13 * HOUR)
    assert _send(cast["officer"].client(), measure, NOON - back).status_code == status


@pytest.mark.parametrize("field", ["state", "key", "occurred_at"])
def test_what_a_device_cannot_mean_is_not_there(cast, noon, field):
    measure = decide(cast, at=NOON - HOUR)
    assert _send(cast["officer"].client(), measure, NOON, **{field: "tull"}).status_code == 404


def test_a_worrying_state_without_words_is_not_taken_from_a_device(cast, noon, admin):
    measure = decide(cast, at=NOON - HOUR)
    assert _send(cast["officer"].client(), measure, NOON, state="uneasy").status_code == 422
    assert count(admin, "check") == 0


@pytest.mark.parametrize("who", ["officer_b", "south_officer", "nurse", "release_caseworker"])
def test_nobody_else_reaches_the_door(cast, noon, who):
    measure = decide(cast, at=NOON - HOUR)
    assert _send(cast[who].client(), measure, NOON).status_code == 404


# The round


@RULES("R7.1.2-h")
def test_the_round_shows_who_is_next_first_and_logs_several_in_a_row(cast, noon):
    first = decide(cast, person="fiolin", at=NOON - 50 * MINUTE)
    second = decide(cast, person="trompet", at=NOON - 20 * MINUTE)
    client = cast["duty_leader"].client()
    page = client.get(reverse("ward_round")).content.decode()
    assert page.index("Fiolin, Blid") < page.index("Trompet, Kreativ")
    for measure in (first, second):
        answer = client.post(
            reverse("check_new", args=[measure.pk]) + "?back=round&unit=alle", {"state": "calm", "key": uuid.uuid4()}
        )
        assert answer.status_code == 303
        assert answer.url.startswith(reverse("ward_round") + "?saved=")
        assert answer.url.endswith("&unit=alle")
    page = client.get(answer.url).content.decode()
    assert "Kreativ Trompet, kl." in page
    undo = re.search(r'action="([^"]+/angre/[^"]*)"', page)
    assert undo
    back = client.post(undo[1].replace("&amp;", "&"))
    assert back.status_code == 303
    assert "er angret" in client.get(back.url).content.decode()


def test_the_round_is_of_ones_own_units(cast, noon):
    decide(cast, person="fiolin", at=NOON - HOUR)
    decide(cast, person="trompet", at=NOON - HOUR)
    page = cast["officer"].client().get(reverse("ward_round")).content.decode()
    assert "Fiolin" in page
    assert "Trompet" not in page
    assert "Fiolin" not in cast["officer_b"].client().get(reverse("ward_round") + "?unit=alle").content.decode()


def test_a_script_is_told_where_to_go_and_a_browser_is_sent(cast, noon):
    measure = decide(cast, at=NOON - HOUR)
    client, url = cast["officer"].client(), reverse("check_new", args=[measure.pk]) + "?back=round"
    answer = client.post(url, {"state": "asleep", "key": uuid.uuid4()}, headers={"X-Samvirke-Script": "1"})
    assert answer.status_code == 204
    assert answer.headers["X-Samvirke-Next"].startswith(reverse("ward_round"))


def test_the_round_costs_the_same_for_one_and_for_many(cast, noon):
    client = cast["duty_leader"].client()
    decide(cast, person="fiolin", at=NOON - HOUR)
    client.get(reverse("ward_round"))
    with CaptureQueriesContext(connections["default"]) as one:
        client.get(reverse("ward_round"))
    for person in ("trompet", "ung"):
        decide(cast, person=person, at=NOON - HOUR)
    with CaptureQueriesContext(connections["default"]) as many:
        client.get(reverse("ward_round"))
    assert len(many) == len(one)


@RULES("R7.1.2-h")
def test_a_protocol_judges_by_what_was_asked_then(cast, noon):
    """The unit asks for more from now on: what was in time before stays in time, on the page and on paper."""
    measure = decide(cast, at=NOON - 3 * HOUR)
    for back in (130, 75, 20):
        check(cast, measure, NOON - back * MINUTE)
    with cast["warden"].acting() as actor:
        parameters.tighten(
            actor, cast.units["north_a"], "check_day_minutes", 30, reason="Etter hendelsen.", at=NOON - 74 * MINUTE
        )
        history, held = read(access_measure(actor, measure.pk)), check_history(actor, measure.unit, NOON)
        assert history.gaps(NOON, held) == []
        late = NOON + 15 * MINUTE
        assert [gap.overdue_minutes for gap in history.gaps(late, held)] == [5]
