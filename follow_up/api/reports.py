"""Telling the prison of harm, and of what was found about a place, for programs. Words to weigh, never a decision. Holds no rule."""

from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent.api.letters import LetterLine
from coordination import clock
from coordination.api.doors import Door, actor_in, asked, does, given, key_in, lists
from coordination.api.fields import Instant, PageQuery, RecordedLine, Words
from follow_up import access
from follow_up.actions import reports
from follow_up.api.supervision import GROUNDS, TAG, at_course
from follow_up.letters import ASPECTS
from follow_up.models import HarmReport


class HarmReportBody(serializers.Serializer[Any]):
    """That there is harm, and what is advised. `observed` stays in the own record."""

    finding = serializers.ChoiceField(choices=HarmReport.Finding.values)
    advice = Words()
    observed = Words()
    call = Words(max_length=200)
    found_at = Instant(required=False, allow_null=True, default=None, help_text="Null: now.")
    basis = serializers.ChoiceField(choices=GROUNDS)
    consent = serializers.UUIDField(required=False, allow_null=True, default=None, help_text="With LB02.")
    necessity = Words(max_length=2000, help_text="With LB11, at least 20 characters.")


class HarmReportLine(RecordedLine):
    """A report of harm as the own record holds it."""

    course_id = serializers.UUIDField(allow_null=True)
    letter_id = serializers.UUIDField()
    finding = serializers.CharField()
    found_at = Instant()
    observed = serializers.CharField(allow_blank=True)
    decided_at = Instant(allow_null=True, help_text="When the prison's answer was seen.")


class FindingsReport(serializers.Serializer[Any]):
    """What was found about a place, as facts about nobody."""

    place = Words(max_length=200)
    aspects = serializers.ListField(child=serializers.ChoiceField(choices=list(ASPECTS)), max_length=len(ASPECTS))
    finding = Words()
    suggestion = Words()


class HarmReports(Door):
    """Reports of harm."""

    @lists("list_harm_reports", "Meldinger om skade, de nyeste først", HarmReportLine, tag=TAG)
    def get(self, request: Request) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        return self.page(request, access.harm_reports_for(actor), HarmReportLine)


class NewHarmReport(Door):
    """Reports of harm about one patient."""

    @does(
        "report_harm", "Meld skade til fengselet", HarmReportLine, body=HarmReportBody, status=201, keyed=True, tag=TAG
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Report it at once; a key seen before returns what it reported then."""
        actor = at_course(request, pk)
        key, body, at = key_in(request), given(request, HarmReportBody), clock.now()
        row = reports.report_harm(actor, pk, key=key, at=at, **{**body, "found_at": body["found_at"] or at})
        return Response(HarmReportLine(row).data, status=201)


class Findings(Door):
    """Findings about places in one prison."""

    @does(
        "report_findings", "Meld funn i omgivelsene", LetterLine, body=FindingsReport, status=201, keyed=True, tag=TAG
    )
    def post(self, request: Request, pk: UUID) -> Response:
        """Tell the prison; a key seen before sends nothing more."""
        actor = actor_in(request)
        access.require_clinician(actor)
        access.served_prison(actor, pk)
        key, body = key_in(request), given(request, FindingsReport)
        return Response(LetterLine(reports.report_environment(actor, pk, key=key, **body)).data, status=201)


urlpatterns = [
    path("harm-reports/", HarmReports.as_view(), name="api_harm_reports"),
    path("courses/<uuid:pk>/harm-reports/", NewHarmReport.as_view(), name="api_report_harm"),
    path("prisons/<uuid:pk>/findings/", Findings.as_view(), name="api_report_findings"),
]
