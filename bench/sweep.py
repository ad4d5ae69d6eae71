"""The sweep of deadlines: one more minute, and a backlog, against the least the database could do. Moves only the bench's own clocks."""

from datetime import timedelta
from statistics import median

from bench import server
from bench.records import ordinary_rule
from bench.results import Results
from bench.server import one, run
from bench.timing import Cpu, undisturbed
from coordination.models import CustodyDeadline
from coordination.sweep import BATCH, TABLES, _sweep_table, sweep
from coordination.worker_login import worker_connection

WAITING = "FROM custody.coordination_custodydeadline WHERE closed_at IS NULL AND next_alert_at IS NOT NULL"
MINUTE = timedelta(minutes=1)


def measure(results: Results, name: str, *, suffix: str = "", rounds: int = 15) -> list[float]:
    """Measure minute after minute, and return the samples; the same number of deadlines falls due in each, whatever the size."""
    table = next(t for t in TABLES if t.model is CustodyDeadline)
    swept, counted, whole = [], [], []
    with server.superuser(name) as free, server.pointed_at(name), worker_connection() as worker:
        clock = Cpu([worker.info.backend_pid, free.info.backend_pid])
        # Checks that the pages logged have clocks of their own, today; the generated ones begin tomorrow.
        begin = one(free, f"SELECT date_trunc('minute', min(next_alert_at)) {WAITING} AND rule = %s", [ordinary_rule()])
        results.facts[f"open deadlines{suffix}"] = f"{one(free, f'SELECT count(*) {WAITING}'):,}"
        _sweep_table(worker, table, begin, BATCH, None)
        with undisturbed():
            for number in range(rounds):
                since = begin + number * MINUTE
                text = f"SELECT count(*) {WAITING} AND next_alert_at > %s AND next_alert_at <= %s"
                run(free, text, [since, since + MINUTE]).fetchall()
                start = clock()
                for _ in range(10):
                    due = run(free, text, [since, since + MINUTE]).fetchall()[0][0]
                counted.append((clock() - start) / 10)
                start = clock()
                done, _whole = _sweep_table(worker, table, since + MINUTE, BATCH, None)
                swept.append(clock() - start)
                if not due or done.steps != due:
                    raise AssertionError(f"{due} deadlines were due and {done.steps} were swept")
        for number in range(3):
            start = clock()
            sweep(begin + (rounds + 1 + number) * MINUTE)
            whole.append(clock() - start)
    results.compare(f"sweep.minute{suffix}", swept, counted, ("sweep of the table", "range count"))
    results.time(f"sweep.minute{suffix}", "all tables, connecting included", whole)
    return swept


def growth(results: Results, small: list[float], large: list[float]) -> None:
    """Keep how much longer a minute takes in the large country."""
    results.put("growth.sweep", median(large) / median(small))
    results.time("growth.sweep", "large", large)
    results.time("growth.sweep", "small", small)


def backlog(results: Results, name: str, rows: int, *, suffix: str = "") -> None:
    """Measure that many deadlines that all came due at once, against inserting as many alerts and nothing else."""
    with server.superuser(name) as free, server.pointed_at(name):
        # Its clocks are spent after this: not to be used by another run.
        server.remark(free, name, "")
        run(
            free,
            f"""UPDATE custody.coordination_custodydeadline SET next_step = 0, next_alert_at = now() - interval '30 days', due_at = due_at + interval '1 second'
                 WHERE id IN (SELECT id {WAITING} LIMIT {rows})""",  # noqa: S608
        )
        run(free, "CREATE TABLE bench.alert (LIKE custody.coordination_custodyalert INCLUDING ALL)")
        run(free, "VACUUM ANALYZE custody.coordination_custodydeadline")
        with worker_connection() as worker:
            clock = Cpu([worker.info.backend_pid, free.info.backend_pid])
            table = next(t for t in TABLES if t.model is CustodyDeadline)
            at = one(free, "SELECT now() - interval '29 days'")
            begin = clock()
            done, _whole = _sweep_table(worker, table, at, BATCH, None)
            swept = clock() - begin
        if done.alerts < rows:
            raise AssertionError(f"{done.alerts} alerts for {rows} deadlines")
        begin = clock_of(free)
        run(
            free,
            f"""INSERT INTO bench.alert (id, version, agency_id, unit_id, person_id, deadline_id, rule, step, severity, audience, due_at, raised_at, dedup_key)
                SELECT gen_random_uuid(), 1, agency_id, unit_id, person_id, id, rule, 0, 'info', '{{}}', due_at, now(), rule || ':' || id
                  FROM custody.coordination_custodydeadline LIMIT {rows}""",  # noqa: S608
        )
        plain = clock_of(free) - begin
        run(free, "DROP TABLE bench.alert")
    results.put(f"sweep.backlog{suffix}", swept / plain)
    results.time(f"sweep.backlog{suffix}", f"sweep of {rows:,}", [swept])
    results.time(f"sweep.backlog{suffix}", "plain insert", [plain])
    results.facts["rows of the backlog"] = f"{done.alerts:,} alerts, {done.mails:,} mails queued"


def clock_of(connection: server.Plain) -> float:
    """Return the processor time of this process and of one backend so far."""
    return Cpu([connection.info.backend_pid])()
