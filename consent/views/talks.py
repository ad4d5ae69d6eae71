"""The doors of the talk before a consent: explained, decided on, signed or refused, and the form on paper. No rule lives here."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from consent import access, actions, documents
from consent.actions.talks import TEXT
from consent.forms.consents import YES, CompetenceForm, RefuseForm, SignForm, TalkForm
from consent.models import ConsentTalk
from coordination import audit, clock, pdf, reference
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models.people import Named
from coordination.page_frame import in_menu
from coordination.refusals import Refused
from coordination.views.answers import on_paper
from coordination.views.people_common import banner_of, conflict_page, crumbs_of, run, saved


def crumbs_here(person: Named, here: str) -> list[dict[str, str]]:
    """Return the way to a page below the consents of a person."""
    return [
        *crumbs_of(person),
        {"label": _("Samtykke og deling"), "url": reverse("consents", args=[person.pk])},
        {"label": here, "url": ""},
    ]


@require_http_methods(["GET", "POST"])
@in_menu("people")
def consent_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Explain what is asked for, and note what was said; the signature comes next. `erstatter` names a consent this one replaces."""
    actor = actor_of(request)
    person: Any = access.access_subject(actor, pk)
    at = clock.now()
    today = clock.local_date(at)
    text = reference.consent_text_on(TEXT, today)
    form = TalkForm(
        request.POST or None,
        recipients=[(agency.pk, agency.name) for agency in access.correspondents(actor)],
        categories=list(documents.category_words(actor.world).items()),
        text=text,
        today=today,
        initial=_replaced(request, actor, person) | {"interpreter": ConsentTalk.Interpreter.PRESENT if person.interpreter_needed else ""},
    )  # fmt: skip
    url = reverse("consents", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        talk = run(form, lambda: actions.start_talk(actor, person, at=at, **typed))
        if talk is not None:
            return saved(
                request, _("Forklaringen er lagret. Nå kan personen svare."), reverse("consent_talk", args=[talk.pk])
            )
    context = {
        "form": form,
        "heading": _("Nytt samtykke"),
        "person": banner_of(actor, person),
        "crumbs": crumbs_here(person, _("Nytt samtykke")),
        "cancel_url": url,
        "blanks": [
            {"name": words.name, "url": reverse("consent_blank_pdf", args=[code])}
            for code, words in text.languages.items()
        ],
    }
    return render(request, "consent/consent_new.html", context, status=422 if form.errors else 200)


def _replaced(request: HttpRequest, actor: Actor, person: Named) -> dict[str, Any]:
    """Return what the form begins with where it is to replace a consent of the same person."""
    try:
        key = UUID(request.GET.get("erstatter", ""))
    except ValueError:
        return {}
    old = access.access_consent(actor, key)
    if old.person_id != person.pk:
        raise Http404
    return {
        "replaces": old.pk,
        "recipients": [str(pk) for pk in old.recipients],
        "categories": old.categories,
        "purpose": old.purpose,
        "valid_to": old.valid_to,
        "language": old.language or "nb",
    }


@require_GET
@in_menu("people")
def consent_talk(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show what is to be signed, and the ways to answer."""
    actor = actor_of(request)
    return _talk_page(request, actor, access.access_talk(actor, pk))


def _talk_page(
    request: HttpRequest,
    actor: Actor,
    talk: ConsentTalk,
    *,
    sign: SignForm | None = None,
    competence: CompetenceForm | None = None,
    alert: str = "",
) -> HttpResponse:
    if talk.consent_id:
        return redirect("consent", pk=talk.consent_id)
    person: Any = talk.person
    found = documents.words_of(talk)
    assert found is not None
    failed = [form for form in (sign, competence) if form is not None and form.errors]
    undecided = talk.doubt and talk.competent is None
    context = {
        "talk": talk,
        "heading": _("Samtykke til signering"),
        "person": banner_of(actor, person),
        "crumbs": crumbs_here(person, _("Samtykke til signering")),
        "words": found[1],
        "points": list(found[1].points.values()),
        "scope": documents.scope_lines(actor, talk, person, access.agency_names(talk.recipients)),
        "told": documents.told_words(talk),
        "open": not talk.outcome,
        "undecided": undecided,
        "may_sign": not talk.outcome and not undecided,
        "may_decide": not talk.outcome and talk.competent is None and actions.may_decide_competence(actor),
        "sign_form": sign or SignForm(),
        "competence_form": competence or CompetenceForm(prefix="k"),
        "form": failed[0] if failed else None,
        "alert": alert,
    }
    return render(request, "consent/talk.html", context, status=422 if failed or alert else 200)


@require_POST
@in_menu("people")
@conflict_page
def consent_sign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Turn the talk into a consent."""
    actor = actor_of(request)
    talk = access.access_talk(actor, pk)
    form = SignForm(request.POST, request.FILES)
    if form.is_valid():
        typed = form.cleaned_data

        def sign() -> Any:
            document = actions.document(typed["document"].read()) if typed["document"] else None
            return actions.sign(
                actor,
                talk,
                document=document,
                typed_name=typed["typed_name"],
                reference_number=typed["own_reference"],
                at=clock.now(),
            )

        given = run(form, sign)
        if given is not None:
            return saved(
                request, _("Samtykket er lagret, og mottakerne har fått melding."), reverse("consent", args=[given.pk])
            )
    return _talk_page(request, actor, talk, sign=form)


@require_POST
@in_menu("people")
@conflict_page
def consent_refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record a no."""
    actor = actor_of(request)
    talk = access.access_talk(actor, pk)
    form = RefuseForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    try:
        actions.refuse_consent(actor, talk, note=note, at=clock.now())
    except Refused as refused:
        return _talk_page(request, actor, talk, alert=str(refused))
    return saved(
        request, _("Lagret: personen sa nei. Ingenting deles på samtykke."), reverse("consents", args=[talk.person_id])
    )


@require_POST
@in_menu("people")
@conflict_page
def consent_competence(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Decide on competence to consent; health personnel only."""
    actor = actor_of(request)
    talk = access.access_talk(actor, pk)
    if not actions.may_decide_competence(actor):
        raise Http404
    form = CompetenceForm(request.POST, prefix="k")
    if form.is_valid():
        typed = form.cleaned_data
        run(
            form,
            lambda: actions.decide_competence(
                actor, talk, competent=typed["competent"] == YES, reason=typed["reason"], at=clock.now()
            ),
        )
    if form.errors:
        return _talk_page(request, actor, talk, competence=form)
    return saved(request, _("Avgjørelsen er lagret."), reverse("consent_talk", args=[talk.pk]))


@require_GET
def consent_form_pdf(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Print the filled-in form, to be signed on paper."""
    actor = actor_of(request)
    talk = access.access_talk(actor, pk)
    audit.note("print", talk)
    names = access.agency_names(talk.recipients)
    paper = documents.consent_paper(actor, talk, talk.person, names, clock.now())
    return _paper(paper, f"samvirke-samtykke-{talk.pk.hex[-8:]}.pdf")


@require_GET
def consent_blank_pdf(request: HttpRequest, language: str) -> HttpResponse:
    """Print an empty form in one of its languages."""
    actor = actor_of(request)
    access.reads_content(actor)
    at = clock.now()
    try:
        text = reference.consent_text_on(TEXT, clock.local_date(at))
        paper = documents.blank_paper(actor, text, language, at)
    except LookupError:
        raise Http404 from None
    return _paper(paper, f"samvirke-samtykke-{language}.pdf")


def _paper(paper: dict[str, Any], name: str) -> HttpResponse:
    data = pdf.render("consent/consent_pdf.html", paper, title=paper["words"].title)
    return on_paper(data, name)
