"""What writing down every reading costs: requests a second with and without, eight clients at once on one database."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.urls import reverse

from bench import server
from bench.browser import Doors, answer
from bench.pages import opened
from bench.results import Results
from bench.timing import ratio, undisturbed
from coordination import audit

CLIENTS = 8
WHO = ("fixed", "duty_leader")


@contextmanager
def unread() -> Iterator[None]:
    """Let nothing that is read be noted, in any thread, for a block."""
    original = audit.begin
    audit.begin = lambda purpose: None  # type: ignore[assignment, return-value]
    try:
        yield
    finally:
        audit.begin = original


def measure(results: Results, name: str, *, rounds: int = 6, seconds: float = 2.0) -> None:
    """Measure a list of people, 25 readings a request, in windows that alternate with and without the log."""
    with server.superuser(name) as free, opened(name, free) as doors:
        crowd = Crowd(doors, name, reverse("people"))
        crowd.window(seconds / 4)
        logged: list[float] = []
        silent: list[float] = []
        with undisturbed():
            for number in range(rounds):
                for quiet in (True, False) if number % 2 else (False, True):
                    if quiet:
                        with unread():
                            silent.append(crowd.window(seconds))
                    else:
                        logged.append(crowd.window(seconds))
        crowd.leave()
    results.put("audit.cost", ratio(logged, silent))
    results.time("audit.cost", "a request, audited", [1 / rate for rate in logged])
    results.time("audit.cost", "a request, unaudited", [1 / rate for rate in silent])


class Crowd:
    """Threads that ask again and again while a window is open, each with connections of its own."""

    def __init__(self, doors: Doors, name: str, url: str) -> None:
        """Start everybody; they wait."""
        self.doors, self.name, self.url = doors, name, url
        self.until = 0.0
        self.done = [0] * CLIENTS
        self.problems: list[str] = []
        self.gate = threading.Barrier(CLIENTS + 1, timeout=120)
        self.threads = [threading.Thread(target=self._ask, args=(number,), daemon=True) for number in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def window(self, seconds: float) -> float:
        """Let everybody ask for a while and return requests a second."""
        begin = time.perf_counter()
        self.until = begin + seconds
        self.gate.wait()
        self.gate.wait()
        if self.problems:
            raise AssertionError(self.problems[0])
        return sum(self.done) / (time.perf_counter() - begin)

    def leave(self) -> None:
        """Send everybody home."""
        self.until = -1
        self.gate.wait()
        for thread in self.threads:
            thread.join()

    def _ask(self, number: int) -> None:
        mine: dict[str, Any] = {alias: server.wrapper(alias, self.name) for alias in ("default", "auth")}
        for alias, made in mine.items():
            connections[alias] = made
        environ = self.doors.environ(WHO, self.url)
        while True:
            self.gate.wait()
            if self.until < 0:
                break
            count = 0
            while time.perf_counter() < self.until or not count:
                status, _body = answer(self.doors.product, environ)
                if status != 200:
                    self.problems.append(f"the list of people answers {status}")
                    break
                count += 1
            self.done[number] = count
            self.gate.wait()
        for made in mine.values():
            made.close()
