"""Releases ahead for programs: the list, the notice to the health service, and the plan. The date is the stay's. Holds no rule."""

from datetime import date
from typing import Any
from uuid import UUID

from django.urls import path
from rest_framework import serializers

from coordination.api.declared import Listing, Reading, Verb, door
from coordination.api.fields import Day, Instant, PageQuery, PersonPart, RecordedLine, Version, Words
from coordination.identity import Actor
from coordination.people.access import require
from release_planning import access, actions
from release_planning.models import LateReason, NoticeStatus, Partner, ReleaseKind, ReleasePlan

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


def _releases(actor: Actor, *, until: date | None = None) -> Any:
    require(access.may_read(actor))
    rows: Any = access.plans_for(actor)
    return rows.filter(stay__expected_release_on__lte=until) if until else rows


class NoticeBody(serializers.Serializer[Any]):
    """What the health service is told. Less than two calendar months ahead it must be said why it comes late."""

    expected_release_on = Day(help_text="As the sender sees it; another date by now gives 409.")
    status = serializers.ChoiceField(choices=[c for c in NoticeStatus.values if c != NoticeStatus.REMAND])
    late_reason = serializers.ChoiceField(choices=LateReason.values, required=False, allow_blank=True, default="")
    note = Words(max_length=2000)
    necessity = Words(max_length=2000)
    inmate_informed = serializers.BooleanField(required=False, default=False)


class NoticeLine(RecordedLine):
    """That the health service was told."""

    letter_id = serializers.UUIDField()
    told_on = serializers.DateField(help_text="The date of release that was told.")
    status = serializers.CharField()
    late_reason = serializers.CharField(allow_blank=True)


class CooperationBody(serializers.Serializer[Any]):
    """How the person is to be released, with whom it is planned, and the first contact."""

    kind = serializers.ChoiceField(choices=ReleaseKind.values)
    partners = serializers.ListField(
        child=serializers.ChoiceField(choices=Partner.values), max_length=len(Partner.values)
    )
    first_contact = Words(max_length=2000)
    version = Version(help_text="Of the plan.")


class ReleasePlanLine(serializers.Serializer[ReleasePlan]):
    """The plan of a release."""

    stay_id = serializers.UUIDField()
    kind = serializers.CharField()
    partners = serializers.ListField(child=serializers.CharField())
    first_contact = serializers.CharField(allow_blank=True)
    started_at = Instant(allow_null=True)
    started_by_name = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()


class RemandBody(serializers.Serializer[Any]):
    """Whether the health service is told at once of a release from remand, and why or why not. A yes needs the necessity as well."""

    release_on = Day()
    notify = serializers.BooleanField()
    reason = Words(max_length=2000, help_text="Stays in the prison. No health information.")
    necessity = Words(max_length=2000, help_text="Stands in the letter.")
    inmate_informed = serializers.BooleanField(required=False, default=False)


class RemandLine(RecordedLine):
    """The decision, with the letter where one was sent."""

    stay_id = serializers.UUIDField()
    release_on = serializers.DateField()
    notify = serializers.BooleanField()
    reason = serializers.CharField()
    letter_id = serializers.UUIDField(allow_null=True)


def _teller(actor: Actor, pk: UUID) -> ReleasePlan:
    require(access.may_send(actor))
    return access.access_plan(actor, pk)


def _start(actor: Actor, plan: ReleasePlan, **said: Any) -> ReleasePlan:
    actions.start_cooperation(actor, plan, **said)
    return access.access_plan(actor, plan.stay_id)


urlpatterns = [
    path(
        "release-dates/",
        door(TAG, get=Listing("list_release_dates", "Løslatelser framover", ReleaseLine, _releases, ReleaseQuery)),
        name="api_release_dates",
    ),
    path(
        "people/<uuid:pk>/release-notices/",
        door(
            TAG,
            post=Verb(
                "tell_of_release",
                "Varsle helsetjenesten om løslatelse",
                NoticeLine,
                may=_teller,
                do=actions.send_notice,
                body=NoticeBody,
            ),
        ),
        name="api_tell_of_release",
    ),
    path(
        "people/<uuid:pk>/release-plan/",
        door(
            TAG,
            get=Reading("get_release_plan", "Planen for løslatelse", ReleasePlanLine, access.access_plan),
            put=Verb(
                "plan_release",
                "Registrer samarbeid om løslatelse",
                ReleasePlanLine,
                may=_teller,
                do=_start,
                body=CooperationBody,
            ),
        ),
        name="api_release_plan",
    ),
    path(
        "people/<uuid:pk>/remand-assessments/",
        door(
            TAG,
            post=Verb(
                "assess_remand_release",
                "Vurder varsel ved løslatelse fra varetekt",
                RemandLine,
                may=access.access_remand_stay,
                do=actions.assess_remand_release,
                body=RemandBody,
            ),
        ),
        name="api_assess_remand_release",
    ),
]
