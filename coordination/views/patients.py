"""Doors: correct who a health service's patient is. Asks who acts, calls the verb and answers; the verb decides."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock
from coordination.forms.patients import EditPatientForm
from coordination.identity import Actor
from coordination.middleware import actor_of
from coordination.models import Patient
from coordination.page_frame import in_menu
from coordination.people import access, patients
from coordination.views.people_common import conflict_page, person_form_page, run, saved
from coordination.views.people_verbs import warn_of_mismatch


@require_http_methods(["GET", "POST"])
@in_menu("people")
@conflict_page
def edit_patient(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct who a patient is and where to find them."""
    actor = actor_of(request)
    access.require(patients.may_edit(actor))
    patient = _patient(actor, pk)
    form = EditPatientForm(request.POST or None, patient=patient, prisons=patients.prisons_for(actor, patient))
    if request.method == "POST" and form.is_valid():
        facts = dict(form.cleaned_data)
        version = facts.pop("version")
        at = clock.now()
        # In a tuple: that nothing differed is no refusal.
        done = run(form, lambda: (patients.edit_patient(actor, pk, version=version, at=at, **facts),))
        if done is not None:
            warn_of_mismatch(request, form)
            text = _("Opplysningene er lagret.") if done[0] else _("Ingenting var endret.")
            return saved(request, text, reverse("person", args=[pk]))
        patient = _patient(actor, pk)
    lead = _("Brev som er sendt og mottatt, endres ikke.")
    return person_form_page(request, actor, patient, form, _("Endre opplysninger"), _("Lagre opplysningene"), lead=lead)


def _patient(actor: Actor, pk: UUID) -> Patient:
    patient = access.access_person(actor, pk)
    assert isinstance(patient, Patient)
    return patient
