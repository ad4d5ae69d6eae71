"""The doors of drafts: kept while one writes, listed, continued, discarded. No rule lives here."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from consent import access, actions
from consent.forms.drafts import refill, title_at, typed_in
from consent.views.boxes import tabs
from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import saved


def keep(actor: Actor, person: Any, place: str, form: forms.Form) -> dict[str, Any]:
    """Return what a page needs to keep its form (`autosave`), and fill a form that was not sent with what was kept."""
    draft = access.draft_at(actor, person.pk, place)
    if draft is not None and not form.is_bound:
        refill(form, draft.typed)
    return {
        "url": f"{reverse('draft_save', args=[person.pk])}?{urlencode({'sted': place})}",
        "saved_at": draft.saved_at if draft else None,
        "discard_url": reverse("draft_discard", args=[draft.pk]) if draft else "",
    }


@require_POST
def draft_save(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep what is typed: a line for a page that goes on, and for one without script the form again."""
    actor = actor_of(request)
    person: Any = access.access_subject(actor, pk)
    place = request.GET.get("sted", "")
    if title_at(place, person.pk) is None:
        raise Http404
    row = actions.save_draft(actor, person, place=place, typed=typed_in(request.POST), at=clock.now())
    if request.headers.get("HX-Request"):
        return render(request, "consent/draft_line.html", {"saved_at": row.saved_at if row else None})
    return saved(request, _("Kladden er lagret.") if row else _("Det er ingenting å lagre ennå."), place)


@require_GET
@in_menu("letters")
def drafts(request: HttpRequest) -> HttpResponse:
    """List what one has typed and not sent."""
    actor = actor_of(request)
    rows = [
        {"draft": row, "title": title_at(row.place, row.person_id), "name": str(row.person)}
        for row in access.drafts_for(actor)
    ]
    context = {"heading": _("Post"), "tabs": tabs(actor, "drafts"), "rows": [row for row in rows if row["title"]]}
    return render(request, "consent/drafts.html", context)


@require_POST
def draft_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let go of a draft."""
    actor = actor_of(request)
    actions.discard_draft(access.access_draft(actor, pk), at=clock.now())
    return saved(request, _("Kladden er forkastet."), reverse("drafts"))
