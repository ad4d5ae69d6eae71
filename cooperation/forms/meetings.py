"""What is typed about forums and meetings. No rule: the verbs decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cooperation.forms.shared import PartiesField, VersionedForm, day, line, words
from cooperation.models.meetings import Topic
from cooperation.rules.meetings import Level, intervals
from coordination.forms.anonymity import NAMELESS
from coordination.forms.depending import depends
from coordination.forms.keyed import KeyedForm
from coordination.models import Agency


class ForumFields(forms.Form):
    """A fixed place to meet."""

    title = line(_("Navn på møteplassen"), _("Skriv hva møteplassen heter"), longest=120)
    interval_months = forms.TypedChoiceField(
        label=_("Hvor ofte møtes dere?"), coerce=int, error_messages={"required": _("Velg hvor ofte dere skal møtes.")}
    )
    # One of the two is needed.
    parties = depends(PartiesField(label=_("Hvem er med?"), required=False))
    others = depends(
        line(
            _("Andre som er med"),
            hint=_(
                "Virksomheter som ikke bruker Samvirke, som legevakt, Statsforvalter eller KS. Ikke navn på personer."
            ),
            longest=500,
        )
    )
    topics = forms.MultipleChoiceField(
        label=_("Faste saker"),
        choices=Topic.choices,
        initial=list(Topic.values),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, level: Level, possible: list[Agency], **more: Any) -> None:
        """Offer the intervals of the level and the agencies one works with."""
        super().__init__(*args, **more)
        self.fields["interval_months"].choices = [  # type: ignore[attr-defined]
            (months, ngettext("Hver måned", "Hver %(count)s. måned", months) % {"count": months})
            for months in intervals(level)
        ]
        self.fields["interval_months"].initial = intervals(level)[-1]
        self.fields["parties"].offer(possible)  # type: ignore[attr-defined]


class NewForumForm(ForumFields, KeyedForm):
    """One that is new."""


class ForumForm(ForumFields, VersionedForm):
    """One that is there."""

    ended = forms.BooleanField(
        label=_("Møteplassen er avsluttet"), help_text=_("Da kalles det ikke inn til flere møter."), required=False
    )


class PlanFields(forms.Form):
    """When, where and about what."""

    held_on = day(_("Dato"), _("Skriv datoen for møtet"))
    place = line(_("Sted"))
    agenda = words(_("Saker"), hint=NAMELESS, rows=6)


class NewMeetingForm(PlanFields, KeyedForm):
    """A meeting that is new."""


class MeetingForm(PlanFields, VersionedForm):
    """A meeting that is planned."""


class MinutesForm(VersionedForm):
    """A meeting that was held."""

    held_on = day(_("Når ble møtet holdt?"), _("Skriv datoen møtet ble holdt"))
    minutes = words(_("Referat"), _("Skriv kort hva som ble sagt"), NAMELESS, rows=8)
    decisions = words(_("Vedtak"), hint=_("Hva dere ble enige om, hvem som gjør det, og når."))


class CancelForm(VersionedForm):
    """A meeting that came to nothing."""

    cancel_reason = line(_("Hvorfor er møtet avlyst?"), _("Skriv hvorfor møtet er avlyst"), longest=500)


class MeetingNoteForm(KeyedForm):
    """What a party adds."""

    text = words(_("Innspill"), _("Skriv innspillet"), NAMELESS, rows=3)
