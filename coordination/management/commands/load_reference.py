"""Loads facts and law as data: municipalities' health services, trusts, regions, legal bases, kinds of letters, deadline steps."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from coordination import reference_data


class Command(BaseCommand):
    """`manage.py load_reference`: safe to run again; updates what changed, takes nothing away."""

    help = "Load reference data."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Load in one transaction as the owner."""
        with transaction.atomic(using="owner"):
            reference_data.load_all()
        self.stdout.write("reference data is in place")
