"""`manage.py import_roster FILE --agency … --username … [--confirm]`: the roster page for a server's own schedule. Same verbs, same preview.

It acts as a named membership, by a short session of its own: there is no way around the walls or the audit log here either.
"""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from coordination import clock, login
from coordination.identity import acting
from coordination.models import Agency, Membership, RosterImport, User
from coordination.people import roster as verbs
from coordination.people.access import LEADERS
from coordination.refusals import Refused
from coordination.roster import UnreadableFile, read

WORDS = {"new": "ny", "changed": "endret", "same": "uendret", "wrong": "FEIL"}
SESSION = timedelta(minutes=10)


class Command(BaseCommand):
    """Shows what a file would do; with --confirm does it, all or nothing."""

    help = "Read a roster file as a named user's membership, print what it would do, and with --confirm do it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file and who acts."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--agency", required=True, help="the prison's name or organisation number")
        parser.add_argument("--username", required=True, help="whose membership acts; it stands in the audit log")
        parser.add_argument("--confirm", action="store_true", help="do it; without this nothing is saved")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the preview, and confirm or discard."""
        try:
            lines = read(options["file"].read_bytes())
        except OSError:
            raise CommandError("Filen kan ikke åpnes.") from None
        except UnreadableFile as refused:
            raise CommandError(str(refused)) from None
        membership = self.membership(options["agency"], options["username"])
        # Verified without a second factor: whoever may run this on the server could read the keys anyway.
        token = login.open_session(membership, verified=True, lasts=SESSION)
        try:
            with acting(token, purpose="import_roster") as actor:
                at = clock.now()
                row = verbs.keep(actor, lines, at=at)
                for found in verbs.compare(actor, row.rows, at=at):
                    self.stdout.write(f"{found.line}\t{WORDS[found.kind]}\t{found.number}\t{'; '.join(found.texts)}")
                self.finish(actor, row, at, confirm=options["confirm"])
        except Refused as refused:
            raise CommandError(str(refused)) from None
        finally:
            login.close_session(token)

    def finish(self, actor: Any, row: RosterImport, at: Any, *, confirm: bool) -> None:
        """Do what was read, or throw it away."""
        if confirm:
            new, changed = verbs.confirm(actor, row, at=at)
            self.stdout.write(f"Lest inn: {new} nye, {changed} endret, {row.wrong} linjer med feil er hoppet over.")
        else:
            verbs.discard(actor, row, at=at)
            self.stdout.write(
                f"Ingenting er lagret: {row.new} nye, {row.changed} endret, {row.wrong} med feil. Legg til --confirm for å lese inn."
            )

    def membership(self, agency: str, username: str) -> Membership:
        """Return the membership that acts. The login's own role looks it up: whoever runs this already rules the server."""
        rows = Membership.objects.using("auth").filter(
            user__in=User.objects.using("auth").filter(username=username.lower(), is_active=True),
            agency__in=Agency.objects.using("auth").filter(name=agency)
            | Agency.objects.using("auth").filter(org_number=agency).exclude(org_number=""),
            role__in=[role.value for role in LEADERS],
            ended_at=None,
        )
        found = list(rows[:2])
        if len(found) != 1:
            raise CommandError(
                "Fant ikke ett medlemskap som kan lese inn lister, med dette brukernavnet og dette fengselet."
            )
        return found[0]
