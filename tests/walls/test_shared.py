"""The ground between agencies: two read a row there, a third none, nobody writes another's, and no inmate is ever on it."""

import itertools
import uuid

import psycopg
import pytest

from coordination.walls.catalogue import weaknesses
from coordination.walls.declaration import Kind
from coordination.worlds import CONTENT_ROLES
from tests.walls.test_mutants import _attempt, _blind_update, _mend, _move, _mutants
from tests.walls.test_rows import _copy
from tests.walls.world import PARENTS, SHARED, Filled, Somebody


def acting_members(filled: Filled) -> list[Somebody]:
    return [who for who in filled.members if who.reach != "admin"]


def own_rows(filled: Filled, who: Somebody, table: str) -> list[uuid.UUID]:
    return sorted(key for key, (agency, _person) in filled.rows[table].items() if agency == who.agency)


def notices(filled: Filled, table: str) -> list[str]:
    """Return what is wrong with the behaviour of one table; nothing when its wall stands as declared."""
    wall, found = SHARED[table], []
    # One reach of each agency reads; the policies are the same for all six roles, as another test shows.
    for who in [m for m in acting_members(filled) if m.reach == "agency"]:
        expected, own = filled.expected(who, table), own_rows(filled, who, table)
        try:
            readable = filled.readable(who, table)
        except psycopg.errors.InsufficientPrivilege:
            readable = None
        if readable != expected:
            found.append(f"reads {None if readable is None else len(readable)} of {len(expected)}")
            continue
        theirs = next(filled.rows[table][key][0] for key in sorted(expected) if key not in own)
        if not wall.appends and _blind_update(filled, who, table) != len(own):
            found.append("updates another's row")
        if not wall.appends and _moved(filled, who, table, "agency_id", theirs):
            found.append("gives a row away")
        if not _attempt(filled, who, table, own[0], {}):
            found.append("cannot write")
        # Behind their own rows, so that the policy alone is there to refuse it.
        behind = {
            column: next(key for key, (agency, _person) in filled.rows[parent].items() if agency == theirs)
            for column, parent in PARENTS[table]
        }
        if _attempt(filled, who, table, own[0], {"agency_id": theirs, **behind}):
            found.append("writes as another")
        for column, parent in PARENTS[table]:
            hidden = next(key for key in filled.rows[parent] if key not in filled.expected(who, parent))
            shared = next(key for key in filled.expected(who, parent) if filled.rows[parent][key][0] != who.agency)
            if wall.kind is Kind.PARTY:
                # Bound by a key and not by a policy; the answer is the same for a row that is not there.
                answers = {named_party(filled, who, table, own[0], column, to) for to in (hidden, shared, uuid.uuid4())}
                found += [] if len(answers) == 1 and None not in answers else ["names parties of another's row"]
                continue
            if _attempt(filled, who, table, own[0], {column: hidden}):
                found.append("writes behind what is hidden")
            if _attempt(filled, who, table, own[0], {column: shared}) is not wall.joins:
                found.append("a party writes what only the owner may, or cannot add")
            if not wall.appends and _moved(filled, who, table, column, shared):
                found.append("moves a row behind another's")
    return found


def _moved(filled: Filled, who: Somebody, table: str, column: str, to: uuid.UUID) -> bool:
    """Return whether the policy lets own rows be moved; that a key of parties stops it after all is not the policy's merit."""
    try:
        return _move(filled, who, table, column, to)
    except psycopg.errors.ForeignKeyViolation:
        return True


def named_party(filled: Filled, who: Somebody, table: str, key: uuid.UUID, column: str, to: uuid.UUID) -> str | None:
    """Return what the database says to a party of some row, without the key it was asked about; None where a policy answers."""
    try:
        with filled.acting(who) as connection:
            _copy(connection, table, key, {column: to})
            return None
    except psycopg.errors.InsufficientPrivilege:
        return None
    except psycopg.errors.ForeignKeyViolation as refused:
        return str(refused).replace(str(to), "")


def test_every_reach_of_every_world_reads_exactly_what_it_owns_or_shares(filled):
    for who, table in itertools.product(acting_members(filled), SHARED):
        assert filled.readable(who, table) == filled.expected(who, table) != set(), (table, who.world, who.reach)


def test_a_third_agency_reads_nothing_and_there_is_something_to_read(filled):
    agencies = {who.agency: who for who in acting_members(filled)}
    for table in SHARED:
        seen = {agency: filled.readable(who, table) for agency, who in agencies.items()}
        every = set(filled.rows[table])
        assert set().union(*seen.values()) == every
        for key in every:
            assert sum(key in rows for rows in seen.values()) == 2, "its owner and one party"


@pytest.mark.parametrize("table", SHARED)
def test_every_mutant_of_a_policy_is_noticed(filled, table):
    assert notices(filled, table) == []
    survivors, tried = [], 0
    for name, command, role, permissive, using, check in policies(filled, table):
        for mutant in _mutants(table, name, using, check):
            tried += 1
            filled.admin.execute(mutant)
            try:
                if not notices(filled, table):
                    survivors.append(mutant)
            finally:
                _mend(filled, table, name, command, role, permissive, using, check)
    assert tried >= 5
    assert survivors == []
    assert notices(filled, table) == []


def policies(filled: Filled, table: str) -> list[tuple[str, str, str, bool, str | None, str | None]]:
    return filled.admin.execute(
        "SELECT polname, polcmd, (SELECT string_agg(r::regrole::text, ', ' ORDER BY r) FROM unnest(polroles) r), polpermissive, "
        "pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid) FROM pg_policy WHERE polrelid = %s::regclass",
        [table],
    ).fetchall()


@pytest.mark.parametrize("table", SHARED)
def test_the_same_policies_hold_for_all_who_read_content_and_for_nobody_else(filled, table):
    assert {tuple(sorted(role.split(", "))) for _n, _c, role, *_rest in policies(filled, table)} == {
        tuple(sorted(CONTENT_ROLES))
    }
    for who in (m for m in filled.members if m.reach == "admin"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), filled.acting(who) as connection:
            connection.execute(f"SELECT 1 FROM {table}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege), filled.acting(None) as connection:
        connection.execute(f"SELECT 1 FROM {table}")
    for role in CONTENT_ROLES:
        assert filled.readable(None, table, role) == set(), "a role without an identity"
    for who in acting_members(filled)[:2]:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), filled.acting(who) as connection:
            connection.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", SHARED)
def test_an_administrator_who_steps_into_a_content_role_reads_nothing(filled, table):
    for who in (m for m in filled.members if m.reach == "admin"):
        for role in CONTENT_ROLES:
            assert filled.readable(who, table, role) == set()


@pytest.mark.parametrize("table", [t for t, wall in SHARED.items() if wall.kind is Kind.PARTY])
def test_naming_oneself_as_a_party_opens_nothing(filled, table):
    """Only what the owner wrote there counts, even if somebody got a row past the policy."""
    ((column, parent),) = PARENTS[table]
    who = next(m for m in acting_members(filled) if m.reach == "agency")
    hidden = next(key for key in filled.rows[parent] if key not in filled.expected(who, parent))
    forged = filled.admin.execute(
        f"INSERT INTO {table} (id, agency_id, version, {column}, party_id) VALUES (gen_random_uuid(), %s, 1, %s, %s) RETURNING id",
        [who.agency, hidden, who.agency],
    ).fetchone()[0]
    try:
        assert hidden not in filled.readable(who, parent)
    finally:
        filled.admin.execute(f"DELETE FROM {table} WHERE id = %s", [forged])


SEEDS = {
    "a table nobody declared": ("CREATE TABLE cooperation.seeded (id uuid)", "DROP TABLE cooperation.seeded"),
    "a way to an inmate": (
        "ALTER TABLE cooperation.cooperation_deviation ADD COLUMN seeded uuid REFERENCES custody.coordination_person",
        "ALTER TABLE cooperation.cooperation_deviation DROP COLUMN seeded",
    ),
}


@pytest.mark.parametrize("seed", SEEDS)
def test_the_catalogue_keeps_inmates_off_the_shared_ground(cast, admin, seed):
    weaken, mend = SEEDS[seed]
    admin.execute(weaken)
    try:
        assert [w for w in weaknesses() if "shared" in w.problem]
    finally:
        admin.execute(mend)
    assert weaknesses() == []
