"""Roles, schemas and privileges are made once: again changes nothing, and puts back what somebody took away."""

from typing import Any

import psycopg
import pytest

from coordination.walls.provision import LOGINS, provision

STANDING = (
    "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolcanlogin FROM pg_roles WHERE rolname LIKE 'samvirke%' ORDER BY 1",
    (
        "SELECT r.rolname, m.rolname, inherit_option, set_option FROM pg_auth_members a "
        "JOIN pg_roles r ON r.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE m.rolname LIKE 'samvirke%' ORDER BY 1, 2"
    ),
    "SELECT nspname, nspowner::regrole::text, nspacl::text FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
    "SELECT datacl::text FROM pg_database WHERE datname = current_database()",
)


def standing(admin: psycopg.Connection[Any]) -> list[Any]:
    return [admin.execute(question).fetchall() for question in STANDING]


def test_again_changes_nothing(cast, admin):
    before = standing(admin)
    assert {row[0] for row in before[0]} > set(LOGINS)
    assert not any(row[1] or row[2] or row[3] for row in before[0]), "no role rules over the walls"
    for _again in range(2):
        provision(admin, passwords={})
    assert standing(admin) == before


def test_what_was_taken_away_is_put_back(cast, admin):
    """A privilege of this database only: roles belong to the whole server, where other tests run."""
    before = standing(admin)
    admin.execute("REVOKE USAGE ON SCHEMA custody FROM samvirke_web")
    assert standing(admin) != before
    provision(admin, passwords={})
    after = standing(admin)
    assert [after[0], after[1], after[3]] == [before[0], before[1], before[3]]
    usage = "SELECT has_schema_privilege('samvirke_web', 'custody', 'USAGE')"
    assert admin.execute(usage).fetchone() == (True,)


def test_a_half_done_run_leaves_nothing_behind(cast, admin):
    """One transaction: a statement that fails takes the ones before it away again."""
    admin.execute("REVOKE USAGE ON SCHEMA custody FROM samvirke_web")
    with pytest.raises(psycopg.Error):
        provision(admin, passwords={"samvirke_auth": "\0"})
    usage = "SELECT has_schema_privilege('samvirke_web', 'custody', 'USAGE')"
    assert admin.execute(usage).fetchone() == (False,)
    provision(admin, passwords={})
    assert admin.execute(usage).fetchone() == (True,)
