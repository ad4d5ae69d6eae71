"""The tests' own rules, in the code and in the database."""

from collections.abc import Iterator

import pytest

from tests.cast import Cast
from tests.engine import making


@pytest.fixture
def rules(cast: Cast, admin) -> Iterator[None]:
    """Install the rules T1 to T5 for a test, and stop every clock that the cast came with."""
    from coordination.sweep import TABLES

    for table in TABLES:
        admin.execute(
            f"UPDATE {table.world}.{table.model._meta.db_table} SET next_alert_at = NULL WHERE next_alert_at IS NOT NULL"
        )
    ours = (making.T1, making.T2, making.T3, making.T4, making.T5)
    making.install(*ours)
    yield
    making.uninstall(*ours)


@pytest.fixture
def mailbox(settings) -> list:
    """Give the mails that were sent, empty at the start."""
    from django.core import mail

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox
