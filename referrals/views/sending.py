"""The municipality's doors: the list, a referral, a new one, sending again, taking back. Decide nothing."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.access import letters_for, offers
from consent.actions import Enclosure, enclosures, mark_read
from consent.documents import offer_rows, rows_of
from consent.letters import KINDS
from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import MunicipalPatient
from coordination.page_frame import in_menu
from coordination.paging import part_of
from coordination.refusals import Refused, refused_at
from coordination.views.answers import see_other
from coordination.views.people_common import banner_of, conflict_page, run, saved
from referrals import access
from referrals.actions import sending
from referrals.forms import ReferralForm, WithdrawForm
from referrals.letters import REFERRAL
from referrals.models import MunicipalReferral, ReferralState
from referrals.rules import OUTCOMES, State, may_move
from referrals.views.common import exchange, turns

GROUPS: dict[str, frozenset[State]] = {
    "": frozenset(State),
    "draft": frozenset({State.DRAFT}),
    "waiting": frozenset({State.SENT, State.RECEIVED}),
    "returned": frozenset({State.RETURNED_FOR_INFORMATION}),
    "decided": OUTCOMES - {State.RETURNED_FOR_INFORMATION},
}


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("I dag"), "url": reverse("today")},
        {"label": _("Henvisninger"), "url": reverse("referral_list")},
        *more,
    ]


@require_http_methods(["GET"])
@in_menu("referrals")
def referral_list(request: HttpRequest) -> HttpResponse:
    """Show the municipality's referrals with how each stands: by state and trust, newest or oldest first, in parts."""
    actor = actor_of(request)
    if not access.may_read_sent(actor):
        raise Http404
    group = request.GET.get("vis", "")
    group = group if group in GROUPS else ""
    trusts = access.sent_trusts(actor)
    trust = next((one for one in trusts if str(one.pk) == request.GET.get("til")), None)
    oldest = request.GET.get("rekke") == "eldste"
    referrals = access.referrals_for(actor)
    if trust is not None:
        referrals = referrals.filter(trust=trust)
    counts = access.standings(referrals)
    kept = {"til": str(trust.pk) if trust else "", "rekke": "eldste" if oldest else ""}

    def to(**query: str) -> str:
        chosen = {name: value for name, value in {**kept, "vis": group, **query}.items() if value}
        return f"?{urlencode(chosen)}" if chosen else reverse("referral_list")

    labels = {
        "": _("Alle"),
        "draft": _("Utkast"),
        "waiting": _("Venter på vurdering"),
        "returned": _("Mangler opplysninger"),
        "decided": _("Avgjort"),
    }
    part = part_of(
        referrals.filter(standing__in=GROUPS[group]) if group else referrals,
        "recorded_at",
        request.GET.get("side", ""),
        newest=not oldest,
    )
    context = {
        "rows": access.sent_list(actor, part.rows),
        "chips": [
            {
                "label": label,
                "url": to(vis=code),
                "current": code == group,
                "count": sum(counts.get(state, 0) for state in GROUPS[code]),
            }
            for code, label in labels.items()
        ],
        "orders": [
            {"label": _("Nyeste først"), "url": to(rekke=""), "current": not oldest},
            {"label": _("Eldste først"), "url": to(rekke="eldste"), "current": oldest},
        ],
        "turns": turns(request, part, "side"),
        "trusts": trusts if len(trusts) > 1 else [],
        "trust": trust,
        "group": group,
        "oldest": oldest,
    }
    return render(request, "referrals/list.html", context)


def _form(
    actor: Actor,
    *,
    data: Any = None,
    files: Any = None,
    referral: MunicipalReferral | None = None,
    patient: MunicipalPatient | None = None,
    like: MunicipalReferral | None = None,
) -> ReferralForm:
    trusts = access.trusts_for(actor)
    if referral is not None:
        initial = {name: getattr(referral, name) for name in sending.CONTENT}
        initial |= {"trust": referral.trust_id, "version": referral.version}
    else:
        assert patient is not None
        initial = {
            "trust": trusts[0].pk if trusts else None,
            "basis": "LB10",
            "interpreter": patient.interpreter_needed,
        }
        if like is not None:
            # What was written stays; where it goes is the point, and whether the patient knows must be asked anew.
            initial |= {name: getattr(like, name) for name in sending.CONTENT if name != "inmate_informed"}
            initial["trust"] = next((trust.pk for trust in trusts if trust.pk != like.trust_id), None)
    return ReferralForm(data, files, initial=initial, trusts=trusts)


def _values(form: ReferralForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in sending.CONTENT}


def _write(actor: Actor, patient: MunicipalPatient, form: ReferralForm, *, draft: bool) -> MunicipalReferral:
    at, files = clock.now(), _files(form, draft=draft)
    row = sending.write(
        actor, patient, trust=form.cleaned_data["trust"], key=form.cleaned_data["key"], at=at, **_values(form)
    )
    return row if draft else sending.send(actor, row, at=at, files=files)


def _files(form: ReferralForm, *, draft: bool) -> list[Enclosure]:
    """Return the chosen files. A draft keeps none: a file is kept nowhere but in a letter."""
    chosen = form.cleaned_data["attachments"]
    if draft and chosen:
        raise refused_at("attachments", _("Vedlegg lagres ikke i et utkast. Legg dem ved når du sender."))
    return enclosures(chosen)


def _written(request: HttpRequest, row: MunicipalReferral, *, draft: bool) -> HttpResponse:
    text = _("Utkastet er lagret.") if draft else _("Henvisningen er sendt.")
    return saved(request, text, reverse("referral", args=[row.pk]))


@require_http_methods(["GET", "POST"])
@in_menu("referrals")
@keeps_draft(gettext_lazy("Henvisning"))
def referral_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a referral about a patient, and send it or keep it as a draft."""
    actor = actor_of(request)
    patient = access.access_patient(actor, pk)
    like = _like(request, actor, patient)
    data, files = request.POST or None, request.FILES or None
    form = kept(request, patient, _form(actor, data=data, files=files, patient=patient, like=like))
    if request.method == "POST" and form.is_valid():
        draft = "draft" in request.POST
        row = run(form, lambda: _write(actor, patient, form, draft=draft))
        if row is not None:
            return _written(request, row, draft=draft)
    return _write_page(request, actor, form, patient, reverse("referral_new", args=[patient.pk]), draft=True)


def _like(request: HttpRequest, actor: Actor, patient: MunicipalPatient) -> MunicipalReferral | None:
    """Return the referral of the same patient that a trust has shown elsewhere and a new one is to begin as, or None."""
    try:
        pk = UUID(request.GET.get("som", ""))
    except ValueError:
        return None
    like = access.access_referral(actor, pk)
    if like.referral.person_id != patient.pk or like.state is not State.REDIRECTED:
        raise Http404
    return like.referral


def _rewrite(actor: Actor, sent: access.Sent, form: ReferralForm, *, draft: bool) -> None:
    values, at, row = form.cleaned_data, clock.now(), sent.referral
    version, files = values["version"] or 0, _files(form, draft=draft)
    if sent.state is State.DRAFT:
        sending.rewrite(actor, row, trust=values["trust"], version=version, **_values(form))
        if not draft:
            sending.send(actor, row, at=at, files=files)
    else:
        sending.send_again(actor, row, version=version, key=values["key"], at=at, files=files, **_values(form))


@require_http_methods(["GET", "POST"])
@in_menu("referrals")
@conflict_page
@keeps_draft(gettext_lazy("Henvisning"))
def referral_edit(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change a draft, or send a returned referral again with what was missing."""
    actor = actor_of(request)
    sent = access.access_referral(actor, pk)
    if not access.may_refer(actor) or sent.state not in (State.DRAFT, State.RETURNED_FOR_INFORMATION):
        raise Http404
    referral = sent.referral
    form = _form(actor, data=request.POST or None, files=request.FILES or None, referral=referral)
    form = kept(request, referral.person, form)
    if sent.state is State.RETURNED_FOR_INFORMATION:
        # The answer goes where the question came from.
        del form.fields["trust"]
    if request.method == "POST" and form.is_valid():
        draft = "draft" in request.POST and sent.state is State.DRAFT
        if run(form, lambda: _rewrite(actor, sent, form, draft=draft)):
            return _written(request, referral, draft=draft)
    return _write_page(
        request,
        actor,
        form,
        referral.person,
        reverse("referral_edit", args=[referral.pk]),
        draft=sent.state is State.DRAFT,
        sent=sent,
    )


def _write_page(
    request: HttpRequest,
    actor: Actor,
    form: ReferralForm,
    patient: MunicipalPatient,
    action: str,
    *,
    draft: bool,
    sent: access.Sent | None = None,
) -> HttpResponse:
    # The trust that is chosen, or else the agency's own: why each ground can or cannot be used now.
    chosen = str(form["trust"].value() or "") if "trust" in form.fields else str(sent.referral.trust_id if sent else "")
    trust = next((trust for trust in access.trusts_for(actor) if str(trust.pk) == chosen), None)
    today = clock.local_date(clock.now())
    context = {
        "form": form,
        "offers": offer_rows(offers(actor, KINDS[REFERRAL], trust, patient.pk, today)) if trust else [],
        "trust_name": trust.name if trust else "",
        "person": banner_of(actor, patient),
        "draft": draft,
        "sent": sent,
        "action": action,
        "crumbs": _crumbs({"label": str(patient), "url": action}),
    }
    return render(request, "referrals/write.html", context, status=422 if form.is_bound and form.errors else 200)


def _page(request: HttpRequest, actor: Actor, sent: access.Sent, withdraw: WithdrawForm | None = None) -> HttpResponse:
    referral = sent.referral
    letters = []
    if referral.thread_id:
        letters = list(
            letters_for(actor).select_related(None).select_related("other_agency").filter(thread_id=referral.thread_id)
        )
    context = {
        "sent": sent,
        "referral": referral,
        "person": banner_of(actor, referral.person),
        "basis": dict(ReferralForm.base_fields["basis"].choices)[referral.basis],  # type: ignore[attr-defined]
        "outcome": _outcome(sent),
        "exchange": exchange(letters),
        "redirected": sent.state is State.REDIRECTED,
        "may_refer": access.may_refer(actor),
        "may_send": access.may_refer(actor) and sent.state is State.DRAFT,
        "may_edit": access.may_refer(actor) and sent.state in (State.DRAFT, State.RETURNED_FOR_INFORMATION),
        "may_withdraw": access.may_refer(actor) and may_move(sent.state, State.WITHDRAWN),
        "withdraw_form": withdraw or WithdrawForm(),
        "form": withdraw,
        "crumbs": _crumbs({"label": str(referral.person), "url": reverse("referral", args=[referral.pk])}),
    }
    return render(request, "referrals/referral.html", context, status=422 if withdraw else 200)


def _outcome(sent: access.Sent) -> dict[str, Any] | None:
    """Return what the trust answered, for a referral that stands on that answer."""
    if sent.decision is None or sent.state not in OUTCOMES:
        return None
    # Opened here, the answer has been read as surely as from the post.
    mark_read(sent.decision)
    left_out = {_("Etternavn"), _("Fornavn"), _("Fødselsdato"), _("Avgjørelse")}
    return {
        "label": ReferralState(sent.state.value).label,
        "at": sent.decision.sent_at,
        "rows": [row for row in rows_of(sent.decision) if row["label"] not in left_out],
    }


@require_http_methods(["GET"])
@in_menu("referrals")
def referral(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a referral: how it stands, what was sent, what was answered."""
    actor = actor_of(request)
    return _page(request, actor, access.access_referral(actor, pk))


@require_http_methods(["POST"])
@in_menu("referrals")
def referral_send(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send a draft."""
    actor = actor_of(request)
    sent = access.access_referral(actor, pk)
    if not access.may_refer(actor):
        raise Http404
    try:
        with transaction.atomic():
            sending.send(actor, sent.referral, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        return _written(request, sent.referral, draft=False)
    return see_other("referral", sent.referral.pk)


@require_http_methods(["POST"])
@in_menu("referrals")
def referral_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a referral back."""
    actor = actor_of(request)
    sent = access.access_referral(actor, pk)
    if not access.may_refer(actor):
        raise Http404
    form = WithdrawForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        if run(
            form,
            lambda: sending.withdraw(
                actor, sent.referral, by=values["withdrawn_by"], note=values["note"], at=clock.now()
            ),
        ):
            return saved(request, _("Henvisningen er trukket tilbake."), reverse("referral", args=[sent.referral.pk]))
    return _page(request, actor, sent, form)
