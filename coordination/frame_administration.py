"""What administration and settings hang in the page frame. Holds no rule."""

from django.utils.translation import gettext_lazy as _

from coordination.models import Role
from coordination.page_frame import MenuItem, register_menu
from coordination.parameters import SETTERS, definitions_for
from coordination.worlds import PERSONAL_WORLDS

register_menu(
    MenuItem(
        code="settings",
        label=_("Krav og frister"),
        icon="Cog",
        url_name="unit_settings",
        order=80,
        worlds=PERSONAL_WORLDS,
        # Everybody may read the page; in the menu it stands for those who decide or answer for it, where there is more than the review's.
        roles=(
            *(role for world, role in SETTERS.items() if not all(d.whole for d in definitions_for(world))),
            Role.DUTY_LEADER,
        ),
    ),
    MenuItem(
        code="administration",
        label=_("Administrasjon"),
        icon="PersonRectangle",
        url_name="administration",
        order=90,
        worlds=PERSONAL_WORLDS,
        roles=(Role.ADMINISTRATOR,),
    ),
)
