"""Doors: the question why before somebody without a task is opened, and emergency access with its review."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.formats import datetime_no
from coordination.forms.oversight import EmergencyForm, EmergencyReviewForm, ReasonForm
from coordination.middleware import actor_of
from coordination.models.deadlines import Strength
from coordination.oversight import openings
from coordination.page_frame import in_menu
from coordination.people import access
from coordination.views.door.session import safe_page
from coordination.views.people_common import conflict_page, crumbs_of, form_page, run, saved
from coordination.worlds import Reach


@require_http_methods(["GET", "POST"])
@in_menu("people")
def opening_reason(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask why, and then open what was asked for. Tells nothing of the person but that one may ask."""
    actor = actor_of(request)
    if actor.world not in openings.OPENINGS or actor.reach not in {Reach.AGENCY, Reach.UNIT}:
        raise Http404
    access.access_person(actor, pk)
    onward = safe_page(request, request.GET.get("next", "")) or reverse("person", args=[pk])
    form = ReasonForm(request.POST or None)
    valid = request.method == "POST" and form.is_valid()
    if valid and run(form, lambda: openings.give_reason(actor, pk, **form.cleaned_data, at=clock.now())):
        return saved(request, _("Grunnen er lagret og gjelder i tolv timer."), onward)
    return form_page(
        request,
        form,
        _("Hvorfor åpner du denne?"),
        _("Lagre og åpne"),
        cancel_url=reverse("people"),
        lead=_(
            "Personen er ikke her nå, og det er ikke noe som skal gjøres. Da spør vi hvorfor. Svaret står i loggen."
        ),
    )


@require_http_methods(["GET", "POST"])
@in_menu("people")
def emergency_open(request: HttpRequest) -> HttpResponse:
    """Open one more patient of the own service for four hours, when it cannot wait."""
    actor = actor_of(request)
    if not openings.may_open_in_emergency(actor):
        raise Http404
    form = EmergencyForm(request.POST or None)
    found: list[Any] = []
    valid = request.method == "POST" and form.is_valid()
    # What the verb returns is kept apart: nobody found is an answer, and the attempt stays in the log.
    if valid and run(
        form, lambda: found.append(openings.open_in_emergency(actor, **form.cleaned_data, at=clock.now()))
    ):
        if found[0] is not None:
            patient = reverse("person", args=[found[0].person_id])
            return saved(request, _("Du har nødtilgang i fire timer. Lederen din er varslet."), patient)
        form.add_error(
            None, _("Fant ikke én pasient her med disse opplysningene. Kontroller dem, eller bruk fødselsnummeret.")
        )
    return form_page(
        request,
        form,
        _("Nødtilgang"),
        _("Åpne pasienten"),
        cancel_url=reverse("people"),
        lead=_("For én pasient i egen tjeneste, når hjelpen ikke kan vente."),
        notes=[
            _("Tilgangen varer i fire timer og slutter av seg selv."),
            _("Lederen din varsles med en gang og skal gå gjennom den."),
            _("Den står i pasientens tidslinje og i loggen."),
        ],
    )


@require_http_methods(["GET"])
@in_menu("emergencies")
def emergency_list(request: HttpRequest) -> HttpResponse:
    """Show emergency openings to the one who reviews them: those that wait, and the newest."""
    rows = [
        {"opening": row, "due_at": openings.review_due(row)} for row in openings.emergencies_for(actor_of(request))[:50]
    ]
    return render(request, "coordination/oversight/emergencies.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@in_menu("emergencies")
@conflict_page
def emergency_review(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one emergency opening, and take what the review came to."""
    actor = actor_of(request)
    row, at = openings.access_emergency(actor, pk), clock.now()
    form = EmergencyReviewForm(request.POST or None)
    valid = request.method == "POST" and form.is_valid()
    if valid and run(form, lambda: openings.review_emergency(actor, pk, **form.cleaned_data, at=at)):
        return saved(request, _("Gjennomgangen er lagret."), reverse("emergency_list"))
    facts: list[dict[str, Any]] = [
        {"label": _("Åpnet av"), "value": row.by_name},
        {"label": _("Åpnet"), "value": datetime_no(row.recorded_at)},
        {
            "label": _("Sluttet") if row.valid_until <= at else _("Slutter"),
            "value": datetime_no(row.valid_until),
        },
        {"label": _("Grunn"), "value": row.get_code_display()},
        {"label": _("Begrunnelse"), "value": linebreaksbr(row.text)},
    ]
    if row.reviewed_at is None:
        facts.append({"label": _("Gjennomgås innen"), "due_at": openings.review_due(row), "strength": Strength.MUST})
    context = {
        "form": form,
        "row": row,
        "facts": facts,
        "crumbs": crumbs_of(row.person, _("Nødtilgang")),
        "heading": _("Nødtilgang"),
    }
    return render(request, "coordination/oversight/emergency.html", context, status=422 if form.errors else 200)
