"""A log of sealed batches, and the sealer that waits until all that was written can be sealed."""

import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from coordination import sealing
from coordination.models import Person

#: How long another test's transaction on the same server may hold a seal back.
PATIENCE = 120
WRITTEN = "SELECT coalesce(max(xid::text::numeric), 0) FROM audit.entry WHERE cluster = (pg_control_system()).system_identifier"
PASSED = f"SELECT pg_snapshot_xmin(pg_current_snapshot())::text::numeric > ({WRITTEN})"


@pytest.fixture
def passed(admin) -> Callable[[], None]:
    """Give a wait until all that was written can be sealed: suites beside this one share the server, and their transactions hold seals back."""

    def wait() -> None:
        until = time.monotonic() + PATIENCE
        while not admin.execute(PASSED).fetchone()[0]:
            assert time.monotonic() < until, "a transaction on this server never ends"
            time.sleep(0.05)

    return wait


@pytest.fixture
def seal(passed) -> Callable[[], int]:
    """Give the sealer of all that was written."""

    def run() -> int:
        passed()
        return sealing.seal()

    return run


@pytest.fixture
def log(cast, admin, seal) -> Iterator[psycopg.Connection]:
    """Give a superuser over a log of three sealed batches and an open end, with triggers off, after showing that it is whole."""
    for name in ("officer", "duty_leader", "warden", "officer"):
        with cast[name].acting():
            list(Person.objects.all())
        if name != "officer" or sealing.head() is None:
            seal()
    assert sealing.head().id == 3
    assert sealing.verify() == []
    admin.execute("SET session_replication_role = replica")
    yield admin
    admin.execute("SET session_replication_role = origin")
