"""What tests of work behind the page share."""

import pytest

from coordination import jobs
from tests.cast import Cast
from tests.consent.post import register_kinds


@pytest.fixture
def still(cast: Cast, admin, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the test kinds known to the postman, and let messages to the worker stay."""
    register_kinds(admin)
    monkeypatch.setattr(jobs.celery_app, "send_task", lambda *args, **more: None)
