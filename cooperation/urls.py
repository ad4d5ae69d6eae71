"""The doors of this app."""

from django.urls import path

from cooperation import views

urlpatterns = [
    path("rapporter/", views.report_list, name="report_list"),
    path("rapporter/ny/", views.report_new, name="report_new"),
    path("rapporter/arbeid/<uuid:pk>/", views.report_progress, name="report_progress"),
    path("rapporter/<uuid:pk>/", views.report, name="report"),
    path("rapporter/<uuid:pk>/til-fengselet/", views.report_tell, name="report_tell"),
    path("rapporter/<uuid:pk>/pdf/", views.report_pdf, name="report_pdf"),
]
