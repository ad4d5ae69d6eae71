"""`manage.py sweep`: turns due deadlines into alerts straight against PostgreSQL, without the queue. Holds no rule."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_datetime

from coordination import outbox
from coordination.sweep import sweep


class Command(BaseCommand):
    """Safe beside any number of workers: an alert is raised once."""

    help = "Turn due deadlines into alerts, once, and send the mails."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take an instant for rehearsals."""
        parser.add_argument(
            "--once", action="store_true", help="do one sweep; there is no other way, the word is for the timer's sake"
        )
        parser.add_argument(
            "--at",
            metavar="INSTANT",
            help="rehearsal: sweep as if it were this instant, with its time zone, and send no mail",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Sweep, then mail: the timer also stands in for a queue that is away."""
        at = instant(options["at"]) if options["at"] else None
        self.stdout.write(str(sweep(at)))
        if at is None:
            self.stdout.write(str(outbox.send_waiting()))


def instant(text: str) -> datetime:
    """Return an instant from ISO 8601 text. Raises CommandError without a time zone: guessing one costs an hour twice a year."""
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise CommandError("Give the instant with its time zone: 2026-11-23T12:00:00+01:00")
    return at
