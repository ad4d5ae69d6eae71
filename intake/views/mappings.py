"""The doors of the mapping of needs: offered, answered, done. Actor in, verb called, answer out."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from consent.access import question_of
from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import LegalStatus
from coordination.page_frame import in_menu
from coordination.views.answers import see_other
from coordination.views.people_common import conflict_page, run, saved
from intake import access, actions
from intake.actions.mappings import POINT
from intake.forms import (
    MappingAnswerForm,
    MappingForm,
    MappingOfferForm,
)
from intake.models import NeedsMapping
from intake.views.common import page


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
    return page(
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
        return see_other(reverse("mapping", args=[row.pk]))
    if form is not None and form.is_valid():
        done = run(form, lambda: _save_mapping(actor, row, form))
        if done is not None:
            return _after_mapping(request, actor, done)
    heading = _("Behovskartlegging")
    return page(request, "intake/mapping.html", actor, row.person, heading, form=form, mapping=row, question=question)


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
