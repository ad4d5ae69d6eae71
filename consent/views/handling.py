"""The doors of a letter inside the agency: given to a colleague, told to a role, and asked for again. No rule lives here."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consent import access, actions, documents
from consent.forms.boxes import HandOnForm
from consent.models import Letter
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.answers import see_other
from coordination.views.people_common import run, saved


@require_http_methods(["GET", "POST"])
@in_menu("letters")
def letter_assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a received letter to a colleague, or take it oneself."""
    actor = actor_of(request)
    row = access.access_received(actor, pk)
    form = HandOnForm(request.POST or None, readers=access.readers(actor, row), roles=False)
    words = (_("Tildel brevet"), _("Tildel"), _("Brevet er tildelt."))
    return _hand_on(request, row, form, actions.assign, words)


@require_http_methods(["GET", "POST"])
@in_menu("letters")
def letter_forward(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell colleagues about a letter, with a note. Nobody gets to read more than they could."""
    actor = actor_of(request)
    row = access.access_letter(actor, pk)
    others = [one for one in access.readers(actor, row) if one.pk != actor.membership_id]
    form = HandOnForm(request.POST or None, readers=others, roles=True)
    words = (_("Videresend til kolleger"), _("Videresend"), _("Brevet er videresendt innenfor etaten."))
    return _hand_on(request, row, form, actions.forward, words)


def _hand_on(
    request: HttpRequest, row: Letter, form: HandOnForm, verb: Callable[..., None], words: tuple[str, str, str]
) -> HttpResponse:
    """Give a letter on, or show the form. `words` are heading, button and what is said when it is done."""
    heading, submit, done = words
    url = reverse("letter", args=[row.pk])
    sent = request.method == "POST" and form.is_valid()
    if sent and run(form, lambda: verb(row, note=form.cleaned_data["note"], **form.target())):
        return saved(request, done, url)
    title, received = documents.title_of(row), row.direction == Letter.Direction.IN
    context = {
        "form": form,
        "heading": heading,
        "submit_label": submit,
        "title": title,
        "name": documents.name_in(row),
        "crumbs": [
            {"label": _("Post"), "url": reverse("inbox" if received else "outbox")},
            {"label": title, "url": url},
            {"label": heading, "url": ""},
        ],
        "cancel_url": url,
    }
    return render(request, "consent/hand_on.html", context, status=422 if form.errors else 200)


@require_POST
def letter_remind(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the recipient again."""
    actor = actor_of(request)
    row = access.access_sent(actor, pk)
    try:
        actions.remind(row)
    except actions.Undelivered as refused:
        messages.error(request, str(refused))
        return see_other("letter", pk=row.pk)
    return saved(request, _("Påminnelsen er sendt. Mottakeren er varslet."), reverse("letter", args=[row.pk]))
