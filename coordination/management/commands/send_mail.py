"""`manage.py send_mail`: sends the mails that wait, once, without the queue. Says how many; names nobody."""

from typing import Any

from django.core.management.base import BaseCommand

from coordination import outbox


class Command(BaseCommand):
    """Safe beside any number of workers: each mail is claimed by one."""

    help = "Send the mails that wait."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Send one round."""
        self.stdout.write(str(outbox.send_waiting()))
