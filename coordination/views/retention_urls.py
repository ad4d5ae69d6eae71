"""Doors: how long the agency keeps what, and holds."""

from django.urls import path

from coordination.views import retention

urlpatterns = [
    path("oppbevaring/", retention.overview, name="retention"),
    path("oppbevaring/hvor-lenge/", retention.decide, name="retention_decide"),
    path("oppbevaring/stans/<uuid:pk>/", retention.hold_lift, name="hold_lift"),
    path("personer/<uuid:pk>/stans-sletting/", retention.hold_new, name="hold_new"),
]
