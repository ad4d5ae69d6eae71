"""What working together hangs in the page frame: menu items, and in "I dag" meetings that are due and deviations to answer. Writes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperation.access import deviations, meetings
from cooperation.access.reports import READERS
from coordination import clock, worklist
from coordination.counting import Countable
from coordination.identity import Actor
from coordination.models import Role
from coordination.page_frame import MenuItem, register_menu
from coordination.worklist import Task
from coordination.worlds import PERSONAL_WORLDS, World

#: How long before it is due a meeting stands in "I dag".
AHEAD = timedelta(days=30)
#: The most deviations "I dag" shows; the list has them all.
MOST = 20

register_menu(
    *(
        MenuItem(
            code="cooperation",
            label=gettext_lazy("Samarbeid"),
            icon="Handshake",
            url_name=url_name,
            order=65,
            worlds=worlds,
            roles=roles,
        )
        for url_name, worlds, roles in (
            ("deviation_list", PERSONAL_WORLDS, deviations.STAFF),
            # A region answers for no place where deviations happen.
            ("forum_list", (World.CUSTODY,), (Role.REGION,)),
        )
    ),
    MenuItem(
        code="reports",
        label=gettext_lazy("Rapport"),
        icon="PieChart",
        url_name="report_list",
        order=70,
        worlds=PERSONAL_WORLDS,
        roles=READERS,
    ),
)


@worklist.source
def meetings_due(actor: Actor, at: datetime) -> Iterator[Task]:
    """Own forums whose next meeting is near or past (D36)."""
    today = clock.local_date(at)
    forums = list(meetings.due_forums(actor, today + AHEAD))
    planned = meetings.planned_of(forums) if forums else {}
    for forum in forums:
        meeting = planned.get(forum.pk)
        if meeting is None:
            title = _("Planlegg neste møte")
        else:
            title = _("Hold det planlagte møtet") if meeting.held_on > today else _("Skriv referat fra møtet")
        yield Task(
            due_at=clock.end_of_local_day(forum.next_due_on),
            title=title,
            reason=forum.title,
            doing_url=reverse("meeting", args=[meeting.pk]) if meeting else reverse("meeting_new", args=[forum.pk]),
            doing_label=_("Åpne møtet") if meeting else _("Planlegg møte"),
            rule="D36",
            subject_id=forum.pk,
        )


@worklist.overdue_counter
def meetings_overdue(actor: Actor, at: datetime) -> Countable:
    """Return own forums whose next meeting should have been held, to be counted."""
    return meetings.due_forums(actor, clock.local_date(at))


@worklist.source
def deviations_told(actor: Actor, at: datetime) -> Iterator[Task]:
    """Deviations that others have told of and nobody here has answered."""
    for row in deviations.unanswered(actor).order_by("recorded_at", "pk")[:MOST]:
        yield Task(
            due_at=None,
            title=_("Les og svar på avvik: %(kind)s") % {"kind": row.get_kind_display()},
            reason=row.place,
            doing_url=reverse("deviation", args=[row.pk]),
            doing_label=_("Åpne avviket"),
            subject_id=row.pk,
            agency_kind=row.agency.world,
            agency_name=row.agency.name,
        )
