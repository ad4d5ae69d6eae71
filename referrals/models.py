"""Referrals as each side keeps them: the municipality's own, and the trust's. The rows share no key; letters join them.

Columns and constraints only. What the trust answered stands in its letter, so the municipality's state is read from there.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Agency, MunicipalPatient, Recorded, SpecialistPatient, Unit
from coordination.walls.declaration import personal
from coordination.worlds import World


class ServiceType(models.TextChoices):
    """What is asked for."""

    TSB = "TSB", _("Rusbehandling (TSB)")
    PHV = "PHV", _("Psykisk helsevern (PHV)")
    OTHER = "other", _("Annen spesialisthelsetjeneste")


class Urgency(models.TextChoices):
    """How soon, as the referrer sees it."""

    ORDINARY = "ordinary", _("Vanlig")
    SOON = "soon", _("Haster")


class ReferralState(models.TextChoices):
    """The states of `rules.State` in Norwegian."""

    DRAFT = "draft", _("Utkast")
    SENT = "sent", _("Sendt")
    RECEIVED = "received", _("Mottatt, vurderes")
    RIGHT_GRANTED = "right_granted", _("Rett til helsehjelp")
    RIGHT_DENIED = "right_denied", _("Ikke rett til helsehjelp")
    RETURNED = "returned_for_information", _("Returnert, mangler opplysninger")
    REDIRECTED = "redirected", _("Vist videre til et annet sted")
    WITHDRAWN = "withdrawn", _("Trukket tilbake")


class WithdrawnBy(models.TextChoices):
    """Who took a referral back."""

    PATIENT = "patient", _("Pasienten")
    REFERRER = "referrer", _("Henviseren")


class Referral(Recorded):
    """What both sides' rows have in common."""

    service_type = models.CharField(max_length=10, choices=ServiceType)
    urgency = models.CharField(max_length=10, choices=Urgency, default=Urgency.ORDINARY)
    thread_id = models.UUIDField(null=True, blank=True)
    letter_id = models.UUIDField(null=True, blank=True, help_text="the newest letter of the referral itself")
    sent_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=10, choices=WithdrawnBy, blank=True)

    class Meta(Recorded.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.service_type} {self.recorded_at:%Y-%m-%d}"


class MunicipalReferral(Referral):
    """A referral as its sender keeps it. `stage` is only what the sender knows by itself; see `access.referrals_for`."""

    class Stage(models.TextChoices):
        """What the sender has done."""

        DRAFT = "draft", _("utkast")
        SENT = "sent", _("sendt")
        WITHDRAWN = "withdrawn", _("trukket")

    wall = personal(World.MUNICIPAL_HEALTH)

    person = models.ForeignKey(MunicipalPatient, models.PROTECT, related_name="referrals")
    trust = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    basis = models.CharField(max_length=10)
    reason = models.TextField()
    question = models.TextField()
    medication = models.TextField(blank=True)
    interpreter = models.BooleanField(default=False)
    inmate_informed = models.BooleanField(default=False)
    withdrawn_note = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField()

    class Meta(Referral.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="muni_referral_once"),
            models.CheckConstraint(
                condition=models.Q(letter_id=None, thread_id=None, sent_at=None)
                | models.Q(letter_id__isnull=False, thread_id__isnull=False, sent_at__isnull=False),
                name="muni_referral_sent",
            ),
            models.CheckConstraint(
                condition=models.Q(stage="withdrawn", withdrawn_at__isnull=False) & ~models.Q(withdrawn_by="")
                | (~models.Q(stage="withdrawn") & models.Q(withdrawn_at=None, withdrawn_by="")),
                name="muni_referral_withdrawn",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "person", "-recorded_at"], name="muni_referral_person"),
            models.Index(fields=["agency", "-recorded_at"], name="muni_referral_newest"),
            models.Index(fields=["agency", "thread_id"], name="muni_referral_thread"),
        ]


class SpecialistReferral(Referral):
    """A referral as the trust that received it keeps it, from receipt to the outcome of the assessment."""

    wall = personal(World.SPECIALIST_HEALTH)

    person = models.ForeignKey(SpecialistPatient, models.PROTECT, related_name="referrals")
    referrer = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    referrer_name = models.CharField(max_length=120)
    state = models.CharField(max_length=30, choices=ReferralState)
    received_at = models.DateTimeField()
    assessment_due_at = models.DateTimeField()
    clinic = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_name = models.CharField(max_length=160, blank=True)
    decision_letter_id = models.UUIDField(null=True, blank=True)
    decision_key = models.UUIDField(
        null=True, blank=True, help_text="of the form that decided: sent twice, answered once"
    )
    reason = models.TextField(blank=True)
    treatment_deadline_on = models.DateField(null=True, blank=True)
    start_on = models.DateField(null=True, blank=True)
    appeal_information = models.TextField(blank=True)
    information_wanted = models.TextField(blank=True)
    new_recipient = models.CharField(max_length=200, blank=True)
    patient_informed_at = models.DateTimeField(null=True, blank=True)
    referrer_informed_at = models.DateTimeField(null=True, blank=True)

    class Meta(Referral.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "thread_id"], name="spec_referral_thread"),
            models.CheckConstraint(
                condition=models.Q(letter_id__isnull=False, thread_id__isnull=False, sent_at__isnull=False),
                name="spec_referral_letter",
            ),
            models.CheckConstraint(condition=~models.Q(state__in=["draft", "sent"]), name="spec_referral_state"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "person", "-recorded_at"], name="spec_referral_person"),
            models.Index(
                fields=["agency", "assessment_due_at"], condition=models.Q(state="received"), name="spec_referral_due"
            ),
            models.Index(fields=["agency", "-received_at"], name="spec_referral_newest"),
        ]
