"""What the demo's prison leaves out when somebody is told about themselves: one letter, on a ground, until a day."""

from datetime import datetime, timedelta
from typing import Any

from consent.access.insight import letters_about
from consent.actions.insight import withhold
from coordination import clock
from coordination.identity import Actor
from coordination.models import Person
from demo.stage import Teller, key


def left_out(teller: Teller, person: Person) -> None:
    """One of the letters about the person in the long exclusion is left out for a month."""

    def decide(actor: Actor, at: datetime) -> Any:
        return withhold(
            actor,
            person.pk,
            letter=letters_about(actor, person.pk).last(),
            first_on=None,
            last_on=None,
            ground="others_affairs",
            reason="Brevet nevner forhold som gjelder en annen innsatt.",
            until_on=clock.local_date(at) + timedelta(days=30),
            key=key(),
            at=at,
        )

    teller.act("leder", teller.ago(hours=1), decide, letters=False)
