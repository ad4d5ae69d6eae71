"""What alerts hang in the page frame: their entry in the menu. Holds no rule."""

from django.utils.translation import gettext_lazy

from coordination.page_frame import MenuItem, register_menu
from coordination.worlds import PERSONAL_WORLDS

register_menu(
    MenuItem(
        code="alerts", label=gettext_lazy("Varsler"), icon="Bell", url_name="alerts", order=60, worlds=PERSONAL_WORLDS
    )
)
