"""Lists in parts, by places between rows and not by page numbers: what arrives meanwhile moves nobody's page. Knows no table."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

#: Rows of one part.
LISTED = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Part:
    """Some rows of a list in its order, how many there are in all, and where the neighbouring parts begin ("" where there are none)."""

    rows: list[Any]
    total: int
    before: str = ""
    after: str = ""


def part_of(rows: QuerySet[Any], field: str, turn: str = "", *, newest: bool = False, size: int = LISTED) -> Part:
    """Return the part of a list that `turn` asks for, ordered by an instant and then by key.

    `turn` is a `before` or `after` of another part; one that means nothing gives the first part.
    """
    total, place = rows.count(), place_of(turn[1:])
    backward = place is not None and turn.startswith("f")
    later = newest is backward
    found = rows.order_by(*((field, "pk") if later else (f"-{field}", "-pk")))
    if place is not None:
        at, key = place
        side = "gt" if later else "lt"
        found = found.filter(Q(**{f"{field}__{side}": at}) | Q(**{field: at, f"pk__{side}": key}))
    shown = list(found[: size + 1])
    more, shown = len(shown) > size, shown[:size]
    if backward:
        shown.reverse()
    if not shown:
        return Part([], total)
    first, last = (cursor_of(getattr(row, field), row.pk) for row in (shown[0], shown[-1]))
    has_before, has_after = (more, True) if backward else (place is not None, more)
    return Part(shown, total, f"f{first}" if has_before else "", f"e{last}" if has_after else "")


def cursor_of(at: datetime, key: UUID) -> str:
    """Return the place of a row, for an address: an instant and a key, and nothing about anybody."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}_{key}"


def place_of(cursor: str) -> tuple[datetime, UUID] | None:
    """Return where a cursor points, or None when somebody made it up."""
    microseconds, _sep, key = cursor.partition("_")
    try:
        return EPOCH + timedelta(microseconds=int(microseconds)), UUID(key)
    except (ValueError, OverflowError):
        return None
