"""Files as they are handed out: byte by byte, to be saved and never shown inside our own pages. No rule lives here."""

from django.http import HttpResponse

from consent.documents import KINDS
from consent.models import Attachment, ConsentPaper


def file_answer(row: ConsentPaper | Attachment, name: str) -> HttpResponse:
    """Return a kept file as a download. `name` is without an ending and names nobody."""
    headers = {
        # Never shown inside our own pages: whatever a scanned file holds, it holds it outside this origin.
        "Content-Disposition": f'attachment; filename="{name}.{KINDS[row.content_type][1]}"',
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(bytes(row.data), content_type=row.content_type, headers=headers)
