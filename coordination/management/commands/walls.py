"""Prints every table with its world, policies and privileges, and fails on any weakness or difference from the declarations."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination.walls.catalogue import differences, weaknesses
from coordination.walls.declaration import spelled_out, walled_models
from coordination.walls.policies import fence
from coordination.walls.written import unwritten


class Command(BaseCommand):
    """`manage.py walls [--quiet]`: exit code 1 when anything is weak."""

    help = "Compare the live walls with the declarations."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --quiet."""
        parser.add_argument("--quiet", action="store_true", help="print problems only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, compare, fail."""
        if not options["quiet"]:
            for model in walled_models():
                self._print(model)
        problems = [f"{w.problem}: {w.place}" for w in (*weaknesses(), *differences())]
        problems += [f"wall is not written in a migration: {table}" for table in unwritten()]
        for line in problems:
            self.stderr.write(line)
        if problems:
            raise CommandError(f"{len(problems)} weaknesses")
        self.stdout.write(f"{len(walled_models())} tables, no weakness")

    def _print(self, model: Any) -> None:
        """Print one table."""
        spec = spelled_out(model)
        f = fence(spec)
        self.stdout.write(f"{f.qualified}  [{spec['kind']}{', append-only' if spec.get('appends') else ''}]")
        for policy in f.policies:
            self.stdout.write(f"    {policy.command:<6} {policy.role:<36} {policy.using or policy.check}")
        for role, what in f.privileges:
            self.stdout.write(f"    GRANT  {role:<36} {what}")
