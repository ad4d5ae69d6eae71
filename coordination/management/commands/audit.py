"""`manage.py audit verify | seal | head`: checks and seals the audit log, and prints the head to keep outside. Prints no content."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination import sealing


class Command(BaseCommand):
    """`verify` exits 1 with a line for each break. Send `head` to a place the database's administrator cannot write, and check against it."""

    help = "Verify or seal the audit log, or print its head."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb, and an anchor for verify."""
        parser.add_argument("verb", choices=["verify", "seal", "head"])
        parser.add_argument(
            "--anchor",
            metavar="ID:HASH",
            help="a head that was kept outside; everything up to it must still be what it was",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the verb."""
        if options["verb"] == "seal":
            self.stdout.write(f"{sealing.seal()} entries sealed")
        elif options["verb"] == "head":
            head = sealing.head()
            self.stdout.write(str(head) if head else "nothing is sealed yet")
        else:
            self.verify(options["anchor"])

    def verify(self, anchor: str | None) -> None:
        """Print every break. Raises SystemExit(1) when there is one."""
        try:
            known = sealing.Head.parse(anchor) if anchor else None
        except ValueError as error:
            raise CommandError(str(error)) from None
        problems = sealing.verify(known)
        for problem in problems:
            self.stdout.write(f"{problem.what}: {problem.place}")
        if problems:
            raise SystemExit(1)
        self.stdout.write("the audit log is whole")
