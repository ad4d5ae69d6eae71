"""Agencies, units, memberships and parameters. About staff and places, never about an inmate."""

from typing import ClassVar

from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.ids import uuid7
from coordination.walls.declaration import REFERENCE, Kind, Wall
from coordination.worlds import WITHOUT_CONTENT, Reach, World


class Agency(models.Model):
    """One tenant and one controller: a prison, a municipality's prison health service, a health trust, a region."""

    class Kind(models.TextChoices):
        """What sort of agency; decides menus and who it writes to."""

        PRISON = "prison", _("fengsel")
        REGION = "region", _("kriminalomsorgsregion")
        DIRECTORATE = "directorate", _("Kriminalomsorgsdirektoratet")
        MUNI_HEALTH = "muni_health", _("kommunal helse- og omsorgstjeneste i fengsel")
        HEALTH_TRUST = "health_trust", _("helseforetak")

    wall = REFERENCE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    world = models.CharField(max_length=30, choices=[(w.value, w.value) for w in World])
    kind = models.CharField(max_length=30, choices=Kind)
    name = models.CharField(max_length=200)
    org_number = models.CharField(max_length=9, blank=True)
    municipality_number = models.CharField(max_length=4, blank=True)
    municipality_name = models.CharField(max_length=100, blank=True)
    region = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    health_service = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    specialist_service = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    opens_at = models.TimeField(null=True, blank=True, help_text="Oslo time; NULL means always open")
    closes_at = models.TimeField(null=True, blank=True)
    open_weekdays = ArrayField(models.SmallIntegerField(), default=list, blank=True, help_text="0 = Monday")
    emergency_phone = models.CharField(max_length=20, blank=True)
    demo = models.BooleanField(default=False)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "name"], name="agency_kind_name")]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A part of an agency that works together: a prison department, a health team, a clinic. Owns one group of guardian grants."""

    class Kind(models.TextChoices):
        """What sort of unit."""

        DEPARTMENT = "department", _("avdeling")
        YOUTH = "youth", _("ungdomsenhet")
        RECOVERY = "recovery", _("rusmestringsenhet")
        TEAM = "team", _("team")
        CLINIC = "clinic", _("klinikk")
        DESK = "desk", _("mottak")

    wall = REFERENCE

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.DEPARTMENT)
    name = models.CharField(max_length=200)
    group = models.OneToOneField(Group, models.PROTECT, related_name="+")
    serves = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the agency whose letters come to this desk",
    )
    security_level = models.CharField(max_length=20, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["agency", "name"], name="unit_agency_name")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """Roles of memberships (`docs/domain.md`)."""

    OFFICER = "officer", _("betjent")
    CONTACT_OFFICER = "contact_officer", _("kontaktbetjent")
    DUTY_LEADER = "duty_leader", _("vaktleder")
    RELEASE_CASEWORKER = "release_caseworker", _("saksbehandler løslatelse")
    WARDEN = "warden", _("fengselsleder")
    REGION = "region", _("regional saksbehandler")
    PRISON_NURSE = "prison_nurse", _("sykepleier")
    PRISON_DOCTOR = "prison_doctor", _("lege")
    HEALTH_LEADER = "health_leader", _("leder fengselshelsetjenesten")
    TRUST_INTAKE = "trust_intake", _("inntak")
    TRUST_CLINICIAN = "trust_clinician", _("behandler")
    TRUST_LEADER = "trust_leader", _("klinikkleder")
    ADMINISTRATOR = "administrator", _("administrator")
    PRIVACY_OFFICER = "privacy_officer", _("personvernombud")

    @property
    def usual_reach(self) -> Reach:
        """Return the reach that follows from the role's work; need to know unless the work covers the whole agency."""
        if self is Role.ADMINISTRATOR:
            return Reach.ADMIN
        if self is Role.PRIVACY_OFFICER:
            return Reach.LOG
        near = {Role.OFFICER, Role.CONTACT_OFFICER, Role.PRISON_NURSE, Role.TRUST_CLINICIAN}
        return Reach.UNIT if self in near else Reach.AGENCY

    @property
    def worlds(self) -> frozenset[World]:
        """Return the worlds in which the role exists."""
        if self in {Role.ADMINISTRATOR, Role.PRIVACY_OFFICER}:
            return frozenset({World.CUSTODY, World.MUNICIPAL_HEALTH, World.SPECIALIST_HEALTH})
        if self in {Role.PRISON_NURSE, Role.PRISON_DOCTOR, Role.HEALTH_LEADER}:
            return frozenset({World.MUNICIPAL_HEALTH})
        if self in {Role.TRUST_INTAKE, Role.TRUST_CLINICIAN, Role.TRUST_LEADER}:
            return frozenset({World.SPECIALIST_HEALTH})
        return frozenset({World.CUSTODY})


class Membership(models.Model):
    """One person's work in one agency in one role. Ended, never deleted; an ended one opens nothing from the next statement on."""

    wall = Wall(kind=Kind.STAFF)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey("coordination.User", models.PROTECT, related_name="memberships")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30, choices=Role)
    reach = models.CharField(max_length=10, choices=[(r.value, r.value) for r in Reach])
    display_name = models.CharField(max_length=120)
    email = models.EmailField(blank=True)
    group = models.OneToOneField(Group, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering: ClassVar = ["display_name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "user", "role"], condition=models.Q(ended_at=None), name="membership_once"
            ),
            models.CheckConstraint(condition=models.Q(reach__in=[r.value for r in Reach]), name="membership_reach"),
            models.CheckConstraint(
                condition=models.Q(role="administrator", reach="admin")
                | models.Q(role="privacy_officer", reach="log")
                | (
                    ~models.Q(role__in=["administrator", "privacy_officer"])
                    & ~models.Q(reach__in=[r.value for r in WITHOUT_CONTENT])
                ),
                name="membership_no_content",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "role"], condition=models.Q(ended_at=None), name="membership_role")
        ]

    def __str__(self) -> str:
        return self.display_name


class MembershipUnit(models.Model):
    """The units a membership works in: the source of need-to-know for the `unit` reach."""

    wall = Wall(kind=Kind.STAFF)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    is_home = models.BooleanField(default=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["agency", "membership", "unit"], condition=models.Q(ended_at=None), name="membership_unit_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "membership"],
                condition=models.Q(ended_at=None, is_home=True),
                name="membership_one_home",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} i {self.unit_id}"


class Parameter(models.Model):
    """A number or choice the circulars leave open, tightened for an agency or a unit. Every change is a new row; the newest holds."""

    wall = Wall(kind=Kind.STAFF, agency_writes=True)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    key = models.CharField(max_length=60)
    value = models.JSONField()
    reason = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by_name = models.CharField(max_length=160)

    class Meta:
        ordering: ClassVar = ["-set_at"]
        indexes: ClassVar = [models.Index(fields=["agency", "key", "-set_at"], name="parameter_newest")]

    def __str__(self) -> str:
        return self.key
