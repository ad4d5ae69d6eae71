"""The clock of the tests of release."""

import pytest

from coordination import clock
from tests.cast import AT


@pytest.fixture
def monday(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the views read a fixed clock."""
    monkeypatch.setattr(clock, "now", lambda: AT)
