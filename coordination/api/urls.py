"""The API: one address per list and verb. Composes the addresses of the apps; holds no rule."""

from typing import NoReturn

from django.http import Http404
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from coordination.api import attention, people, registering, schema, stays
from coordination.api.doors import Door


@extend_schema(exclude=True)
class Nothing(Door):
    """Every address that is none: the same answer as for a row that is hidden or absent."""

    def get(self, request: Request, rest: str) -> NoReturn:
        """Say that there is nothing."""
        raise Http404

    post = put = patch = delete = get


urlpatterns: list[URLPattern | URLResolver] = [
    *registering.urlpatterns,
    *people.urlpatterns,
    *stays.urlpatterns,
    *attention.urlpatterns,
    path("", include("consent.api")),
    path("", include("intake.api")),
    path("", include("isolation.api")),
    path("", include("follow_up.api")),
    path("", include("referrals.api")),
    path("", include("release_planning.api")),
    path("", include("recovery_units.api")),
    path("", include("cooperation.api")),
    path("schema/", schema.Schema.as_view(), name="api_schema"),
    path("docs/", schema.docs, name="api_docs"),
    path("<path:rest>", Nothing.as_view(), name="api_nothing"),
]
