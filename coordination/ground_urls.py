"""The doors of the ground floor, by noun."""

from django.urls import include, path

urlpatterns = [
    path("", include("coordination.views.door_urls")),
    path("", include("coordination.views.people_urls")),
    path("", include("coordination.views.engine_urls")),
    path("", include("coordination.views.oversight_urls")),
    path("", include("coordination.views.retention_urls")),
]
