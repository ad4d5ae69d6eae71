"""What one person may know after ten years: the page, and the paper, from a log that has others' entries around theirs. In seconds of processor time.

A patient whom some twenty people in the service have to do with, every day, and about whom a letter goes or comes every week.
"""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

from django.db import connections
from django.urls import reverse
from pypdf import PdfReader

from bench import server
from bench.browser import answer
from bench.data import seats
from bench.pages import opened, person_of
from bench.results import Results
from bench.server import Plain, one, run
from consent.access import insight as reading
from consent.actions.insight import make_insight
from coordination import clock
from coordination.identity import acting

WHO = ("fixed", "health_leader")
YEAR = 365
#: The service's own people and how many of them a day, how many entries a day are about the patient, and how many are about others
#: between two of them.
COLLEAGUES, SHIFT, A_DAY, OTHERS = 23, 8, 40, 4


def measure(results: Results, name: str, *, days: int = 10 * YEAR) -> None:
    """Write so many days of history and measure what the service's leader asks for."""
    with server.superuser(name) as free, opened(name, free) as doors:
        seat = seats(free)[WHO]
        patient = person_of(free, seat)
        _history(free, seat.agency, patient, days)
        cpu = doors.cpu()
        environ = doors.environ(WHO, reverse("insight", args=[patient]))
        with doors.using(doors.walled):
            answer(doors.product, environ)
            begin = cpu()
            status, _body = answer(doors.product, environ)
            page = cpu() - begin
            if status != 200:
                raise AssertionError(f"the page answers {status}")
            begin = cpu()
            with acting(seat.token, "bench") as actor:
                # As a job has it: drawing keeps the transaction waiting for longer than a page may.
                connections["default"].cursor().execute("SET LOCAL idle_in_transaction_session_timeout = '600s'")
                row = make_insight(actor, patient, key=uuid4(), at=clock.now(), step=lambda _done, _total: None)
            paper = cpu() - begin
            with acting(seat.token, "bench") as actor:
                tomorrow = clock.local_date(clock.now()) + timedelta(days=1)
                begin = cpu()
                rows = sum(1 for _row in reading.looked_at(actor, patient, before=tomorrow))
                log = cpu() - begin
        pages = len(PdfReader(BytesIO(row.data)).pages)
        entries, all_of_them = (
            one(free, "SELECT count(*) FROM audit.entry WHERE person_ids @> %s", [[patient]]),
            one(free, "SELECT count(*) FROM audit.entry"),
        )
    what = f"{days / YEAR:.0f} years, {entries:,} entries about the person in a log of {all_of_them:,}"
    results.facts["insight"] = (
        f"{what}: the page {page:.2f} s, the log alone ({rows:,} rows) {log:.2f} s, the paper ({pages} pages) {paper:.1f} s, all in processor time; the goal is 10 s"
    )


def _history(connection: Plain, agency: object, patient: object, days: int) -> None:
    """Write colleagues, letters and the log of some days, ending today; past walls and triggers, as the rest of the country."""
    run(connection, "SET session_replication_role = replica")
    run(
        connection,
        "INSERT INTO coordination_membership (id, user_id, agency_id, role, reach, display_name, email, started_at, version) "
        "SELECT uuidv7(), uuidv7(), %s, 'prison_nurse', 'unit', 'Prøve Kollega ' || n, '', now() - interval '10 years', 1 "
        "FROM generate_series(1, %s::int) n",
        [agency, COLLEAGUES],
    )
    columns = [
        column
        for (column,) in run(
            connection,
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'consent_municipalletter' "
            "AND column_name NOT IN ('id', 'letter_id', 'sent_at', 'person_id')",
        ).fetchall()
    ]
    named = ", ".join(columns)
    run(
        connection,
        f"INSERT INTO consent_municipalletter (id, letter_id, sent_at, person_id, {named}) "  # noqa: S608
        f"SELECT uuidv7(), uuidv7(), now() - d * interval '1 day', %s, {named} FROM generate_series(1, %s::int, 7) d, "
        "(SELECT * FROM consent_municipalletter WHERE agency_id = %s LIMIT 1) l",
        [patient, days, agency],
    )
    # In the order of time, as a log is written: each entry about the patient with some about others before it.
    run(
        connection,
        "INSERT INTO audit.entry (seq, at, user_id, membership_id, agency_id, action, subject_table, object_ids, person_ids, purpose, request, leaf) "
        "OVERRIDING SYSTEM VALUE SELECT i - %(many)s, date_trunc('day', now()) - (%(many)s - i) * interval '1 day' / %(rate)s, m.user_id, m.id, m.agency_id, "
        "CASE i %% 7 WHEN 0 THEN 'insert' ELSE 'read' END, (ARRAY['follow_up_healthvisit', 'coordination_municipalpatient', "
        "'consent_municipalletter'])[1 + i %% 3], '{}', ARRAY[CASE WHEN i %% %(others)s = 0 THEN %(patient)s::uuid ELSE gen_random_uuid() END], "
        "'person', gen_random_uuid(), sha256(i::text::bytea) FROM generate_series(1, %(many)s::bigint) i JOIN (SELECT id, user_id, agency_id, "
        "row_number() OVER (ORDER BY id) AS n FROM coordination_membership WHERE agency_id = %(agency)s) m ON m.n = 1 + (i / %(rate)s * 5 + i %% %(shift)s * 3) %% %(staff)s",
        {
            "many": days * A_DAY * (OTHERS + 1),
            "rate": A_DAY * (OTHERS + 1),
            "others": OTHERS + 1,
            "patient": patient,
            "agency": agency,
            "staff": COLLEAGUES,
            "shift": SHIFT,
        },
    )
    run(connection, "ANALYZE audit.entry")
    run(connection, "RESET session_replication_role")
