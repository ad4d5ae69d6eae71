"""What alerts hang in the page frame: their entry in the menu, and what agencies below have not done, in the region's "I dag". Holds no rule."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy

from coordination import worklist
from coordination.alerts import lines_for
from coordination.identity import Actor
from coordination.models import Role
from coordination.page_frame import MenuItem, register_menu
from coordination.worlds import PERSONAL_WORLDS

register_menu(
    MenuItem(
        code="alerts", label=gettext_lazy("Varsler"), icon="Bell", url_name="alerts", order=60, worlds=PERSONAL_WORLDS
    )
)


@worklist.source
def undone_below(actor: Actor, at: datetime) -> Iterator[worklist.Task]:
    """Return what the region was told that an agency below has not done in time; it is about nobody."""
    if actor.role is Role.REGION:
        for line in lines_for(actor, at):
            if line.open:
                yield worklist.Task(
                    due_at=line.due_at, title=line.title, person_name=line.person_name, strength=line.strength
                )
