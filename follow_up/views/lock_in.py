"""The doors about patients locked in: supervision or not, the doctor's plan, motivation. What they decide is when health comes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Role
from coordination.page_frame import in_menu
from coordination.views.people_common import conflict_page, run, saved
from follow_up import access
from follow_up.actions import lock_in
from follow_up.forms.isolation import ConsiderForm, MotivationForm, PlanForm
from follow_up.models import SupervisionCourse
from follow_up.views.common import page


def course_form(
    request: HttpRequest,
    actor: Actor,
    course: SupervisionCourse,
    form: forms.Form,
    verb: Callable[[], object],
    *,
    heading: str,
    submit: str,
    done: str,
    lead: str = "",
    **more: Any,
) -> HttpResponse:
    """Show a form about a course; by POST, run its verb and go back to the course with a message."""
    target = reverse("supervision", args=[course.pk])
    if request.method == "POST" and form.is_valid() and run(form, verb) is not None:
        return saved(request, done, target)
    return page(
        request,
        "follow_up/course_form.html",
        actor,
        course.person,
        heading,
        form=form,
        submit_label=submit,
        lead=lead,
        **(more | {"cancel_url": target}),
    )


def the_course(request: HttpRequest, pk: UUID) -> tuple[Actor, SupervisionCourse]:
    """Return who acts and the course, for doors of health personnel. Raises Http404."""
    actor = actor_of(request)
    access.require_clinician(actor)
    return actor, access.access_course(actor, pk)


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
@conflict_page
def supervision_consider(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record whether somebody isolated without a decision gets supervision, and why."""
    actor, course = the_course(request, pk)
    form = ConsiderForm(request.POST if request.method == "POST" else None)
    return course_form(
        request,
        actor,
        course,
        form,
        lambda: lock_in.consider(
            actor,
            pk,
            key=form.cleaned_data["key"],
            supervise=form.cleaned_data["supervise"],
            reason=form.cleaned_data["reason"],
            at=clock.now(),
        ),
        heading=_("Vurder tilsyn"),
        submit=_("Lagre vurderingen"),
        done=_("Vurderingen er lagret."),
        lead=_("Pasienten er isolert uten vedtak. Dere vurderer bare om helsepersonell skal komme."),
    )


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
@conflict_page
def frequency_plan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a doctor plan how often health personnel come."""
    actor, course = the_course(request, pk)
    if not actor.has_role(Role.PRISON_DOCTOR):
        raise Http404
    form = PlanForm(request.POST if request.method == "POST" else None)
    return course_form(
        request,
        actor,
        course,
        form,
        lambda: lock_in.plan_frequency(
            actor, pk, at=clock.now(), **{name: form.cleaned_data[name] for name in PlanForm.base_fields}
        ),
        heading=_("Plan for tilsyn"),
        submit=_("Lagre planen"),
        done=_("Planen er lagret. Den gås gjennom om en uke."),
        lead=_("Planen styrer når neste tilsyn vises. Den er faglig råd til eget team, ikke en frist som kan brytes."),
    )


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
@conflict_page
def motivation_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Record that a self-isolating patient was motivated or informed."""
    actor, course = the_course(request, pk)
    at = clock.now()
    form = MotivationForm(request.POST if request.method == "POST" else None)
    return course_form(
        request,
        actor,
        course,
        form,
        lambda: lock_in.motivate(
            actor,
            pk,
            key=form.cleaned_data["key"],
            kind=form.cleaned_data["kind"],
            note=form.cleaned_data["note"],
            done_at=form.cleaned_data["done_at"] or at,
            at=at,
        ),
        heading=_("Motivasjon og informasjon"),
        submit=_("Lagre samtalen"),
        done=_("Samtalen er lagret."),
        lead=_("Før hva dere har gjort for å motivere til samvær, og at pasienten er informert om mulige skader."),
    )
