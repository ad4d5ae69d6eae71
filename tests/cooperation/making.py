"""Ways to get a report in tests: asked for through HTTP, made by the worker's own function as the asker, in the worker's login."""

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from cooperation import tasks
from cooperation.actions import reports as actions
from coordination import jobs
from coordination.figures import Period
from tests.database import worker

#: Eight weeks around the tests' noon.
FIRST, LAST = date(2026, 10, 1), date(2026, 11, 23)


def choice(period: str = "own", first: str = "01.10.2026", last: str = "23.11.2026", **more: str) -> dict[str, str]:
    """Return what the form posts."""
    return {"period": period, "first_on": first, "last_on": last, "key": str(uuid4()), **more}


def ask(cast: Any, who: str = "warden", **more: Any) -> UUID:
    """Ask for a report through the form, and return the job."""
    answer = cast[who].client().post("/rapporter/ny/", choice(**more))
    assert answer.status_code == 303, answer.content.decode()[:2000]
    return UUID(answer.url.rstrip("/").rsplit("/", 1)[1])


def work(job: UUID) -> bool:
    """Do a job as the worker does."""
    with worker():
        return jobs.run(actions.KIND, job, tasks.make_report)


def made(cast: Any, who: str = "warden", **more: Any) -> str:
    """Ask for a report and have it made; return its key."""
    job = ask(cast, who, **more)
    assert work(job)
    with cast[who].acting():
        return jobs.progress_of(job).result


def period(at: datetime, first: date = FIRST, last: date = LAST) -> Period:
    """Return a period as seen at an instant."""
    return Period(first, last, at)


def clone(admin: Any, table: str, pk: Any, **changes: Any) -> UUID:
    """Copy one row as superuser, with a new key and some things changed, and return the new key. Many rows quickly, for counting."""
    schema, name = table.split(".")
    columns = [
        column
        for (column,) in admin.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = %s AND table_name = %s",
            [schema, name],
        ).fetchall()
    ]
    new = uuid4()
    values = {"id": new, **changes}
    picked = ", ".join("%s" if column in values else f'"{column}"' for column in columns)
    named = ", ".join(f'"{column}"' for column in columns)
    with admin.transaction():
        admin.execute("SET LOCAL session_replication_role = replica")
        admin.execute(
            f"INSERT INTO {table} ({named}) SELECT {picked} FROM {table} WHERE id = %s",
            [*(values[column] for column in columns if column in values), pk],
        )
    return new
