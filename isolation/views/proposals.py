"""Doors: proposing a measure, asking a doctor beforehand, and letting a proposal go."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.people_common import banner_of, conflict_page, crumbs_of
from isolation.access import require_role
from isolation.actions import proposals as verbs
from isolation.forms import ProposalForm, StatementForm, WithdrawForm
from isolation.letters import DECIDERS, STAFF
from isolation.models import Proposal
from isolation.models.measures import COERCIVE_KINDS
from isolation.views.common import person_form, run, the_person, to


@require_http_methods(["GET", "POST"])
@in_menu("isolation")
@keeps_draft(gettext_lazy("Forslag om isolasjon"))
def proposal_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose a measure; whoever decides sees it on the board."""
    actor = actor_of(request)
    require_role(actor, STAFF)
    person = the_person(actor, pk)
    form = kept(request, person, ProposalForm(request.POST or None))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = run(
            form,
            lambda: verbs.propose(actor, pk, kind=data["kind"], reason=data["reason"], key=data["key"], at=clock.now()),
        )
        if made is not None:
            return to("proposal", made.pk)
    lead = _("Et forslag isolerer ingen. Vaktleder eller fengselsleder vurderer det. Haster det, si fra direkte.")
    return person_form(request, actor, person, form, _("Foreslå isolasjon"), _("Send forslaget"), lead=lead)


@require_http_methods(["GET"])
@in_menu("isolation")
@keeps_draft(gettext_lazy("Spørsmål om legens uttalelse"))
def proposal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a proposal: what has happened, whether a doctor was asked, what the doctor answered, and what came of it."""
    actor = actor_of(request)
    return _page(request, actor, verbs.access_proposal(actor, pk))


def _page(
    request: HttpRequest,
    actor: Actor,
    row: Proposal,
    *,
    ask: StatementForm | None = None,
    withdraw: WithdrawForm | None = None,
) -> HttpResponse:
    heading = _("Forslag om %(kind)s") % {"kind": str(row.get_kind_display()).lower()}
    decides = actor.has_role(*DECIDERS)
    may_ask = decides and row.is_open and row.kind in COERCIVE_KINDS and row.asked_at is None
    if ask is None:
        ask = StatementForm()
        if may_ask:
            kept(request, row.person, ask, place=reverse("proposal", args=[row.pk]))
    wrong = next((form for form in (ask, withdraw) if form is not None and form.errors), None)
    context = {
        "person": banner_of(actor, row.person),
        "crumbs": crumbs_of(row.person, heading),
        "heading": heading,
        "row": row,
        "answers": verbs.answers_to(row),
        "decides": decides and row.is_open,
        "may_ask": may_ask,
        "decide_url": reverse("measure_new", args=[row.person_id]) + f"?kind={row.kind}",
        "ask_form": ask,
        "withdraw_form": withdraw or WithdrawForm(),
        "form": wrong,
    }
    return render(request, "isolation/proposal.html", context, status=422 if wrong else 200)


@require_http_methods(["POST"])
@in_menu("isolation")
@conflict_page
@keeps_draft(gettext_lazy("Spørsmål om legens uttalelse"))
def proposal_ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the request for a doctor's statement."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = verbs.access_proposal(actor, pk)
    form = kept(request, row.person, StatementForm(request.POST), place=reverse("proposal", args=[row.pk]))
    if form.is_valid():
        question = form.cleaned_data["question"]
        if run(form, lambda: verbs.request_statement(actor, pk, question=question, at=clock.now())) is not None:
            return to("proposal", pk)
    return _page(request, actor, row, ask=form)


@require_http_methods(["POST"])
@in_menu("isolation")
@conflict_page
def proposal_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a proposal go."""
    actor = actor_of(request)
    require_role(actor, DECIDERS)
    row = verbs.access_proposal(actor, pk)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        note = form.cleaned_data["note"]
        if run(form, lambda: verbs.withdraw(actor, pk, note=note, at=clock.now())) is not None:
            return to("proposal", pk)
    return _page(request, actor, row, withdraw=form)
