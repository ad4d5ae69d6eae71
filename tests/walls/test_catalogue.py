"""The catalogue comparison finds every seeded weakness and every drift from the declarations, and nothing in a sound database."""

import pytest
from django.core.management import CommandError, call_command

from coordination.walls.catalogue import differences, weaknesses
from coordination.walls.written import unwritten

SEEDS = {
    "row security off": ("ALTER TABLE custody.coordination_person DISABLE ROW LEVEL SECURITY", "ALTER TABLE custody.coordination_person ENABLE ROW LEVEL SECURITY"),
    "not forced": ("ALTER TABLE custody.coordination_person NO FORCE ROW LEVEL SECURITY", "ALTER TABLE custody.coordination_person FORCE ROW LEVEL SECURITY"),
    "policy to public": ("CREATE POLICY seeded ON custody.coordination_person USING (true)", "DROP POLICY seeded ON custody.coordination_person"),
    "policy that sees all": (
        "CREATE POLICY seeded ON custody.coordination_stay TO samvirke_custody_unit USING (true)",
        "DROP POLICY seeded ON custody.coordination_stay",
    ),
    "policy of another world": (
        "CREATE POLICY seeded ON custody.coordination_stay TO samvirke_municipal_health_unit USING (agency_id = sec.agency())",
        "DROP POLICY seeded ON custody.coordination_stay",
    ),
    "privilege of another world": (
        "GRANT SELECT (id) ON custody.coordination_person TO samvirke_municipal_health_agency",
        "REVOKE SELECT (id) ON custody.coordination_person FROM samvirke_municipal_health_agency",
    ),
    "plain view": ("CREATE VIEW custody.seeded AS SELECT 1 AS one", "DROP VIEW custody.seeded"),
    "materialized view": ("CREATE MATERIALIZED VIEW custody.seeded AS SELECT 1 AS one", "DROP MATERIALIZED VIEW custody.seeded"),
    "definer without path": (
        "CREATE FUNCTION sec.seeded() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
        "DROP FUNCTION sec.seeded()",
    ),
    "function for everybody": ("GRANT EXECUTE ON FUNCTION sec.ctx() TO PUBLIC", "REVOKE EXECUTE ON FUNCTION sec.ctx() FROM PUBLIC"),
    "leakproof": ("CREATE FUNCTION base.seeded() RETURNS int LANGUAGE sql LEAKPROOF AS 'SELECT 1'", "DROP FUNCTION base.seeded()"),
    "delete": ("GRANT DELETE ON custody.coordination_stay TO samvirke_custody_agency", "REVOKE DELETE ON custody.coordination_stay FROM samvirke_custody_agency"),
    "passwords": ("GRANT SELECT ON base.coordination_user TO samvirke_web", "REVOKE SELECT ON base.coordination_user FROM samvirke_web"),
    "audit": ("GRANT SELECT ON audit.entry TO samvirke_custody_agency", "REVOKE SELECT ON audit.entry FROM samvirke_custody_agency"),
    "letters": ("GRANT INSERT ON custody.consent_custodyletter TO samvirke_custody_agency", "REVOKE INSERT ON custody.consent_custodyletter FROM samvirke_custody_agency"),
    "table without a wall": ("CREATE TABLE custody.seeded (id uuid)", "DROP TABLE custody.seeded"),
    "cascade": (
        "CREATE TABLE base.seeded (id uuid PRIMARY KEY, p uuid REFERENCES base.coordination_agency ON DELETE CASCADE)",
        "DROP TABLE base.seeded",
    ),
    "unique across agencies": ("CREATE UNIQUE INDEX seeded ON custody.coordination_person (national_id_lookup)", "DROP INDEX custody.seeded"),
    "untraced writes": (
        "ALTER TABLE custody.coordination_stay DISABLE TRIGGER audit_update",
        "ALTER TABLE custody.coordination_stay ENABLE TRIGGER audit_update",
    ),
    "create": ("GRANT CREATE ON SCHEMA base TO samvirke_web", "REVOKE CREATE ON SCHEMA base FROM samvirke_web"),
    "temp": ("DO $$ BEGIN EXECUTE format('GRANT TEMP ON DATABASE %I TO samvirke_web', current_database()); END $$",
             "DO $$ BEGIN EXECUTE format('REVOKE TEMP ON DATABASE %I FROM samvirke_web', current_database()); END $$"),
    "public connects": ("DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO PUBLIC', current_database()); END $$",
                        "DO $$ BEGIN EXECUTE format('REVOKE CONNECT ON DATABASE %I FROM PUBLIC', current_database()); END $$"),
}  # fmt: skip

DRIFTS = {
    "missing policy": (
        "DROP POLICY unit_reads ON custody.coordination_stay",
        "policy is missing",
    ),
    "looser policy": (
        "ALTER POLICY unit_reads ON custody.coordination_stay USING (agency_id = (SELECT sec.agency()))",
        "policy is not declared",
    ),
    "extra privilege": (
        "GRANT UPDATE (id) ON custody.coordination_unittransfer TO samvirke_custody_unit",
        "privilege is not declared",
    ),
    "missing privilege": (
        "REVOKE SELECT ON custody.coordination_stay FROM samvirke_custody_unit",
        "privilege is missing",
    ),
}


def test_a_sound_database_has_no_weakness(cast):
    assert weaknesses() == []
    assert differences() == []
    assert unwritten() == {}
    call_command("walls", "--quiet")


@pytest.mark.parametrize("seed", SEEDS)
def test_every_seeded_weakness_is_found(cast, admin, seed):
    weaken, mend = SEEDS[seed]
    admin.execute(weaken)
    try:
        assert weaknesses() != []
        with pytest.raises(CommandError):
            call_command("walls", "--quiet")
    finally:
        admin.execute(mend)
    assert weaknesses() == []


@pytest.mark.parametrize("drift", DRIFTS)
def test_every_drift_from_the_declarations_is_found(cast, admin, drift):
    weaken, problem = DRIFTS[drift]
    mend = _definition(admin) if "policy" in drift else None
    admin.execute(weaken)
    try:
        assert problem in {w.problem for w in differences()}
    finally:
        if mend:
            admin.execute("DROP POLICY IF EXISTS unit_reads ON custody.coordination_stay")
            admin.execute(mend)
        elif drift == "extra privilege":
            admin.execute("REVOKE UPDATE (id) ON custody.coordination_unittransfer FROM samvirke_custody_unit")
        else:
            admin.execute("GRANT SELECT ON custody.coordination_stay TO samvirke_custody_unit")
    assert differences() == []


def _definition(admin) -> str:
    (using,) = admin.execute(
        "SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE polname = 'unit_reads' AND polrelid = 'custody.coordination_stay'::regclass"
    ).fetchone()
    using = using.replace("FROM coordination_persongrant", "FROM custody.coordination_persongrant")
    return f"CREATE POLICY unit_reads ON custody.coordination_stay FOR SELECT TO samvirke_custody_unit USING ({using})"


def test_what_a_policy_asks_of_a_grant_stands_in_one_index(admin):
    """Every statement of a need-to-know reader begins with their grants: from an index alone, or row by row from all over the table."""
    asked = {
        table: (set(columns), [set(index) for index in indexes])
        for table, columns, indexes in admin.execute(
            """SELECT p.polrelid::regclass::text,
                      (SELECT array_agg(a.attname) FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                        WHERE d.classid = 'pg_policy'::regclass AND d.objid = p.oid AND d.refobjid = p.polrelid),
                      (SELECT json_agg((SELECT json_agg(a.attname) FROM pg_attribute a WHERE a.attrelid = i.indexrelid)) FROM pg_index i
                        WHERE i.indrelid = p.polrelid AND i.indpred IS NULL)
                 FROM pg_policy p WHERE p.polname = 'unit_reads' AND p.polrelid::regclass::text LIKE '%grant'"""
        )
    }
    assert len(asked) == 3
    for columns, indexes in asked.values():
        assert any(columns | {"content_object_id"} <= index for index in indexes)
    # A grant to a patient may end, one to somebody in custody does not.
    assert sorted("valid_until" in columns for columns, _indexes in asked.values()) == [False, True, True]
