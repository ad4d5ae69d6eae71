"""What the pages of follow-up share: one page under the patient's banner. Holds no rule."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.identity import Actor
from coordination.models.people import Named
from coordination.views.people_common import banner_of, crumbs_of
from follow_up.models import HealthVisit
from follow_up.supervision.telling import letter_about


def page(
    request: HttpRequest,
    template: str,
    actor: Actor,
    person: Named | None,
    heading: str,
    *,
    form: forms.Form | None = None,
    **more: Any,
) -> HttpResponse:
    """Return a page; 422 when its form is bound and something must be put right."""
    context = {
        "person": banner_of(actor, person) if person else None,
        "crumbs": crumbs_of(person, heading) if person else [],
        "heading": heading,
        "cancel_url": reverse("person", args=[person.pk]) if person else reverse("today"),
        "form": form,
        **more,
    }
    return render(request, template, context, status=422 if form is not None and form.errors else 200)


def visit_saved(actor: Actor, row: HealthVisit, *, tell: bool) -> str:
    """Return what to say of a visit that was saved, and whether the prison heard of it where that was asked for (`tell`)."""
    if row.declined:
        return _("Lagret: tilsyn tilbudt, pasienten takket nei.")
    if not tell:
        return _("Lagret: tilsyn gjennomført. Legg til funn hvis det trengs.")
    if letter_about(actor, row) is None:
        return _("Lagret: tilsyn gjennomført. Fengselet fikk ikke beskjed, fordi pasienten ikke har samtykket til det.")
    return _("Lagret: tilsyn gjennomført. Fengselet har fått tidspunktet.")
