"""Objections for programs: those of one patient, a new one, and the end of one. Health only; holds no rule."""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from consent import access, actions
from consent.api.consents import MOST, TAG
from consent.models import Objection, ObjectionOverride
from coordination import clock
from coordination.api.declared import Verb, door
from coordination.api.doors import Door, actor_in, among, asked, does, given, key_in, lists
from coordination.api.fields import Instant, PageQuery, RecordedLine, Words
from coordination.identity import Actor


class ObjectionLine(serializers.Serializer[Objection]):
    """What a patient does not want shared. Empty lists mean everybody, everything."""

    id = serializers.UUIDField()
    person_id = serializers.UUIDField()
    recipients = serializers.ListField(child=serializers.UUIDField())
    categories = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    words = serializers.CharField(allow_blank=True)
    objected_at = Instant()
    lifted_at = Instant(allow_null=True)
    lifted_note = serializers.CharField(allow_blank=True)
    lifted_by = serializers.CharField(allow_blank=True)
    recorded_at = Instant()
    by_name = serializers.CharField()


class ObjectionBody(serializers.Serializer[Any]):
    """To whom, to what, and how it is known."""

    recipients = serializers.ListField(child=serializers.UUIDField(), max_length=MOST, required=False, default=list)
    categories = serializers.ListField(
        child=serializers.CharField(max_length=40), max_length=MOST, required=False, default=list
    )
    source = serializers.ChoiceField(choices=Objection.Source.values)  # type: ignore[assignment]  # a field of that name
    words = Words(max_length=500)
    objected_at = Instant(required=False, allow_null=True, default=None, help_text="Now, unless told.")


class LiftingBody(serializers.Serializer[Any]):
    """Why, in the patient's words; nobody must give a reason."""

    note = Words(max_length=300)


class Objections(Door):
    """The objections of one patient."""

    @lists("list_objections", "Motsettelser fra en pasient", ObjectionLine, tag=TAG)
    def get(self, request: Request, pk: UUID) -> Response:
        """Return a page."""
        actor = actor_in(request)
        asked(request, PageQuery)
        person = access.access_subject(actor, pk)
        return self.page(request, access.objections_for(actor, person.pk), ObjectionLine)

    @does(
        "register_objection", "Registrer en motsettelse", ObjectionLine, body=ObjectionBody, status=201, keyed=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, pk: UUID) -> Response:
        """Record an objection; a key seen before returns what it recorded then."""
        actor = actor_in(request)
        person = access.access_subject(actor, pk)
        access.objections_for(actor, person.pk)  # a prison keeps none
        key, body = key_in(request), given(request, ObjectionBody)
        near, known = {agency.pk for agency in access.correspondents(actor)}, set(access.objectionable(actor))
        at = clock.now()
        row = actions.register_objection(
            actor,
            person,
            key=key,
            recipients=[among(agency, near, "recipients") for agency in body["recipients"]],
            categories=[among(code, known, "categories") for code in body["categories"]],
            source=body["source"],
            words=body["words"],
            objected_at=body["objected_at"] or at,
            at=at,
        )
        return Response(ObjectionLine(row).data, status=201)


class Lifting(Door):
    """The end of an objection."""

    @does("lift_objection", "Trekk en motsettelse", ObjectionLine, body=LiftingBody, tag=TAG)
    def put(self, request: Request, pk: UUID) -> Response:
        """Lift it; twice changes nothing, and the first note stands."""
        actor = actor_in(request)
        row = access.access_objection(actor, pk)
        note = given(request, LiftingBody)["note"]
        if row.lifted_at is None:
            actions.lift_objection(actor, row, note=note, at=clock.now())
        return Response(ObjectionLine(row).data)


class OverrideBody(serializers.Serializer[Any]):
    """Which one letter must go all the same, to whom, and the weighty reasons."""

    recipient = serializers.UUIDField()
    kind = serializers.CharField(max_length=40, help_text="Of letter.")
    ground = serializers.ChoiceField(choices=ObjectionOverride.Ground.values)
    reason = Words(max_length=4000)


class OverrideLine(RecordedLine):
    """The decision: one letter may rest on it."""

    objection_id = serializers.UUIDField()
    recipient_id = serializers.UUIDField()
    kind = serializers.CharField()
    ground = serializers.CharField()
    reason = serializers.CharField()


def _overridable(actor: Actor, pk: UUID) -> Objection:
    if not actions.may_override(actor):
        raise Http404
    return access.access_objection(actor, pk)


def _override(actor: Actor, row: Objection, *, recipient: UUID, kind: str, **said: Any) -> ObjectionOverride:
    kinds, partners = access.overridable(actor, row)
    near = {agency.pk: agency for agency in partners}
    return actions.override_objection(
        actor,
        row,
        recipient=near[among(recipient, near, "recipient")],
        kind=among(kind, {one.code for one in kinds}, "kind"),
        **said,
    )


urlpatterns = [
    path("people/<uuid:pk>/objections/", Objections.as_view(), name="api_objections"),
    path("objections/<uuid:pk>/lifting/", Lifting.as_view(), name="api_lift_objection"),
    path(
        "objections/<uuid:pk>/overrides/",
        door(
            TAG,
            post=Verb(
                "override_objection",
                "Sett en motsettelse til side for ett brev",
                OverrideLine,
                may=_overridable,
                do=_override,
                body=OverrideBody,
            ),
        ),
        name="api_override_objection",
    ),
]
