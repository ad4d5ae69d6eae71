"""The clock of the clock: our schedules over both nights on which Oslo's clock changes, without waiting for them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from celery import Celery
from celery.schedules import crontab, schedule
from django.conf import settings

from coordination import celery_app
from coordination.celery import DELIVERY

OSLO = ZoneInfo("Europe/Oslo")
NIGHTS = {
    "spring": (datetime(2026, 3, 28, 22, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)),
    "autumn": (datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC)),
}


def gaps(make, start: datetime, end: datetime, zone: str) -> list[timedelta]:
    """Return the time between runs when beat looks every five seconds, as it does."""
    app = Celery("simulated", set_as_current=False, changes=DELIVERY | {"timezone": zone, "enable_utc": zone == "UTC"})
    now = [start]
    plan = make(app, lambda: now[0].astimezone(ZoneInfo(zone)))
    last, found = start, []
    while now[0] < end:
        due, _next = plan.is_due(last.astimezone(ZoneInfo(zone)))
        if due:
            found.append(now[0] - last)
            last = now[0]
        now[0] += timedelta(seconds=5)
    return found


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("entry", settings.CELERY_BEAT_SCHEDULE)
def test_no_schedule_stands_still_on_the_nights_the_clock_changes(night, entry):
    every = settings.CELERY_BEAT_SCHEDULE[entry]["schedule"]
    found = gaps(lambda app, clock: schedule(run_every=every, app=app, nowfun=clock), *NIGHTS[night], "UTC")
    # Two minutes is the bar for what deadlines wait for; what is meant to come more seldom must come as seldom as meant, and no more so.
    assert max(found) <= max(timedelta(minutes=2), every + timedelta(seconds=5))
    assert len(found) >= (NIGHTS[night][1] - NIGHTS[night][0]) / every - 2


def test_a_crontab_would_have_stood_still_which_is_why_there_is_none():
    """The twin: the simulation does show the fault. On the autumn night a crontab in local time waits for the second hour to end."""
    found = gaps(lambda app, clock: crontab(minute="*/5", app=app, nowfun=clock), *NIGHTS["autumn"], "Europe/Oslo")
    assert max(found) > timedelta(minutes=60)


def test_the_schedule_is_intervals_only():
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert isinstance(entry["schedule"], timedelta), name
        assert entry["options"]["expires"] < entry["schedule"].total_seconds(), (
            "a message nobody took in time must not come later"
        )


def test_every_entry_names_a_task_that_exists():
    celery_app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(celery_app.tasks)


def test_the_app_ticks_in_utc():
    assert celery_app.conf.timezone == "UTC"
    assert celery_app.conf.enable_utc
    assert celery_app.conf.task_acks_late
    assert celery_app.conf.task_reject_on_worker_lost
    assert celery_app.conf.worker_prefetch_multiplier == 1
    assert celery_app.conf.accept_content == ["json"]
