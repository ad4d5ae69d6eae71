"""What every test of referrals has: a clock that stands still on a Monday noon."""

import pytest

from coordination import clock
from tests.cast import AT


@pytest.fixture(autouse=True)
def _monday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: AT)
