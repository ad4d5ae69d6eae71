"""The sweep: turns deadlines that came due into alerts and mails, set by set, in the database. Knows no rule but by its number.

The database is the only truth; a message on the queue only says "look now". Ten sweeps at once neither alert twice nor miss: a row is
locked by the one that takes it, skipped by the others, and an alert of one step of one due instant exists once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.db import connections
from django.db.models import Model
from psycopg import Connection, Cursor
from psycopg.rows import TupleRow

from coordination.deadlines import ABOVE, DEADLINES, RULES, roles_text
from coordination.models import CustodyAlert, MunicipalAlert, SpecialistAlert
from coordination.models.deadlines import Alert, Strength
from coordination.worker_login import as_sweeper, beat, worker_connection
from coordination.worlds import World

log = logging.getLogger(__name__)

ALERTS: dict[World, type[Alert]] = {
    World.CUSTODY: CustodyAlert,
    World.MUNICIPAL_HEALTH: MunicipalAlert,
    World.SPECIALIST_HEALTH: SpecialistAlert,
}
#: Rows of one transaction: few enough that nobody who logs a check waits for the sweep.
BATCH = 2000
#: How often one table is tried again when somebody else holds what an alert points at.
TRIES = 3
HEARTBEAT = "sweep"


@dataclass(frozen=True, kw_only=True)
class SweptTable:
    """One table with clocks. The strings are SQL over the alias `d`, written in code.

    `still_open` must imply the condition of the table's index on `next_alert_at`. `subject` is what the rule's page is called with,
    `unit` who is near it, `strength` how binding the source is (None: as the rule says). `closed_at` is the field that says it waits no longer,
    `outcome` the one that says why, if there is one. `hands` says of a membership `m` that it was given the row to do.
    """

    world: World
    model: type[Model]
    still_open: str
    starts_at: str
    subject: str
    unit: str
    strength: str | None = None
    closed_at: str = "closed_at"
    outcome: str = ""
    hands: str = ""


TABLES: list[SweptTable] = []


#: What else is done with every sweep: functions of the database that take the instant. Each says once what has come about by itself.
ALSO: list[str] = []


def also(*functions: str) -> None:
    """Let the sweep call more functions of the database, written in code as `schema.name`."""
    ALSO.extend(name for name in functions if name not in ALSO)


def register(*tables: SweptTable) -> None:
    """Let the sweep look at more tables; called once for each when the apps start."""
    known = {table.model for table in TABLES}
    TABLES.extend(table for table in tables if table.model not in known)


register(
    *(
        SweptTable(
            world=world,
            model=model,
            still_open="d.closed_at IS NULL",
            starts_at="d.starts_at",
            subject="d.subject_id",
            unit="d.unit_id",
            strength="d.strength",
            outcome="outcome",
        )
        for world, model in DEADLINES.items()
    )
)


@dataclass(frozen=True)
class Swept:
    """What a sweep did: steps taken, alerts raised, mails queued."""

    steps: int = 0
    alerts: int = 0
    mails: int = 0

    def __add__(self, other: "Swept") -> "Swept":
        """Return the sum of two."""
        return Swept(self.steps + other.steps, self.alerts + other.alerts, self.mails + other.mails)

    def __str__(self) -> str:
        """Return the counts as a line of a log."""
        return f"{self.steps} steps, {self.alerts} alerts, {self.mails} mails queued"


#: Which memberships `m` an alert `r` is for: the roles of its audience who see the agency, or work in the unit.
TOLD = """m.role = ANY (r.audience) AND (m.reach = 'agency' OR (m.reach = 'unit' AND EXISTS (
           SELECT 1 FROM base.coordination_membershipunit mu WHERE mu.membership_id = m.id AND mu.unit_id = r.unit_id AND mu.ended_at IS NULL)))"""

#: One statement takes what is due, raises the alert of its step, queues the mails and moves the row on. `due` locks, so that the rest is
#: this sweep's alone. A step that no rule has any more raises nothing and ends the row's clock: it would come back for ever.
#: A step for those above is an alert of the region's own about nobody: no person, some unit of the agency for the agency, and once for
#: whatever rules wait for the same thing since the same instant.
STATEMENT = """
WITH due AS MATERIALIZED (
    SELECT d.id, d.agency_id, {unit} AS unit_id, d.person_id, d.rule, {subject} AS subject_id, {starts_at} AS starts_at, d.due_at,
           d.next_step, {advice} AS advice
      FROM {table} d
     WHERE {still_open} AND d.next_alert_at IS NOT NULL AND d.next_alert_at <= %(at)s
     ORDER BY d.next_alert_at LIMIT %(batch)s
       FOR UPDATE OF d SKIP LOCKED
), stepped AS MATERIALIZED (
    SELECT due.*, s.step, s.audience, s.severity, s.audience = {above} AS above,
           CASE WHEN s.audience = {above} THEN (SELECT a.region_id FROM base.coordination_agency a WHERE a.id = due.agency_id)
                ELSE due.agency_id END AS told,
           CASE WHEN n.from_start THEN due.starts_at ELSE due.due_at END + make_interval(secs => n.offset_seconds) AS next_at
      FROM due LEFT JOIN base.coordination_deadlinestep s ON s.rule = due.rule AND s.step = due.next_step
               LEFT JOIN base.coordination_deadlinestep n ON n.rule = due.rule AND n.step = due.next_step + 1
), raised AS (
    INSERT INTO {alerts} (id, version, agency_id, unit_id, person_id, deadline_id, rule, step, severity, audience, due_at, raised_at, dedup_key)
    SELECT uuidv7(), 1, t.told, CASE WHEN t.above THEN (SELECT u.id FROM base.coordination_unit u WHERE u.agency_id = t.agency_id
               ORDER BY u.name, u.id LIMIT 1) ELSE t.unit_id END,
           CASE WHEN t.above THEN NULL ELSE t.person_id END, t.id, t.rule, t.step, CASE WHEN t.advice THEN 'info' ELSE t.severity END,
           t.audience, t.due_at, %(at)s, CASE WHEN t.above THEN format('above:%%s:%%s', t.subject_id, (extract(epoch FROM t.starts_at) * 1000000)::bigint)
               ELSE format('%%s:%%s:%%s:%%s', t.rule, t.subject_id, (extract(epoch FROM t.due_at) * 1000000)::bigint, t.step) END
      FROM stepped t WHERE t.step IS NOT NULL AND t.told IS NOT NULL
    ON CONFLICT (agency_id, dedup_key) DO NOTHING
    RETURNING id, agency_id, unit_id, audience
), queued AS (
    INSERT INTO base.coordination_outboxmail (id, alert_id, membership_id, queued_at, dropped_why)
    SELECT uuidv7(), r.id, m.id, clock_timestamp(), ''
      FROM raised r JOIN base.coordination_membership m ON m.agency_id = r.agency_id AND m.ended_at IS NULL
     WHERE {told}
    ON CONFLICT (alert_id, membership_id) DO NOTHING
    RETURNING 1
), moved AS (
    UPDATE {table} d SET next_step = t.next_step + 1, next_alert_at = t.next_at FROM stepped t WHERE d.id = t.id RETURNING 1
)
SELECT (SELECT count(*) FROM moved), (SELECT count(*) FROM raised), (SELECT count(*) FROM queued),
       EXISTS (SELECT 1 FROM stepped WHERE next_at <= %(at)s)
"""

#: Somebody asked again (`letterbox.remind`): whom the alert is for, and whoever was given the letter to do, get the mail that says "look".
REMINDERS = """
INSERT INTO base.coordination_outboxmail (id, alert_id, membership_id, queued_at, dropped_why)
SELECT uuidv7(), r.id, m.id, clock_timestamp(), ''
  FROM {alerts} r JOIN {table} d ON d.id = r.deadline_id JOIN base.coordination_membership m ON m.agency_id = r.agency_id AND m.ended_at IS NULL
 WHERE r.step = -1 AND r.raised_at > %(at)s - interval '1 day' AND {still_open} AND ({told} OR {hands})
ON CONFLICT (alert_id, membership_id) DO NOTHING
"""

#: Reminders to privacy officers of weeks nobody has reviewed: about nobody, so there is no alert in a world, only the mail that says "look".
REVIEWS = """
INSERT INTO base.coordination_outboxmail (id, alert_id, membership_id, queued_at, dropped_why)
SELECT gen_random_uuid(), d.alert, d.membership, clock_timestamp(), '' FROM audit.reviews_due(%(at)s) d
ON CONFLICT (alert_id, membership_id) DO NOTHING
"""

#: For one transaction. The lock timeout is shorter than the server waits before it looks for a deadlock: the one that gives way is the
#: sweep, never a person. A batch is small beside its table: each row is found by its key, where a hash would read all that was ever due;
#: and what is due is read in its order, where a bitmap would gather a whole backlog for each batch of it.
SETTINGS = b"""
SELECT set_config('lock_timeout', '400ms', true), set_config('enable_hashjoin', 'off', true),
       set_config('enable_mergejoin', 'off', true), set_config('enable_bitmapscan', 'off', true), set_config('enable_seqscan', 'off', true)
"""


def statement(table: SweptTable) -> bytes:
    """Return the statement that sweeps one table. Its parts are written in code, never by a user."""
    advice = f"({table.strength} <> '{Strength.MUST}')" if table.strength else "(d.rule = ANY (%(advice)s))"
    return STATEMENT.format(
        table=f"{table.world}.{table.model._meta.db_table}",
        alerts=f"{table.world}.{ALERTS[table.world]._meta.db_table}",
        still_open=table.still_open,
        starts_at=table.starts_at,
        subject=table.subject,
        unit=table.unit,
        advice=advice,
        above=f"ARRAY{roles_text(ABOVE)}::varchar[]",
        told=TOLD,
    ).encode()


def reminders(table: SweptTable) -> bytes:
    """Return the statement that queues the mails of those who were asked again about rows of one table."""
    return REMINDERS.format(
        table=f"{table.world}.{table.model._meta.db_table}",
        alerts=f"{table.world}.{ALERTS[table.world]._meta.db_table}",
        still_open=table.still_open,
        told=TOLD,
        hands=table.hands,
    ).encode()


def sweep(at: datetime | None = None, *, batch: int = BATCH, between: Callable[[], None] | None = None) -> Swept:
    """Look at every table once, and again while steps that were missed are due; return what was done.

    `at` is an instant (default: the database's clock, once for the whole sweep). The heartbeat is stamped last and with the real clock.
    `between` is called after each transaction.
    """
    with worker_connection() as connection:
        if at is None:
            at = _one(connection.execute("SELECT clock_timestamp()"))
        total = Swept()
        held = False
        for table in TABLES:
            swept, whole = _sweep_table(connection, table, at, batch, between)
            total += swept
            held = held or not whole
        with as_sweeper(connection) as cursor:
            for text in (REVIEWS.encode(), *(reminders(table) for table in TABLES if table.hands)):
                cursor.execute(text, {"at": at})
                total += Swept(mails=cursor.rowcount)
        connection.add_notice_handler(_say)
        for name in ALSO:
            # The deadlines are swept already: what fails here is tried again in half a minute, and stops no heartbeat.
            try:
                with as_sweeper(connection) as cursor:
                    cursor.execute(SETTINGS)
                    cursor.execute(f"SELECT {name}(%(at)s)".encode(), {"at": at})
            except psycopg.Error:
                log.exception("%s failed in the sweep", name)
        if not held:
            with as_sweeper(connection) as cursor:
                beat(cursor, HEARTBEAT)
    return total


def _say(notice: psycopg.errors.Diagnostic) -> None:
    """Log what the database warns of: one row of many that could not be done."""
    if notice.severity_nonlocalized == "WARNING":
        log.error("the sweep was warned: %s", notice.message_primary)


def _sweep_table(
    connection: Connection[TupleRow], table: SweptTable, at: datetime, batch: int, between: Callable[[], None] | None
) -> tuple[Swept, bool]:
    """Return what was done, and whether the table was swept to its end."""
    text = statement(table)
    total, left = Swept(), TRIES
    while True:
        try:
            with as_sweeper(connection) as cursor:
                cursor.execute(SETTINGS)
                done, more = _take(cursor, text, at, batch)
        except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected):
            left -= 1
            if not left:
                return total, False
            continue
        total += done
        if between:
            between()
        if not more:
            return total, True


def _take(cursor: Cursor[TupleRow], text: bytes, at: datetime, batch: int) -> tuple[Swept, bool]:
    """Return what one batch did, and whether more may be due: it was full, or a step that was missed follows one of its own."""
    cursor.execute(
        text, {"at": at, "batch": batch, "advice": [r.code for r in RULES.values() if r.strength != Strength.MUST]}
    )
    row = cursor.fetchone()
    assert row is not None
    *counts, again = row
    done = Swept(*counts)
    return done, again or done.steps >= batch


def _one(cursor: Cursor[TupleRow]) -> Any:
    row = cursor.fetchone()
    assert row is not None
    return row[0]


def seconds_since_heartbeat(name: str = HEARTBEAT) -> float | None:
    """Return how long ago a piece of work finished, in seconds of the database's clock, or None when it never has.

    Asked by the health page, which acts for nobody: through the login's alias, whose role may read heartbeats.
    """
    with connections["auth"].cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - at)::float8 FROM base.coordination_heartbeat WHERE name = %s",
            [name],
        )
        row = cursor.fetchone()
    return row[0] if row else None
