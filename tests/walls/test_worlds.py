"""Random worlds: who follows whom, what lies on which desk, who works where, thrown anew; every table read by everybody, against the oracle.

A few in every run. As a drill, a thousand: `SAMVIRKE_WORLDS=1000 .venv/bin/pytest tests/walls/test_worlds.py -s`.
"""

import os
import random
import uuid
from collections import Counter
from collections.abc import Iterator

import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from coordination.walls.declaration import Kind
from tests.walls.world import TABLES, Filled, Somebody, tables_of

WORLDS = int(os.environ.get("SAMVIRKE_WORLDS", "6"))
UNITS = "base.coordination_membershipunit"
SEED = int(os.environ.get("SAMVIRKE_WORLDS_SEED", "2026"))


@pytest.fixture
def shaken(filled: Filled) -> Iterator[Filled]:
    """Give the filled database, and put back what was thrown about."""
    grants, desks, groups = set(filled.grants), dict(filled.desks), [list(who.groups) for who in filled.members]
    kept = {
        table: filled.admin.execute(f"SELECT to_jsonb(t) FROM {table} t").fetchall()
        for table in [*_grant_tables(), UNITS]
    }
    yield filled
    filled.grants, filled.desks = grants, desks
    for who, mine in zip(filled.members, groups, strict=True):
        who.groups = mine
    _lay(filled, desks)
    for table, rows in kept.items():
        filled.admin.execute(f"DELETE FROM {table}")
        for (row,) in rows:
            filled.admin.execute(
                f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_record(NULL::{table}, %s)",
                [Jsonb(row)],
            )


def _grant_tables() -> list[str]:
    return [f"{wall.world}.{table}" for table, wall in TABLES.items() if wall.kind is Kind.GRANT]


def _lay(filled: Filled, desks: dict[uuid.UUID, int]) -> None:
    """Write which desk each row about nobody known lies on."""
    for table, wall in TABLES.items():
        column = "desk_group_id" if wall.kind is Kind.LETTER else wall.desk
        if not column:
            continue
        value = (
            "d.g" if wall.kind is Kind.LETTER else "(SELECT u.id FROM base.coordination_unit u WHERE u.group_id = d.g)"
        )
        here = {key: group for key, group in desks.items() if key in filled.rows[table]}
        filled.admin.execute(
            f"UPDATE {wall.world}.{table} t SET {column} = {value} FROM unnest(%s::uuid[], %s::int[]) d (k, g) WHERE t.id = d.k",
            [list(here), list(here.values())],
        )


def throw(filled: Filled, chance: random.Random) -> None:
    """Make another world: other grants, other desks, other places of work."""
    groups = {
        row[0]: row[1]
        for row in filled.admin.execute(
            "SELECT agency_id, array_agg(group_id ORDER BY group_id) FROM base.coordination_unit GROUP BY 1"
        ).fetchall()
    }
    filled.grants = set()
    often = chance.random()
    for table, wall in TABLES.items():
        if wall.kind is not Kind.GRANT:
            continue
        rows = []
        for agency, people in filled.people.items():
            if next(m.world for m in filled.members if m.agency == agency) is wall.world:
                pairs = [(person, group) for person in people for group in groups[agency] if chance.random() < often]
                filled.grants.update(pairs)
                rows += [(agency, group, person) for person, group in pairs]
        filled.admin.execute(f"DELETE FROM {wall.world}.{table}")
        filled.admin.execute(
            f"INSERT INTO {wall.world}.{table} (id, agency_id, group_id, content_object_id, permission_id) "
            "SELECT gen_random_uuid(), a, g, p, 1 FROM unnest(%s::uuid[], %s::int[], %s::uuid[]) x (a, g, p)",
            [[row[column] for row in rows] for column in range(3)],
        )
    owners = {key: agency for rows in filled.rows.values() for key, (agency, _person) in rows.items()}
    filled.desks = {key: chance.choice(groups[owners[key]]) for key in filled.desks}
    filled.desks |= {key: filled.desks[letter] for key, letter in filled.beside.items()}
    _lay(filled, filled.desks)
    for who in filled.members:
        if who.reach == "unit":
            who.groups = [group for group in groups[who.agency] if chance.random() < 0.6]
            filled.admin.execute(f"DELETE FROM {UNITS} WHERE membership_id = %s", [who.membership])
            for group in who.groups:
                filled.admin.execute(
                    f"INSERT INTO {UNITS} (id, agency_id, membership_id, unit_id, is_home) "
                    "SELECT gen_random_uuid(), %s, %s, u.id, false FROM base.coordination_unit u WHERE u.group_id = %s",
                    [who.agency, who.membership, group],
                )


def compare(filled: Filled, who: Somebody) -> Counter[str]:
    """Return how many rows somebody read, and how many were leaked or missing, over every table of the world in one statement."""
    tables = [t for t in tables_of(who.world) if TABLES[t].unit_reads or who.reach == "agency"]
    parts = [
        sql.SQL("SELECT {} AS place, id FROM {}").format(sql.Literal(table), sql.Identifier(table)) for table in tables
    ]
    seen: dict[str, set[uuid.UUID]] = {table: set() for table in tables}
    with filled.acting(who) as connection:
        for table, key in connection.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall():
            seen[table].add(key)
    found: Counter[str] = Counter()
    for table in tables:
        expected = filled.expected(who, table)
        found["read"] += len(seen[table])
        found["leaked"] += len(seen[table] - expected)
        found["missing"] += len(expected - seen[table])
    return found


def test_nobody_reads_more_or_less_than_their_own_in_any_world(shaken: Filled):
    chance = random.Random(SEED)
    total: Counter[str] = Counter()
    sizes = set()
    for _world in range(WORLDS):
        throw(shaken, chance)
        here: Counter[str] = Counter()
        for who in shaken.members:
            if who.reach != "admin":
                here += compare(shaken, who)
        assert (here["leaked"], here["missing"]) == (0, 0)
        sizes.add(here["read"])
        total += here
    print(f"{WORLDS} worlds, {total['read']} rows read, {total['leaked']} leaked, {total['missing']} missing")
    assert total["read"] > 100 * WORLDS
    assert len(sizes) > 1, "the worlds differ"


def test_a_world_that_differs_from_what_the_oracle_was_told_is_noticed(shaken: Filled):
    """The twin: one grant more than the oracle knows of shows as a leak."""
    throw(shaken, random.Random(SEED))
    who = next(
        w
        for w in shaken.members
        if w.reach == "unit"
        and w.groups
        and any((p, g) in shaken.grants for p in shaken.people[w.agency] for g in w.groups)
    )
    pair = next((p, g) for p in shaken.people[who.agency] for g in who.groups if (p, g) in shaken.grants)
    lost = {(pair[0], group) for group in who.groups}
    shaken.grants -= lost
    assert compare(shaken, who)["leaked"] > 0
