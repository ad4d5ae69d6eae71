"""Heads of the audit log kept outside the database: sent away by a timer, read back when the log is verified.

Holds no entry and no content: a line is an instant, the number of a seal and its hash.
"""

import itertools
import os
import shlex
import subprocess
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

from coordination import clock, sealing
from coordination.sealing import Head, Problem
from coordination.worker_login import as_sweeper, beat, worker_connection

HEARTBEAT = "anchor"
#: How long the command that takes a line may take.
PATIENCE = 30


class NotSent(Exception):
    """The place outside did not take the head. The next run tries again; nothing is lost but time."""


@dataclass(frozen=True)
class Anchor:
    """A head and when it was sent (an instant)."""

    at: datetime
    head: Head

    def __str__(self) -> str:
        """Return the line that is kept: `instant id:hash`."""
        return f"{self.at.isoformat(timespec='seconds')} {self.head}"

    @classmethod
    def parse(cls, line: str) -> "Anchor":
        """Return the anchor of a line. Raises ValueError when it is none."""
        instant, _space, head = line.strip().partition(" ")
        return cls(datetime.fromisoformat(instant), Head.parse(head))


def export() -> Head | None:
    """Send the newest head to the file and to the command that the settings name; return it, None when nothing is sealed or no place is named.

    Raises `NotSent` when a place does not take it: then there is no heartbeat either, and whoever watches it is told.
    """
    head = sealing.head()
    if head is None or not (settings.AUDIT_ANCHORS_FILE or settings.AUDIT_ANCHORS_COMMAND):
        return None
    line = f"{Anchor(clock.now(), head)}\n"
    if settings.AUDIT_ANCHORS_FILE:
        _append(Path(settings.AUDIT_ANCHORS_FILE), line)
    if settings.AUDIT_ANCHORS_COMMAND:
        _hand_to(shlex.split(settings.AUDIT_ANCHORS_COMMAND), line)
    with worker_connection() as connection, as_sweeper(connection) as cursor:
        beat(cursor, HEARTBEAT)
    return head


def _append(path: Path, line: str) -> None:
    """Add a line and wait until it is on the disk. Opened for appending only, which is all that a write-once place allows."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            os.write(number, line.encode())
            os.fsync(number)
        finally:
            os.close(number)
    except OSError as error:
        raise NotSent(f"the file of anchors cannot be written: {error.strerror}") from None


def _hand_to(command: list[str], line: str) -> None:
    """Give a line to a command on its standard input; no shell, so nothing in a setting is read twice."""
    try:
        subprocess.run(command, input=line, text=True, check=True, timeout=PATIENCE, capture_output=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise NotSent(f"the command for anchors did not take the line: {type(error).__name__}") from None


def read(path: Path) -> list[Anchor]:
    """Return the anchors of a file, oldest first. Raises ValueError with the number of a line that is none."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if line.strip():
            try:
                found.append(Anchor.parse(line))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from None
    return found


def verify(anchors: list[Anchor]) -> list[Problem]:
    """Return every break of the log and every anchor that no seal answers to; also anchors that go back in number as time goes on."""
    problems = sealing.verify()
    with worker_connection() as connection, as_sweeper(connection) as cursor:
        cursor.execute(
            "SELECT problem, place FROM audit.verify_anchors(%s, %s)",
            [[a.head.id for a in anchors], [a.head.hash for a in anchors]],
        )
        problems += [Problem(*row) for row in cursor.fetchall()]
    problems += [
        Problem("the log went back between two anchors", f"{earlier.head.id} → {later.head.id}")
        for earlier, later in itertools.pairwise(anchors)
        if later.head.id < earlier.head.id
    ]
    return problems
