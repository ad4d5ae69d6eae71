"""The doors of this app."""

from django.urls import path

from follow_up.views import courses, letters, records

urlpatterns = [
    path("helsetilsyn/", courses.supervision_list, name="supervision_list"),
    path("helsetilsyn/<uuid:pk>/", courses.supervision, name="supervision"),
    path("helsetilsyn/<uuid:pk>/gjort/", courses.visit_quick, name="visit_quick"),
    path("helsetilsyn/<uuid:pk>/nytt/", courses.visit_new, name="visit_new"),
    path("helsetilsyn/besok/<uuid:pk>/", records.visit, name="visit"),
    path("post/<uuid:letter_pk>/helsetilsyn/", courses.supervision_from_letter, name="supervision_from_letter"),
    path("post/<uuid:letter_pk>/besok/", courses.visit_for_letter, name="visit_for_letter"),
    path("post/<uuid:letter_pk>/pasient/", letters.patient_from_letter, name="patient_from_letter"),
    path("post/<uuid:letter_pk>/rad/", letters.advice_new, name="advice_new"),
    path("personer/<uuid:person_id>/innkomstkonsultasjon/", records.consultation_new, name="consultation_new"),
    path("innkomstkonsultasjoner/<uuid:pk>/", records.consultation, name="consultation"),
]
