"""The doors of who follows up: propose the specialist service, put the agreement in force, take the patient back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.views.drafts import keeps_draft, kept
from coordination import clock
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.refusals import Refused
from coordination.views.answers import see_other
from coordination.views.people_common import conflict_page, saved
from follow_up import access
from follow_up.actions import transfers
from follow_up.forms.isolation import ProposeForm
from follow_up.supervision import telling
from follow_up.views.lock_in import course_form, the_course


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
@conflict_page
@keeps_draft(gettext_lazy("Forslag om oppfølging"))
def transfer_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Propose that the specialist service follows up."""
    actor, course = the_course(request, pk)
    form = kept(request, course.person, ProposeForm(request.POST if request.method == "POST" else None))
    return course_form(
        request,
        actor,
        course,
        form,
        lambda: transfers.propose(
            actor,
            pk,
            key=form.cleaned_data["key"],
            reason=form.cleaned_data["reason"],
            basis=form.cleaned_data["basis"],
            at=clock.now(),
        ),
        heading=_("Foreslå at spesialisthelsetjenesten følger opp"),
        submit=_("Send forslaget"),
        done=_("Forslaget er sendt. Kommunen har ansvaret til avtalen er i kraft."),
        lead=_(
            "Kommunen har ansvaret for tilsyn til spesialisthelsetjenesten har sagt ja og fengselet har fått beskjed."
        ),
    )


@require_http_methods(["POST"])
@conflict_page
def transfer_start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put an agreement in force; the prison is told in the same step."""
    return _turn(
        request,
        pk,
        transfers.put_in_force,
        _("Avtalen er i kraft. Fengselet og spesialisthelsetjenesten har fått beskjed."),
    )


@require_http_methods(["POST"])
@conflict_page
def transfer_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End an agreement: the municipality follows up again."""
    return _turn(request, pk, transfers.take_back, _("Avtalen er avsluttet. De andre har fått beskjed."))


@require_http_methods(["POST"])
@conflict_page
def trust_visit_tell(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell the prison of the trust's last visit."""
    actor, _course = the_course(request, pk)
    target = reverse("supervision", args=[pk])
    try:
        telling.pass_on(actor, pk, at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return see_other(target)
    return saved(request, _("Fengselet har fått tidspunktet."), target)


def _turn(request: HttpRequest, pk: UUID, verb: object, done: str) -> HttpResponse:
    actor = actor_of(request)
    row = access.access_transfer(actor, pk)
    target = reverse("supervision", args=[row.course_id])
    try:
        verb(actor, pk, at=clock.now())  # type: ignore[operator]
    except Refused as refused:
        messages.error(request, str(refused))
        return see_other(target)
    return saved(request, done, target)
