"""Who inside the agency has a letter, as plain values. Asks no database."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from consent.models import Handling
from coordination.models import Role


def handling_rows(rows: Iterable[Handling]) -> list[dict[str, Any]]:
    """Return what the page of a letter says of each colleague or role that was given it, newest first."""
    return [{"row": row, "words": handed_to(row), "ended": row.ended_at is not None} for row in rows]


def handed_to(row: Handling) -> str:
    """Return what was done and to whom."""
    to = row.to_name or (Role(row.to_role).label if row.to_role in Role.values else row.to_role)
    pattern = _("Tildelt %(to)s") if row.what == Handling.What.ASSIGNED else _("Videresendt til %(to)s")
    return pattern % {"to": to}
