"""Prints the demo users with what they are and their password."""

from typing import Any

from django.core.management.base import BaseCommand

from coordination.models import Role
from demo.agencies import LOGINS, PASSWORD


class Command(BaseCommand):
    """`manage.py demo_users`."""

    help = "Print the demo users."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a table."""
        places = {
            "north": "Prøveby fengsel",
            "south": "Eksempelvik fengsel",
            "north_health": "helsetjenesten i Prøveby",
            "south_health": "helsetjenesten i Eksempelvik",
            "trust": "helseforetaket",
            "other_trust": "et annet helseforetak",
            "region": "regionen",
        }
        self.stdout.write(f"Passord for alle: {PASSWORD}")
        for login, (_name, works) in LOGINS.items():
            what = ", ".join(f"{Role(role).label}, {places[agency]}" for role, agency, _unit in works)
            self.stdout.write(f"  {login:<16} {what}")
