"""The doors of drafts: kept while one writes, listed, continued, discarded. No rule lives here.

A page that writes letters keeps drafts with one line above its view and one at its form:

    @keeps_draft(_("Råd til fengselet"))
    def advice_new(request, letter_pk):
        form = kept(request, patient, AdviceForm(...))
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
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
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import saved

View = Callable[..., HttpResponse]
AnyForm = TypeVar("AnyForm", bound=forms.Form)


def keeps_draft(title: Any) -> Callable[[View], View]:
    """Mark a view whose form keeps drafts, and what such a draft is called. What was sent (303) leaves no draft behind."""

    def mark(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            written = getattr(request, "draft", None)
            if written and request.method == "POST" and response.status_code == 303:
                person, place = written
                actions.close_draft(actor_of(request), person, place, at=clock.now())
            return response

        answer.draft_title = title  # type: ignore[attr-defined]
        return answer

    return mark


def kept(request: HttpRequest, person: Any, form: AnyForm, *, place: str = "") -> AnyForm:
    """Let a form keep drafts about a person, or nobody (None); one that was not sent is filled with what was typed before.

    `place` is the address of the page the form stands on, where that is not the request's own path.
    """
    place = place or request.path
    request.draft = (person, place)  # type: ignore[attr-defined]
    draft = access.draft_at(actor_of(request), person.pk if person else None, place)
    if draft is not None and not form.is_bound:
        refill(form, draft.typed)
    door = reverse("draft_save", args=[person.pk]) if person else reverse("draft_save_nobody")
    form.autosave = {  # type: ignore[attr-defined]
        "url": f"{door}?{urlencode({'sted': place})}",
        "saved_at": draft.saved_at if draft else None,
        "discard_url": reverse("draft_discard", args=[draft.pk]) if draft else "",
        "filled": draft is not None and not form.is_bound,
    }
    return form


@require_POST
def draft_save(request: HttpRequest, pk: UUID | None = None) -> HttpResponse:
    """Keep what is typed about a person, or nobody: a line for a page that goes on, and for one without script the form again."""
    actor = actor_of(request)
    access.reads_content(actor)
    person: Any = access.access_subject(actor, pk) if pk else None
    place = request.GET.get("sted", "")
    if title_at(place) is None:
        raise Http404
    typed = typed_in(request.POST)
    if typed is None:
        return HttpResponse(_("Teksten er for lang til å lagres som kladd. Det du skrev før, er lagret."), status=413)
    row = actions.save_draft(actor, person, place=place, typed=typed, at=clock.now())
    if request.headers.get("HX-Request"):
        return render(request, "consent/draft_line.html", {"saved_at": row.saved_at if row else None})
    return saved(request, _("Kladden er lagret.") if row else _("Det er ingenting å lagre ennå."), place)


@require_GET
@in_menu("letters")
def drafts(request: HttpRequest) -> HttpResponse:
    """List what one has typed and not sent."""
    actor = actor_of(request)
    rows = [
        {"draft": row, "title": title_at(row.place), "name": str(row.person or "")} for row in access.drafts_for(actor)
    ]
    context = {"heading": _("Post"), "tabs": tabs(actor, "drafts"), "rows": [row for row in rows if row["title"]]}
    return render(request, "consent/drafts.html", context)


@require_POST
def draft_discard(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let go of a draft; from the form itself, begin the form anew."""
    actor = actor_of(request)
    row = access.access_draft(actor, pk)
    actions.discard_draft(row, at=clock.now())
    anew = "anew" in request.POST and title_at(row.place) is not None
    return saved(request, _("Kladden er forkastet."), row.place if anew else reverse("drafts"))
