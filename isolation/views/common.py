"""What the pages of isolation share: banner, way there, running a verb, and form pages. Holds no rule."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.identity import Actor
from coordination.models import Person
from coordination.models.people import Named
from coordination.people.access import access_person
from coordination.refusals import Refused
from coordination.views.answers import see_other
from coordination.views.people_common import banner_of, crumbs_of
from isolation.history import kind_text
from isolation.models import Measure

T = TypeVar("T")


def run(form: forms.Form, verb: Callable[[], T]) -> T | None:
    """Run a verb in a savepoint; on refusal nothing is saved and the form says why, beside the field where there is one.

    A verb names a moment `x`; the form has it as `x_clock`.
    """
    try:
        with transaction.atomic():
            return verb()
    except Refused as refused:
        tell(form, refused)
        return None


def tell(form: forms.Form, refused: Refused) -> None:
    """Put a refusal on a form, beside the field where there is one."""
    placed = False
    for name, texts in refused.errors.items():
        field = next((f for f in (name, f"{name}_clock") if f in form.fields), None)
        if field is not None:
            form.add_error(field, texts)
            placed = True
    if not placed:
        form.add_error(None, str(refused))


def to(url_name: str, *args: Any, query: str = "") -> HttpResponse:
    """Return 303 to a page: what was posted is done, and reloading it does nothing."""
    return see_other(reverse(url_name, args=args) + query)


def measure_frame(actor: Actor, measure: Measure, here: str = "") -> dict[str, Any]:
    """Return banner and way for a page within a measure."""
    name = str(measure.person)
    crumbs = [
        {"label": _("Isolasjon"), "url": reverse("isolation_board")},
        {"label": name, "url": reverse("measure", args=[measure.pk])},
    ]
    if here:
        crumbs.append({"label": here, "url": ""})
    return {
        "person": banner_of(actor, measure.person),
        "crumbs": crumbs,
        "measure": measure,
        "kind": kind_text(measure),
    }


def measure_form(
    request: HttpRequest, actor: Actor, measure: Measure, form: forms.Form, heading: str, submit: str, **more: Any
) -> HttpResponse:
    """Return a form page within a measure: 422 when something must be put right."""
    context = {
        **measure_frame(actor, measure, heading),
        "form": form,
        "heading": heading,
        "submit_label": submit,
        "cancel_url": reverse("measure", args=[measure.pk]),
        **more,
    }
    return render(request, more.get("template", "isolation/form.html"), context, status=422 if form.errors else 200)


def person_form(
    request: HttpRequest, actor: Actor, person: Named, form: forms.Form, heading: str, submit: str, **more: Any
) -> HttpResponse:
    """Return a form page about a person: 422 when something must be put right."""
    context = {
        "person": banner_of(actor, person),
        "crumbs": crumbs_of(person, heading),
        "form": form,
        "heading": heading,
        "submit_label": submit,
        "cancel_url": reverse("person", args=[person.pk]),
        **more,
    }
    return render(request, more.get("template", "isolation/form.html"), context, status=422 if form.errors else 200)


def the_person(actor: Actor, pk: UUID) -> Person:
    """Return a person in custody, or raise Http404."""
    person = access_person(actor, pk)
    assert isinstance(person, Person)
    return person
