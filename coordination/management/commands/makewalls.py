"""Writes the migration that raises the walls the models declare. Never touches the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.writer import MigrationWriter

from coordination.checks import OUR_APPS
from coordination.walls.operations import BuildWalls
from coordination.walls.written import unwritten


class Command(BaseCommand):
    """`manage.py makewalls [app …]`: one migration per app with unwritten walls; run after `makemigrations`."""

    help = "Write migrations for declared walls."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take app labels and --check."""
        parser.add_argument("apps", nargs="*")
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write one file per app, or with --check exit 1 when a wall is unwritten."""
        found = False
        for label in options["apps"] or OUR_APPS:
            missing = unwritten(label)
            if not missing:
                continue
            found = True
            self.stdout.write(f"{label}: {', '.join(missing)}")
            if options["check"]:
                continue
            loader = MigrationLoader(None)
            # Policies call sec's functions and read the ground's grants, so the ground's walls come first.
            leaves = sorted({*loader.graph.leaf_nodes(label), *loader.graph.leaf_nodes("coordination")})
            number = max((int(name[:4]) for app, name in loader.disk_migrations if app == label), default=0) + 1
            migration = type(
                "Migration",
                (Migration,),
                {"operations": [BuildWalls(specs=list(missing.values()))], "dependencies": leaves},
            )
            writer = MigrationWriter(migration(f"{number:04d}_walls", label))
            path = Path(apps.get_app_config(label).path) / "migrations" / f"{number:04d}_walls.py"
            path.write_text(writer.as_string().replace(writer.as_string().split("\n", 1)[0], '"""Raises walls."""', 1))
            self.stdout.write(f"  {path.name}")
        if found and options["check"]:
            raise SystemExit(1)
