"""What the tests of the door share: a clock that stands still until it is moved."""

import pytest
from django.test import Client

from coordination import clock
from tests.cast import AT


@pytest.fixture
def at(monkeypatch):
    """Return a list whose only item is now."""
    moment = [AT]
    monkeypatch.setattr(clock, "now", lambda: moment[0])
    return moment


@pytest.fixture
def boss(cast) -> Client:
    """The prison's administrator."""
    return cast["prison_admin"].client()
