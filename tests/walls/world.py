"""A database with something in every walled table of two agencies per world, made without any of the application's code.

Rows are filled by column type with superuser rights and constraints off, so that a new table is covered the day it is made.
"""

import itertools
import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from psycopg import sql

from coordination.walls.declaration import Kind, spelled_out, wall_of, walled_models
from coordination.worlds import PERSONAL_WORLDS, SCHEMAS, World, db_role
from tests.database import admin_url, login_url

VALUES = {
    "uuid": "gen_random_uuid()",
    "timestamp with time zone": "now()",
    "date": "current_date",
    "time without time zone": "localtime",
    "boolean": "false",
    "jsonb": "'{}'",
    "bytea": "sha256(gen_random_uuid()::text::bytea)",
    "integer": "floor(random() * 100000)::int",
    "smallint": "0",
    "bigint": "floor(random() * 1000000)::bigint",
    "numeric": "0",
    "double precision": "0",
    "ARRAY": "'{}'",
}


@dataclass
class Somebody:
    """A membership with an open session."""

    token: str
    agency: uuid.UUID
    world: World
    reach: str
    groups: list[int]
    membership: uuid.UUID


@dataclass
class Filled:
    """The database and the truth about it, kept outside the database."""

    name: str
    admin: psycopg.Connection
    members: list[Somebody] = field(default_factory=list)
    #: table → {row id: (agency, person or None)}
    rows: dict[str, dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID | None]]] = field(default_factory=dict)
    #: (person, group) pairs
    grants: set[tuple[uuid.UUID, int]] = field(default_factory=set)
    people: dict[uuid.UUID, list[uuid.UUID]] = field(default_factory=dict)
    #: letter or alert about nobody known → the group whose desk it lies on
    desks: dict[uuid.UUID, int] = field(default_factory=dict)
    #: what lies beside a letter → the letter, on whose desk it lies too
    beside: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    #: row with an author → the membership that alone reads it
    authors: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    #: rows that only those read who are named to ask for information, and the memberships that are
    answers: set[uuid.UUID] = field(default_factory=set)
    named: set[uuid.UUID] = field(default_factory=set)
    #: row on shared ground → the agencies it is shared with, its owner aside
    parties: dict[uuid.UUID, set[uuid.UUID]] = field(default_factory=dict)
    web: psycopg.Connection = field(init=False)

    def __post_init__(self) -> None:
        """Connect as the web login, which every acting transaction uses."""
        self.web = psycopg.connect(login_url("samvirke_web", self.name), options=f"-c search_path={','.join(SCHEMAS)}")

    @contextmanager
    def acting(self, who: Somebody | None, role: str | None = None) -> Iterator[psycopg.Connection]:
        """Give a transaction of the web login as somebody, in the role the database says or in one forced by an injection."""
        connection = self.web
        connection.rollback()
        try:
            if who is not None:
                row = connection.execute(
                    "SELECT set_config('role', a.db_role, true) FROM sec.begin(%s) a", [who.token]
                ).fetchone()
                assert row, "the session opens nothing"
            if role is not None:
                connection.execute("RESET ROLE")
                connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
            yield connection
        finally:
            connection.rollback()

    def readable(self, who: Somebody | None, table: str, role: str | None = None) -> set[uuid.UUID]:
        """Return the keys of every row somebody can read from a table with no filter at all."""
        with self.acting(who, role) as connection:
            if (
                table in TABLES
                and not TABLES[table].unit_reads
                and connection.execute("SELECT current_user").fetchone()[0].endswith("_unit")
            ):
                # The whole table is closed to this reach: refused, not empty.
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(sql.SQL("SELECT id FROM {}").format(sql.Identifier(table)))
                return set()
            return {
                r[0] for r in connection.execute(sql.SQL("SELECT id FROM {}").format(sql.Identifier(table))).fetchall()
            }

    def expected(self, who: Somebody, table: str) -> set[uuid.UUID]:
        """Return what the law of the house says they may read: the independent oracle."""
        if table in SHARED:
            return {k for k, (agency, _p) in self.rows[table].items() if who.agency in {agency, *self.parties[k]}}
        wall = TABLES[table]
        mine = {
            key: person
            for key, (agency, person) in self.rows[table].items()
            if agency == who.agency
            and self.authors.get(key, who.membership) == who.membership
            and (key not in self.answers or who.membership in self.named)
        }
        if who.reach == "agency":
            return set(mine)
        if wall.kind is Kind.AGENCY:
            return set(mine) if wall.unit_reads else set()
        if wall.kind is Kind.GRANT:
            return set()  # counted apart: grants are their own rows
        return {
            key
            for key, person in mine.items()
            if (
                wall.nobody or self.desks.get(key) in who.groups
                if person is None
                else any((person, group) in self.grants for group in who.groups)
            )
        }


TABLES = {
    m._meta.db_table: wall_of(m)
    for m in walled_models()
    if wall_of(m).kind not in {Kind.REFERENCE, Kind.LOGIN, Kind.SYSTEM, Kind.STAFF, Kind.SHARED}
}
#: The tables on the ground between agencies: the only ones that two agencies read, and never about an inmate.
SHARED = {m._meta.db_table: wall_of(m) for m in walled_models() if wall_of(m).kind is Kind.SHARED}
CONTENT = [t for t, w in TABLES.items() if w.kind is not Kind.GRANT]


PARENTS = {
    m._meta.db_table: spelled_out(m).get("parents", ())
    for m in walled_models()
    if m._meta.db_table in TABLES or m._meta.db_table in SHARED
}


def parents_first(world: World) -> list[str]:
    """Return the content tables of a world, each after those it points at."""
    left, ordered = tables_of(world) or list(SHARED), []
    while left:
        ready = [t for t in left if not any(p in left and p != t for _column, p in PARENTS[t])]
        assert ready, f"tables point at each other: {left}"
        ordered += ready
        left = [t for t in left if t not in ready]
    return ordered


def tables_of(world: World) -> list[str]:
    """Return the content tables of a world."""
    return [t for t in CONTENT if TABLES[t].world is world]


def _insert(admin: psycopg.Connection, table: str, given: dict[str, Any]) -> uuid.UUID:
    """Insert a row with `given` and something in every other column that must have something."""
    columns = admin.execute(
        "SELECT column_name, data_type, character_maximum_length FROM information_schema.columns WHERE table_name = %s "
        "AND (is_nullable = 'NO' OR column_name = ANY(%s)) AND is_generated = 'NEVER'",
        [table, list(given)],
    ).fetchall()
    names, values, parameters = [], [], []
    for column, kind, length in columns:
        names.append(sql.Identifier(column))
        if column in given:
            values.append(sql.SQL("%s"))
            parameters.append(given[column])
        elif kind in VALUES:
            values.append(sql.SQL(VALUES[kind]))
        else:
            values.append(sql.SQL("left(md5(gen_random_uuid()::text), {})").format(sql.Literal(length or 20)))
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
        sql.Identifier(table), sql.SQL(", ").join(names), sql.SQL(", ").join(values)
    )
    return admin.execute(statement, parameters).fetchone()[0]


def fill(name: str, *, people_each: int = 4, seed: int = 7) -> Filled:
    """Fill an empty database with two agencies a world, members of every reach, and rows in every walled table."""
    chance = random.Random(seed)
    admin = psycopg.connect(admin_url(name), autocommit=True)
    admin.execute("SET search_path = base, custody, municipal_health, specialist_health, cooperation")
    admin.execute("SET session_replication_role = replica")
    for table, constraint in admin.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = 'c' AND conrelid::regclass::text = ANY(%s)",
        [[*TABLES, *SHARED]],
    ).fetchall():
        admin.execute(
            sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(constraint))
        )
    # Unique keys too: rows are copied to try the walls, and what refuses must then be the wall.
    for schema, index, owner in admin.execute(
        "SELECT n.nspname, i.indexrelid::regclass::text, c.conname FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid "
        "JOIN pg_namespace n ON n.oid = t.relnamespace LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u' "
        "WHERE t.relname = ANY(%s) AND i.indisunique AND NOT i.indisprimary",
        [[*TABLES, *SHARED]],
    ).fetchall():
        if owner is None:
            admin.execute(
                sql.SQL("DROP INDEX {}.{}").format(
                    sql.Identifier(schema), sql.Identifier(index.strip('"').rpartition(".")[2])
                )
            )
        else:
            table = admin.execute(
                "SELECT conrelid::regclass::text FROM pg_constraint WHERE conname = %s AND contype = 'u'", [owner]
            ).fetchone()[0]
            admin.execute(
                sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.Identifier(table), sql.Identifier(owner))
            )
    # And the triggers that keep letters and consents as they were signed: without them only the wall is left to refuse.
    for table, trigger in admin.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE 'audit\\_%%' AND tgrelid::regclass::text = ANY(%s)",
        [[*TABLES, *SHARED]],
    ).fetchall():
        admin.execute(sql.SQL("DROP TRIGGER {} ON {}").format(sql.Identifier(trigger), sql.Identifier(table)))
    filled = Filled(name, admin, rows={t: {} for t in (*TABLES, *SHARED)})
    number = itertools.count(1000)
    for world, side in itertools.product(PERSONAL_WORLDS, ("a", "b")):
        agency = _insert(
            admin,
            "coordination_agency",
            {
                "world": world.value,
                "kind": "prison" if world is World.CUSTODY else world.value,
                "name": f"{world} {side}",
            },
        )
        groups = []
        units = []
        for unit_name in ("1", "2"):
            group = next(number)
            admin.execute(
                "INSERT INTO base.auth_group (id, name) OVERRIDING SYSTEM VALUE VALUES (%s, %s)", [group, str(group)]
            )
            units.append(
                _insert(admin, "coordination_unit", {"agency_id": agency, "group_id": group, "name": unit_name})
            )
            groups.append(group)
        for reach, unit in (("agency", None), ("unit", 0), ("unit", 1), ("admin", None)):
            _member(filled, agency, world, reach, units, groups, unit)
        if world is World.CUSTODY:
            # One of those with need to know is named to ask for information, and in one of the prisons whoever leads it.
            for member in [
                m
                for m in filled.members[-4:]
                if (m.reach == "unit" and m.groups == groups[1:]) or (m.reach, side) == ("agency", "a")
            ]:
                about = {"membership_id": member.membership, "valid_from": date.today() - timedelta(1)}
                _insert(admin, "consent_requestauthorisation", {"agency_id": agency, **about})
                filled.named.add(member.membership)
        _people(filled, chance, world, agency, units, groups, people_each)
    _between(filled)
    return filled


def _between(filled: Filled) -> None:
    """Let each agency share one of everything with the next, which adds what a party may add; all others stand outside."""
    agencies = list(filled.people)
    for owner, party in zip(agencies, agencies[1:] + agencies[:1], strict=True):
        born: dict[str, uuid.UUID] = {}
        for table in parents_first(World.COOPERATION):
            wall = SHARED[table]
            above = {column: born[parent] for column, parent in PARENTS[table]}
            named = {wall.parties: [party]} if wall.parties else {}
            for writer in (owner, party) if wall.joins else (owner,):
                key = born[table] = _insert(filled.admin, table, {"agency_id": writer, **above, **named})
                filled.rows[table][key] = (writer, None)
                filled.parties[key] = {owner, party}


def _member(
    filled: Filled, agency: uuid.UUID, world: World, reach: str, units: list, groups: list[int], unit: int | None
) -> None:
    user = _insert(filled.admin, "coordination_user", {})
    membership = _insert(
        filled.admin,
        "coordination_membership",
        {
            "user_id": user,
            "agency_id": agency,
            "reach": reach,
            "role": "administrator" if reach == "admin" else "duty_leader",
        },
    )
    if unit is not None:
        _insert(
            filled.admin,
            "coordination_membershipunit",
            {"agency_id": agency, "membership_id": membership, "unit_id": units[unit], "is_home": True},
        )
    token = f"{world}-{agency}-{reach}-{unit}"
    filled.admin.execute("SELECT sec.open_session(%s, %s, %s, '1 day', '1 day', true)", [token, user, membership])
    filled.members.append(Somebody(token, agency, world, reach, [groups[unit]] if unit is not None else [], membership))


def _people(
    filled: Filled, chance: random.Random, world: World, agency: uuid.UUID, units: list, groups: list[int], count: int
) -> None:
    subject = next(t for t, w in TABLES.items() if w.kind is Kind.SUBJECT and w.world is world)
    grants = next(t for t, w in TABLES.items() if w.kind is Kind.GRANT and w.world is world)
    filled.people[agency] = []
    for position in range(count):
        person = _insert(filled.admin, subject, {"agency_id": agency, "unit_id": units[0]})
        filled.rows[subject][person] = (agency, person)
        filled.people[agency].append(person)
        for group in groups:
            # The first is followed by all, the last by nobody, the rest by chance.
            if position == 0 or (position < count - 1 and chance.random() < 0.5):
                _insert(
                    filled.admin,
                    grants,
                    {"agency_id": agency, "group_id": group, "content_object_id": person, "permission_id": 1},
                )
                filled.grants.add((person, group))
        born: dict[str, uuid.UUID] = {}
        desk_born: dict[str, uuid.UUID] = {}
        answered: dict[str, uuid.UUID] = {}
        for table in parents_first(world):
            wall = TABLES[table]
            if wall.kind in {Kind.PERSONAL, Kind.LETTER}:
                # A row may only point at rows its writer sees: the same person's.
                parents = {column: born[parent] for column, parent in PARENTS[table] if parent in born}
                values = {"agency_id": agency, **parents, wall.person or "person_id": person}
                # What has an author: one of each colleague's.
                authors = [m.membership for m in filled.members if m.agency == agency] if wall.author else [None]
                for author in authors:
                    written = {wall.author: author} if author else {}
                    key = born[table] = _insert(filled.admin, table, {**values, **written})
                    filled.rows[table][key] = (agency, person)
                    if author:
                        filled.authors[key] = author
                    if wall.nobody and position == 0:
                        key = _insert(filled.admin, table, {"agency_id": agency, **written})
                        filled.rows[table][key] = (agency, None)
                        filled.authors[key] = author
            if wall.named or wall.behind in {column for column, parent in PARENTS[table] if parent in answered}:
                # An answer to a request, and what lies with it.
                given = {column: answered[parent] for column, parent in PARENTS[table] if parent in answered}
                kind = {"kind": wall.named[0]} if wall.named else {}
                key = answered[table] = _insert(
                    filled.admin, table, {"agency_id": agency, wall.person: person, **given, **kind}
                )
                filled.rows[table][key] = (agency, person)
                filled.answers.add(key)
            if wall.kind is Kind.LETTER and position < 2:
                # About somebody nobody here knows yet: it lies on a desk.
                given = {column: desk_born[parent] for column, parent in PARENTS[table] if parent in desk_born}
                key = desk_born[table] = _insert(
                    filled.admin, table, {"agency_id": agency, "desk_group_id": groups[position], **given}
                )
                filled.rows[table][key] = (agency, None)
                filled.desks[key] = groups[position]
                filled.beside |= dict.fromkeys([key] if given else [], next(iter(given.values()), key))
            if wall.kind is Kind.PERSONAL and wall.desk and position < 3:
                # The same for what says that such a letter waits; the third lies on no desk at all.
                desk = {wall.desk: units[position]} if position < 2 else {}
                key = _insert(filled.admin, table, {"agency_id": agency, **desk})
                filled.rows[table][key] = (agency, None)
                if desk:
                    filled.desks[key] = groups[position]
    for table in tables_of(world):
        if TABLES[table].kind is Kind.AGENCY:
            # One that is about somebody points at one of the agency's own.
            about = {column: filled.people[agency][0] for column, parent in PARENTS[table] if parent == subject}
            key = _insert(filled.admin, table, {"agency_id": agency, **about})
            filled.rows[table][key] = (agency, None)


def roles_of(world: World) -> tuple[str, str]:
    """Return the two content roles of a world."""
    return db_role(world, "agency"), db_role(world, "unit")
