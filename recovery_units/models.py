"""An application to a recovery unit, from the offer to the decision. The prison's own record; columns and constraints only."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from coordination.models import Person, Recorded, Stay, Unit
from coordination.walls.declaration import personal
from coordination.worlds import World
from recovery_units import rules


class RecoveryApplication(Recorded):
    """One offer of a place in a recovery unit and what became of it (obligations RM2-a, -b, RM4-d, -e, -f, RM7-e).

    `consent` is how the step of consent stood when it was decided; before that it is read from the consents themselves.
    """

    class State(models.TextChoices):
        """Where it stands; the codes of `rules.State`."""

        OFFERED = "offered", _("Informert og tilbudt")
        SAID_NO = "said_no", _("Takket nei")
        APPLIED = "applied", _("Søkt")
        APPROVED = "approved", _("Innvilget")
        DECLINED = "declined", _("Avslått")
        WITHDRAWN = "withdrawn", _("Trukket")
        LAPSED = "lapsed", _("Falt bort")

    class Group(models.TextChoices):
        """The order of the list; the codes of `rules.Group`."""

        FIRST = "1_first", _("Først")
        NEXT = "2_next", _("Deretter")

    class Consent(models.TextChoices):
        """How the step of consent stood; the codes of `rules.ConsentStep`."""

        UNANSWERED = "unanswered", _("Ikke vurdert")
        WAITING = "waiting", _("Venter på svar fra personen")
        GIVEN = "given", _("Samtykke gitt")
        REFUSED = "refused", _("Sa nei til samtykke")
        NOT_NEEDED = "not_needed", _("Trengs ikke")

    class Conclusion(models.TextChoices):
        """What the specialist service concluded; the codes of `rules.Conclusion`."""

        YES = "yes", _("Ja")
        CONDITIONS = "conditions", _("Ja, på vilkår")
        NO = "no", _("Nei")

    wall = personal(World.CUSTODY)

    person = models.ForeignKey(Person, models.PROTECT, related_name="recovery_applications")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", help_text="the recovery unit")
    key = models.UUIDField()
    told = models.TextField(blank=True, help_text="what the person was told")
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    state_at = models.DateTimeField()
    state_by = models.CharField(max_length=160)
    applied_at = models.DateTimeField(null=True)
    wish = models.TextField(blank=True, help_text="why the person applies, in own words")
    group = models.CharField(max_length=10, choices=Group, blank=True, help_text="empty: by the ground of the stay")
    group_reason = models.CharField(max_length=500, blank=True)
    consent = models.CharField(max_length=12, choices=Consent, blank=True)
    # The prison's own copies; no key, for a letter may be corrected and the decision stands on the one that was read.
    specialist_letter = models.UUIDField(null=True)
    conclusion = models.CharField(max_length=10, choices=Conclusion, blank=True)
    municipal_letter = models.UUIDField(null=True)
    why_alone = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    reason = models.TextField(blank=True)

    class Meta(Recorded.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["agency", "key"], name="recovery_once"),
            models.UniqueConstraint(
                fields=["agency", "person"],
                condition=models.Q(state__in=[state.value for state in rules.RUNNING]),
                name="recovery_one_running",
            ),
            # The wall against a place nobody asked for, or one given before the step of consent was done.
            models.CheckConstraint(
                condition=~models.Q(state__in=["approved", "declined"])
                | (models.Q(applied_at__isnull=False, decided_at__isnull=False) & ~models.Q(reason="")),
                name="recovery_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(consent__in=["given", "refused", "not_needed"]),
                name="recovery_consent_first",
            ),
            models.CheckConstraint(
                condition=models.Q(specialist_letter=None, conclusion="")
                | (models.Q(specialist_letter__isnull=False) & ~models.Q(conclusion="")),
                name="recovery_conclusion",
            ),
            models.CheckConstraint(
                condition=models.Q(group="", group_reason="") | (~models.Q(group="") & ~models.Q(group_reason="")),
                name="recovery_group_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "person", "-recorded_at"], name="recovery_person"),
            models.Index(fields=["agency", "state", "applied_at"], name="recovery_list"),
        ]

    def __str__(self) -> str:
        return self.state
