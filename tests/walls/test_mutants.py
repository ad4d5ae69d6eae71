"""Weakens every wall in turn and shows that the behaviour tests notice: a suite that cannot fail proves nothing.

`notices` is the behaviour suite for one table, against the oracle; the catalogue comparison is tried on the same mutants apart.
"""

import uuid

import psycopg
import pytest
from psycopg import sql

from coordination.walls.declaration import Kind
from coordination.worlds import PERSONAL_WORLDS
from tests.walls.test_rows import _copy
from tests.walls.world import CONTENT, TABLES, Filled, Somebody

PLAIN_UPDATE = {Kind.PERSONAL, Kind.SUBJECT, Kind.AGENCY}


def _attempt(filled: Filled, who: Somebody, table: str, key: uuid.UUID, change: dict) -> bool:
    """Return whether a copied row with a change can be written."""
    try:
        with filled.acting(who) as connection:
            return _copy(connection, table, key, change) == 1
    except psycopg.errors.InsufficientPrivilege:
        return False


def _blind_update(filled: Filled, who: Somebody, table: str) -> int | None:
    """Return how many rows an UPDATE touches that reads no column, so that only the UPDATE policy guards it; None where refused."""
    try:
        with filled.acting(who) as connection:
            return connection.execute(sql.SQL("UPDATE {} SET version = 2").format(sql.Identifier(table))).rowcount
    except psycopg.errors.InsufficientPrivilege:
        return None


def _move(filled: Filled, who: Somebody, table: str, column: str, to: uuid.UUID) -> bool:
    """Return whether own rows can be pointed at another owner or person, by an UPDATE that reads no column.

    With a WHERE the rows would have to pass the reading policy too, and a weak UPDATE policy would hide behind it.
    """
    try:
        with filled.acting(who) as connection:
            statement = sql.SQL("UPDATE {} SET {} = %s").format(sql.Identifier(table), sql.Identifier(column))
            return connection.execute(statement, [to]).rowcount > 0
    except psycopg.errors.InsufficientPrivilege:
        return False


def notices(filled: Filled, table: str) -> list[str]:
    """Return what is wrong with the behaviour of one table; nothing when its wall stands as declared."""
    wall, found = TABLES[table], []
    for who in (m for m in filled.members if m.world is wall.world and m.reach != "admin"):
        expected = filled.expected(who, table)
        try:
            readable = filled.readable(who, table)
        except psycopg.errors.InsufficientPrivilege:
            readable = None
        if readable != expected:
            found.append(f"{who.reach} reads {None if readable is None else len(readable)} of {len(expected)}")
        closed = wall.kind is Kind.AGENCY and who.reach == "unit"
        if (
            wall.kind in PLAIN_UPDATE
            and not wall.appends
            and not closed
            and _blind_update(filled, who, table) != len(expected)
        ):
            found.append(f"{who.reach} updates other rows")
        if wall.kind is Kind.SUBJECT:
            other = next(a for a in filled.people if a != who.agency and _world(filled, a) is who.world)
            own = sorted(expected)[0]
            if not _attempt(filled, who, table, own, {}):
                found.append(f"{who.reach} cannot register")
            if _attempt(filled, who, table, own, {"agency_id": other}):
                found.append(f"{who.reach} registers into another agency")
            if _move(filled, who, table, "agency_id", other):
                found.append(f"{who.reach} moves a person to another agency")
        if wall.kind is Kind.AGENCY and not closed:
            other = next(a for a in filled.people if a != who.agency and _world(filled, a) is who.world)
            if _attempt(filled, who, table, sorted(expected)[0], {"agency_id": other}):
                found.append(f"{who.reach} writes into another agency")
        desk = {key for key in expected if filled.rows[table][key][1] is None}
        # Only what its author alone reads may be about nobody.
        if (
            wall.kind is Kind.PERSONAL
            and who.reach == "unit"
            and desk
            and _attempt(filled, who, table, min(desk), {}) is not wall.nobody
        ):
            found.append("unit writes about nobody, or cannot where it may")
        if wall.kind is Kind.PERSONAL and expected:
            own = sorted(expected - desk)[0]
            known = {
                person
                for person in filled.people[who.agency]
                if who.reach == "agency" or any((person, g) in filled.grants for g in who.groups)
            }
            other = next(a for a in filled.people if a != who.agency and _world(filled, a) is who.world)
            hidden = [p for p in filled.people[who.agency] if p not in known] + filled.people[other]
            if not _attempt(filled, who, table, own, {}):
                found.append(f"{who.reach} cannot write")
            if _attempt(filled, who, table, own, {"agency_id": other}):
                found.append(f"{who.reach} writes into another agency")
            if any(_attempt(filled, who, table, own, {wall.person: person}) for person in (hidden[0], hidden[-1])):
                found.append(f"{who.reach} writes about a hidden person")
            if not wall.appends and any(
                _move(filled, who, table, wall.person, person) for person in (hidden[0], hidden[-1])
            ):
                found.append(f"{who.reach} moves a row to a hidden person")
    if filled.readable(None, table, f"samvirke_{wall.world}_agency"):
        found.append("nobody reads")
    return found


def _world(filled: Filled, agency: uuid.UUID):
    return next(m.world for m in filled.members if m.agency == agency)


def _policies(filled: Filled, table: str) -> list[tuple[str, str, str, bool, str | None, str | None]]:
    """Return the policies that guard a table against content roles."""
    return filled.admin.execute(
        "SELECT p.polname, p.polcmd, r.rolname, p.polpermissive, pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid) FROM pg_policy p "
        "JOIN pg_roles r ON r.oid = ANY (p.polroles) WHERE p.polrelid = %s::regclass AND (r.rolname LIKE '%%\\_agency' OR r.rolname LIKE '%%\\_unit')",
        [table],
    ).fetchall()


@pytest.mark.parametrize("table", CONTENT)
def test_a_sound_wall_is_not_noticed(filled, table):
    assert notices(filled, table) == []


@pytest.mark.parametrize("table", CONTENT)
def test_every_mutant_of_a_policy_is_noticed(filled, table):
    survivors, tried = [], 0
    for name, command, _role, permissive, using, check in _policies(filled, table):
        for mutant in _mutants(table, name, using, check):
            if TABLES[table].kind is Kind.LETTER and command == "w":
                continue  # filing is guarded by column privileges and tried in the letterbox's own tests
            tried += 1
            filled.admin.execute("BEGIN")
            filled.admin.execute(mutant)
            filled.admin.execute("COMMIT")
            try:
                if not notices(filled, table):
                    survivors.append(mutant)
            finally:
                _mend(filled, table, name, command, _role, permissive, using, check)
    assert tried
    assert survivors == []
    assert notices(filled, table) == []


def _mutants(table: str, name: str, using: str | None, check: str | None) -> list[str]:
    mutants = [f"DROP POLICY {name} ON {table}"]
    if using:
        mutants.append(f"ALTER POLICY {name} ON {table} USING (true)")
        mutants.append(f"ALTER POLICY {name} ON {table} USING (NOT ({using}))")
    if check:
        mutants.append(f"ALTER POLICY {name} ON {table} WITH CHECK (true)")
    return mutants


def _mend(filled, table, name, command, role, permissive, using, check) -> None:
    verb = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "*": "ALL"}[
        command if isinstance(command, str) else command.decode()
    ]
    filled.admin.execute(f"DROP POLICY IF EXISTS {name} ON {table}")
    filled.admin.execute(
        f"CREATE POLICY {name} ON {table} {'' if permissive else 'AS RESTRICTIVE '}FOR {verb} TO {role}"
        + (f" USING ({using})" if using else "")
        + (f" WITH CHECK ({check})" if check else "")
    )


@pytest.mark.parametrize("table", CONTENT)
def test_row_security_off_is_noticed(filled, table):
    filled.admin.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    try:
        assert notices(filled, table)
    finally:
        filled.admin.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


@pytest.mark.parametrize("world", PERSONAL_WORLDS)
@pytest.mark.parametrize("reach", ["agency", "unit"])
def test_a_role_that_bypasses_row_security_is_noticed(filled, world, reach):
    """Roles belong to the whole server, so the twin of the role is tried, given to the web login for the occasion."""
    table = next(t for t in CONTENT if TABLES[t].world is world and TABLES[t].kind is Kind.PERSONAL)
    twin = f"walls_twin_{world}_{reach}_{uuid.uuid4().hex[:6]}"
    filled.admin.execute(f"CREATE ROLE {twin} BYPASSRLS IN ROLE samvirke_{world}_{reach}")
    filled.admin.execute(f"GRANT {twin} TO samvirke_web WITH INHERIT FALSE, SET TRUE")
    filled.admin.execute(f"GRANT SELECT ON {table} TO {twin}")
    try:
        who = next(m for m in filled.members if m.world is world and m.reach == reach)
        assert filled.readable(who, table, twin) != filled.expected(who, table)
    finally:
        filled.admin.execute(f"DROP OWNED BY {twin}")
        filled.admin.execute(f"DROP ROLE {twin}")


@pytest.mark.parametrize("table", [t for t in CONTENT if TABLES[t].kind is Kind.PERSONAL])
def test_the_owner_as_application_reads_nothing_while_forced_and_everything_when_not(filled, table):
    """FORCE is what stops an application that runs as the owner; without it the rows come, and with it none."""
    count = f"SELECT count(*) FROM {table}"
    filled.admin.execute("SET ROLE samvirke_owner")
    try:
        assert filled.admin.execute(count).fetchone()[0] == 0
        filled.admin.execute("RESET ROLE")
        filled.admin.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        filled.admin.execute("SET ROLE samvirke_owner")
        assert filled.admin.execute(count).fetchone()[0] == len(filled.rows[table])
    finally:
        filled.admin.execute("RESET ROLE")
        filled.admin.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
