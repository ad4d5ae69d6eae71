"""Cursor paging: stable while rows arrive, and it counts nothing. Takes no cursor that could not have come from here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


class NewestFirst(CursorPagination):
    """Newest first by key: a UUIDv7 sorts by the time it was made."""

    ordering: Any = "-id"
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
    place: Any = UUID

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return where a cursor points. One that somebody made up is as absent as a row that is not there."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None:
            try:
                self.place(cursor.position)
            except ValueError:
                raise NotFound from None
        return cursor


class LatestSent(NewestFirst):
    """Latest sent first, for letters: their keys are random."""

    ordering = ("-sent_at", "-id")
    place = datetime.fromisoformat
