"""The doors of this app."""

from django.urls import path

from recovery_units import views

urlpatterns = [
    path("rusmestring/", views.recovery_list, name="recovery_list"),
    path("opphold/<uuid:stay_id>/rusmestring/", views.recovery_offer, name="recovery_offer"),
    path("rusmestring/<uuid:pk>/", views.recovery_application, name="recovery_application"),
    path("rusmestring/<uuid:pk>/plass/", views.recovery_place, name="recovery_place"),
    path("rusmestring/<uuid:pk>/avgjorelse/", views.recovery_decide, name="recovery_decide"),
    path("rusmestring/<uuid:pk>/trekk/", views.recovery_withdraw, name="recovery_withdraw"),
]
