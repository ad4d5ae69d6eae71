"""Makes database roles, schemas and privileges with an administrator's URL."""

import os
from typing import Any

import psycopg
from django.core.management.base import BaseCommand

from coordination.settings.secrets import secret
from coordination.walls.provision import LOGINS, provision


class Command(BaseCommand):
    """`manage.py provision`: uses DATABASE_ADMIN_URL, else DATABASE_URL. Safe to run again."""

    help = "Create roles, schemas and privileges."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Provision, then print the roles."""
        url = secret("DATABASE_ADMIN_URL") or os.environ["DATABASE_URL"]
        passwords = {}
        for login in LOGINS:
            value = secret(f"SAMVIRKE_DB_PASSWORD_{login.removeprefix('samvirke_').upper()}")
            if value:
                passwords[login] = value
        with psycopg.connect(url, autocommit=True) as connection:
            provision(connection, passwords=passwords)
        self.stdout.write("roles and schemas are in place")
