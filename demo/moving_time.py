"""Moves time for the demo: what the story does now is dated to when it should have happened, and old demo data is brought up to today.

Needs a superuser's connection, because letters never change and rows have owners. That is why it lives here and nowhere else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import psycopg
from django.conf import settings

from coordination.worlds import PERSONAL_WORLDS

#: Dates that are facts about a human being or a law, and do not move with the calendar.
FIXED = ("birth_date",)


@contextmanager
def superuser() -> Iterator[psycopg.Connection]:
    """Give an administrator's connection with triggers and foreign-key checks off."""
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        yield connection


def _columns(connection: psycopg.Connection, kind: str) -> list[tuple[str, str]]:
    """Return (table, column) of every column of a type in the personal worlds."""
    return connection.execute(
        """SELECT c.table_schema || '.' || c.table_name, c.column_name FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
           WHERE c.table_schema = ANY(%s) AND c.data_type = %s AND t.table_type = 'BASE TABLE' AND c.column_name <> ALL(%s)
           ORDER BY 1, 2""",
        [[str(w) for w in PERSONAL_WORLDS], kind, list(FIXED)],
    ).fetchall()


RECEIPTS = ("read_at", "acknowledged_at", "answered_at", "filed_at", "settled_at")


def letter_instants(connection: psycopg.Connection) -> dict[str, list[str]]:
    """Return the columns with instants of every table of letters."""
    tables: dict[str, list[str]] = {}
    for table, column in _columns(connection, "timestamp with time zone"):
        if table.endswith("letter"):
            tables.setdefault(table, []).append(column)
    return tables


def redate(connection: psycopg.Connection, tables: dict[str, list[str]], written_since: datetime, to: datetime) -> None:
    """Date what the postman stamped by his own clock since an instant to the instant at which the story happens."""
    for table, columns in tables.items():
        receipts = [column for column in columns if column in RECEIPTS]
        changes = []
        for column in columns:
            left = f"WHEN {column} >= %(since)s THEN %(to)s" if column in receipts else ""
            moved = f"WHEN sent_at >= %(since)s THEN {column} + (%(to)s - clock_timestamp())"
            changes.append(f"{column} = CASE {moved} {left} ELSE {column} END")
        touched = " OR ".join(f"{column} >= %(since)s" for column in ("sent_at", *receipts))
        connection.execute(
            f"UPDATE {table} SET {', '.join(changes)} WHERE {touched}",  # noqa: S608
            {"to": to, "since": written_since},
        )


def forget_everything(connection: psycopg.Connection) -> None:
    """Empty every personal table: a story that was broken off cannot be told on from where it stopped. The audit log stays."""
    tables = connection.execute(
        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname = ANY(%s)",
        [[str(w) for w in PERSONAL_WORLDS]],
    ).fetchall()
    connection.execute(f"TRUNCATE {', '.join(table for (table,) in tables)}")


def shift_everything(connection: psycopg.Connection, by: timedelta) -> None:
    """Move every instant and date of the demo forward, so that the first page is alive whenever it is opened."""
    tables: dict[str, list[str]] = {}
    for table, column in _columns(connection, "timestamp with time zone"):
        tables.setdefault(table, []).append(f"{column} = {column} + %(by)s")
    days = by.days
    if days:
        for table, column in _columns(connection, "date"):
            tables.setdefault(table, []).append(f"{column} = {column} + {days}")
    for table, changes in tables.items():
        connection.execute(f"UPDATE {table} SET {', '.join(changes)}", {"by": by})  # noqa: S608
