"""Consents: what was agreed, the paper that was signed, and what happened to it. Whether one holds is asked when it is used."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from consent.models.document import Document
from coordination.models import Membership, MunicipalPatient, Person, Recorded, SpecialistPatient
from coordination.walls.declaration import personal
from coordination.worlds import World


class Giver(models.TextChoices):
    """Who says yes. Under 16 and without competence somebody else does (pasient- og brukerrettighetsloven §§ 4-4, 4-6)."""

    SELF = "self", _("personen selv")
    PARENTS = "parents", _("foreldre eller andre med foreldreansvar")
    CHILD_WELFARE = "child_welfare", _("barneverntjenesten")
    GUARDIAN = "guardian", _("verge")
    NEXT_OF_KIN = "next_of_kin", _("nærmeste pårørende")


class Scope(Recorded):
    """What a consent is about: to whom, which information, why, from when to when; and who says yes, after being told what."""

    key = models.UUIDField(default=uuid4, help_text="of the form: sent twice, saved once")
    person: Any  # the foreign key to the people of its own world
    person_id: UUID
    recipients = ArrayField(models.UUIDField())
    categories = ArrayField(models.CharField(max_length=40))
    purpose = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField()
    text_version = models.CharField(max_length=40, blank=True, help_text="code and version of the text that was read")
    language = models.CharField(max_length=20, blank=True, help_text="of the text that was read")
    given_by = models.CharField(max_length=20, choices=Giver, default=Giver.SELF)
    giver_name = models.CharField(max_length=120, blank=True)
    giver_relation = models.CharField(max_length=120, blank=True)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.valid_from}–{self.valid_to}"


class Consent(Scope):
    """What an inmate or patient has agreed that this agency may tell whom, about what, why and how long.

    Recipients, kinds of information and the end date can only shrink after the signing (`signed_scope` keeps them as they were).
    Whether it is in force is asked when it is used, never by a nightly job.
    """

    class Method(models.TextChoices):
        """How it was signed. Consent is in writing; a yes said aloud is not one."""

        PAPER = "paper", _("signert på papir")
        ELECTRONIC = "electronic", _("signert elektronisk")

    signed_at = models.DateTimeField()
    method = models.CharField(max_length=12, choices=Method, default=Method.PAPER)
    interpreter_used = models.BooleanField(default=False)
    own_reference = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_note = models.CharField(max_length=300, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)
    superseded_by = models.UUIDField(null=True, blank=True)
    signed_scope = models.JSONField(default=dict, help_text="recipients, categories and valid_to as they were signed")
    paper_digest = models.BinaryField(max_length=32, null=True, help_text="SHA-256 of the signed document")

    class Meta(Scope.Meta):
        abstract = True

    @property
    def narrowed(self) -> bool:
        """Return whether less is allowed now than was signed."""
        now = {
            "recipients": [str(pk) for pk in self.recipients],
            "categories": self.categories,
            "valid_to": self.valid_to.isoformat(),
        }
        return bool(self.signed_scope) and self.signed_scope != now


class ConsentPaper(Document, Recorded):
    """Exactly what was signed. Never changed."""

    person: Any
    person_id: UUID
    consent: Any
    consent_id: UUID

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.content_type


class ConsentEvent(Recorded):
    """One thing that happened to a consent, by whom. Only added. Nobody makes a consent run out: then `by` is empty."""

    class Kind(models.TextChoices):
        """What happened."""

        SIGNED = "signed", _("Samtykke gitt")
        JOURNALED = "journaled", _("Samtykke journalført")
        NARROWED = "narrowed", _("Samtykke innsnevret")
        WITHDRAWN = "withdrawn", _("Samtykke trukket tilbake")
        SUPERSEDED = "superseded", _("Samtykke erstattet av nytt")
        EXPIRED = "expired", _("Samtykke gikk ut")
        UNTOLD = "untold", _("Mottaker fikk ikke melding om samtykket")

    person: Any
    person_id: UUID
    consent: Any
    consent_id: UUID
    by = models.ForeignKey(Membership, models.PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=500, blank=True)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.kind


def keyed(prefix: str, name: str) -> list[Any]:
    return [
        models.CheckConstraint(
            condition=models.Q(valid_to__gte=models.F("valid_from")), name=f"{prefix}_{name}_period"
        ),
        models.UniqueConstraint(fields=["agency", "key"], name=f"{prefix}_{name}_key"),
    ]


def _consent_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": keyed(prefix, "consent"),
        "indexes": [
            models.Index(fields=["agency", "person", "-signed_at"], name=f"{prefix}_consent_person"),
            models.Index(
                fields=["valid_to"],
                condition=models.Q(withdrawn_at=None, superseded_at=None),
                name=f"{prefix}_consent_runs_out",
            ),
        ],
    }


def _paper_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [models.UniqueConstraint(fields=["agency", "consent"], name=f"{prefix}_paper_once")],
        "indexes": [],
    }


def _event_meta(prefix: str) -> dict[str, Any]:
    ran_out = models.Q(kind="expired")
    return {
        "constraints": [
            models.UniqueConstraint(
                fields=["agency", "consent"], condition=ran_out, name=f"{prefix}_cevent_expired_once"
            )
        ],
        "indexes": [models.Index(fields=["agency", "person", "-recorded_at"], name=f"{prefix}_cevent_person")],
    }


#: What the postman reads of events: whether it has written down that a consent ran out.
EXPIRY = ("consent_id", "kind")
PROOF = ("recipients", "categories", "valid_from", "valid_to", "signed_at", "withdrawn_at", "superseded_at")


class CustodyConsent(Consent):
    """A consent kept by a prison."""

    wall = personal(World.CUSTODY, postman=PROOF)
    person = models.ForeignKey(Person, models.PROTECT, related_name="consents")

    class Meta(Consent.Meta):
        constraints: ClassVar = _consent_meta("custody")["constraints"]
        indexes: ClassVar = _consent_meta("custody")["indexes"]


class MunicipalConsent(Consent):
    """A consent kept by a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH, postman=PROOF)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="consents")

    class Meta(Consent.Meta):
        constraints: ClassVar = _consent_meta("muni")["constraints"]
        indexes: ClassVar = _consent_meta("muni")["indexes"]


class SpecialistConsent(Consent):
    """A consent kept by a health trust."""

    wall = personal(World.SPECIALIST_HEALTH, postman=PROOF)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="consents")

    class Meta(Consent.Meta):
        constraints: ClassVar = _consent_meta("spec")["constraints"]
        indexes: ClassVar = _consent_meta("spec")["indexes"]


class CustodyConsentPaper(ConsentPaper):
    """A signed document of a prison."""

    wall = personal(World.CUSTODY, appends=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    consent = models.ForeignKey(CustodyConsent, models.PROTECT, related_name="papers")

    class Meta(ConsentPaper.Meta):
        constraints: ClassVar = _paper_meta("custody")["constraints"]
        indexes: ClassVar = _paper_meta("custody")["indexes"]


class MunicipalConsentPaper(ConsentPaper):
    """A signed document of a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    consent = models.ForeignKey(MunicipalConsent, models.PROTECT, related_name="papers")

    class Meta(ConsentPaper.Meta):
        constraints: ClassVar = _paper_meta("muni")["constraints"]
        indexes: ClassVar = _paper_meta("muni")["indexes"]


class SpecialistConsentPaper(ConsentPaper):
    """A signed document of a health trust."""

    wall = personal(World.SPECIALIST_HEALTH, appends=True)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")
    consent = models.ForeignKey(SpecialistConsent, models.PROTECT, related_name="papers")

    class Meta(ConsentPaper.Meta):
        constraints: ClassVar = _paper_meta("spec")["constraints"]
        indexes: ClassVar = _paper_meta("spec")["indexes"]


class CustodyConsentEvent(ConsentEvent):
    """An event of a prison."""

    wall = personal(World.CUSTODY, appends=True, postman=EXPIRY, postman_adds=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    consent = models.ForeignKey(CustodyConsent, models.PROTECT, related_name="events")

    class Meta(ConsentEvent.Meta):
        constraints: ClassVar = _event_meta("custody")["constraints"]
        indexes: ClassVar = _event_meta("custody")["indexes"]


class MunicipalConsentEvent(ConsentEvent):
    """An event of a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True, postman=EXPIRY, postman_adds=True)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="+")
    consent = models.ForeignKey(MunicipalConsent, models.PROTECT, related_name="events")

    class Meta(ConsentEvent.Meta):
        constraints: ClassVar = _event_meta("muni")["constraints"]
        indexes: ClassVar = _event_meta("muni")["indexes"]


class SpecialistConsentEvent(ConsentEvent):
    """An event of a health trust."""

    wall = personal(World.SPECIALIST_HEALTH, appends=True, postman=EXPIRY, postman_adds=True)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="+")
    consent = models.ForeignKey(SpecialistConsent, models.PROTECT, related_name="events")

    class Meta(ConsentEvent.Meta):
        constraints: ClassVar = _event_meta("spec")["constraints"]
        indexes: ClassVar = _event_meta("spec")["indexes"]


CONSENTS: dict[World, Any] = {
    World.CUSTODY: CustodyConsent,
    World.MUNICIPAL_HEALTH: MunicipalConsent,
    World.SPECIALIST_HEALTH: SpecialistConsent,
}
PAPERS: dict[World, Any] = {
    World.CUSTODY: CustodyConsentPaper,
    World.MUNICIPAL_HEALTH: MunicipalConsentPaper,
    World.SPECIALIST_HEALTH: SpecialistConsentPaper,
}
EVENTS: dict[World, Any] = {
    World.CUSTODY: CustodyConsentEvent,
    World.MUNICIPAL_HEALTH: MunicipalConsentEvent,
    World.SPECIALIST_HEALTH: SpecialistConsentEvent,
}
