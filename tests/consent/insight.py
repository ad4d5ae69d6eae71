"""Ways to get what a person is told and exported in tests: letters that were sent, and files the worker makes as the asker."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from consent import tasks
from consent.actions import export, insight, journal
from coordination import clock, jobs
from tests.cast import Cast
from tests.consent.post import body, notice, sent_notice
from tests.cooperation.making import worker

WORK = {insight.KIND: tasks.make_insight, export.KIND: tasks.make_export, journal.KIND: tasks.make_journal}


def made(cast: Cast, who: str, path: str, kind: str, meanwhile: Callable[[], object] = lambda: None) -> str:
    """Ask for a file through its page, let the worker make it, and return its key. `meanwhile` happens while it waits in the queue."""
    answer = cast[who].client().post(path)
    assert answer.status_code == 303, answer.content.decode()[:500]
    job = UUID(answer.url.rstrip("/").rsplit("/", 1)[1])
    meanwhile()
    with worker():
        assert jobs.run(kind, job, WORK[kind])
    with cast[who].acting():
        return jobs.progress_of(job).result


def typed(**more: Any) -> dict[str, Any]:
    """Return what the form that leaves something out posts."""
    until = clock.local_date(clock.now()) + timedelta(days=30)
    return {
        "ground": "custody_limits",
        "reason": "Opplysningene kan avsløre hvem som har varslet.",
        "until_on": f"{until:%d.%m.%Y}",
        **more,
    }


def send(cast: Cast, who: str = "officer", about: str = "fiolin", **content: Any) -> UUID:
    """Send a notice about somebody, committed, and return its `letter_id`."""
    call = notice(cast, body=body(**content), about=cast.people[about])
    return sent_notice(cast, who, **call)
