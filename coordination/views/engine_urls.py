"""Doors: engine."""

from django.urls import path

from coordination.views import engine

urlpatterns = [
    path("varsler/", engine.alerts, name="alerts"),
    path("healthz", engine.healthz, name="healthz"),
    path("healthz/deadlines", engine.healthz_deadlines, name="healthz_deadlines"),
]
