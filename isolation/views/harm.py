"""Doors: deciding after a report of harm, answering findings about a place, asking for advice. The prison decides, nobody else."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent import wording
from consent.models import Letter
from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.middleware import actor_of
from coordination.models import Agency
from coordination.page_frame import in_menu
from coordination.views.people_common import saved
from isolation.access import measure_of_thread, require_role
from isolation.actions import harm as verbs
from isolation.forms.harm import AdviceRequestForm, FindingsForm, HarmForm
from isolation.letters import DECIDERS, FINDINGS_RESPONSES
from isolation.models import HarmDecision, Measure
from isolation.rules.notices import harm_report_clock
from isolation.views.common import person_form, run, the_person, to


def _next(measure: Measure | None, outcome: str, letter: Letter) -> str:
    """Return where what was decided is done: on the measure's own page, where the grounds are asked for."""
    if measure is None or measure.ended_at is not None:
        return reverse("letter", args=[letter.pk])
    if outcome == HarmDecision.Outcome.ENDED:
        return reverse("measure_end", args=[measure.pk])
    return reverse("reassessment_new", args=[measure.pk])


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@keeps_draft(gettext_lazy("Beslutning etter melding om skade"))
def harm_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a report of harm with its clocks, and decide."""
    actor, at = actor_of(request), clock.now()
    letter = verbs.access_report(actor, pk)
    assert letter.person_id is not None  # access_report has asked
    person = the_person(actor, letter.person_id)
    known = verbs.decision_of(actor, letter)
    measure = measure_of_thread(actor, letter.thread_id)
    if known is not None and request.method == "GET":
        return to("letter", pk)
    form = kept(request, person, HarmForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.decide_after_harm(
                actor,
                pk,
                outcome=data["outcome"],
                reason=data["reason"],
                steps=data["steps"],
                region_called_at=data["region_called_at"],
                region_contact=data["region_contact"],
                at=at,
            ),
        )
        if made is not None:
            return saved(request, _("Beslutningen er sendt til helsetjenesten."), _next(measure, made.outcome, letter))
    region = Agency.objects.get(pk=actor.agency_id).region
    more = {
        "template": "isolation/harm_answer.html",
        "finding": wording.word(letter.kind, "finding", str(letter.body.get("finding", ""))),
        "advice": letter.body.get("advice", ""),
        "call": letter.body.get("call", ""),
        "sent_at": letter.sent_at,
        "acknowledged_at": letter.acknowledged_at,
        "acknowledge_due_at": letter.due_at,
        "acknowledge_url": reverse("harm_acknowledge", args=[pk]),
        "decide_due_at": harm_report_clock(letter.sent_at).overdue_at,
        "late": verbs.is_late(letter, at),
        "region": region.name if region else "",
        "sender": str(letter.other_agency),
        "cancel_url": reverse("letter", args=[pk]),
    }
    return person_form(request, actor, person, form, _("Melding om skade: bestem"), _("Lagre og send svaret"), **more)


@require_http_methods(["POST"])
def harm_acknowledge(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say that the report is read by somebody who decides."""
    verbs.take_note(actor_of(request), pk)
    return saved(
        request, _("Kvittert. Bestem innen to timer etter at meldingen kom."), reverse("harm_answer", args=[pk])
    )


@require_http_methods(["GET", "POST"])
@in_menu("inbox")
@keeps_draft(gettext_lazy("Svar på funn om omgivelsene"))
def environment_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer findings about a place."""
    actor = actor_of(request)
    letter = verbs.access_findings(actor, pk)
    if letter.answered_at is not None and request.method == "GET":
        return to("letter", pk)
    form = kept(request, None, FindingsForm(request.POST or None, responses=list(FINDINGS_RESPONSES.items())))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.answer_findings(
                actor, pk, response=data["response"], reason=data["reason"], steps=data["steps"]
            ),
        )
        if made is not None:
            return saved(request, _("Svaret er sendt til helsetjenesten."), reverse("letter", args=[pk]))
    heading = _("Svar på funn om omgivelsene")
    context = {
        "form": form,
        "heading": heading,
        "submit_label": _("Send svaret"),
        "cancel_url": reverse("letter", args=[pk]),
        "crumbs": [{"label": _("Post"), "url": reverse("inbox")}, {"label": heading, "url": ""}],
        "place": letter.body.get("place", ""),
        "aspects": [wording.word(letter.kind, "aspects", str(code)) for code in letter.body.get("aspects") or ()],
        "finding": letter.body.get("finding", ""),
        "suggestion": letter.body.get("suggestion", ""),
        "sender": str(letter.other_agency),
        "sent_at": letter.sent_at,
        "due_at": letter.due_at,
    }
    return render(request, "isolation/environment_answer.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@keeps_draft(gettext_lazy("Spørsmål om helsefaglig råd"))
def advice_request(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the health service for advice before something is decided."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    person = the_person(actor, pk)
    form = kept(request, person, AdviceRequestForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.ask_advice(
                actor, pk, about=data["about"], question=data["question"], key=data["key"], at=clock.now()
            ),
        )
        if made is not None:
            return saved(request, _("Spørsmålet er sendt til helsetjenesten."), reverse("person", args=[pk]))
    lead = _("Helsetjenesten svarer med råd. Beslutningen er fengselets.")
    return person_form(
        request, actor, person, form, _("Be om helsefaglig råd"), _("Send til helsetjenesten"), lead=lead
    )
