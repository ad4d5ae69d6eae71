"""`manage.py audit verify | seal | head | anchor`: checks and seals the audit log, prints or sends the head to keep outside. No content."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coordination import anchors, sealing


class Command(BaseCommand):
    """`verify` exits 1 with a line for each break. Send `head` to a place the database's administrator cannot write, and check against it."""

    help = "Verify or seal the audit log, or print its head."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the verb, and an anchor for verify."""
        parser.add_argument("verb", choices=["verify", "seal", "head", "anchor"])
        parser.add_argument(
            "--anchor",
            metavar="ID:HASH",
            help="a head that was kept outside; everything up to it must still be what it was",
        )
        parser.add_argument(
            "--anchors",
            metavar="FILE",
            nargs="?",
            const="",
            help="every head of the file kept outside (without a name: SAMVIRKE_AUDIT_ANCHORS_FILE)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the verb."""
        if options["verb"] == "seal":
            self.stdout.write(f"{sealing.seal()} entries sealed")
        elif options["verb"] == "head":
            head = sealing.head()
            self.stdout.write(str(head) if head else "nothing is sealed yet")
        elif options["verb"] == "anchor":
            try:
                sent = anchors.export()
            except anchors.NotSent as error:
                raise CommandError(str(error)) from None
            self.stdout.write(str(sent) if sent else "nothing is sealed yet, or no place is named")
        elif options["anchors"] is not None:
            self.tell(anchors.verify(self.kept(options["anchors"] or settings.AUDIT_ANCHORS_FILE)))
        else:
            self.verify(options["anchor"])

    def kept(self, name: str) -> list[anchors.Anchor]:
        """Return the anchors of a file. An empty one proves nothing and is refused."""
        if not name:
            raise CommandError("name the file, or set SAMVIRKE_AUDIT_ANCHORS_FILE")
        try:
            found = anchors.read(Path(name))
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        if not found:
            raise CommandError("the file holds no anchor")
        return found

    def verify(self, anchor: str | None) -> None:
        """Print every break, with an anchor also what differs from it."""
        try:
            known = sealing.Head.parse(anchor) if anchor else None
        except ValueError as error:
            raise CommandError(str(error)) from None
        self.tell(sealing.verify(known))

    def tell(self, problems: list[sealing.Problem]) -> None:
        """Print every break. Raises SystemExit(1) when there is one."""
        for problem in problems:
            self.stdout.write(f"{problem.what}: {problem.place}")
        if problems:
            raise SystemExit(1)
        self.stdout.write("the audit log is whole")
