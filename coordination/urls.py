"""The roof: which door leads where. Composes; holds no rule."""

from django.urls import include, path

urlpatterns = [
    path("", include("coordination.ground_urls")),
    path("", include("consent.urls")),
    path("", include("intake.urls")),
    path("", include("isolation.urls")),
    path("", include("follow_up.urls")),
    path("", include("referrals.urls")),
    path("", include("release_planning.urls")),
    path("", include("recovery_units.urls")),
    path("", include("cooperation.urls")),
    path("api/v1/", include("coordination.api.urls")),
]
