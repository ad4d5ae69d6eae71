"""Legal bases with their dated statutes, and the kinds of letters as the postman checks them. Facts about no inmate; decides nothing."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.ids import uuid7
from coordination.walls.declaration import REFERENCE


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
        constraints: ClassVar = [
            # Nothing a person says may hold up a duty to warn.
            models.CheckConstraint(
                condition=models.Q(duty=False) | (models.Q(blocked_by="none") & ~models.Q(needs="consent")),
                name="legal_basis_duty_is_never_blocked",
            )
        ]

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
