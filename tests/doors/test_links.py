"""What "I dag" and the alerts offer opens for whoever is offered it. A leader hears of much that others do."""

import re
from datetime import timedelta

import pytest

from coordination import clock
from coordination.sweep import sweep
from tests.story import tell

LINKS = re.compile(r'href="(/[^"#?]*)')


@pytest.mark.parametrize("who", ["health_leader", "warden", "trust_leader", "contact_officer"])
def test_every_link_of_today_and_the_alerts_opens(cast, monkeypatch, who):
    tell(cast)
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    sweep(later)
    client = cast[who].client()
    offered = {link for page in ("/", "/varsler/") for link in LINKS.findall(client.get(page).content.decode())}
    statuses = {link: client.get(link).status_code for link in offered if not link.startswith("/static/")}
    assert len(statuses) > 10
    assert {link: status for link, status in statuses.items() if status >= 400} == {}
