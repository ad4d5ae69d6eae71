"""The doors of this app."""

from django.urls import path

from intake import views

urlpatterns = [
    path("personer/<uuid:person_id>/innkomstsamtale/", views.intake_interview, name="intake_interview"),
    path("opphold/<uuid:stay_id>/innkomstsamtale/", views.intake_for_stay, name="intake_for_stay"),
    path("innkomstsamtaler/<uuid:pk>/", views.intake_receipt, name="intake_receipt"),
    path("personer/<uuid:person_id>/kontakt-helsetjenesten/", views.health_contact, name="health_contact"),
    path("helselapp/<slug:language>/", views.health_slip_pdf, name="health_slip_pdf"),
    path("helsekontakter/<uuid:pk>/", views.health_contact_receipt, name="health_contact_receipt"),
    path("opphold/<uuid:stay_id>/tiltaksplan/", views.action_plan_decide, name="action_plan_decide"),
    path("opphold/<uuid:stay_id>/behovskartlegging/", views.mapping_offer, name="mapping_offer"),
    path("behovskartlegginger/<uuid:pk>/", views.mapping, name="mapping"),
    path("tiltaksplaner/<uuid:pk>/", views.action_plan, name="action_plan"),
]
