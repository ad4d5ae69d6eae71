"""The flag "needs extra attention" for programs: read, raised by staff, kept and lifted. Holds no rule."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from coordination.api.declared import Reading, Verb, door
from coordination.api.fields import Day, Instant, RecordedLine, Version, Words
from coordination.forms.attention import BY_HAND
from coordination.identity import Actor
from coordination.models import Attention, Person, StaleWrite
from coordination.people import access, attention
from coordination.worlds import World

TAG = "Ekstra oppmerksomhet"


class AttentionReasonPart(serializers.Serializer[Any]):
    """One reason. Without a criterion somebody looked at the flag again and kept it."""

    criterion = serializers.CharField(allow_blank=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    note = serializers.CharField(allow_blank=True)
    recorded_at = Instant()
    by_name = serializers.CharField()


class AttentionLine(RecordedLine):
    """A flag and why it stands, or why it was lifted."""

    raised_at = Instant()
    review_on = serializers.DateField()
    reasons = serializers.SerializerMethodField()
    lifted_at = Instant(allow_null=True)
    lifted_by_name = serializers.CharField(allow_blank=True)
    lift_reason = serializers.CharField(allow_blank=True)
    version = serializers.IntegerField()

    @extend_schema_field(AttentionReasonPart(many=True))
    def get_reasons(self, flag: Attention) -> list[dict[str, Any]]:
        """Return the reasons, oldest first."""
        return [AttentionReasonPart(row).data for row in attention.reasons_of([flag]).get(flag.pk, [])]


class AttentionBody(serializers.Serializer[Any]):
    """What staff saw. Never a diagnosis, and nothing that health personnel told."""

    criteria = serializers.ListField(
        child=serializers.ChoiceField(choices=[code for code, _word in BY_HAND]), max_length=len(BY_HAND)
    )
    note = Words(max_length=2000)


class KeepBody(serializers.Serializer[Any]):
    """Why the flag still stands, and until when."""

    note = Words(max_length=2000)
    review_on = Day()
    version = Version(help_text="Of the flag.")


class LiftBody(serializers.Serializer[Any]):
    """Why the flag is lifted."""

    reason = Words(max_length=2000)


def _person(actor: Actor, pk: UUID) -> Any:
    access.require(actor.world is World.CUSTODY and access.is_registrar(actor))
    return access.access_person(actor, pk)


def _standing(actor: Actor, pk: UUID) -> Attention:
    flag = attention.standing_of(actor, [_person(actor, pk).pk]).get(pk)
    if flag is None:
        raise Http404
    return flag


def _raise(actor: Actor, person: Person, **said: Any) -> Attention:
    return attention.raise_by_hand(actor, person.pk, **said)


def _keep(
    actor: Actor, held: tuple[Attention, Person], *, note: str, review_on: date, version: int, at: datetime
) -> Attention:
    flag, _person = held
    if flag.version != version:
        raise StaleWrite(type(flag).__name__)
    return attention.keep(actor, flag.pk, note=note, review_on=review_on, at=at)


def _lift(actor: Actor, held: tuple[Attention, Person], *, reason: str, at: datetime) -> Attention:
    flag, _person = held
    return attention.lift(actor, flag.pk, reason=reason, at=at)


urlpatterns = [
    path(
        "people/<uuid:pk>/attention/",
        door(
            TAG,
            get=Reading("get_standing_attention", "Merkingen som gjelder for en person", AttentionLine, _standing),
            put=Verb(
                "raise_attention",
                "Merk for ekstra oppmerksomhet",
                AttentionLine,
                may=_person,
                do=_raise,
                body=AttentionBody,
            ),
        ),
        name="api_raise_attention",
    ),
    path(
        "attention/<uuid:pk>/",
        door(TAG, get=Reading("get_attention", "Én merking", AttentionLine, attention.access_attention)),
        name="api_attention",
    ),
    path(
        "attention/<uuid:pk>/keeping/",
        door(
            TAG,
            put=Verb(
                "keep_attention",
                "La merkingen stå til en ny dato",
                AttentionLine,
                may=attention.held,
                do=_keep,
                body=KeepBody,
            ),
        ),
        name="api_keep_attention",
    ),
    path(
        "attention/<uuid:pk>/lifting/",
        door(
            TAG,
            put=Verb("lift_attention", "Opphev merkingen", AttentionLine, may=attention.held, do=_lift, body=LiftBody),
        ),
        name="api_lift_attention",
    ),
]
