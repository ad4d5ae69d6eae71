"""What the migrations have written, compared with what the models declare. Reads migration files, never the database."""

from typing import Any

from django.db.migrations.loader import MigrationLoader

from coordination.walls.declaration import spelled_out, walled_models
from coordination.walls.operations import BuildWalls


def written() -> dict[str, dict[str, Any]]:
    """Return the newest wall that migrations hold for each table."""
    loader = MigrationLoader(None)
    result: dict[str, dict[str, Any]] = {}
    # Each migration once, where it first comes: a later leaf that leans on an early migration of another app must not bring its old walls back.
    leaves = sorted(loader.graph.leaf_nodes())
    plan = dict.fromkeys(key for leaf in leaves for key in loader.graph.forwards_plan(leaf))
    for key in plan:
        for operation in loader.graph.nodes[key].operations:
            if isinstance(operation, BuildWalls):
                result.update({spec["table"]: spec for spec in operation.specs})
    return result


def unwritten(app_label: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the declared walls that no migration holds in their present form, by table; grants first, as `BuildWalls` wants."""
    now = {
        model._meta.db_table: spelled_out(model)
        for model in walled_models()
        if app_label is None or model._meta.app_label == app_label
    }
    past = written()
    missing = {table: spec for table, spec in now.items() if past.get(table) != spec}
    return dict(sorted(missing.items(), key=lambda item: (item[1]["kind"] != "grant", item[0])))
