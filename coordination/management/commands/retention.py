"""`manage.py retention --dry-run | --apply`: counts, or deletes, what is due by the law's date. Prints counts, never names or keys."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from coordination import retention
from coordination.management.commands.sweep import instant


class Command(BaseCommand):
    """Deletes nothing that is held, nothing that is not due today, and nothing of the log. The worker does the same four times a day."""

    help = "Count or delete what is due by the rules of how long things are kept."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do, and an instant."""
        verb = parser.add_mutually_exclusive_group(required=True)
        verb.add_argument("--dry-run", action="store_true", help="only count what would go")
        verb.add_argument("--apply", action="store_true", help="delete it")
        parser.add_argument(
            "--at",
            metavar="INSTANT",
            help="what is due at this instant; with --apply only an earlier one than now has any effect",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Run every rule of every agency."""
        at = instant(options["at"]) if options["at"] else None
        total = 0
        for run in retention.run(at, really=options["apply"]):
            total += sum(run.rows.values())
            words = ", ".join(f"{kind} {count}" for kind, count in run.rows.items())
            self.stdout.write(f"{run.agency}, {run.rule}: {words}")
        self.stdout.write(f"{total} rows {'deleted' if options['apply'] else 'would be deleted'}")
