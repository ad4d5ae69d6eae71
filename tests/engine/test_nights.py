"""The sweep through the nights on which the clock changes: what is counted is time that passes."""

from datetime import UTC, datetime, timedelta

import pytest

from coordination import formats
from coordination.sweep import Swept, sweep
from tests.engine.making import T1, T3, alerts, deadline

pytestmark = pytest.mark.usefixtures("rules")

NIGHTS = [
    # (starts, due, what the wall shows at `due`): one elapsed hour each, through both nights on which the clock changes.
    (
        datetime(2026, 3, 29, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        "03.30",
    ),  # 01.30 → 03.30, an hour later
    (
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        "02.30",
    ),  # 02.30 → 02.30, an hour later
    (datetime(2027, 3, 28, 0, 0, tzinfo=UTC), datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "03.00"),
    (datetime(2027, 10, 31, 0, 0, tzinfo=UTC), datetime(2027, 10, 31, 1, 0, tzinfo=UTC), "02.00"),
    (datetime(2026, 7, 1, 0, 0, tzinfo=UTC), datetime(2026, 7, 1, 1, 0, tzinfo=UTC), "03.00"),
]


@pytest.mark.parametrize(("starts", "due", "wall"), NIGHTS)
def test_an_elapsed_hour_is_an_hour_on_the_nights_the_clock_changes(cast, admin, starts, due, wall):
    assert formats.clock(due) == wall
    deadline(admin, cast, T3, due=due, starts=starts)
    assert sweep(due - timedelta(seconds=1)) == Swept()
    assert sweep(due).alerts == 1


@pytest.mark.parametrize(("starts", "due", "wall"), NIGHTS)
def test_the_steps_around_a_due_instant_are_elapsed_too(cast, admin, starts, due, wall):
    deadline(admin, cast, T1, due=due, starts=starts)
    for minute in (-30, 0, 30):
        instant = due + timedelta(minutes=minute)
        assert sweep(instant - timedelta(seconds=1)) == Swept()
        assert sweep(instant).alerts == 1


def test_the_session_s_time_zone_changes_nothing(cast, admin):
    """Seconds are added, never days: an interval of days would be 23 or 25 hours in an Oslo session."""
    starts, due = NIGHTS[0][:2]
    deadline(admin, cast, T3, due=due, starts=starts)
    admin.execute("SET timezone = 'Europe/Oslo'")
    try:
        sweep(due)
        assert alerts(admin, columns="raised_at = due_at") == [(True,)]
    finally:
        admin.execute("SET timezone = 'UTC'")
