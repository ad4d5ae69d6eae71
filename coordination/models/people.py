"""People in custody and patients: the same human being is a row in each world that knows them, and the rows share no key."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase

from coordination.ids import uuid7
from coordination.models.agencies import Agency, Unit
from coordination.models.owned import Owned, Recorded
from coordination.walls.declaration import Kind, Wall, personal
from coordination.worlds import World


class Named(Owned):
    """A human being with a name, a birth date and perhaps a national identity number.

    The number is stored encrypted, shown masked and looked up by keyed hash within the agency only. Birth date is entered, never
    derived from the number (from 2032 it cannot be).
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    # Lower-case and collated "C": under row-level security only leakproof operators may use an index, and LIKE is not one.
    family_key = models.CharField(max_length=100, db_collation="C", editable=False)
    birth_date = models.DateField()
    national_id_cipher = models.BinaryField(null=True, editable=False)
    national_id_lookup = models.BinaryField(null=True, editable=False, max_length=32)
    national_id_masked = models.CharField(max_length=20, blank=True, editable=False)
    synthetic = models.BooleanField(default=False, editable=False)
    language = models.CharField(max_length=60, blank=True)
    interpreter_needed = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta(Owned.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.family_name}, {self.given_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the search key in step with the name; a constraint refuses a row where it is not."""
        self.family_key = self.family_name.lower()
        super().save(*args, **kwargs)


def _named_meta(prefix: str) -> dict[str, Any]:
    """Return the constraints and indexes every table of people has, with names of its own."""
    return {
        "constraints": [
            models.UniqueConstraint(
                fields=["agency", "national_id_lookup"],
                condition=models.Q(national_id_lookup__isnull=False),
                name=f"{prefix}_national_id",
            ),
            models.CheckConstraint(condition=models.Q(family_key=Lower("family_name")), name=f"{prefix}_family_key"),
        ],
        "indexes": [
            models.Index(fields=["agency", "family_key", "given_name"], name=f"{prefix}_name"),
            models.Index(fields=["agency", "unit", "family_key"], name=f"{prefix}_unit_name"),
            models.Index(fields=["agency", "-created_at"], name=f"{prefix}_newest"),
        ],
    }


class SecurityLevel(models.TextChoices):
    """Security level of a stay (strgjfl § 10)."""

    HIGH = "high", _("høyt sikkerhetsnivå")
    LOW = "low", _("lavere sikkerhetsnivå")
    HALFWAY = "halfway", _("overgangsbolig")


class LegalStatus(models.TextChoices):
    """On what ground a person is in custody."""

    REMAND = "remand", _("varetekt")
    CONVICTED = "convicted", _("dom")
    PREVENTIVE_DETENTION = "preventive_detention", _("forvaring")


#: What the log's own functions may compare with the names of staff; they give back no name.
KNOWN = ("id", "agency_id", "family_key", "given_name")


class Person(Named):
    """A person in custody, as the prison knows them. Nothing a health service knows is here."""

    wall = Wall(kind=Kind.SUBJECT, world=World.CUSTODY, audit=KNOWN)

    number = models.CharField(max_length=30, help_text="the prison's own number")
    cell = models.CharField(max_length=20, blank=True)

    class Meta(Named.Meta):
        permissions: ClassVar = [("follow", "May know of this person")]
        constraints: ClassVar = [
            *_named_meta("person")["constraints"],
            models.UniqueConstraint(fields=["agency", "number"], name="person_number"),
        ]
        indexes: ClassVar = _named_meta("person")["indexes"]


class Patient(Named):
    """A patient, as one health service knows them; made from a letter, never from a prison's tables."""

    prison = models.ForeignKey(Agency, models.PROTECT, related_name="+", null=True, blank=True)
    place = models.CharField(max_length=60, blank=True, help_text="where the letter said the person is")
    present = models.BooleanField(default=True)

    class Meta(Named.Meta):
        abstract = True


class MunicipalPatient(Patient):
    """A patient of a municipality's prison health service."""

    wall = Wall(kind=Kind.SUBJECT, world=World.MUNICIPAL_HEALTH, audit=(*KNOWN, "present"))

    class Meta(Patient.Meta):
        permissions: ClassVar = [("follow", "May know of this patient")]
        constraints: ClassVar = _named_meta("muni_patient")["constraints"]
        indexes: ClassVar = _named_meta("muni_patient")["indexes"]


class SpecialistPatient(Patient):
    """A patient of a health trust."""

    wall = Wall(kind=Kind.SUBJECT, world=World.SPECIALIST_HEALTH, audit=(*KNOWN, "present"))

    class Meta(Patient.Meta):
        permissions: ClassVar = [("follow", "May know of this patient")]
        constraints: ClassVar = _named_meta("spec_patient")["constraints"]
        indexes: ClassVar = _named_meta("spec_patient")["indexes"]


class Grant(GroupObjectPermissionBase):
    """A django-guardian grant with a real foreign key: this group needs to know about this person.

    The policies of the `unit` reach read these very rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
        unique_together: ClassVar = []


def _grant_meta(prefix: str, *, beside: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the constraints and indexes every table of grants has. `beside` are the columns that its policies read of each grant.

    They stand in the index by which a reader's grants are found, or each statement of a need-to-know reader would fetch every grant.
    """
    once = ["agency", "group", "permission", "content_object"]
    return {
        "constraints": [models.UniqueConstraint(fields=once, include=beside, name=f"{prefix}_once")],
        "indexes": [models.Index(fields=["content_object", "group"], name=f"{prefix}_person")],
    }


class PersonGrant(Grant):
    """Who needs to know about a person in custody."""

    wall = Wall(kind=Kind.GRANT, world=World.CUSTODY)
    content_object = models.ForeignKey(Person, models.PROTECT, related_name="grants")

    class Meta:
        constraints: ClassVar = _grant_meta("person_grant")["constraints"]
        indexes: ClassVar = _grant_meta("person_grant")["indexes"]


class PassingGrant(Grant):
    """A grant that may be given for a time: the policies look at `valid_until` in each statement, so nobody has to take it away."""

    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta(Grant.Meta):
        abstract = True


class MunicipalPatientGrant(PassingGrant):
    """Who needs to know about a patient of a municipality."""

    wall = Wall(kind=Kind.GRANT, world=World.MUNICIPAL_HEALTH, expires=True)
    content_object = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="grants")

    class Meta:
        constraints: ClassVar = _grant_meta("muni_grant", beside=("valid_until",))["constraints"]
        indexes: ClassVar = _grant_meta("muni_grant")["indexes"]


class SpecialistPatientGrant(PassingGrant):
    """Who needs to know about a patient of a health trust."""

    wall = Wall(kind=Kind.GRANT, world=World.SPECIALIST_HEALTH, expires=True)
    content_object = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="grants")

    class Meta:
        constraints: ClassVar = _grant_meta("spec_grant", beside=("valid_until",))["constraints"]
        indexes: ClassVar = _grant_meta("spec_grant")["indexes"]


class Stay(Recorded):
    """One stay in custody: on what ground, at which level, from when, and when release is expected."""

    class EndReason(models.TextChoices):
        """How a stay ended."""

        RELEASED = "released", _("løslatt")
        TRANSFERRED = "transferred", _("overført til et annet fengsel")
        SECTION_12 = "section_12", _("gjennomføring i institusjon etter § 12")
        DIED = "died", _("død")

    wall = personal(World.CUSTODY, audit=("agency_id", "person_id", "admitted_at", "ended_at"), retention=("ended_at",))

    person = models.ForeignKey(Person, models.PROTECT, related_name="stays")
    # Where it happened; never changes, so figures stay with the place.
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    legal_status = models.CharField(max_length=30, choices=LegalStatus)
    remand_restrictions = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    security_level = models.CharField(max_length=20, choices=SecurityLevel)
    admitted_at = models.DateTimeField()
    expected_release_on = models.DateField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, choices=EndReason, blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "person"], condition=models.Q(ended_at=None), name="stay_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None, end_reason="")
                | (models.Q(ended_at__isnull=False) & ~models.Q(end_reason="")),
                name="stay_end_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "person", "-admitted_at"], name="stay_person"),
            models.Index(
                fields=["agency", "expected_release_on"], condition=models.Q(ended_at=None), name="stay_release"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_legal_status_display()} {self.admitted_at:%Y-%m-%d}"


class UnitTransfer(Recorded):
    """A move between units of one prison. The grants moved in the same instant."""

    wall = personal(World.CUSTODY, appends=True)

    person = models.ForeignKey(Person, models.PROTECT, related_name="transfers")
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    moved_at = models.DateTimeField()
    cell = models.CharField(max_length=20, blank=True)

    class Meta(Recorded.Meta):
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-moved_at"], name="transfer_person")]

    def __str__(self) -> str:
        return f"{self.from_unit_id} → {self.to_unit_id}"


class PatientChange(Recorded):
    """One correction of who a health service's patient is: what stood, what stands now, who changed it and when."""

    person: Any  # the foreign key to the patients of its own world

    changes = models.JSONField(help_text="[fact, before, after] as text; of an identity number its masked form only")

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M}"


class MunicipalPatientChange(PatientChange):
    """A correction in a municipality's prison health service."""

    wall = personal(World.MUNICIPAL_HEALTH, appends=True)
    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="changes")

    class Meta(PatientChange.Meta):
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-recorded_at"], name="muni_change_person")]


class SpecialistPatientChange(PatientChange):
    """A correction in a health trust."""

    wall = personal(World.SPECIALIST_HEALTH, appends=True)
    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="changes")

    class Meta(PatientChange.Meta):
        indexes: ClassVar = [models.Index(fields=["agency", "person", "-recorded_at"], name="spec_change_person")]


class RosterImport(Recorded):
    """A roster file that was read and waits for a yes: what is new, changed and wrong. Nothing is saved before it is confirmed."""

    wall = Wall(kind=Kind.AGENCY, world=World.CUSTODY, unit_reads=False)

    rows = models.JSONField(default=list, help_text="rows as read; emptied when confirmed or discarded")
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    wrong = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta(Recorded.Meta):
        indexes: ClassVar = [models.Index(fields=["agency", "-recorded_at"], name="roster_newest")]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d}"
