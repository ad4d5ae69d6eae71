"""Watches every page of the whole run for rows that it names and the log of that request does not: no data without a trace.

Every row of ours that a test process has built is known by its key. A page that carries such a key, of a row about somebody, must have
written the row or the person in the log of the same request. One that has not makes the run fail, whatever the tests said.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

MARK = "unlogged"
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
#: Where readings are left out of the log on purpose, to see that it is found.
OWN_PLACE = ("tests/leaks/test_traces.py",)

#: key of a row → its table and the person it is about, for every row this process has built.
known: dict[str, tuple[str, str]] = {}
#: keys of rows and people that the request under way has written in the log.
logged: set[str] = set()
#: what the test under way has found, and how many pages and keys were looked at.
found: list[str] = []
looked = {"pages": 0, "keys": 0}


def unlogged(text: str) -> Iterator[str]:
    """Give the table of every row that a page names and the log of its request does not."""
    for key in set(ID.findall(text)) & known.keys():
        looked["keys"] += 1
        table, person = known[key]
        # A key of a row that was not read may stand in a link (what a deadline is about): then the person is in the log.
        if key not in logged and person not in logged:
            yield table


def watch() -> None:
    """Listen to rows being built, to the log being written, and to what the test client is answered."""
    from django.test import Client

    from coordination import audit
    from coordination.models import Owned

    build, flush, ask = audit.note_read, audit.flush, Client.request

    def note_read(row: Owned) -> None:
        wall = type(row).wall
        person = row.pk if wall.kind == "subject" else row.__dict__.get(wall.person or "person_id")
        if person is not None:
            known[str(row.pk)] = (type(row)._meta.db_table, str(person))
        build(row)

    def write(using: str = "default") -> None:
        notes = audit._notes.get()
        if notes is not None:
            for ids, persons in notes.rows.values():
                logged.update(ids | persons)
        flush(using)

    def request(self: Client, **wanted: Any) -> Any:
        logged.clear()
        answer = ask(self, **wanted)
        page = answer.get("Content-Type", "").startswith(("text/html", "application/json"))
        if answer.status_code in {200, 422} and page and not answer.streaming:
            looked["pages"] += 1
            text = answer.content.decode(errors="replace")
            if getattr(answer.wsgi_request, "actor", None) is None:
                # The login page keeps the address a stranger asked for: what they said themselves tells them nothing.
                for key in ID.findall(wanted.get("QUERY_STRING", "")):
                    text = text.replace(key, "")
            found.extend(f"{wanted.get('PATH_INFO', '')}: {table}" for table in unlogged(text))
        return answer

    audit.note_read, audit.flush, Client.request = note_read, write, request


def pytest_configure(config: Any) -> None:
    """Watch this process."""
    if not config.option.collectonly:
        watch()
        config.pluginmanager.register(Gathered(), "unlogged-watch")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: Any) -> None:
    """Send home what the test's pages named without a trace."""
    if not item.nodeid.startswith(OWN_PLACE):
        item.user_properties.extend((MARK, line) for line in dict.fromkeys(found))
    found.clear()


class Gathered:
    """What every process found."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lines: set[str] = set()

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep what a test sent home."""
        self.lines.update(f"{report.nodeid}: {line}" for name, line in report.user_properties if name == MARK)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: Any) -> None:
        """Fail the run when something was named without a trace."""
        if self.lines and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say what was named where, and in a run of one process how much was looked at."""
        if looked["pages"]:
            terminalreporter.write_line(
                f"{looked['pages']} pages, {looked['keys']} keys of rows about somebody, {len(self.lines)} without a trace"
            )
        if self.lines:
            terminalreporter.section("named without a trace in the log", red=True)
            for line in sorted(self.lines)[:50]:
                terminalreporter.write_line(line)
