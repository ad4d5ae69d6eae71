"""The mail that says "look": claimed with a lease, sent, marked. One digest for everything that waits for a membership.

A mail names nobody, no unit, no rule and no number: it may be read by anyone who carries it. Delivery is at least once: a crash between
sending and marking repeats one mail, with the same Message-ID, and loses none.
"""

import logging
import smtplib
import time
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext as _
from psycopg import Connection
from psycopg.rows import TupleRow

from coordination.models import OutboxMail
from coordination.sweep import ALERTS, TABLES
from coordination.worker_login import as_sweeper, beat, worker_connection

log = logging.getLogger(__name__)

#: How long a claim holds. Much longer than one round sends, so that two senders never hold the same mail.
LEASE = timedelta(minutes=5)
#: A server that failed is asked again after this.
AGAIN = timedelta(minutes=1)
#: Nobody gets a mail more often than this; what comes meanwhile waits for the next. The alert itself is on the page at once.
QUIET = timedelta(minutes=5)
BATCH = 50
#: A round stops here: a server that dribbles must not make it outlive its lease.
ROUND = timedelta(seconds=90)
HEARTBEAT = "mail"

WAITING = "o.sent_at IS NULL AND o.dropped_at IS NULL"

DROP = f"""
UPDATE base.coordination_outboxmail o SET dropped_at = clock_timestamp(), dropped_why = CASE WHEN m.ended_at IS NOT NULL THEN 'ended' ELSE 'no_address' END
  FROM base.coordination_membership m
 WHERE m.id = o.membership_id AND {WAITING} AND (m.ended_at IS NOT NULL OR m.email = '')
   AND (o.claimed_until IS NULL OR o.claimed_until <= clock_timestamp())
"""  # noqa: S608 - constants

#: A digest that was claimed and never marked goes again as it was: what came later must not hide behind a Message-ID already seen.
CLAIM_AGAIN = f"""
WITH taken AS (
    SELECT o.id, o.digest FROM base.coordination_outboxmail o
     WHERE {WAITING} AND o.digest IS NOT NULL AND o.claimed_until <= clock_timestamp()
     ORDER BY o.queued_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
UPDATE base.coordination_outboxmail o SET claimed_until = clock_timestamp() + %(lease)s
 WHERE o.digest IN (SELECT digest FROM taken) AND {WAITING} RETURNING o.digest, o.membership_id
"""  # noqa: S608

CLAIM_NEW = f"""
WITH ripe AS MATERIALIZED (
    SELECT o.id, o.membership_id, o.queued_at FROM base.coordination_outboxmail o
     WHERE {WAITING} AND o.digest IS NULL
       AND NOT EXISTS (SELECT 1 FROM base.coordination_outboxmail x WHERE x.membership_id = o.membership_id
                       AND x.sent_at IS NULL AND x.dropped_at IS NULL AND x.digest IS NOT NULL)
       AND NOT EXISTS (SELECT 1 FROM base.coordination_outboxmail x WHERE x.membership_id = o.membership_id
                       AND x.sent_at > clock_timestamp() - %(quiet)s)
       FOR UPDATE SKIP LOCKED
), who AS MATERIALIZED (
    SELECT membership_id, gen_random_uuid() AS digest FROM ripe GROUP BY membership_id ORDER BY min(queued_at) LIMIT %(batch)s
)
UPDATE base.coordination_outboxmail o SET digest = who.digest, claimed_until = clock_timestamp() + %(lease)s
  FROM ripe JOIN who USING (membership_id) WHERE o.id = ripe.id RETURNING who.digest, who.membership_id
"""  # noqa: S608


def still_due() -> str:
    """Return the condition, over the mail `o`, that what its alert was about still waits and is due when the alert said."""
    reviews = "EXISTS (SELECT 1 FROM audit.reviews_due(clock_timestamp()) r WHERE r.alert = o.alert_id)"
    tables = (
        f"""EXISTS (SELECT 1 FROM {table.world}.{ALERTS[table.world]._meta.db_table} a
                      JOIN {table.world}.{table.model._meta.db_table} d ON d.id = a.deadline_id
                     WHERE a.id = o.alert_id AND {table.still_open} AND d.due_at = a.due_at)"""  # noqa: S608 - written in code
        for table in TABLES
    )
    return " OR ".join((reviews, *tables))


@dataclass(frozen=True)
class Digest:
    """One mail to one membership."""

    id: UUID
    address: str


@dataclass(frozen=True)
class Posted:
    """What a round did: digests sent, mails dropped (nobody there to get them, or nothing to say any more), digests that wait for the server."""

    sent: int = 0
    dropped: int = 0
    waiting: int = 0

    def __str__(self) -> str:
        """Return the counts as a line of a log."""
        return f"{self.sent} sent, {self.dropped} dropped, {self.waiting} waiting for the mail server"


def claim(
    connection: Connection[TupleRow], *, batch: int = BATCH, quiet: timedelta | None = None
) -> tuple[list[Digest], int]:
    """Claim what is ready to be sent; return it, and how many mails were dropped because nobody is there to get them."""
    lease = getattr(settings, "MAIL_LEASE", LEASE)
    values = {
        "batch": batch,
        "lease": lease,
        "quiet": getattr(settings, "MAIL_QUIET", QUIET) if quiet is None else quiet,
    }
    with as_sweeper(connection) as cursor:
        # Claims are short and take turns, so that one membership's mails never end in two digests.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('samvirke.outbox'))")
        cursor.execute(DROP.encode())
        dropped = cursor.rowcount
        found: dict[UUID, UUID] = {}
        for text in (CLAIM_AGAIN, CLAIM_NEW):
            cursor.execute(text.encode(), values)
            found.update(cursor.fetchall())
        cursor.execute("SELECT id, email FROM base.coordination_membership WHERE id = ANY (%s)", [list(found.values())])
        addresses = dict(cursor.fetchall())
    return [Digest(digest, addresses[membership]) for digest, membership in found.items()], dropped


def message_of(digest: Digest, connection: BaseEmailBackend | None = None) -> EmailMessage:
    """Return the mail. It is the same for everybody and everything."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] or "localhost"
    return EmailMessage(
        subject=_("Du har et varsel"),
        body=_("Du har 1 eller flere varsler i Samvirke. Logg inn for å se dem:") + f"\n\n{settings.PUBLIC_URL}\n",
        to=[digest.address],
        headers={"Message-ID": f"<{digest.id}@{domain}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def send_waiting(*, batch: int = BATCH, quiet: timedelta | None = None) -> Posted:
    """Send one round. A server that fails or hangs ends it; what is left is tried again with the same Message-ID."""
    with worker_connection() as connection:
        digests, dropped = claim(connection, batch=batch, quiet=quiet)
        sent, gone, left = _send(connection, digests) if digests else (0, 0, [])
        if left:
            _release(connection, left)
        else:
            with as_sweeper(connection) as cursor:
                beat(cursor, HEARTBEAT)
    return Posted(sent, dropped + gone, len(left))


def _send(connection: Connection[TupleRow], digests: list[Digest]) -> tuple[int, int, list[Digest]]:
    """Return how many were sent, how many mails dropped, and the digests that the server did not take."""
    sent = dropped = number = 0
    end = time.monotonic() + ROUND.total_seconds()
    server = get_connection(fail_silently=False)
    try:
        server.open()
        for number, digest in enumerate(digests):
            if time.monotonic() > end:
                return sent, dropped, digests[number:]
            settled, left = _recheck(connection, digest)
            dropped += settled
            if not left:
                continue
            try:
                message_of(digest, server).send()
            except smtplib.SMTPRecipientsRefused as problem:
                if not all(500 <= code < 600 for code, _text in problem.recipients.values()):
                    raise
                _mark(connection, digest, "dropped_at = clock_timestamp(), dropped_why = 'refused'")
                dropped += 1
                continue
            _mark(connection, digest, "sent_at = clock_timestamp()")
            sent += 1
    except (OSError, smtplib.SMTPException) as problem:
        # Only the kind of fault: its text may hold an address.
        log.warning("the mail server did not take a mail: %s", type(problem).__name__)
        return sent, dropped, digests[number:]
    finally:
        try:
            server.close()
        except (OSError, smtplib.SMTPException):
            log.debug("the mail server did not say goodbye")
    return sent, dropped, []


def _recheck(connection: Connection[TupleRow], digest: Digest) -> tuple[int, bool]:
    """Drop from a digest what nobody waits for any more; return how many mails that were, and whether any is left to send.

    One statement right before the mail goes out: what was claimed may have been done while others were being sent.
    """
    with as_sweeper(connection) as cursor:
        cursor.execute(
            f"""WITH settled AS (
                    UPDATE base.coordination_outboxmail o
                       SET dropped_at = clock_timestamp(), dropped_why = '{OutboxMail.Dropped.SETTLED}', claimed_until = NULL
                     WHERE o.digest = %(digest)s AND {WAITING} AND NOT ({still_due()}) RETURNING 1)
                SELECT (SELECT count(*) FROM settled),
                       (SELECT count(*) FROM base.coordination_outboxmail o WHERE o.digest = %(digest)s AND {WAITING})""".encode(),  # noqa: S608
            {"digest": digest.id},
        )
        row = cursor.fetchone()
    assert row is not None
    settled, waiting = row
    # Both halves of a statement see the rows as they were before it.
    return settled, waiting > settled


def _mark(connection: Connection[TupleRow], digest: Digest, what: str) -> None:
    """Mark a digest; commits at once, before the next mail goes out."""
    with as_sweeper(connection) as cursor:
        cursor.execute(
            f"UPDATE base.coordination_outboxmail o SET {what}, claimed_until = NULL WHERE o.digest = %s AND {WAITING}".encode(),  # noqa: S608
            [digest.id],
        )


def _release(connection: Connection[TupleRow], digests: list[Digest]) -> None:
    """Give back what was not sent, for the next round but one."""
    with as_sweeper(connection) as cursor:
        cursor.execute(
            f"UPDATE base.coordination_outboxmail o SET claimed_until = clock_timestamp() + %s WHERE o.digest = ANY (%s) AND {WAITING}".encode(),  # noqa: S608
            [AGAIN, [digest.id for digest in digests]],
        )
