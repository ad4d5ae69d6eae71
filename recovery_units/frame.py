"""What recovery units hang in the frame: menu, the link on the person page, events, and what follows when somebody leaves."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import person_page, timeline
from coordination.identity import Actor
from coordination.models import Person, Stay
from coordination.models.people import Named
from coordination.page_frame import MenuItem, register_menu
from coordination.people import hooks
from coordination.worlds import World
from recovery_units import access, actions
from recovery_units.models import RecoveryApplication

State = RecoveryApplication.State

register_menu(
    MenuItem(
        code="recovery",
        label=gettext_lazy("Rusmestring"),
        icon="HandHeart",
        url_name="recovery_list",
        order=45,
        worlds=(World.CUSTODY,),
        roles=access.READERS,
    )
)


@hooks.on_stay_ended
def ended(actor: Actor, person: Person, stay: Stay, at: datetime) -> None:
    """An application falls away with the stay."""
    actions.lapse(actor, person, at=at)


@hooks.on_handed_over
def handed_over(actor: Actor, person: Person, stay: Stay | None, at: datetime) -> None:
    """An application was to a unit of this prison."""
    actions.lapse(actor, person, at=at)


@person_page.links
def links(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Return the way to what somebody here was offered, where the prison has a recovery unit."""
    if not access.may_read(actor):
        return
    stay = person_page.stay_of(actor, person)
    if stay is not None and access.units_for(actor).exists():
        yield person_page.Link(label=_("Rusmestring"), url=reverse("recovery_offer", args=[stay.pk]), icon="HandHeart")


def _told(state: RecoveryApplication.State) -> str:
    return _("Rusmestringsenhet: %(state)s") % {"state": str(state.label).lower()}


@timeline.source
def events(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Tell when somebody was offered a place, applied, and what became of it."""
    if not access.may_read(actor):
        return
    for row in access.applications_for(actor).filter(person_id=person.pk, state_at__gte=since):
        url = reverse("recovery_application", args=[row.pk])
        moments = [(row.recorded_at, _("Tilbudt plass i rusmestringsenhet"), row.by_name)]
        if row.applied_at is not None:
            moments.append((row.applied_at, _("Søkte om plass i rusmestringsenhet"), ""))
        if row.decided_at is not None:
            # What became of an approved place later does not undo that it was decided on.
            decided = State.DECLINED if row.state == State.DECLINED else State.APPROVED
            moments.append((row.decided_at, _told(decided), row.decided_by))
        if row.state in (State.SAID_NO, State.WITHDRAWN, State.LAPSED):
            moments.append((row.state_at, _told(State(row.state)), row.state_by))
        for at, title, who in moments:
            if at >= since:
                yield timeline.Event(at=at, kind="plan", title=title, who=who, url=url)
