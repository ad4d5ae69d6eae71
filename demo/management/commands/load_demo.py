"""Loads the demo once, and brings it up to today on every later start."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from coordination import clock
from coordination.models import Agency, User
from demo.agencies import LOGINS, raise_stage
from demo.moving_time import forget_everything, shift_everything, superuser
from demo.story import tell

MARK = "demo"


class Command(BaseCommand):
    """`manage.py load_demo`: safe to run again. Refused where synthetic identity numbers are."""

    help = "Load or refresh demo data."

    def handle(self, *args: Any, **options: Any) -> None:
        """Tell the story, or move it to today."""
        if not settings.ALLOW_SYNTHETIC_IDS:
            raise CommandError("Demo data are not for production.")
        at = clock.now()
        with superuser() as connection:
            told = connection.execute("SELECT at FROM base.coordination_heartbeat WHERE name = %s", [MARK]).fetchone()
            if told is None:
                if Agency.objects.using("owner").filter(kind=Agency.Kind.PRISON, demo=False).exists():
                    raise CommandError("This database has prisons of its own; the demo wants an empty one.")
                if User.objects.using("auth").filter(username__in=LOGINS).exists():
                    # A load that was broken off left its users and whatever it had got to, but no mark.
                    forget_everything(connection)
                for alias in connections:
                    # Nobody waits for the disk at each act: the mark below is written last, and what it follows is then safe too.
                    with connections[alias].cursor() as cursor:
                        cursor.execute("SET synchronous_commit = off")
                tell(raise_stage(), connection)
            else:
                raise_stage()
                if (at - told[0]).total_seconds() > 600:
                    shift_everything(connection, at - told[0])
            connection.execute(
                "INSERT INTO base.coordination_heartbeat (name, at) VALUES (%s, %s) ON CONFLICT (name) DO UPDATE SET at = excluded.at",
                [MARK, at],
            )
        self.stdout.write("demo data are in place")
