"""What the tests of isolation share: a clock that a test sets."""

import pytest

from coordination import clock
from tests.cast import AT


@pytest.fixture
def now(monkeypatch):
    """Let a test say what time it is."""

    def set_now(at):
        monkeypatch.setattr(clock, "now", lambda: at)
        return at

    set_now(AT)
    return set_now
