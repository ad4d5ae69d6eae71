"""The door of a file that went with a letter. No rule lives here."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from consent import access, actions
from consent.views.files import file_answer
from coordination import audit
from coordination.middleware import actor_of


@require_GET
def letter_attachment(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Give one file of a letter, byte by byte as it was sent. The name of the download names nobody."""
    actor = actor_of(request)
    letter = actions.opened(actor, pk)
    row = access.access_attachment(actor, letter, number)
    audit.note("print", row)
    return file_answer(row, f"samvirke-vedlegg-{letter.pk.hex[-8:]}-{number}")
