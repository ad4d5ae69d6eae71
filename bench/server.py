"""The bench's own databases: a migrated template, clones of it, and how to connect. Holds no data and measures nothing.

They lie on the server that DATABASE_URL names and all begin with `samvirke_bench_`; nothing else on the server is touched.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import load_backend
from psycopg import Connection, sql
from psycopg.rows import TupleRow

from coordination.settings.databases import address
from coordination.worlds import SCHEMAS

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "samvirke_bench_"
TEMPLATE = f"{PREFIX}template"
PATH_OPTION = f"-c search_path={','.join(SCHEMAS)} -c timezone=UTC"
#: What a template is made of; anything changed here makes a new one.
MADE_OF = (
    "*/migrations/*.py",
    "*/sql/*.sql",
    "coordination/walls/**/*",
    "fixtures/**/*",
    "*/letters.py",
    "*/deadlines.py",
    "*/reference_data.py",
)
#: What the data is made of.
DATA = ("bench/data.py", "bench/records.py", "bench/rows.py")
Plain = Connection[TupleRow]


def admin_url(name: str) -> str:
    """Return the administrator's URL of a database on the server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))


def run(
    connection: Plain, text: str, values: Sequence[object] | dict[str, object] | None = None
) -> psycopg.Cursor[TupleRow]:
    """Execute a statement written in code."""
    return connection.execute(text.encode(), values)


def one(connection: Plain, text: str, values: Sequence[object] | None = None) -> Any:
    """Return the first column of the first row."""
    row = run(connection, text, values).fetchone()
    return row[0] if row else None


def superuser(name: str, *, autocommit: bool = True) -> Plain:
    """Connect past every wall: what generates the data, and the hand-written filter's side of each comparison."""
    return psycopg.connect(admin_url(name), options=PATH_OPTION, autocommit=autocommit, prepare_threshold=None)


def fingerprint(patterns: Sequence[str]) -> str:
    """Return a hash of the files that match."""
    digest = hashlib.sha256()
    for path in sorted(
        {p for pattern in patterns for p in ROOT.glob(pattern) if p.is_file() and "__pycache__" not in p.parts}
    ):
        if "node_modules" not in path.parts and not path.is_relative_to(ROOT / ".venv"):
            digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def make_template() -> str:
    """Return the name of a migrated, empty database; made anew when what it is made of has changed."""
    mark = fingerprint(MADE_OF)
    with psycopg.connect(admin_url("postgres"), autocommit=True) as connection:
        if comment_of(connection, TEMPLATE) == mark:
            return TEMPLATE
        drop(TEMPLATE)
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(TEMPLATE)))
        with pointed_at(TEMPLATE):
            call_command("setup_database", verbosity=0, stdout=StringIO())
        remark(connection, TEMPLATE, mark)
    return TEMPLATE


def clone(template: str, name: str) -> None:
    """Make a fresh copy of a template, with the privileges that a copy does not inherit."""
    drop(name)
    with psycopg.connect(admin_url("postgres"), autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    with pointed_at(name):
        call_command("provision", verbosity=0, stdout=StringIO())


def drop(name: str) -> None:
    """Remove one of the bench's databases."""
    assert name.startswith(PREFIX), name
    with psycopg.connect(admin_url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def comment_of(connection: Plain, name: str) -> str | None:
    """Return the comment of a database, by which the bench knows what it holds; None when it does not exist."""
    found = one(
        connection,
        "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s",
        [name],
    )
    return None if found is None else str(found)


def remark(connection: Plain, name: str, text: str) -> None:
    """Leave a comment on a database."""
    connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(text)))


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Set environment variables for a block."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def wrapper(alias: str, name: str, **more: Any) -> BaseDatabaseWrapper:
    """Return a Django connection of an alias to another database, not yet opened."""
    settings = {**connections.settings[alias], **address(admin_url(name)), **more}
    made: BaseDatabaseWrapper = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias)
    return made


def plain_wrapper(name: str) -> BaseDatabaseWrapper:
    """Return what `default` would be in a plain Django project: the stock engine and a login that no wall stops."""
    parts = urlsplit(admin_url(name))
    options = {"options": PATH_OPTION, "server_side_binding": True}
    return wrapper(
        "default",
        name,
        ENGINE="django.db.backends.postgresql",
        USER=parts.username or "",
        PASSWORD=parts.password or "",
        OPTIONS=options,
    )


@contextmanager
def swapped(**wrappers: BaseDatabaseWrapper) -> Iterator[None]:
    """Let Django's aliases be these connections in this thread for a block. They stay open; whoever made them closes them."""
    before = {alias: connections[alias] for alias in wrappers}
    try:
        for alias, made in wrappers.items():
            connections[alias] = made
        yield
    finally:
        for alias, old in before.items():
            connections[alias] = old


@contextmanager
def pointed_at(name: str) -> Iterator[None]:
    """Let every alias, and the commands that read the environment, mean one database for a block."""
    made = {alias: wrapper(alias, name) for alias in connections}
    url = admin_url(name)
    try:
        with environment(DATABASE_URL=url, DATABASE_ADMIN_URL=url), swapped(**made):
            yield
    finally:
        for each in made.values():
            each.close()


def size_of(name: str) -> int:
    """Return how much disk a database takes, in bytes."""
    with psycopg.connect(admin_url("postgres")) as connection:
        return int(one(connection, "SELECT pg_database_size(%s)", [name]))
