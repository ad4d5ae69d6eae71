"""The doors of letters: actor in, verb called, answer out. No rule lives here."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consent import access, actions, documents
from consent.forms.letters import CorrectionForm, FileForm
from consent.letter_page import actions_for
from consent.letters import KINDS, LetterKind, received_in, sent_from
from consent.models import Letter
from coordination import audit, clock, pdf
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import banner_of, run, saved

# Boxes


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
    """Show one box: filters by what is new, what waits, and kind; pages by cursor."""
    actor = actor_of(request)
    letters = access.boxed(actor, direction)
    received = direction == Letter.Direction.IN
    kinds = received_in(actor.world) if received else sent_from(actor.world)
    show, kind = request.GET.get("vis", ""), request.GET.get("type", "")
    show = show if show in {"nye", "venter"} else ""
    kind = kind if kind in {known.code for known in kinds} else ""
    url = reverse("inbox" if received else "outbox")
    counts = {"nye": access.unread(letters).count(), "venter": access.awaiting(letters).count()}
    if show == "nye":
        letters = access.unread(letters)
    elif show == "venter":
        letters = access.awaiting(letters)
    if kind:
        letters = letters.filter(kind=kind)
    page = access.page_of(letters, older=request.GET.get("eldre", ""), newer=request.GET.get("nyere", ""))

    def to(**query: str) -> str:
        chosen = {name: value for name, value in {"vis": show, "type": kind, **query}.items() if value}
        return f"{url}?{urlencode(chosen)}" if chosen else url

    context = {
        "received": received,
        "heading": _("Post"),
        "rows": documents.as_rows(actor, page.letters),
        "tabs": [
            {"label": _("Mottatt"), "url": reverse("inbox"), "current": received},
            {"label": _("Sendt"), "url": reverse("outbox"), "current": not received},
        ],
        "chips": [
            {"label": _("Alle"), "url": to(vis=""), "current": not show},
            {"label": _("Ikke lest"), "url": to(vis="nye"), "current": show == "nye", "count": counts["nye"]},
            {"label": _("Venter"), "url": to(vis="venter"), "current": show == "venter", "count": counts["venter"]},
        ],
        "kinds": kinds,
        "kind": kind,
        "show": show,
        "newer_url": to(nyere=page.newer) if page.newer else None,
        "older_url": to(eldre=page.older) if page.older else None,
    }
    return render(request, "consent/box.html", context)


# One letter


@require_GET
@in_menu("letters")
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one letter. Opening a received one for the first time leaves the receipt "read"."""
    actor = actor_of(request)
    return _letter_page(request, actor, opened(actor, pk), FileForm())


def opened(actor: Actor, pk: UUID) -> Letter:
    """Return a letter, marked as read when it was received and is opened for the first time."""
    row = access.access_letter(actor, pk)
    if row.direction == Letter.Direction.IN and row.read_at is None:
        actions.mark_read(row)
        row = access.access_letter(actor, pk)
    return row


def _letter_page(request: HttpRequest, actor: Actor, row: Letter, form: FileForm) -> HttpResponse:
    """Show a letter with what may be done about it; 422 when the form about filing has errors."""
    titles = access.basis_titles()
    thread = list(access.thread_of(actor, row))
    by_letter = {other.letter_id: other for other in thread}
    received = row.direction == Letter.Direction.IN
    receipts = documents.receipt_facts(row)
    for receipt in receipts:
        answer = by_letter.get(receipt["answer"]) if receipt.get("answer") else None
        receipt["url"] = reverse("letter", args=[answer.pk]) if answer else ""
    person: Any = access.person_of(actor, row)
    title = documents.title_of(row)
    correction = by_letter.get(row.superseded_by) if row.superseded_by else None
    corrected = by_letter.get(row.supersedes) if row.supersedes else None
    context = {
        "letter_row": row,
        "received": received,
        "crumbs": [
            {"label": _("Post"), "url": reverse("inbox" if received else "outbox")},
            {"label": title, "url": ""},
        ],
        "heading": title,
        "name": documents.name_in(row),
        "person_url": reverse("person", args=[person.pk]) if person else "",
        "letter": documents.letter_document(actor, row, titles),
        "ground": documents.ground_facts(row, titles),
        "receipts": receipts,
        "awaits": row.settled_at is None and row.awaits,
        "may_acknowledge": received and row.acknowledged_at is None and row.superseded_by is None,
        "may_file": received and row.filed_at is None,
        "form": form,
        "links": actions_for(actor, row),
        "correct_url": reverse("letter_correct", args=[row.pk]) if access.correctable(actor, row) else "",
        "pdf_url": reverse("letter_pdf", args=[row.pk]),
        "correction_url": reverse("letter", args=[correction.pk]) if correction else "",
        "corrected_url": reverse("letter", args=[corrected.pk]) if corrected else "",
        "consent_url": reverse("consents", args=[person.pk]) if person and row.consent_id and not received else "",
        "thread": documents.as_rows(actor, thread) if len(thread) > 1 else [],
    }
    return render(request, "consent/letter.html", context, status=422 if form.errors else 200)


@require_POST
def letter_acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell the sender that somebody has taken the letter on."""
    actor = actor_of(request)
    row = access.access_received(actor, pk)
    actions.acknowledge(row)
    return saved(request, _("Du har kvittert. Avsenderen ser det nå."), reverse("letter", args=[row.pk]))


@require_POST
@in_menu("letters")
def letter_file(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note under which reference the recipient has filed the letter."""
    actor = actor_of(request)
    row = access.access_received(actor, pk)
    form = FileForm(request.POST)
    if form.is_valid():
        reference = form.cleaned_data["reference"]
        run(form, lambda: actions.file_in_own_journal(row, reference))
    if form.errors:
        return _letter_page(request, actor, row, form)
    return saved(
        request,
        _("Journalført med referansen %(reference)s.") % {"reference": reference},
        reverse("letter", args=[row.pk]),
    )


@require_http_methods(["GET", "POST"])
@in_menu("letters")
def letter_correct(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a corrected letter in place of one's own."""
    actor = actor_of(request)
    row = access.access_correctable(actor, pk)
    if row.superseded_by:
        # The button was pressed twice, or a colleague was first: show what stands in its place.
        newer = access.own_copy(actor, row.superseded_by, Letter.Direction.OUT)
        return redirect("letter", pk=newer.pk if newer else row.pk)
    kind: LetterKind = KINDS[row.kind]
    person: Any = access.person_of(actor, row)
    form = CorrectionForm(kind, row.body, request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = run(form, lambda: actions.correct(actor, row, person, form.body()))
        if sent is not None:
            copy = access.own_copy(actor, sent, Letter.Direction.OUT)
            return saved(
                request, _("Det rettede brevet er sendt."), reverse("letter", args=[copy.pk if copy else row.pk])
            )
    title = documents.title_of(row)
    context = {
        "form": form,
        "heading": _("Rett brevet"),
        "person": banner_of(actor, person),
        "other": row.other_agency,
        "crumbs": [
            {"label": _("Post"), "url": reverse("outbox")},
            {"label": title, "url": reverse("letter", args=[row.pk])},
            {"label": _("Rett brevet"), "url": ""},
        ],
        "cancel_url": reverse("letter", args=[row.pk]),
    }
    return render(request, "consent/correct.html", context, status=422 if form.errors else 200)


@require_GET
def letter_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Print a letter. Neither file name nor title names anybody."""
    actor = actor_of(request)
    row = opened(actor, pk)
    audit.note("print", row)
    context = documents.letter_paper(actor, row, access.basis_titles(), clock.now())
    paper = pdf.render("consent/letter_pdf.html", context, title=documents.title_of(row))
    headers = {"Content-Disposition": f'inline; filename="samvirke-brev-{row.pk.hex[-8:]}.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)
