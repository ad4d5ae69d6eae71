"""The doors from a letter of the prison: whose it is, and advice in reply."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from consent.access import letters_for
from consent.documents import offer_rows
from consent.letters import DANGER_BASES, day_in
from consent.models import Letter
from consent.views.drafts import keeps_draft, kept
from coordination import clock, step_up
from coordination.middleware import actor_of
from coordination.page_frame import in_menu
from coordination.views.answers import see_other
from coordination.views.people_common import run, saved
from follow_up import access, actions
from follow_up.forms import AdviceForm, PatientForm
from follow_up.letters import HEALTH_ADVICE
from follow_up.views.common import page


@require_http_methods(["GET", "POST"])
@in_menu("inbox")
def patient_from_letter(request: HttpRequest, letter_pk: UUID) -> HttpResponse:
    """Say whom a letter is about: a patient known from before, or a new one made from the letter."""
    actor = actor_of(request)
    letter = access.letter_from_prison(actor, letter_pk)
    if letter.person_id is not None:
        return see_other(reverse("letter", args=[letter.pk]))
    known = access.known_as(actor, letter)
    certain = bool(known) and access.has_number(known[0], str(letter.body.get("national_id") or ""))
    form = PatientForm(request.POST if request.method == "POST" else None, known=known, certain=certain)
    if request.method == "POST" and form.is_valid():
        choice = form.cleaned_data["patient"]
        chosen = None if choice == "new" else UUID(choice)
        patient = run(form, lambda: actions.take_on(actor, letter.pk, patient_id=chosen, at=clock.now()))
        if patient is not None:
            text = _("Brevet er knyttet til pasienten og kvittert.")
            course = access.course_of_thread(actor, letter.thread_id)
            target = reverse("supervision", args=[course.pk]) if course else reverse("person", args=[patient.pk])
            return saved(request, text, target)
    body = letter.body
    rows = [
        {"label": _("Etternavn"), "value": body.get("family_name")},
        {"label": _("Fornavn"), "value": body.get("given_name")},
        {"label": _("Fødselsdato"), "value": day_in(body.get("birth_date"))},
        {"label": _("Fengsel"), "value": letter.other_agency.name},
        {"label": _("Celle"), "value": body.get("cell")},
    ]
    return page(
        request,
        "follow_up/patient.html",
        actor,
        None,
        _("Opprett pasient"),
        form=form,
        rows=rows,
        known=known,
        certain=certain,
        letter_url=reverse("letter", args=[letter.pk]),
    )


@require_http_methods(["GET", "POST"])
@in_menu("supervision")
@keeps_draft(gettext_lazy("Råd til fengselet"))
def advice_new(request: HttpRequest, letter_pk: UUID) -> HttpResponse:
    """Advise the prison in reply to its letter."""
    actor = actor_of(request)
    letter = access.letter_from_prison(actor, letter_pk)
    if letter.person_id is None:
        raise Http404
    at = clock.now()
    patient = access.patient_or_404(actor, letter.person_id)
    consents = access.consents_to_tell(actor, HEALTH_ADVICE, patient.pk, letter.other_agency_id, at)
    form = AdviceForm(request.POST if request.method == "POST" else None, letter=letter, consents=consents)
    form = kept(request, patient, form)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        basis, consent = form.ground()
        if basis in DANGER_BASES:
            step_up.require(request)
        row = run(
            form,
            lambda: actions.send_advice(
                actor,
                letter,
                key=data["key"],
                advice=data["advice"],
                recommend=data["recommend"],
                basis=basis,
                consent=UUID(consent) if consent else None,
                necessity=data["necessity"],
                at=at,
            ),
        )
        if row is not None:
            sent = letters_for(actor).filter(letter_id=row.letter_id, direction=Letter.Direction.OUT).get()
            return saved(
                request, _("Rådet er sendt. Fengselet skal svare innen ett døgn."), reverse("letter", args=[sent.pk])
            )
    return page(
        request,
        "follow_up/advice_new.html",
        actor,
        patient,
        _("Gi råd til fengselet"),
        form=form,
        recipient_name=letter.other_agency.name,
        recipient_kind=letter.other_agency.world,
        letter_url=reverse("letter", args=[letter.pk]),
        offers=offer_rows(access.grounds_of_advice(actor, letter, patient.pk, at)),
        cancel_url=reverse("letter", args=[letter.pk]),
    )
