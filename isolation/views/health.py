"""Doors: asking health personnel to come, and answering their advice. There is nothing here that approves or clears."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent import wording
from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import saved
from isolation.access import measure_of_thread, require_role
from isolation.actions import requests as verbs
from isolation.forms import AdviceForm, WishForm
from isolation.letters import STAFF
from isolation.models import AdviceAnswer
from isolation.views.common import person_form, run, the_person, to


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@keeps_draft(gettext_lazy("Ønske om tilsyn"))
def health_check_wish(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Pass on that somebody wants to be seen by health personnel, or needs to be because of an injury."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    person = the_person(actor, pk)
    form = kept(request, person, WishForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.pass_on_wish(
                actor, pk, reason=data["reason"], note=data["note"], key=data["key"], at=clock.now()
            ),
        )
        if made is not None:
            url = reverse("measure", args=[made.measure_id]) if made.measure_id else reverse("person", args=[pk])
            return saved(request, _("Helsetjenesten er bedt om tilsyn."), url)
    lead = _("Haster det, ring først. Helsetjenesten får brevet med en gang, og dere ser når de kvitterer.")
    return person_form(
        request, actor, person, form, _("Be helsetjenesten om tilsyn"), _("Send til helsetjenesten"), lead=lead
    )


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@keeps_draft(gettext_lazy("Svar på råd"))
def advice_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer a letter of advice: followed, in part or not, and why."""
    actor = actor_of(request)
    letter = verbs.access_advice(actor, pk)
    assert letter.person_id is not None  # access_advice has asked
    person = the_person(actor, letter.person_id)
    known = AdviceAnswer.objects.filter(agency_id=actor.agency_id, advice_letter=letter.letter_id).first()
    if known is not None and request.method == "GET":
        return to("letter", pk)
    form = kept(request, person, AdviceForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.answer_advice(
                actor, pk, response=data["response"], reason=data["reason"], steps=data["steps"], at=clock.now()
            ),
        )
        if made is not None:
            measure = measure_of_thread(actor, letter.thread_id)
            url = (
                reverse("reassessment_new", args=[measure.pk])
                if measure and measure.ended_at is None
                else reverse("letter", args=[pk])
            )
            return saved(request, _("Svaret er sendt til helsetjenesten."), url)
    more = {
        "template": "isolation/advice_answer.html",
        "advice": letter.body.get("advice", ""),
        "recommend": wording.word(letter.kind, "recommend", str(letter.body.get("recommend", ""))),
        "sent_at": letter.sent_at,
        "due_at": letter.due_at,
        "sender": str(letter.other_agency),
        "cancel_url": reverse("letter", args=[pk]),
    }
    return person_form(request, actor, person, form, _("Svar på råd fra helsetjenesten"), _("Send svaret"), **more)
