"""The doors of requests for information: who may ask, asking, and the health side's answers. No rule lives here."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from consent import access, actions, documents
from consent.forms.consents import YES
from consent.forms.requests import DeclineForm, MoreForm, NamingForm, ReleaseForm, RequestForm
from consent.letters import DANGER_BASES, DANGER_REQUEST
from consent.models import Letter
from consent.views.drafts import keeps_draft, kept
from coordination import clock, step_up
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import banner_of, person_form_page, run, saved

# Who may ask


@require_http_methods(["GET", "POST"])
@in_menu("requesters")
def requesters(request: HttpRequest) -> HttpResponse:
    """Show who is named to ask for information, and name somebody. The warden only."""
    actor = actor_of(request)
    if not access.may_name(actor):
        raise Http404
    at = clock.now()
    today = clock.local_date(at)
    form = NamingForm(request.POST or None, members=access.nameable(actor), today=today)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        step_up.require(request)
        done = run(
            form,
            lambda: actions.name_requester(
                actor,
                form.members[typed["member"]],
                valid_from=typed["valid_from"],
                valid_to=typed["valid_to"],
                decision=typed["decision"],
                key=typed["key"],
                at=at,
            ),
        )
        if done is not None:
            return saved(request, _("Fullmakten er gitt."), reverse("requesters"))
    context = {
        "heading": _("Fullmakter"),
        "lead": _(
            "Hvem som kan be helsetjenesten om opplysninger, og motta svaret (straffegjennomføringsloven § 7 a)."
        ),
        "rows": documents.authorisation_rows(access.authorisations(actor), today),
        "form": form,
    }
    return render(request, "consent/requesters.html", context, status=422 if form.errors else 200)


@require_POST
def requester_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End an authorisation."""
    actor = actor_of(request)
    row = access.authorisations(actor).filter(pk=pk).first() if access.may_name(actor) else None
    if row is None:
        raise Http404
    actions.end_naming(actor, row, at=clock.now())
    return saved(request, _("Fullmakten er avsluttet."), reverse("requesters"))


# Asking


@require_http_methods(["GET", "POST"])
@in_menu("people")
@keeps_draft(gettext_lazy("Anmodning om opplysninger"))
def request_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask a health service for information about somebody. Those who are named only; to others there is no such page."""
    actor = actor_of(request)
    return _ask(request, actor, access.access_subject(actor, pk), None)


@require_http_methods(["GET", "POST"])
@in_menu("letters")
@keeps_draft(gettext_lazy("Anmodning om opplysninger"))
def request_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask anew with what the health service missed."""
    actor = actor_of(request)
    question = access.access_question_back(actor, pk)
    person: Any = access.person_of(actor, question)
    if person is None:
        raise Http404
    return _ask(request, actor, person, question)


def _ask(request: HttpRequest, actor: Actor, person: Any, question: Letter | None) -> HttpResponse:
    at = clock.now()
    if not access.named(actor).exists():
        raise Http404
    partners = [question.other_agency] if question else access.request_partners(actor)
    form = RequestForm(request.POST or None, partners=partners, initial=_asked_before(actor, question))
    form = kept(request, person, form)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if typed["kind"] == DANGER_REQUEST.code:
            step_up.require(request)
        sent = run(
            form,
            lambda: actions.ask_for_information(
                actor,
                person,
                kind=typed["kind"],
                recipient=form.partners[typed["recipient"]],
                facts=typed["facts"],
                wanted=typed["wanted"],
                necessity=typed["necessity"],
                sought=typed["sought"],
                sought_how=typed["sought_how"],
                inmate_informed=typed["informed"] == YES,
                question=question,
                key=typed["key"],
                at=at,
            ),
        )
        if sent is not None:
            return saved(request, _("Anmodningen er sendt."), _copy_url(actor, sent))
    more: dict[str, Any] = {"cancel_url": reverse("letter", args=[question.pk])} if question else {}
    if question:
        more["notes"] = documents.missing_words(question)
    lead = _("Helsepersonell vurderer selv hva som er strengt nødvendig å gi ut, og kan si nei uten å si hvorfor.")
    return person_form_page(
        request, actor, person, form, _("Be om opplysninger"), _("Send anmodningen"), lead=lead, **more
    )


def _asked_before(actor: Actor, question: Letter | None) -> dict[str, Any]:
    """Return what was written the last time, for the one who asks anew."""
    before = (
        access.own_copy(actor, question.in_reply_to, Letter.Direction.OUT)
        if question and question.in_reply_to
        else None
    )
    if before is None:
        return {}
    kept = {name: before.body.get(name, "") for name in ("facts", "wanted", "sought", "sought_how")}
    return {**kept, "kind": before.kind, "necessity": before.necessity}


def _copy_url(actor: Actor, letter_id: UUID) -> str:
    copy = access.own_copy(actor, letter_id, Letter.Direction.OUT)
    return reverse("letter", args=[copy.pk]) if copy else reverse("outbox")


# Answering


@require_http_methods(["GET", "POST"])
@in_menu("letters")
@keeps_draft(gettext_lazy("Svar på anmodning om opplysninger"))
def request_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let health personnel release what they find necessary, ask for more, or say no."""
    actor = actor_of(request)
    letter = access.access_request(actor, pk)
    patients = access.asked_about(actor, letter)
    chosen = request.POST.get("patient", "") if request.method == "POST" else request.GET.get("pasient", "")
    patient: Any = next((p for p in patients if str(p.pk) == chosen), patients[0] if len(patients) == 1 else None)
    verb = request.POST.get("verb", "") if request.method == "POST" else ""
    at = clock.now()
    offers = access.answer_offers(actor, letter, patient, clock.local_date(at)) if patient else []
    sent = (request.POST, request.FILES)
    forms: dict[str, Any] = {
        "give": kept(request, patient, ReleaseForm(*(sent if verb == "give" else ()), offers=offers)),
        "decline": DeclineForm(request.POST if verb == "decline" else None),
        "more": MoreForm(request.POST if verb == "more" else None),
    }
    form = forms.get(verb)
    if form is not None and form.is_valid():
        if verb == "give" and form.cleaned_data["basis"] in DANGER_BASES:
            step_up.require(request)
        answer = run(form, lambda: _answer(actor, letter, patient, verb, form))
        if answer is not None:
            words = {
                "give": _("Svaret er sendt til fengselet."),
                "decline": _("Svaret er sendt. Fengselet ser bare «Ikke utlevert»."),
                "more": _("Spørsmålet er sendt til fengselet."),
            }
            return saved(request, words[verb], _copy_url(actor, answer))
    context = {
        "heading": _("Svar på anmodningen"),
        "letter": documents.letter_document(actor, letter, access.basis_titles()),
        "necessity": letter.necessity,
        "letter_url": reverse("letter", args=[letter.pk]),
        "answered": letter.answered_at is not None,
        "crumbs": [
            {"label": _("Post"), "url": reverse("inbox")},
            {"label": documents.title_of(letter), "url": reverse("letter", args=[letter.pk])},
            {"label": _("Svar"), "url": ""},
        ],
        "patients": patients,
        "patient": patient,
        "person": banner_of(actor, patient) if patient else None,
        "offers": documents.offer_rows(offers),
        "forms": forms,
        "form": form or forms["give"],
    }
    return render(
        request, "consent/request_answer.html", context, status=422 if form is not None and form.errors else 200
    )


def _answer(actor: Actor, letter: Letter, patient: Any, verb: str, form: Any) -> UUID:
    if verb == "decline":
        return actions.decline_request(
            actor, letter, patient=patient, reason=form.cleaned_data["reason"], at=clock.now()
        )
    if verb == "more":
        return actions.ask_for_more(actor, letter, missing=form.cleaned_data["missing"])
    if patient is None:
        raise Http404
    return actions.release_information(
        actor,
        letter,
        patient,
        advice=form.cleaned_data["advice"],
        items=form.items(),
        files=actions.enclosures(form.cleaned_data["attachments"]),
        **form.ground(),
    )
