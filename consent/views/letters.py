"""The doors of letters: actor in, verb called, answer out. No rule lives here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consent import access, actions, documents
from consent.forms.letters import CorrectionForm, FileForm
from consent.letter_page import actions_for
from consent.letters import DANGER_BASES, KINDS, LetterKind
from consent.models import Letter
from consent.rules import may_remind
from consent.views.drafts import keeps_draft, kept
from coordination import audit, clock, pdf, step_up
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.answers import on_paper
from coordination.views.people_common import banner_of, run, saved

# One letter


@require_GET
@in_menu("letters")
def letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one letter. Opening a received one for the first time leaves the receipt "read"."""
    actor = actor_of(request)
    return _letter_page(request, actor, actions.opened(actor, pk), FileForm())


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
    handlings = access.handlings_of(actor, row)
    if actions.mark_seen(actor, row, handlings):
        handlings = access.handlings_of(actor, row)
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
        "letter": {**documents.letter_document(actor, row, titles), "key": row.pk},
        "ground": documents.ground_facts(row, titles),
        "receipts": receipts,
        "awaits": row.settled_at is None and row.awaits,
        "may_acknowledge": documents.may_acknowledge(row),
        "may_file": received and row.filed_at is None,
        "form": form,
        "links": actions_for(actor, row),
        "correct_url": reverse("letter_correct", args=[row.pk]) if access.correctable(actor, row) else "",
        "pdf_url": reverse("letter_pdf", args=[row.pk]),
        "handlings": documents.handling_rows(handlings),
        "may_remind": not received
        and bool(row.awaits)
        and may_remind(row.due_at, row.settled_at, row.reminded_at, clock.now()),
        "correction_url": reverse("letter", args=[correction.pk]) if correction else "",
        "ran_out_on": documents.ran_out_on(row, clock.local_date(clock.now())),
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
@keeps_draft(gettext_lazy("Rettet brev"))
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
    along = documents.attachment_rows(row)
    form = CorrectionForm(kind, row.body, request.POST or None, request.FILES or None, along=along)
    form = kept(request, person, form)
    if request.method == "POST" and form.is_valid():
        if row.basis in DANGER_BASES:
            step_up.require(request)
        sent = run(form, lambda: _correct(actor, row, person, form))
        if sent is not None:
            copy = access.own_copy(actor, sent.letter_id, Letter.Direction.OUT)
            if sent.untold:
                words = _("%(agencies)s kunne ikke få rettelsen: grunnlaget gjelder ikke lenger.")
                messages.warning(request, words % {"agencies": ", ".join(sent.untold)})
            return saved(
                request, _("Det rettede brevet er sendt."), reverse("letter", args=[copy.pk if copy else row.pk])
            )
    title = documents.title_of(row)
    context = {
        "form": form,
        "heading": _("Rett brevet"),
        "person": banner_of(actor, person),
        "others": [row.other_agency, *(other.other_agency for other in access.siblings(actor, row))],
        "crumbs": [
            {"label": _("Post"), "url": reverse("outbox")},
            {"label": title, "url": reverse("letter", args=[row.pk])},
            {"label": _("Rett brevet"), "url": ""},
        ],
        "cancel_url": reverse("letter", args=[row.pk]),
    }
    return render(request, "consent/correct.html", context, status=422 if form.errors else 200)


def _correct(actor: Actor, row: Letter, person: Any, form: CorrectionForm) -> actions.Corrected:
    typed = form.cleaned_data
    files = actions.enclosures(typed.get("attachments", []))
    return actions.correct(actor, row, person, form.body(), drops=typed.get("dropped", ()), files=files)


@require_GET
def letter_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Print a letter. Neither file name nor title names anybody."""
    actor = actor_of(request)
    row = actions.opened(actor, pk)
    audit.note("print", row)
    context = documents.letter_paper(actor, row, access.basis_titles(), clock.now())
    paper = pdf.render("consent/letter_pdf.html", context, title=documents.title_of(row))
    return on_paper(paper, f"samvirke-brev-{row.pk.hex[-8:]}.pdf")
