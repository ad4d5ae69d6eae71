"""Doors: the list of whom to watch especially, and the attention flag: raised, kept, lifted."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.forms.attention import KeepForm, LiftForm, RaiseForm
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Attention, Person
from coordination.page_frame import in_menu
from coordination.people import access, attention
from coordination.views.people_common import banner_of, conflict_page, crumbs_of, person_form_page, run, saved
from coordination.worlds import World


@require_http_methods(["GET"])
@in_menu("people")
def attention_list(request: HttpRequest) -> HttpResponse:
    """Show whom to watch especially in a unit, the gravest reasons first. (obligation R5.1.1-h)"""
    actor = actor_of(request)
    access.require(actor.world is World.CUSTODY and actor.has_role(*access.REGISTRARS))
    units = access.units_of(actor)
    own = access.own_unit_ids(actor)
    unit = next((u for u in units if str(u.pk) == request.GET.get("unit")), None)
    unit = unit or next((u for u in units if u.pk in own), units[0] if units else None)
    people: list[Person] = list(access.present_only(actor, access.people_for(actor).filter(unit=unit))) if unit else []
    context = {
        "rows": attention.attention_list(actor, people, clock.now()),
        "units": units,
        "unit": unit,
        "crumbs": [{"label": _("Personer"), "url": reverse("people")}, {"label": _("Følg særlig med på"), "url": ""}],
    }
    return render(request, "coordination/people/attention_list.html", context)


@require_http_methods(["GET", "POST"])
@in_menu("people")
def attention_raise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Raise the flag because of what staff saw."""
    actor = actor_of(request)
    access.require(actor.world is World.CUSTODY and actor.has_role(*access.REGISTRARS))
    person = access.access_person(actor, pk)
    form = RaiseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        flag = run(
            form,
            lambda: attention.raise_by_hand(actor, pk, criteria=data["criteria"], note=data["note"], at=clock.now()),
        )
        if flag is not None:
            return saved(request, _("Merket for ekstra oppmerksomhet."), reverse("attention", args=[flag.pk]))
    heading = _("Merk for ekstra oppmerksomhet")
    return person_form_page(request, actor, person, form, heading, _("Lagre merkingen"))


@require_http_methods(["GET"])
@in_menu("people")
def attention_flag(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one flag and why it stands."""
    actor = actor_of(request)
    return _page(request, actor, attention.access_attention(actor, pk))


def _page(request: HttpRequest, actor: Actor, flag: Attention, status: int = 200, **more: Any) -> HttpResponse:
    today = clock.local_date(clock.now())
    context = {
        "flag": flag,
        "reasons": attention.reasons_of([flag]).get(flag.pk, []),
        "words": attention.FLAG_WORDS,
        "keep_form": KeepForm(initial={"review_on": today + attention.REVIEW_AFTER}),
        "lift_form": LiftForm(),
        "may_review": actor.has_role(*attention.REVIEWERS),
        "person": banner_of(actor, flag.person),
        "crumbs": crumbs_of(flag.person, _("Ekstra oppmerksomhet")),
        "heading": _("Ekstra oppmerksomhet"),
        **more,
    }
    return render(request, "coordination/people/attention.html", context, status=status)


@require_http_methods(["POST"])
@in_menu("people")
@conflict_page
def attention_keep(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep a flag until another date."""
    form = KeepForm(request.POST)
    return _judge(
        request, pk, form, "keep_form", _("Lagret."),
        lambda actor: attention.keep(actor, pk, **form.cleaned_data, at=clock.now()),
    )  # fmt: skip


@require_http_methods(["POST"])
@in_menu("people")
@conflict_page
def attention_lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift a flag with a reason."""
    form = LiftForm(request.POST)
    return _judge(
        request, pk, form, "lift_form", _("Opphevet."),
        lambda actor: attention.lift(actor, pk, reason=form.cleaned_data["reason"], at=clock.now()),
    )  # fmt: skip


def _judge(request: HttpRequest, pk: UUID, form: forms.Form, name: str, text: str, verb: Any) -> HttpResponse:
    actor = actor_of(request)
    access.require(actor.has_role(*attention.REVIEWERS))
    flag = attention.access_attention(actor, pk)
    if form.is_valid() and run(form, lambda: verb(actor)) is not None:
        return saved(request, text, reverse("attention", args=[pk]))
    return _page(request, actor, flag, status=422, form=form, **{name: form})
