"""Roles, schemas and their privileges, made with an administrator's connection. Idempotent; makes no table and holds no password."""

from collections.abc import Iterator, Mapping

from psycopg import Connection, sql

from coordination.worlds import (
    ADMIN_ROLE,
    CONTENT_ROLES,
    OWNER_ROLE,
    PRIVACY_ROLE,
    RETENTION_ROLE,
    SCHEMAS,
    SWEEP_ROLE,
)

FUNCTION_OWNERS = {
    "sec": "samvirke_sec",
    "letterbox": "samvirke_postman",
    "audit": "samvirke_audit",
    "retention": RETENTION_ROLE,
}
NOLOGIN = (OWNER_ROLE, *FUNCTION_OWNERS.values(), *CONTENT_ROLES, ADMIN_ROLE, PRIVACY_ROLE, SWEEP_ROLE)
#: login → roles it may step into. None of them inherits anything: what a login may do, it does as a role.
LOGINS: dict[str, tuple[str, ...]] = {
    "samvirke_migrate": (OWNER_ROLE, *FUNCTION_OWNERS.values()),
    "samvirke_web": (*CONTENT_ROLES, ADMIN_ROLE, PRIVACY_ROLE),
    "samvirke_worker": (*CONTENT_ROLES, SWEEP_ROLE),
    "samvirke_auth": (),
}


def _statements(database: str, passwords: Mapping[str, str]) -> Iterator[sql.SQL | sql.Composed]:
    """Yield the statements in order. Roles belong to the whole server, so creation tolerates another database's run."""
    for role in NOLOGIN:
        yield _make_role(role, "NOLOGIN")
    for login in LOGINS:
        yield _make_role(login, "LOGIN")
        if login in passwords:
            yield sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(passwords[login]))
    for login, roles in LOGINS.items():
        for role in roles:
            yield sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(
                sql.Identifier(role), sql.Identifier(login)
            )
    db = sql.Identifier(database)
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(db)
    yield sql.SQL("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    for login in LOGINS:
        yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(db, sql.Identifier(login))
    for schema in SCHEMAS:
        yield _make_schema(schema, OWNER_ROLE)
        # USAGE without a table privilege lets a name resolve, so that the wrong world is refused loudly and not "does not exist".
        for role in (*CONTENT_ROLES, ADMIN_ROLE, PRIVACY_ROLE, SWEEP_ROLE, *FUNCTION_OWNERS.values(), *LOGINS):
            yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(sql.Identifier(schema), sql.Identifier(role))
    for schema, owner in FUNCTION_OWNERS.items():
        yield _make_schema(schema, owner)
    for role in (OWNER_ROLE, *FUNCTION_OWNERS.values(), *CONTENT_ROLES, ADMIN_ROLE, PRIVACY_ROLE, SWEEP_ROLE, *LOGINS):
        yield sql.SQL("GRANT USAGE ON SCHEMA sec TO {}").format(sql.Identifier(role))


def _make_role(role: str, how: str) -> sql.Composed:
    options = sql.SQL("{} NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB NOREPLICATION NOINHERIT".replace("{}", how))
    return sql.SQL(
        "DO $$ BEGIN CREATE ROLE {role} {options}; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
    ).format(role=sql.Identifier(role), options=options)


def _make_schema(schema: str, owner: str) -> sql.Composed:
    return sql.SQL("CREATE SCHEMA IF NOT EXISTS {} AUTHORIZATION {}").format(
        sql.Identifier(schema), sql.Identifier(owner)
    )


def provision(connection: Connection, *, passwords: Mapping[str, str]) -> None:
    """Make roles and schemas in the connected database; `passwords` by login name, none where the server trusts the socket.

    Runs as one transaction under a lock of the whole server, because roles are shared by all its databases.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(7126)")
        connection.execute("SET LOCAL client_min_messages = warning")
        for statement in _statements(connection.info.dbname, passwords):
            connection.execute(statement)
