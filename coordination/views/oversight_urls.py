"""Doors: who saw what, reasons for opening, and emergency access."""

from django.urls import path

from coordination.views import openings, oversight

urlpatterns = [
    path("personvern/", oversight.access_reviews, name="access_reviews"),
    path("personvern/<slug:week>/", oversight.access_review, name="access_review"),
    path("personvern/<slug:week>/<slug:mark>/", oversight.access_line, name="access_line"),
    path("referanse/", oversight.reference_lookup, name="reference_lookup"),
    path("apning/<uuid:pk>/", openings.opening_reason, name="opening_reason"),
    path("nodtilgang/", openings.emergency_open, name="emergency_open"),
    path("nodtilgang/gjennomgang/", openings.emergency_list, name="emergency_list"),
    path("nodtilgang/gjennomgang/<uuid:pk>/", openings.emergency_review, name="emergency_review"),
]
