"""A filled database of their own for the tests that look at every table, one per test process."""

from collections.abc import Iterator

import pytest

from coordination.walls.provision import provision
from tests.consent.post import register_kinds
from tests.database import clone
from tests.walls.world import Filled, fill


@pytest.fixture(scope="session")
def filled(_database, worker_id: str) -> Iterator[Filled]:
    """Give the filled database. Nothing in it is changed for good: every test rolls back or mends."""
    world = fill(clone(f"{worker_id}_filled"))
    provision(world.admin, passwords={})
    yield world
    world.web.close()
    world.admin.close()


@pytest.fixture
def letter_kinds(cast, admin) -> None:
    """Let the postman carry the kinds of letter of the tests."""
    register_kinds(admin)
