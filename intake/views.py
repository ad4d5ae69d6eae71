"""The doors of admission: the interview on one page, contact with the health service, the action plan. Actor in, verb called, answer out."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.access import letters_for, question_of
from consent.models import Letter
from consent.views.drafts import keeps_draft, kept
from coordination import clock, pdf
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import CustodyDeadline, LegalStatus, Person
from coordination.page_frame import in_menu
from coordination.people.access import access_person, open_stay
from coordination.views.people_common import banner_of, conflict_page, crumbs_of, run, saved
from intake import access, actions, documents
from intake.actions.mappings import POINT
from intake.forms import (
    QUESTIONS,
    ContactForm,
    InterviewForm,
    MappingAnswerForm,
    MappingForm,
    MappingOfferForm,
    PlanForm,
)
from intake.letters import REASONS
from intake.models import HealthContactRequest, IntakeInterview, NeedsMapping
from intake.rules import EMERGENCY_CLINIC_PHONE, Concern, Recipient, recipient


def _person(actor: Actor, pk: UUID) -> Person:
    access.require_custody(actor)
    return cast(Person, access_person(actor, pk))


def _page(request: HttpRequest, template: str, actor: Actor, person: Person, heading: str, **more: Any) -> HttpResponse:
    form = more.get("form")
    context = {
        "person": banner_of(actor, person),
        "crumbs": crumbs_of(person, heading),
        "heading": heading,
        "cancel_url": reverse("person", args=[person.pk]),
        **more,
    }
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def _seen_other(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = 303
    return response


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
@keeps_draft(gettext_lazy("Innkomstsamtale"))
def intake_interview(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Hold the admission interview: everything on one page, sent in the same step as it is saved."""
    actor = actor_of(request)
    if not access.may_interview(actor):
        raise Http404
    at = clock.now()
    person = _person(actor, person_id)
    stay = open_stay(actor, person.pk)
    if request.method == "POST":
        form = kept(request, person, InterviewForm(request.POST, may_say_no=access.may_plan(actor)))
        if form.is_valid():
            saved = run(
                form,
                lambda: actions.hold_interview(
                    actor,
                    person.pk,
                    key=form.cleaned_data["key"],
                    answers=form.answers(),
                    substance_problem=form.cleaned_data["substance_problem"],
                    held_at=form.cleaned_data["held_at"] or at,
                    plan=form.decision(),
                    at=at,
                ),
            )
            if saved is not None:
                return _seen_other(reverse("intake_receipt", args=[saved.pk]))
    else:
        form = InterviewForm(initial={"language": person.language}, may_say_no=access.may_plan(actor))
        kept(request, person, form)
    earlier = access.newest_interview(actor, stay.pk) if stay else None
    return _page(
        request,
        "intake/interview.html",
        actor,
        person,
        _("Innkomstsamtale"),
        form=form,
        questions=[form[name] for name in QUESTIONS],
        asked=[form[name] for name in InterviewForm.ASKED],
        plan_choice=form["plan_choice"],
        planned=[form[name] for name in InterviewForm.PLANNED],
        stay=stay,
        earlier=earlier,
        age=clock.age_on(person.birth_date, clock.local_date(at)),
        minor=clock.is_minor(person.birth_date, at),
    )


@require_http_methods(["GET"])
def intake_for_stay(request: HttpRequest, stay_id: UUID) -> HttpResponse:
    """Go from a stay, which the deadline knows, to the interview with its person."""
    stay = access.access_stay(actor_of(request), stay_id)
    return redirect("intake_interview", person_id=stay.person_id)


def _sent(actor: Actor, contact: HealthContactRequest) -> dict[str, Any]:
    """Return what a receipt says of the letter: to whom it went, when, and whom to call when nobody is there."""
    letter = letters_for(actor).filter(letter_id=contact.letter_id, direction=Letter.Direction.OUT).first()
    service = letter.other_agency if letter else actions.health_service_of(actor)
    sent_at = letter.sent_at if letter else contact.recorded_at
    now = clock.now()
    closed = recipient(now, actions.hours_of(service)) is Recipient.EMERGENCY_CLINIC
    return {
        "letter": letter,
        "letter_url": _letter_url(letter),
        "recipient_kind": service.world,
        "recipient_name": service.name,
        "sent_at": sent_at,
        "closed": closed,
        "phone": service.emergency_phone or EMERGENCY_CLINIC_PHONE,
        "reasons": [REASONS[reason] for reason in REASONS if reason.value in contact.reasons],
        "urgent": contact.urgent,
    }


def _letter_url(letter: Letter | None) -> str:
    """Return where a letter is read, "" while there is no such page."""
    try:
        return reverse("letter", args=[letter.pk]) if letter else ""
    except NoReverseMatch:
        return ""


@require_http_methods(["GET"])
@in_menu("people")
def intake_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a saved interview: what was answered, to whom it went, and what is still to be decided."""
    actor = actor_of(request)
    row = access.access_interview(actor, pk)
    newer = access.interviews_for(actor).filter(supersedes=row.pk).first()
    replaced = access.interviews_for(actor).filter(pk=row.supersedes).first() if row.supersedes else None
    decision = access.newest_decision(actor, row.stay_id)
    open_question = CustodyDeadline.objects.filter(
        agency_id=actor.agency_id, rule="D05", subject_id=row.stay_id, closed_at=None
    ).first()
    return _page(
        request,
        "intake/receipt.html",
        actor,
        row.person,
        _("Innkomstsamtale"),
        interview=row,
        newer=newer,
        stands=replaced if replaced and replaced.health_contact_id and not row.health_contact_id else None,
        sent=_sent(actor, row.health_contact) if row.health_contact else None,
        rows=_answers(row),
        decision=decision,
        plan_due_at=open_question.due_at if open_question else None,
        may_plan=access.may_plan(actor) or access.may_interview(actor),
        may_interview=access.may_interview(actor),
    )


def _answers(row: IntakeInterview) -> list[dict[str, Any]]:
    return [
        *({"label": words, "value": getattr(row, f"get_{name}_display")()} for name, words in QUESTIONS.items()),
        {"label": _("Under 18 år"), "value": row.minor},
        {"label": _("Språk"), "value": row.language},
        {"label": _("Tolk"), "value": row.get_interpreter_display()},
        {"label": _("Hva ble sett og hørt"), "value": row.observation},
    ]


@require_http_methods(["GET", "POST"])
@in_menu("people")
@keeps_draft(gettext_lazy("Kontakt med helsetjenesten"))
def health_contact(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Put somebody in touch with the health service during the stay."""
    actor = actor_of(request)
    if not access.may_contact(actor):
        raise Http404
    at = clock.now()
    person = _person(actor, person_id)
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
                return _seen_other(reverse("health_contact_receipt", args=[saved.pk]))
    else:
        # Somebody at the cell door who says "I want to talk to the nurse": one link, the reason ticked.
        wish = [Concern.WISH_FOR_CONTACT.value] if request.GET.get("grunn") == "onske" else []
        form = kept(request, person, ContactForm(initial={"reasons": wish}))
    return _page(
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
    headers = {"Content-Disposition": f'inline; filename="samvirke-helselapp-{language}.pdf"'}
    return HttpResponse(data, content_type="application/pdf", headers=headers)


@require_http_methods(["GET"])
@in_menu("people")
def health_contact_receipt(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a request that was sent: to whom, when, and whether it is acknowledged."""
    actor = actor_of(request)
    row = access.access_contact(actor, pk)
    rows = [{"label": _("Hva ble sett og hørt"), "value": row.observation}]
    return _page(
        request,
        "intake/contact_receipt.html",
        actor,
        row.person,
        _("Kontakt med helsetjenesten"),
        contact=row,
        sent=_sent(actor, row),
        rows=rows,
    )


@require_http_methods(["GET", "POST"])
@in_menu("people")
def action_plan_decide(request: HttpRequest, stay_id: UUID) -> HttpResponse:
    """Decide yes or no to an action plan, or review the one that runs. Everyone who sees the stay reads the plan."""
    actor = actor_of(request)
    at = clock.now()
    stay = access.access_stay(actor, stay_id)
    may_decide = access.may_interview(actor)
    newest = access.newest_decision(actor, stay.pk)
    if request.method == "POST":
        if not may_decide:
            raise Http404
        form = PlanForm(request.POST, may_say_no=access.may_plan(actor))
        if form.is_valid():
            saved = run(
                form,
                lambda: actions.decide_plan(actor, stay, key=form.cleaned_data["key"], plan=form.decision(), at=at),
            )
            if saved is not None:
                return _seen_other(reverse("action_plan", args=[saved.pk]))
    else:
        running = newest is not None and newest.needed
        form = PlanForm(
            initial={
                "needed": "yes" if running else "",
                "plan_measures": newest.measures if newest else "",
                "plan_risk": newest.risk if newest else "",
            },
            may_say_no=access.may_plan(actor),
        )
    return _page(
        request,
        "intake/plan_decide.html",
        actor,
        stay.person,
        _("Tiltaksplan"),
        form=form if may_decide else None,
        newest=newest,
        interview=access.newest_interview(actor, stay.pk),
    )


@require_http_methods(["GET"])
@in_menu("people")
def action_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one decision and every earlier one of the stay: what was known when."""
    actor = actor_of(request)
    row = access.access_decision(actor, pk)
    history = list(access.decisions_for(actor).filter(stay_id=row.stay_id))
    return _page(
        request,
        "intake/plan.html",
        actor,
        row.person,
        _("Tiltaksplan"),
        decision=history[0],
        earlier=history[1:],
        may_decide=access.may_interview(actor) and row.stay.ended_at is None,
    )


# Needs and resources


@require_http_methods(["GET", "POST"])
@in_menu("people")
def mapping_offer(request: HttpRequest, stay_id: UUID) -> HttpResponse:
    """Show the mappings of a stay, and record that one was offered."""
    actor = actor_of(request)
    mappings = access.mappings_for(actor)
    stay = access.access_stay(actor, stay_id)
    if request.method == "POST" and not access.may_map(actor):
        raise Http404
    rows = list(mappings.filter(stay=stay))
    offers = stay.ended_at is None and stay.legal_status != LegalStatus.REMAND
    running = any(row.state in NeedsMapping.RUNNING for row in rows)
    form = None
    if access.may_map(actor) and (request.method == "POST" or (offers and not running)):
        form = MappingOfferForm(request.POST or None)
    if request.method == "POST" and form is not None and form.is_valid():
        typed = form
        row = run(
            typed,
            lambda: actions.offer_mapping(
                actor, stay, answer=typed.answered(), key=typed.cleaned_data["key"], at=clock.now()
            ),
        )
        if row is not None:
            return saved(request, _("Tilbudet er lagret."), reverse("mapping", args=[row.pk]))
    return _page(
        request, "intake/mappings.html", actor, stay.person, _("Behovskartlegging"), form=form, rows=rows, offers=offers
    )


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def mapping(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one mapping; answer the offer, or keep what the mapping showed."""
    actor = actor_of(request)
    row = access.access_mapping(actor, pk)
    question = question_of(actor, POINT, row.pk)
    if request.method == "POST" and not access.may_map(actor):
        raise Http404
    form: MappingAnswerForm | MappingForm | None = None
    initial = {"version": row.version}
    if access.may_map(actor) and row.stay.ended_at is None:
        if row.state == NeedsMapping.State.OFFERED:
            form = MappingAnswerForm(request.POST or None, initial=initial)
        elif row.state == NeedsMapping.State.ACCEPTED:
            asked = question is not None and question.answered_at is None
            form = MappingForm(request.POST or None, asked=asked, initial=initial)
    if request.method == "POST" and form is None:
        return _seen_other(reverse("mapping", args=[row.pk]))
    if form is not None and form.is_valid():
        done = run(form, lambda: _save_mapping(actor, row, form))
        if done is not None:
            return _after_mapping(request, actor, done)
    heading = _("Behovskartlegging")
    return _page(request, "intake/mapping.html", actor, row.person, heading, form=form, mapping=row, question=question)


def _save_mapping(actor: Actor, row: NeedsMapping, form: MappingAnswerForm | MappingForm) -> NeedsMapping:
    if isinstance(form, MappingForm):
        return actions.finish_mapping(actor, row, at=clock.now(), **form.facts())
    return actions.answer_mapping(actor, row, at=clock.now(), **form.cleaned_data)


def _after_mapping(request: HttpRequest, actor: Actor, row: NeedsMapping) -> HttpResponse:
    """Go on to the talk about consent where it is needed and just done, else to the mapping."""
    question = question_of(actor, POINT, row.pk)
    if row.state == NeedsMapping.State.DONE and question is not None and question.needed:
        text = _("Kartleggingen er lagret. Gå gjennom samtykket med personen.")
        return saved(request, text, reverse("consent_new", args=[row.person_id]))
    return saved(request, _("Lagret."), reverse("mapping", args=[row.pk]))
