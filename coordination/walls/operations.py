"""Migration operations that write walls. Frozen values in, statements out; never reads the models of today."""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from coordination.walls.policies import Fence, fence
from coordination.worlds import CONTENT_ROLES


def _audit_triggers(f: Fence) -> list[str]:
    """Return one statement-level trigger per kind of write; a trigger with a transition table serves one event only."""
    if f.audited is None:
        return []
    return [
        f"CREATE OR REPLACE TRIGGER audit_{event.lower()} AFTER {event} ON {f.qualified} "
        f"REFERENCING {'OLD' if event == 'DELETE' else 'NEW'} TABLE AS changed "
        f"FOR EACH STATEMENT EXECUTE FUNCTION audit.wrote('{f.audited}')"
        for event in ("INSERT", "UPDATE", "DELETE")
    ]


def statements(spec: dict[str, Any]) -> list[str]:
    """Return the statements that raise one wall on an existing table; safe to run again."""
    f = fence(spec)
    move = f"""DO $$ BEGIN
        IF NOT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = '{f.schema}' AND tablename = '{f.table}')
        THEN ALTER TABLE {f.table} SET SCHEMA {f.schema}; END IF; END $$"""
    drop = f"""DO $$ DECLARE p record; BEGIN
        FOR p IN SELECT policyname FROM pg_policies WHERE schemaname = '{f.schema}' AND tablename = '{f.table}' LOOP
            EXECUTE format('DROP POLICY %I ON {f.qualified}', p.policyname); END LOOP;
        FOR p IN SELECT DISTINCT grantee FROM information_schema.role_table_grants
                  WHERE table_schema = '{f.schema}' AND table_name = '{f.table}' AND grantee NOT IN ('samvirke_owner', 'PUBLIC')
                 UNION SELECT DISTINCT grantee FROM information_schema.role_column_grants
                  WHERE table_schema = '{f.schema}' AND table_name = '{f.table}' AND grantee NOT IN ('samvirke_owner', 'PUBLIC') LOOP
            EXECUTE format('REVOKE ALL ON {f.qualified} FROM %I', p.grantee); END LOOP; END $$"""
    rls = (
        [f"ALTER TABLE {f.qualified} ENABLE ROW LEVEL SECURITY", f"ALTER TABLE {f.qualified} FORCE ROW LEVEL SECURITY"]
        if f.row_security
        else []
    )
    return [
        move,
        drop,
        f"REVOKE ALL ON {f.qualified} FROM PUBLIC",
        *rls,
        *(p.sql(f.qualified) for p in f.policies),
        *(f"GRANT {what} ON {f.qualified} TO {role}" for role, what in f.privileges),
        *_audit_triggers(f),
    ]


class BuildWalls(Operation):
    """Raise the walls of some tables: schema, row-level security, policies, privileges and audit triggers.

    Takes the frozen values of `declaration.spelled_out`, one dict a table. Grants tables come first in `specs`, because the
    policies of the others read them.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, specs: list[dict[str, Any]]) -> None:
        """Keep the frozen values."""
        self.specs = specs

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how a migration file writes this operation."""
        return (self.__class__.__name__, [], {"specs": self.specs})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Walls do not change the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Raise the walls; any statement that fails stops the migration, so no table goes live without its wall."""
        # Policies name tables of other worlds' grants by search path, so every table must lie in its schema before any policy.
        for spec in self.specs:
            schema_editor.execute(statements(spec)[0], params=None)
        for spec in self.specs:
            for statement in statements(spec)[1:]:
                schema_editor.execute(statement, params=None)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Leave the walls up: the migration that made the tables takes them down with the tables."""

    def describe(self) -> str:
        """Return a line for the migration's output."""
        return "Raise walls on " + ", ".join(s["table"] for s in self.specs)


class RunAs(Operation):
    """Run SQL as one of the function-owning roles, then step back to the owner.

    `{content_roles}` in the text becomes the list of content roles.
    """

    reversible = True

    def __init__(self, role: str, sql: str) -> None:
        """Keep the role's name and the text."""
        self.role, self.sql = role, sql

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Return how a migration file writes this operation."""
        return (self.__class__.__name__, [], {"role": self.role, "sql": self.sql})

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """SQL of our own does not change the models."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Step into the role, run, step back."""
        schema_editor.execute(f"SET LOCAL ROLE {self.role}")
        schema_editor.execute(self.sql.replace("{content_roles}", ", ".join(CONTENT_ROLES)), params=None)
        schema_editor.execute("SET LOCAL ROLE samvirke_owner")

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        """Functions are replaced by the next migration, never taken away alone."""

    def describe(self) -> str:
        """Return a line for the migration's output."""
        return f"Run SQL as {self.role}"
