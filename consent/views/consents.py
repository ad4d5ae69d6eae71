"""The doors of consents that are signed: shown, filed, narrowed, withdrawn; and of the question whether one is needed. No rule lives here."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consent import access, actions, documents
from consent.forms.consents import YES, JournalForm, NarrowForm, QuestionForm, WithdrawForm
from consent.models import OBJECTIONS, Consent, ConsentQuestion, Letter
from consent.views.files import file_answer
from consent.views.talks import crumbs_here
from coordination import audit, clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models.people import Named
from coordination.page_frame import in_menu
from coordination.views.people_common import banner_of, conflict_page, crumbs_of, person_form_page, run, saved


@require_GET
@in_menu("people")
def consents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a person's consents, talks, objections, and what was shared about them."""
    actor = actor_of(request)
    return _consents_page(request, actor, access.access_subject(actor, pk))


def _consents_page(request: HttpRequest, actor: Actor, person: Named) -> HttpResponse:
    today = clock.local_date(clock.now())
    rows = documents.consent_rows(access.consents_for(actor, person.pk), today)
    rows = documents.named(rows, access.agency_names(pk for row in rows for pk in row["consent"].recipients))
    sent = access.boxed(actor, Letter.Direction.OUT).filter(person_id=person.pk)
    page = access.page_of(sent, older=request.GET.get("eldre", ""), newer=request.GET.get("nyere", ""))
    titles = access.basis_titles()
    url = reverse("consents", args=[person.pk])
    tools = [
        {
            "label": _("Nytt samtykke"),
            "url": reverse("consent_new", args=[person.pk]),
            "icon": "PlusCircle",
            "primary": True,
        }
    ]
    if access.may_share(actor):
        tools.append(
            {"label": _("Del opplysninger"), "url": reverse("share", args=[person.pk]), "icon": "EnvelopeClosed"}
        )
    objects = actor.world in OBJECTIONS
    talks = [talk for talk in access.talks_for(actor, person.pk) if talk.outcome != "signed"]
    questions = list(access.questions_for(actor, person.pk))
    if objects:
        tools.append({"label": _("Registrer motsettelse"), "url": reverse("objection_new", args=[person.pk])})
    context = {
        "heading": _("Samtykke og deling"),
        "person": banner_of(actor, person),
        "person_pk": person.pk,
        "crumbs": crumbs_of(person, _("Samtykke og deling")),
        "tools": tools,
        "current": [row for row in rows if row["may_withdraw"]],
        "former": [row for row in rows if not row["may_withdraw"]],
        "talks": talks,
        "questions": questions,
        "answered": any(talk.outcome for talk in talks) or any(question.answered_at for question in questions),
        "objections": _objections(actor, person) if objects else None,
        "may_override": actions.may_override(actor),
        "shared": [
            {**line, "basis": titles.get(letter.basis, letter.basis), "who": documents.sender_of(letter)}
            for line, letter in zip(documents.as_rows(actor, page.letters), page.letters, strict=True)
        ],
        "withdraw_form": WithdrawForm(auto_id=False),
        "newer_url": f"{url}?{urlencode({'nyere': page.newer})}" if page.newer else None,
        "older_url": f"{url}?{urlencode({'eldre': page.older})}" if page.older else None,
    }
    return render(request, "consent/consents.html", context)


def _objections(actor: Actor, person: Named) -> list[dict[str, Any]]:
    """Return the objections with whom and what they concern in words, and the decisions that set them aside."""
    rows = list(access.objections_for(actor, person.pk))
    overrides = list(access.overrides_for(actor, person.pk)) if rows else []
    letters = access.used(actor, overrides) if overrides else {}
    names = access.agency_names(
        [pk for row in rows for pk in row.recipients] + [override.recipient_id for override in overrides]
    )
    return [
        {
            "objection": row,
            "recipients": [names[pk] for pk in row.recipients if pk in names],
            "categories": [documents.category_word(code) for code in row.categories],
            "overrides": [
                {
                    "override": override,
                    "recipient": names.get(override.recipient_id, ("", ""))[1],
                    "letter_url": reverse("letter", args=[letters[override.pk]]) if override.pk in letters else "",
                }
                for override in overrides
                if override.objection_id == row.pk
            ],
        }
        for row in rows
    ]


@require_GET
@in_menu("people")
def consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one consent: what was signed, what holds now, who was told and where each side filed it."""
    actor = actor_of(request)
    return _consent_page(request, actor, access.access_consent(actor, pk), JournalForm())


def _consent_page(request: HttpRequest, actor: Actor, row: Consent, form: JournalForm) -> HttpResponse:
    person: Any = row.person
    today = clock.local_date(clock.now())
    shown = documents.consent_rows([row], today)
    signed = [UUID(str(pk)) for pk in row.signed_scope.get("recipients", [])]
    names = access.agency_names([*row.recipients, *signed])
    context = {
        "row": documents.named(shown, names)[0],
        "consent": row,
        "heading": _("Samtykke"),
        "person": banner_of(actor, person),
        "crumbs": crumbs_here(person, _("Samtykke")),
        "giver": documents.giver_of(row),
        "signed": {
            "recipients": [names[pk] for pk in signed if pk in names],
            "categories": [documents.category_word(code) for code in row.signed_scope.get("categories", [])],
        },
        # In groups, so that it breaks on a narrow screen and can be compared by eye.
        "digest": bytes(row.paper_digest).hex(" ", 4) if row.paper_digest else "",
        "notices": documents.notices_of(access.notices_for(actor, row)),
        "events": list(access.events_for(actor, row.person_id).filter(consent_id=row.pk)),
        "form": form,
        "withdraw_form": WithdrawForm(auto_id=False),
    }
    return render(request, "consent/consent.html", context, status=422 if form.errors else 200)


@require_GET
def consent_document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the signed document, byte by byte as it was signed. Neither file name nor headers name anybody."""
    actor = actor_of(request)
    row = access.access_consent(actor, pk)
    paper = access.access_paper(actor, row)
    audit.note("print", row)
    return file_answer(paper, f"samvirke-samtykke-{row.pk.hex[-8:]}")


@require_POST
@in_menu("people")
@conflict_page
def consent_journal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note where the agency has filed the consent."""
    actor = actor_of(request)
    row = access.access_consent(actor, pk)
    form = JournalForm(request.POST)
    if form.is_valid():
        reference = form.cleaned_data["reference"]
        run(form, lambda: actions.journal_consent(actor, row, reference, at=clock.now()))
    if form.errors:
        return _consent_page(request, actor, row, form)
    return saved(request, _("Samtykket er journalført."), reverse("consent", args=[row.pk]))


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def consent_narrow(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a consent cover less. Nothing can be added."""
    actor = actor_of(request)
    row = access.access_consent(actor, pk)
    names = access.agency_names(row.recipients)
    form = NarrowForm(
        request.POST or None,
        recipients=[(agency, name) for agency, (_world, name) in names.items()],
        categories=[(code, documents.category_word(code)) for code in row.categories],
        initial={
            "recipients": [str(agency) for agency in row.recipients],
            "categories": row.categories,
            "valid_to": row.valid_to,
            "version": row.version,
        },
    )
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        row.version = typed["version"]
        done = run(
            form,
            lambda: actions.narrow_consent(
                actor,
                row,
                recipients=typed["recipients"],
                categories=typed["categories"],
                valid_to=typed["valid_to"],
                at=clock.now(),
            ),
        )
        if done:
            return saved(request, _("Samtykket er innsnevret. Det gjelder fra nå."), reverse("consent", args=[row.pk]))
    return person_form_page(
        request, actor, row.person, form, _("Innsnevr samtykket"), _("Lagre innsnevringen"), cancel_url=reverse("consent", args=[row.pk])
    )  # fmt: skip


@require_POST
@conflict_page
def consent_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a consent: from the next statement on nothing is sent on it."""
    actor = actor_of(request)
    row = access.access_consent(actor, pk)
    url = reverse("consents", args=[row.person_id])
    form = WithdrawForm(request.POST)
    # A withdrawal is never held up by what was written beside it.
    note = form.cleaned_data["note"][:300] if form.is_valid() else ""
    if row.withdrawn_at is None:
        actions.withdraw_consent(row, note=note, at=clock.now(), actor=actor)
    return saved(request, _("Samtykket er trukket tilbake. Ingenting mer kan sendes på det."), url)


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def consent_question(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer whether consent is needed."""
    actor = actor_of(request)
    question = access.access_question(actor, pk)
    person: Any = question.person
    url = reverse("consents", args=[question.person_id])
    form = QuestionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        needed = form.cleaned_data["needed"] == YES
        done = run(
            form,
            lambda: actions.answer_question(
                actor, question, needed=needed, reason=form.cleaned_data["reason"], at=clock.now()
            ),
        )
        if done and needed:
            return saved(request, _("Svaret er lagret. Gå gjennom samtykket med personen."), reverse("consent_new", args=[question.person_id]))  # fmt: skip
        if done:
            return saved(request, _("Svaret er lagret."), url)
    heading = _("Trengs det samtykke?")
    return person_form_page(
        request, actor, person, form, heading, _("Lagre svar"), cancel_url=url,
        lead=_("Spørsmålet stilles %(when)s.") % {"when": ConsentQuestion.Point(question.point).label},
    )  # fmt: skip
