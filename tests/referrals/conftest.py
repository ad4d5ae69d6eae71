"""What every test of referrals has: a clock that stands still on a Monday noon."""

import pytest


@pytest.fixture(autouse=True)
def _monday(noon: None) -> None:
    """Let it stand still everywhere."""
