"""Requests for information: who in a prison may ask and receive, and why health personnel said no. The request itself is a letter."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.db import models

from coordination.ids import uuid7
from coordination.models import Agency, Membership, MunicipalPatient, Recorded, SpecialistPatient
from coordination.walls.declaration import Kind, Wall, personal
from coordination.worlds import World


class RequestAuthorisation(models.Model):
    """One person in a prison may ask the health service for information, and receive it, from a day to a day.

    Every change is a new row; the newest of a membership holds. Only a warden adds one, which the database sees to. The regional
    director decides who; `decision` says where that stands. (straffegjennomføringsloven § 7 a)
    """

    wall = Wall(kind=Kind.STAFF, agency_writes=True)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.UUIDField(default=uuid4, help_text="of the form: sent twice, saved once")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField()
    decision = models.CharField(max_length=120, help_text="the regional director's decision: date or reference")
    ended = models.BooleanField(default=False, help_text="this row ends what the one before it gave")
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    set_by_name = models.CharField(max_length=160)

    class Meta:
        ordering: ClassVar = ["-set_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="request_authorisation_key"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="request_authorisation_period"
            ),
            models.CheckConstraint(
                condition=~models.Q(membership=models.F("set_by")), name="request_authorisation_other"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "membership", "-set_at"], name="request_authorisation_newest")
        ]

    def __str__(self) -> str:
        return f"{self.valid_from}–{self.valid_to}"


class DeclinedRequest(Recorded):
    """Why health personnel did not release what was asked for. Stays in their own record: the prison hears that, never why."""

    person: Any
    person_id: UUID
    letter_id = models.UUIDField(help_text="of the request")
    answer_id = models.UUIDField(help_text="of the answer")
    reason = models.TextField()

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(self.letter_id)


def _declined_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [
            models.UniqueConstraint(fields=["agency", "letter_id"], name=f"{prefix}_declined_once"),
            models.CheckConstraint(condition=~models.Q(reason=""), name=f"{prefix}_declined_reason"),
        ],
        "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name=f"{prefix}_declined_person")],
    }


class MunicipalDeclinedRequest(DeclinedRequest):
    """A request a municipality's prison health service declined."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")

    class Meta(DeclinedRequest.Meta):
        constraints: ClassVar = _declined_meta("muni")["constraints"]
        indexes: ClassVar = _declined_meta("muni")["indexes"]


class SpecialistDeclinedRequest(DeclinedRequest):
    """A request a health trust declined."""

    wall = personal(World.SPECIALIST_HEALTH, appends=True)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")

    class Meta(DeclinedRequest.Meta):
        constraints: ClassVar = _declined_meta("spec")["constraints"]
        indexes: ClassVar = _declined_meta("spec")["indexes"]


DECLINED: dict[World, Any] = {
    World.MUNICIPAL_HEALTH: MunicipalDeclinedRequest,
    World.SPECIALIST_HEALTH: SpecialistDeclinedRequest,
}
