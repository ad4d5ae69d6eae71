"""The doors of what is reported to the prison: harm at once, surroundings as facts about nobody."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent import wording
from consent.access import letters_for
from consent.models import Letter
from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.clock import after
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import conflict_page, run, saved
from follow_up import access
from follow_up.actions import reports
from follow_up.forms.isolation import EnvironmentForm, HarmForm
from follow_up.letters import HARM_REPORT
from follow_up.rules import HARM_DECIDED
from follow_up.views.common import page
from follow_up.views.lock_in import the_course


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
@conflict_page
@keeps_draft(gettext_lazy("Melding om skade"))
def harm_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Report harm to warden and duty leader: sent as it is saved."""
    actor, course = the_course(request, pk)
    at = clock.now()
    consents = access.consents_to_tell(actor, HARM_REPORT, course.person_id, course.prison_id, at)
    form = HarmForm(request.POST if request.method == "POST" else None, letter=course.notice, consents=consents)
    form = kept(request, course.person, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        basis, consent = form.ground()
        row = run(
            form,
            lambda: reports.report_harm(
                actor,
                pk,
                key=data["key"],
                finding=data["finding"],
                advice=data["advice"],
                observed=data["observed"],
                call=data["call"],
                found_at=data["found_at"] or at,
                basis=basis,
                consent=UUID(consent) if consent else None,
                necessity=data["necessity"],
                at=at,
            ),
        )
        if row is not None:
            text = _("Meldingen er sendt til fengselsleder og vaktleder. De skal kvittere innen 30 minutter.")
            return saved(request, text, reverse("harm_report", args=[row.pk]))
    return page(
        request,
        "follow_up/harm_new.html",
        actor,
        course.person,
        _("Meld skade til fengselet"),
        form=form,
        recipient_name=course.prison.name,
        recipient_kind=course.prison.world,
        cancel_url=reverse("supervision", args=[pk]),
    )


@require_http_methods(["GET"])
@in_menu("supervision")
def harm_report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one report with its clocks and what the prison decided."""
    actor = actor_of(request)
    access.require_clinician(actor)
    at = clock.now()
    reports.settle_harm(actor, at=at)
    row = access.access_harm_report(actor, pk)
    letter: Letter = letters_for(actor).get(letter_id=row.letter_id, direction=Letter.Direction.OUT)
    answer = access.answer_to(actor, row.letter_id)
    return page(
        request,
        "follow_up/harm_report.html",
        actor,
        row.person,
        str(row.get_finding_display()),
        row=row,
        letter=letter,
        letter_url=reverse("letter", args=[letter.pk]),
        advice=letter.body.get("advice", ""),
        decide_due_at=after(letter.sent_at, HARM_DECIDED),
        answer=answer,
        answer_url=reverse("letter", args=[answer.pk]) if answer else "",
        outcome=wording.word("harm_answer", "outcome", str(answer.body.get("outcome", ""))) if answer else "",
        back_url=reverse("supervision", args=[row.course_id]) if row.course_id else "",
    )


@require_http_methods(["GET"])
@in_menu("environment")
def environment_list(request: HttpRequest) -> HttpResponse:
    """Show findings about places that were sent, and whether the prison has answered."""
    actor = actor_of(request)
    access.require_clinician(actor)
    rows = [
        {
            "place": letter.body.get("place", ""),
            "prison": letter.other_agency.name,
            "aspects": [wording.word(letter.kind, "aspects", str(code)) for code in letter.body.get("aspects") or ()],
            "finding": letter.body.get("finding", ""),
            "sent_at": letter.sent_at,
            "answered_at": letter.answered_at,
            "due_at": letter.due_at,
            "url": reverse("letter", args=[letter.pk]),
        }
        for letter in access.environment_letters(actor)[:50]
    ]
    tools = [{"label": _("Meld funn"), "url": reverse("environment_new"), "primary": True}]
    return page(request, "follow_up/environment_list.html", actor, None, _("Omgivelser"), rows=rows, tools=tools)


@require_http_methods(["GET", "POST"])
@in_menu("environment")
@keeps_draft(gettext_lazy("Funn om omgivelsene"))
def environment_new(request: HttpRequest) -> HttpResponse:
    """Tell a prison what was found about a place."""
    actor = actor_of(request)
    access.require_clinician(actor)
    prisons = access.served_prisons(actor)
    initial = {"place": request.GET.get("sted", "")[:120], "aspects": request.GET.getlist("gjelder")}
    form = EnvironmentForm(request.POST if request.method == "POST" else None, prisons=prisons, initial=initial)
    form = kept(request, None, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        row = run(
            form,
            lambda: reports.report_environment(
                actor,
                UUID(data["prison"]),
                key=data["key"],
                place=data["place"],
                aspects=data["aspects"],
                finding=data["finding"],
                suggestion=data["suggestion"],
            ),
        )
        if row is not None:
            return saved(request, _("Funnene er sendt. Fengselet bes om svar."), reverse("environment_list"))
    return page(
        request,
        "follow_up/course_form.html",
        actor,
        None,
        _("Meld funn om omgivelsene"),
        form=form,
        submit_label=_("Send til fengselet"),
        lead=_("Fakta om et sted, uten opplysninger om pasienter. Fengselsleder og vaktleder får dem, og skal svare."),
        cancel_url=reverse("environment_list"),
    )
