"""Doors: "I dag", the first page everybody sees. Sorts tasks into the day's groups; what a task is comes from the worklist."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from coordination import clock, formats, person_page, worklist
from coordination.deadlines import RULES
from coordination.frame import MOST, done_since
from coordination.identity import Actor
from coordination.ids import uuid7
from coordination.middleware import actor_of
from coordination.models import Agency, Unit
from coordination.page_frame import in_menu
from coordination.people import access
from coordination.views.door.session import home_of
from coordination.worklist import Task
from coordination.worlds import WITHOUT_CONTENT, Reach

MINE = "mine"
#: The groups nobody must act on within the hour show so many rows, the soonest first, until the rest is asked for.
FIRST = 15
FOLDED = frozenset({"later", "advised", "coming", "waiting"})
#: The four tiles, as many as a phone shows in two rows; advice that waits and what waits for others is not one's own day.
TILES = ("overdue", "soon", "later", "coming")


def group_of(task: Task, at: datetime) -> str:
    """Return the group of a task: overdue, soon, later, advised, coming or waiting.

    Only a duty can be overdue or soon. Advice never is: once its time has passed it stands by itself, after what is due today. What
    waits for others stands for itself until it is overdue: then it is the own agency that must ask.
    """
    if task.due_at is None:
        return "waiting" if task.waiting else "later"
    duty = task.strength not in formats.ADVICE
    left = clock.elapsed(at, task.due_at)
    if duty and left < timedelta(0):
        return "overdue"
    if task.waiting:
        return "waiting"
    if duty and left <= formats.SOON:
        return "soon"
    if left < timedelta(0):
        return "advised"
    return "later" if clock.local_date(task.due_at) <= clock.local_date(at) else "coming"


def group_titles() -> dict[str, str]:
    """Return the groups in their order, in words."""
    return {
        "overdue": _("Over fristen"),
        "soon": _("Innen en time"),
        "later": _("Senere i dag"),
        "advised": _("Bør gjøres"),
        "coming": _("Neste dager"),
        "waiting": _("Venter på andre"),
    }


@require_http_methods(["GET"])
@in_menu("today")
def today(request: HttpRequest) -> HttpResponse:
    """Show what lies before the acting membership now."""
    actor = actor_of(request)
    if actor.reach in WITHOUT_CONTENT:
        return redirect(home_of(actor.role))
    at = clock.now()
    units = access.units_of(actor)
    own = access.own_unit_ids(actor)
    scope, wanted = _scope(request.GET.get("unit", ""), units, own)
    for catch_up in worklist.CATCH_UPS:
        catch_up(actor, at)
    tasks = worklist.tasks_for(actor, at, wanted)
    groups = _groups(request, actor, tasks, at)
    done = done_since(actor, clock.local_day_bounds(clock.local_date(at))[0], wanted)
    now_groups = [group for group in groups if group["code"] in {"overdue", "soon", "later", "advised"}]
    context = {
        "groups": groups,
        "tiles": [group for group in groups if group["code"] in TILES],
        "nothing_now": not any(group["tasks"] for group in now_groups),
        "next_text": _next_text(tasks, at),
        "empty": not tasks,
        "done": [_done(row) for row in done],
        "scope": scope,
        "scopes": _scopes(actor, units, own),
        "all_url": reverse("today") if scope else "",
        "all_label": _whole(actor),
        "cut": len(tasks) >= MOST,
        "most": MOST,
    }
    return render(request, "coordination/today.html", context)


def _groups(request: HttpRequest, actor: Actor, tasks: list[Task], at: datetime) -> list[dict[str, Any]]:
    """Return the day's groups with the rows that are shown, how many there are in all, and where to see the rest ("": all are shown)."""
    found: dict[str, list[Task]] = {code: [] for code in group_titles()}
    for task in tasks:
        found[group_of(task, at)].append(task)
    whole = request.GET.get("all", "")
    shown = {
        code: _arranged(each[:FIRST] if code in FOLDED and code != whole else each) for code, each in found.items()
    }
    # What is not due today is not done in two presses: its button opens the page.
    shown["coming"] = [replace(task, quick="") for task in shown["coming"]]
    rows = iter(_rows(actor, [task for each in shown.values() for task in each]))
    groups = []
    for code, title in group_titles().items():
        query = request.GET.copy()
        query["all"] = code
        groups.append(
            {
                "code": code,
                "title": title,
                "tasks": [next(rows) for _task in shown[code]],
                "count": len(found[code]),
                "rest_url": f"?{query.urlencode()}#{code}" if len(shown[code]) < len(found[code]) else "",
            }
        )
    return groups


# The filter


def _scope(asked: str, units: list[Unit], own: frozenset[UUID]) -> tuple[str, frozenset[UUID]]:
    """Return the chosen filter as it stands in the address, and the units it means (none: no filter). An unknown one is no filter."""
    if asked == MINE and own:
        return MINE, own
    found = next((unit for unit in units if str(unit.pk) == asked), None)
    return (asked, frozenset({found.pk})) if found else ("", frozenset())


def _whole(actor: Actor) -> str:
    if actor.reach is not Reach.AGENCY:
        return _("Alle mine avdelinger")
    return _("Hele fengselet") if actor.agency_kind == Agency.Kind.PRISON else _("Hele virksomheten")


def _scopes(actor: Actor, units: list[Unit], own: frozenset[UUID]) -> list[dict[str, str]]:
    """Return the choices, or none when there is nothing to choose between."""
    if len(units) < 2:
        return []
    mine = [{"value": MINE, "label": _("Bare mine avdelinger")}] if own and actor.reach is Reach.AGENCY else []
    return [
        {"value": "", "label": _whole(actor)},
        *mine,
        *({"value": str(unit.pk), "label": str(unit)} for unit in units),
    ]


# The rows


def _rows(actor: Actor, tasks: list[Task]) -> list[dict[str, Any]]:
    """Return tasks as the row component wants them, with everything the task itself holds for a quick template.

    A quick form stands on the person's danger alerts: a wrong or careless press is the worst mistake on this page.
    """
    alerts = _alerts_of_quick(actor, tasks)
    return [
        {
            **vars(task),
            "name": task.person_name or task.title,
            "for_name": " ".join(reversed(task.person_name.split(", "))),
            "url": task.person_url or task.doing_url,
            "title": task.title if task.person_name else "",
            "action_url": task.doing_url,
            "action_label": task.doing_label or _("Åpne"),
            "quick": None,
            "quick_template": task.quick,
            "key": uuid7() if task.quick else None,
            "alerts": alerts.get(task.person_id, []) if task.person_id else [],
        }
        for task in tasks
    ]


def _arranged(tasks: list[Task]) -> list[Task]:
    """Return a group's tasks: whom to look to first, by time; then the rest, one person's following each other, the first due on top.

    A cell nobody has looked into comes before every letter, however late the letter is.
    """
    first: dict[object, int] = {}
    places = [
        first.setdefault((task.supervision, task.person_id or number), number) for number, task in enumerate(tasks)
    ]
    order = sorted(range(len(tasks)), key=lambda number: (not tasks[number].supervision, places[number]))
    return [tasks[number] for number in order]


def _alerts_of_quick(actor: Actor, tasks: list[Task]) -> dict[UUID, list[person_page.Tag]]:
    keys = {task.person_id for task in tasks if task.quick and task.person_id}
    if not keys or not person_page.BULK_TAGS:
        return {}
    return person_page.tags_of_many(actor, list(access.people_for(actor).filter(pk__in=keys)))


def _done(row: Any) -> dict[str, Any]:
    rule = RULES.get(row.rule)
    return {
        "at": row.closed_at,
        "title": str(rule.title) if rule else row.rule,
        "name": str(row.person),
        "url": reverse("person", args=[row.person_id]),
    }


def _next_text(tasks: list[Task], at: datetime) -> str:
    """Say when the next thing is due, so that an empty page is not mistaken for a broken one."""
    coming = next((task for task in tasks if task.due_at is not None and task.due_at > at and not task.waiting), None)
    if coming is None or coming.due_at is None:
        return _("Ingenting har frist de neste dagene. Nye oppgaver kommer hit av seg selv.")
    if clock.local_date(coming.due_at) == clock.local_date(at):
        when = _("kl. %(time)s") % {"time": formats.clock(coming.due_at)}
    else:
        when = _("%(day)s kl. %(time)s") % {"day": formats.day(coming.due_at), "time": formats.clock(coming.due_at)}
    return _("Neste frist er %(when)s: «%(title)s». Nye oppgaver kommer hit av seg selv.") % {
        "when": when,
        "title": coming.title,
    }
