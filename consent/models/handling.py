"""Who inside the agency a letter was given to, and with which words. Opens no door: whoever cannot read the letter cannot be given it."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.attachments import Beside, with_letter
from consent.models.letters import CustodyLetter, MunicipalLetter, SpecialistLetter
from coordination.models import MunicipalPatient, Person, Role, SpecialistPatient
from coordination.worlds import World


class Handling(Beside):
    """A letter assigned to a colleague, or forwarded to a colleague or a role of the same agency. Ended, never changed."""

    class What(models.TextChoices):
        """Whether somebody has it to do, or only to know."""

        ASSIGNED = "assigned", _("tildelt")
        FORWARDED = "forwarded", _("videresendt")

    what = models.CharField(max_length=10, choices=What)
    to_membership_id = models.UUIDField(null=True, help_text="of the own agency; NULL when it went to a role")
    to_role = models.CharField(max_length=30, choices=Role, blank=True)
    to_name = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=500, blank=True)
    given_at = models.DateTimeField()
    given_by = models.UUIDField()
    given_by_name = models.CharField(max_length=120)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(Beside.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.what


#: What the sweep reads, to mail whoever has a letter to do when its sender asks again.
GIVEN = ("id", "agency_id", "letter_id", "what", "to_membership_id", "ended_at")


def _meta(prefix: str) -> dict[str, Any]:
    running = models.Q(ended_at=None)
    return {
        "constraints": [
            models.UniqueConstraint(
                fields=["agency", "letter"],
                condition=running & models.Q(what="assigned"),
                name=f"{prefix}_handling_one",
            )
        ],
        "indexes": [
            models.Index(
                fields=["agency", "to_membership_id", "to_role"], condition=running, name=f"{prefix}_handling_to"
            )
        ],
    }


class CustodyHandling(Handling):
    """In the custody world."""

    wall = with_letter(World.CUSTODY, sweep=GIVEN)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(CustodyLetter, models.PROTECT, related_name="handlings")

    class Meta(Handling.Meta):
        constraints: ClassVar = _meta("custody")["constraints"]
        indexes: ClassVar = _meta("custody")["indexes"]


class MunicipalHandling(Handling):
    """In the municipal health world."""

    wall = with_letter(World.MUNICIPAL_HEALTH, sweep=GIVEN)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(MunicipalLetter, models.PROTECT, related_name="handlings")

    class Meta(Handling.Meta):
        constraints: ClassVar = _meta("muni")["constraints"]
        indexes: ClassVar = _meta("muni")["indexes"]


class SpecialistHandling(Handling):
    """In the specialist health world."""

    wall = with_letter(World.SPECIALIST_HEALTH, sweep=GIVEN)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, null=True, related_name="+")
    letter = models.ForeignKey(SpecialistLetter, models.PROTECT, related_name="handlings")

    class Meta(Handling.Meta):
        constraints: ClassVar = _meta("spec")["constraints"]
        indexes: ClassVar = _meta("spec")["indexes"]


HANDLINGS: dict[World, Any] = {
    World.CUSTODY: CustodyHandling,
    World.MUNICIPAL_HEALTH: MunicipalHandling,
    World.SPECIALIST_HEALTH: SpecialistHandling,
}
