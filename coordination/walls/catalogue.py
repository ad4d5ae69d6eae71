"""The live catalogue against the declarations: what is weak, and where the two differ. Reads the system catalogue only."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from coordination.walls.declaration import Kind, spelled_out, wall_of, walled_models
from coordination.walls.policies import Fence, fence
from coordination.worlds import CONTENT_ROLES, SCHEMAS

WEAKNESSES = Path(__file__).with_name("sql") / "weaknesses.sql"
OPEN_KINDS = {Kind.REFERENCE, Kind.LOGIN, Kind.SYSTEM}


@dataclass(frozen=True)
class Weakness:
    """One thing wrong: what, and where."""

    problem: str
    place: str


def _tables(*kinds: Kind) -> list[str]:
    return [m._meta.db_table for m in walled_models() if (w := wall_of(m)) and w.kind in kinds]


def weaknesses(using: str = "auth") -> list[Weakness]:
    """Return what is weak in the live database, in the eyes of any login; none in a sound one."""
    names = {
        "content_roles": CONTENT_ROLES,
        "schemas": SCHEMAS,
        "walled": [m._meta.db_table for m in walled_models() if (w := wall_of(m)) and w.kind not in OPEN_KINDS],
        "reference": _tables(*OPEN_KINDS),
        "letters": _tables(Kind.LETTER),
        "staff": _tables(Kind.STAFF),
        "shared": _tables(Kind.SHARED),
        "deletable": [*_tables(Kind.GRANT, Kind.LOGIN), "django_session"],
    }
    text = WEAKNESSES.read_text()
    for name, values in names.items():
        # Names of tables and roles from code; quoted as literals all the same.
        text = text.replace("{" + name + "}", ", ".join("'" + v.replace("'", "''") + "'" for v in values) or "NULL")
    with connections[using].cursor() as cursor:
        cursor.execute(text)
        return [Weakness(*row) for row in cursor.fetchall()]


def differences() -> list[Weakness]:
    """Return where policies or privileges differ from the declarations, found by raising each wall anew on a probe and comparing.

    Runs as the owner in a transaction that is rolled back; nothing is left behind.
    """
    found: list[Weakness] = []
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for model in walled_models():
            found += _compare(cursor, fence(spelled_out(model)))
        transaction.set_rollback(True, using="owner")
    return found


def _compare(cursor: Any, f: Fence) -> Iterator[Weakness]:
    """Yield the differences of one table. The probe is a copy of its columns under a name that the expressions then mention."""
    cursor.execute("SELECT to_regclass(%s)", [f.qualified])
    if cursor.fetchone()[0] is None:
        yield Weakness("declared table is missing", f.qualified)
        return
    probe = f"{f.schema}.walls_probe"
    cursor.execute(f"CREATE TABLE {probe} (LIKE {f.qualified})")
    for policy in f.policies:
        cursor.execute(policy.sql(probe).replace(f"{f.table}.", "walls_probe."))
    for role, what in f.privileges:
        cursor.execute(f"GRANT {what} ON {probe} TO {role}")
    wanted, live = _policies(cursor, probe), _policies(cursor, f.qualified)
    wanted = {row.replace("walls_probe", f.table) for row in wanted}
    yield from (Weakness("policy is missing", f"{f.qualified}: {row}") for row in sorted(wanted - live))
    yield from (Weakness("policy is not declared", f"{f.qualified}: {row}") for row in sorted(live - wanted))
    wanted, live = _privileges(cursor, probe), _privileges(cursor, f.qualified)
    yield from (Weakness("privilege is missing", f"{f.qualified}: {row}") for row in sorted(wanted - live))
    yield from (Weakness("privilege is not declared", f"{f.qualified}: {row}") for row in sorted(live - wanted))
    cursor.execute(f"DROP TABLE {probe}")


def _policies(cursor: Any, table: str) -> set[str]:
    cursor.execute(
        """SELECT concat_ws(' | ', polname, polcmd, polpermissive, (SELECT string_agg(r::regrole::text, ',' ORDER BY r) FROM unnest(polroles) r),
                  pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)) FROM pg_policy WHERE polrelid = %s::regclass""",
        [table],
    )
    return {row[0] for row in cursor.fetchall()}


def _privileges(cursor: Any, table: str) -> set[str]:
    cursor.execute(
        """SELECT a.grantee::regrole || ' ' || a.privilege_type FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = %(t)s::regclass AND a.grantee <> 0
            AND a.grantee <> c.relowner
           UNION SELECT a.grantee::regrole || ' ' || a.privilege_type || ' ' || t.attname FROM pg_attribute t, aclexplode(t.attacl) a
            WHERE t.attrelid = %(t)s::regclass AND t.attnum > 0
           UNION SELECT 'PUBLIC ' || a.privilege_type FROM pg_class c, aclexplode(c.relacl) a WHERE c.oid = %(t)s::regclass AND a.grantee = 0""",
        {"t": table},
    )
    return {row[0] for row in cursor.fetchall()}
