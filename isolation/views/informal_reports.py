"""Door: writing down that the region or the directorate was told of somebody who keeps to themself (rule N05)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from isolation.access import access_informal, require_role
from isolation.actions import informal_reports as verbs
from isolation.forms import AuthorityForm
from isolation.letters import DECIDERS
from isolation.views.common import run, to
from isolation.views.informal import informal_form


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
def informal_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a report that was sent outside Samvirke; where the law asks for none, there is nothing to write."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row, at = access_informal(actor, pk), clock.now()
    limits = verbs.reports_due(row, at)
    if not limits:
        return to("informal", pk)
    first = next((due.limit.code for due in limits if due.due_at), "")
    form = AuthorityForm(
        request.POST or None, limits=limits, at=at, initial={"limit": first, "done_by": actor.signature}
    )
    if request.method == "POST" and form.is_valid():
        data, occurred_at = form.cleaned_data, form.occurred_at
        assert occurred_at is not None
        made = run(
            form,
            lambda: verbs.record_report(
                actor, pk, limit=data["limit"], occurred_at=occurred_at, done_by=data["done_by"],
                reference=data["reference"], note=data["note"], key=data["key"], at=at,
            ),
        )  # fmt: skip
        if made is not None:
            return to("informal", pk)
    lead = _("Samvirke sender ikke til region eller direktorat. Send på vanlig måte, og skriv her hva som er gjort.")
    return informal_form(request, actor, row, form, _("Meldt utenfor fengselet"), _("Lagre meldingen"), lead=lead)
