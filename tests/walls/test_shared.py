"""The ground between agencies: two read a row there, a third none, nobody writes another's, and no inmate is ever on it."""

import itertools
import uuid

import psycopg
import pytest

from coordination.walls.catalogue import weaknesses
from coordination.worlds import CONTENT_ROLES
from tests.walls.test_mutants import _attempt, _blind_update, _mend, _move, _mutants
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
        if not wall.appends and _move(filled, who, table, "agency_id", theirs):
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
            if _attempt(filled, who, table, own[0], {column: hidden}):
                found.append("writes behind what is hidden")
            if _attempt(filled, who, table, own[0], {column: shared}) is not wall.joins:
                found.append("a party writes what only the owner may, or cannot add")
            if not wall.appends and _move(filled, who, table, column, shared):
                found.append("moves a row behind another's")
    return found


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
