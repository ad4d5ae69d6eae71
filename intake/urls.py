"""The doors of this app."""

from django.urls import path

from intake.views import contact, interviews, mappings, plans

urlpatterns = [
    path("personer/<uuid:person_id>/innkomstsamtale/", interviews.intake_interview, name="intake_interview"),
    path("opphold/<uuid:stay_id>/innkomstsamtale/", interviews.intake_for_stay, name="intake_for_stay"),
    path("innkomstsamtaler/<uuid:pk>/", interviews.intake_receipt, name="intake_receipt"),
    path("personer/<uuid:person_id>/kontakt-helsetjenesten/", contact.health_contact, name="health_contact"),
    path("helselapp/<slug:language>/", contact.health_slip_pdf, name="health_slip_pdf"),
    path("helsekontakter/<uuid:pk>/", contact.health_contact_receipt, name="health_contact_receipt"),
    path("opphold/<uuid:stay_id>/tiltaksplan/", plans.action_plan_decide, name="action_plan_decide"),
    path("opphold/<uuid:stay_id>/behovskartlegging/", mappings.mapping_offer, name="mapping_offer"),
    path("behovskartlegginger/<uuid:pk>/", mappings.mapping, name="mapping"),
    path("tiltaksplaner/<uuid:pk>/", plans.action_plan, name="action_plan"),
]
