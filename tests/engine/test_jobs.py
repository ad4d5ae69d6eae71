"""Work done by the worker as the one who asked: as them, once, with progress they and nobody else can see."""

import threading
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connections
from django.http import Http404

from coordination import jobs
from coordination.identity import Actor, NobodyActs, Token, acting
from coordination.models import MunicipalPatient, Person
from tests.database import worker


@pytest.fixture
def queue(monkeypatch) -> list[tuple[str, str]]:
    """Give the messages that were sent, as (task, argument)."""
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(jobs.celery_app, "send_task", lambda name, args, **more: sent.append((name, *args)))
    return sent


def ask(cast, name: str = "duty_leader", kind: str = "count", **arguments: Any) -> UUID:
    with cast[name].acting():
        return jobs.enqueue(kind, **arguments)


def count_people(actor: Actor, meter: jobs.Meter, **arguments: Any) -> str:
    people = list(Person.objects.all())
    meter(done=len(people), total=len(people))
    return str(len(people))


def progress(cast, job: UUID, name: str = "duty_leader") -> jobs.Progress:
    with cast[name].acting():
        return jobs.progress_of(job)


def test_a_job_runs_as_the_one_who_asked(cast, queue):
    for name, people in (("officer", "2"), ("duty_leader", "3"), ("south_duty_leader", "1")):
        job = ask(cast, name)
        with worker():
            assert jobs.run("count", job, count_people)
        done = progress(cast, job, name)
        assert (done.state, done.result, done.over) == ("done", people, True)


def test_the_message_carries_the_id_and_nothing_else(cast, queue):
    job = ask(cast, unit="x")
    assert queue == [("jobs.count", str(job))]


def test_no_message_goes_out_when_the_verb_is_undone(cast, queue):
    def undone() -> None:
        with cast["duty_leader"].acting():
            jobs.enqueue("count")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()
    assert queue == []


def test_arguments_come_from_the_database_as_they_were_asked(cast, queue):
    key = str(uuid4())
    job = ask(cast, report=key, year=2026)
    seen = {}

    def work(actor: Actor, meter: jobs.Meter, **arguments: Any) -> str:
        seen.update(arguments)
        return ""

    with worker():
        assert jobs.run("count", job, work)
    assert seen == {"report": key, "year": 2026}


def test_what_it_reads_is_in_the_log_under_the_asker_s_name(cast, admin, queue):
    job = ask(cast)
    last = admin.execute("SELECT max(seq) FROM audit.entry").fetchone()[0]
    with worker():
        jobs.run("count", job, count_people)
    rows = admin.execute(
        "SELECT membership_id, action, purpose, cardinality(person_ids) FROM audit.entry WHERE seq > %s", [last]
    ).fetchall()
    assert rows == [(cast["duty_leader"].membership.pk, "read", "job:count", 3)]


def test_a_second_message_does_nothing(cast, queue):
    job = ask(cast)
    with worker():
        assert jobs.run("count", job, count_people)
        assert not jobs.run("count", job, count_people)


def test_a_forged_id_opens_nothing(cast, queue):
    with worker():
        assert not jobs.run("count", uuid4(), count_people)


def test_a_job_of_another_kind_is_not_run(cast, queue):
    job = ask(cast, kind="report")
    with worker():
        assert not jobs.run("count", job, count_people)
        assert jobs.run("report", job, count_people)


@pytest.mark.parametrize(
    "gone",
    [
        "UPDATE sec.session SET revoked_at = now()",
        "UPDATE sec.session SET ends_at = now() - interval '1 second'",
        "UPDATE base.coordination_membership SET ended_at = now()",
        "UPDATE sec.job SET asked_at = now() - interval '16 minutes'",
        "UPDATE sec.job SET leased_until = now() + interval '1 minute'",
    ],
)
def test_a_job_ends_with_its_asker_and_its_time(cast, admin, queue, gone):
    job = ask(cast)
    admin.execute(gone)
    with worker():
        assert not jobs.run("count", job, count_people)


def test_while_one_works_another_neither_works_nor_waits(cast, queue):
    job = ask(cast)
    inside, leave = threading.Event(), threading.Event()
    results: list[bool] = []

    def work(actor: Actor, meter: jobs.Meter, **arguments: Any) -> str:
        inside.set()
        assert leave.wait(10)
        return "first"

    def first() -> None:
        results.append(jobs.run("count", job, work))
        connections["default"].close()

    with worker():
        thread = threading.Thread(target=first)
        thread.start()
        assert inside.wait(10)
        assert not jobs.run("count", job, count_people)
        leave.set()
        thread.join()
    assert results == [True]
    assert progress(cast, job).result == "first"


def test_progress_is_seen_while_the_work_goes_on(cast, queue):
    job = ask(cast)
    assert progress(cast, job).state == "waiting"
    seen = []

    def work(actor: Actor, meter: jobs.Meter, **arguments: Any) -> str:
        from psycopg import connect

        meter(done=3, total=12)
        meter.begin()
        with connect(dsn) as other:
            seen.append(other.execute("SELECT done, total FROM sec.progress WHERE job_id = %s", [job]).fetchone())
        return ""

    from tests.database import admin_url

    dsn = admin_url(connections["default"].settings_dict["NAME"])
    with worker():
        jobs.run("count", job, work)
    assert seen == [(3, 12)]


def test_work_that_fails_leaves_nothing_and_says_so(cast, admin, queue):
    job = ask(cast)

    def work(actor: Actor, meter: jobs.Meter, **arguments: Any) -> str:
        Person.objects.update(cell="X-1")
        raise ValueError("no")

    with worker():
        with pytest.raises(ValueError, match="no"):
            jobs.run("count", job, work)
        assert not jobs.run("count", job, count_people), "it is asked for anew, not done again by an old message"
    assert progress(cast, job).state == "failed"
    assert admin.execute("SELECT count(*) FROM custody.coordination_person WHERE cell = 'X-1'").fetchone() == (0,)


def test_a_worker_that_dies_lets_the_job_be_done_again(cast, queue):
    job = ask(cast)

    def work(actor: Actor, meter: jobs.Meter, **arguments: Any) -> str:
        raise SystemExit

    with worker():
        with pytest.raises(SystemExit):
            jobs.run("count", job, work)
        assert jobs.run("count", job, count_people)
    assert progress(cast, job).state == "done"


def test_only_the_asker_sees_the_job(cast, queue):
    job = ask(cast, "duty_leader")
    assert progress(cast, job).kind == "count"
    for name in ("warden", "officer", "south_duty_leader", "nurse", "trust_leader"):
        with cast[name].acting(), pytest.raises(Http404):
            jobs.progress_of(job)
    with cast["duty_leader"].acting(), pytest.raises(Http404):
        jobs.progress_of(uuid4())


def test_a_job_that_waited_too_long_says_so(cast, admin, queue):
    job = ask(cast)
    admin.execute("UPDATE sec.job SET asked_at = now() - interval '31 minutes'")
    assert progress(cast, job).state == "expired"


def test_nobody_asks_for_nothing(cast, queue):
    with pytest.raises(NobodyActs):
        jobs.enqueue("count")


def test_arguments_are_keys_not_texts(cast, queue):
    from django.db import DatabaseError

    with pytest.raises(DatabaseError), cast["duty_leader"].acting():
        jobs.enqueue("count", text="x" * 3000)
    assert queue == []


def test_the_worker_reads_nothing_without_a_job(cast):
    from django.db import DatabaseError

    with worker(), pytest.raises(DatabaseError):
        Person.objects.count()
    with worker(), pytest.raises(DatabaseError):
        MunicipalPatient.objects.count()


def test_a_session_token_opens_nothing_in_the_worker(cast):
    """A worker that got hold of a token cannot act with it: it is not granted the door of the web process."""
    from django.db import DatabaseError

    with worker(), pytest.raises(DatabaseError), acting(Token(cast["warden"].token)):
        pass


def test_the_web_process_cannot_act_as_a_job(cast, queue):
    from django.db import DatabaseError

    job = ask(cast)
    with pytest.raises(DatabaseError), acting(Token(str(job), "begin_job")):
        pass


def test_lost_messages_are_sent_again(cast, admin, queue):
    job, done = ask(cast), ask(cast)
    with worker():
        jobs.run("count", done, count_people)
    queue.clear()
    assert jobs.nudge() == 0, "it may still be on its way"
    admin.execute("UPDATE sec.job SET asked_at = now() - interval '2 minutes'")
    assert jobs.nudge() == 1
    assert queue == [("jobs.count", str(job))]


def test_a_queue_that_is_away_loses_no_job(cast, admin, monkeypatch):
    from kombu.exceptions import OperationalError

    def away(*args: object, **more: object) -> None:
        raise OperationalError("redis")

    monkeypatch.setattr(jobs.celery_app, "send_task", away)
    job = ask(cast)
    assert progress(cast, job).state == "waiting"
    sent = []
    monkeypatch.setattr(jobs.celery_app, "send_task", lambda name, args, **more: sent.append(args[0]))
    admin.execute("UPDATE sec.job SET asked_at = now() - interval '2 minutes'")
    jobs.nudge()
    assert sent == [str(job)]


def test_the_decorator_makes_a_task_the_worker_knows():
    from coordination import celery_app

    @jobs.job("a_kind_of_the_tests")
    def work(actor: Actor, meter: jobs.Meter, **arguments: Any) -> str:
        return ""

    assert "jobs.a_kind_of_the_tests" in celery_app.tasks
