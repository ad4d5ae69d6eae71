"""Instants, spans and deadlines read right on screen, also on both nights the clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coordination import formats
from tests.frontend.gallery import NOW
from tests.frontend.reading import oslo


def test_time_reads_on_the_wall_clock_in_oslo() -> None:
    summer, winter = datetime(2026, 7, 1, 11, 2, tzinfo=UTC), datetime(2026, 11, 23, 12, 2, tzinfo=UTC)
    assert (formats.clock(summer), formats.clock(winter)) == ("13.02", "13.02")
    assert formats.day(winter) == "mandag 23. november"
    assert formats.shortdate(datetime(2026, 11, 22, 23, 30, tzinfo=UTC)) == "23.11.2026"
    assert formats.datetime_no(winter) == "23.11.2026 kl. 13.02"
    assert formats.iso(winter) == "2026-11-23T13:02:00+01:00"
    assert formats.iso(date(2026, 11, 23)) == "2026-11-23"


def test_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        formats.clock(datetime(2026, 11, 23, 13, 2))


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "25.10.2026 kl. 02.30 (sommertid)"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "25.10.2026 kl. 02.30 (normaltid)"),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), "25.10.2026 kl. 03.00"),
        (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), "25.10.2026 kl. 01.59"),
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "28.03.2027 kl. 01.59"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "28.03.2027 kl. 03.00"),
    ],
)
def test_doubled_hour_says_which_one(moment: datetime, text: str) -> None:
    assert formats.datetime_no(moment) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 min"),
        (59, "59 min"),
        (60, "1 t"),
        (887, "14 t 47 min"),
        (timedelta(hours=14, minutes=47, seconds=59), "14 t 47 min"),
        (timedelta(hours=-2), "2 t"),
        (timedelta(hours=47, minutes=59), "47 t 59 min"),
        (timedelta(hours=48), "2 døgn"),
        (timedelta(days=19, hours=5), "19 døgn 5 t"),
    ],
)
def test_duration(value: timedelta | int, text: str) -> None:
    assert formats.duration(value) == text


def test_elapsed_time_over_both_clock_change_nights() -> None:
    assert formats.elapsed(oslo(2026, 10, 25, 0), oslo(2026, 10, 25, 6)) == timedelta(hours=7)
    assert formats.elapsed(oslo(2027, 3, 28, 0), oslo(2027, 3, 28, 6)) == timedelta(hours=5)


@pytest.mark.parametrize(
    ("due", "now", "state", "text"),
    [
        (oslo(2026, 11, 23, 12, 50), NOW, "overdue", "12 min over fristen"),
        (oslo(2026, 11, 23, 13, 2), NOW, "soon", "Om 0 min"),
        (oslo(2026, 11, 23, 14, 2), NOW, "soon", "Om 1 t"),
        (oslo(2026, 11, 23, 14, 3), NOW, "later", "Kl. 14.03"),
        (oslo(2026, 11, 24, 15, 30), NOW, "later", "I morgen 15.30"),
        (oslo(2026, 11, 25, 12), NOW, "later", "25. nov"),
        (oslo(2027, 1, 4, 9), NOW, "later", "4. jan 2027"),
        (oslo(2026, 11, 22, 13, 3), NOW, "overdue", "23 t 59 min over fristen"),
        (oslo(2026, 11, 22, 13, 2), NOW, "overdue", "1 dag over fristen"),
        (oslo(2026, 11, 21, 12), NOW, "overdue", "2 dager over fristen"),
        (date(2026, 11, 23), NOW, "later", "I dag"),
        (date(2026, 11, 24), NOW, "later", "I morgen"),
        (date(2026, 11, 22), NOW, "overdue", "1 dag over fristen"),
        # Autumn: 02.30 comes twice, and an hour is an hour.
        (oslo(2026, 10, 25, 2, 30, fold=1), oslo(2026, 10, 25, 2, 30, fold=0), "soon", "Om 1 t"),
        (oslo(2026, 10, 25, 2, 30, fold=0), oslo(2026, 10, 25, 2, 30, fold=1), "overdue", "1 t over fristen"),
        # Spring: from 01.50 to 03.10 is twenty minutes.
        (oslo(2027, 3, 28, 3, 10), oslo(2027, 3, 28, 1, 50), "soon", "Om 20 min"),
        # Near midnight UTC the day is Oslo's.
        (oslo(2026, 11, 24, 0, 15), oslo(2026, 11, 23, 22, 30), "later", "I morgen 00.15"),
    ],
)
def test_deadline_badge(due: datetime | date, now: datetime, state: str, text: str) -> None:
    badge = formats.badge(due, now=now)
    assert (badge.state, badge.text) == (state, text)


@pytest.mark.parametrize("strength", ["bør", "anbefalt"])
def test_advice_is_never_overdue(strength: str) -> None:
    late = formats.badge(oslo(2026, 11, 23, 12, 50), now=NOW, strength=strength)
    assert (late.state, late.text) == ("advised", "Anbefalt innen kl. 12.50")
    assert formats.badge(oslo(2026, 11, 23, 12, 50), now=NOW, strength="skal").state == "overdue"
    assert formats.badge(oslo(2026, 11, 20, 9), now=NOW, strength=strength).text == "Anbefalt innen 20. nov"


def test_done_is_done_whatever_the_deadline() -> None:
    assert formats.badge(oslo(2026, 11, 23, 12), now=NOW, done=oslo(2026, 11, 23, 12, 4)).text == "Gjort 12.04"
    assert formats.badge(date(2026, 11, 1), now=NOW, done=date(2026, 11, 11)).text == "Gjort 11. nov"
    assert formats.badge(oslo(2026, 11, 23, 12), now=NOW, done=oslo(2026, 11, 23, 12, 4)).state == "done"
