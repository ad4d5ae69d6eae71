"""What every test has: a database with real roles, the cast, and a client that is somebody."""

from collections.abc import Iterator

import pytest
from django.db import connections

from tests.cast import AT, Cast, build_cast
from tests.database import Snapshot, create
from tests.story import Story, tell

pytest_plugins = ["tests.plugins.obligations", "tests.plugins.canaries", "tests.plugins.traces"]


@pytest.fixture(scope="session")
def _database(django_db_blocker, worker_id: str) -> Iterator[tuple[Snapshot, Cast]]:
    """Make the database and the cast once for this process."""
    with django_db_blocker.unblock():
        name = create(worker_id)
        cast = build_cast()
        snapshot = Snapshot(name)
        snapshot.take()
        yield snapshot, cast
        snapshot.close()
        for alias in connections:
            connections[alias].close()


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whatever reads the clock read the tests' own: a Monday noon in Oslo."""
    monkeypatch.setattr("coordination.clock.now", lambda: AT)


@pytest.fixture
def cast(_database) -> Iterator[Cast]:
    """Give the cast in its first state; whatever a test commits is gone afterwards."""
    snapshot, people = _database
    yield people
    for alias in connections:
        if connections[alias].in_atomic_block:
            connections[alias].close()
    snapshot.restore()


@pytest.fixture
def admin(_database):
    """Give a superuser's connection, to see behind the walls; never used by what is tested."""
    return _database[0].connection


@pytest.fixture(scope="module")
def told(_database) -> Iterator[tuple[Cast, Story]]:
    """Give the cast with one of everything behind the doors, for a module whose tests change nothing that matters to each other."""
    snapshot, people = _database
    yield people, tell(people)
    snapshot.restore()
