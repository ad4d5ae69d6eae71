"""Searches what a whole run left beside the databases for the words that stand for people: logs, the queue, statistics, mail, output.

The invented names of the cast and the word that every secret of the story begins with are the canaries. A word outside the tables is a leak,
and one leak makes the run fail, whatever the tests said.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

from coordination.embedded.common import var_folder

#: Case matters: the names are words of the language in lower case, and keys of the cast.
WORDS = ("KANARI", "Fiolin", "Trompet", "Sjiraff")
MARK = "canary"
#: Where canaries are let out on purpose, to see that they are found.
OWN_PLACE = ("tests/leaks/", "tests/api/test_walls.py::test_an_error_nobody_expected")


def found_in(text: str) -> list[str]:
    """Return the canaries a text holds."""
    return [word for word in WORDS if word in text]


def logs_since(starts: dict[Path, int]) -> Iterator[tuple[str, str]]:
    """Give (place, canary) for what the servers' logs got after each file's byte of start."""
    for path in sorted(var_folder().glob("*/*.log")):
        with path.open("rb") as log:
            log.seek(starts.get(path, 0))
            for line in log:
                for word in found_in(line.decode(errors="replace")):
                    yield f"{path.parent.name}/{path.name}", word


def queue(url: str) -> Iterator[tuple[str, str]]:
    """Give (place, canary) for every key and value that lies in Redis."""
    client = redis.Redis.from_url(url)
    try:
        for key in client.scan_iter():
            # DUMP is one form for every type; text stands in it as it is, for short values at least, and messages are short.
            held = key + (client.dump(key) or b"")
            for word in found_in(held.decode("latin-1")):
                yield "redis", word
    finally:
        client.close()


def statistics(url: str) -> Iterator[tuple[str, str]]:
    """Give (place, canary) for the statements that the statistics views show of any connection."""
    with psycopg.connect(url, autocommit=True) as connection:
        for (text,) in connection.execute(
            "SELECT concat_ws(' ', query, application_name) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        ):
            for word in found_in(text):
                yield "pg_stat_activity", word


def pytest_configure(config: Any) -> None:
    """Note where the logs end before the first test."""
    if not config.option.collectonly:
        config.pluginmanager.register(Watch(config), "canary-watch")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: Any) -> None:
    """Look into the mails a test sent before they are thrown away; what is found goes home with the report."""
    from django.core import mail

    for message in getattr(mail, "outbox", []):
        for word in found_in(message.message().as_string()):
            item.user_properties.append((MARK, f"mail: {word}"))


class Watch:
    """Gathers the leaks of one session."""

    def __init__(self, config: Any) -> None:
        """Remember how long the logs are."""
        self.config = config
        self.leaks: set[str] = set()
        self.starts = {path: path.stat().st_size for path in var_folder().glob("*/*.log")}

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Look at what a test wrote and logged. A failure's own traceback is the developer's, not the product's."""
        self.leaks.update(f"{report.nodeid}: {found}" for name, found in report.user_properties if name == MARK)
        if report.passed and not report.nodeid.startswith(OWN_PLACE):
            for title, text in report.sections:
                self.leaks.update(f"{report.nodeid}: {title.lower()}: {word}" for word in found_in(text))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: Any) -> None:
        """Search what is left, once, and fail the run when something is found."""
        if hasattr(self.config, "workerinput"):
            return
        places = [logs_since(self.starts)]
        if "REDIS_URL" in os.environ:
            places.append(queue(os.environ["REDIS_URL"]))
        if "DATABASE_URL" in os.environ:
            places.append(statistics(os.environ["DATABASE_URL"]))
        self.leaks.update(f"{place}: {word}" for search in places for place, word in search)
        if self.leaks and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what was found, where."""
        if self.leaks:
            terminalreporter.section("canaries outside their place", red=True)
            for leak in sorted(self.leaks)[:50]:
                terminalreporter.write_line(leak)
