"""What the sweep looks at here: letters that wait for a receipt or an answer, consents that ran out, drafts nobody sent. Holds no rule."""

from consent.models import HANDLINGS, LETTERS
from coordination.sweep import SweptTable, also, register

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
            hands=(
                f"EXISTS (SELECT 1 FROM {world}.{HANDLINGS[world]._meta.db_table} h WHERE h.letter_id = d.id "  # noqa: S608 - names from code
                "AND h.what = 'assigned' AND h.ended_at IS NULL AND h.to_membership_id = m.id)"
            ),
        )
        for world, model in LETTERS.items()
    )
)

also("letterbox.note_expired", "retention.drop_drafts")
