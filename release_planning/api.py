"""Releases ahead for programs. The date itself is the stay's and is set there. Holds no rule."""

from typing import Any

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coordination.api.doors import Door, actor_in, asked, lists
from coordination.api.fields import Day, Instant, PageQuery, PersonPart
from release_planning import access
from release_planning.models import ReleasePlan

TAG = "Løslatelse"


class ReleaseLine(serializers.Serializer[ReleasePlan]):
    """One release ahead; `notice_due_at` is set while the health service must be told (again)."""

    stay_id = serializers.UUIDField()
    person = PersonPart()
    legal_status = serializers.CharField(source="stay.legal_status")
    expected_release_on = serializers.DateField(source="stay.expected_release_on")
    kind = serializers.CharField()
    notice_due_at = Instant(allow_null=True)
    cooperation_started_at = Instant(source="started_at", allow_null=True)
    stay_version = serializers.IntegerField(source="stay.version")


class ReleaseQuery(PageQuery):
    """Which releases."""

    until = Day(required=False)


class ReleaseDates(Door):
    """The releases ahead."""

    @lists("list_release_dates", "Løslatelser framover", ReleaseLine, query=ReleaseQuery, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor, query = actor_in(request), asked(request, ReleaseQuery)
        if not access.may_read(actor):
            raise Http404
        rows: Any = access.plans_for(actor)
        if "until" in query:
            rows = rows.filter(stay__expected_release_on__lte=query["until"])
        return self.page(request, rows, ReleaseLine)


urlpatterns = [path("release-dates/", ReleaseDates.as_view(), name="api_release_dates")]
