"""The API: one address per list and verb. Composes the routers of the apps; holds no rule."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
