"""Telling the prison of harm, and of what was found about a place, for programs. Words to weigh, never a decision. Holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from consent.api.letters import LetterLine
from consent.models import Letter
from coordination.api.declared import Listing, Verb, door
from coordination.api.fields import Instant, RecordedLine, Words
from coordination.identity import Actor
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


def _prison(actor: Actor, pk: UUID) -> UUID:
    access.require_clinician(actor)
    access.served_prison(actor, pk)
    return pk


def _tell(actor: Actor, prison: UUID, *, at: datetime, **said: Any) -> Letter:
    return reports.report_environment(actor, prison, **said)


urlpatterns = [
    path(
        "harm-reports/",
        door(
            TAG,
            get=Listing(
                "list_harm_reports", "Meldinger om skade, de nyeste først", HarmReportLine, access.harm_reports_for
            ),
        ),
        name="api_harm_reports",
    ),
    path(
        "courses/<uuid:pk>/harm-reports/",
        door(
            TAG,
            post=Verb(
                "report_harm",
                "Meld skade til fengselet",
                HarmReportLine,
                may=at_course,
                do=reports.report_harm,
                body=HarmReportBody,
                now="found_at",
                more="Report it at once.",
            ),
        ),
        name="api_report_harm",
    ),
    path(
        "prisons/<uuid:pk>/findings/",
        door(
            TAG,
            post=Verb(
                "report_findings",
                "Meld funn i omgivelsene",
                LetterLine,
                may=_prison,
                do=_tell,
                body=FindingsReport,
            ),
        ),
        name="api_report_findings",
    ),
]
