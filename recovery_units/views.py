"""The doors of recovery units: the list in its order, an offer, one application, the decision. Decide nothing."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consent.documents import title_of
from consent.forms.consents import YES
from coordination import clock
from coordination.formats import datetime_no
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Person
from coordination.page_frame import in_menu
from coordination.people.access import require
from coordination.views.people_common import banner_of, conflict_page, form_page, run, saved
from coordination.worlds import World
from recovery_units import access, actions
from recovery_units.forms import AnswerForm, DecisionForm, OfferForm, PlaceForm, WithdrawForm
from recovery_units.models import RecoveryApplication
from recovery_units.rules import RUNNING, ConsentStep


@require_http_methods(["GET"])
@in_menu("recovery")
def recovery_list(request: HttpRequest) -> HttpResponse:
    """Show the applications that wait by unit in their order, what was decided last, and how many were informed."""
    actor = actor_of(request)
    rows = access.applications_for(actor)
    waiting = list(access.in_order(rows)[: access.MOST * 4])
    units = [
        {"unit": unit, "rows": [row for row in waiting if row.unit_id == unit.pk]} for unit in access.units_for(actor)
    ]
    ended = rows.filter(decided_at__isnull=False, unit__agency_id=actor.agency_id).order_by("-decided_at", "-id")[
        : access.MOST
    ]
    context = {"units": units, "decided": list(ended), "informed": access.informed_by_unit(actor)}
    return render(request, "recovery_units/list.html", context)


def _frame(actor: Actor, person: Person, here: str) -> dict[str, Any]:
    """Return banner and way for a page about one person."""
    crumbs = [
        {"label": _("Rusmestring"), "url": reverse("recovery_list")},
        {"label": str(person), "url": reverse("person", args=[person.pk])},
        {"label": here, "url": ""},
    ]
    return {"person": banner_of(actor, person), "crumbs": crumbs, "heading": here}


@require_http_methods(["GET", "POST"])
@in_menu("recovery")
def recovery_offer(request: HttpRequest, stay_id: UUID) -> HttpResponse:
    """Show what somebody was offered before, and record that they are informed and offered a place."""
    actor = actor_of(request)
    stay = access.access_stay(actor, stay_id)
    rows = list(access.applications_for(actor).filter(person_id=stay.person_id))
    going_on = any(row.state in RUNNING for row in rows)
    form = None
    if request.method == "POST":
        require(access.may_inform(actor))
    units = list(access.units_for(actor))
    if access.may_inform(actor) and stay.ended_at is None and (request.method == "POST" or (units and not going_on)):
        form = OfferForm(request.POST or None, units=units)
    if form is not None and form.is_valid():
        typed, unit = form.cleaned_data, form.units[form.cleaned_data["unit"]]
        row = run(
            form,
            lambda: actions.offer(actor, stay, unit=unit, told=typed["told"], key=typed["key"], at=clock.now()),
        )
        if row is not None:
            return saved(request, _("Lagret. Nå kan personen svare."), reverse("recovery_application", args=[row.pk]))
    context = {
        **_frame(actor, stay.person, _("Tilbud om rusmestring")),
        "form": form,
        "rows": rows,
        "units": units,
        "cancel_url": reverse("person", args=[stay.person_id]),
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "recovery_units/offer.html", context, status=status)


@require_http_methods(["GET", "POST"])
@in_menu("recovery")
@conflict_page
def recovery_application(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one application and what it waits for; record the answer to the offer."""
    actor = actor_of(request)
    row = access.access_application(actor, pk)
    form = None
    if request.method == "POST":
        require(access.may_inform(actor))
    if access.may_inform(actor) and (request.method == "POST" or row.state == RecoveryApplication.State.OFFERED):
        form = AnswerForm(request.POST or None, initial={"version": row.version})
    if form is not None and form.is_valid():
        typed = form.cleaned_data
        done = run(
            form,
            lambda: actions.answer(
                actor,
                row,
                applies=typed["applies"] == YES,
                wish=typed["wish"],
                version=typed["version"],
                at=clock.now(),
            ),
        )
        if done is not None:
            return saved(request, _("Svaret er lagret."), reverse("recovery_application", args=[row.pk]))
    at = clock.now()
    standing = access.consent_of(actor, row, at)
    waits = row.state == RecoveryApplication.State.APPLIED
    trust = access.trust_of(actor) if waits and standing.step is ConsentStep.GIVEN else None
    asks = f"{reverse('share', args=[row.person_id])}?til={trust}&type={access.TELLS_TRUST}"
    context = {
        **_frame(actor, row.person, _("Rusmestring")),
        "row": row,
        "form": form,
        "question": standing.question,
        "step": RecoveryApplication.Consent(row.consent or standing.step.value),
        "waits": waits,
        "ask_url": asks if trust else "",
        "decides": waits and access.may_decide(actor),
        "may_withdraw": access.may_inform(actor) and (waits or row.state == RecoveryApplication.State.APPROVED),
        "cancel_url": reverse("person", args=[row.person_id]),
    }
    return render(
        request, "recovery_units/application.html", context, status=422 if form is not None and form.errors else 200
    )


@require_http_methods(["GET", "POST"])
@in_menu("recovery")
@conflict_page
def recovery_place(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an application before or behind those of its ground."""
    actor = actor_of(request)
    row = _mine(actor, pk)
    initial = {"group": row.group, "group_reason": row.group_reason, "version": row.version}
    form = PlaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        done = run(
            form,
            lambda: actions.place(
                actor, row, group=typed["group"], reason=typed["group_reason"], version=typed["version"], at=clock.now()
            ),
        )
        if done is not None:
            return saved(request, _("Rekkefølgen er lagret."), reverse("recovery_list"))
    return _form_page(request, actor, row, form, _("Plass i rekkefølgen"), _("Lagre rekkefølgen"))


@require_http_methods(["GET", "POST"])
@in_menu("recovery")
@conflict_page
def recovery_decide(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Approve or decline."""
    actor = actor_of(request)
    row = _mine(actor, pk)
    form = DecisionForm(
        request.POST or None,
        specialist=_letters(actor, row, World.SPECIALIST_HEALTH),
        municipal=_letters(actor, row, World.MUNICIPAL_HEALTH),
        initial={"version": row.version},
    )
    if request.method == "POST" and form.is_valid():
        done = run(form, lambda: actions.decide(actor, row, at=clock.now(), **form.facts()))
        if done is not None:
            return saved(request, _("Avgjørelsen er lagret."), reverse("recovery_application", args=[row.pk]))
    return _form_page(request, actor, row, form, _("Avgjør søknaden"), _("Lagre avgjørelsen"))


@require_POST
@conflict_page
def recovery_withdraw(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that the person takes the application back."""
    actor = actor_of(request)
    require(access.may_inform(actor))
    row = access.access_application(actor, pk)
    url = reverse("recovery_application", args=[row.pk])
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        return saved(request, _("Ingenting er endret. Prøv igjen."), url)
    done = run(form, lambda: actions.withdraw(actor, row, version=form.cleaned_data["version"], at=clock.now()))
    text = _("Søknaden er trukket.") if done is not None else _("Ingenting er endret. Søknaden er allerede avsluttet.")
    return saved(request, text, url)


def _mine(actor: Actor, pk: UUID) -> RecoveryApplication:
    """Return an application for a leader, or raise Http404."""
    if not access.may_decide(actor):
        raise Http404
    return access.access_application(actor, pk)


def _form_page(
    request: HttpRequest, actor: Actor, row: RecoveryApplication, form: forms.Form, heading: str, submit: str
) -> HttpResponse:
    frame = _frame(actor, row.person, heading)
    back = reverse("recovery_application", args=[row.pk])
    return form_page(request, form, frame.pop("heading"), submit, cancel_url=back, **frame)


def _letters(actor: Actor, row: RecoveryApplication, world: World) -> list[tuple[UUID, str]]:
    """Return the letters to choose between, told by sender, kind and when."""
    return [
        (letter.pk, f"{letter.other_agency.name}: {title_of(letter)}, {datetime_no(letter.sent_at)}")
        for letter in access.letters_of(actor, row, world)
    ]
