"""The doors of this app."""

from django.urls import path

from cooperation.views import reports

urlpatterns = [
    path("rapporter/", reports.report_list, name="report_list"),
    path("rapporter/ny/", reports.report_new, name="report_new"),
    path("rapporter/arbeid/<uuid:pk>/", reports.report_progress, name="report_progress"),
    path("rapporter/<uuid:pk>/", reports.report, name="report"),
    path("rapporter/<uuid:pk>/til-fengselet/", reports.report_tell, name="report_tell"),
    path("rapporter/<uuid:pk>/pdf/", reports.report_pdf, name="report_pdf"),
]
