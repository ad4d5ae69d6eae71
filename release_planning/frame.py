"""What release planning hangs in the frame: menu, links, timeline, and what follows when a stay or its date changes."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent import letter_page
from consent.models import Letter
from coordination import formats, person_page, timeline
from coordination.identity import Actor
from coordination.models import LegalStatus, Person, Stay
from coordination.models.people import Named
from coordination.page_frame import MenuItem, register_menu
from coordination.people import hooks
from coordination.worlds import World
from release_planning import access, actions
from release_planning.letters import RELEASE_NOTICE
from release_planning.models import ReleaseDate, ReleaseNotice, ReleasePlan, RemandReleaseAssessment

register_menu(
    MenuItem(
        code="release",
        label=gettext_lazy("Løslatelse"),
        icon="Calendar",
        url_name="release_list",
        order=40,
        worlds=(World.CUSTODY,),
        roles=access.READERS,
    )
)


# What follows when a stay changes


@hooks.on_admitted
def follow_admission(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """A release date known at admission opens the plan."""
    if stay.expected_release_on is not None:
        actions.follow_date(actor, person, stay, stay.expected_release_on, at)


@hooks.on_expected_release_changed
def follow_new_date(actor: Actor, person: Person, stay: Stay, old: date | None, new: date | None, at: datetime) -> None:
    """A set, moved or removed date moves the duties."""
    if old != new:
        actions.follow_date(actor, person, stay, new, at)


@hooks.on_legal_status_changed
def follow_new_status(actor: Actor, person: Person, stay: Stay, old: str, at: datetime) -> None:
    """Who is convicted is owed the notice from that instant, not from the next time the date moves."""
    actions.follow_status(actor, person, stay, old, at)


@hooks.on_stay_ended
def follow_stay_end(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """A release closes the plan; from remand it needs the decision first."""
    actions.follow_end(actor, person, stay, at)


@hooks.on_handed_over
def follow_transfer(actor: Actor, person: Person, stay: Stay | None, at: datetime) -> None:
    """The next prison's health service has to be told too."""
    actions.follow_hand_over(actor, person, stay, at)


# The frame


@person_page.links
def links(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Offer the plan where there is one, and the decision at release from remand."""
    if not access.may_read(actor) or not isinstance(person, Person):
        return
    if ReleasePlan.objects.filter(agency_id=actor.agency_id, person=person).exists():
        yield person_page.Link(
            label=_("Plan for løslatelse"), url=reverse("release_plan", args=[person.pk]), icon="Calendar"
        )
    remand = Stay.objects.filter(
        agency_id=actor.agency_id, person=person, ended_at=None, legal_status=LegalStatus.REMAND
    )
    if access.may_send(actor) and remand.exists():
        yield person_page.Link(
            label=_("Løslatelse fra varetekt"), url=reverse("remand_release", args=[person.pk]), icon="Door"
        )


@timeline.source
def events(actor: Actor, person: Named, since: datetime) -> Iterable[timeline.Event]:
    """Tell when the date changed, when health was told, and what was decided at release from remand."""
    if not access.may_read(actor) or not isinstance(person, Person):
        return []
    found: list[timeline.Event] = []
    plan_url = reverse("release_plan", args=[person.pk])
    mine = {"agency_id": actor.agency_id, "person": person, "recorded_at__gte": since}
    for row in ReleaseDate.objects.filter(**mine):
        on = row.expected_release_on
        title = (
            _("Forventet løslatelse %(date)s") % {"date": formats.shortdate(on)}
            if on
            else _("Forventet løslatelse er tatt bort")
        )
        found.append(timeline.Event(at=row.recorded_at, kind="plan", title=title, who=row.by_name, url=plan_url))
    for told in ReleaseNotice.objects.filter(**mine):
        title = _("Helsetjenesten er varslet om løslatelse %(date)s") % {"date": formats.shortdate(told.told_on)}
        found.append(timeline.Event(at=told.recorded_at, kind="letter", title=title, who=told.by_name, url=plan_url))
    if access.may_send(actor):
        for decided in RemandReleaseAssessment.objects.filter(**mine):
            title = _("Vurdert varsel ved løslatelse fra varetekt: %(answer)s") % {
                "answer": _("ja") if decided.notify else _("nei")
            }
            found.append(timeline.Event(at=decided.recorded_at, kind="decision", title=title, who=decided.by_name))
    return found


@letter_page.letter_actions
def letter_links(actor: Actor, letter: Letter) -> Iterator[letter_page.Link]:
    """From the prison's own copy of a notice back to the plan."""
    if letter.kind != RELEASE_NOTICE or letter.direction != Letter.Direction.OUT or not access.may_read(actor):
        return
    if letter.person_id and ReleasePlan.objects.filter(agency_id=actor.agency_id, person_id=letter.person_id).exists():
        yield letter_page.Link(label=_("Plan for løslatelse"), url=reverse("release_plan", args=[letter.person_id]))
