"""Keeping and deleting: the deletion about one person is stopped, and the health service has decided how long it keeps records."""

from datetime import timedelta

from coordination import clock, retention
from coordination.models import Person
from coordination.people import holds
from demo.stage import Teller


def keeping(teller: Teller, person: Person) -> None:
    """Let the leaders decide."""
    teller.act(
        "leder",
        teller.ago(days=2),
        lambda actor, at: holds.place(
            actor,
            person.pk,
            reason="Klagen på utelukkelsen er ikke avgjort.",
            until_on=clock.local_date(at) + timedelta(days=180),
            at=at,
        ),
        letters=False,
    )
    teller.act(
        "helseleder",
        teller.ago(days=9),
        lambda actor, at: retention.decide(actor, years=15, reason="Etter råd fra kommunens arkiv.", at=at),
        letters=False,
    )
