"""The worker's own connection to the database, for work that nobody asked for: the sweep, the mail, the seals.

Not Django's: in a web process `default` is another login, and this work must never run with somebody's identity. Holds no SQL of theirs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connections
from psycopg import Connection, Cursor
from psycopg.rows import TupleRow

from coordination.settings.databases import databases
from coordination.worlds import SWEEP_ROLE


@contextmanager
def worker_connection() -> Iterator[Connection[TupleRow]]:
    """Connect as the worker to the database that Django uses now. Each statement commits by itself unless a transaction is opened."""
    # Where the database is comes from Django (tests move it), who we are from the settings of a worker.
    place: dict[str, Any] = connections["default"].settings_dict
    worker = databases("postgresql:///", process="worker")["default"]
    connection = psycopg.connect(
        host=place["HOST"] or None,
        port=place["PORT"] or None,
        dbname=place["NAME"],
        user=worker["USER"],
        password=worker["PASSWORD"] or None,
        options=worker["OPTIONS"]["options"],
        connect_timeout=10,
        autocommit=True,
    )
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def as_sweeper(connection: Connection[TupleRow]) -> Iterator[Cursor[TupleRow]]:
    """Open one transaction in the sweep's role: it reads the columns of clocks and nothing that anybody wrote."""
    with connection.transaction(), connection.cursor() as cursor:
        # A literal from worlds.py.
        cursor.execute(f"SET LOCAL ROLE {SWEEP_ROLE}".encode())
        yield cursor


def beat(cursor: Cursor[TupleRow], name: str) -> None:
    """Stamp the heartbeat of a piece of work with the database's clock."""
    cursor.execute(
        "INSERT INTO base.coordination_heartbeat (name, at) VALUES (%s, clock_timestamp()) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
        [name],
    )
