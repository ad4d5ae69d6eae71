"""Objections to sharing (helsepersonelloven § 29) and the single uses in spite of them. The health side only; a duty is never stopped."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Length, Trim
from django.utils.translation import gettext_lazy as _

from coordination.models import MunicipalPatient, Recorded, SpecialistPatient
from coordination.walls.declaration import personal
from coordination.worlds import World

#: The fewest characters of a reason that sets an objection aside.
REASON_MIN = 30


class Objection(Recorded):
    """A patient does not want information shared: with some or with all, of some kind or of all. Lifted, never deleted."""

    class Source(models.TextChoices):
        """How it is known."""

        STATED = "stated", _("pasienten har sagt det")
        PRESUMED = "presumed", _("det er grunn til å tro at pasienten ville ha motsatt seg det")

    key = models.UUIDField(default=uuid4, help_text="of the form: sent twice, saved once")
    person: Any
    person_id: UUID
    recipients = ArrayField(models.UUIDField(), default=list, blank=True, help_text="empty: everybody")
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text="empty: everything")
    source = models.CharField(max_length=10, choices=Source)
    words = models.CharField(max_length=500, blank=True, help_text="what the patient said, or why it is presumed")
    objected_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_note = models.CharField(max_length=300, blank=True)
    lifted_by = models.CharField(max_length=160, blank=True)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.source


class ObjectionOverride(Recorded):
    """Health personnel's decision to share once in spite of an objection, with weighty reasons in writing. One letter may rest on it."""

    class Ground(models.TextChoices):
        """What weighs more."""

        WEIGHTY = "weighty", _("tungtveiende grunner taler for det")
        DANGER = "danger", _("fare for liv eller alvorlig helseskade")

    key = models.UUIDField(default=uuid4, help_text="of the form: sent twice, saved once")
    person: Any
    person_id: UUID
    objection: Any
    objection_id: UUID
    recipient_id = models.UUIDField()
    kind = models.CharField(max_length=40, help_text="of letter")
    ground = models.CharField(max_length=10, choices=Ground)
    reason = models.TextField()

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.ground


def _objection_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [
            models.UniqueConstraint(fields=["agency", "key"], name=f"{prefix}_objection_key"),
            models.CheckConstraint(
                condition=models.Q(source=Objection.Source.STATED) | ~models.Q(words=""),
                name=f"{prefix}_objection_presumed",
            ),
        ],
        "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name=f"{prefix}_objection_person")],
    }


def _override_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [
            models.UniqueConstraint(fields=["agency", "key"], name=f"{prefix}_override_key"),
            models.CheckConstraint(
                condition=models.lookups.GreaterThanOrEqual(Length(Trim("reason")), REASON_MIN),
                name=f"{prefix}_override_reason",
            ),
        ],
        "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name=f"{prefix}_override_person")],
    }


#: What the postman reads: an objection before it sends on a ground one may object to, an override before it sends all the same.
OBJECTION_PROOF = ("recipients", "categories", "recorded_at", "lifted_at")
OVERRIDE_PROOF = ("objection_id", "recipient_id", "kind", "recorded_at")


class MunicipalObjection(Objection):
    """An objection known to a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH, postman=OBJECTION_PROOF)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="objections")

    class Meta(Objection.Meta):
        constraints: ClassVar = _objection_meta("muni")["constraints"]
        indexes: ClassVar = _objection_meta("muni")["indexes"]


class SpecialistObjection(Objection):
    """An objection known to a health trust."""

    wall = personal(World.SPECIALIST_HEALTH, postman=OBJECTION_PROOF)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="objections")

    class Meta(Objection.Meta):
        constraints: ClassVar = _objection_meta("spec")["constraints"]
        indexes: ClassVar = _objection_meta("spec")["indexes"]


class MunicipalObjectionOverride(ObjectionOverride):
    """An override decided in a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True, postman=OVERRIDE_PROOF)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    objection = models.ForeignKey(MunicipalObjection, models.PROTECT, related_name="overrides")

    class Meta(ObjectionOverride.Meta):
        constraints: ClassVar = _override_meta("muni")["constraints"]
        indexes: ClassVar = _override_meta("muni")["indexes"]


class SpecialistObjectionOverride(ObjectionOverride):
    """An override decided in a health trust."""

    wall = personal(World.SPECIALIST_HEALTH, appends=True, postman=OVERRIDE_PROOF)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")
    objection = models.ForeignKey(SpecialistObjection, models.PROTECT, related_name="overrides")

    class Meta(ObjectionOverride.Meta):
        constraints: ClassVar = _override_meta("spec")["constraints"]
        indexes: ClassVar = _override_meta("spec")["indexes"]


OBJECTIONS: dict[World, Any] = {
    World.MUNICIPAL_HEALTH: MunicipalObjection,
    World.SPECIALIST_HEALTH: SpecialistObjection,
}
OVERRIDES: dict[World, Any] = {
    World.MUNICIPAL_HEALTH: MunicipalObjectionOverride,
    World.SPECIALIST_HEALTH: SpecialistObjectionOverride,
}
