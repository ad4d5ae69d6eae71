"""Cursor paging: stable while rows arrive, and it counts nothing."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Newest first by key: a UUIDv7 sorts by the time it was made."""

    ordering = "-id"
    page_size = 25
    page_size_query_param = "page_size"
    max_page_size = 100
