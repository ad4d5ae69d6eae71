"""A database of real roles and real commits for each test process, and the way back to its first state after each test.

A template holds roles, tables, walls and reference data; each process clones it. After a test every table is emptied and
filled from a snapshot, as superuser with triggers off: the application's roles could not, and that is the point.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from coordination.settings.databases import address
from coordination.worlds import SCHEMAS

ROOT = Path(__file__).resolve().parents[1]


def admin_url(name: str) -> str:
    """Return the administrator's URL of a database on the test server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def login_url(login: str, name: str) -> str:
    """Return the URL of one of the application's logins; the test server trusts its socket."""
    parts = urlsplit(admin_url(name))
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{login}@{host}"))


def _fingerprint() -> str:
    """Return a hash of everything a template is made of."""
    digest = hashlib.sha256()
    parts = [
        *ROOT.glob("*/migrations/*.py"),
        *ROOT.glob("**/sql/*.sql"),
        *ROOT.glob("coordination/walls/*.py"),
        *ROOT.glob("fixtures/**/*"),
        *ROOT.glob("*/letters.py"),
        *ROOT.glob("*/deadlines.py"),
        *ROOT.glob("*/reference_data.py"),
    ]
    for path in sorted(p for p in parts if p.is_file() and ".venv" not in p.parts and "node_modules" not in p.parts):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def point_at(name: str) -> None:
    """Make Django's aliases use a database by name."""
    os.environ["DATABASE_URL"] = admin_url(name)
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict.update(address(os.environ["DATABASE_URL"]))
        settings.DATABASES[alias].update(address(os.environ["DATABASE_URL"]))


def create(process: str) -> str:
    """Clone a database for a test process, point Django at it, and return its name."""
    name = clone(process)
    point_at(name)
    # A cloned database does not inherit the template's own privileges, only what lies inside it.
    call_command("provision", verbosity=0, stdout=StringIO())
    return name


def clone(process: str) -> str:
    """Clone a fresh database from the template, made first when anything it rests on has changed, and return its name."""
    template, name = f"samvirke_template_{_fingerprint()}", f"samvirke_test_{process}"
    before = os.environ["DATABASE_URL"]
    with psycopg.connect(admin_url("postgres"), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(7127)")
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s AND datistemplate", [template]
        ).fetchone()
        if not known:
            old = connection.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 'samvirke\\_template\\_%'"
            ).fetchall()
            for (stale,) in old:
                connection.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE false").format(sql.Identifier(stale)))
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(stale)))
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(template)))
            point_at(template)
            call_command("setup_database", verbosity=0, stdout=StringIO())
            for alias in connections:
                connections[alias].close()
            connection.execute(sql.SQL("ALTER DATABASE {} IS_TEMPLATE true").format(sql.Identifier(template)))
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    os.environ["DATABASE_URL"] = before
    return name


class Snapshot:
    """The state every test begins in."""

    def __init__(self, name: str) -> None:
        """Keep a superuser's connection to the database."""
        self.connection = psycopg.connect(admin_url(name), autocommit=True)
        self.tables: list[sql.Identifier] = []

    def take(self) -> None:
        """Copy every table aside and build the one statement that brings them back."""
        run = self.connection.execute
        rows = run(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s) AND tablename <> 'django_migrations' ORDER BY 1, 2",
            [[*SCHEMAS, "sec", "audit"]],
        ).fetchall()
        run("CREATE SCHEMA snapshot")
        body = []
        for schema, table in rows:
            copy = f"{schema}__{table}"
            run(
                sql.SQL("CREATE TABLE snapshot.{} AS TABLE {}.{}").format(
                    sql.Identifier(copy), sql.Identifier(schema), sql.Identifier(table)
                )
            )
            columns = [
                c
                for (c,) in run(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
                    [f'"{schema}"."{table}"'],
                ).fetchall()
            ]
            names = ", ".join(f'"{c}"' for c in columns)
            body.append(f'DELETE FROM "{schema}"."{table}";')
            if run(sql.SQL("SELECT 1 FROM snapshot.{} LIMIT 1").format(sql.Identifier(copy))).fetchone():
                body.append(
                    f'INSERT INTO "{schema}"."{table}" ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM snapshot."{copy}";'
                )
        run(
            "CREATE PROCEDURE snapshot.restore() LANGUAGE plpgsql AS $$ BEGIN SET LOCAL session_replication_role = replica; "
            + "\n".join(body)
            + " END $$"
        )

    def restore(self) -> None:
        """Bring every table back."""
        self.connection.execute("CALL snapshot.restore()")

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()


@contextmanager
def worker() -> Iterator[None]:
    """Be a worker process for a while: `default` is the worker's login."""
    connection = connections["default"]
    connection.close()
    user = connection.settings_dict["USER"]
    connection.settings_dict["USER"] = "samvirke_worker"
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = user
