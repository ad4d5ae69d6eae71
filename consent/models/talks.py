"""What comes before a consent: the question whether one is needed, and the talk that explains what is asked for."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.consents import Scope, keyed
from coordination.models import MunicipalPatient, Person, Recorded, SpecialistPatient
from coordination.walls.declaration import personal
from coordination.worlds import World


class ConsentTalk(Scope):
    """A talk in which somebody was told what they are asked to agree to. It ends in a signature or in a no; both are kept."""

    class Interpreter(models.TextChoices):
        """How the talk was made understandable."""

        NOT_NEEDED = "not_needed", _("ikke nødvendig")
        PRESENT = "present", _("tolk til stede")
        PHONE = "phone", _("tolk på telefon eller skjerm")

    class Outcome(models.TextChoices):
        """How it ended."""

        OPEN = "", _("venter på svar")
        SIGNED = "signed", _("signert")
        REFUSED = "refused", _("sa nei")

    told = ArrayField(models.CharField(max_length=30), help_text="points of the text that were gone through")
    interpreter = models.CharField(max_length=12, choices=Interpreter, default=Interpreter.NOT_NEEDED)
    doubt = models.BooleanField(default=False, help_text="whether anybody doubts the competence to consent")
    competent = models.BooleanField(null=True, help_text="as health personnel decided")
    competence_reason = models.TextField(blank=True)
    competence_at = models.DateTimeField(null=True)
    competence_by = models.CharField(max_length=160, blank=True)
    replaces = models.UUIDField(null=True, help_text="the consent this one is to supersede")
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    outcome_at = models.DateTimeField(null=True)
    outcome_note = models.CharField(max_length=300, blank=True)
    outcome_by = models.CharField(max_length=160, blank=True)
    consent_id = models.UUIDField(null=True)

    class Meta(Scope.Meta):
        abstract = True


class ConsentQuestion(Recorded):
    """ "Is consent needed?", asked at a step of the work and answered with a reason (D07)."""

    class Point(models.TextChoices):
        """Where it is asked."""

        ADMISSION = "admission", _("ved innsettelsen")
        MAPPING = "mapping", _("etter behovskartleggingen")
        RECOVERY = "recovery", _("ved søknad til rusmestringsenhet")
        RELEASE = "release", _("når planen for løslatelse åpnes")

    person: Any
    person_id: UUID
    point = models.CharField(max_length=12, choices=Point)
    subject_id = models.UUIDField(help_text="the step it belongs to")
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=160, blank=True)
    needed = models.BooleanField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.point


def _talk_meta(prefix: str) -> dict[str, Any]:
    ended = models.Q(outcome="", outcome_at=None) | (~models.Q(outcome="") & models.Q(outcome_at__isnull=False))
    decided = models.Q(competent=None) | (models.Q(doubt=True) & ~models.Q(competence_reason=""))
    return {
        "constraints": [
            *keyed(prefix, "talk"),
            models.CheckConstraint(condition=ended, name=f"{prefix}_talk_outcome"),
            models.CheckConstraint(condition=decided, name=f"{prefix}_talk_competence"),
        ],
        "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name=f"{prefix}_talk_person")],
    }


def _question_meta(prefix: str) -> dict[str, Any]:
    answered = models.Q(answered_at=None, needed=None) | (
        models.Q(answered_at__isnull=False, needed__isnull=False) & ~models.Q(reason="")
    )
    return {
        "constraints": [
            models.UniqueConstraint(fields=["agency", "point", "subject_id"], name=f"{prefix}_question_once"),
            models.CheckConstraint(condition=answered, name=f"{prefix}_question_answer"),
        ],
        "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name=f"{prefix}_question_person")],
    }


class CustodyConsentTalk(ConsentTalk):
    """A talk held by a prison."""

    wall = personal(World.CUSTODY)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(ConsentTalk.Meta):
        constraints: ClassVar = _talk_meta("custody")["constraints"]
        indexes: ClassVar = _talk_meta("custody")["indexes"]


class MunicipalConsentTalk(ConsentTalk):
    """A talk held by a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")

    class Meta(ConsentTalk.Meta):
        constraints: ClassVar = _talk_meta("muni")["constraints"]
        indexes: ClassVar = _talk_meta("muni")["indexes"]


class SpecialistConsentTalk(ConsentTalk):
    """A talk held by a health trust."""

    wall = personal(World.SPECIALIST_HEALTH)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")

    class Meta(ConsentTalk.Meta):
        constraints: ClassVar = _talk_meta("spec")["constraints"]
        indexes: ClassVar = _talk_meta("spec")["indexes"]


class CustodyConsentQuestion(ConsentQuestion):
    """A question of a prison."""

    wall = personal(World.CUSTODY)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta(ConsentQuestion.Meta):
        constraints: ClassVar = _question_meta("custody")["constraints"]
        indexes: ClassVar = _question_meta("custody")["indexes"]


class MunicipalConsentQuestion(ConsentQuestion):
    """A question of a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")

    class Meta(ConsentQuestion.Meta):
        constraints: ClassVar = _question_meta("muni")["constraints"]
        indexes: ClassVar = _question_meta("muni")["indexes"]


class SpecialistConsentQuestion(ConsentQuestion):
    """A question of a health trust."""

    wall = personal(World.SPECIALIST_HEALTH)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")

    class Meta(ConsentQuestion.Meta):
        constraints: ClassVar = _question_meta("spec")["constraints"]
        indexes: ClassVar = _question_meta("spec")["indexes"]


TALKS: dict[World, Any] = {
    World.CUSTODY: CustodyConsentTalk,
    World.MUNICIPAL_HEALTH: MunicipalConsentTalk,
    World.SPECIALIST_HEALTH: SpecialistConsentTalk,
}

QUESTIONS: dict[World, Any] = {
    World.CUSTODY: CustodyConsentQuestion,
    World.MUNICIPAL_HEALTH: MunicipalConsentQuestion,
    World.SPECIALIST_HEALTH: SpecialistConsentQuestion,
}
