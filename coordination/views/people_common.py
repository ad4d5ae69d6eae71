"""What the pages about people share: banner, form pages, running a verb, and the conflict page. Holds no rule."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination import person_page
from coordination.frame import place_of
from coordination.identity import Actor
from coordination.models import Person, StaleWrite, Stay
from coordination.models.people import Named
from coordination.people import access
from coordination.people.access import one_or_404
from coordination.refusals import Refused
from coordination.views.answers import see_other
from coordination.views.errors import conflict
from coordination.worlds import World

T = TypeVar("T")
View = Callable[..., HttpResponse]


def banner_of(actor: Actor, person: Named) -> dict[str, Any]:
    """Return what the person banner shows."""
    return {
        "name": str(person),
        "place": place_of(person),
        "birth_year": str(person.birth_date.year),
        "number": getattr(person, "number", ""),
        "alerts": person_page.tags_for(actor, person),
    }


def crumbs_of(person: Named, here: str = "") -> list[dict[str, str]]:
    """Return the way to a person, and to one page about them."""
    crumbs = [
        {"label": _("Personer") if isinstance(person, Person) else _("Pasienter"), "url": reverse("people")},
        {"label": str(person), "url": reverse("person", args=[person.pk])},
    ]
    return [*crumbs, {"label": here, "url": ""}] if here else crumbs


def conflict_page(view: View) -> View:
    """Answer with the conflict page when somebody else changed the row since the form was shown."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            # A savepoint: what the verb wrote before it met the conflict is undone, and the page is answered in the same transaction.
            with transaction.atomic():
                return view(request, *args, **kwargs)
        except StaleWrite:
            return conflict(request)

    return answer


def run(form: forms.Form, verb: Callable[[], Any]) -> Any:
    """Run a verb in a savepoint and return what it returns, True where that is nothing.

    On refusal nothing is saved, the form carries the reason, and None is returned.
    """
    try:
        with transaction.atomic():
            result = verb()
    except Refused as refused:
        known = {name: texts for name, texts in refused.errors.items() if name in form.fields}
        for name, texts in known.items():
            form.add_error(name, texts)
        if not known:
            form.add_error(None, str(refused))
        return None
    return True if result is None else result


def form_page(request: HttpRequest, form: forms.Form, heading: str, submit: str, **more: Any) -> HttpResponse:
    """Return a page with one form: 422 when it is bound, since then something must be put right."""
    context = {"form": form, "heading": heading, "submit_label": submit, **more}
    return render(request, "coordination/people/form.html", context, status=422 if form.errors else 200)


def person_form_page(
    request: HttpRequest, actor: Actor, person: Named, form: forms.Form, heading: str, submit: str, **more: Any
) -> HttpResponse:
    """Return a form page under the person's banner."""
    more.setdefault("cancel_url", reverse("person", args=[person.pk]))
    return form_page(
        request, form, heading, submit, person=banner_of(actor, person), crumbs=crumbs_of(person, heading), **more
    )


def saved(request: HttpRequest, text: str, url: str) -> HttpResponse:
    """Say what was saved on the next page, and go there. The text waits in the session, so it names no person."""
    messages.success(request, text)
    return see_other(url)


def the_person(request: HttpRequest, actor: Actor, pk: UUID) -> Person:
    """Return a person in custody, locked when something is to be changed, or raise Http404."""
    access.require(actor.world is World.CUSTODY)
    person = access.lock_person(actor, pk) if request.method == "POST" else access.access_person(actor, pk)
    assert isinstance(person, Person)
    return person


def the_stay(request: HttpRequest, actor: Actor, person: Person) -> Stay:
    """Return the stay that is going on, locked when something is to be changed, or raise Http404. Lock the person first."""
    rows = Stay.objects.filter(agency_id=actor.agency_id, person=person, ended_at=None)
    return one_or_404(rows.select_for_update() if request.method == "POST" else rows)


def unit_by_key(units: Mapping[str, T], form: forms.Form) -> T:
    """Return the chosen unit; the form has checked that it is one of those offered."""
    return units[form.cleaned_data["unit"]]
