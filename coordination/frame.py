"""What the ground itself hangs in the page frame: menu, deadlines in "I dag", stays on the timeline, links and tags on the person page.

Holds no rule of any app, and writes nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination import clock, person_page, timeline, worklist
from coordination.counting import Countable
from coordination.deadlines import DEADLINES, RULES, Rule
from coordination.identity import Actor
from coordination.models import Deadline, Person, Role
from coordination.models.deadlines import Strength
from coordination.models.people import Named, Patient
from coordination.page_frame import MenuItem, register_menu
from coordination.people import access
from coordination.worklist import Task
from coordination.worlds import PERSONAL_WORLDS, WITHOUT_CONTENT, World

#: The most "I dag" loads; more than this nobody works through, and the page says that it was cut.
MOST = 200
#: Stands in an address where a key will stand.
NOBODY = UUID(int=0)
#: Roles with people of their own to look up; those without content and a region have none.
READERS = tuple(role for role in Role if role.usual_reach not in WITHOUT_CONTENT and role is not Role.REGION)

register_menu(
    MenuItem(
        code="today",
        label=gettext_lazy("I dag"),
        icon="House",
        url_name="today",
        order=10,
        worlds=PERSONAL_WORLDS,
        count=worklist.overdue_count,
    ),
    *(
        MenuItem(
            code="people", label=label, icon="PersonGroup", url_name="people", order=20, worlds=worlds, roles=READERS
        )
        for label, worlds in (
            (gettext_lazy("Personer"), (World.CUSTODY,)),
            (gettext_lazy("Pasienter"), (World.MUNICIPAL_HEALTH, World.SPECIALIST_HEALTH)),
        )
    ),
)


# Deadlines


def rules_of(actor: Actor) -> dict[str, Rule]:
    """Return the rules whose deadlines lie before the actor's role."""
    return {rule.code: rule for rule in RULES.values() if rule.world is actor.world and actor.role in rule.owners}


def _open(actor: Actor) -> QuerySet[Any]:
    rows: QuerySet[Any] = DEADLINES[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, closed_at=None, rule__in=list(rules_of(actor))
    )
    return rows


@worklist.scoped_source
def deadline_tasks(actor: Actor, at: datetime, units: frozenset[UUID]) -> Iterator[Task]:
    """Return the open deadlines of the actor's role, the soonest first. Where the person is now decides the unit."""
    if actor.world not in DEADLINES or not rules_of(actor):
        return
    rows = _open(actor).select_related("person__unit").order_by("due_at", "id")
    if units:
        rows = rows.filter(person__unit_id__in=units)
    for row in rows[:MOST]:
        yield task_of(row, RULES[row.rule])


@cache
def _pages(name: str) -> str:
    return reverse(name, args=[NOBODY])


def page_of(name: str, key: UUID) -> str:
    """Return the address of a page about one row. Raises NoReverseMatch.

    Django tries every way to spell an address anew; a day's list has hundreds that differ in the key alone.
    """
    return _pages(name).replace(str(NOBODY), str(key))


def task_of(row: Any, rule: Rule) -> Task:
    """Return a deadline as a line of "I dag"."""
    person: Named = row.person
    person_url = page_of("person", person.pk)
    try:
        doing_url = page_of(rule.doing, row.subject_id)
    except NoReverseMatch:
        # One rule whose page is missing must not take the whole day's list away.
        doing_url = person_url
    return Task(
        due_at=row.due_at,
        title=str(rule.title),
        person_name=str(person),
        place=place_of(person),
        person_url=person_url,
        doing_url=doing_url,
        doing_label=str(rule.doing_label),
        strength=row.strength,
        rule=row.rule,
        quick=rule.quick,
        subject_id=row.subject_id,
        person_id=person.pk,
        unit_id=person.unit_id,
        supervision=bool(rule.quick) or rule.watch,
    )


@worklist.overdue_counter
def overdue_deadlines(actor: Actor, at: datetime) -> Countable:
    """Return the duties of the actor's role that are over their deadline, to be counted."""
    if actor.world not in DEADLINES or not rules_of(actor):
        return 0
    return _open(actor).filter(due_at__lt=at, strength=Strength.MUST)


def done_since(actor: Actor, since: datetime, units: frozenset[UUID], most: int = 20) -> list[Any]:
    """Return what was done since an instant, newest first."""
    if actor.world not in DEADLINES or not rules_of(actor):
        return []
    rows: QuerySet[Any] = DEADLINES[actor.world]._default_manager.filter(
        agency_id=actor.agency_id, closed_at__gte=since, outcome=Deadline.Outcome.MET, rule__in=list(rules_of(actor))
    )
    if units:
        rows = rows.filter(person__unit_id__in=units)
    return list(rows.select_related("person").order_by("-closed_at", "-id")[:most])


def place_of(person: Named) -> str:
    """Return where somebody is, as short as a list needs it: the cell, else the unit."""
    place = person.place if isinstance(person, Patient) else getattr(person, "cell", "")
    return place or str(person.unit)


# The person page


@person_page.bulk_tags
def ground_tags(actor: Actor, people: Sequence[Named]) -> Mapping[UUID, Iterable[person_page.Tag]]:
    """Age and language: what everybody who meets the person must know."""
    # A banner hangs on pages of every app, so the instant is read here: it decides a birthday, not a deadline.
    today = clock.local_date(clock.now())
    found: dict[UUID, list[person_page.Tag]] = {}
    for person in people:
        tags = found.setdefault(person.pk, [])
        age = clock.age_on(person.birth_date, max(today, person.birth_date))
        if age < 18:
            tags.append(person_page.Tag(text=_("Under 18 år (%(age)s)") % {"age": age}))
        elif age < 25:
            tags.append(person_page.Tag(text=_("Under 25 år (%(age)s)") % {"age": age}, severity="info"))
        if person.interpreter_needed:
            language = person.language.lower()
            text = _("Tolk: %(language)s") % {"language": language} if language else _("Trenger tolk")
            tags.append(person_page.Tag(text=text, severity="info", icon="Language"))
    return found


@timeline.source
def stay_events(actor: Actor, person: Named, since: datetime) -> Iterator[timeline.Event]:
    """Admissions, moves and endings of somebody in custody."""
    if not isinstance(person, Person):
        return
    for stay in person_page.once(actor, person, access.stays_of):
        if stay.admitted_at >= since:
            late = (
                stay.recorded_at if clock.elapsed(stay.admitted_at, stay.recorded_at).total_seconds() > 3600 else None
            )
            text = _("%(unit)s, %(status)s") % {"unit": stay.unit, "status": stay.get_legal_status_display()}
            yield timeline.Event(
                at=stay.admitted_at, kind="stay", title=_("Satt inn"), text=text, who=stay.by_name, recorded_at=late
            )
        if stay.ended_at is not None and stay.ended_at >= since:
            title = _("Oppholdet er avsluttet: %(reason)s") % {"reason": stay.get_end_reason_display()}
            yield timeline.Event(at=stay.ended_at, kind="stay", title=title)
    for move in access.transfers_of(actor, person.pk, since):
        title = _("Flyttet fra %(old)s til %(new)s") % {"old": move.from_unit, "new": move.to_unit}
        yield timeline.Event(
            at=move.moved_at,
            kind="stay",
            title=title,
            text=_("Celle %(cell)s") % {"cell": move.cell} if move.cell else "",
            who=move.by_name,
        )
