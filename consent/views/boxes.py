"""The doors of the boxes: looked through, narrowed, acknowledged many at a time. No rule lives here."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from consent import access, actions, documents
from consent.forms.boxes import SearchForm
from consent.letters import PRACTICAL_MESSAGE, received_in, sent_from
from consent.models import Letter
from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.answers import see_other


def tabs(actor: Actor, current: str) -> list[dict[str, Any]]:
    """Return the boxes as tabs; drafts with how many there are."""
    return [
        {"label": _("Mottatt"), "url": reverse("inbox"), "current": current == "inbox"},
        {"label": _("Sendt"), "url": reverse("outbox"), "current": current == "outbox"},
        {
            "label": _("Kladder"),
            "url": reverse("drafts"),
            "current": current == "drafts",
            "count": access.drafts_for(actor).count(),
        },
    ]


def tools(actor: Actor) -> list[dict[str, Any]]:
    """Return what can be begun from the boxes: a message about nobody, for whoever may send one."""
    if actor.role not in PRACTICAL_MESSAGE.sender_roles:
        return []
    return [{"label": _("Ny praktisk melding"), "url": reverse("message_new"), "icon": "PlusCircle"}]


@require_GET
@in_menu("letters")
def inbox(request: HttpRequest) -> HttpResponse:
    """Show received letters."""
    return _box(request, Letter.Direction.IN)


@require_GET
@in_menu("letters")
def outbox(request: HttpRequest) -> HttpResponse:
    """Show sent letters."""
    return _box(request, Letter.Direction.OUT)


def _box(request: HttpRequest, direction: Letter.Direction) -> HttpResponse:
    """Show one box, narrowed to a state and to what somebody looks for; pages by cursor."""
    actor, at = actor_of(request), clock.now()
    received = direction == Letter.Direction.IN
    box = "inbox" if received else "outbox"
    form = SearchForm(request.GET, kinds=received_in(actor.world) if received else sent_from(actor.world))
    search = form.search()
    states = [name for name in access.STATES if received or name not in access.RECEIVED_ONLY]
    show = request.GET.get("vis", "")
    show = show if show in states else ""
    letters = access.narrowed(access.boxed(actor, direction), search)
    counts = access.counts(actor, letters, states, at)
    if show:
        letters = letters.filter(access.state(actor, show, at))
    page = access.page_of(letters, older=request.GET.get("eldre", ""), newer=request.GET.get("nyere", ""))
    typed = {name: request.GET.get(name, "") for name in form.fields if name not in form.errors}

    def to(**query: str) -> str:
        chosen = {name: value for name, value in {"vis": show, **typed, **query}.items() if value}
        return f"{reverse(box)}?{urlencode(chosen)}" if chosen else reverse(box)

    words = {
        "nye": _("Ikke lest"),
        "venter": _("Venter"),
        "ukvittert": _("Ikke kvittert"),
        "forfalt": _("Over fristen"),
        "mine": _("Tildelt meg"),
        "ferdig": _("Ferdig"),
    }
    rows = documents.as_rows(actor, page.letters, access.assigned(actor, page.letters) if received else {})
    context = {
        "received": received,
        "heading": _("Post"),
        "tools": tools(actor),
        "rows": rows,
        "choose": any(row["may_acknowledge"] for row in rows),
        "tabs": tabs(actor, box),
        "chips": [
            {"label": _("Alle"), "url": to(vis=""), "current": not show},
            *({"label": words[n], "url": to(vis=n), "current": show == n, "count": counts[n]} for n in states),
        ],
        "search_form": form,
        "searching": any(typed.values()) or bool(form.errors),
        "show": show,
        "newer_url": to(nyere=page.newer) if page.newer else None,
        "older_url": to(eldre=page.older) if page.older else None,
    }
    return render(request, "consent/box.html", context)


@require_http_methods(["GET", "POST"])
@in_menu("letters")
def letters_acknowledged(request: HttpRequest) -> HttpResponse:
    """Acknowledge the chosen letters, then tell which are acknowledged and of the others why not. Shown again, it acknowledges nothing."""
    actor = actor_of(request)
    access.reads_content(actor)
    keys = _keys((request.POST or request.GET).getlist("brev"))
    if request.method == "POST":
        actions.acknowledge_many(actor, keys)
        return see_other(f"{reverse('letters_acknowledged')}?{urlencode({'brev': keys}, doseq=True)}")
    letters = list(access.boxed(actor, Letter.Direction.IN).filter(pk__in=keys))
    rows = documents.as_rows(actor, letters)
    done = [row for row, letter in zip(rows, letters, strict=True) if letter.acknowledged_at]
    left = [row for row, letter in zip(rows, letters, strict=True) if not letter.acknowledged_at]
    context = {
        "heading": _("Kvittert for flere brev"),
        "crumbs": [{"label": _("Post"), "url": reverse("inbox")}, {"label": _("Kvittert"), "url": ""}],
        "done": done,
        "left": left,
        "absent": len(keys) - len(letters),
    }
    return render(request, "consent/acknowledged.html", context)


def _keys(texts: list[str]) -> list[UUID]:
    """Return the keys among some texts, at most a page of them."""
    keys = []
    for text in texts[: access.PAGE]:
        try:
            keys.append(UUID(text))
        except ValueError:
            continue
    return list(dict.fromkeys(keys))
