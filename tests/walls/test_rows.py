"""What anybody can read with every application filter taken away, over every table, against an independent oracle."""

import itertools

import psycopg
import pytest

from coordination.walls.declaration import Kind
from coordination.worlds import CONTENT_ROLES, PERSONAL_WORLDS
from tests.walls.world import CONTENT, TABLES, roles_of, tables_of


def test_there_is_something_behind_every_wall(filled):
    for table in CONTENT:
        agencies = {agency for agency, _person in filled.rows[table].values()}
        assert len(agencies) == 2, table


def test_everybody_reads_exactly_their_own(filled):
    wrong = []
    for who in filled.members:
        if who.reach == "admin":
            continue
        for table in tables_of(who.world):
            if filled.readable(who, table) != filled.expected(who, table):
                wrong.append((table, who.reach, who.world))
    assert wrong == []


def test_the_oracle_is_not_empty(filled):
    for who in filled.members:
        if who.reach != "admin":
            assert any(filled.expected(who, table) for table in tables_of(who.world))


def test_rows_of_two_agencies_never_meet(filled):
    for world in PERSONAL_WORLDS:
        members = [m for m in filled.members if m.world is world and m.reach != "admin"]
        for table in tables_of(world):
            seen = {m.token: filled.readable(m, table) for m in members}
            for one, other in itertools.combinations(members, 2):
                if one.agency != other.agency:
                    assert not seen[one.token] & seen[other.token], table


@pytest.mark.parametrize("role", CONTENT_ROLES)
def test_without_an_identity_no_role_reads_a_row(filled, role):
    for table in CONTENT:
        if role in roles_of(TABLES[table].world):
            assert filled.readable(None, table, role) == set(), table


def test_without_a_role_the_login_reads_nothing(filled):
    for table in CONTENT:
        with pytest.raises(psycopg.errors.InsufficientPrivilege), filled.acting(None) as connection:
            connection.execute(f"SELECT 1 FROM {table}")


def test_another_world_is_refused_loudly(filled):
    for who in filled.members:
        for table in CONTENT:
            if TABLES[table].world is not who.world:
                with pytest.raises(psycopg.errors.InsufficientPrivilege), filled.acting(who) as connection:
                    connection.execute(f"SELECT 1 FROM {table}")


def test_an_injection_into_another_role_reads_no_more(filled):
    for who in filled.members:
        for role in CONTENT_ROLES:
            for table in CONTENT:
                if role not in roles_of(TABLES[table].world):
                    continue
                seen = filled.readable(who, table, role)
                if TABLES[table].world is not who.world or who.reach == "admin":
                    assert seen == set(), (table, who.world, who.reach, role)
                else:
                    assert seen <= filled.expected(who, table), (table, who.reach, role)


def test_an_administrator_reads_no_content(filled):
    for who in (m for m in filled.members if m.reach == "admin"):
        for table in CONTENT:
            with pytest.raises(psycopg.errors.InsufficientPrivilege), filled.acting(who) as connection:
                connection.execute(f"SELECT 1 FROM {table}")


def test_nobody_reads_passwords_sessions_or_the_log(filled):
    for who in filled.members:
        for table in (
            "base.coordination_user",
            "base.django_session",
            "sec.session",
            "sec.ctx_key",
            "audit.entry",
            "audit.seal",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), filled.acting(who) as connection:
                connection.execute(f"SELECT 1 FROM {table}")


def test_an_ended_membership_reads_nothing_from_the_next_statement_on(filled):
    who = next(m for m in filled.members if m.reach == "agency")
    table = tables_of(who.world)[0]
    try:
        with filled.acting(who) as connection:
            assert connection.execute(f"SELECT 1 FROM {table}").fetchone()
            filled.admin.execute(
                "UPDATE base.coordination_membership SET ended_at = now() WHERE id = %s", [who.membership]
            )
            assert connection.execute(f"SELECT 1 FROM {table}").fetchone() is None
    finally:
        filled.admin.execute("UPDATE base.coordination_membership SET ended_at = NULL WHERE id = %s", [who.membership])
    assert filled.readable(who, table)


def test_a_grant_taken_away_works_from_the_next_statement_on(filled):
    for who in (m for m in filled.members if m.reach == "unit"):
        subject = next(t for t, w in TABLES.items() if w.kind is Kind.SUBJECT and w.world is who.world)
        grants = next(t for t, w in TABLES.items() if w.kind is Kind.GRANT and w.world is who.world)
        known = sorted(filled.expected(who, subject))
        if not known:
            continue
        with filled.acting(who) as connection:
            assert connection.execute(f"SELECT 1 FROM {subject} WHERE id = %s", [known[0]]).fetchone()
            # FIXTURE: the row is put back below, so that the oracle stays true.
            taken = filled.admin.execute(
                f"DELETE FROM {grants} WHERE content_object_id = %s RETURNING id, agency_id, group_id, content_object_id, permission_id",
                [known[0]],
            ).fetchall()
            assert connection.execute(f"SELECT 1 FROM {subject} WHERE id = %s", [known[0]]).fetchone() is None
        for row in taken:
            filled.admin.execute(
                f"INSERT INTO {grants} (id, agency_id, group_id, content_object_id, permission_id) VALUES (%s, %s, %s, %s, %s)",
                row,
            )
        assert known[0] in filled.readable(who, subject)


def test_nobody_writes_into_another_agency_or_about_a_hidden_person(filled):
    """Every table that can be inserted into: an own row copied with another agency, or with a person of another agency, is refused."""
    for who in (m for m in filled.members if m.reach == "agency"):
        other = next(a for a in filled.people if a != who.agency and _world_of(filled, a) is who.world)
        for table in tables_of(who.world):
            wall = TABLES[table]
            if wall.kind is not Kind.PERSONAL:
                continue
            own = sorted(filled.expected(who, table))[0]
            for change in ({"agency_id": other}, {wall.person: filled.people[other][0]}):
                with filled.acting(who) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
                    _copy(connection, table, own, change)
            with filled.acting(who) as connection:
                assert _copy(connection, table, own, {}) == 1, table


def test_nothing_can_be_deleted(filled):
    for who in (m for m in filled.members if m.reach != "admin"):
        for table in tables_of(who.world):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), filled.acting(who) as connection:
                connection.execute(f"DELETE FROM {table}")


def test_rows_do_not_move_to_another_agency(filled):
    for who in (m for m in filled.members if m.reach == "agency"):
        other = next(a for a in filled.people if a != who.agency and _world_of(filled, a) is who.world)
        for table in tables_of(who.world):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), filled.acting(who) as connection:
                connection.execute(f"UPDATE {table} SET agency_id = %s", [other])


def _world_of(filled, agency):
    return next(m.world for m in filled.members if m.agency == agency)


def _copy(connection, table: str, key, change: dict) -> int:
    columns = [
        c
        for (c,) in connection.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
            [table],
        ).fetchall()
    ]
    change = {"id": "gen", **change}
    chosen = ", ".join(
        "gen_random_uuid()" if c == "id" else (f"'{change[c]}'::uuid" if c in change else f'"{c}"') for c in columns
    )
    named = ", ".join(f'"{c}"' for c in columns)
    return connection.execute(
        f"INSERT INTO {table} ({named}) SELECT {chosen} FROM {table} WHERE id = %s", [key]
    ).rowcount
