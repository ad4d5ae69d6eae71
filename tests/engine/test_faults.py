"""Real workers, clocks and a queue, killed while deadlines come due: no alert is missing, none is twice, no mail is lost.

The processes work on the test's database and on a Redis of this test's own. Nothing here ends a process that it did not start.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import psutil
import pytest
from django.db import connections

from coordination import sealing
from coordination.embedded import redis_server
from coordination.sweep import sweep
from tests.database import admin_url
from tests.engine.making import HOUR, T3, deadlines

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("rules")]
ROOT = Path(__file__).resolve().parents[2]
DUE_OVER = timedelta(seconds=12)
COUNT = 1000


def wait_until(true: Callable[[], object], seconds: float, what: str) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"waited {seconds} s for {what}"
        time.sleep(0.1)


class Plant:
    """The processes of one run. Every one leads a group of its own, so that it can be killed whole."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen] = {}
        self.kills = 0
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.mail = folder / "mail.txt"
        self.mail.touch()
        self.environment = os.environ | {
            "DATABASE_URL": admin_url(connections["default"].settings_dict["NAME"]),
            "REDIS_URL": f"redis://127.0.0.1:{self.port}/0",
            "DJANGO_SETTINGS_MODULE": "tests.engine.fault_settings",
            "SAMVIRKE_PROCESS": "worker",
            "SAMVIRKE_TEST_MAIL": str(self.mail),
        }

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self._command(name),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _command(self, name: str) -> list[str]:
        if name == "redis":
            return [
                redis_server._redis_server(),
                "--port",
                str(self.port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ]
        celery = [sys.executable, "-m", "celery", "-A", "coordination"]
        if name.startswith("beat"):
            return [*celery, "beat", "--pidfile=", "--schedule", str(self.folder / f"{name}-schedule")]
        return [
            *celery,
            "worker",
            "--concurrency",
            "1",
            "--hostname",
            f"{name}@test",
            "--without-gossip",
            "--without-mingle",
        ]

    def kill(self, name: str) -> None:
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.kills += 1

    def kill_child(self, name: str) -> None:
        children = psutil.Process(self.running[name].pid).children()
        assert children, "the worker has no pool yet"
        children[0].kill()
        self.kills += 1

    def restart(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def stop(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def tail(self) -> str:
        return "\n".join(
            f"--- {p.name}\n" + "\n".join(p.read_text(errors="replace").splitlines()[-15:])
            for p in sorted(self.folder.glob("*.log"))
        )


@pytest.fixture
def plant(cast, tmp_path, admin) -> Iterator[Plant]:
    plant = Plant(tmp_path)
    plant.start("redis")
    wait_until(plant.answers, 10, "Redis")
    for name in ("worker1", "worker2", "beat1", "beat2"):
        plant.start(name)
    try:
        # The first heartbeat says that a clock, the queue and a worker are at it.
        beats = "SELECT count(*) FROM base.coordination_heartbeat WHERE name IN ('sweep', 'mail', 'seal')"
        wait_until(lambda: admin.execute(beats).fetchone() == (3,), 40, f"the first sweep\n{plant.tail()}")
        yield plant
    finally:
        plant.stop()


def test_no_fault_loses_or_repeats_an_alert(plant, cast, admin):
    # T3 alerts one hour after its start: the first a second from now, the last when the worst is over.
    first = admin.execute("SELECT clock_timestamp()").fetchone()[0] + timedelta(seconds=1)
    deadlines(admin, cast, T3, COUNT, due=first + HOUR, starts=first - HOUR, spread=DUE_OVER)
    begun = time.monotonic()

    def at(seconds: float) -> None:
        time.sleep(max(0.0, begun + seconds - time.monotonic()))

    at(1.5)
    plant.restart("worker1")
    at(3)
    plant.kill_child("worker2")
    at(4.5)
    plant.restart("beat1")
    at(6)
    plant.kill("redis")
    at(7.5)
    plant.start("redis")
    at(9)
    plant.restart("worker2")
    plant.restart("beat2")
    at(10.5)
    errors: list[Exception] = []

    def one_more() -> None:
        try:
            sweep()
        except Exception as problem:
            errors.append(problem)

    sweepers = [threading.Thread(target=one_more) for _ in range(10)]
    for sweeper in sweepers:
        sweeper.start()
    for sweeper in sweepers:
        sweeper.join()
    assert errors == []

    left = "SELECT count(*) FROM custody.coordination_custodydeadline WHERE rule = 'T3' AND next_alert_at IS NOT NULL"
    wait_until(lambda: admin.execute(left).fetchone() == (0,), 25, f"the last alert\n{plant.tail()}")
    unsent = "SELECT count(*) FROM base.coordination_outboxmail WHERE sent_at IS NULL"
    wait_until(lambda: admin.execute(unsent).fetchone() == (0,), 25, f"the last mail\n{plant.tail()}")

    raised, distinct, late = admin.execute(
        "SELECT count(*), count(DISTINCT (deadline_id, step)), max(raised_at - (due_at - interval '1 hour')) FROM custody.coordination_custodyalert"
    ).fetchone()
    assert (raised, distinct) == (COUNT, COUNT)
    assert timedelta(0) <= late < timedelta(seconds=20)
    # One mail waits for every alert, and every one was carried by a mail that the server took.
    queued = {str(digest) for (digest,) in admin.execute("SELECT digest FROM base.coordination_outboxmail").fetchall()}
    assert admin.execute("SELECT count(*), count(DISTINCT alert_id) FROM base.coordination_outboxmail").fetchone() == (
        COUNT,
        COUNT,
    )
    took = [line.split()[1].strip("<>").partition("@")[0] for line in plant.mail.read_text().splitlines()]
    assert set(took) == queued, "each digest reached the server"
    assert len(took) - len(set(took)) <= plant.kills, "at most one mail twice for each kill"
    sealing.seal()
    assert sealing.verify() == [], "the log of all this is whole"


def test_the_timer_works_without_queue_clock_and_worker(cast, admin, tmp_path):
    """`manage.py sweep --once` in a process of its own, with a Redis address where nobody listens."""
    now = admin.execute("SELECT clock_timestamp()").fetchone()[0]
    deadlines(admin, cast, T3, 5, due=now, starts=now - timedelta(hours=2))
    plant = Plant(tmp_path)
    done = subprocess.run(
        [sys.executable, "manage.py", "sweep", "--once"],
        cwd=ROOT,
        env=plant.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "5 steps, 5 alerts, 5 mails queued",
        "1 sent, 0 dropped, 0 waiting for the mail server",
    ]
    assert plant.mail.read_text().split()[0] == "officer@example.test"
