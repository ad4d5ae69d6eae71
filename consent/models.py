"""Legal bases, kinds of letters, consents and the two copies of every letter. Nothing here sends; the postman does."""

from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.ids import uuid7
from coordination.models import Agency, MunicipalPatient, Owned, Person, Recorded, SpecialistPatient
from coordination.walls.declaration import REFERENCE, Kind, Wall, personal
from coordination.worlds import World


class LegalBasis(models.Model):
    """One row of the closed list of grounds for disclosure. The statute it rests on is dated and stands in its versions."""

    class Needs(models.TextChoices):
        """What must be shown with the basis."""

        NONE = "none", _("ingenting mer")
        CONSENT = "consent", _("et gyldig samtykke")
        NECESSITY = "necessity", _("en skriftlig begrunnelse")

    wall = REFERENCE

    code = models.CharField(primary_key=True, max_length=10)
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    senders = ArrayField(models.CharField(max_length=30))
    recipients = ArrayField(models.CharField(max_length=30))
    routes = ArrayField(
        models.CharField(max_length=60), default=list, help_text="sender>recipient, where not all pairs may"
    )
    on_request = models.BooleanField(default=False)
    needs = models.CharField(max_length=12, choices=Needs)
    blocked_by = models.CharField(max_length=12, default="none")
    duty = models.BooleanField(default=False)
    inform_inmate = models.CharField(max_length=12)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class LegalBasisVersion(models.Model):
    """The statute of a basis for a period; old letters keep the text they were sent with."""

    wall = REFERENCE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="versions")
    statute = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["valid_from"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["basis", "valid_from"], name="basis_version_once")]

    def __str__(self) -> str:
        return self.statute


class LetterKindRow(models.Model):
    """A kind of letter as the postman checks it; written from the kinds in code by `manage.py load_reference`."""

    wall = REFERENCE

    code = models.CharField(primary_key=True, max_length=40)
    title = models.CharField(max_length=120)
    senders = ArrayField(models.CharField(max_length=30))
    recipients = ArrayField(models.CharField(max_length=30))
    sender_roles = ArrayField(models.CharField(max_length=30))
    bases = ArrayField(models.CharField(max_length=10))
    category = models.CharField(max_length=40)
    fields = models.JSONField(help_text="[{name, type, form, required}]")
    awaits = models.CharField(max_length=20, blank=True)
    due_minutes = models.IntegerField(null=True)
    sender_rule = models.CharField(max_length=10, blank=True)
    recipient_rule = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return self.code


class Consent(Recorded):
    """What an inmate or patient has agreed that this agency may tell whom, about what, why and how long.

    Whether it is in force is asked when it is used, never by a nightly job.
    """

    class Method(models.TextChoices):
        """How it was signed. Consent is in writing; a yes said aloud is not one."""

        PAPER = "paper", _("signert på papir")
        ELECTRONIC = "electronic", _("signert elektronisk")

    key = models.UUIDField(default=uuid4, help_text="of the form: sent twice, saved once")
    person: Any  # the foreign key to the people of its own world
    person_id: UUID
    recipients = ArrayField(models.UUIDField())
    categories = ArrayField(models.CharField(max_length=40))
    purpose = models.CharField(max_length=300)
    valid_from = models.DateField()
    valid_to = models.DateField()
    signed_at = models.DateTimeField()
    method = models.CharField(max_length=12, choices=Method, default=Method.PAPER)
    interpreter_used = models.BooleanField(default=False)
    own_reference = models.CharField(max_length=60, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_note = models.CharField(max_length=300, blank=True)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.valid_from}–{self.valid_to}"


def _consent_meta(prefix: str) -> dict[str, Any]:
    return {
        "constraints": [
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name=f"{prefix}_consent_period"
            ),
            models.UniqueConstraint(fields=["agency", "key"], name=f"{prefix}_consent_key"),
        ],
        "indexes": [models.Index(fields=["agency", "person", "-signed_at"], name=f"{prefix}_consent_person")],
    }


PROOF = ("recipients", "categories", "valid_from", "valid_to", "signed_at", "withdrawn_at")


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


class Letter(Owned):
    """One agency's copy of a disclosure. Content never changes; receipts are added by the postman; `person` may be filled in once.

    `letter_id` is the same on both copies and is the only thing the two worlds share. `due_at` counts from sending and stops at
    `settled_at`, when what the letter awaits has come.
    """

    person: Any
    person_id: UUID | None

    class Direction(models.TextChoices):
        """Which copy."""

        OUT = "out", _("sendt")
        IN = "in", _("mottatt")

    class Awaits(models.TextChoices):
        """What the sender waits for."""

        NOTHING = "", _("ingenting")
        ACKNOWLEDGEMENT = "acknowledgement", _("kvittering")
        ANSWER = "answer", _("svar")

    letter_id = models.UUIDField()
    thread_id = models.UUIDField()
    direction = models.CharField(max_length=3, choices=Direction)
    kind = models.CharField(max_length=40)
    other_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    sender_name = models.CharField(max_length=120)
    sender_role = models.CharField(max_length=30)
    sender_membership_id = models.UUIDField(null=True)
    body = models.JSONField()
    digest = models.BinaryField(max_length=32)
    basis = models.CharField(max_length=10)
    statute = models.CharField(max_length=300, help_text="as it read on the day of sending")
    necessity = models.TextField(blank=True)
    consent_id = models.UUIDField(null=True)
    inmate_informed = models.BooleanField(null=True)
    verified = models.BooleanField(default=True)
    in_reply_to = models.UUIDField(null=True)
    supersedes = models.UUIDField(null=True)
    superseded_by = models.UUIDField(null=True)
    desk_group_id = models.IntegerField(null=True)
    sent_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_letter = models.UUIDField(null=True)
    filed_at = models.DateTimeField(null=True)
    filed_reference = models.CharField(max_length=60, blank=True)
    awaits = models.CharField(max_length=20, choices=Awaits, blank=True)
    rule = models.CharField(max_length=10, blank=True)
    due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    next_step = models.SmallIntegerField(default=0)
    next_alert_at = models.DateTimeField(null=True)

    class Meta(Owned.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.kind} {self.direction}"


SWEPT = (
    "id",
    "agency_id",
    "person_id",
    "rule",
    "sent_at",
    "due_at",
    "settled_at",
    "next_step",
    "next_alert_at",
    "desk_group_id",
    "direction",
    "awaits",
)
SWEEP_SETS = ("next_step", "next_alert_at")


def _letter_meta(prefix: str) -> dict[str, Any]:
    waiting = models.Q(settled_at=None) & ~models.Q(awaits="")
    return {
        "constraints": [
            models.UniqueConstraint(fields=["agency", "letter_id", "direction"], name=f"{prefix}_letter_once")
        ],
        "indexes": [
            models.Index(fields=["agency", "direction", "-sent_at"], name=f"{prefix}_letter_box"),
            models.Index(fields=["agency", "person", "-sent_at"], name=f"{prefix}_letter_person"),
            models.Index(fields=["agency", "due_at"], condition=waiting, name=f"{prefix}_letter_waiting"),
            models.Index(fields=["agency", "thread_id"], name=f"{prefix}_letter_thread"),
            models.Index(
                fields=["next_alert_at"],
                condition=waiting & models.Q(next_alert_at__isnull=False),
                name=f"{prefix}_letter_sweep",
            ),
        ],
    }


class CustodyLetter(Letter):
    """A copy in the custody world."""

    wall = Wall(
        kind=Kind.LETTER, world=World.CUSTODY, person="person_id", moves=False, sweep=SWEPT, sweep_writes=SWEEP_SETS
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="letters")

    class Meta(Letter.Meta):
        constraints: ClassVar = _letter_meta("custody")["constraints"]
        indexes: ClassVar = _letter_meta("custody")["indexes"]


class MunicipalLetter(Letter):
    """A copy in the municipal health world."""

    wall = Wall(
        kind=Kind.LETTER,
        world=World.MUNICIPAL_HEALTH,
        person="person_id",
        moves=False,
        sweep=SWEPT,
        sweep_writes=SWEEP_SETS,
    )
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, null=True, related_name="letters")

    class Meta(Letter.Meta):
        constraints: ClassVar = _letter_meta("muni")["constraints"]
        indexes: ClassVar = _letter_meta("muni")["indexes"]


class SpecialistLetter(Letter):
    """A copy in the specialist health world."""

    wall = Wall(
        kind=Kind.LETTER,
        world=World.SPECIALIST_HEALTH,
        person="person_id",
        moves=False,
        sweep=SWEPT,
        sweep_writes=SWEEP_SETS,
    )
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, null=True, related_name="letters")

    class Meta(Letter.Meta):
        constraints: ClassVar = _letter_meta("spec")["constraints"]
        indexes: ClassVar = _letter_meta("spec")["indexes"]


LETTERS: dict[World, Any] = {
    World.CUSTODY: CustodyLetter,
    World.MUNICIPAL_HEALTH: MunicipalLetter,
    World.SPECIALIST_HEALTH: SpecialistLetter,
}
CONSENTS: dict[World, Any] = {
    World.CUSTODY: CustodyConsent,
    World.MUNICIPAL_HEALTH: MunicipalConsent,
    World.SPECIALIST_HEALTH: SpecialistConsent,
}
