"""The doors of sharing on a ground somebody chooses, and of objections. No rule lives here."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from consent import access, actions, documents
from consent.forms.consents import WithdrawForm
from consent.forms.sharing import ChooseForm, ObjectionForm, OverrideForm, ShareForm
from consent.letters import DANGER_BASES, LetterKind
from consent.models import OBJECTIONS, Letter
from consent.views.drafts import keeps_draft, kept
from coordination import clock, step_up
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Agency
from coordination.models.people import Named
from coordination.page_frame import in_menu
from coordination.views.people_common import banner_of, conflict_page, crumbs_of, person_form_page, run, saved


@require_http_methods(["GET", "POST"])
@in_menu("people")
@keeps_draft(gettext_lazy("Del opplysninger"))
def share(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Choose recipient and kind, see which grounds can be used now and why, then share."""
    actor = actor_of(request)
    person: Any = access.access_subject(actor, pk)
    kinds = access.may_share(actor)
    if not kinds:
        raise Http404
    asked = request.GET if {"til", "type"} & set(request.GET) else None
    choose = ChooseForm(asked, partners=access.share_partners(actor), kinds=kinds)
    url = reverse("share", args=[person.pk])
    context = {
        "heading": _("Del opplysninger"),
        "person": banner_of(actor, person),
        "person_pk": person.pk,
        "crumbs": [
            *crumbs_of(person),
            {"label": _("Samtykke og deling"), "url": reverse("consents", args=[person.pk])},
            {"label": _("Del opplysninger"), "url": ""},
        ],
        "cancel_url": reverse("consents", args=[person.pk]),
    }
    if not choose.is_valid():
        wrong = bool(choose.errors)
        return render(request, "consent/share_choose.html", {**context, "form": choose}, status=422 if wrong else 200)
    recipient, kind = choose.partners[choose.cleaned_data["til"]], choose.kinds[choose.cleaned_data["type"]]
    found = access.offers(actor, kind, recipient, person.pk, clock.local_date(clock.now()))
    place = f"{url}?{urlencode({'til': recipient.pk, 'type': kind.code})}"
    form = kept(request, person, ShareForm(request.POST or None, request.FILES or None, offers=found), place=place)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["basis"] in DANGER_BASES:
            step_up.require(request)
        sent = run(form, lambda: _send(actor, person, recipient, kind, form))
        if sent is not None:
            copy = access.own_copy(actor, sent, Letter.Direction.OUT)
            back = reverse("letter", args=[copy.pk]) if copy else context["cancel_url"]
            return saved(request, _("Opplysningene er sendt."), back)
    context |= {
        "form": form,
        "recipient": recipient,
        "kind": kind,
        "offers": documents.offer_rows(found),
        "action": place,
        "back_url": url,
    }
    return render(request, "consent/share.html", context, status=422 if form.errors else 200)


def _send(actor: Actor, person: Any, recipient: Agency, kind: LetterKind, form: ShareForm) -> UUID:
    """Send what was typed."""
    typed = form.cleaned_data
    return actions.share(
        actor,
        person,
        recipient,
        kind,
        about=typed["about"],
        content=typed["content"],
        verified=typed["verified"],
        files=actions.enclosures(typed["attachments"]),
        ground=form.ground(),
    )


# Objections


def _objecting(actor: Actor) -> None:
    """Raise Http404 in a prison: objections belong to the patient and the health side."""
    if actor.world not in OBJECTIONS:
        raise Http404


@require_http_methods(["GET", "POST"])
@in_menu("people")
def objection_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Register that a patient objects to sharing."""
    actor = actor_of(request)
    _objecting(actor)
    person: Any = access.access_subject(actor, pk)
    at = clock.now()
    form = ObjectionForm(
        request.POST or None,
        recipients=[(agency.pk, agency.name) for agency in access.correspondents(actor)],
        categories=[(code, documents.category_word(code)) for code in access.objectionable(actor)],
        initial={"objected_at": at},
    )
    url = reverse("consents", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        if run(form, lambda: actions.register_objection(actor, person, at=at, **typed)) is not None:
            return saved(request, _("Motsettelsen er registrert, og gjelder fra nå."), url)
    return _page(request, actor, person, form, _("Registrer motsettelse"), _("Lagre motsettelsen"), url)


def _page(
    request: HttpRequest, actor: Actor, person: Named, form: Any, heading: str, submit: str, url: str
) -> HttpResponse:
    return person_form_page(request, actor, person, form, heading, submit, cancel_url=url)


@require_POST
@conflict_page
def objection_lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the patient no longer objects."""
    actor = actor_of(request)
    row = access.access_objection(actor, pk)
    form = WithdrawForm(request.POST)
    note = form.cleaned_data["note"] if form.is_valid() else ""
    if row.lifted_at is None:
        actions.lift_objection(actor, row, note=note, at=clock.now())
    return saved(request, _("Motsettelsen er trukket."), reverse("consents", args=[row.person_id]))


@require_http_methods(["GET", "POST"])
@in_menu("people")
def objection_override(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set an objection aside for one letter, with weighty reasons in writing; health personnel only."""
    actor = actor_of(request)
    if not actions.may_override(actor):
        raise Http404
    row = access.access_objection(actor, pk)
    if row.lifted_at is not None:
        raise Http404
    person: Any = row.person
    kinds, partners = access.overridable(actor, row)
    form = OverrideForm(request.POST or None, partners=partners, kinds=kinds)
    url = reverse("consents", args=[row.person_id])
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        done = run(
            form,
            lambda: actions.override_objection(
                actor,
                row,
                recipient=form.partners[typed["recipient"]],
                kind=typed["kind"],
                ground=typed["ground"],
                reason=typed["reason"],
                key=typed["key"],
                at=clock.now(),
            ),
        )
        if done is not None:
            return saved(request, _("Lagret. Ett brev kan nå sendes på denne avgjørelsen."), url)
    return _page(request, actor, person, form, _("Sett motsettelsen til side én gang"), _("Lagre avgjørelsen"), url)
