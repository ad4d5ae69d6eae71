"""Brings a database to the state this code needs: roles, tables, walls, reference data."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """`manage.py setup_database`: provision, migrate, load reference data. Safe to run again; seconds when nothing is new."""

    help = "Provision, migrate and load reference data."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the three steps."""
        call_command("provision", stdout=self.stdout)
        call_command("migrate", database="owner", interactive=False, verbosity=0, skip_checks=True)
        call_command("load_reference", stdout=self.stdout)
