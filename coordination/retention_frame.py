"""What keeping and deleting hang in the page frame: the menu entry, and the link that stops a deletion. Holds no rule."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import person_page
from coordination.identity import Actor
from coordination.models import Role
from coordination.models.people import Named
from coordination.page_frame import MenuItem, register_menu
from coordination.parameters import SETTERS
from coordination.people.holds import may_hold
from coordination.worlds import PERSONAL_WORLDS

register_menu(
    MenuItem(
        code="retention",
        label=gettext_lazy("Sletting"),
        icon="Archive",
        url_name="retention",
        order=85,
        worlds=PERSONAL_WORLDS,
        roles=(*SETTERS.values(), Role.ADMINISTRATOR),
    )
)


@person_page.links
def doings(actor: Actor, person: Named) -> Iterator[person_page.Link]:
    """Offer the leader to stop the deletion of what is kept about somebody."""
    if may_hold(actor):
        yield person_page.Link(label=_("Stans sletting"), url=reverse("hold_new", args=[person.pk]), icon="Archive")
