"""The clock of the tests of admission."""

import pytest

from tests.cast import AT


@pytest.fixture
def noon(monkeypatch):
    """Let the views read a fixed clock: a Monday noon in Oslo."""
    monkeypatch.setattr("coordination.clock.now", lambda: AT)
