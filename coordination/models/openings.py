"""Why somebody opened a person without a task there, and emergency access in health with its review. Decides nothing.

An opening belongs to the agency whose member it was; it does not follow a person to another prison.
"""

from typing import Any, ClassVar
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models.owned import Recorded
from coordination.models.people import MunicipalPatient, Person, SpecialistPatient
from coordination.walls.declaration import personal
from coordination.worlds import World


class OpeningReason(models.TextChoices):
    """Why a person is opened by somebody who has no task about them now."""

    ASKED = "asked", _("Personen selv, pårørende eller verge har spurt")
    COMPLAINT = "complaint", _("Klage, tilsyn eller erstatningssak")
    DOCUMENTATION = "documentation", _("Retting eller ferdigstilling av dokumentasjon")
    RETURN = "return", _("Personen er ventet tilbake")
    INCIDENT = "incident", _("Gjennomgang av en hendelse eller internkontroll")
    OTHER = "other", _("Annet, se begrunnelsen")


class Emergency(models.TextChoices):
    """Why a clinician cannot wait for access."""

    LIFE = "life", _("Fare for liv eller alvorlig helseskade")
    ACUTE = "acute", _("Akutt sykdom eller skade")
    MEDICINE = "medicine", _("Legemidler som må vurderes eller gis nå")
    COVER = "cover", _("Vikar eller vakt uten tilgang, og pasienten kan ikke vente")


class Opening(Recorded):
    """A reason given before somebody was opened. It holds for the one who gave it until `valid_until`."""

    person: Any  # the foreign key to the people of its own world
    person_id: UUID

    code = models.CharField(max_length=15)
    text = models.TextField()
    valid_until = models.DateTimeField()

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} {self.recorded_at:%Y-%m-%d %H:%M}"


class CustodyOpening(Opening):
    """An opening in a prison. There is no emergency access here: the duty leader and the health service are who to ask."""

    wall = personal(World.CUSTODY, appends=True, moves=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    code = models.CharField(max_length=15, choices=OpeningReason)

    class Meta(Opening.Meta):
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-valid_until"], name="custody_opening_person")]


class HealthOpening(Opening):
    """An opening in a health service. An `emergency` gave access that was not there, and somebody else must review it."""

    class Finding(models.TextChoices):
        """What the review came to."""

        RIGHT = "right", _("Nødvendig og i orden")
        UNCLEAR = "unclear", _("Uklart, følges opp")
        WRONG = "wrong", _("Ikke i orden, meldes som avvik")

    code = models.CharField(max_length=15, choices=[*OpeningReason.choices, *Emergency.choices])
    emergency = models.BooleanField(default=False)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by_name = models.CharField(max_length=160, blank=True)
    finding = models.CharField(max_length=10, choices=Finding, blank=True)
    follow_up = models.TextField(blank=True)

    class Meta(Opening.Meta):
        abstract = True


def _health_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(reviewed_at=None, finding="", reviewed_by_name="")
                | (
                    models.Q(emergency=True, reviewed_at__isnull=False)
                    & ~models.Q(finding="")
                    & ~models.Q(reviewed_by_name="")
                ),
                name=f"{prefix}_opening_review",
            )
        ],
        "indexes": [
            models.Index(fields=["agency", "person", "-valid_until"], name=f"{prefix}_opening_person"),
            models.Index(
                fields=["agency", "-recorded_at"], condition=models.Q(emergency=True), name=f"{prefix}_emergency"
            ),
        ],
    }


class MunicipalOpening(HealthOpening):
    """An opening in a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")

    class Meta(HealthOpening.Meta):
        constraints: ClassVar = _health_meta("muni")["constraints"]
        indexes: ClassVar = _health_meta("muni")["indexes"]


class SpecialistOpening(HealthOpening):
    """An opening in a health trust."""

    wall = personal(World.SPECIALIST_HEALTH)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")

    class Meta(HealthOpening.Meta):
        constraints: ClassVar = _health_meta("spec")["constraints"]
        indexes: ClassVar = _health_meta("spec")["indexes"]
