"""What reports hang in the page frame: the menu item. Writes nothing."""

from django.utils.translation import gettext_lazy

from cooperation.access.reports import READERS
from coordination.page_frame import MenuItem, register_menu
from coordination.worlds import PERSONAL_WORLDS

register_menu(
    MenuItem(
        code="reports",
        label=gettext_lazy("Rapport"),
        icon="PieChart",
        url_name="report_list",
        order=70,
        worlds=PERSONAL_WORLDS,
        roles=READERS,
    )
)
