"""``manage.py demo``: web, worker and beat as one foreground command. Supervises processes; must not hold demo data or rules."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import psutil
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from coordination import celery_app, embedded

START_SECONDS = 60
STOP_SECONDS = 10


class Stopped(BaseException):
    """Somebody asked the demo to end. Like ``KeyboardInterrupt`` it is no error, and passes every ``except Exception``."""


class Child:
    """One supervised process in a session of its own, so that Ctrl-C reaches the supervisor first and the order of stopping is ours."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], run_folder: Path) -> None:
        self.name = name
        self.pid_file = run_folder / f"{name}.json"
        self.process = subprocess.Popen(
            command,
            cwd=embedded.REPOSITORY,
            env=os.environ | environment | {"PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        self.pid_file.write_text(json.dumps(identity(self.process.pid)))
        self.reader = threading.Thread(target=self._echo, daemon=True)
        self.reader.start()

    def _echo(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with contextlib.suppress(BrokenPipeError, ValueError):
                print(f"{self.name:<6} | {line.rstrip()}", flush=True)

    def stop(self) -> None:
        end_group(self.process.pid, self.process)
        self.reader.join(2)
        self.pid_file.unlink(missing_ok=True)


def identity(pid: int) -> dict[str, Any]:
    """What tells a process from a later one with the same number."""
    return {"pid": pid, "created": psutil.Process(pid).create_time()}


def same_process(found: dict[str, Any]) -> bool:
    try:
        return bool(abs(psutil.Process(int(found["pid"])).create_time() - float(found["created"])) < 1)
    except (psutil.Error, KeyError, TypeError, ValueError):
        return False


def end_group(pid: int, process: subprocess.Popen[str] | None = None) -> None:
    """Asks a whole process group to end, then makes it. ``pid`` leads the group."""
    with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
        leader = psutil.Process(pid)
        family = [leader, *leader.children(recursive=True)]
        # The leader alone is asked: Celery and granian end their own children in good order.
        leader.terminate()
        if process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(STOP_SECONDS)
        else:
            embedded.ends_within(leader, STOP_SECONDS)
        for member in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                member.kill()
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
    if process:
        process.wait()


class Command(BaseCommand):
    help = "Starts Samvirke with demo data on this machine: web, worker and clock. Ctrl-C stops everything it started."
    # The database may be empty: the checks that look into it come with setup_database.
    requires_system_checks = []
    requires_migrations_checks = False
    asked_to_stop = False
    hold = False
    """While set, a signal is remembered and nothing is interrupted."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="start, wait until the health page answers, stop, exit 0"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        check = bool(options["check"] or os.environ.get("SAMVIRKE_DEMO_ONESHOT"))
        var = embedded.var_folder()
        run_folder = var / "run"
        run_folder.mkdir(exist_ok=True)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self.on_signal)
        owned = set(embedded.started)
        children: list[Child] = []
        try:
            with self.only_one(run_folder):
                owned |= self.clear_leftovers(run_folder)
                try:
                    (run_folder / "services.json").write_text(json.dumps(sorted(owned)))
                    port = self.port()
                    self.require_free(port)
                    # Links in mail lead to this demo, whatever its port.
                    os.environ.setdefault("PUBLIC_URL", f"http://127.0.0.1:{port}")
                    self.prepare()
                    # A signal in the middle of a start must not make us forget a child.
                    self.hold = True
                    children += self.start(port, run_folder, var)
                    self.hold = False
                    if self.asked_to_stop:
                        raise Stopped
                    self.wait_until_healthy(port, children)
                    self.wait_for_worker(children)
                    self.announce(port)
                    if not check:
                        self.watch(children)
                except Stopped:
                    self.say("Stopping.")
                finally:
                    self.hold = True  # a second Ctrl-C must not leave half of it running
                    for child in reversed(children):
                        child.stop()
                    connections.close_all()
                    if owned:
                        embedded.stop(var, sorted(owned))
                    (run_folder / "services.json").unlink(missing_ok=True)
        except Stopped:
            self.say("Stopping.")
        if check:
            self.say("Everything started, answered and stopped.")

    def say(self, text: str) -> None:
        self.stdout.write(f"demo   | {text}")
        self.stdout.flush()

    def on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked_to_stop = True
        if not self.hold:
            raise Stopped

    @staticmethod
    def port() -> int:
        value = os.environ.get("PORT") or "8000"
        if not value.isdigit() or not 0 < int(value) < 65536:
            raise CommandError(f"PORT={value} is not a port number. Try: make demo PORT=8001")
        return int(value)

    @staticmethod
    def require_free(port: int) -> None:
        if not embedded.is_free(port):
            raise CommandError(f"Port {port} is in use. Choose another: make demo PORT={port + 1}")

    @contextlib.contextmanager
    def only_one(self, run_folder: Path) -> Iterator[None]:
        with (run_folder / "demo.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise CommandError(
                    "A demo is already running from this folder. Stop it with Ctrl-C, or set SAMVIRKE_VAR to another folder."
                ) from error
            yield

    def clear_leftovers(self, run_folder: Path) -> set[str]:
        """Ends what a killed demo left running, told from strangers by start time. Returns the services that it had started."""
        for path in run_folder.glob("*.json"):
            if path.name == "services.json":
                continue
            try:
                found = json.loads(path.read_text())
            except ValueError:
                found = {}
            if isinstance(found, dict) and same_process(found):
                self.say(f"Ending the {path.stem} that an earlier demo left behind (process {found['pid']}).")
                end_group(int(found["pid"]))
            path.unlink(missing_ok=True)
        try:
            left = json.loads((run_folder / "services.json").read_text())
        except (OSError, ValueError):
            left = []
        return {name for name in left if name in {"postgres", "redis"}}

    def prepare(self) -> None:
        self.say("Preparing the database.")
        call_command("setup_database", stdout=self.stdout, stderr=self.stderr)
        call_command("load_demo", stdout=self.stdout, stderr=self.stderr)
        connections.close_all()

    @staticmethod
    def start(port: int, run_folder: Path, var: Path) -> Iterator[Child]:
        """Yields each child as soon as it lives, so that whoever stops them knows all that were started."""
        python = sys.executable
        # A demo may well run as root in a container; a page of warning about it would bury the addresses.
        worker = {"SAMVIRKE_PROCESS": "worker", "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
        celery = [python, "-m", "celery", "--quiet", "-A", "coordination"]
        yield Child(
            "web",
            [
                *(python, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
                *("--workers", "1", "--blocking-threads", "4", "--no-ws", "coordination.wsgi:application"),
            ],
            {"SAMVIRKE_PROCESS": "web"},
            run_folder,
        )
        yield Child("worker", [*celery, "worker", "--loglevel", "WARNING", "--concurrency", "2"], worker, run_folder)
        schedule = str(var / "beat-schedule")
        yield Child(
            "beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile=", "--schedule", schedule], worker, run_folder
        )

    @staticmethod
    def require_alive(children: list[Child]) -> None:
        for child in children:
            code = child.process.poll()
            if code is not None:
                why = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"
                child.reader.join(2)
                raise CommandError(
                    f"The {child.name} process {why}; its last lines are above. Everything is being stopped."
                )

    def wait_until_healthy(self, port: int, children: list[Child]) -> None:
        end = time.monotonic() + START_SECONDS
        problem = "no answer"
        while time.monotonic() < end:
            self.require_alive(children)
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                    if answer.status == 200:
                        return
                    problem = f"status {answer.status}"
            except urllib.error.HTTPError as error:
                problem = f"status {error.code}"
            except OSError as error:
                problem = str(error)
            time.sleep(0.2)
        raise CommandError(f"The health page did not turn green within {START_SECONDS} seconds ({problem}).")

    def wait_for_worker(self, children: list[Child]) -> None:
        end = time.monotonic() + START_SECONDS
        while not celery_app.control.ping(timeout=1):
            self.require_alive(children)
            if time.monotonic() > end:
                raise CommandError(f"The worker did not answer within {START_SECONDS} seconds.")

    def announce(self, port: int) -> None:
        self.say(f"Mail that would have been sent lies in {embedded.var_folder() / 'mail'}.")
        self.say(f"Samvirke runs at http://127.0.0.1:{port}/ (Ctrl-C stops it). Log in as one of these:")
        call_command("demo_users", stdout=self.stdout, stderr=self.stderr)
        connections.close_all()
        self.stdout.flush()

    def watch(self, children: list[Child]) -> None:
        while True:
            self.require_alive(children)
            time.sleep(0.5)
