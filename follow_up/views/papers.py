"""The door of the supervision record on paper. Printing is noted in the audit log."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from coordination import audit, clock, pdf
from coordination.page_frame import in_menu
from coordination.views.answers import on_paper
from follow_up import documents
from follow_up.views.lock_in import the_course


@require_http_methods(["GET"])
@in_menu("supervision")
def supervision_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer with the whole record of a course, for the own journal."""
    actor, course = the_course(request, pk)
    data = pdf.render(
        "follow_up/journal_pdf.html", documents.journal(actor, course, clock.now()), title="Tilsynsjournal"
    )
    audit.note("print", course)
    return on_paper(data, "tilsynsjournal.pdf")
