"""Lets the sweep look at letters that wait for a receipt or an answer. Holds no rule: whom to tell stands with the rules of each kind."""

from consent.models import LETTERS
from coordination.sweep import SweptTable, register

register(
    *(
        SweptTable(
            world=world,
            model=model,
            still_open="d.settled_at IS NULL AND NOT d.awaits = ''",
            starts_at="d.sent_at",
            subject="d.id",
            # The desk the letter lies on; on the sender's side the unit of the person it is about.
            unit="(SELECT u.id FROM base.coordination_unit u WHERE u.group_id = d.desk_group_id)",
            closed_at="settled_at",
        )
        for world, model in LETTERS.items()
    )
)
