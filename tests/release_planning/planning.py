"""Where the tests of release find somebody's plan, and which of its rules are open. Holds no test."""

from coordination.models import CustodyDeadline
from tests.cast import Cast


def url(cast: Cast, who: str = "fiolin", more: str = "") -> str:
    """Return the address of somebody's plan."""
    return f"/loslatelse/{cast.people[who]}/{more}"


def open_rules(cast: Cast, who: str) -> set[str]:
    """Return the rules of this app that are open about somebody."""
    with cast["release_caseworker"].acting():
        rows = CustodyDeadline.objects.filter(
            person_id=cast.people[who], closed_at=None, rule__in=["D11", "D12", "D13", "D14"]
        )
        return {row.rule for row in rows}
