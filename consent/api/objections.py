"""Objections for programs: those of one patient, a new one, and the end of one. Health only; holds no rule."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import path
from rest_framework import serializers

from consent import access, actions
from consent.api.consents import MOST, TAG, chosen
from consent.models import Objection, ObjectionOverride
from coordination.api.declared import Listing, Verb, door
from coordination.api.doors import among
from coordination.api.fields import Instant, RecordedLine, Words
from coordination.identity import Actor
from coordination.models.people import Named
from coordination.people.access import require


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


def _objections(actor: Actor, pk: UUID) -> QuerySet[Objection]:
    return access.objections_for(actor, access.access_subject(actor, pk).pk)


def _objecting(actor: Actor, pk: UUID) -> Named:
    person: Named = access.access_subject(actor, pk)
    access.objections_for(actor, person.pk)  # a prison keeps none
    return person


def _register(actor: Actor, person: Named, *, recipients: list[UUID], categories: list[str], **said: Any) -> Objection:
    whom = chosen(actor, recipients, categories, set(access.objectionable(actor)))
    return actions.register_objection(actor, person, **whom, **said)


def _lift(actor: Actor, row: Objection, *, note: str, at: datetime) -> Objection:
    if row.lifted_at is None:
        actions.lift_objection(actor, row, note=note, at=at)
    return row


def _overridable(actor: Actor, pk: UUID) -> Objection:
    require(actions.may_override(actor))
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
    path(
        "people/<uuid:pk>/objections/",
        door(
            TAG,
            get=Listing("list_objections", "Motsettelser fra en pasient", ObjectionLine, _objections),
            post=Verb(
                "register_objection",
                "Registrer en motsettelse",
                ObjectionLine,
                may=_objecting,
                do=_register,
                body=ObjectionBody,
                now="objected_at",
            ),
        ),
        name="api_objections",
    ),
    path(
        "objections/<uuid:pk>/lifting/",
        door(
            TAG,
            put=Verb(
                "lift_objection",
                "Trekk en motsettelse",
                ObjectionLine,
                may=access.access_objection,
                do=_lift,
                body=LiftingBody,
                more="Lift it; twice changes nothing, and the first note stands.",
            ),
        ),
        name="api_lift_objection",
    ),
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
