"""The doors of this app."""

from django.urls import path

from follow_up.views import courses, letters, lock_in, papers, records, reports, specialist, transfers

urlpatterns = [
    path("helsetilsyn/", courses.supervision_list, name="supervision_list"),
    path("helsetilsyn/<uuid:pk>/", courses.supervision, name="supervision"),
    path("helsetilsyn/<uuid:pk>/gjort/", courses.visit_quick, name="visit_quick"),
    path("helsetilsyn/<uuid:pk>/nytt/", courses.visit_new, name="visit_new"),
    path("helsetilsyn/<uuid:pk>/vurder/", lock_in.supervision_consider, name="supervision_consider"),
    path("helsetilsyn/<uuid:pk>/plan/", lock_in.frequency_plan, name="frequency_plan"),
    path("helsetilsyn/<uuid:pk>/motivasjon/", lock_in.motivation_new, name="motivation_new"),
    path("helsetilsyn/<uuid:pk>/skade/", reports.harm_new, name="harm_new"),
    path("helsetilsyn/<uuid:pk>/spesialist/", transfers.transfer_new, name="transfer_new"),
    path("helsetilsyn/<uuid:pk>/spesialist/tilsyn/", transfers.trust_visit_tell, name="trust_visit_tell"),
    path("helsetilsyn/<uuid:pk>/journal/", papers.supervision_pdf, name="supervision_pdf"),
    path("helsetilsyn/spesialist/<uuid:pk>/start/", transfers.transfer_start, name="transfer_start"),
    path("helsetilsyn/spesialist/<uuid:pk>/slutt/", transfers.transfer_end, name="transfer_end"),
    path("helsetilsyn/skade/<uuid:pk>/", reports.harm_report, name="harm_report"),
    path("helsetilsyn/besok/<uuid:pk>/", records.visit, name="visit"),
    path("post/<uuid:letter_pk>/helsetilsyn/", courses.supervision_from_letter, name="supervision_from_letter"),
    path("post/<uuid:letter_pk>/besok/", courses.visit_for_letter, name="visit_for_letter"),
    path("post/<uuid:letter_pk>/pasient/", letters.patient_from_letter, name="patient_from_letter"),
    path("post/<uuid:letter_pk>/rad/", letters.advice_new, name="advice_new"),
    path("personer/<uuid:person_id>/innkomstkonsultasjon/", records.consultation_new, name="consultation_new"),
    path("innkomstkonsultasjoner/<uuid:pk>/", records.consultation, name="consultation"),
    path("omgivelser/", reports.environment_list, name="environment_list"),
    path("omgivelser/nytt/", reports.environment_new, name="environment_new"),
    path("oppfolging/", specialist.specialist_list, name="specialist_list"),
    path("oppfolging/brev/<uuid:letter_pk>/", specialist.specialist_proposal, name="specialist_proposal"),
    path("oppfolging/<uuid:pk>/", specialist.specialist_course, name="specialist_course"),
    path("oppfolging/<uuid:pk>/tilsyn/", specialist.specialist_visit, name="specialist_visit"),
]
