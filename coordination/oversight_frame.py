"""What oversight hangs in the page frame: the privacy officer's review, emergency access, and the banner of one that lasts. No rule."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import clock, formats, person_page, timeline
from coordination.identity import Actor
from coordination.models import Role
from coordination.models.people import Named
from coordination.oversight import openings, review
from coordination.page_frame import MenuItem, register_menu
from coordination.worlds import PERSONAL_WORLDS

register_menu(
    MenuItem(
        code="oversight",
        label=gettext_lazy("Gjennomgang av logg"),
        icon="Eye",
        url_name="access_reviews",
        order=10,
        worlds=PERSONAL_WORLDS,
        roles=(Role.PRIVACY_OFFICER,),
        count=review.waiting,
    ),
    MenuItem(
        code="emergencies",
        label=gettext_lazy("Nødtilganger"),
        icon="Eye",
        url_name="emergency_list",
        order=85,
        worlds=tuple(openings.REVIEWERS),
        roles=tuple(openings.REVIEWERS.values()),
    ),
)


@person_page.tags
def lasting_emergency(actor: Actor, person: Named) -> Iterator[person_page.Tag]:
    """Tell a clinician in the banner that this access is an emergency's, and when it ends."""
    if not openings.may_open_in_emergency(actor):
        return
    opening = openings.own_opening(actor, person.pk, clock.now(), emergency=True)
    if opening is not None:
        text = _("Nødtilgang til kl. %(time)s") % {"time": formats.clock(opening.valid_until)}
        yield person_page.Tag(text=text, severity="danger")


@timeline.source
def emergencies(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Emergency openings of a patient, for everybody who follows the patient."""
    if actor.world not in openings.REVIEWERS:
        return
    for row in openings.emergencies_of(actor, person.pk, since):
        url = reverse("emergency_review", args=[row.pk]) if actor.role is openings.REVIEWERS[actor.world] else ""
        yield timeline.Event(
            at=row.recorded_at, kind="access", title=_("Åpnet med nødtilgang"), text=row.get_code_display(), who=row.by_name, url=url
        )  # fmt: skip
