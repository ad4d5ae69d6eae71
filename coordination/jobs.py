"""Heavy work that somebody asked for, done by the worker as that somebody, with progress the asker can see. Holds no work itself.

An app writes, in its `tasks.py`:

    @job("yearly_report")
    def make_report(actor: Actor, meter: Meter, *, report: str) -> str:
        ...                      # as the asker, in one transaction; every read is audited
        meter(done=3, total=12)  # seen at once, while the transaction goes on
        return str(row.pk)       # the result: a key the asker can open

and in a verb `enqueue("yearly_report", report=str(pk))`. The message on the queue carries the job's id and nothing else: a forged one
opens nothing, one that comes twice is done once, and one that is lost is sent again by `nudge`.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from celery import shared_task
from django.db import connection, transaction
from django.http import Http404
from kombu.exceptions import OperationalError
from psycopg import Connection
from psycopg.rows import TupleRow

from coordination import audit, celery_app
from coordination.identity import Actor, NobodyActs, Token, acting, current_token
from coordination.worker_login import worker_connection

log = logging.getLogger(__name__)

#: The longest a job may take. Sealing the audit log waits for it, so it is not long.
SECONDS = 600
#: A message is taken for lost when nobody has begun after this.
LOST_AFTER = timedelta(seconds=60)
#: Progress is written at most this often.
EVERY = 0.5


class Work(Protocol):
    """What a job does: as `actor`, with a meter and the arguments it was asked for with; returns the key of what it made, or ""."""

    def __call__(self, actor: Actor, meter: "Meter", **arguments: Any) -> str:
        """Do it."""


@dataclass(frozen=True)
class Progress:
    """How far a job has come, for the one who asked. `state` is waiting, running, done, failed or expired."""

    id: UUID
    kind: str
    asked_at: datetime
    state: str
    done: int
    total: int
    result: str
    arguments: dict[str, Any]

    @property
    def over(self) -> bool:
        """Return whether nothing more will happen."""
        return self.state in {"done", "failed", "expired"}


class Meter:
    """Writes progress beside the job's own transaction, so that it is seen while the work goes on."""

    def __init__(self, connection: Connection[TupleRow], job: UUID) -> None:
        """Begin at nothing done."""
        self._connection, self._job = connection, job
        self._written = 0.0
        self.done = self.total = 0

    def __call__(self, done: int, total: int) -> None:
        """Say that `done` of `total` parts are done."""
        self.done, self.total = done, total
        if done >= total or time.monotonic() - self._written >= EVERY:
            self._write(failed=False)

    def begin(self) -> None:
        """Say that somebody is at it."""
        self._write(failed=False)

    def fail(self) -> None:
        """Say that it will not be done."""
        self._write(failed=True)

    def _write(self, *, failed: bool) -> None:
        self._written = time.monotonic()
        self._connection.execute(
            "SELECT sec.report_progress(%s, %s, %s, %s)", [self._job, self.done, self.total, failed]
        )


def enqueue(kind: str, **arguments: Any) -> UUID:
    """Ask for work as the one acting now, and return the job's id. The message goes out when the transaction commits.

    `arguments` are keys and choices as JSON values, never a name or a text somebody wrote; at most 2,000 characters. Raises
    `NobodyActs` outside an acting transaction.
    """
    token = current_token.get()
    if token is None:
        raise NobodyActs
    with connection.cursor() as cursor:
        cursor.execute("SELECT sec.enqueue(%s, %s, %s::jsonb)", [token.value, kind, json.dumps(arguments)])
        job = UUID(str(cursor.fetchone()[0]))
    transaction.on_commit(lambda: _send(kind, job), robust=True)
    return job


def progress_of(job: UUID) -> Progress:
    """Return the progress of a job the acting membership asked for; raises Http404 for another's and an unknown one alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, asked_at, state, done, total, result, arguments::text FROM sec.my_job(%s)", [job])
        row = cursor.fetchone()
    if row is None:
        raise Http404
    kind, asked_at, state, done, total, result, arguments = row
    return Progress(job, kind, asked_at, state, done, total, result, json.loads(arguments))


def job(kind: str) -> Callable[[Work], Work]:
    """Register the work of a kind of job as a Celery task. Put it in an app's `tasks.py`."""

    def register(work: Work) -> Work:
        @shared_task(name=_task_name(kind), soft_time_limit=SECONDS, time_limit=SECONDS + 30)
        def task(job_id: str) -> None:
            run(kind, UUID(job_id), work)

        return work

    return register


def run(kind: str, job_id: UUID, work: Work) -> bool:
    """Do a job as its asker, once; return whether it was done now. For the worker's login only.

    Everything it wrote, its audit rows and the mark that it is done are one transaction. A job that is unknown, old, done, failed or
    just being done does nothing; so does one whose asker has left or logged out. Raises what the work raises, after noting the failure.
    """
    with worker_connection() as beside:
        asked = beside.execute("SELECT kind, arguments::text FROM sec.job_asked(%s)", [job_id]).fetchone()
        if asked is None or asked[0] != kind:
            log.info("a job that opens nothing was asked for")
            return False
        meter = Meter(beside, job_id)
        try:
            with acting(Token(str(job_id), "begin_job"), purpose=f"job:{kind}") as actor:
                with connection.cursor() as cursor:
                    # Rendering may keep the transaction waiting for longer than a page ever would.
                    cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{SECONDS}s'")
                meter.begin()
                result = work(actor, meter, **json.loads(asked[1]))
                audit.flush()
                with connection.cursor() as cursor:
                    # The mark is the worker's own to make, and comes last: after it the transaction has no content role any more.
                    cursor.execute("SET LOCAL ROLE NONE")
                    cursor.execute("SELECT sec.finish_job(%s, %s)", [job_id, result])
        except NobodyActs:
            log.info("a job was asked for that is over, or whose asker has gone")
            return False
        except Exception:
            meter.fail()
            raise
    return True


def nudge() -> int:
    """Send the messages of jobs anew that nobody has begun on; return how many. A queue that was lost loses no work."""
    with worker_connection() as worker:
        lost = worker.execute("SELECT id, kind FROM sec.waiting_jobs(%s)", [LOST_AFTER]).fetchall()
    for job_id, kind in lost:
        _send(kind, job_id)
    return len(lost)


def _task_name(kind: str) -> str:
    return f"jobs.{kind}"


def _send(kind: str, job_id: UUID) -> None:
    try:
        celery_app.send_task(_task_name(kind), [str(job_id)], retry=False, ignore_result=True)
    except OperationalError:
        # The job stands in the database; `nudge` sends its message when the queue is back.
        log.warning("the queue does not answer; a job waits")
