"""The doors of contact with the health service: the form, the slip to print, the receipt. Actor in, verb called, answer out."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.views.drafts import keeps_draft, kept
from coordination import clock, pdf
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.answers import on_paper, see_other
from coordination.views.people_common import run
from intake import access, actions, documents
from intake.forms import (
    ContactForm,
)
from intake.rules import Concern
from intake.views.common import page, person_of, sent


@require_http_methods(["GET", "POST"])
@in_menu("people")
@keeps_draft(gettext_lazy("Kontakt med helsetjenesten"))
def health_contact(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Put somebody in touch with the health service during the stay."""
    actor = actor_of(request)
    if not access.may_contact(actor):
        raise Http404
    at = clock.now()
    person = person_of(actor, person_id)
    if request.method == "POST":
        form = kept(request, person, ContactForm(request.POST))
        if form.is_valid():
            saved = run(
                form,
                lambda: actions.contact_health(
                    actor,
                    person.pk,
                    key=form.cleaned_data["key"],
                    reasons=form.chosen(),
                    observation=form.cleaned_data["observation"],
                    at=at,
                ),
            )
            if saved is not None:
                return see_other(reverse("health_contact_receipt", args=[saved.pk]))
    else:
        # Somebody at the cell door who says "I want to talk to the nurse": one link, the reason ticked.
        wish = [Concern.WISH_FOR_CONTACT.value] if request.GET.get("grunn") == "onske" else []
        form = kept(request, person, ContactForm(initial={"reasons": wish}))
    return page(
        request,
        "intake/contact.html",
        actor,
        person,
        _("Kontakt helsetjenesten"),
        form=form,
        slips=[
            {"name": words.name, "url": reverse("health_slip_pdf", args=[code])}
            for code, words in documents.slip_text(at).languages.items()
        ],
    )


@require_http_methods(["GET"])
@in_menu("people")
def health_slip_pdf(request: HttpRequest, language: str) -> HttpResponse:
    """Print a blank slip to reach the health service with, in one of its languages."""
    actor = actor_of(request)
    if not access.may_contact(actor):
        raise Http404
    try:
        paper = documents.slip(actor, language, clock.now())
    except LookupError:
        raise Http404 from None
    data = pdf.render("intake/slip_pdf.html", paper, title=paper["words"].title)
    return on_paper(data, f"samvirke-helselapp-{language}.pdf")


@require_http_methods(["GET"])
@in_menu("people")
def health_contact_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a request that was sent: to whom, when, and whether it is acknowledged."""
    actor = actor_of(request)
    row = access.access_contact(actor, pk)
    rows = [{"label": _("Hva ble sett og hørt"), "value": row.observation}]
    return page(
        request,
        "intake/contact_receipt.html",
        actor,
        row.person,
        _("Kontakt med helsetjenesten"),
        contact=row,
        sent=sent(actor, row),
        rows=rows,
    )
