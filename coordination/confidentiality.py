"""The verb of confidentiality: a membership accepts the statement of its world, in the version that stands, before it acts at all.

Runs as the login's own database role, like everything at the door: nobody acts yet. (obligation R6.2-c)
"""

from datetime import datetime
from typing import Any

from coordination import clock
from coordination.models import ConfidentialityAcceptance, Membership
from coordination.reference import ConfidentialityStatement, confidentiality_statement_on


def statement_for(world: str, at: datetime) -> ConfidentialityStatement:
    """Return the text that stands for members of a world at an instant."""
    return confidentiality_statement_on(world, clock.local_date(at))


def accepted(membership: Membership, at: datetime) -> ConfidentialityAcceptance | None:
    """Return the membership's acceptance of the version that stands, or None: then nothing may be opened."""
    statement = statement_for(membership.agency.world, at)
    rows: Any = ConfidentialityAcceptance.objects.using("auth").filter(
        membership_id=membership.pk, code=statement.code, version=statement.version
    )
    found: ConfidentialityAcceptance | None = rows.first()
    return found


def accept(membership: Membership, *, version: int, at: datetime) -> bool:
    """Write down that a membership accepts the version it was shown; return whether that is the one that stands. Twice is once."""
    statement = statement_for(membership.agency.world, at)
    if statement.version != version:
        return False
    ConfidentialityAcceptance.objects.using("auth").bulk_create(
        [ConfidentialityAcceptance(membership_id=membership.pk, code=statement.code, version=version, accepted_at=at)],
        ignore_conflicts=True,
    )
    return True
